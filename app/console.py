"""What a run looks like on a terminal: a progress bar there, plain lines in a pipe, and the summary table."""

import re
import sys
from collections import Counter
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.table import Table

from app.copywriting.consequences import DraftEffect
from app.copywriting.deck_edits import DeckAnswer, RowResult
from app.copywriting.fact_changes import FactsEffect
from app.copywriting.status import BriefStatus
from app.generation.engine import SlotDone
from app.generation.results import Refused, SlotAnswer
from app.generation.summary import Summary
from app.verdicts.decisions import Outcome

_ID = re.compile(r"\b([0-9a-f]{8})[0-9a-f]{24}\b")
"""The id of a draft, of which a table shows the beginning."""
REFUSED_SHOWN = 3
REASONS_SHOWN = 2
_COLOURS = {
    Outcome.REUSED: "cyan",
    Outcome.GENERATED: "green",
    Outcome.REASKED: "green",
    Outcome.FELL_BACK: "yellow",
    Outcome.LEFT_OUT: "magenta",
}


class Progress:
    """Shows each slot as it is answered. `done` counts them, also for a run that was cut off."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._console = Console(file=sys.stderr, soft_wrap=True, highlight=False)
        self._bar: RichProgress | None = None

    def __enter__(self) -> "Progress":
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            self._bar = RichProgress(*columns, console=self._console)
            self._bar.add_task("slots", total=self.total)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def slot_done(self, event: SlotDone) -> None:
        """Show one answered slot: what is used, and the first lines that were refused with the reason."""
        self.done = event.done
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=event.done)
        for line in _lines(event):
            self._console.print(line)


def _lines(event: SlotDone) -> list[str]:
    job, answer = event.job, event.answer
    decision = answer.decision
    colour = _COLOURS[decision.outcome]
    head = f"[{event.done}/{event.total}] {job.target.locale} {job.segment.id} {job.kind.id}:"
    note = " (kept from an earlier run)" if answer.stored else ""
    lines = [f"{escape(head)} [{colour}]{decision.outcome.value.replace('_', ' ')}[/]{note}"]
    if decision.outcome in (Outcome.FELL_BACK, Outcome.LEFT_OUT):
        lines[0] += f" - {escape(decision.sentence)}"
    if decision.suppressed:
        lines.append(f"    [dim]{escape(decision.suppressed)}[/]")
    if decision.generic:
        lines.append(f"    [dim]{escape(decision.generic)}[/]")
    for kept in answer.kept:
        text = " | ".join(kept.variant.copy_fields.values())
        score = f"  ({kept.confidence.score:.2f})" if kept.confidence else f"  (block {kept.variant.block})"
        lines.append(f"    [bold]+[/] {escape(text)}[dim]{escape(score)}[/]")
    return lines + _refused_lines(answer)


def _refused_lines(answer: SlotAnswer) -> list[str]:
    lines = []
    for item in answer.refused[:REFUSED_SHOWN]:
        text = " | ".join(item.fields.values())
        lines.append(f"    [red]x[/] {escape(text)}  [dim]{escape(_why(item))}[/]")
    rest = len(answer.refused) - REFUSED_SHOWN
    if rest > 0:
        lines.append(f"    [dim]... and {rest} more refused[/]")
    return lines


def _why(item: Refused) -> str:
    """The first reasons, one for each place in the copy: several rules may object to the same words."""
    places = {(finding.field, finding.start): finding.message for finding in reversed(item.findings)}
    reasons = [*reversed(places.values()), *filter(None, [item.detail])]
    rest = len(reasons) - REASONS_SHOWN
    return "; ".join(reasons[:REASONS_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


def print_summary(summary: Summary) -> None:
    """The table of slots, the refusals by rule, and the warnings, on standard output."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)
    table = Table(title=f"{summary.brief} ({summary.model})", title_justify="left")
    for name in (
        "locale",
        "segment",
        "slot",
        "outcome",
        "why",
        "variants",
        "asked",
        "refused by",
        "s",
        "tokens",
    ):
        table.add_column(name, justify="right" if name in ("asked", "s", "tokens", "variants") else "left")
    for line in summary.slots:
        rules = ", ".join(f"{rule} {count}" for rule, count in list(line.refused_by.items())[:4])
        table.add_row(
            line.locale,
            line.segment,
            line.kind,
            f"[{_COLOURS[line.outcome]}]{line.outcome.value}[/]" + (" held" if line.held else ""),
            line.reason.value,
            f"{len(line.variants)}/{line.wanted}",
            str(line.asked),
            rules,
            f"{line.seconds:.1f}",
            str(line.tokens),
        )
    console.print(table)
    for warning in summary.warnings:
        console.print(f"[yellow]note:[/] {escape(warning)}")
    outcomes = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary.outcomes.items())
    console.print(
        f"{outcomes}; {summary.calls} model calls, {summary.tokens} tokens, {summary.wall_seconds:.0f} s"
    )


def print_status(status: BriefStatus) -> None:
    """A stored brief as a table: a line a slot, and below it who must act."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    title = f"{status.name} ({status.brief}, revision {status.revision}, owner {status.owner})"
    table = Table(title=escape(title), title_justify="left")
    for name in ("target", "segment", "slot", "answer", "drafts", "ready", "what blocks export", "who acts"):
        table.add_column(name)
    for email in status.emails:
        for slot in email.slots:
            states = Counter(draft.state.value.replace("_", " ") for draft in slot.drafts)
            roles = dict.fromkeys(role for item in slot.blocking for role in item.who)
            answer = slot.outcome.value.replace("_", " ") if slot.outcome else "-"
            table.add_row(
                email.locale,
                email.segment,
                slot.kind,
                answer + (", held" if slot.held else ""),
                ", ".join(f"{count} {state}" for state, count in states.items()) or "-",
                "[green]yes[/]" if slot.ready else "[yellow]no[/]",
                escape(_ID.sub(r"\1", "; ".join(item.reason for item in slot.blocking))),
                ", ".join(roles),
            )
    console.print(table)
    stopped = f"; {status.emails_stopped} stopped by a suppression flag" if status.emails_stopped else ""
    for problem in status.problems:
        console.print(f"problem: {escape(problem)}")
    for email in status.emails:
        for words in dict.fromkeys([email.stopped, *(slot.suppressed for slot in email.slots)]):
            if words:
                what = "no email is made" if words == email.stopped else "a block is left out"
                console.print(escape(f"{email.locale} {email.segment}: {what}, {words}"))
        for item in email.blocking:
            console.print(escape(f"{email.locale} {email.segment}: {item.reason}"))
    console.print(
        f"{status.ready} of {status.slots} slots and {status.emails_ready} of {len(status.emails)} emails "
        f"are ready{stopped}."
    )
    for role, count in status.who_acts.items():
        console.print(f"  {role}: {count} {'slot' if count == 1 else 'slots'}")


def print_facts(shown: FactsEffect) -> None:
    """A change of facts: what changes, what it does to drafts and emails, and whether it can be applied."""
    console = Console(highlight=False, soft_wrap=True)
    for change in shown.values:
        text = f"{change.locale} {change.what}: {change.before or '(none)'} -> {change.after or '(none)'}"
        console.print(escape(text))
    for draft in shown.effect.drafts:
        _print_draft(console, draft)
    for email in shown.effect.emails_changed:
        approved = " (approved copy)" if email.approved else ""
        console.print(f"\n{email.locale} {email.segment} would read otherwise{approved}:")
        for words in email.what:
            console.print(escape(f"  {words}"))
    for export in shown.exports_stale:
        place = f"{export.locale} {', '.join(export.segments)}"
        console.print(f"\n[yellow]export {export.id}[/] to {export.account} ({place}) would be stale:")
        for words in export.reasons:
            console.print(escape(f"  {words}"))
    for problem in shown.problems:
        hint = f" ({problem.expected})" if problem.expected else ""
        console.print(f"[red]problem[/] {escape(f'{problem.pointer}: {problem.message}{hint}')}")
    ended = len(shown.effect.approvals_ended)
    words = f"{ended} {'approval' if ended == 1 else 'approvals'}"
    if shown.applied:
        console.print(f"\nApplied: revision {shown.revision}; {words} ended.")
    elif shown.can_be_applied:
        console.print(f"\nNothing is stored yet; {words} would end. --apply stores it.")
    else:
        console.print("\nNothing is stored: the brief would hold the problems above.")


def _print_draft(console: Console, draft: DraftEffect) -> None:
    copy = " | ".join(draft.copy_fields.values())
    console.print(f"\n{draft.locale} {draft.segment} {draft.kind} [bold]{draft.id}[/]: {escape(copy)}")
    console.print(f"  verdict: {draft.verdict_before.value} -> {draft.verdict.value}")
    for finding in draft.findings:
        console.print(escape(f"  {finding.severity.value}: {finding.message}"))
    if draft.without_value:
        console.print(escape(f"  no value any more: {', '.join(draft.without_value)}"))
    if draft.approval_ends:
        console.print(f"  [yellow]its approval ends[/]: {escape(draft.why)}")


def print_deck_answer(answer: DeckAnswer) -> None:
    """What became of an edited deck: each row that was taken or refused, and the counts."""
    console = Console(highlight=False, soft_wrap=True)
    for row in answer.rows:
        if row.result is RowResult.UNCHANGED:
            continue
        colour = "green" if row.result is RowResult.EDITED else "red"
        why = f": {row.why}" if row.why else ""
        hint = f" ({row.hint})" if row.hint else ""
        verdict = f", verdict {row.verdict.value}" if row.verdict else ""
        name = escape(f"row {row.line}, draft {row.draft[:8]} {row.field}")
        console.print(f"{name}: [{colour}]{row.result.value}[/]{verdict}{escape(why + hint)}")
    if answer.ignored_columns:
        console.print(escape(f"columns that are not read: {', '.join(answer.ignored_columns)}"))
    console.print(f"{answer.edited} edited, {answer.refused} refused, {answer.unchanged} unchanged")

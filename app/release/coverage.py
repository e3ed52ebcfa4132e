"""Proof, before anything is sent, that the last resort holds: approved content passes the guardrails.

Every approved block is judged in each of its locales with plausible values for its tokens, and each required
kind must have an evergreen block per locale that itself passes (invariant 4).
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.blocks.loader import UNSEALED, PlacedBlock, block_file, load_blocks, seal_problems
from app.blocks.registry import REQUIRED
from app.brand.loader import load_brand
from app.errors import ContentError, Problem, UsageError
from app.processors import on_all_processors
from app.release.content import SlotContent
from app.release.examples import example_problems
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary, load_library
from app.release.matching import fact_tokens
from app.release.samples import sample_sheet
from app.verdicts.reports import GuardReport, Verdict

COVERAGE, REVIEW, UNJUDGED = "coverage", "review date", "unjudged"
"""What stands in the place of a rule where no rule refuses."""
NAMED = 8
"""Blocks of one file that are named when they wait for their seal."""


@dataclass(frozen=True)
class Shortfall:
    """One way in which approved content does not hold: what it is about, which rule says so, and where."""

    subject: str
    rule: str
    problem: Problem


def check_brand(
    brand_root: Path, blocks_root: Path, brand_id: str, *, as_of: dt.datetime, sealed: bool = True
) -> list[Problem]:
    """Everything that is wrong with a brand and its content. Raises UsageError for an unknown id.

    Blocks that wait for their seal are judged like the others, so that their approvers see the verdict first;
    that they wait comes last, and with `sealed` False it is no problem.
    """
    problems = _of_content(brand_root, blocks_root, brand_id, as_of)
    return problems + (unsealed_problems(blocks_root, brand_id) if sealed else [])


def _of_content(brand_root: Path, blocks_root: Path, brand_id: str, as_of: dt.datetime) -> list[Problem]:
    problems: list[Problem] = []
    try:
        library = load_library(brand_root, blocks_root, brand_id, sealed=False)
        problems += prove_coverage(library, as_of=as_of)
    except ContentError as error:
        problems += error.problems
    try:
        brand = load_brand(brand_root, brand_id)
        return problems + example_problems(brand, as_of)
    except ContentError:
        return problems
    except UsageError as error:  # a rule that cannot be compiled; loading names it too, when it is enforced
        fault = Problem(f"{brand_root.name}/{brand_id}", 0, 0, "", error.message, error.hint)
        return list(dict.fromkeys([*problems, fault]))


def unsealed_problems(blocks_root: Path, brand_id: str) -> list[Problem]:
    """One problem for each file with blocks whose recorded hash is not that of their content.

    There are none where the files cannot be read.
    """
    try:
        placed = load_blocks(blocks_root, brand_id, sealed=False)
    except ContentError:
        return []
    waiting: dict[str, list[PlacedBlock]] = {}
    for item in placed:
        if seal_problems(item):
            waiting.setdefault(item.document.file, []).append(item)
    return [_unsealed(items, f"`copydesk brand seal {brand_id}`") for items in waiting.values()]


def _unsealed(waiting: Sequence[PlacedBlock], command: str) -> Problem:
    """The problem of one file, placed at its first block that waits."""
    new = [item.block.id for item in waiting if item.block.approval.hash == UNSEALED]
    changed = [item.block.id for item in waiting if item.block.approval.hash != UNSEALED]
    said = [_named(new, "is not sealed", "are not sealed")] if new else []
    if changed:
        said.append(
            _named(changed, "was changed after it was approved", "were changed after they were approved")
        )
    first = waiting[0].problem("; ".join(said), f"once approved, {command}", "approval", "hash")
    return replace(first, field="")


def _named(ids: Sequence[str], one: str, many: str) -> str:
    shown = ", ".join(ids[:NAMED]) + (" ..." if len(ids) > NAMED else "")
    return f"block '{ids[0]}' {one}" if len(ids) == 1 else f"{len(ids)} blocks {many}: {shown}"


def prove_coverage(library: ContentLibrary, *, as_of: dt.datetime) -> list[Problem]:
    """Blocks that do not pass the guardrails or are overdue, and required slots without an answer."""
    return list(dict.fromkeys(item.problem for item in shortfalls(library, as_of=as_of)))


def shortfalls(
    library: ContentLibrary, *, as_of: dt.datetime, rules_as_of: dt.datetime | None = None
) -> list[Shortfall]:
    """The same with the rule behind each. With `rules_as_of` the rules of another day judge."""
    found: list[Shortfall] = []
    standing: set[tuple[str, str]] = set()
    judged = [(placed, locale) for placed in library.blocks for locale in placed.block.locales]
    answers = iter(on_all_processors(lambda one: list(_refused(library, *one, rules_as_of or as_of)), judged))
    for placed in library.blocks:
        block = placed.block
        overdue = list(_overdue(placed, as_of))
        found += overdue
        for locale in block.locales:
            refused = next(answers)
            found += refused
            if not overdue and not refused and block.evergreen and not block.segments:
                standing.add((block.kind, locale))
    folder = f"blocks/{library.brand.id}"
    for kind in REQUIRED:
        for locale in library.brand.identity.locales:
            if (kind, locale) not in standing:
                message = f"no evergreen {kind} for {locale} passes the guardrails"
                file = f"{folder}/{block_file(kind, None, locale, library.brand.identity.locales[0])}"
                problem = Problem(file, 0, 0, "", message, "each required kind needs one that does")
                found.append(Shortfall(f"evergreen {kind} for {locale}", COVERAGE, problem))
    return found


def refusals(library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> list[Problem]:
    """Why the guardrails do not pass a block, in each of its locales; empty when they do."""
    found = (
        item.problem for locale in placed.block.locales for item in _refused(library, placed, locale, as_of)
    )
    return list(dict.fromkeys(found))


def judge_block(library: ContentLibrary, placed: PlacedBlock, locale: str, as_of: dt.datetime) -> GuardReport:
    """The report over a block in one locale, with plausible values for its tokens."""
    block = placed.block
    facts = sample_sheet(fact_tokens(block.copy_.values()), locale, as_of)
    market = locale.rsplit("-", 1)[-1]
    judge = LibraryJudge(library, locale, journey=block.journey, market=market)
    return judge(SlotContent.of_block(block), facts=facts, as_of=as_of)


def _refused(
    library: ContentLibrary, placed: PlacedBlock, locale: str, as_of: dt.datetime
) -> Iterator[Shortfall]:
    report = judge_block(library, placed, locale, as_of)
    name = f"block '{placed.block.id}' in {locale}"
    for finding in report.blocking:
        message = f"{name} is refused by {finding.rule}: {finding.message}"
        problem = placed.problem(message, finding.suggestion, "copy", finding.field)
        yield Shortfall(name, finding.rule, problem)
    if report.verdict is not Verdict.PASS and not report.blocking:
        message = f"{name} is not passed but {report.verdict.value}: {'; '.join(report.reasons)}"
        yield Shortfall(name, UNJUDGED, placed.problem(message))


def _overdue(placed: PlacedBlock, as_of: dt.datetime) -> Iterator[Shortfall]:
    block = placed.block
    if block.approval.review_by < as_of.date():
        message = f"block '{block.id}' had to be reviewed by {block.approval.review_by}"
        problem = placed.problem(message, "have it approved again", "approval", "review_by")
        yield Shortfall(f"block '{block.id}'", REVIEW, problem)

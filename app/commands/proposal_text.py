"""What a proposed version would change, as lines for people."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from app.commands.common import counted

if TYPE_CHECKING:
    from app.release.publishing import FileChanges, Proposal
    from app.release.standing import BrandChange, Failing

SHOWN_FILES = 30
SHOWN_FAILING = 50
"""Entries of one list; --json has all of them."""
SHORT = 12
"""Digits of a hash that people see."""


def proposal_lines(proposal: "Proposal") -> Iterator[str]:
    """The files that differ, and brand by brand what begins to fail, still fails, passes, fails later."""
    serving = proposal.serving
    against = f"against {serving[:SHORT]}, which serves now" if serving else "nothing serves yet"
    size = f"{counted(proposal.files, 'file')}, {proposal.bytes} bytes"
    yield f"version {proposal.version[:SHORT]}: {size}; {against}"
    if proposal.unread:
        yield f"  {proposal.unread}"
    if proposal.serving is not None:
        yield from change_lines(proposal.changes)
    for path in proposal.left_out:
        yield f"  left out: {path} (no place of the content takes such a file)"
    for brand in proposal.brands_gone:
        yield f"brand {brand}: does not serve any more, its folder is gone"
    for change in proposal.brands:
        yield from brand_lines(change, first=proposal.serving is None)


def change_lines(changes: "FileChanges") -> Iterator[str]:
    """One line a file, with a mark for what happened to it."""
    marked = [("+", path) for path in changes.added]
    marked += [("~", path) for path in changes.changed]
    marked += [("-", path) for path in changes.removed]
    for mark, path in marked[:SHOWN_FILES]:
        yield f"  {mark} {path}"
    if len(marked) > SHOWN_FILES:
        yield f"  ... and {len(marked) - SHOWN_FILES} more files"
    if not marked:
        yield "  no file differs"


def brand_lines(change: "BrandChange", *, first: bool) -> Iterator[str]:
    """What a version does to one brand; `first` when there is none to compare it with."""
    owner = f", answered for by {change.owner}" if change.owner else ""
    drafts = counted(change.drafts, "approved draft")
    yield f"brand {change.brand}{owner}: {counted(change.blocks, 'approved block')} and {drafts} judged"
    yield from _failing_lines("fails" if first else "would now fail", change.now_fails)
    yield from _failing_lines("failed before and still fails", change.still_fails)
    yield from _failing_lines("now passes", change.now_passes)
    for day, later in groupby(change.later, key=lambda item: item.since):
        yield from _failing_lines(f"will fail from {day}", list(later))
    yield from (f"  note: {remark}" for remark in change.remarks)


def _failing_lines(title: str, failing: "Sequence[Failing]") -> Iterator[str]:
    if not failing:
        return
    yield f"  {title} ({len(failing)}):"
    for item in failing[:SHOWN_FAILING]:
        where = f"{item.place}: " if item.place else ""
        hint = f" ({item.suggestion})" if item.suggestion else ""
        about = "" if item.subject in item.message else f"{item.subject}: "
        gate = " - the gate will refuse it" if item.sort.value == "draft" else ""
        yield f"    {where}{about}[{item.rule}] {item.message}{hint}{gate}"
    if len(failing) > SHOWN_FAILING:
        yield f"    ... and {len(failing) - SHOWN_FAILING} more; --json has all"

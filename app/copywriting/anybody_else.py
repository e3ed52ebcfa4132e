"""What readers of none of the segments of a conditional email get: evergreen content, never a segment's."""

from collections.abc import Sequence

from app.blocks.registry import REQUIRED
from app.copywriting.choosing import gate_over
from app.copywriting.places import around
from app.db.release_tables import ANYBODY_ELSE
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob
from app.release.content import SlotContent, SlotQuery
from app.release.gate import Released
from app.release.library import ContentLibrary
from app.release.matching import evergreen_blocks, obstacle
from app.release.whole import EmailApprovals


def for_anybody_else(
    library: ContentLibrary, jobs: Sequence[SlotJob], emails: EmailApprovals | None = None
) -> tuple[Released, dict[str, SlotJob], dict[str, SlotContent]]:
    """The evergreen block of each required kind that one of `jobs` is for, as the gate releases them, with
    jobs and contents by kind; blocks of other kinds are left out. Raises ReleaseRefused.
    """
    by_kind, contents = contents_for_anybody_else(library, jobs)
    job = jobs[0]
    released = gate_over([], emails).release(
        list(contents.values()),
        library,
        job.facts,
        job.as_of,
        judge_of(job, library),
        journey=job.brief.journey.value,
        segment=ANYBODY_ELSE,
        market=job.target.market,
        flags=job.target.flags,
        brief=job.brief.id,
        around=around(list(by_kind.values())),
    )
    return released, by_kind, contents


def contents_for_anybody_else(
    library: ContentLibrary, jobs: Sequence[SlotJob]
) -> tuple[dict[str, SlotJob], dict[str, SlotContent]]:
    """The jobs and what stands there, by kind, before any gate."""
    by_kind = {job.kind.id: job for job in jobs if job.kind.id in REQUIRED}
    found = {kind: _evergreen(library, job) for kind, job in by_kind.items()}
    return by_kind, {kind: content for kind, content in found.items() if content is not None}


def _evergreen(library: ContentLibrary, job: SlotJob) -> SlotContent | None:
    query = SlotQuery(
        kind=job.kind.id,
        locale=job.target.locale,
        segment=ANYBODY_ELSE,
        journey=job.brief.journey.value,
        message="",
        facts=job.facts,
        as_of=job.as_of,
        market=job.target.market,
        flags=tuple(job.target.flags),
    )
    usable = (block for block in evergreen_blocks(library, query) if obstacle(block, query) is None)
    block = next(usable, None)
    return SlotContent.of_block(block) if block is not None else None

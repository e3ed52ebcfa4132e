"""What one email is put together from, by what people chose: before any gate has looked at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.copywriting.choosing import block_content, content_of_arm
from app.copywriting.desk import Desk
from app.db.release_tables import ChosenSlot
from app.generation.plan import SlotJob
from app.release.content import SlotContent
from app.release.library import ContentLibrary

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Composition:
    """The slots of one email with what stands there, by kind, in the order of the brief."""

    jobs: Mapping[str, SlotJob]
    contents: Mapping[str, SlotContent]
    others: Mapping[str, SlotContent] = field(default_factory=dict)
    """What stands only in the email of readers for whom no condition of a slot holds."""

    @property
    def conditional(self) -> bool:
        """Whether slots have conditions, so that there are two versions of the email."""
        return any(job.request.shown_when is not None for job in self.jobs.values())

    @property
    def otherwise(self) -> Mapping[str, SlotContent]:
        """What readers get for whom no condition holds."""
        unconditional = {
            kind: content
            for kind, content in self.contents.items()
            if self.jobs[kind].request.shown_when is None
        }
        return {**unconditional, **self.others}

    @property
    def versions(self) -> tuple[list[SlotContent], ...]:
        """Each version of the email, in order."""
        first = list(self.contents.values())
        return (first, list(self.otherwise.values())) if self.conditional else (first,)


def composed(
    desk: Desk, library: ContentLibrary, jobs: Sequence[SlotJob], chosen: Mapping[Key, ChosenSlot], arm: str
) -> Composition:
    """The email of one segment and arm. Each of `jobs` has a choice. Raises NotFound for a draft or a block
    that is not there any more.
    """
    contents: dict[str, SlotContent] = {}
    for job in jobs:
        arms = chosen[job.key].arms
        picked = next((item for item in arms if item.name == arm), arms[0])
        content = content_of_arm(desk, library, picked)
        if content is not None:
            contents[job.kind.id] = content
    by_kind = {job.kind.id: job for job in jobs}
    others = {
        kind: block_content(library, job.request.otherwise)
        for kind, job in by_kind.items()
        if job.request.shown_when is not None and job.request.otherwise is not None
    }
    return Composition(by_kind, contents, others)

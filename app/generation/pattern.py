"""Whether approved copy shows a small model enough of a pattern to go on with, said before it is asked.

Such a model cannot follow rules; it goes on with what it is shown. With one example it writes nothing that is
sure enough, takes a minute over it, and every slot falls back to approved content.
"""

from collections.abc import Iterable

from app.blocks.loader import block_file
from app.generation.material import examples_for
from app.generation.plan import SlotJob
from app.llm.protocol import ModelProfile
from app.release.library import ContentLibrary

ENOUGH = 6
"""Approved blocks of a kind that are alike in form and show a small model what to write."""


def thin_patterns(jobs: Iterable[SlotJob], library: ContentLibrary, profile: ModelProfile) -> list[str]:
    """Where approved examples are too few for the model, in words, with the file that more of them go into.

    Nothing is said of a model that reads instructions, nor of copy that no model is let write.
    """
    least: dict[tuple[str, str], tuple[int, SlotJob]] = {}
    for job in jobs if profile.style == "small" else ():
        if job.kind.id not in job.brand.contract.may_generate or not profile.writes(job.language):
            continue
        count = sum(bool(example.thought) for example in examples_for(job, library))
        place = (job.target.locale, job.kind.id)
        if count < ENOUGH and (place not in least or count < least[place][0]):
            least[place] = (count, job)
    return [_words(job, count) for count, job in least.values()]


def _words(job: SlotJob, count: int) -> str:
    kind, journey, locale = job.kind.id, job.brief.journey.value, job.target.locale
    file = block_file(kind, journey, locale, job.brand.identity.locales[0])
    blocks = f"{kind} block" if count == 1 else f"{kind} blocks"
    return (
        f"{count or 'no'} approved {blocks} for {journey} in {locale}; a small model needs about {ENOUGH} "
        f"that are alike in form: blocks/{job.brand.id}/{file}"
    )

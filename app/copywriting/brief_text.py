"""A brief as people write it in a text: YAML, with what is wrong at its line and column."""

from typing import Any

from app.brief.models import Brief
from app.copywriting.briefs import ReadBrief
from app.db.service_tables import StoredBrief
from app.errors import ContentError
from app.release.library import ContentLibrary
from app.yaml12 import parse, written

FILE = "brief"
"""What problems name in the place of a file."""
LONGEST = 200_000
"""Characters of a brief in a form."""


def brief_text(brief: Brief) -> str:
    """The brief as text, without what is as it would be anyway."""
    data = brief.model_dump(mode="json", exclude_defaults=True)
    data["segments"] = [_short(item) for item in data["segments"]]
    return written(data)


def _short(segment: dict[str, Any]) -> Any:
    return segment["id"] if segment.keys() == {"id"} else segment


def read_text(text: str, library: ContentLibrary, stored: StoredBrief | None = None) -> ReadBrief:
    """The brief that the text holds, checked with the rules that serve. Raises ContentError with every
    problem. With `stored` it is to take its place, and id and brand stay what they are.
    """
    document = parse(text.replace("\r\n", "\n"), FILE)
    if document.problems:
        raise ContentError(document.problems)
    brief, problems = document.build(Brief)
    if brief is None:
        raise ContentError(problems)
    fixed = {"brand": library.brand.id, **({"id": stored.id} if stored is not None else {})}
    strange = [
        document.problem((name,), f"is '{getattr(brief, name)}'", f"here it has to be '{value}'")
        for name, value in fixed.items()
        if getattr(brief, name) != value
    ]
    if strange:
        raise ContentError(strange)
    read = ReadBrief(brief, document)
    read.jobs(library)
    return read

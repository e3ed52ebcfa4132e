"""Briefs that are stored: read from JSON, found by their id, checked with the rules that serve."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.brief.json_document import JsonDocument
from app.brief.models import Brief
from app.db.briefs import Briefs
from app.db.service_tables import StoredBrief
from app.errors import Conflict, ContentError, NotFound, UsageError
from app.generation.plan import SlotJob, brief_problems, jobs_of, plan, value_problems
from app.release.library import ContentLibrary
from app.yaml12 import Document, nearest


@dataclass(frozen=True)
class ReadBrief:
    """A well-formed brief, and the data that it was read from: problems are placed there."""

    brief: Brief
    document: Document

    def jobs(self, library: ContentLibrary) -> list[SlotJob]:
        """Its jobs. Raises ContentError with everything that is wrong with it."""
        return plan(self.brief, self.document, library)


def read_brief(data: Any, brands: Collection[str]) -> ReadBrief:
    """The brief that JSON data holds. Raises ContentError with every problem at its JSON pointer.

    `brands` are those that the caller may use; another one is as unknown as one that does not exist.
    """
    document = JsonDocument.of(data)
    brief, problems = document.build(Brief)
    if brief is None:
        raise ContentError(problems)
    if brief.brand not in brands:
        hint = nearest(brief.brand, brands)
        raise ContentError([document.problem(("brand",), f"there is no brand '{brief.brand}'", hint)])
    return ReadBrief(brief, document)


def as_json(brief: Brief) -> dict[str, Any]:
    """A brief as JSON data, as it is sent and received."""
    return brief.model_dump(mode="json")


def find_brief(
    briefs: Briefs, brief_id: str, brands: Collection[str], brand: str | None = None
) -> StoredBrief:
    """The stored brief with this id among `brands`, or of one of them. Raises NotFound or Conflict."""
    wanted = [brand] if brand is not None and brand in brands else ([] if brand is not None else list(brands))
    found = briefs.named(brief_id, wanted)
    if not found:
        where = f" of brand '{brand}'" if brand is not None else ""
        raise NotFound(f"there is no brief '{brief_id}'{where}", "ids are those of the stored briefs")
    if len(found) > 1:
        names = ", ".join(item.brand for item in found)
        raise Conflict(f"several brands have a brief '{brief_id}': {names}", "name one of them as the brand")
    return found[0]


def jobs_as_stored(stored: StoredBrief, library: ContentLibrary) -> list[SlotJob]:
    """The jobs of a stored brief. Raises ContentError when the rules that serve now refuse it."""
    return plan(stored.content, JsonDocument.of(as_json(stored.content)), library)


def lenient_jobs(stored: StoredBrief, library: ContentLibrary) -> tuple[list[SlotJob], list[str]]:
    """The jobs of a stored brief, and what the rules that serve now hold against it.

    No jobs when it names a segment or an offer that does not exist any more; the problems say so.
    """
    document = JsonDocument.of(as_json(stored.content))
    problems = [str(problem) for problem in brief_problems(stored.content, document, library)]
    try:
        return jobs_of(stored.content, library), problems
    except UsageError:
        return [], problems


def values_refused(brief: Brief, library: ContentLibrary) -> list[str]:
    """What the rules for offers and prices that serve now hold against a brief, in words: they may be others
    than when it was stored.
    """
    return [str(problem) for problem in value_problems(brief, JsonDocument.of(as_json(brief)), library)]


def merge_patch(target: Any, patch: Any) -> Any:
    """A JSON merge patch (RFC 7396): objects are merged, null removes, everything else takes the place."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def patched(stored: StoredBrief, patch: Mapping[str, Any], library: ContentLibrary) -> ReadBrief:
    """The stored brief with a merge patch applied. Raises ContentError; id and brand stay what they are."""
    data = merge_patch(as_json(stored.content), patch)
    read = read_brief(data, [library.brand.id, stored.brand])
    for name, value in (("id", stored.id), ("brand", stored.brand)):
        if getattr(read.brief, name) != value:
            message = f"'{name}' of a stored brief cannot be changed"
            raise ContentError([read.document.problem((name,), message, f"leave it '{value}'")])
    read.jobs(library)
    return read


def changes_between(before: Brief, after: Brief) -> str:
    """What differs between two revisions, in a few words for the list of revisions."""
    names = [name for name in type(before).model_fields if getattr(before, name) != getattr(after, name)]
    return "changed " + ", ".join(names) if names else "nothing changed"


def chosen_jobs(
    jobs: Sequence[SlotJob],
    *,
    locales: Collection[str] = (),
    segments: Collection[str] = (),
    kinds: Collection[str] = (),
) -> list[SlotJob]:
    """The jobs of some targets, segments and slots; all where none are named. Raises ContentError."""
    aliases = jobs[0].brand.aliases if jobs else {}
    given = (list(locales), [aliases.get(name, name) for name in segments], list(kinds))
    asked = JsonDocument.of({})
    problems = [
        asked.problem((field, number), f"the brief has no {field[:-1]} '{name}'", nearest(name, known))
        for place, (field, names) in enumerate(zip(("locales", "segments", "kinds"), given, strict=True))
        for number, name in enumerate(names)
        if name not in (known := {job.key[place] for job in jobs})
    ]
    if problems:
        raise ContentError(problems)
    wanted = [set(names) for names in given]
    return [
        job
        for job in jobs
        if all(not names or part in names for part, names in zip(job.key, wanted, strict=True))
    ]

"""The same change made again and again: what reviewers replace in one draft after the other.

Edits are read from receipts, and both copies of each from the stored bytes that its hashes name. A change
that several drafts saw over several weeks is proposed for the voice guide; nothing is written by itself.
"""

import datetime as dt
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.brand.brand import Brand
from app.db.blobs import BlobStore
from app.db.tables import Draft
from app.tokens import token_names

LOOKED_BACK = dt.timedelta(weeks=12)
DRAFTS, WEEKS = 3, 2
"""In how many drafts, and in how many different weeks, a change was made that is proposed."""
MOST_WORDS = 4
"""Words of a phrase that a voice rule can forbid; a longer change is proposed as an example."""
_WORD = re.compile(r"\{[^{}\s]+\}|[^\W_]+(?:['’-][^\W_]+)*")


@dataclass(frozen=True)
class FieldEdit:
    """One field as a person changed it."""

    draft: str
    kind: str
    locale: str
    field: str
    by: str
    at: dt.datetime
    before: str
    after: str
    review: bool
    """Whether it was made by somebody who neither wrote the copy nor asked for it."""


@dataclass(frozen=True)
class RepeatedEdit:
    """A word or phrase that people replaced in several drafts; `after` is empty where it was left out."""

    language: str
    before: str
    after: str
    drafts: tuple[str, ...]
    weeks: int
    example: str
    """The field as it stood after the last of these edits."""

    @property
    def as_rule(self) -> bool:
        """Whether it is short enough for a rule of the voice guide."""
        return len(self.before.split()) <= MOST_WORDS


def field_edits(drafts: Iterable[Draft], blobs: BlobStore, since: dt.datetime) -> list[FieldEdit]:
    """What people changed since a moment, field by field. An edit whose bytes are gone is left out."""
    edits = [(draft, edit) for draft in drafts for edit in draft.receipt.edits if edit.at >= since]
    found = blobs.find_all({digest for _, edit in edits for digest in (edit.before, edit.after)})
    copies = {digest: _fields(item.data) for digest, item in found.items()}
    return [
        FieldEdit(
            draft.id, draft.kind, draft.locale, name, edit.by, edit.at, old, new, _by_reviewer(draft, edit.by)
        )
        for draft, edit in edits
        for name, old, new in _differing(copies[edit.before], copies[edit.after])
    ]


def repeated(edits: Sequence[FieldEdit], *, drafts: int = DRAFTS, weeks: int = WEEKS) -> list[RepeatedEdit]:
    """The changes that reviewers made in so many drafts and weeks, the most frequent first."""
    made: dict[tuple[str, str, str], list[FieldEdit]] = {}
    for edit in edits:
        if edit.review:
            language = edit.locale.split("-", maxsplit=1)[0]
            for before, after in dict.fromkeys(replacements(edit.before, edit.after)):
                made.setdefault((language, before, after), []).append(edit)
    found = []
    for (language, before, after), where in made.items():
        ids = tuple(dict.fromkeys(edit.draft for edit in where))
        spread = len({edit.at.isocalendar()[:2] for edit in where})
        if len(ids) >= drafts and spread >= weeks:
            last = max(where, key=lambda edit: edit.at)
            found.append(RepeatedEdit(language, before, after, ids, spread, last.after))
    return sorted(found, key=lambda item: (-len(item.drafts), item.before, item.after))


def replacements(before: str, after: str) -> Iterator[tuple[str, str]]:
    """The words that gave way, each with what stands there now, without regard to case.

    Words that were only added are no replacement, and a change of a token or a number is one of values.
    """
    old, new = (_WORD.findall(text) for text in (before, after))
    lower = [word.casefold() for word in old], [word.casefold() for word in new]
    for tag, start, end, begin, stop in difflib.SequenceMatcher(
        a=lower[0], b=lower[1], autojunk=False
    ).get_opcodes():
        gone, come = " ".join(lower[0][start:end]), " ".join(new[begin:stop])
        if tag in ("replace", "delete") and not _is_value(f"{gone} {come}"):
            yield gone, come.casefold()


def known(edit: RepeatedEdit, brand: Brand) -> bool:
    """Whether the voice guide says it already."""
    voice = brand.localised(_locale(brand, edit.language)).voice
    return any(rule.word.casefold() == edit.before for rule in voice.avoid)


def yaml_for(edit: RepeatedEdit, brand: Brand) -> str:
    """The lines that a person would add to the voice guide, with where they belong."""
    main = brand.identity.locales[0].split("-", maxsplit=1)[0]
    folder = "" if edit.language == main else f"languages/{edit.language}/"
    why = f"Reviewers changed it in {len(edit.drafts)} drafts."
    place = f"# brand/{brand.id}/{folder}voice.yaml"
    if not edit.as_rule:
        return f"{place}, a good example\nexamples:\n  good:\n    - {_quoted(edit.example)}\n"
    instead = f", instead: {_quoted(edit.after)}" if edit.after else ""
    rule = f"{{word: {_quoted(edit.before)}{instead}, why: {_quoted(why)}, severity: warn}}"
    return f"{place}, a rule\navoid:\n  - {rule}\n"


def _locale(brand: Brand, language: str) -> str:
    same = (item for item in brand.identity.locales if item.split("-", maxsplit=1)[0] == language)
    return next(same, brand.identity.locales[0])


def _quoted(text: str) -> str:
    """A YAML string in double quotes, which JSON's are."""
    return json.dumps(text, ensure_ascii=False)


def _fields(data: bytes | None) -> Mapping[str, str] | None:
    """The copy of a stored content hash: kind, locale, fields."""
    if data is None:
        return None
    _, _, fields = json.loads(data)
    return {str(name): str(text) for name, text in fields.items()}


def _differing(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> Iterator[tuple[str, str, str]]:
    if before is None or after is None:
        return
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield name, old, new


def _by_reviewer(draft: Draft, by: str) -> bool:
    return by not in {draft.author, draft.requested_by}


def _is_value(text: str) -> bool:
    return bool(token_names(text)) or any(letter.isdigit() for letter in text)

"""Where a text names a person: by their address anywhere, by their full name in what people wrote."""

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, Text, cast, func, or_

from app.db.stored import StoredJson

NAMING = frozenset(
    {"author", "by", "chosen_by", "decided_by", "exported_by", "moved_by", "owner", "requested_by"}
)
"""Columns and entries of stored JSON that say who did something, some by name and not by address."""
SPOKEN = frozenset({"change", "ended_why", "note", "notes", "reason", "text", "why", "words"})
"""Columns in which people wrote freely, and entries of stored JSON but COPY."""
COPY = frozenset({"text", "words"})
"""Entries of stored JSON that hold copy."""
_ALIAS = re.compile(r"erased-[0-9a-f]{12}")
_AROUND = r"[A-Za-z0-9._%+-]"
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")


def alias_of(person_id: str) -> str:
    """What stands in the place of a person who is erased."""
    return f"erased-{person_id[:12]}"


def is_alias(said: str) -> bool:
    """Whether somebody is named who was erased."""
    return _ALIAS.fullmatch(said) is not None


def address_pattern(email: str) -> re.Pattern[str]:
    """Finds an address where it is not part of a longer one."""
    return re.compile(f"(?<!{_AROUND}){re.escape(email)}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])", re.IGNORECASE)


def name_pattern(name: str) -> re.Pattern[str]:
    """Finds a full name in any capitals, with any spaces between its words, where it is no part of a word.

    A name of one word counts with a capital only: `Will` is a name, `will` mostly is none.
    """
    words = name.split()
    first, last = words[0][0], words[-1][-1]
    before, after = "" if _wide(first) else r"(?<!\w)", "" if _wide(last) else r"(?!\w)"
    if len(words) > 1:
        return re.compile(before + r"\s+".join(map(_spelt, words)) + after, re.IGNORECASE)
    (word,) = words
    return re.compile(f"{before}(?:{_spelt(word[0].upper() + word[1:])}|{_spelt(word.upper())}){after}")


class _Stand(NamedTuple):
    """What stands in the place of a person, and what where people wrote freely."""

    alias: str
    spoken: str


class Mentions:
    """Finds one person in texts. Without a name only the address counts."""

    def __init__(self, email: str, name: str = "") -> None:
        self._email, self._name = email, " ".join(name.split())
        self._address = address_pattern(email)
        self._phrase = name_pattern(self._name) if self._name else None

    def count(self, text: str) -> int:
        """How often a text names them."""
        phrases = self._phrase.findall(text) if self._phrase is not None else ()
        return len(self._address.findall(text)) + len(phrases)

    def stand_in(self, data: bytes) -> bool:
        """Whether bytes name them, as text or as JSON with other letters written as numbers."""
        text = data.decode("utf-8", "replace")
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text
        return bool(self.count(plain))

    def replaced(self, value: Any, alias: str, entry: str, *, spoken: str = "") -> Any:
        """Plain data of the column `entry` with an alias in their place; in what people wrote, `spoken`."""
        return self._replaced(value, _Stand(alias, spoken or alias), entry, free=entry in SPOKEN)

    def may_stand_in(self, column: Column[Any]) -> Any:
        """Whether a column may name them: a first look, in the database, which finds too much."""
        text = func.lower(cast(column, Text))
        in_json = isinstance(column.type, StoredJson)
        return or_(*(text.like(rough, escape="/") for rough in self._rough(in_json=in_json)))

    def _replaced(self, value: Any, stand: "_Stand", entry: str, *, free: bool) -> Any:
        if isinstance(value, str):
            return self._replaced_in(value, stand, entry, free=free)
        if isinstance(value, dict):
            return {
                key: self._replaced(item, stand, key, free=key in SPOKEN - COPY)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self._replaced(item, stand, entry, free=free) for item in value]
        return value

    def _replaced_in(self, text: str, stand: "_Stand", entry: str, *, free: bool) -> str:
        if entry in NAMING and self._name and " ".join(text.split()).casefold() == self._name.casefold():
            return stand.alias
        if not free:
            return self._address.sub(stand.alias, text)
        text = self._address.sub(stand.spoken, text)
        return self._phrase.sub(stand.spoken, text) if self._phrase is not None else text

    def _rough(self, *, in_json: bool) -> set[str]:
        """Patterns of LIKE, of which each spelling fits one: lower case as both databases have it."""
        address = json.dumps(self._email)[1:-1] if in_json else self._email
        return {f"%{_literal(_lowered(address))}%", *_rough_name(self._name, in_json=in_json)}


def _rough_name(name: str, *, in_json: bool) -> Iterator[str]:
    """The Latin letters of a name in order, whatever stands between; without any, its usual forms."""
    runs = re.findall("[a-z]+", _lowered(unicodedata.normalize("NFC", name)))
    if runs:
        yield f"%{'%'.join(runs)}%"
        return
    for form in (name, name.lower(), name.upper(), name.title()) if name else ():
        for spelt in (unicodedata.normalize("NFC", form), unicodedata.normalize("NFD", form)):
            for escaped in (False, True) if in_json else (False,):
                words = (json.dumps(word)[1:-1] if escaped else word for word in spelt.split())
                yield f"%{'%'.join(_literal(_lowered(word)) for word in words)}%"


def _spelt(word: str) -> str:
    """A word as a pattern, with its accents as letters of their own or not."""
    forms = dict.fromkeys(unicodedata.normalize(form, word) for form in ("NFC", "NFD"))
    return f"(?:{'|'.join(map(re.escape, forms))})"


def _wide(letter: str) -> bool:
    """Whether a letter is of a script that sets no spaces between words."""
    return unicodedata.east_asian_width(letter) in "WF"


def _literal(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")


def _lowered(text: str) -> str:
    """Lower case as both databases have it: other letters than ASCII's stay."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)

"""Reading content files into models, with the problems that every kind of file may have."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import re2
from pydantic import BaseModel

from app.errors import Problem
from app.yaml12 import Document, Path_

ModelT = TypeVar("ModelT", bound=BaseModel)


def build(document: Document, model: type[ModelT], problems: list[Problem]) -> ModelT | None:
    """The document as `model`; None, with everything that is wrong in `problems`, where it is not one."""
    if document.problems:
        problems.extend(document.problems)
        return None
    value, found = document.build(model)
    problems.extend(found)
    return value


def shown(root: Path, path: Path) -> str:
    """The path as messages name it: from the folder that `root` is."""
    return str(Path(root.name) / path.relative_to(root))


def duplicates(document: Document, key: str) -> Iterator[Problem]:
    """Entries of the list under `key` whose id (or name) was given before."""
    seen: set[str] = set()
    for index, item in enumerate(document.data.get(key, ())):
        field = "id" if "id" in item else "name"
        if item[field] in seen:
            at = (key, index, field)
            yield document.problem(at, f"'{item[field]}' is given twice", "an id names one entry")
        seen.add(item[field])


def pattern_problems(document: Document, rules: Iterable[Any]) -> Iterator[Problem]:
    """Patterns of the rules under `rules`, and of their qualifiers, that are no RE2."""
    for index, rule in enumerate(rules):
        yield from _bad_patterns(document, ("rules", index, "patterns"), rule.patterns)
        for number, qualifier in enumerate(getattr(rule, "qualifiers", ())):
            at = ("rules", index, "qualifiers", number, "patterns")
            yield from _bad_patterns(document, at, qualifier.patterns)


def _bad_patterns(document: Document, at: Path_, patterns: Iterable[str]) -> Iterator[Problem]:
    for number, pattern in enumerate(patterns):
        try:
            re2.compile(pattern)
        except re2.error as error:
            words = f"bad RE2 pattern: {_words(error)}"
            yield document.problem((*at, number), words, "no look-around, no back-references")


def _words(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)

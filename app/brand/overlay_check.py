"""Whether an overlay says what an overlay may say: known names, something new, nothing that drops a rule."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.brand.overlays import MISSING, SHAPES, Entries, Fields, Layer, Named, Shape, Way, Wordings, narrower
from app.errors import Problem
from app.yaml12 import Document, Path_, nearest

_MAPPING, _LIST = "should be a mapping of names to values", "should be a list"


def overlay_problems(
    document: Document, layer: Layer, file: str, base: Document, others: Sequence[Document]
) -> list[Problem]:
    """What is wrong with one file of an overlay.

    `base` is the global file; `others` are the files that it also lies over: a leaf that says the same as
    every file below it changes nothing.
    """
    below = tuple(item.data for item in (base, *others))
    return list(_Check(document, layer).problems(document.data, SHAPES[layer][file], (), below))


@dataclass(frozen=True)
class _Check:
    document: Document
    layer: Layer

    def problems(self, value: Any, shape: Shape, at: Path_, lows: tuple[Any, ...]) -> Iterator[Problem]:
        """The problems of `value` over `lows`, the values below it; the first is that of the global file."""
        if value is None or value in ({}, []):
            yield self._at(at, "is empty", "something that differs, or leave it out")
        elif isinstance(shape, (Fields, Named)):
            yield from self._mapping(value, shape, at, lows)
        elif isinstance(shape, Entries):
            yield from self._entries(value, shape, at, lows)
        elif isinstance(shape, Wordings):
            yield from self._wordings(value, shape, at, lows[0])
        elif shape is Way.ADD:
            yield from self._added(value, at, lows)
        elif all(low == value for low in lows):
            yield self._at(at, "says what the files below say already", "leave it out")
        elif shape is Way.NARROW and not narrower(lows[0], value):
            yield self._at(at, f"lets pass more than the brand's own {lows[0]}", "the same or less")

    def _mapping(
        self, value: Any, shape: Fields | Named, at: Path_, lows: tuple[Any, ...]
    ) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield self._at(at, _MAPPING)
            return
        for name, inner in value.items():
            inside = shape.inside if isinstance(shape, Named) else shape.fields.get(name)
            if inside is None:
                yield self._refused(name, (*at, name), shape.fields if isinstance(shape, Fields) else ())
                continue
            inner_lows = tuple(low.get(name, MISSING) if isinstance(low, dict) else MISSING for low in lows)
            yield from self.problems(inner, inside, (*at, name), inner_lows)

    def _refused(self, name: str, at: Path_, known: Iterable[str]) -> Problem:
        return self._at(
            at, f"'{name}' is nothing that a {self.layer} can say differently", nearest(name, known)
        )

    def _added(self, value: Any, at: Path_, lows: tuple[Any, ...]) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield self._at(at, _LIST)
            return
        known = [low if isinstance(low, list) else [] for low in lows]
        for number, item in enumerate(value):
            if all(item in low for low in known) or item in value[:number]:
                yield self._at((*at, number), f"'{item}' is listed already", "leave it out")

    def _named(self, value: Any, key: str, at: Path_) -> Iterator[Problem]:
        """Entries that are no mappings, have no name, or have one that was given before."""
        if not isinstance(value, list):
            yield self._at(at, _LIST)
            return
        seen: list[object] = []
        for number, item in enumerate(value):
            if not isinstance(item, dict):
                yield self._at((*at, number), _MAPPING)
            elif not isinstance(item.get(key), str):
                yield self._at((*at, number), f"'{key}' is missing")
            elif item[key] in seen:
                yield self._at(
                    (*at, number, key), f"'{item[key]}' is given twice", f"one entry for each {key}"
                )
            else:
                seen.append(item[key])

    def _entries(self, value: Any, shape: Entries, at: Path_, lows: tuple[Any, ...]) -> Iterator[Problem]:
        faults = list(self._named(value, shape.key, at))
        yield from faults
        if faults:
            return
        lists = [low if isinstance(low, list) else [] for low in lows]
        tables = [{entry[shape.key]: entry for entry in entries} for entries in lists]
        for number, item in enumerate(value):
            name, here = item[shape.key], (*at, number)
            found = tuple(table.get(name, MISSING) for table in tables)
            if found[0] is MISSING:
                yield from self._new(item, shape.key, shape.model, tables[0], here)
                continue
            said = {field: inner for field, inner in item.items() if field != shape.key}
            yield from self.problems(said, shape.fields, here, found)

    def _wordings(self, value: Any, shape: Wordings, at: Path_, low: Any) -> Iterator[Problem]:
        faults = list(self._named(value, "id", at))
        yield from faults
        if faults:
            return
        known = {rule["id"]: rule for rule in low}
        for number, item in enumerate(value):
            here = (*at, number)
            if item["id"] in known:
                for name in item.keys() - shape.fields:
                    yield self._refused(name, (*here, name), shape.fields)
            else:
                yield from self._new(item, "id", shape.model if shape.new else None, known, here)
            if self.layer is Layer.LANGUAGE and "languages" in item and item["id"] not in known:
                yield self._at(
                    (*here, "languages"), "'languages' comes from the file's place", "leave it out"
                )

    def _new(self, item: Any, key: str, model: Any, known: Iterable[str], at: Path_) -> Iterator[Problem]:
        """An entry that is not there yet has to be whole; what lacks a field is more likely misspelt."""
        required = [n for n, info in model.model_fields.items() if info.is_required()] if model else []
        lacking = [name for name in required if name not in item]
        if model is None or lacking:
            hint = nearest(item[key], known)
            hint += f"; a new one also needs: {', '.join(lacking)}" if lacking else ""
            yield self._at((*at, key), f"the brand's own file has no '{item[key]}'", hint)

    def _at(self, at: Path_, message: str, expected: str = "") -> Problem:
        return self.document.problem(at, message, expected)

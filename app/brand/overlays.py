"""What a market or a language may say differently from a brand's own files, and how they are laid together.

The tables below name every leaf that may differ: whatever they do not name is the same everywhere. An overlay
replaces words, adds entries, or makes a limit narrower; nothing that it can say drops a rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, StrEnum
from typing import Any

from pydantic import BaseModel

from app.brand.claims_library import LIBRARY_FILE, Claim
from app.brand.models import ClaimRule, Disclosure, NeverInferRule, WordRule
from app.errors import Problem
from app.verdicts.reports import Severity
from app.yaml12 import Document, Path_


class Layer(StrEnum):
    """The two layers over the global files; a language lies over a market."""

    MARKET = "market"
    LANGUAGE = "language"


class Way(Enum):
    """How a leaf may differ."""

    REPLACE = "replaced"
    ADD = "added to"
    NARROW = "made narrower"


@dataclass(frozen=True)
class Fields:
    """A mapping of which only `fields` may differ."""

    fields: Mapping[str, "Shape"]


@dataclass(frozen=True)
class Named:
    """A mapping from free names; an overlay adds names, or says a value anew."""

    inside: "Shape"


@dataclass(frozen=True)
class Entries:
    """A list whose entries are told apart by `key`. One that is there already may differ in `fields`; one
    that is not is added whole, as `model`, or refused where there is none.
    """

    key: str
    fields: Fields
    model: type[BaseModel] | None = None


@dataclass(frozen=True)
class Wordings:
    """A list of rules. An entry with the id of a rule that is there already is a further wording of it, which
    takes over `inherited` where it says nothing, and may give only `fields`; other entries are new rules,
    refused where `new` is not set.
    """

    fields: frozenset[str]
    inherited: frozenset[str]
    model: type[BaseModel]
    new: bool


Shape = Way | Fields | Named | Entries | Wordings
View = tuple[str, str]
"""The language and the market whose overlays are laid over the global files; empty where there is none."""
_DETECTORS = frozenset({"id", "phrases", "patterns", "exceptions", "fails", "passes"})
_CLAIMS = Wordings(
    _DETECTORS | {"frames", "qualifiers", "message", "suggestion", "source"},
    frozenset(
        [
            "category",
            "family",
            "severity",
            "qualifiers",
            "scope",
            "message",
            "suggestion",
            "source",
            "effective_from",
            "effective_until",
        ]
    ),
    ClaimRule,
    new=True,
)
_TRAITS = Wordings(
    _DETECTORS | {"trait", "context_words"},
    frozenset({"trait", "effective_from"}),
    NeverInferRule,
    new=False,
)
_PUNCTUATION = ("exclamation_marks", "question_marks", "ellipsis", "emoji", "capital_words")


def _same(names: str, way: Way) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), way)


_VOICE: dict[str, Shape] = {
    **_same("summary guide tone person formality reading_grade_max", Way.REPLACE),
    "avoid": Entries(
        "word", Fields({**_same("instead why", Way.REPLACE), "severity": Way.NARROW}), model=WordRule
    ),
    "spelling": Named(Named(Way.REPLACE)),
    "punctuation": Fields(dict.fromkeys(_PUNCTUATION, Way.NARROW)),
    "words": Way.ADD,
    "examples": Fields(_same("good bad", Way.REPLACE)),
}
_DISCLOSURE: dict[str, Shape] = {"text": Way.REPLACE, "triggers": Way.ADD, "wordings": Way.REPLACE}
_LIST: dict[str, Shape] = {
    **_same("meaning samples", Way.REPLACE),
    "fallbacks": Fields(_same("name link", Way.REPLACE)),
}

LANGUAGE: dict[str, Shape] = {
    "brand.yaml": Fields(
        {
            **_same("sells postal_address unsubscribe_label preferences_label why_received", Way.REPLACE),
            **_same("packs link_hosts", Way.ADD),
        }
    ),
    "voice.yaml": Fields(_VOICE),
    "claims.yaml": Fields({"rules": _CLAIMS}),
    LIBRARY_FILE: Fields({"claims": Entries("id", Fields({}), model=Claim)}),
    "compliance.yaml": Fields({"disclosures": Entries("id", Fields(_DISCLOSURE), model=Disclosure)}),
    "variables.yaml": Fields(
        {
            "variables": Entries("name", Fields(_same("meaning fallback examples", Way.REPLACE))),
            "lists": Entries("id", Fields(_LIST)),
        }
    ),
    "never_infer.yaml": Fields({"rules": _TRAITS}),
    "assets/manifest.yaml": Fields({"assets": Entries("id", Fields(_same("alt", Way.REPLACE)))}),
}
"""By file: what languages/<xx>/<file> may hold."""

MARKET: dict[str, Shape] = {
    **LANGUAGE,
    "voice.yaml": Fields({**_VOICE, "reading_grade_max": Way.NARROW}),
    "compliance.yaml": Fields(
        {"disclosures": Entries("id", Fields({**_DISCLOSURE, "wordings": Way.NARROW}), model=Disclosure)}
    ),
}
"""By file: what markets/<XX>/<file> may hold. Only another language reads on another scale, or meets
a disclosure in other words."""

FOLDERS = {Layer.MARKET: "markets", Layer.LANGUAGE: "languages"}
SHAPES = {Layer.MARKET: MARKET, Layer.LANGUAGE: LANGUAGE}
MISSING = object()
_SEVERITIES = tuple(severity.value for severity in (Severity.INFO, Severity.WARN, Severity.BLOCK))


def with_wordings(document: Document, base: Document, shape: Shape, language: str | None) -> Document:
    """The document with its rules made whole: what a further wording of a rule takes over, and the language
    that the file's place implies.
    """
    found = shape.fields.get("rules") if isinstance(shape, Fields) else None
    if not isinstance(found, Wordings) or "rules" not in document.data:
        return document
    known = {rule["id"]: rule for rule in base.data["rules"]}
    rules = []
    for rule in document.data["rules"]:
        first = known.get(rule["id"], {})
        implied = {name: first[name] for name in found.inherited | {"languages"} if name in first}
        rules.append({**implied, **rule, **({"languages": [language]} if language else {})})
    whole = replace(document, data={**document.data, "rules": rules})
    for number, rule in enumerate(rules):
        for name in rule:
            at = ("rules", number, name)
            whole.positions.setdefault(at, document.position(at))
    return whole


def narrower(low: object, high: object) -> bool:
    """Whether `high` lets pass at most what `low` does; values that cannot be compared do not."""
    if isinstance(low, bool) and isinstance(high, bool):
        return low or not high
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return high <= low
    if isinstance(low, list) and isinstance(high, list):
        return all(item in low for item in high)
    if isinstance(high, str) and high in _SEVERITIES:
        lowest = low if low in _SEVERITIES else Severity.BLOCK.value
        return _SEVERITIES.index(high) >= _SEVERITIES.index(str(lowest))
    return False


@dataclass
class Merged(Document):
    """Files laid over one another, each value with the file that it comes from."""

    origins: dict[Path_, tuple[Document, Path_]] = field(default_factory=dict)

    def problem(self, path: Path_, message: str, expected: str = "") -> Problem:
        """A problem at the place in the file that brought the value."""
        prefix = path
        while prefix not in self.origins:
            prefix = prefix[:-1]
        document, at = self.origins[prefix]
        return document.problem((*at, *path[len(prefix) :]), message, expected)


def merge(low: Document, high: Document, shape: Shape) -> Merged:
    """`high` laid over `low`. Both have the form that `shape` asks for; what they hold is not judged."""
    origins: dict[Path_, tuple[Document, Path_]] = {(): (low, ())}
    if isinstance(low, Merged):
        origins = dict(low.origins)
    merged = Merged(low.file, origins=origins)
    merged.data = _Laying(merged, high).lay(low.data, high.data, shape, (), ())
    merged.positions = dict.fromkeys(_paths(merged.data, ()), (1, 1))
    return merged


@dataclass(frozen=True)
class _Laying:
    """`at` is where a value stands in the merged file and in the lower one, `from_` where in the higher."""

    merged: Merged
    high: Document

    def lay(self, low: Any, value: Any, shape: Shape, at: Path_, from_: Path_) -> Any:
        if isinstance(shape, (Fields, Named)):
            if low is MISSING:
                self.merged.origins[at] = (self.high, from_)
            result = {} if low is MISSING else dict(low)
            for name, inner in value.items():
                inside = shape.fields[name] if isinstance(shape, Fields) else shape.inside
                below = result.get(name, MISSING)
                result[name] = self.lay(below, inner, inside, (*at, name), (*from_, name))
            return result
        if shape is Way.REPLACE or shape is Way.NARROW:
            if shape is Way.NARROW and low is not MISSING and not narrower(low, value):
                return low
            self.merged.origins[at] = (self.high, from_)
            return value
        return self._entries(low, value, shape, at, from_)

    def _entries(self, low: Any, value: Any, shape: Shape, at: Path_, from_: Path_) -> list[Any]:
        """A list keeps its entries where they are; what is new follows."""
        if low is MISSING:
            self.merged.origins[at] = (self.high, from_)
        entries = [] if low is MISSING else list(low)
        for number, item in enumerate(value):
            there = (*from_, number)
            place = self._place(entries, item, shape)
            if isinstance(shape, Entries) and place is not None:
                fields = {name: inner for name, inner in item.items() if name in shape.fields.fields}
                entries[place] = self.lay(entries[place], fields, shape.fields, (*at, place), there)
            elif place is None:
                self.merged.origins[*at, len(entries)] = (self.high, there)
                entries.append(item)
        return entries

    @staticmethod
    def _place(entries: list[Any], item: Any, shape: Shape) -> int | None:
        """Where the entry stands that `item` is about; rules are always new wordings."""
        if isinstance(shape, Entries):
            return next((n for n, entry in enumerate(entries) if entry[shape.key] == item[shape.key]), None)
        return entries.index(item) if shape is Way.ADD and item in entries else None


def _paths(data: Any, at: Path_) -> Iterator[Path_]:
    yield at
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for name, value in items:
        yield from _paths(value, (*at, name))

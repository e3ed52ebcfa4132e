"""The small brand with German copy, and for each leaf that an overlay may hold a file that differs in it."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.brand.effects import Effect
from app.brand.overlays import FOLDERS, SHAPES, Entries, Fields, Layer, Named, Shape, Wordings
from app.brief.models import Brief
from app.yaml12 import Document, read_as
from tests.content.small_brand import BRIEF, FILES, SmallBrand
from tests.release.content import PACK_HEAD, PACK_RULE, dump

PLACES = {Layer.MARKET: "DE", Layer.LANGUAGE: "de"}
Leaf = tuple[str, str]
"""A file, and the way to a leaf in it: `[]` is an entry that is there already, `[new]` one that is not."""


def _rule(rule_id: str, phrase: str, **more: Any) -> dict[str, Any]:
    return {"id": rule_id, "phrases": [phrase], "fails": [f"Ein {phrase} Weg"], "passes": ["Gut."], **more}


NEW_RULE = _rule(
    "ewig",
    "ewig",
    category="guarantee",
    family="legal",
    message="says for ever",
    suggestion="say how long",
    source="house rule",
)
NEW_CLAIM = {
    "id": "wege_und_erkaeltungen",
    "text": "Ein langer Weg heilt Erkältungen.",
    "permits": ["health_claim"],
    "evidence": {"document": "Bericht 9"},
    "valid_from": "2026-01-01",
    "expires": "2027-06-01",
    "owner": "Lou Legal",
}
NEW_DISCLOSURE = {"id": "imprint", "place": "layout", "text": "Impressum auf der Seite.", "source": "DDG § 5"}
HOST = "fernhill.test"


@dataclass
class GermanBrand(SmallBrand):
    """The small brand with a German locale, asked for German copy only."""

    @classmethod
    def written(cls, root: Path) -> "GermanBrand":
        """The brand as it is, written, with a pack that no file names."""
        made = SmallBrand.made(root)
        made.change("brand.yaml", ("locales",), ["en-US", "en-GB", "de-DE"])
        made.change("voice.yaml", ("formality",), "informal")
        made.change("voice.yaml", ("punctuation", "ellipsis"), True)
        made.change("voice.yaml", ("punctuation", "emoji"), True)
        for index in range(2):
            made.change("never_infer.yaml", ("rules", index, "languages"), ["en", "de"])
        pack = {**PACK_RULE, "id": "german_pack", "phrases": ["garantiert"], "fails": ["Garantiert gut."]}
        dump(
            root / "brand" / "_packs" / "germany.yaml",
            {"pack": PACK_HEAD, "rules": [{**pack, "languages": ["de"]}]},
        )
        return cls(root)

    def copied(self, root: Path) -> "GermanBrand":
        """A copy of the written brand that may be changed."""
        super().copied(root)
        return GermanBrand(root)

    def brief(self, **changes: Any) -> tuple[Brief, Document]:
        """A brief for one German target, whose link leads to a host that only an overlay may name."""
        brief = copy.deepcopy({**BRIEF, **changes})
        target = {**brief["targets"][0], "locale": "de-DE", "market": "DE"}
        brief["targets"] = [target]
        path = self.root / "brief.yaml"
        dump(path, brief)
        return read_as(path, Brief)

    def overlay(self, layer: Layer, file: str, data: Any) -> None:
        """Write one overlay file."""
        dump(self.folder / FOLDERS[layer] / PLACES[layer] / file, data)


def _walk(shape: Shape, at: str) -> Iterator[str]:
    if isinstance(shape, Fields):
        for name, inside in shape.fields.items():
            yield from _walk(inside, f"{at}.{name}" if at else name)
    elif isinstance(shape, Named):
        yield from _walk(shape.inside, f"{at}.*")
    elif isinstance(shape, Entries):
        yield from _walk(shape.fields, f"{at}[]")
        if shape.model is not None:
            yield f"{at}[new]"
    elif isinstance(shape, Wordings):
        yield f"{at}[]"
        if shape.new:
            yield f"{at}[new]"
    else:
        yield at


LEAVES: dict[Layer, list[Leaf]] = {
    layer: [(file, leaf) for file, shape in files.items() for leaf in _walk(shape, "")]
    for layer, files in SHAPES.items()
}


def _avoid(**entry: str) -> dict[str, Any]:
    return {"avoid": [entry]}


def _disclosure(**entry: Any) -> dict[str, Any]:
    return {"disclosures": [entry]}


def _variable(**entry: Any) -> dict[str, Any]:
    return {"variables": [{"name": "person.first_name", **entry}]}


def _list(**entry: Any) -> dict[str, Any]:
    return {"lists": [{"id": "left_behind", **entry}]}


_WORDS = FILES["compliance.yaml"]["disclosures"][0]["wordings"]
CHANGES: dict[Leaf, tuple[dict[str, Any], Effect]] = {
    ("brand.yaml", "sells"): ({"sells": "Zelte"}, Effect.PROMPT),
    ("brand.yaml", "postal_address"): ({"postal_address": "Farnweg 1, 79100 Freiburg"}, Effect.EMAIL),
    ("brand.yaml", "unsubscribe_label"): ({"unsubscribe_label": "Abmelden"}, Effect.EMAIL),
    ("brand.yaml", "preferences_label"): ({"preferences_label": "Auswählen"}, Effect.EMAIL),
    ("brand.yaml", "why_received"): ({"why_received": "Weil du uns kennst."}, Effect.EMAIL),
    ("brand.yaml", "packs"): ({"packs": ["germany"]}, Effect.VERDICT),
    ("brand.yaml", "link_hosts"): ({"link_hosts": [HOST]}, Effect.ROUTING),
    ("voice.yaml", "summary"): ({"summary": "Ruhig."}, Effect.PROMPT),
    ("voice.yaml", "guide"): ({"guide": "Sprich ruhig."}, Effect.PROMPT),
    ("voice.yaml", "tone"): ({"tone": ["ruhig", "warm"]}, Effect.PROMPT),
    ("voice.yaml", "person"): ({"person": "neutral"}, Effect.VERDICT),
    ("voice.yaml", "formality"): ({"formality": "formal"}, Effect.VERDICT),
    ("voice.yaml", "reading_grade_max"): ({"reading_grade_max": 3}, Effect.VERDICT),
    ("voice.yaml", "avoid[].instead"): (_avoid(word="unleash", instead="los"), Effect.VERDICT),
    ("voice.yaml", "avoid[].why"): (_avoid(word="unleash", why="laut"), Effect.VERDICT),
    ("voice.yaml", "avoid[].severity"): (_avoid(word="game-changer", severity="block"), Effect.VERDICT),
    ("voice.yaml", "avoid[new]"): (_avoid(word="Wanderlust", why="abgenutzt"), Effect.VERDICT),
    ("voice.yaml", "spelling.*.*"): ({"spelling": {"de-DE": {"potential": "Potenzial"}}}, Effect.VERDICT),
    ("voice.yaml", "punctuation.exclamation_marks"): (
        {"punctuation": {"exclamation_marks": 0}},
        Effect.VERDICT,
    ),
    ("voice.yaml", "punctuation.question_marks"): ({"punctuation": {"question_marks": 0}}, Effect.VERDICT),
    ("voice.yaml", "punctuation.ellipsis"): ({"punctuation": {"ellipsis": False}}, Effect.VERDICT),
    ("voice.yaml", "punctuation.emoji"): ({"punctuation": {"emoji": False}}, Effect.VERDICT),
    ("voice.yaml", "punctuation.capital_words"): ({"punctuation": {"capital_words": 0}}, Effect.VERDICT),
    ("voice.yaml", "words"): ({"words": ["Xqzaltal"]}, Effect.VERDICT),
    ("voice.yaml", "examples.good"): (
        {"examples": {"good": [f"Ein guter Weg {n}" for n in "abcde"]}},
        Effect.DECISION,
    ),
    ("voice.yaml", "examples.bad"): (
        {"examples": {"bad": [{"text": f"Ein guter Weg {n}", "rule": "voice"} for n in "abc"]}},
        Effect.LOADING,
    ),
    ("claims.yaml", "rules[]"): ({"rules": [_rule("heilt", "kuriert")]}, Effect.VERDICT),
    ("claims.yaml", "rules[new]"): ({"rules": [NEW_RULE]}, Effect.VERDICT),
    ("claims_library.yaml", "claims[new]"): ({"claims": [NEW_CLAIM]}, Effect.VERDICT),
    ("compliance.yaml", "disclosures[].text"): (
        _disclosure(id="winback_layout", text="Bedingungen auf der Seite."),
        Effect.EMAIL,
    ),
    ("compliance.yaml", "disclosures[].triggers"): (
        _disclosure(id="free_terms", triggers=["Zugabe"]),
        Effect.VERDICT,
    ),
    ("compliance.yaml", "disclosures[].wordings"): (
        _disclosure(id="free_terms", wordings=_WORDS[:1]),
        Effect.VERDICT,
    ),
    ("compliance.yaml", "disclosures[new]"): (_disclosure(**NEW_DISCLOSURE), Effect.EMAIL),
    ("variables.yaml", "variables[].meaning"): (_variable(meaning="der Vorname"), Effect.PROMPT),
    ("variables.yaml", "variables[].fallback"): (_variable(fallback="du"), Effect.EMAIL),
    ("variables.yaml", "variables[].examples"): (
        _variable(examples=["Jo", "Bartholomäus Maximilian der Jüngere von der unteren Farnburg am See"]),
        Effect.VERDICT,
    ),
    ("variables.yaml", "lists[].meaning"): (_list(meaning="was im Korb liegt"), Effect.PROMPT),
    ("variables.yaml", "lists[].fallbacks.name"): (_list(fallbacks={"name": "Deine Wahl"}), Effect.EMAIL),
    ("variables.yaml", "lists[].fallbacks.link"): (
        _list(fallbacks={"link": "https://fernhill.example/korb"}),
        Effect.EMAIL,
    ),
    ("variables.yaml", "lists[].samples"): (_list(samples=[{"name": "Zelt"}, {}]), Effect.EMAIL),
    ("never_infer.yaml", "rules[]"): ({"rules": [_rule("health", "dein Rheuma")]}, Effect.VERDICT),
    ("assets/manifest.yaml", "assets[].alt"): ({"assets": [{"id": "hill", "alt": "Ein Berg"}]}, Effect.EMAIL),
}
"""What an overlay says at the leaf, and where it shows."""


def change(layer: Layer, leaf: Leaf) -> dict[str, Any]:
    """The overlay file for a leaf. A market's rules name their language, which a language's do not."""
    data = copy.deepcopy(CHANGES[leaf][0])
    if layer is Layer.MARKET and leaf == ("claims.yaml", "rules[new]"):
        data["rules"][0]["languages"] = ["de"]
    return data


JUDGED: tuple[tuple[str, str, str], ...] = (
    ("hero", "body", "Unleash den Wald, ein game-changer, so viel Wanderlust und potential."),
    ("hero", "body", "Wir zeigen dir hier den Weg, und Sie finden ihn."),
    ("hero", "headline", "Komm und geh! Bist du bereit?"),
    ("hero", "headline", "Gleich geht es los... \U0001f97e"),
    ("hero", "headline", "Geh den WEITEN Weg nach Xqzaltal"),
    (
        "hero",
        "body",
        "Die Wanderung beginnt am kleinen Parkplatz hinter der Kirche und führt gemütlich durch den Wald"
        " hinauf zur Aussicht über das Tal.",
    ),
    ("hero", "body", "Es kuriert alles, hält ewig und ist garantiert für dein Rheuma."),
    ("hero", "body", "Ein langer Weg heilt Erkältungen."),
    ("hero", "body", "Eine Zugabe für dich."),
    ("hero", "body", "Take a free gift with any order."),
    ("hero", "headline", "Schön, dass du wieder da bist, {person.first_name}"),
)
"""Kind, field and German text: together they meet every part that an overlay may change."""

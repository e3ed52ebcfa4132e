"""Invariant 7 for overlays: each leaf that a market or a language may say differently has its effect."""

from functools import cache
from pathlib import Path

import pytest

from app.brand.effects import Effect
from app.brand.overlays import Layer
from app.generation.material import approved_vocabulary
from app.release.content import SlotContent
from app.release.judging import LibraryJudge
from tests.content.overlaid import CHANGES, HOST, JUDGED, LEAVES, GermanBrand, Leaf, change
from tests.content.probes import AS_OF, PROBES
from tests.release.content import query


def verdict(german: GermanBrand) -> str:
    """Every report over the fixed German copy."""
    library = german.load()
    judge = LibraryJudge(library, "de-DE", journey="winback", market="DE", segment="weekend_hikers")
    facts = query().facts.model_copy(update={"locale": "de-DE"})
    return "\n".join(
        judge(SlotContent(kind, {field: text}, None), facts=facts, as_of=AS_OF).model_dump_json()
        for kind, field, text in JUDGED
    )


def decision(german: GermanBrand) -> str:
    """The words that count as the brand's own when copy is scored."""
    return str(sorted(approved_vocabulary(german.load().localised("de-DE"), "hero", "de")))


def routing(german: GermanBrand) -> str:
    """Whether a link to a host that only an overlay may name leads anywhere."""
    return str(HOST in german.load().localised("de-DE").brand.identity.link_hosts) + PROBES[Effect.ROUTING](
        german
    )


def probe(effect: Effect, german: GermanBrand) -> str:
    own = {Effect.VERDICT: verdict, Effect.DECISION: decision, Effect.ROUTING: routing}
    return own[effect](german) if effect in own else PROBES[effect](german)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> GermanBrand:
    return GermanBrand.written(tmp_path_factory.mktemp("german"))


class Before:
    """What each probe says of the brand without overlays, asked once."""

    def __init__(self, original: GermanBrand, root: Path) -> None:
        self.original = original
        self.root = root
        self.of = cache(self._of)

    def _of(self, effect: Effect) -> str:
        return probe(effect, self.original.copied(self.root / effect.value))


@pytest.fixture(scope="module")
def before(original: GermanBrand, tmp_path_factory: pytest.TempPathFactory) -> Before:
    return Before(original, tmp_path_factory.mktemp("before"))


def test_there_is_a_change_for_every_leaf_of_an_overlay() -> None:
    assert CHANGES.keys() == {leaf for leaves in LEAVES.values() for leaf in leaves}


@pytest.mark.parametrize(
    ("layer", "leaf"), [(layer, leaf) for layer, leaves in LEAVES.items() for leaf in leaves]
)
def test_invariant_7_what_an_overlay_says_has_its_effect(
    layer: Layer, leaf: Leaf, original: GermanBrand, before: Before, tmp_path: Path
) -> None:
    effect = CHANGES[leaf][1]
    german = original.copied(tmp_path)
    german.overlay(layer, leaf[0], change(layer, leaf))
    assert probe(effect, german) != before.of(effect), f"{leaf} in a {layer} changes no {effect.value}"


@pytest.mark.parametrize("layer", Layer)
def test_what_is_said_for_germany_and_german_changes_nothing_for_others(
    layer: Layer, original: GermanBrand, tmp_path: Path
) -> None:
    german = original.copied(tmp_path)
    untouched = german.load().brand
    for file in {leaf[0] for leaf in LEAVES[layer]}:
        first = next(leaf for leaf in LEAVES[layer] if leaf[0] == file)
        german.overlay(layer, file, change(layer, first))
    elsewhere = german.load().brand.localised("en-US")
    assert elsewhere.identity == untouched.identity
    assert elsewhere.voice == untouched.voice
    assert elsewhere.claims == untouched.claims
    assert elsewhere.hash != untouched.hash

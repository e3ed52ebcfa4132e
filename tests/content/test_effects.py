"""Invariant 7, second half: a change of any field of a brand folder shows where the field says it does."""

from functools import cache
from pathlib import Path

import pytest

from app.brand.effects import Effect
from tests.content.changes import CHANGES
from tests.content.leaves import LEAVES
from tests.content.probes import PROBES, loading
from tests.content.small_brand import SmallBrand


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SmallBrand:
    return SmallBrand.made(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="module")
def before(original: SmallBrand, tmp_path_factory: pytest.TempPathFactory) -> "Before":
    return Before(original, tmp_path_factory.mktemp("before"))


class Before:
    """What each probe says of the brand as it is, asked once."""

    def __init__(self, original: SmallBrand, root: Path) -> None:
        self.original = original
        self.root = root
        self.of = cache(self._of)

    def _of(self, effect: Effect) -> str:
        return PROBES[effect](self.original.copied(self.root / effect.value))


def test_the_small_brand_is_sound(original: SmallBrand) -> None:
    assert loading(original) == ""
    assert len(original.plan()) == 12


def test_there_is_a_change_for_every_leaf() -> None:
    assert CHANGES.keys() == LEAVES.keys()


@pytest.mark.parametrize("effect", Effect)
def test_a_probe_says_the_same_of_the_same_brand(
    effect: Effect, original: SmallBrand, before: Before, tmp_path: Path
) -> None:
    assert PROBES[effect](original.copied(tmp_path)) == before.of(effect)


@pytest.mark.parametrize("leaf", LEAVES)
def test_invariant_7_a_change_of_this_field_has_its_effect(
    leaf: str, original: SmallBrand, before: Before, tmp_path: Path
) -> None:
    (effect,) = LEAVES[leaf].effects
    small = original.copied(tmp_path)
    small.change(*CHANGES[leaf])
    assert PROBES[effect](small) != before.of(effect), f"{leaf} declares {effect.value}, and nothing changed"

"""Invariant 7, first half: every leaf of a brand file declares the one effect that it has."""

from typing import Annotated

import pytest
from pydantic import BaseModel

from app.brand.effects import Effect
from app.brand.loader import FILES
from tests.content.leaves import ALL, LEAVES, Field, fields_of


@pytest.mark.parametrize("field", LEAVES.values(), ids=LEAVES)
def test_invariant_7_every_leaf_declares_one_effect(field: Field) -> None:
    assert len(field.effects) == 1, f"{field.label} declares {field.effects}"


@pytest.mark.parametrize("field", [item for item in ALL.values() if not item.leaf], ids=lambda f: f.label)
def test_a_field_that_holds_models_leaves_the_effect_to_them(field: Field) -> None:
    assert field.effects == ()


def test_the_walk_reaches_every_file_and_every_depth() -> None:
    reached = {field.model for field in ALL.values()}
    assert set(FILES.values()) <= reached
    assert {"Design.accent", "Rung.percent", "BadExample.rule", "Budgets.brief_usd", "Asset.alt"} <= set(
        LEAVES
    )
    assert {"BrandIdentity.design", "Offer.ladder", "VoiceGuide.avoid"}.isdisjoint(LEAVES)


def test_a_leaf_without_an_effect_is_found() -> None:
    class Inner(BaseModel):
        told: Annotated[str, Effect.PROMPT]
        forgotten: str
        twice: Annotated[str, Effect.PROMPT, Effect.EMAIL]

    class Outer(BaseModel):
        inner: dict[str, tuple[Inner, ...]]

    found = {field.name: (field.leaf, len(field.effects)) for field in fields_of(Outer)}
    assert found == {"inner": (False, 0), "told": (True, 1), "forgotten": (True, 0), "twice": (True, 2)}


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_is_declared_by_some_field(effect: Effect) -> None:
    assert any(field.effects == (effect,) for field in LEAVES.values())

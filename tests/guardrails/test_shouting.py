"""Shouting, and what only looks like it."""

import pytest

from app.guardrails.shouting import GUARDRAIL
from tests.guardrails.people import blocked

PASSES = (
    "BROWSE THE RANGE",
    "NEW: the CDC and NHS on UK TV",
    "Sizes XS, S, M, L, XL, XXL and XXXL",
    "ISO 9001, EN 71, DIN 5008, BS 1363, UL 94",
    "DIY kit for UK, USA, EU, NZ and AU",
    "Ho ho ho!",
    "Location, location, location",
    "Rain, rain, rain. Then sun.",
    "Vitamins A B C D E",
    "R.S.V.P. to the U.A.E.",
    "L-O-V-E letters for the wall",
    "iPhone, eBay and LaTeX",
    "Mud! Glorious mud! 🥾",
    "A family 👨‍👩‍👧‍👦 and a flag 🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "Wait... what?!",
    "C++ and C#",
)
FAILS = (
    ("EVERY SADDLE IN THE WHOLE SHOP", "EVERY SADDLE IN THE WHOLE SHOP"),
    ("ＢＩＧ ＳＡＬＥ ＩＮ ＴＨＥ ＳＨＯＰ", None),
    ("HUGE savings, BIG deals, MORE boots, ALL YOURS", None),
    ("BIG BIG deals", "BIG BIG"),
    ("Hurry hurry hurry!", "Hurry hurry hurry"),
    ("What a day!!!", "!!!"),
    ("Boots ! ! !", "! ! !"),
    ("€€€ for you", "€€€"),
    ("Open >>> here", ">>>"),
    ("🎄🎁✨ here", "🎄🎁✨"),
    ("M U D   S E A S O N", None),
    ("F-R-E-E boots", "F-R-E-E"),
    ("mUd SeAsOn Is HeRe", None),
)


@pytest.mark.parametrize("text", PASSES)
def test_names_acronyms_and_calls_to_action_pass(text: str) -> None:
    assert blocked(GUARDRAIL, text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_shouting_is_refused(text: str, words: str | None) -> None:
    found = blocked(GUARDRAIL, text)
    assert found
    assert words is None or words in found


def test_a_supplied_name_may_stand_in_capitals() -> None:
    assert blocked(GUARDRAIL, "THE OLD OAK HALL MUG", {"product": "THE OLD OAK HALL MUG"}) == []


def test_a_short_field_holds_fewer_marks_than_a_body() -> None:
    assert blocked(GUARDRAIL, "Boots! Coats! Hats!", field="subject")
    assert blocked(GUARDRAIL, "Boots! Coats! Hats!") == []

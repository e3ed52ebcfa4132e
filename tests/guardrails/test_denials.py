"""A denial takes a claim back; a wink, a question or "not just" does not."""

import pytest

from app.guardrails.denials import denied
from app.guardrails.frame import Piece


def _span(text: str, claim: str) -> tuple[int, int]:
    start = text.index(claim)
    return start, start + len(claim)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("There is no good evidence that magnets ease pain.", "ease pain"),
        ("It isn't the fastest printer on the market, just a quiet one.", "fastest printer"),
        ("We don't call this packaging sustainable: the lid goes in the bin.", "sustainable"),
        ("Not every applicant will be accepted.", "every applicant will be accepted"),
        ("Offsetting doesn't make a flight carbon neutral.", "Offsetting doesn't make"),
        ("Not all of our packaging is recyclable anywhere yet.", "recyclable anywhere"),
    ],
)
def test_an_honest_denial_is_no_claim(text: str, claim: str) -> None:
    assert denied(Piece(text=text), _span(text, claim), "guarantee", "en")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("We can't call it a cure, but you will.", "cure"),
        ("It's not just the fastest printer in the world.", "the fastest printer"),
        ("Not sleeping? This tea cures insomnia.", "cures insomnia"),
        ("We can't stop saying it: the world's best marmalade.", "best marmalade"),
        ("Fold it. It eases pain.", "eases pain"),
    ],
)
def test_a_wink_or_another_sentence_denies_nothing(text: str, claim: str) -> None:
    assert not denied(Piece(text=text), _span(text, claim), "health_claim", "en")


def test_not_overpriced_like_theirs_runs_somebody_down_all_the_same() -> None:
    text = "Ours is not overpriced."
    assert not denied(Piece(text=text), _span(text, "overpriced"), "competitor_disparagement", "en")


def test_a_language_without_denials_denies_nothing() -> None:
    text = "It isn't the fastest."
    assert not denied(Piece(text=text), _span(text, "fastest"), "guarantee", "xx")

"""Folding undoes disguises, keeps clean text readable, and always knows the way back."""

import sys
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails.fold import fold, shadows

ANY_TEXT = st.text(st.characters(categories=None), max_size=200)
SPICY = st.text(
    st.sampled_from("aAсеßıİŉﬁ½…™²\u200b\u202e\u0301\ud800\x00\x85 \t\n.-_'`“𝐜🅰🇨٣ᄀ각ʼ"), max_size=60
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cures", "cures"),
        ("сurеs", "cures"),
        ("cu\u200br\u00ade\u2060s", "cures"),
        ("cúr̶es", "cures"),
        ("ｃｕｒｅｓ 𝐜𝐮𝐫𝐞𝐬 ⓒⓤⓡⓔⓢ 🅲🆄🆁🅴🆂", "cures cures cures cures"),
        ("ᴄᴜʀᴇꜱ", "cures"),
        ("risk\u2011free \u201cnow\u201d it\u2019s", 'risk-free "now" it\'s'),
        ("a \u00a0\n\u200b b", "a b"),
        ("½ price, １５％", " 1/2 price, 15%"),
        ("cures™ it²", "cures it"),
        ("Привет from Riga", "привет from riga"),
        ("Καλημέρα", "καλημερα"),
        ("Łódź, Straße, Ægir", "lodz, strasse, aegir"),
    ],
)
def test_folds(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("it c u r e s", "cures"),
        ("c.u.r.e.s it", "cures"),
        ("c-u-r-e-s", "cures"),
        ("C U R E S   C O L D S", "cures colds"),
    ],
)
def test_a_shadow_writes_spaced_letters_together(text: str, found: str) -> None:
    assert found in shadows(text)[1].text


@pytest.mark.parametrize("text", ["", "plain words", "a.m. or p.m., i.e. now", "U.S. and UK", "A B C"])
def test_ordinary_text_has_one_shadow(text: str) -> None:
    assert len(shadows(text)) == 1


@given(st.one_of(ANY_TEXT, SPICY))
def test_every_span_lies_in_the_text_and_is_not_empty(text: str) -> None:
    for shadow in shadows(text):
        assert len(shadow.text) == len(shadow.origins)
        assert shadow.turned or list(shadow.origins) == sorted(shadow.origins)
        for start in range(len(shadow.text)):
            for end in (start + 1, len(shadow.text)):
                first, last = shadow.span(start, end)
                assert 0 <= first < last <= len(text)


@given(st.one_of(ANY_TEXT, SPICY))
def test_folding_again_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text == once
    once.encode()  # and nothing is left that cannot be written


def test_every_character_folds_to_something_stable() -> None:
    for code in range(0, sys.maxunicode + 1, 1 if sys.maxunicode < 0x10000 else 7):
        once = fold(chr(code)).text
        assert fold(once).text == once, hex(code)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=80))
def test_letters_stay_letters(text: str) -> None:
    """Folding never lowers what a later step sees: no letter or digit is lost without a trace."""
    kept = [c for c in text if unicodedata.category(c)[0] in "LN" and c not in "¹²³"]
    assert sum(c.isalnum() for c in fold(text).text) >= len(kept)


def seconds(text: str) -> float:
    best = 9.0
    for _ in range(5):
        start = time.perf_counter()
        shadows(text)
        best = min(best, time.perf_counter() - start)
    return best


@pytest.mark.parametrize("unit", ["héllo wörld ", "a b ", "сu\u200bre ", "a.", "\u0301"])
def test_cost_grows_with_the_length(unit: str) -> None:
    small, large = unit * 4_000, unit * 40_000
    assert seconds(large) < 40 * max(seconds(small), 1e-4)  # ten times the text; a square would cost 100

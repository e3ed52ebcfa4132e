"""Hostile copy takes time in proportion to its length, on every guardrail and in the folding.

The only test that looks at a clock: it compares the times of two lengths, never a time with a limit. Four
times the text takes four times as long when every step is linear, and sixteen times when one is quadratic.
"""

import time

import pytest

from app.guardrails.suite import judge
from tests.factories import make_context, make_piece

SHORT, LONG = 5_000, 20_000
MOST_GROWTH = 12
FLOOR = 0.05
"""Seconds: below this the clock says nothing about growth."""
RUNS = 3
UNITS = (
    "1,",
    "1.",
    "1",
    "a",
    "a.b",
    "uk-",
    "'b",
    "x@y.",
    "/",
    ".",
    "{",
    "$1 ",
    "AB12 ",
    "two for ",
    "who-for",
    "{person.first_name} ",
    "{{ a.b }} ",
    "zwei ",
    "und",
    "quatre-vingt-",
    "l'",
    "vous ",
    "a dot ",
    "a@",
    "http://",
    "12 ",
    "0-",
    "A ",
    "!?",
    "You're ",
    "Tom Barker ",
    '"a b" - ',
    "other brands ",
    "your ",
    "a ",
    "a.",
    "ab-",
    "c4",
    "1l",
    "aaab",
    "reutrn ",
    "&#101;",
    "&amp;",
    "<b",
    "<!--",
    "\u202ea\u202c",
    "\u202e",
    "a**",
    "_a",
)
"""Each made some step quadratic once, by patterns that were tried again from every character, or is a
disguise that folding undoes.
"""


def _seconds(text: str, *, tokens_only: bool, locale: str) -> float:
    context = make_context(tokens_only=tokens_only, locale=locale)
    best = float("inf")
    for _ in range(RUNS):
        begun = time.process_time()
        judge(make_piece(text), context)
        best = min(best, time.process_time() - begun)
        if best < FLOOR:
            break
    return best


@pytest.mark.parametrize(
    ("locale", "tokens_only"), [("en-US", False), ("en-US", True), ("de-DE", True), ("fr-FR", True)]
)
@pytest.mark.parametrize("unit", UNITS)
def test_four_times_the_text_takes_no_more_than_in_proportion(
    unit: str, locale: str, tokens_only: bool
) -> None:
    whole = unit * (LONG // len(unit)) + "x"
    longer = _seconds(whole, tokens_only=tokens_only, locale=locale)
    if longer >= FLOOR:
        shorter = _seconds(unit * (SHORT // len(unit)) + "x", tokens_only=tokens_only, locale=locale)
        assert longer / shorter < MOST_GROWTH


@pytest.mark.parametrize("text", ["{{" + " " * 6_000, "{{a" + ("|" + " " * 30) * 6 + "}}"])
def test_blanks_inside_braces_are_read_once(text: str) -> None:
    assert judge(make_piece(text), make_context(tokens_only=False)).results

"""The matcher finds phrases and patterns on word edges, honours exceptions, and stays linear."""

import time

import pytest
import re2
from hypothesis import given
from hypothesis import strategies as st

from app.errors import UsageError
from app.guardrails.fold import shadows
from app.guardrails.matcher import MOST_HITS, Matcher, Wording

ANY_TEXT = st.text(st.characters(categories=None), max_size=200)
PARTS = st.lists(
    st.sampled_from(["free", "gluten-free", "cure", "best", "é", "\u200b", " ", "-", "{a.b}", "ß", "x"])
)


def rule(**fields: tuple[str, ...]) -> Wording:
    return Wording(id="r", message="m", **fields)  # type: ignore[arg-type]


def words(text: str, *rules: Wording) -> list[str]:
    return [text[hit.start : hit.end] for hit in Matcher(rules).hits(shadows(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("free", ["free"]),
        ("Free! freely, carefree, free", ["Free", "free"]),
        ("gluten-free, and free", ["free"]),
        ("gluten-free", []),
        ("gluten-free-free", ["free"]),
        ("{offer.free} {{ free }}", []),
        ("a cure for pain", ["cure for pain"]),
        ("Größe", ["Größe"]),
        ("free free", ["free", "free"]),
    ],
)
def test_finds(text: str, found: list[str]) -> None:
    one = rule(phrases=("free",), patterns=(r"\bcure\b.{0,9}pain", "größe"), exceptions=("gluten-free",))
    assert words(text, one) == found


def test_a_pattern_inside_an_exception_does_not_count() -> None:
    one = rule(patterns=(r"\bbest\b",), exceptions=("best of luck",))
    assert words("Best of luck with the best", one) == ["best"]


def test_a_rule_reports_a_bounded_number_of_places() -> None:
    assert len(words("free " * 500, rule(phrases=("free",)))) == MOST_HITS


def test_exceptions_do_not_use_up_the_places() -> None:
    text = "gluten-free " * 100 + "free"
    assert words(text, rule(phrases=("free",), exceptions=("gluten-free",))) == ["free"]


@pytest.mark.parametrize("bad", [{"patterns": ("(",)}, {"patterns": ("(?=x)",)}, {"phrases": ("\u200b",)}])
def test_a_rule_that_can_find_nothing_is_an_error(bad: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UsageError, match="rule 'r'"):
        Matcher([rule(**bad)])


def test_a_set_that_runs_out_of_memory_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    matcher = Matcher([rule(patterns=(r"\bcure\b",)), rule(patterns=(r"\bheal\b",))])
    monkeypatch.setattr(re2.Set, "Match", lambda self, text: None)
    assert len(matcher.hits(shadows("cure and heal"))) == 2


@given(st.one_of(ANY_TEXT, PARTS.map("".join)))
def test_every_hit_lies_in_the_text(text: str) -> None:
    rules = [
        rule(phrases=("free", "e", "ss"), exceptions=("gluten-free",)),
        rule(patterns=(r"\w", r".{0,3}e", "(?s).*"), exceptions=("cure",)),
    ]
    for hit in Matcher(rules).hits(shadows(text)):
        assert 0 <= hit.start < hit.end <= len(text)


def test_many_hits_cost_in_proportion() -> None:
    matcher = Matcher(
        [rule(phrases=("free",), patterns=(r"\bcure\b.{0,40}\bpain\b", r"é.{0,20}z"), exceptions=("free é",))]
    )

    def seconds(text: str) -> float:
        copies = shadows(text)
        start = time.perf_counter()
        matcher.hits(copies)
        return time.perf_counter() - start

    unit = "free é cure z pain "
    assert seconds(unit * 10_000) < 40 * max(seconds(unit * 1_000), 1e-4)

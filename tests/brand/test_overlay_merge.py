"""Laying files over one another: the order of brackets does not matter, and nothing that was said is lost."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.brand.models import ClaimRule
from app.brand.overlays import Entries, Fields, Named, Shape, Way, Wordings, merge, narrower
from app.yaml12 import Document

WORD = st.sampled_from("abcde")
RULES = Wordings(frozenset(), frozenset(), ClaimRule, new=True)
SHAPE = Fields(
    {
        "said": Way.REPLACE,
        "most": Way.NARROW,
        "listed": Way.ADD,
        "spelt": Named(Named(Way.REPLACE)),
        "rules": RULES,
        "entries": Entries("id", Fields({"text": Way.REPLACE, "words": Way.ADD, "limit": Way.NARROW})),
    }
)
UNIQUE = st.lists(WORD, unique=True, max_size=4)
ENTRY = st.fixed_dictionaries(
    {"id": WORD}, optional={"text": WORD, "words": UNIQUE, "limit": st.integers(0, 9)}
)
DATA: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "said": WORD,
        "most": st.integers(0, 9),
        "listed": UNIQUE,
        "spelt": st.dictionaries(WORD, st.dictionaries(WORD, WORD, max_size=3), max_size=3),
        "rules": st.lists(st.fixed_dictionaries({"id": WORD}), max_size=3),
        "entries": st.lists(ENTRY, unique_by=lambda item: item["id"], max_size=4),
    },
)


def document(data: Any, name: str = "low") -> Document:
    return Document(name, data)


def laid(low: Any, *higher: Any) -> Any:
    """The data of `higher` laid over `low` one after the other."""
    merged = document(low)
    for number, data in enumerate(higher):
        merged = merge(merged, document(data, f"high{number}"), SHAPE)
    return merged.data


def within(said: Any, shown: Any, shape: Shape) -> bool:
    """Whether everything that is said in `said` shows in `shown`, a limit at least as narrow."""
    if isinstance(shape, Fields):
        return all(name in shown and within(v, shown[name], shape.fields[name]) for name, v in said.items())
    if isinstance(shape, Named):
        return all(name in shown and within(value, shown[name], shape.inside) for name, value in said.items())
    if isinstance(shape, Entries):
        table = {item["id"]: item for item in shown}
        return all(
            item["id"] in table
            and within({k: v for k, v in item.items() if k != "id"}, table[item["id"]], shape.fields)
            for item in said
        )
    if shape is Way.NARROW:
        return narrower(said, shown)
    return all(item in shown for item in said) if shape is not Way.REPLACE else bool(said == shown)


@given(DATA, DATA, DATA)
def test_market_and_language_may_be_laid_together_first(low: Any, market: Any, language: Any) -> None:
    together = laid(market, language)
    assert laid(low, market, language) == laid(low, together)


@given(DATA, DATA)
def test_nothing_that_an_overlay_says_is_lost(low: Any, high: Any) -> None:
    assert within(high, laid(low, high), SHAPE)


@given(DATA, DATA)
def test_nothing_is_dropped_but_what_is_replaced(low: Any, high: Any) -> None:
    shown = laid(low, high)
    assert low.keys() <= shown.keys()
    assert shown.get("listed", [])[: len(low.get("listed", []))] == low.get("listed", [])
    assert shown.get("rules", [])[: len(low.get("rules", []))] == low.get("rules", [])
    ids = [item["id"] for item in low.get("entries", [])]
    assert [item["id"] for item in shown.get("entries", [])][: len(ids)] == ids
    if "most" in low:
        assert shown["most"] <= low["most"]


@given(DATA)
def test_an_overlay_that_says_nothing_changes_nothing(low: Any) -> None:
    assert laid(low, {}) == low


@given(DATA, DATA)
def test_laying_changes_neither_of_the_two(low: Any, high: Any) -> None:
    before = repr((low, high))
    laid(low, high)
    assert repr((low, high)) == before


@given(DATA, DATA)
def test_each_value_knows_the_file_that_it_comes_from(low: Any, high: Any) -> None:
    merged = merge(document(low), document(high, "high"), SHAPE)
    for name, value in high.items():
        if name == "said":
            assert merged.problem((name,), "x").file == "high"
        if name == "rules" and value:
            last = len(merged.data["rules"]) - 1
            assert merged.problem((name, last, "id"), "x").file == "high"
    for name in low.keys() - high.keys():
        assert merged.problem((name,), "x").file == "low"

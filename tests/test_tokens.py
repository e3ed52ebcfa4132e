"""Tokens in copy: found exactly, filled exactly, and every character traced back to the copy it came from."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.tokens import TokenName, fill, fill_mapped, token_names, tokens_in, words_only

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}(\.[a-z][a-z0-9_]{0,5}){1,2}", fullmatch=True)
PLAIN = st.text(alphabet=st.characters(exclude_characters="{}"), max_size=12)
PIECES = st.lists(st.tuples(PLAIN, NAMES, PLAIN), max_size=5)
VALUES = st.text(max_size=6)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Save {offer.discount} now", [("offer.discount", 5, 21)]),
        ("{a.b}{c.d}", [("a.b", 0, 5), ("c.d", 5, 10)]),
        ("{person.first_name}", [("person.first_name", 0, 19)]),
        ("{a.b.c2}", [("a.b.c2", 0, 8)]),
        ("{{ a.b }}", []),
        ("{{a.b}}", [("a.b", 1, 6)]),
        ("{a}", []),
        ("{A.b}", []),
        ("{a.B}", []),
        ("{a.2}", []),
        ("{2.a}", []),
        ("{a.b }", []),
        ("{a..b}", []),
        ("{a.b", []),
        ("{a.é}", []),
        ("no braces", []),
    ],
)
def test_what_is_a_token(text: str, found: list[tuple[str, int, int]]) -> None:
    assert [(token.name, token.start, token.end) for token in tokens_in(text)] == found
    assert token_names(text) == {name for name, _, _ in found}


@pytest.mark.parametrize(
    ("name", "variable"), [("person.city", True), ("persons.city", False), ("offer.ends", False)]
)
def test_a_variable_belongs_to_the_person(name: str, variable: bool) -> None:
    (token,) = tokens_in("{" + name + "}")
    assert token.is_variable is variable


def test_fill_replaces_each_token_once() -> None:
    assert fill("{a.b} and {a.b}, {c.d}", {"a.b": "{c.d}", "c.d": "x"}) == "{c.d} and {c.d}, x"


def test_fill_names_the_token_without_a_value() -> None:
    with pytest.raises(KeyError, match=re.escape("c.d")):
        fill("{a.b} {c.d}", {"a.b": "x"})


def test_spans_of_filled_copy_lead_back_to_the_token_or_the_character() -> None:
    filled = fill_mapped("Get {offer.discount} off", {"offer.discount": "20%"}.__getitem__)
    assert filled.text == "Get 20% off"
    assert filled.span(0, 3) == (0, 3)
    assert filled.span(4, 7) == (4, 20)
    assert filled.span(5, 6) == (4, 20)
    assert filled.span(2, 6) == (2, 20)
    assert filled.span(8, 11) == (21, 24)
    assert filled.span(0, 11) == (0, 24)


def test_spans_of_nothing() -> None:
    assert fill_mapped("", str).span(0, 0) == (0, 0)
    assert fill_mapped("{a.b}", lambda _: "").span(0, 1) == (0, 0)


def test_words_only_keeps_what_the_model_wrote() -> None:
    assert words_only("Get {offer.discount} off") == "Get   off"
    assert words_only("Get {offer.discount} off", "X") == "Get X off"


@pytest.mark.parametrize(
    ("name", "valid"), [("a.b", True), ("a_1.b_2.c", True), ("a", False), ("a.b\n", False)]
)
def test_the_name_of_a_token_in_a_file(name: str, valid: bool) -> None:
    adapter: TypeAdapter[str] = TypeAdapter(TokenName)
    if valid:
        assert adapter.validate_python(name) == name
    else:
        with pytest.raises(ValidationError):
            adapter.validate_python(name)


def _text(pieces: list[tuple[str, str, str]]) -> str:
    return "".join(f"{before}{{{name}}}{after}" for before, name, after in pieces)


@given(PIECES)
def test_parsing_finds_every_token_where_it_stands(pieces: list[tuple[str, str, str]]) -> None:
    text = _text(pieces)
    found = tokens_in(text)
    assert [token.name for token in found] == [name for _, name, _ in pieces]
    assert all(text[token.start : token.end] == "{" + token.name + "}" for token in found)


@given(PIECES, VALUES)
def test_both_ways_of_filling_agree(pieces: list[tuple[str, str, str]], value: str) -> None:
    text = _text(pieces)
    values = {name: value + name for _, name, _ in pieces}
    assert fill_mapped(text, values.__getitem__).text == fill(text, values)


@given(PIECES, VALUES)
def test_every_character_of_filled_copy_comes_from_its_place(
    pieces: list[tuple[str, str, str]], value: str
) -> None:
    text = _text(pieces)
    filled = fill_mapped(text, lambda _: value)
    assert len(filled.origins) == len(filled.text)
    spans = {(token.start, token.end) for token in tokens_in(text)}
    for index, character in enumerate(filled.text):
        start, end = filled.span(index, index + 1)
        assert (start, end) in spans or text[start:end] == character


@given(PIECES, VALUES, st.integers(0, 60), st.integers(0, 60))
def test_a_span_lies_in_the_copy_and_holds_whole_tokens(
    pieces: list[tuple[str, str, str]], value: str, first: int, second: int
) -> None:
    text = _text(pieces)
    filled = fill_mapped(text, lambda _: value)
    start, end = filled.span(min(first, second), max(first, second))
    assert 0 <= start <= end <= len(text)
    for token in tokens_in(text):
        assert not token.start < start < token.end
        assert not token.start < end < token.end


@given(st.text(max_size=60) | st.text(alphabet="{}ab._ 1", max_size=40))
def test_no_text_raises(text: str) -> None:
    filled = fill_mapped(text, lambda name: f"<{name}>")
    assert filled.text == fill(text, {name: f"<{name}>" for name in token_names(text)})
    assert tokens_in(words_only(text)) == []
    assert filled.span(0, len(filled.text)) == (0, len(text) if filled.text else 0)

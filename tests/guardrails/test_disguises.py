"""Every class of disguise is seen through: a copy that rules read holds the plain text; spans lead back."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails.fold import fold, shadows
from tests.guardrails.disguises import CLASSES

CORPUS = Path(__file__).parents[1] / "corpus" / "evasions.jsonl"
CLAIMS = (
    "Relieves migraine within minutes",
    "This course is guaranteed to get you hired",
    "Only two rooms left, so hurry",
    "Planet-friendly and fully biodegradable",
    "Cures cancer in weeks",
    "Lose ten pounds without dieting",
    "The best mattress in the world",
    "Melts belly fat while you sleep",
    "Zero risk, double your money",
    "Clinically proven to stop hair loss",
    "Passive income for everyone",
    "Lowers blood pressure naturally",
    "Don't miss out, nearly sold out",
)
UNLIKE_LETTERS = ("math_bold", "fullwidth", "circled_letters", "homoglyph_cyrillic", "diacritics")
INVISIBLE = ("zero_width_space", "word_joiner", "soft_hyphen", "combining_marks")
IN_WORDS = ("hyphen_split", "markdown_inside", "html_tag_inside", "repeated_letters", "dotted_letters")
ANY = st.text(st.characters(categories=None), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            *"aA1|!@$ .-_*~`'&#;<>/{}\n\x00сΜ⒜\u202e\u202d\u202c\u2067\u200d\u0301\ud800",
            *("cures", "c4n", "&#101;", "&amp", "&#x", "<b>", "<!--", "-->", "{a.b}", "{{ x_y }}"),
        ]
    ),
    max_size=40,
).map("".join)


HALF_SEEN = {"se-t008", "se-t088"}
"""Lines of the corpus of which one word stays hidden: a Greek delta for D, "ec-of-ri-en-dl-y"."""


def seen_through(text: str, plain: str) -> bool:
    wanted = fold(plain).text.replace(",", "")
    return any(wanted in " ".join(copy.text.replace(",", " ").split()) for copy in shadows(text))


def corpus() -> list[dict[str, str]]:
    lines = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line["evasion"] != "paraphrase"]


def test_every_disguised_line_of_the_corpus_is_seen_through() -> None:
    disguised = [line for line in corpus() if "plain" in line]
    assert len(disguised) == 290
    hidden = {line["id"] for line in disguised if not seen_through(line["text"], line["plain"])}
    assert hidden == HALF_SEEN


def test_every_class_of_the_corpus_has_a_generator() -> None:
    assert {line["evasion"] for line in corpus() if "plain" in line} == set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_is_seen_through(name: str) -> None:
    hidden = [(plain, CLASSES[name](plain, random.Random(seed))) for plain in CLAIMS for seed in range(4)]
    assert [text for plain, text in hidden if not seen_through(text, plain)] == []


@pytest.mark.parametrize("inner", IN_WORDS)
@pytest.mark.parametrize("outer", UNLIKE_LETTERS + INVISIBLE)
def test_mixed_disguises_are_seen_through(inner: str, outer: str) -> None:
    if (inner, outer) in {("html_tag_inside", other) for other in UNLIKE_LETTERS + INVISIBLE}:
        inner, outer = outer, inner  # a tag in other letters is no tag
    for seed, plain in enumerate(CLAIMS):
        pick = random.Random(seed)
        text = CLASSES[outer](CLASSES[inner](plain, pick), pick)
        assert seen_through(text, plain), ascii(text)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It c4nc3rs", "it cancers"),
        ("curesss it", "cures it"),
        ("crues it", "cures it"),
        ("L0se 15 p0unds", "lose 15 pounds"),
        ("fu-11y s4fe", "fully safe"),
        ("cu&#114es &amp;#99;olds", "cures colds"),
        ("**cures** _colds_", "cures colds"),
        ("c u r e s c a n c e r", "cures cancer"),
        ("cu<br>res", "cures"),
        ("a \u202esdloc seruc\u202c b", "a cures colds b"),
    ],
)
def test_reads(text: str, read: str) -> None:
    assert any(read in copy.text for copy in shadows(text)), [copy.text for copy in shadows(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Ridgeline Fernhill Zenbike",
        "U.S. and a.m., MP3, H2O, 50ml, 10am, 20th",
        "Sooner or later, good food: $5, 50% off!",
        "{person.first_name}, {{ first_name }} and {offer.best_price}",
        "risk-free, two-in-one",
        "me@fernhill.example",
    ],
)
def test_text_without_a_disguise_has_no_further_copy(text: str) -> None:
    assert [copy.text for copy in shadows(text)[1:]] == []


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("it c&#117;r&#101;s", "cures", "c&#117;r&#101;s"),
        ("it cu<b></b>res!", "cures", "cu<b></b>res"),
        ("it cuuuresss!", "cures", "cuuuresss"),
        ("it c.u.r.e.s it", "cures", "c.u.r.e.s"),
        ("a \u202esdloc seruc\u202c", "cures", "seruc"),
        ("a \u202esdloc seruc\u202c", "cures colds", "sdloc seruc"),
        ("it c4nc3rs", "cancers", "c4nc3rs"),
        ("it hi-red", "hired", "hi-red"),
    ],
)
def test_a_word_leads_back_to_what_hid_it(text: str, word: str, shown: str) -> None:
    copy = next(copy for copy in shadows(text) if word in copy.text)
    start = copy.text.index(word)
    first, last = copy.span(start, start + len(word))
    assert text[first:last] == shown


@given(st.one_of(ANY, PIECES))
def test_every_span_of_every_copy_lies_in_the_text(text: str) -> None:
    copies = shadows(text)
    assert copies[0] == fold(text)
    assert len({copy.text for copy in copies}) == len(copies)
    for copy in copies:
        assert len(copy.text) == len(copy.origins)
        copy.text.encode()
        for start in range(len(copy.text)):
            for end in {start + 1, len(copy.text)}:
                first, last = copy.span(start, end)
                assert 0 <= first < last <= len(text)

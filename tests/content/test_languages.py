"""The approved copy in further languages: whole for each journey, and worded so that any value fits in."""

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brief.models import Journey
from app.release.library import load_library
from app.release.matching import fact_tokens
from app.settings import content_root

ROOT = content_root()
LANGUAGES = ("de", "fr")
EXAMPLES = {"subject": 3, "hero": 3, "cta": 3}
"""Kinds that a capable model writes most, with the approved blocks of a journey that show it how."""
NAME = r"\{(?:product|event)\.name\}"
GENDERED = {
    "de": rf"\b(?:de[rsnm]|die|das|(?:[mds]?ein|unser|neu)(?:e[rsnm]?)?|eue?re?[rsnm]?) {NAME}"
    r"|\b[Ll]iebe?[rs]? \{person\.",
    "fr": rf"\b(?:le|la|les|un|une|du|des|ce|cette|cet|au|aux|mon|ma|mes|votre|vos|notre|nos) {NAME}"
    r"|\b[Cc]her?s? \{person\.|\b[Cc]hère \{person\.",
}
"""Words that take the gender or number of what follows, which nobody knows for a token."""
ELIDED = rf"\b(?:de|que|le|la|si|ne|se|jusque|lorsque|puisque) (?:{NAME}|\{{person\.)"
"""French words that lose their last letter before a vowel, which the value may begin with."""


@functools.cache
def blocks(language: str) -> list[ApprovedBlock]:
    library = load_library(ROOT / "brand", ROOT / "blocks", "larkfell")
    return [placed.block for placed in library.blocks if placed.block.written_in(language)]


def lines(language: str) -> Iterator[tuple[str, str]]:
    """Every line of copy and every thought, with the block that it stands in."""
    for block in blocks(language):
        yield from ((block.id, text) for text in (*block.copy_.values(), block.message or ""))


def gaps(held: Iterable[ApprovedBlock]) -> list[str]:
    """In words, each journey without copy of a kind that any reader may get, or with too few examples."""
    held = list(held)
    count = Counter((block.journey, block.kind) for block in held)
    general = {(block.journey, block.kind) for block in held if not block.segments}
    places = [(journey.value, kind) for journey in Journey for kind in KINDS]
    missing = [
        f"{kind} in {journey}: no block for every segment"
        for journey, kind in places
        if (journey, kind) not in general
    ]
    few = [
        f"{kind} in {journey}: too few examples"
        for journey, kind in places
        if count[journey, kind] < EXAMPLES.get(kind, 1)
    ]
    return missing + few


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_journey_has_copy_of_its_own_for_every_kind(language: str) -> None:
    assert gaps(blocks(language)) == []


def test_a_journey_without_copy_of_a_kind_is_named() -> None:
    held = [block for block in blocks("de") if (block.kind, block.journey) != ("hero", "newsletter")]
    assert gaps(held) == [
        "hero in newsletter: no block for every segment",
        "hero in newsletter: too few examples",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_an_evergreen_block(language: str) -> None:
    assert {block.kind for block in blocks(language) if block.evergreen} == set(KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_that_needs_no_offer_can_answer_without_any_fact(language: str) -> None:
    usable = {
        (block.journey, block.kind)
        for block in blocks(language)
        if not fact_tokens(block.copy_.values()) and not block.segments
    }
    wanted = {(journey.value, kind) for journey in Journey for kind in KINDS if kind != "offer"}
    assert wanted <= usable


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_takes_the_gender_of_a_value_that_nobody_knows(language: str) -> None:
    found = [(block, text) for block, text in lines(language) if re.search(GENDERED[language], text)]
    assert found == []


def test_no_french_word_before_a_name_would_have_to_lose_its_last_letter() -> None:
    assert [(block, text) for block, text in lines("fr") if re.search(ELIDED, text)] == []


def test_french_marks_keep_their_no_break_space_and_apostrophes_are_curved() -> None:
    wrong = re.compile(r"'|(?<!\N{NO-BREAK SPACE})[?!;:»]|«(?!\N{NO-BREAK SPACE})")
    assert [(block, text) for block, text in lines("fr") if wrong.search(text)] == []


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Sieh dir den {product.name} an"),
        ("de", "Viel Freude mit deinem {product.name}"),
        ("de", "Lieber {person.first_name}"),
        ("fr", "Regardez le {product.name}"),
        ("fr", "Votre programme : les {event.name}"),
        ("fr", "Chère {person.first_name}"),
    ],
)
def test_words_that_would_have_to_agree_are_found(language: str, line: str) -> None:
    assert re.search(GENDERED[language], line)

"""Each journey is whole: copy of its own for every kind, and enough examples to teach a small model from."""

import functools
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brief.models import Journey
from app.generation.small import PATTERN
from app.release.library import load_library
from app.release.matching import fact_tokens
from app.scoring.confidence import content_words
from app.settings import content_root
from app.tokens import token_names

ROOT = content_root()
BRAND = "larkfell"
LOCALES = ("en-US", "en-GB")
EXAMPLES = 6
"""Approved blocks that show a small model a pattern; ones with and without a token count together."""
TAUGHT = ("subject", "hero", "cta", "educational")
"""Kinds whose approved copy teaches the small model, in every journey."""


@functools.cache
def blocks(folder: Path = ROOT / "blocks") -> list[ApprovedBlock]:
    return [placed.block for placed in load_library(ROOT / "brand", folder, BRAND).blocks]


def gaps(held: Iterable[ApprovedBlock]) -> Iterator[str]:
    """In words, each journey without copy of a kind that any reader may get, or with too few examples."""
    held = list(held)
    for locale in LOCALES:
        here = [block for block in held if locale in block.locales]
        count = Counter((block.journey, block.kind) for block in here)
        general = {(block.journey, block.kind) for block in here if not block.segments}
        for journey in Journey:
            for kind in KINDS:
                place = f"{kind}/{journey}.yaml in {locale}"
                if (journey, kind) not in general:
                    yield f"{place}: no block for every segment"
                if kind in TAUGHT and count[journey, kind] < EXAMPLES:
                    yield f"{place}: {count[journey, kind]} of {EXAMPLES} examples"


def test_every_journey_has_copy_of_its_own_for_every_kind() -> None:
    assert list(gaps(blocks())) == []


@pytest.mark.parametrize(("kind", "journey"), [("hero", "newsletter"), ("footer", "cart_reminder")])
def test_a_journey_without_copy_of_a_kind_is_named(tmp_path: Path, kind: str, journey: str) -> None:
    folder = tmp_path / "blocks"
    shutil.copytree(ROOT / "blocks", folder)
    (folder / BRAND / kind / f"{journey}.yaml").unlink()
    found = list(gaps(blocks(folder)))
    assert found
    assert all(item.startswith(f"{kind}/{journey}.yaml in ") for item in found)


def test_each_kind_that_needs_no_offer_can_answer_without_any_fact() -> None:
    """A brief without a product, or whose product's fact has ended, is still answered by its journey."""
    usable = {
        (block.journey, block.kind)
        for block in blocks()
        if not fact_tokens(block.copy_.values()) and not block.segments
    }
    wanted = {(journey, kind) for journey in Journey for kind in KINDS if kind != "offer"}
    assert wanted <= usable


@pytest.mark.parametrize("kind", TAUGHT)
def test_examples_with_a_token_are_a_pattern_or_none(kind: str) -> None:
    """Two examples with a token show nothing; a thought with that token would then borrow the other ones.

    A block whose fact is named in its copy alone is no example of a thought with that token.
    """
    for locale in LOCALES:
        sets = Counter(
            (block.journey, frozenset(token_names(block.message or "")))
            for block in blocks()
            if block.kind == kind and locale in block.locales and block.journey is not None
        )
        few = {str(journey): sorted(names) for (journey, names), n in sets.items() if names and n < PATTERN}
        assert few == {}


def test_each_example_takes_its_thought_up() -> None:
    """A small model learns to restate what it is asked for; copy that does not would teach it otherwise.

    It writes English alone; other languages' blocks are found by the English thought as well.
    """
    apart = [
        block.id
        for block in blocks()
        if block.written_in("en")
        and block.kind in ("subject", "educational")
        and block.journey is not None
        and block.message is not None
        and not _named(block.message) & _named(" ".join(block.copy_.values()))
    ]
    assert apart == []


def _named(text: str) -> frozenset[str]:
    return frozenset(content_words(text)) | frozenset(token_names(text))

"""The words that a small model may write: plain English, those of the brand's copy and of the thought."""

import re
from functools import lru_cache
from importlib.resources import files

from app.brand.brand import Brand
from app.llm.grammar import Lexicon
from app.release.library import ContentLibrary
from app.tokens import words_only

LANGUAGE = "en"
"""What small models write."""
_WORD = re.compile(r"\b[a-z]+(?:'[a-z]+)?\b")
_SENTENCE_START = re.compile(r"(?:\A|[.?!]\s+)([A-Z][a-z]*(?:'[a-z]+)?)")
_STARTS_SECTION = "# starts"


@lru_cache(maxsize=1)
def plain_words() -> tuple[frozenset[str], frozenset[str]]:
    """Plain English words, and those of them that begin sentences."""
    text = files("app.generation").joinpath("data/plain_words.en.txt").read_text(encoding="utf-8")
    body, _, starts = text.partition(_STARTS_SECTION)
    return _words(body), _words(starts)


def _words(text: str) -> frozenset[str]:
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def lexicon_for(
    library: ContentLibrary, kind: str, field: str, leave_out: frozenset[str], thought: str = ""
) -> Lexicon:
    """The lexicon for one field: labels and lines begin as the brand's approved ones do.

    `leave_out` are words that the brief or the voice does not want. A line restates its `thought`, so the
    words of that belong to it, however rare; guardrails judge them in the line like any other.
    """
    common, starts = plain_words()
    blocks = [placed.block for placed in library.blocks if placed.block.written_in(LANGUAGE)]
    copy = [words_only(text) for block in blocks for text in block.copy_.values()]
    copy += [words_only(text) for text in library.brand.voice.examples.good]
    own = {word for text in (*copy, words_only(thought)) for word in _WORD.findall(_lowered_starts(text))}
    same = [words_only(block.copy_[field]) for block in blocks if block.kind == kind and field in block.copy_]
    first = {match.casefold() for text in same for match in _SENTENCE_START.findall(text)}
    begins = first if kind == "cta" and first else first | starts
    return Lexicon(
        words=frozenset((common | own) - leave_out),
        starts=frozenset(begins - leave_out),
        names=_names(library.brand),
    )


def _lowered_starts(text: str) -> str:
    return _SENTENCE_START.sub(lambda match: match.group().lower(), text)


def _names(brand: Brand) -> tuple[str, ...]:
    return (brand.identity.name,)

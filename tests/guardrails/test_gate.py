"""The gate lets through every pattern that matches, whatever it is made of, and few of the others."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails.gate import Gate
from app.guardrails.grammar_ends import GRAMMARS
from app.guardrails.number_words import with_digits
from app.guardrails.numbers import TERMS
from app.guardrails.testimonial_patterns import PATTERNS as TESTIMONIALS

CORPUS = Path(__file__).parents[1] / "corpus"
LINES = [
    json.loads(line)["text"]
    for path in sorted(CORPUS.glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
PATTERNS = [
    *(pattern for terms in TERMS.values() for pattern, _ in terms.readers),
    *TESTIMONIALS,
    *(fault.pattern for grammar in GRAMMARS.values() for fault in grammar.faults),
    *(re.compile(text) for text in (r"\bé\w+", r"[^\W\d_]{3,}$", r"(?<!\w)\d+(?!%)", r"(.)\1", r"^\S+\Z")),
]
GATE = Gate(PATTERNS)


def _spans(text: str) -> list[tuple[int, tuple[int, int]]]:
    return [
        (number, match.span()) for number, pattern in enumerate(PATTERNS) for match in pattern.finditer(text)
    ]


@pytest.mark.parametrize("part", range(20))
def test_every_match_in_the_corpus_passes_the_gate(part: int) -> None:
    for line in LINES[part::20]:
        for text in (line, line.lower(), with_digits(line.lower()).text):
            assert [(number, match.span()) for number, match in GATE.matches(text)] == _spans(text), text


@given(st.text(alphabet=st.sampled_from("aé 1٣½%£.,-'\n\u00a0ßx²\ud800"), max_size=40))
def test_every_match_in_any_text_passes_the_gate(text: str) -> None:
    assert [(number, match.span()) for number, match in GATE.matches(text)] == _spans(text)


def test_ordinary_copy_passes_few_patterns() -> None:
    assert (
        len(GATE.passed("a dry coat is worth having when the path turns into the wind")) < len(PATTERNS) / 8
    )

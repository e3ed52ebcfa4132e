"""The sieve says which patterns match, however many there are."""

import re

import pytest
import re2

from app.guardrails.sieve import Sieve

PLAIN = (rb"\bcure\b", rb"heal\w*", rb"\d+ kilos?", rb"(?s:.)*", rb"\w$", b"")


def _sieve(patterns: list[bytes]) -> Sieve:
    options = re2.Options()
    options.log_errors = False
    return Sieve(patterns, options)


@pytest.mark.parametrize("count", [0, 7, 300, 2_500])
@pytest.mark.parametrize("text", ["", "nothing", "word 7 heals", "a cure of 3 kilos", "word 299 word 2000"])
def test_it_finds_what_each_pattern_finds(count: int, text: str) -> None:
    patterns = [*PLAIN, *(rf"\bword {number}\b|\bheal {number}".encode() for number in range(count))]
    found = [number for number, pattern in enumerate(patterns) if re.search(pattern, text.encode())]
    assert _sieve(patterns).matching(text.encode()) == found


def test_patterns_that_are_too_large_for_one_filter_are_parted() -> None:
    patterns = [
        rf"\bword{number} (?:{'|'.join(f'x{number}{n}y' for n in range(60))})".encode()
        for number in range(1_000)
    ]
    assert _sieve(patterns).matching(b"word7 x73y, word999 x99959y, word5 x6") == [7, 999]


def test_a_set_that_runs_out_of_memory_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    sieve = _sieve([rb"\bcure\b", rb"\bheal\b"])
    monkeypatch.setattr(re2.Set, "Match", lambda self, text: None)
    assert sieve.matching(b"nothing") == [0, 1]

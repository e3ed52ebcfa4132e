"""Whatever is written, each guardrail answers, and what breaks a rule is not passed beside it."""

import datetime as dt
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.brand.packs import load_packs
from app.brief.facts import FactSheet
from app.brief.plain_facts import fact_sheet_from_plain
from app.guardrails.frame import Context, Piece
from app.guardrails.registry import GUARDRAILS
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.verdicts.reports import GuardReport, Verdict

ROOT = Path(__file__).parents[2]
AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
FIELDS = ("subject", "preheader", "headline", "body", "cta")
LOCALES = ("en-US", "en-GB", "de-DE", "fr-FR", "es-ES", "it-IT", "ja-JP")
ODD = (
    "\x00\t\n\r\u00ad\u200b\u200d\u202e\u2066\ud800\udfff\ufe0f\ufeff\U000e0041"
    "İſßﬁ①🅰𝒶０％€£|{}<>&;:/\\#'\"“”()[]*_~`!?.,-–—"
)
BROKEN = (
    "<script>alert(1)</script>",
    "This cream cures eczema in a week.",
    "Guaranteed to double your income.",
    "{{ password }}",
    "Visit http://192.168.0.1/login",
)


@pytest.fixture(scope="module")
def book() -> RuleBook:
    packs = load_packs(ROOT / "brand")
    return RuleBook.of_packs(tuple(rule for pack in packs.values() for rule in pack.rules))


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    paths = sorted((ROOT / "tests" / "corpus").glob("*.jsonl"))
    return [json.loads(raw) for path in paths for raw in path.read_text(encoding="utf-8").splitlines()]


def noise(rng: random.Random) -> str:
    """Characters of every kind, the odd ones often."""
    kinds: tuple[Callable[[], str], ...] = (
        lambda: rng.choice(ODD),
        lambda: chr(rng.randrange(0x110000)),
        lambda: chr(rng.randrange(32, 127)),
        lambda: str(rng.randrange(10**6)),
    )
    return "".join(rng.choice(kinds)() for _ in range(rng.randrange(60)))


def mutated(rng: random.Random, lines: list[dict[str, Any]]) -> str:
    """Lines of copy cut, joined, repeated and strewn with odd characters."""
    parts = [rng.choice(lines)["text"] for _ in range(rng.randrange(1, 4))]
    pieces = [part[rng.randrange(len(part) + 1) :][: rng.randrange(1, 120)] for part in parts]
    text = rng.choice(["", " ", ". ", "\n"]).join(pieces * rng.choice([1, 1, 1, 5]))
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(ODD) + text[at:]
    return text


def sheet(rng: random.Random, lines: list[dict[str, Any]], locale: str) -> FactSheet | None:
    """No facts, an empty sheet, or those of some line."""
    supplied = [line["facts"] for line in rng.sample(lines, 20) if line.get("facts")]
    known = rng.choice(supplied or [{}])
    return rng.choice([None, FactSheet(locale=locale), fact_sheet_from_plain(known, locale)[0]])


def judged(rng: random.Random, text: str, book: RuleBook, lines: list[dict[str, Any]]) -> GuardReport:
    locale = rng.choice(LOCALES)
    facts = sheet(rng, lines, locale)
    tokens_only = facts is not None and rng.random() < 0.3
    context = Context(book.localised(locale), locale, AS_OF, facts=facts, tokens_only=tokens_only)
    return judge(Piece(text, field=rng.choice(FIELDS)), context)


def test_no_text_makes_a_guardrail_fail_or_go_missing(
    long_count: Callable[[int, int], int], book: RuleBook, lines: list[dict[str, Any]]
) -> None:
    rng = random.Random(20261127)
    for _ in range(long_count(1_500, 100_000)):
        text = noise(rng) if rng.random() < 0.4 else mutated(rng, lines)
        report = judged(rng, text, book, lines)
        errors = [
            (result.rule, result.detail) for result in report.results if result.verdict is Verdict.ERROR
        ]
        assert not errors, f"{text!r}: {errors}"
        assert {result.rule for result in report.results} >= {guardrail.id for guardrail in GUARDRAILS}
        passes = all(result.verdict is Verdict.PASS for result in report.results)
        assert (report.verdict is Verdict.PASS) is passes, repr(text)


def test_what_breaks_a_rule_is_not_passed_after_any_text(
    long_count: Callable[[int, int], int], book: RuleBook, lines: list[dict[str, Any]]
) -> None:
    rng = random.Random(20261128)
    for _ in range(long_count(500, 20_000)):
        before = noise(rng) if rng.random() < 0.5 else mutated(rng, lines)
        context = Context(book, "en-US", AS_OF, facts=FactSheet(locale="en-US"), tokens_only=False)
        text = f"{before}\n\n{rng.choice(BROKEN)}"
        assert judge(Piece(text), context).verdict is not Verdict.PASS, repr(text)

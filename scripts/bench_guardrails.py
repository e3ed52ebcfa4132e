"""What judging costs: `scripts/bench guardrails`. Times and ratios of one run on this machine."""

import datetime as dt
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from app.brand.models import ClaimRule
from app.brand.packs import load_packs
from app.brief.facts import FactSheet
from app.guardrails.fold import shadows
from app.guardrails.frame import Context, Piece
from app.guardrails.matcher import Matcher
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.guardrails.validators import GuardedSuite
from app.settings import content_root
from app.verdicts.reports import GuardReport

AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
SENTENCES = (
    "A dry coat is worth a good deal when the path turns into the wind above the last farm.",
    "We pack the small things first: a map, two pairs of socks, and something warm to drink.",
    "Weekend walkers asked for a pocket that opens with gloves on, so this one does.",
    "Wash it when it looks dull, hang it near a window, and let it dry slowly.",
    "There is room inside for a jumper, and the hood rolls away when the sun comes out.",
    "If it does not fit, send it back and tell us what we should change next time.",
)
FIELDS = 10
LENGTHS = (1_000, 10_000, 100_000)
MUTATIONS = 400
SYLLABLES = ("ka", "lo", "mi", "ster", "run", "vel", "dor", "pin", "gra", "tu", "fen", "ash")


def context() -> Context:
    """Human copy without facts, judged by all packs."""
    packs = load_packs(content_root() / "brand")
    book = RuleBook.of_packs(tuple(rule for pack in packs.values() for rule in pack.rules))
    return Context(book, "en-US", AS_OF, facts=FactSheet(locale="en-US"), tokens_only=False)


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long `work` takes, each time."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def words(count: int) -> str:
    """So many words of ordinary copy."""
    text = " ".join(SENTENCES).split()
    return " ".join(text[number % len(text)] for number in range(count))


def phrase_rules(count: int) -> list[ClaimRule]:
    """Rules that hold so many invented phrases."""
    rng = random.Random(1)
    made = (" ".join("".join(rng.choices(SYLLABLES, k=3)) for _ in range(2)) for _ in range(count * 2))
    phrases = list(dict.fromkeys(made))[:count]
    told = {"category": "health_claim", "family": "legal", "message": "m", "suggestion": "s", "source": "x"}
    return [
        ClaimRule.model_validate(
            {"id": f"rule_{number}", "phrases": phrases[number::30], "fails": ["x"], "passes": ["y"], **told}
        )
        for number in range(30)
    ]


def mutated(lines: Sequence[str]) -> list[str]:
    """Corpus lines that are repeated, cut, joined and shuffled: input that nobody writes."""
    rng = random.Random(2)
    found = []
    for _ in range(MUTATIONS):
        one, two = rng.choice(lines), rng.choice(lines)
        cut = rng.randrange(1, len(one) + 1)
        joined = rng.choice(
            [one * rng.randrange(1, 9), one[:cut] * 30, one[cut:] + two, f"{one[::-1]} {two}"]
        )
        found.append((joined * (1 + 1_000 // max(1, len(joined))))[:4_000])
    return found


def guardrails() -> int:
    """Measure, print; returns 0."""
    judged = context()
    piece = words(100)
    direct = milliseconds(lambda: judge(Piece(piece), judged), 300)
    print(f"100 words, called directly: median {statistics.median(direct):.2f} ms (at most 1)")
    suite = GuardedSuite()
    pieces = [Piece(words(12 + number), field="body") for number in range(FIELDS)]
    guarded = milliseconds(lambda: suite.judge_all(pieces, judged), 200)
    p95 = statistics.quantiles(guarded, n=20)[-1]
    print(f"{FIELDS} fields through guardrails-ai: p95 {p95:.1f} ms (at most 10)")
    costs = {}
    for length in LENGTHS:
        text = words(length)[:length]
        costs[length] = statistics.median(milliseconds(partial(_judged, text, judged), 5)) / length
        print(f"{length:>7} characters: {costs[length] * 1000:.3f} ms a thousand")
    print(
        f"growth of the cost a character, longest to shortest: {costs[LENGTHS[-1]] / costs[LENGTHS[0]]:.2f}"
    )
    copies = shadows(piece)
    few, many = (Matcher(phrase_rules(count)) for count in (300, 3_000))
    short = statistics.median(milliseconds(lambda: few.hits(copies), 300))
    ratio = statistics.median(milliseconds(lambda: many.hits(copies), 300)) / short
    print(f"3,000 phrases to 300: {ratio:.2f} (at most 1.5)")
    _worst(judged)
    return 0


def _judged(text: str, judged: Context) -> GuardReport:
    return judge(Piece(text), judged)


def _worst(judged: Context) -> None:
    corpus = (content_root() / "tests" / "corpus").glob("*.jsonl")
    lines = [json.loads(raw)["text"] for path in corpus for raw in _rows(path)]
    costs = []
    for text in mutated([line for line in lines if line]):
        best = min(milliseconds(partial(_judged, text, judged), 2))
        costs.append((best / len(text) * 1000, text))
    cost, text = max(costs)
    print(
        f"worst of {MUTATIONS} mutated lines: {cost:.2f} ms a thousand characters (at most 5): {text[:60]!r}"
    )


def _rows(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()

"""How sure Copydesk is that a variant is good enough, as a weighted mean of named components.

The score ranks variants and is compared with the contract's threshold; it never replaces a guardrail. Each
component lies in 0..1. One that cannot be computed is dropped and the other weights grow to sum to 1.

    component          weight   is
    model_probability    0.30   how likely the model found its own words: mean log-probability a token
    voice_fit            0.25   share of the copy's content words that the brand's approved copy uses too
    brief_coverage       0.20   share of the brief's thought that the copy takes up
    distinctness         0.15   distance to the nearest copy that exists already
    warnings             0.10   1 without warnings, 1/2 with one, 1/3 with two ...

The weights are set by judgement, not fitted: there are no labelled outcomes to calibrate against yet.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from rapidfuzz import fuzz, process

from app.tokens import token_names, words_only
from app.verdicts.decisions import Confidence

WEIGHTS = {
    "model_probability": 0.30,
    "voice_fit": 0.25,
    "brief_coverage": 0.20,
    "distinctness": 0.15,
    "warnings": 0.10,
}
LOGPROB_BEST, LOGPROB_WORST = -0.1, -1.0
"""Mean log-probabilities a token that count as 1 and as 0: usable lines of the embedded model, asked with
examples that say what their thought says, lie at -0.1 to -0.5, rambling ones below -0.6."""
COVERED_ENOUGH = 0.5
"""Copy that takes up half of the thought's words has taken up the thought: it need not repeat the brief."""
DISTINCT_FROM, DISTINCT_TO = 0.95, 0.55
"""Similarities (rapidfuzz token_set_ratio / 100) that count as distinctness 0 and 1."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at be been but by can could did do does for from had "
        "has have here how i if in into is it its just like me more my no not "
        "of off on one or our out over so some than that the their them then there these "
        "they this to too up us was we were what when where which who why will with would "
        "you your yours ",
    )
)


@dataclass(frozen=True)
class Evidence:
    """What the score is computed from. `vocabulary` is what approved copy uses, `rivals` what exists."""

    fields: dict[str, str]
    mean_logprob: float | None
    message: str
    must_say: tuple[str, ...]
    vocabulary: frozenset[str]
    rivals: tuple[str, ...]
    warnings: int


def stem(word: str) -> str:
    """The word without the commonest English endings, so that "walks" and "walking" count as "walk"."""
    word = word.casefold().replace("’", "'").removesuffix("'s")
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=16_384)  # approved copy is counted again for every variant
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning; tokens and function words are left out."""
    found = (match.group().casefold() for match in _WORD.finditer(words_only(text)))
    return frozenset(stem(word) for word in found if word not in _FUNCTION_WORDS)


def vocabulary_of(texts: Iterable[str]) -> frozenset[str]:
    """The stems that the given copy uses."""
    return frozenset(word for text in texts for word in content_words(text))


def confidence(evidence: Evidence, threshold: float) -> Confidence:
    """The score with its parts; weights of missing components go to the others in proportion."""
    values = {
        "model_probability": _probability(evidence.mean_logprob),
        "voice_fit": _voice_fit(evidence),
        "brief_coverage": _coverage(evidence),
        "distinctness": _distinctness(evidence.fields.values(), evidence.rivals),
        "warnings": 1 / (1 + evidence.warnings),
    }
    known = {name: value for name, value in values.items() if value is not None}
    total = sum(WEIGHTS[name] for name in known)
    parts = {name: (round(value, 3), round(WEIGHTS[name] / total, 3)) for name, value in known.items()}
    score = sum(value * WEIGHTS[name] for name, value in known.items()) / total
    return Confidence(score=round(score, 3), parts=parts, threshold=threshold)


def _probability(mean_logprob: float | None) -> float | None:
    if mean_logprob is None:
        return None
    return _between((mean_logprob - LOGPROB_WORST) / (LOGPROB_BEST - LOGPROB_WORST))


def _voice_fit(evidence: Evidence) -> float | None:
    used = {word for text in evidence.fields.values() for word in content_words(text)}
    if not evidence.vocabulary or not used:
        return None
    return len(used & evidence.vocabulary) / len(used)


def _coverage(evidence: Evidence) -> float | None:
    text = " ".join(evidence.fields.values())
    thought = content_words(evidence.message) | token_names(evidence.message)
    for item in evidence.must_say:
        thought |= content_words(item) | token_names(item)
    if not thought:
        return None
    found = thought & (content_words(text) | token_names(text))
    return _between(len(found) / len(thought) / COVERED_ENOUGH)


def _distinctness(texts: Iterable[str], rivals: Sequence[str]) -> float | None:
    if not rivals:
        return None
    cutoff = 100 * DISTINCT_TO  # what is farther away than this counts as far, and is passed over quickly
    scorer = partial(process.extractOne, scorer=fuzz.token_set_ratio, score_cutoff=cutoff)
    found = [near[1] for near in (scorer(text, rivals) for text in texts) if near is not None]
    nearest = max(found, default=0.0) / 100
    return _between((DISTINCT_FROM - nearest) / (DISTINCT_FROM - DISTINCT_TO))


def _between(value: float) -> float:
    return max(0.0, min(1.0, value))

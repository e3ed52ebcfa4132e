"""Whether copy says what an entry of the claims library says, and no more.

A sentence says an entry when both hold the same words of content, the same numbers in their order, and every
qualifier of the entry. Order, inflection, punctuation and the words that only hold a sentence together are
free. A sentence that shares most of its words with an entry means it, and is told what is different.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict

from app.brand.claims_library import Claim
from app.brand.markets import market_of
from app.guardrails.data_files import is_there, read_data
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Piece
from app.guardrails.lexicon import word_list
from app.guardrails.numbers import terms_of

Span = tuple[int, int]
_SENTENCE = re.compile(r"[^.!?;\n]+(?:[.!?;](?!\s|$)[^.!?;\n]*)*")
_WORD = re.compile(r"\{\{?[^{}]{1,80}\}?\}|\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*")
_PERCENT = re.compile(r" ?\b(?:per ?cent|prozent|pour ?cent)\b")
_ENDINGS = ("ings", "ing", "edly", "ed", "es", "en", "em", "er", "s", "e", "n")
_SHORTEST_STEM = 3
_MEANT = 0.6
"""Which share of an entry's words of content a sentence shares that means the entry."""
_FEWEST = 2
"""How many words it shares at least: one alone is a coincidence."""


@dataclass(frozen=True)
class Said:
    """A sentence that means an entry of the library; `wrong` tells in words what is different from it."""

    claim: Claim
    span: Span
    wrong: tuple[str, ...]
    stretched: bool
    """Whether what is different makes it say more: a number, a qualifier, a word such as "all"."""

    def permits(self, rule: str, category: str) -> bool:
        """Whether the entry gives evidence for what a claim rule refuses."""
        return not {rule, category}.isdisjoint(self.claim.permits)


@dataclass(frozen=True)
class _Content:
    words: frozenset[str]
    numbers: tuple[str, ...]
    shown: dict[str, str]
    """For each stem a word that has it."""


class _Stretching(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, tuple[str, ...]]


@cache
def _stretching() -> dict[str, frozenset[str]]:
    listed = read_data("stretching_words.yaml", _Stretching).words
    return {code: frozenset(fold(word).text for word in words) for code, words in listed.items()}


@cache
def _function_words(language: str) -> frozenset[str]:
    """Words that hold a sentence together and claim nothing."""
    name = f"function_words_{language}.txt"
    words = word_list(name) if is_there(name) else frozenset()
    return frozenset(fold(word).text for word in words) - _stretching().get(language, frozenset())


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


@lru_cache(maxsize=2048)
def _content(text: str, locale: str) -> _Content:
    language = locale.split("-", maxsplit=1)[0]
    skipped = _function_words(language)
    digits = _PERCENT.sub("%", terms_of(locale).digits(fold(text).text).text)
    words = [word for word in _WORD.findall(digits) if word not in skipped]
    numbers = tuple(word for word in words if word[0].isdigit())
    shown = {_stem(word): word for word in words if not word[0].isdigit()}
    return _Content(frozenset(shown), numbers, shown)


def _says(text: str, wording: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(fold(wording).text.strip())}(?!\w)", fold(text).text) is not None


def _compared(sentence: str, claim: Claim, wording: str, context: Context) -> tuple[float, list[str], bool]:
    """How much of the wording a sentence says, what is different, and whether that stretches it."""
    said, meant = _content(sentence, context.locale), _content(wording, context.locale)
    shared = said.words & meant.words
    if not meant.words or len(shared) < min(_FEWEST, len(meant.words)):
        return 0.0, [], False
    wrong = [
        f"leaves out '{wordings[0]}'"
        for wordings in claim.qualifiers
        if not any(_says(sentence, item) for item in wordings)
    ]
    if said.numbers != meant.numbers:
        wrong.append(f"says {_listed(said.numbers)} where {_listed(meant.numbers)} was approved")
    qualifying = {_stem(word) for items in claim.qualifiers for item in items for word in _words(item)}
    larger = {said.shown[stem] for stem in said.words - meant.words - qualifying}
    grown = sorted(larger & _stretching().get(context.language, frozenset()))
    less = bool(meant.numbers) and not said.numbers  # without its number a sentence says less, not more
    stretched = bool(wrong or grown) and not less
    wrong += [f"adds '{word}'" for word in (*grown, *sorted(larger - set(grown)))]
    missing = sorted(meant.shown[stem] for stem in meant.words - said.words - qualifying)
    wrong += [f"leaves out '{word}'" for word in missing]
    return len(shared) / len(meant.words), wrong, stretched


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).text)


def _listed(numbers: tuple[str, ...]) -> str:
    return " and ".join(f"'{number}'" for number in numbers) or "no number"


def claims_said(piece: Piece, context: Context) -> tuple[Said, ...]:
    """The entries of the library that sentences of the copy say or mean, worked out once a copy."""
    return piece.once("claims_said", context, _all) if context.rulebook.library else ()


def _all(piece: Piece, context: Context) -> tuple[Said, ...]:
    return tuple(_found(piece, context))


def _found(piece: Piece, context: Context) -> Iterator[Said]:
    for match in _SENTENCE.finditer(piece.text):
        sentence = match[0]
        for claim in context.rulebook.library:
            compared = [_compared(sentence, claim, wording, context) for wording in claim.texts]
            share, wrong, stretched = max(compared, key=lambda item: (not item[1], item[0], -len(item[1])))
            if share >= _MEANT or (share and not wrong):
                unusable = claim.unusable(context.as_of.date(), market_of(context.market, context.locale))
                reasons = (unusable,) if unusable and not wrong else tuple(wrong)
                yield Said(claim, match.span(), reasons, stretched or bool(unusable and not wrong))


def permitted(piece: Piece, context: Context, span: Span, rule: str, category: str) -> Said | None:
    """What the sentence at `span` says of an entry that permits the rule; the best of several.

    Where `wrong` of it is empty, the claim is approved as it stands there.
    """
    near = [
        said
        for said in claims_said(piece, context)
        if said.permits(rule, category) and said.span[0] <= span[0] and span[1] <= said.span[1]
    ]
    return min(near, key=lambda said: len(said.wrong), default=None)

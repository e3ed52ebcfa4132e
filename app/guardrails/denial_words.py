"""Negations word by word: whether one turns round a claim that stands behind it, or that it stands in.

"No cream can promise to cure eczema": one negation, and between it and the claim only words that carry it on.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from pydantic import BaseModel, ConfigDict

_WORD = re.compile(r"[a-z0-9%]+(?:['-][a-z0-9]+)*")
_MARK = re.compile(r"[.!?;:,()\n\u2013\u2014]|(?<=\s)-(?=\s)")
_CLAUSE = re.compile(r"[.!?;:()\n\u2013\u2014]|(?<=\s)-(?=\s)|, ?(?=(?:it|this|that|they|we|you|our)\b)")
_MODAL_WITHIN = 4
"""Words behind "no" within which its verb comes: "no cream of ours can"."""
_SAID = 9
"""The most words of what somebody says."""


class DenialWords(BaseModel):
    """The words of one language around a negation; data/denials_<language>.yaml says what each list is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verbs: frozenset[str]
    subjects: frozenset[str]
    modals: frozenset[str]
    before_no: frozenset[str]
    rare: frozenset[str]
    carrying: frozenset[str]
    saying: frozenset[str]
    turned: frozenset[str]
    kept: frozenset[str]
    doubles: frozenset[str]
    reported: frozenset[str]
    breaks: frozenset[str]

    @cached_property
    def negations(self) -> frozenset[str]:
        """Every word that negates."""
        return self.verbs | self.subjects | self.rare

    @cached_property
    def kept_words(self) -> re.Pattern[str]:
        """What only looks like a negation."""
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(self.kept)))})\b")


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def between_is_clear(words: DenialWords, before: str, denial: str, between: str) -> bool:
    """Whether a denial stands for itself: no other negation around it, no words of somebody else, and
    no other clause before the claim.
    """
    if _CLAUSE.search(between):
        return False
    said, clause = set(_words(between)), set(_words(_MARK.split(before)[-1]))
    inner = set(_words(denial)) & words.doubles
    return not (
        said & (words.negations | words.doubles | words.breaks)
        or clause & (words.negations | words.doubles | words.reported)
        or inner
    )


def takes_back(words: DenialWords, before: str, claim: str, *, ranks: bool) -> bool:
    """Whether the one negation in the clause of a claim, before it or inside it, turns it round.

    Where the claim is a rank, "nobody" and "nothing" make it and do not deny it.
    """
    clause = _MARK.split(before)[-1]
    if words.kept_words.search(clause + claim):
        return False
    leading, inner = _words(clause), _words(_MARK.split(claim)[0])
    whole = [*leading, *inner]
    places = [number for number, word in enumerate(whole) if word in words.negations]
    if len(places) != 1 or words.doubles & set(whole) or words.reported & set(whole[: places[0]]):
        return False
    place = places[0]
    negation, following = whole[place], whole[place + 1 :]
    if ranks and negation in words.subjects:
        return False
    if place < len(leading):
        return _carried(words, whole[:place], negation, leading[place + 1 :])
    return place > len(leading) and negation in words.verbs and _turns(words, following)


def _carried(words: DenialWords, earlier: Sequence[str], negation: str, rest: Sequence[str]) -> bool:
    """Whether the words between a negation and a claim carry the negation on to it."""
    if words.breaks & set(rest):
        return False
    if negation in words.subjects:
        if words.before_no & set(earlier[-1:]):
            return all(word in words.carrying for word in rest) or _says(words, rest)
        modal = next((at for at, word in enumerate(rest[:_MODAL_WITHIN]) if word in words.modals), None)
        if modal is None:
            return False
        rest = rest[modal + 1 :]
    elif negation in words.verbs and all(word in words.carrying for word in rest):
        return True
    return _says(words, rest) or (negation in words.subjects and all(w in words.carrying for w in rest))


def _says(words: DenialWords, rest: Sequence[str]) -> bool:
    """Whether a verb of saying follows, with the claim in what is said."""
    at = next(
        (at for at, word in enumerate(rest) if word not in words.carrying or word in words.saying), None
    )
    return at is not None and rest[at] in words.saying and len(rest) - at <= _SAID


def _turns(words: DenialWords, following: Sequence[str]) -> bool:
    """Whether a negation inside a claim negates its verb."""
    first = next((word for word in following if word not in words.carrying), "")
    return first in words.turned and not words.breaks & set(following)

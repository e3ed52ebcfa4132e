"""Where a rule that knows words and no facts gives way to the facts.

With facts, urgency is judged by `urgency`, which says what the facts say; a discount in words passes when the
value in it is the one of the facts; "free" passes with the terms that were supplied. Copy that is stored with
tokens gets no concession: there a value stands by its token.
"""

import re
from functools import cache, cached_property

from pydantic import BaseModel, ConfigDict

from app.guardrails.data_files import is_there, read_data
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Piece
from app.guardrails.grounding import compared
from app.guardrails.numbers import values_in
from app.guardrails.sentences import sentence_round
from app.guardrails.terms.free import FREE, FreeTerms
from app.guardrails.urgency import LANGUAGES, cues_of
from app.guardrails.value_kinds import CHEAPER, Bound, Kind, Value

Span = tuple[int, int]
_WORD = re.compile(r"[^\W_]{2,}")
_RIGHT_AFTER = 16
"""Characters after a claim within which a moment belongs to it: "closes at noon on Friday"."""
_STEM = 5
"""Letters of a word that are compared, so that "pens" is "pen" and "engraved" is "engraving"."""


class ApprovedWords(BaseModel):
    """What a claim that was approved may have around it, in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    joining: frozenset[str]
    """Words that claim nothing by themselves and may join those of an approved claim."""
    widening: frozenset[str]
    """Words that make more of a claim; a sentence may hold those that the approved claim holds."""


@cache
def _approved_words(language: str) -> ApprovedWords | None:
    name = f"approved_claims_{language}.yaml"
    return read_data(name, ApprovedWords) if is_there(name) else None


def _meet(first: Span, second: Span) -> bool:
    return first[0] < second[1] and second[0] < first[1]


def _stems(text: str, words: FreeTerms) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text) if word not in words.common)


class Concessions:
    """What the facts let one copy say, worked out when it is asked for."""

    def __init__(self, piece: Piece, context: Context) -> None:
        self.piece = piece
        self.context = context
        self.given = context.facts is not None and not context.tokens_only
        self.supplied = context.supplied

    def gives_way(self, category: str, span: Span) -> bool:
        """Whether a claim rule of `category` that matched at `span` gives way."""
        if not self.given:
            return False
        match category:
            case "false_scarcity":
                holds = any(self._cued[0][slice(*span)]) or self._timely(span)
            case "price_discount_ungrounded":
                holds = self._discount(span)
            case "free_without_terms":
                holds = self._free(span)
            case "testimonial_fabricated":
                holds = self._stated(span)
            case "superlative_unsubstantiated":
                holds = self._stated(span) or self._approved(span)
            case "health_claim" | "guarantee" | "green_claim":
                holds = self._approved(span)
            case _:
                holds = False
        return holds

    def _timely(self, span: Span) -> bool:
        """Whether the words say when, right after them at the latest, and the facts say so too."""
        values = self._known((span[0], span[1] + _RIGHT_AFTER))
        times = any(value.kind in (Kind.DATE, Kind.WEEKDAY, Kind.TIME) for value, _ in values)
        return times and all(known for _, known in values)

    def _stated(self, span: Span) -> bool:
        """Whether the sentence says what one supplied statement says: its figures, and no word beyond it."""
        if not self.supplied.sheet.statements:
            return False
        start, end = sentence_round(self.piece.text, span)
        values = self._known((start, end))
        if not all(known for _, known in values):
            return False
        letters = list(self.piece.text)
        for value, _ in values:
            begin = value.start
            if value.bound is not Bound.EXACT:  # "over" and the like are part of what was compared
                begin = self.piece.text.rfind(" ", 0, max(0, begin - 1)) + 1
            letters[begin : value.end] = " " * (value.end - begin)
        said = set(_WORD.findall(fold("".join(letters[start:end])).text))
        statements = (fold(text).text for text in self.supplied.sheet.statements)
        return bool(said) and any(said <= set(_WORD.findall(text)) for text in statements)

    def _approved(self, span: Span) -> bool:
        """Whether the words at a span are those of one approved claim, and its sentence makes no more of it:
        the facts give its figures, and every "ever" or "everyone" in it is the claim's.
        """
        claims, words = self.context.extras.approved_claims, _approved_words(self.context.language)
        around = sentence_round(self.piece.text, span)
        if not claims or words is None or not all(known for _, known in self._known(around)):
            return False
        said = self._words(span) - words.joining
        widened = self._words(around) & words.widening
        texts = (frozenset(_WORD.findall(fold(text).text)) for text in claims)
        return bool(said) and any(said | widened <= text for text in texts)

    def _words(self, span: Span) -> frozenset[str]:
        return frozenset(_WORD.findall(self.piece.folded.part(*span)))

    def shown_true(self, span: Span) -> bool:
        """Whether the words at `span` hurry the reader, and the facts make that true."""
        return self.given and any(self._cued[1][slice(*span)])

    @cached_property
    def _cued(self) -> tuple[bytearray, bytearray]:
        """For each character, whether it lies in a cue, and whether in a true one."""
        cued, true = bytearray(len(self.piece.text)), bytearray(len(self.piece.text))
        if self.context.language in LANGUAGES:
            for cue in cues_of(self.piece, self.context):
                length = cue.hit.end - cue.hit.start
                cued[slice(*cue.hit.span)] = b"\x01" * length
                if cue.true:
                    true[slice(*cue.hit.span)] = b"\x01" * length
        return cued, true

    @cached_property
    def values(self) -> tuple[tuple[Value, bool], ...]:
        """The values of the copy, each with whether the facts give it."""
        return tuple(compared(self.piece.text, self.context.locale, self.supplied))

    def _known(self, span: Span) -> list[tuple[Value, bool]]:
        """The values that meet a span, each with whether the facts give it."""
        return [(v, known) for v, known in self.values if _meet(span, (v.start, v.end))]

    def states(self, span: Span) -> bool:
        """Whether there are figures at a span, and the facts give all of them."""
        inside = [known for _, known in self._known(span)]
        return bool(inside) and all(inside)

    def _discount(self, span: Span) -> bool:
        """Whether the words hold a discount, and one of the facts, or stand in the facts themselves."""
        inside = [known for value, known in self._known(span) if value.use in CHEAPER]
        words = self.piece.folded.part(*span).strip()
        said = re.search(rf"\b{re.escape(words)}\b", self.supplied.prose) is not None
        return said or (bool(inside) and all(inside))

    @cached_property
    def free_terms(self) -> tuple[str, ...]:
        """The supplied prose that calls something free, as it was supplied."""
        words = FREE.get(self.context.language)
        said = self.supplied.sheet.statements
        return tuple(text for text in said if words and any(words.offers(fold(text).text)))

    def _free(self, span: Span) -> bool:
        """Whether `free_offer` judges a "free" there: it says what the facts say."""
        words = FREE.get(self.context.language)
        folded = self.piece.folded
        return words is not None and any(
            _meet(span, folded.span(*offer)) for offer in words.offers(folded.text)
        )

    def free_with_terms(self, span: Span) -> bool:
        """Whether the sentence of a "free" states supplied terms, and no figure or "always" beyond them."""
        around = sentence_round(self.piece.text, span)
        if self.piece.text[: around[0]].endswith("?"):  # "Over $900? We fit it for free."
            around = sentence_round(self.piece.text, (around[0] - 2, around[0] - 2))[0], around[1]
        values = self._known(around)
        if not all(known for _, known in values):
            return False
        sentence = self.piece.folded.part(*around)
        if any(value.kind is Kind.MULTIBUY for value, _ in values):
            return True
        return any(self._states(fold(terms).text, sentence) for terms in self.free_terms)

    def _states(self, terms: str, sentence: str) -> bool:
        """Whether a sentence states the condition: a figure of it, or words of it where it has none."""
        words = FREE[self.context.language]
        always = words.always & (set(_WORD.findall(sentence)) - set(_WORD.findall(terms)))
        figures = {v.amount for v in values_in(terms, self.context.locale)}
        if figures:
            shown = sentence.replace("a fortnight", "14 days")
            said = {v.amount for v in values_in(shown, self.context.locale)}
            deal = any(v.kind is Kind.MULTIBUY for v in values_in(terms, self.context.locale))
            which = deal and any(word in sentence for word in ("cheapest", "lowest-priced", "lowest priced"))
            return (which or not figures.isdisjoint(said)) and always <= words.each
        condition = words.condition.split(terms, maxsplit=1)[-1]
        return not always and not _stems(condition, words).isdisjoint(_stems(sentence, words))


def concessions(piece: Piece, context: Context) -> Concessions:
    """What the facts let this copy say, the same for every guardrail that asks."""
    return piece.once("concessions", context, Concessions)

"""Honest denials: a sentence that takes back the claim it names ("There is no evidence that it eases pain").

Frames know negation by themselves; phrases and patterns do not, and a claim rule is about what copy says, not
about the words it mentions. The wordings are data/denials_<language>.yaml. Whatever is in doubt is no denial:
a question, two negations, a clause between the negation and the claim.
"""

import re
from dataclasses import dataclass
from functools import cache, cached_property

from pydantic import BaseModel, ConfigDict

from app.guardrails.data_files import is_there, read_data
from app.guardrails.denial_words import DenialWords, between_is_clear, takes_back
from app.guardrails.frame import Piece
from app.guardrails.sentences import sentence_round

Span = tuple[int, int]

ASSERTED = frozenset(
    {
        "competitor_disparagement",
        "deceptive_subject",
        "false_scarcity",
        "free_without_terms",
        "testimonial_fabricated",
    }
)
"""Categories that a "not" does not take back: "not overpriced like theirs" runs somebody down."""
RANKS = "superlative_unsubstantiated"
"""Here "nobody" and "nothing" make the claim: "nobody makes the best any better"."""
_FARTHEST = 240
"""Characters before a claim in which a denial is looked for; sentences are shorter."""


class Denials(BaseModel):
    """The denials of one language, as regular expressions over folded text and as words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leading: tuple[str, ...]
    """Anywhere in the sentence before the claim, or among the first words of it."""
    touching: tuple[str, ...]
    """Right before the claim."""
    undone: tuple[str, ...]
    """After the claim, in its sentence: the denial was only a wink."""
    answered: tuple[str, ...]
    """After the claim, or in the next sentence: the claim is made after all, of something else."""
    walk: DenialWords
    """The words that negate, and those that may stand between them and the claim."""


@dataclass(frozen=True)
class _Denials:
    """The denials of one language, ready to look for."""

    file: Denials

    @cached_property
    def leading(self) -> re.Pattern[str]:
        return re.compile("|".join(self.file.leading))

    @cached_property
    def touching(self) -> re.Pattern[str]:
        return re.compile(f"(?:{'|'.join(self.file.touching)})$")

    @cached_property
    def undone(self) -> re.Pattern[str]:
        return re.compile("|".join(self.file.undone))

    @cached_property
    def answered(self) -> re.Pattern[str]:
        return re.compile("|".join(self.file.answered))

    def worded(self, before: str, claim: str) -> bool:
        """Whether one of the wordings stands before a claim, in its clause and not itself denied."""
        words, whole = self.file.walk, before + claim
        touching = self.touching.search(before)
        if touching is not None and between_is_clear(words, before[: touching.start()], touching[0], ""):
            return True
        return any(
            between_is_clear(words, whole[: match.start()], "", whole[match.end() : len(before)])
            for match in self.leading.finditer(whole)
        )


@cache
def _denials(language: str) -> _Denials | None:
    name = f"denials_{language}.yaml"
    return _Denials(read_data(name, Denials)) if is_there(name) else None


def denied(piece: Piece, span: Span, category: str, language: str) -> bool:
    """Whether the sentence of a claim at `span` takes it back before it is made, and not again after."""
    denials = _denials(language)
    if denials is None or category in ASSERTED:
        return False
    start, end = sentence_round(piece.text, span)
    if piece.text[end : end + 1] == "?":
        return False
    folded = piece.folded
    before = folded.part(max(start, span[0] - _FARTHEST), span[0])
    claim = folded.part(*span)
    said = denials.worded(before, claim)
    if not said and not takes_back(denials.file.walk, before, claim, ranks=category == RANKS):
        return False
    if denials.undone.search(folded.part(span[1], end)) is not None:
        return False
    return denials.answered.search(folded.part(span[1], span[1] + _FARTHEST)) is None

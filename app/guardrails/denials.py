"""Honest denials: a sentence that takes back the claim it names ("There is no evidence that it eases pain").

Frames know negation by themselves; phrases and patterns do not, and a claim rule is about what copy says, not
about the words it mentions. The wordings are data/denials_<language>.yaml.
"""

import re
from functools import cache

from pydantic import BaseModel, ConfigDict

from app.guardrails.data_files import is_there, read_data
from app.guardrails.fold import fold
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


class Denials(BaseModel):
    """The denials of one language, as regular expressions over folded text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leading: tuple[str, ...]
    """Anywhere in the sentence before the claim, or among the first words of it."""
    touching: tuple[str, ...]
    """Right before the claim."""
    undone: tuple[str, ...]
    """After the claim: the denial was only a wink."""


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]] | None:
    name = f"denials_{language}.yaml"
    if not is_there(name):
        return None
    found = read_data(name, Denials)
    leading, touching, undone = ("|".join(part) for part in (found.leading, found.touching, found.undone))
    return re.compile(leading), re.compile(f"(?:{touching})$"), re.compile(undone)


def denied(piece: Piece, span: Span, category: str, language: str) -> bool:
    """Whether the sentence of a claim at `span` takes it back before it is made, and not again after."""
    patterns = _patterns(language)
    if patterns is None or category in ASSERTED:
        return False
    leading, touching, undone = patterns
    start, end = sentence_round(piece.text, span)
    before, claim = fold(piece.text[start : span[0]]).text, fold(piece.text[start : span[1]]).text
    if not touching.search(before) and not leading.search(claim):
        return False
    return undone.search(fold(piece.text[span[1] : end]).text) is None

"""The brief's words to leave out."""

from collections.abc import Iterator
from functools import lru_cache

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Matcher, Wording
from app.verdicts.reports import Family, Finding


@lru_cache(maxsize=256)
def _matcher(words: tuple[str, ...]) -> Matcher[Wording]:
    return Matcher(
        [
            Wording(id=word, phrases=(word,), message=f"the brief asks to leave out '{word}'")
            for word in dict.fromkeys(words)
        ]
    )


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a word stands that the brief asks to avoid, whole words only."""
    if context.avoid:
        for hit in _matcher(context.avoid).hits(piece.shadows):
            yield GUARDRAIL.finding(piece, hit.span, hit.rule.message, "say it in other words")


GUARDRAIL = Guardrail(
    id="avoid",
    family=Family.BRAND,
    categories=("brief_avoid",),
    summary="None of the words that the brief's `avoid` lists",
    source="the brief",
    check=check,
)

"""Letter salad and misspelt words.

A small model spells by letters and invents words ("camptsite"). Every word must be in the lexicon, be one of
the brand's own words, or belong to a supplied name. In copy that a person wrote it only warns, since people
use names and coinages on purpose.
"""

import re
from collections.abc import Iterator

from app.guardrails import lexicon
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import masked
from app.guardrails.rulebook import words_of
from app.verdicts.reports import Family, Finding, Severity

_SKIPPED = re.compile(
    r"(?<!\{)\{++[^{}]*+\}++|\b\w{1,20}://\S+|(?<!\S)[^\s@]{1,200}@\S+|(?<![a-z0-9.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.(?:com|org|net|co|uk|io|example|test)\b\S*"
    r"|&[a-z]+;|&#\w+;|<[^<>]*>"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_GLUED = re.compile(r"[a-z]{2,40}[,;:!?][a-z]{2,}|[a-z]{3,40}\.[a-z]{3,}|\}[a-z]+|[a-z]{2,40}\{")


def _blanked(text: str) -> str:
    return _SKIPPED.sub(lambda match: " " * len(match[0]), masked(text))


def _known(word: str, own: frozenset[str]) -> bool:
    plain = word.strip("'")
    return (
        not plain or word in own or plain in own or plain.removesuffix("'s") in own or lexicon.is_word(word)
    )


def _severity(context: Context) -> Severity:
    return Severity.BLOCK if context.tokens_only else Severity.WARN


def _misspelt(piece: Piece, context: Context) -> Iterator[Finding]:
    folded = piece.folded
    own = context.rulebook.own_words | words_of(context.names)
    for match in _WORD.finditer(_blanked(folded.text)):
        if _known(match[0], own):
            continue
        span = folded.span(match.start(), match.end())
        near = lexicon.suggestion(match[0].strip("'"))
        shown = piece.text[slice(*span)]
        hint = f"did you mean '{near}'?" if near else "write a word that is in the dictionary"
        yield GUARDRAIL.finding(piece, span, f"'{shown}' is no known word", hint, severity=_severity(context))


def _glued(piece: Piece, context: Context) -> Iterator[Finding]:
    folded = piece.folded
    text = re.sub(_SKIPPED, lambda m: m[0] if m[0].startswith("{") else " " * len(m[0]), masked(folded.text))
    for match in _GLUED.finditer(text):
        span = folded.span(match.start(), match.end())
        shown = piece.text[slice(*span)]
        yield GUARDRAIL.finding(
            piece,
            span,
            f"a space is missing in '{shown}'",
            "put a space between the words",
            severity=_severity(context),
        )


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every word that the lexicon, the brand and the supplied names do not know."""
    yield from _misspelt(piece, context)
    yield from _glued(piece, context)


GUARDRAIL = Guardrail(
    id="word_check",
    family=Family.BRAND,
    categories=("misspelt",),
    summary="Every word is in the dictionary, a word of the brand, or part of a supplied name.",
    source="house rule: small models spell by letters",
    check=check,
    languages=frozenset({"en"}),
)

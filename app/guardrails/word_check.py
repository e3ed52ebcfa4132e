"""Letter salad and misspelt words.

A small model spells by letters and invents words ("camptsite"). Every word must be in the lexicon of its
language, be one of the brand's own words, or belong to a supplied name. In copy that a person wrote it only
warns, since people use names and coinages on purpose.
"""

import re
from collections.abc import Callable, Iterator

from app.guardrails import lexicon
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.guardrails.matcher import masked
from app.guardrails.rulebook import words_of
from app.guardrails.terms import lexicon_de, lexicon_fr
from app.guardrails.terms.lexicon import Lexicon
from app.guardrails.wordless import blank_wordless
from app.verdicts.reports import Family, Finding, Severity

LEXICONS = {
    "en": Lexicon(lexicon.is_word, lexicon.suggestion, folded=True),
    "de": lexicon_de.LEXICON,
    "fr": lexicon_fr.LEXICON,
}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
_HYPHENED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}(?:-[^\W\d_]{1,40})+")
_L = r"[^\W\d_]"
_GLUED = re.compile(rf"{_L}{{2,40}}[,;:!?]{_L}{{2,}}|{_L}{{3,40}}\.{_L}{{3,}}|\}}{_L}+|{_L}{{2,40}}\{{")
_GLUE = Gate([_GLUED])
Read = tuple[str, Callable[[int, int], tuple[int, int]]]
"""The text as the lexicon reads it, and the way back to the original."""


def _read(piece: Piece, words: Lexicon) -> Read:
    """English is read folded; elsewhere accents tell words apart."""
    if words.folded:
        return masked(piece.folded.text), piece.folded.span
    text = "".join(c.lower() if len(c.lower()) == 1 else c for c in piece.text).replace("’", "'")
    return masked(text), lambda start, end: (start, end)


def _without_hyphened(text: str, words: Lexicon) -> str:
    """The text without the words that the dictionary holds with their hyphen, such as "week-end"."""
    if "-" not in text:
        return text
    return _HYPHENED.sub(lambda match: " " * len(match[0]) if words.is_word(match[0]) else match[0], text)


def _known(word: str, own: frozenset[str], words: Lexicon) -> bool:
    plain = word.strip("'")
    if not plain or words.is_word(word if words.folded else plain):
        return True
    mine = plain if words.folded else "".join(words_of([plain]))
    bare = mine.removesuffix("'s") if words.folded else mine.rsplit("'", 1)[-1].removesuffix("s")
    return not own.isdisjoint({word, mine, bare, *(() if words.folded else [mine.rsplit("'", 1)[-1]])})


def _severity(context: Context) -> Severity:
    return Severity.BLOCK if context.tokens_only else Severity.WARN


def _misspelt(piece: Piece, context: Context, words: Lexicon, read: Read) -> Iterator[Finding]:
    text, span_of = read
    own = context.rulebook.own_words | words_of(context.names)
    for match in _WORD.finditer(_without_hyphened(blank_wordless(text), words)):
        if words.is_word(match[0]) or _known(match[0], own, words):
            continue
        span = span_of(match.start(), match.end())
        near = words.suggestion(match[0].strip("'"))
        shown = piece.text[slice(*span)]
        hint = (
            f"did you mean '{near}'?"
            if near
            else "another word; names of yours go under `words` in voice.yaml"
        )
        yield GUARDRAIL.finding(piece, span, f"'{shown}' is no known word", hint, severity=_severity(context))


def _glued(piece: Piece, context: Context, read: Read) -> Iterator[Finding]:
    text, span_of = read
    for _, match in _GLUE.matches(blank_wordless(text, tokens=False)):
        span = span_of(match.start(), match.end())
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
    words = LEXICONS[context.language]
    read = _read(piece, words)
    yield from _misspelt(piece, context, words, read)
    yield from _glued(piece, context, read)


GUARDRAIL = Guardrail(
    id="word_check",
    family=Family.BRAND,
    categories=("misspelt",),
    summary="Every word is in the dictionary, a word of the brand, or part of a supplied name.",
    source="house rule: small models spell by letters",
    check=check,
    languages=frozenset(LEXICONS),
)

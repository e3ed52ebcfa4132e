"""The machine-checked parts of the voice guide: words, person, spelling, marks, capitals, reading grade.

Words of the brand itself are left alone. Person counts outside of quotation marks, since a quoted customer
may say "I". Every limit is the brand's own; without a brand there is nothing to check.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from app.blocks.kind import Shape
from app.brand.models import Formality, Person, VoiceGuide
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Hit, Matcher, Wording
from app.guardrails.reading import LANGUAGES, grade_in
from app.tokens import TOKEN, words_only
from app.verdicts.reports import Family, Finding

_FIRST_SINGULAR = {
    "en": r"(?<![\w.'’&-])(?:I(?:['’](?:m|ve|ll|d))?(?![\w.])|(?i:my|me|myself)\b)",
    "de": r"\b(?i:ich|mich|mir|mein(?:e[mnrs]?)?)\b",
    "fr": r"\b(?:[Jj]e|[Mm]oi|[Mm]on|[Mm]es|[Mm]a)\b|\b[Jj]['’]",
}
_FIRST_PLURAL = {
    "en": r"(?<![\w.])(?:(?i:we|our|ours|ourselves)(?:['’](?:re|ve|ll|d))?\b|[Uu]s\b)(?![\w.])",
    "de": r"\b(?i:wir|uns|unser(?:e[mnrs]?)?)\b",
    "fr": r"\b(?i:nous|notre|nos)\b",
}
_OTHER_FORM = {
    ("de", Formality.INFORMAL): r"(?<=[\w,;:–-] )(?:Sie|Ihr)\b|\b(?:Ihnen|Ihre[mnrs]?)\b",
    ("de", Formality.FORMAL): r"\b(?i:du|dich|dir|dein(?:e[mnrs]?)?|euch|euer|eure[mnrs]?)\b",
    ("fr", Formality.INFORMAL): r"\b(?i:vous|votre|vos)\b|\b(?!(?i:chez|assez|nez|rez)\b)[^\W\d_]{2,}ez\b",
    ("fr", Formality.FORMAL): (
        r"\b(?i:tu|toi|ta|tes|te)\b|(?<!\ble )(?<!\bun )(?<!\bdu )(?<!\bbon )\b(?i:ton)\b"
        r"|(?<![\w-])[Tt]['’](?=\w)"
    ),
}
"""What gives away the form of address that a brand does not use; a German "Sie" may also begin a sentence
about things, and "Ihr" one to several friends."""
_FORMS = {
    ("de", Formality.INFORMAL): "du",
    ("de", Formality.FORMAL): "Sie",
    ("fr", Formality.INFORMAL): "tu",
    ("fr", Formality.FORMAL): "vous",
}
_THING = {"en": "thing", "de": "Ding", "fr": "chose"}
"""What stands for a token where the length of words counts."""
_QUOTES = re.compile(r"[\"“„«][^\"“”„«»]{1,300}[\"”“»]")
_ELLIPSIS = re.compile(r"\.{2,}|…")
_CAPITALS = re.compile(r"[^\W\d_]{4,}")
_ORDINARY = frozenset("©®™")


@lru_cache(maxsize=32)
def _person_words(language: str, person: Person) -> re.Pattern[str]:
    words = [_FIRST_SINGULAR[language]] + ([_FIRST_PLURAL[language]] if person is Person.NEUTRAL else [])
    return re.compile("|".join(words))


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Each part of the brand's guide in turn."""
    brand = context.rulebook.brand
    if brand is None:
        return
    yield from _listed(piece, context.rulebook.voice_words)
    yield from _listed(piece, context.rulebook.spelling.get(context.locale))
    yield from _person(piece, context, brand.voice.person)
    if brand.voice.formality is not None:
        yield from _address(piece, context, brand.voice.formality)
    yield from _marks(piece, brand.voice)
    yield from _capital_words(piece, context, brand.voice.punctuation.capital_words)
    yield from _reading(piece, context, brand.voice.reading_grade_max)


def _listed(piece: Piece, words: Matcher[Wording] | None) -> Iterator[Finding]:
    hits: tuple[Hit[Wording], ...] = words.hits(piece.shadows) if words is not None else ()
    for hit in hits:
        rule = hit.rule
        yield GUARDRAIL.finding(piece, hit.span, rule.message, rule.suggestion, severity=rule.severity)


@lru_cache(maxsize=8)
def _other_form(language: str, formality: Formality) -> re.Pattern[str] | None:
    words = _OTHER_FORM.get((language, formality))
    return re.compile(words) if words else None


def _address(piece: Piece, context: Context, formality: Formality) -> Iterator[Finding]:
    """Words of the form of address that the brand does not use; quotations are left alone."""
    pattern = _other_form(context.language, formality)
    text = _QUOTES.sub(lambda quoted: " " * len(quoted[0]), _blanked(piece.text))
    for match in pattern.finditer(text) if pattern is not None else ():
        form = _FORMS[context.language, formality]
        message = f"'{match[0]}': this brand addresses its readers as '{form}'"
        yield GUARDRAIL.finding(piece, match.span(), message, f"say it with '{form}'")


def _person(piece: Piece, context: Context, person: Person) -> Iterator[Finding]:
    text = _QUOTES.sub(lambda quoted: " " * len(quoted[0]), _blanked(piece.text))
    for match in _person_words(context.language, person).finditer(text):
        if person is Person.NEUTRAL:
            message, suggestion = (
                f"'{match[0]}': this brand does not speak of itself as a person",
                "name the thing",
            )
        else:
            message, suggestion = (
                f"'{match[0]}': this brand says 'we', never 'I'",
                "say 'we', or speak to the reader",
            )
        yield GUARDRAIL.finding(piece, match.span(), message, suggestion)


def _marks(piece: Piece, voice: VoiceGuide) -> Iterator[Finding]:
    limits, shown = voice.punctuation, fold_marks(piece.text)
    for marks, most, name in (
        ("!¡", limits.exclamation_marks, "exclamation"),
        ("?¿", limits.question_marks, "question"),
    ):
        if shown.count(marks[0]) > most:
            places = [index for index, character in enumerate(shown) if character == marks[0]]
            plural = "mark" if len(places) == 1 else "marks"
            message = f"{len(places)} {name} {plural}; the voice guide allows {most}"
            yield GUARDRAIL.finding(
                piece, (places[most], places[most] + 1), message, "end with a full stop or nothing"
            )
    if not limits.ellipsis:
        for match in _ELLIPSIS.finditer(piece.text):
            yield GUARDRAIL.finding(
                piece, match.span(), "the voice guide allows no ellipsis", "finish the sentence"
            )
    if not (limits.emoji or piece.text.isascii()):
        for index, character in enumerate(piece.text):
            if _is_emoji(character):
                yield GUARDRAIL.finding(
                    piece, (index, index + 1), "the voice guide allows no emoji", "leave it out"
                )
                break


def fold_marks(text: str) -> str:
    """The text with wide and other forms of ! and ? as the plain marks, character by character."""
    return text if text.isascii() else "".join(_MARKS.get(character, character) for character in text)


_MARKS = {"！": "!", "‼": "!", "❗": "!", "❕": "!", "⁉": "!", "？": "?", "⁇": "?", "❓": "?", "❔": "?"}


def _is_emoji(character: str) -> bool:
    """Pictographs are symbols of category So beyond Latin-1, or in the emoji blocks."""
    if character.isascii() or character in _ORDINARY:
        return False
    return unicodedata.category(character) == "So" and ord(character) > 0x2190


def _capital_words(piece: Piece, context: Context, most: int) -> Iterator[Finding]:
    own = context.rulebook.own_words
    shouted = [
        match
        for match in _CAPITALS.finditer(_blanked(piece.text))
        if match[0].isupper() and fold(match[0]).text not in own and match[0] not in context.names
    ]
    if len(shouted) > most:
        message = f"{len(shouted)} words in capitals; the voice guide allows {most}"
        yield GUARDRAIL.finding(piece, shouted[most].span(), message, "write it in lower case")


def _reading(piece: Piece, context: Context, most: float) -> Iterator[Finding]:
    if piece.field != "body" and (piece.spec is None or piece.spec.shape is not Shape.PARAGRAPH):
        return
    words = words_only(piece.text, _THING[context.language])
    text = fold(words).text if context.language == "en" else words.lower().replace("’", "'")
    found = grade_in(context.language, text)
    if found is not None and found > most:
        message = f"reads at grade {found:.1f}; the voice guide allows {most:g}"
        suggestion = "use shorter sentences and shorter words"
        yield GUARDRAIL.finding(piece, (0, len(piece.text)), message, suggestion)


def _blanked(text: str) -> str:
    """The text with spaces for tokens, so that no name of a variable counts as a word."""
    return TOKEN.sub(lambda match: " " * len(match[0]), text)


GUARDRAIL = Guardrail(
    id="voice",
    family=Family.BRAND,
    categories=("voice",),
    summary="The voice guide's words, person, spelling, marks, emoji, capitals and reading grade",
    source="voice.yaml of the brand; formulas for the grade in reading.py",
    check=check,
    languages=LANGUAGES,
)

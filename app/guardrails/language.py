"""The language of copy: it is that of the locale, borrowed phrases and names aside.

A statistical detector (lingua) and the grammar words of each language have to agree before copy is refused:
short lines carry too little for either alone. Names, tokens and the brand's own words are not looked at, and
fewer than `FEWEST_WORDS` words are left alone. What the detector says depends on the text alone.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.rulebook import has_any
from app.guardrails.wordless import blank_wordless
from app.verdicts.reports import Family, Finding

if TYPE_CHECKING:
    from lingua import LanguageDetector

FEWEST_WORDS = 4
LONG_SENTENCE = 6
"""Words from which on a sentence is looked at by itself, and from which on the detector's word is enough
where no grammar word speaks for either language."""
SURE = 0.8
"""Confidence of the detector in another language from which on that language is held to be meant."""
VERY_SURE = 0.95
"""The same where the detector's word has to be enough."""
UNLIKELY = 0.1
"""Confidence in the locale's language under which it is held not to be meant."""
LONGEST = 2_000
"""Characters of a text that are looked at: more do not make the language any clearer."""
FOREIGN_LETTERS = 4
"""Letters of another script, more than half of all, that no Latin copy holds."""
NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "nl": "Dutch",
    "pt": "Portuguese",
}
"""The languages that are told apart. Few, since each further one makes short lines less certain."""
_NEIGHBOURS = frozenset({"es", "it", "pt"})
"""Languages so close that the detector takes short lines of one for another: without a grammar word of the
other one, copy in one of them is not said to be in another."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.!?\n]+")


@cache
def _grammar_words() -> dict[str, str]:
    """The words that no other language has, each with its language."""
    text = files("app.guardrails").joinpath("data/language_words.txt").read_text(encoding="utf-8")
    lines = [line.split(":", 1) for line in text.splitlines() if line and not line.startswith("#")]
    words = {code: frozenset(w for c, text in lines if c == code for w in text.split()) for code, _ in lines}
    count = Counter(word for listed in words.values() for word in listed)
    return {word: code for code, listed in words.items() for word in listed if count[word] == 1}


@cache
def _detector() -> "LanguageDetector":
    """Loaded with the first text that its grammar words do not settle: it takes a third of a second."""
    from lingua import IsoCode639_1, Language, LanguageDetectorBuilder

    languages = [Language.from_iso_code_639_1(getattr(IsoCode639_1, code.upper())) for code in NAMES]
    builder = LanguageDetectorBuilder.from_languages(*languages)
    return builder.with_low_accuracy_mode().with_preloaded_language_models().build()


def _confidence(text: str) -> dict[str, float]:
    whole = text.encode("utf-8", "replace").decode("utf-8")  # the detector takes no half of a surrogate pair
    found = _detector().compute_language_confidence_values(whole)
    return {item.language.iso_code_639_1.name.lower(): item.value for item in found}


@lru_cache(maxsize=4096)
def other_language(text: str, expected: str) -> str:
    """The code of the language that `text` is in, where that is not `expected`; empty where it may be."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    if len(words) < FEWEST_WORDS:
        return ""
    grammar, spoken = _grammar_words(), dict.fromkeys(NAMES, 0)
    for word in words:
        if word in grammar:
            spoken[grammar[word]] += 1
    mine = spoken.pop(expected)
    if mine > max(spoken.values()):
        return ""
    confidence = _confidence(text)
    other = max(spoken, key=lambda code: confidence.get(code, 0.0))
    if confidence.get(expected, 0.0) >= UNLIKELY or confidence.get(other, 0.0) < SURE:
        return ""
    if spoken[other] or mine:
        return other if spoken[other] > mine else ""
    if other in _NEIGHBOURS and expected in _NEIGHBOURS:
        return ""
    return other if confidence[other] >= VERY_SURE and len(words) >= LONG_SENTENCE else ""


def _readable(piece: Piece, context: Context) -> str:
    """The text with what belongs to no language blanked, at the same length."""
    text = blank_wordless(piece.text[:LONGEST])
    for name in context.names | context.competitors:
        text = text.replace(name, " " * len(name))
    own = context.rulebook.own_words

    def kept(match: re.Match[str]) -> str:
        return " " * len(match[0]) if has_any(match[0], own) else match[0]

    return _WORD.sub(kept, text) if own else text


def _foreign_script(piece: Piece) -> bool:
    """Whether most letters are of another script, look-alikes and letters that only look set apart aside."""
    letters = [character for character in piece.folded.text[:LONGEST] if character.isalpha()]
    foreign = sum(not unicodedata.name(character, "").startswith("LATIN") for character in letters)
    return foreign >= FOREIGN_LETTERS and 2 * foreign > len(letters)


def _other(text: str, context: Context) -> str:
    """English is read without accents, which are a disguise in it more often than another language."""
    read = fold(text).text if context.language == "en" and not text.isascii() else text
    return other_language(read.strip(), context.language)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """The whole text, or else each long sentence, that is in another language."""
    wanted = NAMES[context.language]
    hint = f"write it in {wanted}"
    if not piece.text.isascii() and _foreign_script(piece):
        whole = (0, len(piece.text))
        yield GUARDRAIL.finding(piece, whole, f"this is written in another script than {wanted}", hint)
        return
    text = _readable(piece, context)
    found = _other(text, context)
    if found:
        yield GUARDRAIL.finding(piece, (0, len(piece.text)), f"this is {NAMES[found]} and not {wanted}", hint)
        return
    sentences = list(_SENTENCE.finditer(text))
    for match in sentences if len(sentences) > 1 else ():
        if len(_WORD.findall(match[0])) >= LONG_SENTENCE:
            found = _other(match[0], context)
            if found:
                message = f"this sentence is {NAMES[found]} and not {wanted}"
                yield GUARDRAIL.finding(piece, match.span(), message, hint)


GUARDRAIL = Guardrail(
    id="language",
    family=Family.BRAND,
    categories=("wrong_language",),
    summary="Copy is written in the language of its locale; borrowed phrases and names are left alone",
    source="the target's locale",
    check=check,
    languages=frozenset(NAMES),
)

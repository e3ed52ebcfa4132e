"""Disguises for tests: each takes a text and a source of random picks and hides the text's words in one way.

The names are those of `evasion` in tests/corpus/evasions.jsonl.
"""

import random
import re
from collections.abc import Callable

Disguise = Callable[[str, random.Random], str]

CYRILLIC = str.maketrans("aceiopsxyABCEHKMOPTX", "асеіорѕхуАВСЕНКМОРТХ")
GREEK = str.maketrans("aivoupABEHIKMNOPTXZ", "αιν\u03bfυρΑΒΕΗΙΚΜΝΟΡΤΧΖ")
ACCENTS = str.maketrans("aeiouy", "áéíóúý")
LEET = str.maketrans("abegilost", "48391105" + "7")
SIGNS = str.maketrans("aeilos", "@e!|0$")
_WORD = re.compile(r"[A-Za-z]+")


def _shifted(lower: int, upper: int) -> Disguise:
    def disguise(text: str, pick: random.Random) -> str:
        return "".join(
            chr(lower + ord(c) - ord("a"))
            if "a" <= c <= "z"
            else chr(upper + ord(c) - ord("A"))
            if "A" <= c <= "Z"
            else c
            for c in text
        )

    return disguise


def _translated(table: dict[int, int]) -> Disguise:
    return lambda text, pick: text.translate(table)


def _sprinkled(marks: str) -> Disguise:
    """A mark after every second or third character."""

    def disguise(text: str, pick: random.Random) -> str:
        step = pick.choice((1, 2, 3))
        return "".join(c + (pick.choice(marks) if index % step == 0 else "") for index, c in enumerate(text))

    return disguise


def _in_words(change: Callable[[str, random.Random], str], shortest: int = 4) -> Disguise:
    def disguise(text: str, pick: random.Random) -> str:
        return _WORD.sub(lambda m: change(m[0], pick) if len(m[0]) >= shortest else m[0], text)

    return disguise


def _cut(mark: str) -> Disguise:
    def change(word: str, pick: random.Random) -> str:
        at = pick.randint(2, len(word) - 2)
        return word[:at] + mark + word[at:]

    return _in_words(change)


def _stretched(word: str, pick: random.Random) -> str:
    return "".join(c * pick.choice((1, 3, 4)) if c in "aeiouls" else c for c in word)


def _swapped(word: str, pick: random.Random) -> str:
    places = [index for index in range(1, len(word) - 1) if word[index] != word[index + 1]]
    if not places:
        return word
    at = pick.choice(places)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def spaced(text: str, pick: random.Random) -> str:
    return "   ".join(" ".join(word) for word in text.split(" "))


def dotted(text: str, pick: random.Random) -> str:
    return " ".join(".".join(word) for word in text.split(" "))


def numeric_entities(text: str, pick: random.Random) -> str:
    forms = ("&#{};", "&#x{:x};", "&#0{};")
    return "".join(pick.choice(forms).format(ord(c)) if pick.random() < 0.5 else c for c in text)


def overridden(text: str, pick: random.Random) -> str:
    return f"\u202e{text[::-1]}\u202c"


def mixed_case(text: str, pick: random.Random) -> str:
    return "".join(c.upper() if index % 2 else c.lower() for index, c in enumerate(text))


CLASSES: dict[str, Disguise] = {
    "homoglyph_cyrillic": _translated(CYRILLIC),
    "homoglyph_greek": _translated(GREEK),
    "math_bold": _shifted(0x1D41A, 0x1D400),
    "math_sans_italic": _shifted(0x1D622, 0x1D608),
    "fullwidth": _shifted(0xFF41, 0xFF21),
    "circled_letters": _shifted(0x24D0, 0x24B6),
    "parenthesised_letters": _shifted(0x249C, 0x1F110),
    "zero_width_space": _sprinkled("\u200b"),
    "zero_width_joiner": _sprinkled("\u200d\u200c"),
    "word_joiner": _sprinkled("\u2060\ufeff"),
    "soft_hyphen": _sprinkled("\u00ad"),
    "combining_marks": _sprinkled("\u0335\u0336\u0301\u0489"),
    "diacritics": _translated(ACCENTS),
    "leetspeak": _translated(LEET),
    "symbol_swap": _translated(SIGNS),
    "spaced_letters": spaced,
    "dotted_letters": dotted,
    "hyphen_split": _cut("-"),
    "underscore_join": lambda text, pick: text.replace(" ", "_"),
    "repeated_letters": _in_words(_stretched, 3),
    "transposed_typo": _in_words(_swapped, 5),
    "html_entity": numeric_entities,
    "html_named_entity": lambda text, pick: text.replace(" ", "&nbsp;"),
    "html_tag_inside": _cut("<b></b>"),
    "html_comment_inside": _cut("<!-- x -->"),
    "markdown_inside": _cut("**"),
    "bidi_override": overridden,
    "nbsp_and_newline": lambda text, pick: "".join(
        pick.choice("\u00a0\n\r") if c == " " else c for c in text
    ),
    "mixed_case": mixed_case,
}

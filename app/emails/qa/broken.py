"""What broken values look like in words that people read: tokens, words of programs, lost names, stray marks.

The checks of a finished email and the rendering of every combination look for the same.
"""

import re
from functools import cache

from app.emails.qa.words import of_language, words

TOKENS = re.compile(
    r"\{\{[^{}]{0,200}\}\}|\{%[^{}]{0,200}%\}|\{#[^{}]{0,200}#\}|\$\{[^{}]{0,100}\}|<%[^<>]{0,200}%>"
    r"|(?<!\\u)\{[a-z_][\w.]{0,60}(?:=[^{}]{0,60}|\|[^{}]{0,60})?\}|\*\|[^|]{1,100}\|\*|%%[^%\s][^%]{0,100}%%|%[A-Z][A-Z0-9_]{2,40}%"
    r"|\[\[[^\[\]]{1,100}\]\]|\{\{|\}\}|\*\||\|\*"
)
"""Tags of sending platforms and of our own that nobody filled in."""
DOUBLED = re.compile(
    r",\s*,|(?<!\.)\.\.(?!\.)|\.{4,}|;\s*;|:\s*:|!\s*,|,\s*[.!?;:](?!\w)|[!?]\.(?![\w.])|(?<=\w)\s[,](?!\w)"
    r"|(?<=\w)\s\.(?![\w.]|\s\.)|(?<!\w)\(\s*\)|\"\"|“\s*”|!!{1,}|\?\?{1,}"
)
"""Marks that stand twice or lost their words."""
_VALUES = (
    r"(?<![\w.'-])(?:undefined|NaN|\[object \w{1,20}\]|NULL|#REF!|#N/A{null})(?![\w'-])"
    r"|<(?:nil|no value)>|(?<![\w.])None(?=\s*[,!]|$)"
)


@cache
def missing_value(locale: str | None) -> re.Pattern[str]:
    """Words of a program where a value is missing; in German, null is a number."""
    german = (locale or "").startswith("de")
    return re.compile(_VALUES.replace("{null}", "" if german else "|null(?! and void)"))


@cache
def lost_greeting(locale: str | None) -> re.Pattern[str]:
    """Greetings that nobody follows, and words that begin with a mark."""
    # French sets a space before an exclamation mark, so only a comma shows there that a name is missing.
    marks = "," if (locale or "").startswith("fr") else ",!."
    known, letters = (_any(of_language(given, locale)) for given in (words().greetings, words().salutations))
    return re.compile(
        rf"(?<!\w){known}\s+[{marks}](?!\w)|^{letters}[,!](?!\w)|^[,;!?](?:\s|$)",
        re.IGNORECASE | re.MULTILINE,
    )


def _any(given: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(re.escape(word) for word in given)})"

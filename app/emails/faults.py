"""What goes wrong when values are missing: raw tokens, empty places, broken greetings, doubled marks.

These are looked for in what a reader would see, in every branch of an email.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.emails.package import Printed
from app.emails.qa.broken import DOUBLED, TOKENS, lost_greeting, missing_value

_TAGS = re.compile(r"\{\{|\{%|cdmark[0-9a-f]{16}")
"""What no page holds, its style sheet included; the words of the page stand in the text, too."""
_EMPTY_TAG = re.compile(r"<(h[1-6]|a|span|strong|em)\b[^>]*>\s*</\1>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r'(?:href|src)=""')
_AROUND = 24


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, in which part of the email, and the words around it."""

    what: str
    part: str
    shown: str


def faults_in(seen: Printed, locale: str) -> Iterator[Fault]:
    """Every fault of an email of this locale as one reader sees it."""
    for part, text in (("subject", seen.subject), ("preheader", seen.preheader), ("text", seen.text)):
        yield from _found("a raw token", part, text, TOKENS)
        yield from _found("a word of a program", part, text, missing_value(locale))
        yield from _found("a broken greeting", part, text, lost_greeting(locale))
        yield from _found("doubled punctuation", part, text, DOUBLED)
        if not text.strip():
            yield Fault("is empty", part, "")
    yield from _found("a raw token", "html", seen.html, _TAGS)
    yield from _found("an empty element", "html", seen.html, _EMPTY_TAG)
    yield from _found("an empty address", "html", seen.html, _EMPTY_LINK)


def _found(what: str, part: str, text: str, pattern: re.Pattern[str]) -> Iterator[Fault]:
    for match in pattern.finditer(text):
        shown = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        yield Fault(what, part, " ".join(shown.split()))

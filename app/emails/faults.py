"""What goes wrong when values are missing: raw tokens, empty places, broken greetings, doubled marks.

These are looked for in what a reader would see, in every branch of an email.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.emails.package import Printed

_RAW = re.compile(r"\{\{|\}\}|\{%|\{[a-z_]+\.[a-z_.]+\}|cdmark[0-9a-f]{16}|\bundefined\b")
_GREETING = re.compile(
    r"\b(?:hello|hi|dear|hey|hallo|liebe[rs]?|bonjour|cher|chère|hola|ciao|beste)\s*[,!.:;?]\s*[,!.:;?]"
    r"|\b(?:dear|liebe[rs]?|cher|chère|beste)\s*[,!]",
    re.IGNORECASE,
)
_DOUBLED = re.compile(r",\s*[,.;:!?]|(?<!\.)\.\.(?!\.)|[;:]\s*[.,;:]|!\s*[.,;]|\?\s*[.,;]|\(\s*\)|\"\s*\"")
_GAP = re.compile(r"\S[ \t]+[,.;:!?](?!\S)|^[ \t]*[,.;:!?](?=\s)", re.MULTILINE)
_EMPTY_TAG = re.compile(r"<(h[1-6]|a|span|strong|em)\b[^>]*>\s*</\1>", re.IGNORECASE)
_EMPTY_LINK = re.compile(r'(?:href|src)=""')
_AROUND = 24


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, in which part of the email, and the words around it."""

    what: str
    part: str
    shown: str


def faults_in(seen: Printed, *, french: bool = False) -> Iterator[Fault]:
    """Every fault of an email as one reader sees it. In French a blank stands before some marks."""
    for part, text in (("subject", seen.subject), ("preheader", seen.preheader), ("text", seen.text)):
        yield from _of_words(part, text, french=french)
        if not text.strip():
            yield Fault("is empty", part, "")
    yield from _found("a raw token", "html", seen.html, re.compile(r"\{\{|\{%|cdmark[0-9a-f]{16}"))
    yield from _found("an empty element", "html", seen.html, _EMPTY_TAG)
    yield from _found("an empty address", "html", seen.html, _EMPTY_LINK)


def _of_words(part: str, text: str, *, french: bool) -> Iterator[Fault]:
    yield from _found("a raw token", part, text, _RAW)
    yield from _found("a broken greeting", part, text, _GREETING)
    yield from _found("doubled punctuation", part, text, _DOUBLED)
    if not french:
        yield from _found("a blank before a mark", part, text, _GAP)


def _found(what: str, part: str, text: str, pattern: re.Pattern[str]) -> Iterator[Fault]:
    for match in pattern.finditer(text):
        shown = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
        yield Fault(what, part, " ".join(shown.split()))

"""The plain text: there, and saying the same."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from app.emails.qa.email import EmailUnderTest, text_passages
from app.emails.qa.mandatory import ways_out
from app.emails.qa.models import Flaw, Severity, Spot, rule

_TEXT = Spot("text")
_SAME = "https://karolcholewa.pl, Marigold email checklist (plain-text part; read 2026-11)"
_ADDRESS = re.compile(r"https?://[^\s<>\"]+|(?<![\w#])links\.html#\w+|mailto:[^\s<>\"]+")
_FIGURE = re.compile(
    r"[€£$¥]\s?\d[\d.,' \u202f]{0,20}|\d[\d.,' \u00a0\u202f]{0,20}\s?[€£%]|\d[\d.,']{0,40}\d|\d"
)
_COUNTED = ("https://", "http://", "mailto:")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|a|b|i|strong|em|table|tr|td|h[1-6]|img|ul|li)(?:\s[^<>]*)?/?>|&[a-z]{2,8};"
)


@rule(
    "text_part.missing",
    Severity.ERROR,
    "The email has no plain text",
    threshold="an empty text part",
    source=_SAME,
    needs=(),
)
def _missing(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.text is not None and not email.text.strip():
        yield Flaw(_TEXT, "The text part is empty", "the copy of the blocks as text")


@rule(
    "text_part.link_missing",
    Severity.ERROR,
    "The plain text lacks a link of the HTML",
    threshold="an address of a visible link that the text does not hold, unsubscribing aside",
    source=_SAME,
    needs=("text",),
)
def _link_missing(email: EmailUnderTest) -> Iterator[Flaw]:
    held = {_plain(address) for address in _ADDRESS.findall(email.text or "")}
    told: set[str] = set()
    out = ways_out(email)
    for link in email.links:
        counts = link.href.lower().startswith(_COUNTED) or email.stands_in(link.href)
        if link.shown and counts and link not in out and _plain(link.href) not in held | told:
            told.add(_plain(link.href))
            yield Flaw(_TEXT, f"The text has no link to '{link.href[:80]}' ('{link.text[:30]}')")


@rule(
    "text_part.other_link",
    Severity.WARNING,
    "The plain text has a link that the HTML has not",
    threshold="an address in the text that no link of the HTML has",
    source=_SAME,
    needs=("text",),
)
def _other_link(email: EmailUnderTest) -> Iterator[Flaw]:
    held = {_plain(link.href) for link in email.links}
    for number, line in enumerate((email.text or "").splitlines(), 1):
        for found in _ADDRESS.finditer(line):
            if _plain(found[0]) not in held:
                yield Flaw(
                    Spot("text", number, found.start() + 1), f"No link of the HTML goes to '{found[0][:80]}'"
                )


@rule(
    "text_part.facts_differ",
    Severity.ERROR,
    "HTML and plain text state different facts",
    threshold="a fact that one of them holds and the other does not",
    source=_SAME,
    needs=("text", "facts"),
)
def _facts(email: EmailUnderTest) -> Iterator[Flaw]:
    html, text = _flat(email.visible), _flat(email.text or "")
    for fact in email.facts or ():
        words = _flat(fact)
        if (words in html) != (words in text):
            lacking = "text" if words in html else "HTML"
            yield Flaw(_TEXT, f"'{fact}' is not in the {lacking}")


@rule(
    "text_part.figures_differ",
    Severity.ERROR,
    "HTML and plain text state different figures",
    threshold="a price, percentage or number that one of them holds and the other does not, addresses aside",
    source=_SAME,
    needs=("text",),
)
def _figures(email: EmailUnderTest) -> Iterator[Flaw]:
    html = _figures_in(passage.words for passage in email.passages)
    text = _figures_in(_ADDRESS.sub(" ", passage.words) for passage in text_passages(email.text or ""))
    for figure in sorted((html.keys() | text.keys()) - (html.keys() & text.keys())):
        lacking = "text" if figure in html else "HTML"
        yield Flaw(_TEXT, f"The figure '{figure}' is not in the {lacking}")


@rule(
    "text_part.markup",
    Severity.ERROR,
    "The plain text holds HTML",
    threshold="a tag or an entity",
    source=_SAME,
    needs=("text",),
)
def _markup(email: EmailUnderTest) -> Iterator[Flaw]:
    for number, line in enumerate((email.text or "").splitlines(), 1):
        for found in _MARKUP.finditer(_ADDRESS.sub(lambda a: " " * len(a[0]), line)):
            yield Flaw(Spot("text", number, found.start() + 1), f"'{found[0][:40]}' stands in the text")


@rule(
    "text_part.long_lines",
    Severity.WARNING,
    "Mail servers break a line of the plain text",
    threshold="more than 998 bytes in one line",
    source="https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1 (2008-10)",
    needs=("text",),
)
def _long_lines(email: EmailUnderTest) -> Iterator[Flaw]:
    for number, line in enumerate((email.text or "").splitlines(), 1):
        if len(line.encode("utf-8")) > 998:
            yield Flaw(Spot("text", number, 1), f"The line has {len(line)} characters", "lines of 76")


def _plain(address: str) -> str:
    """The address without what follows it in a sentence, and without a slash that means nothing."""
    try:
        parts = urlsplit(address.rstrip(".,;:!?)"))
    except ValueError:
        return address
    return parts._replace(netloc=parts.netloc.lower(), path=parts.path.rstrip("/")).geturl()


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _figures_in(passages: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for words in passages:
        found.update("".join(match[0].split()).rstrip(".,'") for match in _FIGURE.finditer(words))
    return found


RULES = (_missing, _link_missing, _other_link, _facts, _figures, _markup, _long_lines)

"""The email that is looked at, with what several rules read from it worked out once."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from app.emails.qa.css import StyleSheet, parse_stylesheet
from app.emails.qa.models import PREHEADER, SUBJECT, Spot
from app.emails.qa.styles import DARK, LIGHT, PHONE, Look, Screen, Styles
from app.emails.qa.tree import Document, Element, Text, parse_html

PREVIEW_PAGES = ("links.html#unsubscribe", "links.html#preferences")
"""Where the mandatory links of a preview lead, which stand for the addresses that the sender will fill in."""
_FILLER = re.compile("[\u00a0\u00ad\u034f\u061c\u2000-\u200f\u2028\u202f\u2060\ufeff\u3164\\s]+")
"""White space, and characters without a shape that fill a preheader up."""
_UNSEEN = ("head", "style", "script", "title", "template", "noscript")


@dataclass(frozen=True)
class PictureFile:
    """What is known of an image file: its weight in bytes, and its size in pixels where that is known."""

    weight: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True)
class Link:
    """One link with its address; `text` is what it shows, alternative texts of its pictures included."""

    element: Element
    href: str
    text: str
    shown: bool

    @property
    def at(self) -> Spot:
        """Where it stands."""
        return spot(self.element)

    @property
    def address(self) -> SplitResult | None:
        """The address in parts, or None where it is none."""
        try:
            return urlsplit(self.href)
        except ValueError:
            return None

    @property
    def host(self) -> str:
        """The host it leads to in lower case, without port; empty for mailto and the like."""
        try:
            return (urlsplit(self.href).hostname or "").rstrip(".")
        except ValueError:
            return ""


@dataclass(frozen=True)
class Passage:
    """A run of words that people see in one block, one cell, or one part of the email."""

    at: Spot
    words: str
    element: Element | None = None


@dataclass(frozen=True, eq=False)
class EmailUnderTest:
    """A finished email: every value is filled in, as one reader gets it.

    What is None was not supplied, and rules that need it do not run. `link_hosts` are the hosts that links
    may lead to, subdomains included; `locale` is the language expected; `facts` are values in words that HTML
    and text must both hold, or both not; `images` are the files by the name that `src` has. `preview` is for
    what Copydesk composes before approval: pictures are relative, and mandatory links stand for others.
    """

    html: str
    subject: str | None = None
    preheader: str | None = None
    text: str | None = None
    images: Mapping[str, PictureFile] | None = None
    link_hosts: tuple[str, ...] | None = None
    locale: str | None = None
    postal_address: str | None = None
    unsubscribe_label: str | None = None
    facts: tuple[str, ...] | None = None
    headers: Mapping[str, str] | None = None
    """The headers of a message, names in lower case."""
    marketing: bool = True
    """Whether the law asks for an unsubscribe link."""
    preview: bool = False

    @cached_property
    def document(self) -> Document:
        """The HTML as a tree."""
        return parse_html(self.html)

    @cached_property
    def sheets(self) -> tuple[StyleSheet, ...]:
        """Its style elements."""
        return tuple(
            parse_stylesheet(text.text, text.line, text.column, style.attrs.get("media", ""))
            for style in self.document.all("style")
            for text in style.children
            if isinstance(text, Text)
        )

    @cached_property
    def light(self) -> Styles:
        """How it looks on a desktop."""
        return self._styles(LIGHT)

    @cached_property
    def dark(self) -> Styles:
        """How it looks in dark mode, where a mail program follows its style sheet."""
        return self._styles(DARK)

    @cached_property
    def phone(self) -> Styles:
        """How it looks at 375 pixels."""
        return self._styles(PHONE)

    def _styles(self, screen: Screen) -> Styles:
        rules = [rule for sheet in self.sheets for rule in sheet.rules]
        return Styles(self.document, rules, screen)

    @cached_property
    def body(self) -> Element:
        """The body, or the whole document without one."""
        return self.document.first("body") or self.document.root

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link, in order."""
        return tuple(
            Link(
                element,
                element.attrs.get("href", "").strip(),
                " ".join(part for part in _shown_by(element) if part),
                not self.light.of(element).hidden,
            )
            for element in self.document.all("a", "area")
            if "href" in element.attrs or not ({"name", "id"} & element.attrs.keys())
        )

    @cached_property
    def outward(self) -> tuple[Link, ...]:
        """The links that lead to the web, without the ones that stand for others in a preview."""
        schemes = ("http://", "https://")
        return tuple(link for link in self.links if link.href.lower().startswith(schemes))

    def stands_in(self, href: str) -> bool:
        """Whether the address is one of a preview's, which the sender will replace."""
        return self.preview and href in PREVIEW_PAGES

    @cached_property
    def texts(self) -> tuple[tuple[Text, Look], ...]:
        """Every text that people see in a light inbox, with its look."""
        return tuple(seen_texts(self.body, self.light))

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """What people read in the HTML, a block at a time."""
        runs: dict[Element, list[Text]] = {}
        for text, _ in self.texts:
            runs.setdefault(block_of(text.parent), []).append(text)
        return tuple(
            Passage(spot(texts[0]), words, block)
            for block, texts in runs.items()
            if (words := _collapsed("".join(text.text for text in texts)))
        )

    @cached_property
    def visible(self) -> str:
        """Everything that people read in the HTML, with white space as single spaces."""
        return " ".join(passage.words for passage in self.passages)

    @cached_property
    def every_passage(self) -> tuple[Passage, ...]:
        """The passages of the HTML, of the text part, the subject and the preheader."""
        inbox = [(SUBJECT, self.subject), (PREHEADER, self.preheader or self.hidden_preheader)]
        found = [Passage(at, words) for at, words in inbox if words]
        return (*found, *self.passages, *text_passages(self.text or ""))

    @cached_property
    def hidden_preheader(self) -> str:
        """The hidden words that the body begins with, without fillers."""
        return _FILLER.sub(" ", self._first_hidden).strip()

    @cached_property
    def filled_up(self) -> int:
        """How many characters the hidden words have with their fillers."""
        return len(self._first_hidden.strip(" \t\r\n"))

    @cached_property
    def _first_hidden(self) -> str:
        for node in self.body.walk():
            if not isinstance(node, Text) or node.parent.inside(*_UNSEEN) or not node.text.strip():
                continue
            if not self.light.of(node.parent).hidden:
                return ""
            return "".join(part.text for part in block_of(node.parent).walk() if isinstance(part, Text))
        return ""


def spot(node: Element | Text) -> Spot:
    """Where a node of the HTML stands."""
    return Spot("html", node.line, node.column)


def seen_texts(body: Element, styles: Styles) -> Iterator[tuple[Text, Look]]:
    """The texts that are not hidden on a screen, with the look of what holds them."""
    for node in body.walk():
        if isinstance(node, Text) and node.text.strip() and not node.parent.inside(*_UNSEEN):
            look = styles.of(node.parent)
            if not look.hidden and look.size > 1 and _FILLER.sub("", node.text):
                yield node, look


def block_of(element: Element) -> Element:
    """The block that an element's text runs in."""
    return next((node for node in element.ancestors() if node.is_block or node.tag == "body"), element)


def text_passages(text: str) -> Iterator[Passage]:
    """The paragraphs of a text part."""
    line = 1
    for paragraph in re.split(r"\n[ \t]*\n", text):
        words = _collapsed(paragraph)
        lead = len(paragraph) - len(paragraph.lstrip("\n"))
        if words:
            yield Passage(Spot("text", line + lead, 1), words)
        line += paragraph.count("\n") + 2


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _shown_by(element: Element) -> Iterator[str]:
    yield element.words
    for node in element.walk():
        if isinstance(node, Element):
            yield (node.attrs.get("alt", "") or node.attrs.get("aria-label", "")).strip()

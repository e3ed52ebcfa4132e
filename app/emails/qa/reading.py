"""Whether the email can be read and tapped: contrast, sizes of text, sizes of targets."""

from collections.abc import Iterator

from app.emails.palette import contrast
from app.emails.qa.email import EmailUnderTest, Link, block_of, seen_texts, spot
from app.emails.qa.models import Flaw, Severity, rule
from app.emails.qa.styles import Look, Styles
from app.emails.qa.tree import Element, Text

LEAST, LEAST_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 24.0, 18.66
SMALL = 13.0
BUTTON, TARGET = 44.0, 24.0
_CONTRAST = "https://www.w3.org/WAI/WCAG22/Understanding/contrast-minimum (WCAG 1.4.3)"
_TARGETS = "https://www.w3.org/WAI/WCAG22/Understanding/target-size-minimum (WCAG 2.5.8)"


@rule(
    "reading.contrast",
    Severity.ERROR,
    "Text is hard to see",
    threshold=f"contrast below {LEAST}, or {LEAST_LARGE} from {LARGE:g} pixels on ({LARGE_BOLD} where bold)",
    source=_CONTRAST,
)
def _contrast(email: EmailUnderTest) -> Iterator[Flaw]:
    yield from _weak(email, email.light, "")


@rule(
    "reading.contrast_in_dark",
    Severity.ERROR,
    "Text is hard to see in dark mode",
    threshold=f"contrast below {LEAST} ({LEAST_LARGE} where large) with prefers-color-scheme: dark",
    source=_CONTRAST,
)
def _contrast_dark(email: EmailUnderTest) -> Iterator[Flaw]:
    yield from _weak(email, email.dark, " in dark mode")


@rule(
    "reading.small_text",
    Severity.WARNING,
    "Text is small",
    threshold=f"below {SMALL:g} pixels on a desktop or a phone",
    source="common advice for emails: 13 to 14 pixels at least; axe and WCAG name no figure",
)
def _small(email: EmailUnderTest) -> Iterator[Flaw]:
    told: set[Text] = set()
    for styles in (email.light, email.phone):
        for text, look in seen_texts(email.body, styles):
            if look.size < SMALL and text not in told:
                told.add(text)
                words = f"'{text.text.strip()[:40]}' is {look.size:g} pixels high"
                yield Flaw(spot(text), words, f"at least {SMALL:g}")


@rule(
    "reading.tight_lines",
    Severity.WARNING,
    "Lines stand too close",
    threshold="a line height below 1.1 of the size of the letters",
    source="https://www.w3.org/WAI/WCAG22/Understanding/text-spacing (WCAG 1.4.12; 1.5 is its figure)",
)
def _tight(email: EmailUnderTest) -> Iterator[Flaw]:
    for text, look in email.texts:
        if look.line < look.size * 1.1 and len(text.text.strip()) > 30:
            words = f"The lines of '{text.text.strip()[:40]}' are {look.line:g} pixels for {look.size:g}"
            yield Flaw(spot(text), words, f"{look.size * 1.4:.0f} pixels")


@rule(
    "reading.small_button",
    Severity.WARNING,
    "A button is too small for a finger",
    threshold=f"lower than {BUTTON:g} pixels, padding included",
    source="https://www.w3.org/WAI/WCAG22/Understanding/target-size-enhanced (WCAG 2.5.5)",
)
def _small_button(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.links:
        look = email.light.of(link.element)
        if link.shown and _is_button(email, link.element):
            height = look.line + look.side("top") + look.side("bottom")
            if height < BUTTON:
                words = f"The button '{link.text[:40]}' is {height:g} pixels high"
                yield Flaw(link.at, words, f"{BUTTON:g} pixels with its padding")


@rule(
    "reading.small_target",
    Severity.WARNING,
    "A link is too small for a finger",
    threshold=f"lower than {TARGET:g} pixels, outside sentences, with no larger link to the same address",
    source=_TARGETS,
)
def _small_target(email: EmailUnderTest) -> Iterator[Flaw]:
    large = {link.href for link in email.links if _height(email, link) >= TARGET}
    for link in email.links:
        alone = not _is_button(email, link.element) and not _in_sentence(link)
        if link.shown and alone and _height(email, link) < TARGET and link.href not in large:
            words = f"The link '{link.text[:40]}' is {_height(email, link):g} pixels high"
            yield Flaw(link.at, words, f"a line height of {TARGET:g} pixels or padding")


def _weak(email: EmailUnderTest, styles: Styles, where: str) -> Iterator[Flaw]:
    for text, look in seen_texts(email.body, styles):
        ratio = contrast(look.colour, look.ground) if look.ground else LEAST
        if ratio < _least(look):
            colours = f"{look.colour} on {look.ground}"
            words = f"'{text.text.strip()[:40]}' has a contrast of {ratio:.1f}{where}: {colours}"
            yield Flaw(spot(text), words, f"at least {_least(look)}")


def _least(look: Look) -> float:
    return LEAST_LARGE if look.size >= (LARGE_BOLD if look.bold else LARGE) else LEAST


def _is_button(email: EmailUnderTest, element: Element) -> bool:
    """Whether a link looks like a button: with a ground or a frame of its own."""
    own = email.light.of(element).own
    ground = own.get("background-color", "transparent") not in ("", "transparent")
    framed = own.get("border", "none").split()[:1] not in ([], ["none"], ["0"], ["0px"])
    return (ground or framed) and bool(element.words)


def _height(email: EmailUnderTest, link: Link) -> float:
    """How high the link is; a picture in it counts as high enough, for its height is not known."""
    pictures = any(isinstance(node, Element) and node.tag == "img" for node in link.element.walk())
    look = email.light.of(link.element)
    return TARGET * 2 if pictures else look.line + look.side("top") + look.side("bottom")


def _in_sentence(link: Link) -> bool:
    """Whether other words of its block stand around the link: WCAG lets such a link be as low as its line."""
    block = block_of(link.element)
    linked = "".join(node.words for node in block.walk() if isinstance(node, Element) and node.tag == "a")
    return len(block.words.replace(" ", "")) - len(linked.replace(" ", "")) > 3


RULES = (_contrast, _contrast_dark, _small, _tight, _small_button, _small_target)

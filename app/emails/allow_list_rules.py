"""What a composed MJML document may hold: elements, their children, attributes and the form of each value."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

_LENGTH = r"(?:0|[0-9]{1,4}(?:\.[0-9]{1,4})?(?:px|%|em)?)"
_COLOUR = r"#[0-9a-f]{6}"
_FONTS = r"[A-Za-z0-9 ,'-]{1,300}"
_DECLARATION = (
    rf"(?:color:{_COLOUR}|background-color:{_COLOUR}|font-family:{_FONTS}|font-size:{_LENGTH}|"
    rf"font-weight:[1-9]00|font-style:italic|line-height:{_LENGTH}|letter-spacing:-?{_LENGTH}|"
    rf"margin:{_LENGTH}|padding:{_LENGTH}(?: {_LENGTH}){{0,3}}|border-radius:{_LENGTH}|"
    rf"white-space:nowrap|text-decoration:(?:none|underline)|text-transform:uppercase|display:inline-block)"
)

VALUES: dict[str, re.Pattern[str]] = {
    "colour": re.compile(_COLOUR, re.IGNORECASE),
    "length": re.compile(_LENGTH),
    "lengths": re.compile(rf"{_LENGTH}(?: {_LENGTH}){{0,3}}"),
    "spacing": re.compile(rf"-?{_LENGTH}"),
    "border": re.compile(rf"none|{_LENGTH} (?:solid|dashed) {_COLOUR}", re.IGNORECASE),
    "style": re.compile(rf"{_DECLARATION}(?:;{_DECLARATION}){{0,11}};?", re.IGNORECASE),
    "line style": re.compile(r"solid|dashed|dotted"),
    "font list": re.compile(_FONTS),
    "weight": re.compile(r"[1-9]00|bold|normal"),
    "alignment": re.compile(r"left|center|right"),
    "vertical alignment": re.compile(r"top|middle|bottom"),
    "class list": re.compile(r"cd-[a-z0-9-]{1,60}(?: cd-[a-z0-9-]{1,60}){0,5}"),
    "language tag": re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "direction": re.compile(r"ltr|rtl"),
    "switch": re.compile(r"true|false"),
    "description": re.compile(r"[^\x00-\x1f\x7f-\x9f]{0,300}"),
    "meta name": re.compile(
        r"color-scheme|supported-color-schemes|format-detection|x-apple-disable-message-reformatting|"
        r"copydesk-status|robots"
    ),
    "meta header": re.compile(r"Content-Security-Policy"),
    "meta content": re.compile(r"[A-Za-z0-9 ;:'*/.=,-]{0,200}"),
}


@dataclass(frozen=True)
class Element:
    """What one element may hold."""

    children: frozenset[str] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    text: bool = False


def _holds(children: str = "", required: str = "", /, **attributes: str) -> Element:
    named = {name.rstrip("_").replace("_", "-"): rule for name, rule in attributes.items()}
    return Element(frozenset(children.split()), named, tuple(required.split()))


def _reads(children: str = "", required: str = "", /, **attributes: str) -> Element:
    return replace(_holds(children, required, **attributes), text=True)


_INLINE = "a span strong em"
_BOX = {"css_class": "class list", "background_color": "colour", "padding": "lengths"}
_TYPE = {
    "font_family": "font list",
    "font_size": "length",
    "font_weight": "weight",
    "line_height": "length",
    "letter_spacing": "spacing",
    "color": "colour",
    "align": "alignment",
}

MJML_ELEMENTS: dict[str, Element] = {
    "mjml": _holds("mj-head mj-body", "lang dir", lang="language tag", dir="direction"),
    "mj-head": _holds("mj-title mj-preview mj-raw mj-breakpoint mj-style"),
    "mj-title": _reads(),
    "mj-preview": _reads(),
    "mj-breakpoint": _holds(width="length"),
    "mj-style": _holds(),
    "mj-raw": _holds("meta"),
    "meta": _holds("", "content", name="meta name", http_equiv="meta header", content="meta content"),
    "mj-body": _holds(
        "mj-wrapper mj-section mj-raw", width="length", css_class="class list", background_color="colour"
    ),
    "mj-wrapper": _holds("mj-section", **_BOX, border="border", border_radius="lengths"),
    "mj-section": _holds(
        "mj-column",
        **_BOX,
        border="border",
        border_radius="lengths",
        direction="direction",
        text_align="alignment",
    ),
    "mj-column": _holds(
        "mj-text mj-image mj-button mj-divider mj-spacer",
        **_BOX,
        width="length",
        border="border",
        border_left="border",
        border_right="border",
        border_radius="lengths",
        inner_background_color="colour",
        vertical_align="vertical alignment",
    ),
    "mj-text": _reads(f"h1 h2 h3 p {_INLINE}", css_class="class list", padding="lengths", **_TYPE),
    "mj-button": _reads(
        "span",
        "href",
        **_BOX,
        **_TYPE,
        href="link",
        inner_padding="lengths",
        border_radius="lengths",
        border="border",
        width="length",
    ),
    "mj-image": _holds(
        "",
        "src alt width",
        css_class="class list",
        src="image",
        alt="description",
        href="link",
        width="length",
        padding="lengths",
        align="alignment",
        border_radius="lengths",
        fluid_on_mobile="switch",
    ),
    "mj-divider": _holds(
        css_class="class list",
        border_color="colour",
        border_width="length",
        border_style="line style",
        padding="lengths",
        width="length",
        align="alignment",
    ),
    "mj-spacer": _holds(height="length"),
    "h1": _reads(_INLINE, style="style", class_="class list"),
    "h2": _reads(_INLINE, style="style", class_="class list"),
    "h3": _reads(_INLINE, style="style", class_="class list"),
    "p": _reads(_INLINE, style="style", class_="class list"),
    "span": _reads("strong em", style="style", class_="class list"),
    "strong": _reads("em span", style="style"),
    "em": _reads("strong span", style="style"),
    "a": _reads("span", "href", href="link", style="style", class_="class list"),
}

_MARK = r"cdmark[0-9a-f]{16}n[0-9]{1,6}end"
MARK = re.compile(rf"\s*(?:{_MARK}\s*)*")
"""All that may stand in mj-raw as words: marks for the tags of a condition (app.emails.markers)."""
ANYTHING = Element(text=True)
"""Stands for an element that was refused: what is inside is not told again."""
ONCE = frozenset({"mjml", "mj-head", "mj-body", "mj-title", "mj-preview", "mj-breakpoint"})
"""What an email has at most once."""
_LOCAL_IMAGE = re.compile(r"images/[a-z0-9_-]+\.(?:png|jpg)")
_MARKED = re.compile(rf"https://{_MARK}\.invalid/")
"""Stands for an address of the platform's, which a preview fills in with one that is local."""
_LOCAL_PAGE = re.compile(r"links\.html#[a-z]+")
_MAIL = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_HTTPS = re.compile(r"https://[^\s<>\"'\\{}|^`\x00-\x20\x7f-\x9f]+")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE)


def link_problem(value: str, *, preview: bool, image: bool) -> str:
    """Why the address is not allowed, or nothing. Previews may name files beside them."""
    if preview and (_LOCAL_IMAGE if image else _LOCAL_PAGE).fullmatch(value):
        return ""
    if not image and _MAIL.fullmatch(value):
        return ""
    if not _HTTPS.fullmatch(value):
        return "not an https address"
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return "not an address"
    if parts.username is not None or not _HOST.fullmatch(host):
        return "the host is not plain"
    remote = preview and image and not _MARKED.fullmatch(value)
    return "a preview shows local images only" if remote else ""

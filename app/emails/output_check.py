"""The check of what mjml-python made of an email: its own layout, and our words, links and tags unchanged.

mjml-python prints attributes with Rust's debug formatting and passes on what it does not know, so the check
compares: every address, alt text, run of words and inline tag of the HTML is one of the MJML, as often as
there. Everything else must be the elements and attributes that the layout of an email is made of.
"""

import re
from collections import Counter
from functools import lru_cache

from app.errors import RenderError

_PIECE = re.compile(
    r"(<style[^<>]*>[^<]*</style>"
    r"|</?[a-z][a-z0-9]*(?:\s[^<>]*)?>"
    r"|<!--\[if [a-z0-9 !|A-Z]{1,30}\]>(?:<!-->)?|<!(?:--<!)?\[endif\]-->|<!doctype html>)"
)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:\s[a-z-]+(?::[a-z])?="[^"<>\\\x00-\x1f]*")*)\s?/?>')
_ATTRIBUTE = re.compile(r'\s([a-z:-]+)="([^"]*)"')
_OFFICE = """<noscript>
<xml>
<o:OfficeDocumentSettings>
  <o:AllowPNG/>
  <o:PixelsPerInch>96</o:PixelsPerInch>
</o:OfficeDocumentSettings>
</xml>
</noscript>"""
"""What mjml-python tells Outlook, always the same."""
_ELEMENTS = re.compile(
    r"html|head|title|meta|style|body|div|table|tbody|tr|td|p|a|img|h1|h2|h3|span|strong|em"
)
_ATTRIBUTES = re.compile(
    r"align|alt|aria-label|aria-roledescription|bgcolor|border|cellpadding|cellspacing|charset|class|content|"
    r"dir|height|href|http-equiv|id|lang|media|name|rel|role|src|style|target|title|type|valign|"
    r"vertical-align|width|xmlns(?::[ov])?"
)
_FETCHES = re.compile(r"url\(|expression\(|@import|behavior:|-moz-binding", re.IGNORECASE)
_SCHEMES = ("https://", "mailto:", "images/", "links.html#")
_SAME = ("href", "src", "alt")
_COUNTED = ("h1", "h2", "h3", "span", "strong", "em")
_COMPARED = re.compile(r'\s(href|src|alt)="([^"]*)"|<(h1|h2|h3|span|strong|em)[ >]')
_SPACES = frozenset({"", "&nbsp;", "&#8202;"})
"""What mjml-python puts into empty cells."""
_MJML_PIECE = re.compile(r"<[^<>]*>")
_MJML_RAWS = re.compile(r"</mj-raw>\s*<mj-raw>")
"""What stands between two runs of raw words; mjml-python joins them."""
_MJML_STYLE = re.compile(r"<mj-style>([^<]*)</mj-style>")


def check_html(html: str, mjml: str | None = None) -> None:
    """Raise RenderError where the HTML holds what no email may, or what its MJML did not, or otherwise.

    Without `mjml` it is HTML that was filled in since, and only read by itself.
    """
    pieces = _PIECE.split(html.replace(_OFFICE, "", 1))
    words, tags = pieces[::2], pieces[1::2]
    for text in words:
        if "<" in text or ">" in text:
            at = text.find("<") if "<" in text else text.find(">")
            raise RenderError(f"the HTML came out with a broken tag at {text[at : at + 60]!r}")
    counts = Counter(tags)
    found: dict[str, Counter[str]] = {name: Counter() for name in (*_SAME, *_COUNTED)}
    for tag, count in counts.items():
        for name, value in _read(tag):
            found[name][value] += count
    if mjml is not None:
        _compare(found, mjml)
        _compare_words(html, words, mjml)


def _compare_words(html: str, words: list[str], mjml: str) -> None:
    for sheet in _MJML_STYLE.findall(mjml):
        if sheet.strip() not in html:
            raise RenderError("the HTML came out without the style sheet")
    shown = sorted(stripped for text in words if (stripped := text.strip()) not in _SPACES)
    if shown != _words(mjml):
        raise RenderError(f"the HTML came out with other words than the MJML: {_other(shown, mjml)!r}")


def _compare(found: dict[str, Counter[str]], mjml: str) -> None:
    wanted: dict[str, Counter[str]] = {name: Counter() for name in found}
    for (attribute, value, element), count in Counter(_COMPARED.findall(mjml)).items():
        wanted[attribute or element][value] += count
    for name, values in wanted.items():
        if found[name] != values:
            other = next(iter((found[name] - values) or (values - found[name])))
            what = f"another {name} than the MJML: {other[:60]!r}" if other else f"another number of {name}"
            raise RenderError(f"the HTML came out with {what}")


def _words(mjml: str) -> list[str]:
    texts = _MJML_PIECE.split(_MJML_RAWS.sub("", _MJML_STYLE.sub("", mjml)))
    return sorted(stripped for text in texts if (stripped := text.strip()) not in _SPACES)


def _other(shown: list[str], mjml: str) -> str:
    wanted = _words(mjml)
    more = Counter(shown) - Counter(wanted) or Counter(wanted) - Counter(shown)
    return next(iter(more), "")[:60]


@lru_cache(maxsize=8_192)
def _read(piece: str) -> tuple[tuple[str, str], ...]:
    """What of a tag is compared with the MJML. Raises RenderError when an email may not hold the tag."""
    if piece.startswith("<!"):
        return ()
    head = piece[: piece.index(">") + 1]
    match = _TAG.fullmatch(head)
    if match is None:
        raise RenderError(f"the HTML came out with a corrupted tag: {head[:80]!r}")
    closing, name, rest = match.groups()
    if not _ELEMENTS.fullmatch(name):
        raise RenderError(f"the HTML holds <{name}>")
    if closing:
        return ()
    if name == "style" and _FETCHES.search(piece):
        raise RenderError("the style sheet of the HTML fetches something")
    found = [(name, "")] if name in _COUNTED else []
    attributes = _ATTRIBUTE.findall(rest)
    for attribute, value in attributes:
        _attribute(name, attribute, value)
        if attribute in _SAME:
            found.append((attribute, value))
    if name == "img" and not any(attribute == "alt" for attribute, _ in attributes):
        raise RenderError(f"an image has no alt text: {head[:80]!r}")
    return tuple(found)


def _attribute(name: str, attribute: str, value: str) -> None:
    if attribute.startswith("on"):
        raise RenderError(f"the HTML holds the handler {attribute}")
    if not _ATTRIBUTES.fullmatch(attribute):
        raise RenderError(f"<{name}> of the HTML has the attribute {attribute}")
    if attribute in ("href", "src") and not value.startswith(_SCHEMES):
        raise RenderError(f"the HTML links to {value[:60]!r}", "https or mailto")
    if attribute == "style" and _FETCHES.search(value):
        raise RenderError(f"<{name}> of the HTML fetches something: {value[:60]!r}")
    if attribute == "http-equiv" and value.lower() == "refresh":
        raise RenderError("the HTML leads elsewhere by itself")

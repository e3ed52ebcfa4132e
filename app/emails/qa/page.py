"""What the page as a whole has to say and to do without."""

import re
from collections.abc import Iterator

from app.emails.qa.email import EmailUnderTest, spot
from app.emails.qa.models import Flaw, Severity, Spot, rule
from app.emails.qa.tree import Element, Text

WIDEST = 700
_TOP = Spot("html", 1, 1)
_RTL = frozenset({"ar", "he", "fa", "ur", "yi", "ps", "ckb"})
_FORBIDDEN = frozenset(
    [
        "script",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "iframe",
        "frame",
        "frameset",
        "object",
        "embed",
        "applet",
        "base",
        "video",
        "audio",
        "math",
        "dialog",
        "portal",
        "fencedframe",
    ]
)
_AXE = "https://dequeuniversity.com/rules/axe/4.14"
_CAN_I = "https://www.caniemail.com/features"


def _html(email: EmailUnderTest) -> Element | None:
    return email.document.first("html")


def _metas(email: EmailUnderTest, name: str) -> list[str]:
    metas = email.document.all("meta")
    return [meta.attrs.get("content", "") for meta in metas if meta.attrs.get("name", "").lower() == name]


@rule(
    "page.no_doctype",
    Severity.WARNING,
    "The page does not begin with the HTML5 doctype",
    threshold="no <!doctype html> at its start",
    source=f"{_CAN_I}/html-doctype/",
)
def _no_doctype(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.document.doctype.lower().split()[:2] != ["doctype", "html"]:
        yield Flaw(_TOP, "The page has no doctype: browsers lay it out as in 1998", "<!doctype html>")


@rule(
    "page.no_charset",
    Severity.WARNING,
    "The page does not say that it is UTF-8",
    threshold="no meta charset, or another one than UTF-8",
    source="https://html.spec.whatwg.org/multipage/semantics.html#charset (2026)",
)
def _no_charset(email: EmailUnderTest) -> Iterator[Flaw]:
    metas = email.document.all("meta")
    said = [f"{m.attrs.get('charset', '')} {m.attrs.get('content', '')}".lower() for m in metas]
    if not any("utf-8" in words for words in said):
        yield Flaw(_TOP, "The page names no character set", '<meta charset="utf-8">')


@rule(
    "page.no_viewport",
    Severity.WARNING,
    "Phones show the page as small as a desktop's",
    threshold="no meta viewport with width=device-width",
    source=f"{_AXE}/meta-viewport",
)
def _no_viewport(email: EmailUnderTest) -> Iterator[Flaw]:
    if not any("device-width" in content for content in _metas(email, "viewport")):
        yield Flaw(_TOP, "There is no viewport", '<meta name="viewport" content="width=device-width">')


@rule(
    "page.no_zoom",
    Severity.ERROR,
    "Readers cannot enlarge the page",
    threshold="user-scalable=no, or maximum-scale below 2",
    source=f"{_AXE}/meta-viewport (WCAG 1.4.4)",
)
def _no_zoom(email: EmailUnderTest) -> Iterator[Flaw]:
    for content in _metas(email, "viewport"):
        scale = re.search(r"maximum-scale\s*=\s*([\d.]+)", content)
        if re.search(r"user-scalable\s*=\s*(no|0)", content) or (scale and float(scale[1] or 0) < 2):
            yield Flaw(_TOP, "The viewport forbids zooming")


@rule(
    "page.no_title",
    Severity.WARNING,
    "The page has no title",
    threshold="no title element, or an empty one",
    source=f"{_AXE}/document-title (WCAG 2.4.2)",
)
def _no_title(email: EmailUnderTest) -> Iterator[Flaw]:
    title = email.document.first("title")
    if title is None or not title.words:
        at = spot(title) if title else _TOP
        yield Flaw(at, "The page has no title: screen readers and browser tabs say nothing", "the subject")


@rule(
    "page.no_language",
    Severity.ERROR,
    "The page does not say its language",
    threshold='no lang on html, or "und"',
    source=f"{_AXE}/html-has-lang (WCAG 3.1.1)",
)
def _no_language(email: EmailUnderTest) -> Iterator[Flaw]:
    html = _html(email)
    lang = html.attrs.get("lang", "").strip().lower() if html else ""
    if lang in ("", "und"):
        yield Flaw(spot(html) if html else _TOP, "The page does not say its language", "lang, such as en-US")


@rule(
    "page.other_language",
    Severity.ERROR,
    "The page says another language than it is written in",
    threshold="a lang on html, body, or right in the body that is not the one expected",
    source=f"{_AXE}/html-lang-valid (WCAG 3.1.1)",
    needs=("locale",),
)
def _other_language(email: EmailUnderTest) -> Iterator[Flaw]:
    wanted = (email.locale or "").lower().split("-")[0]
    for element in (_html(email), email.body, *email.body.elements):
        lang = element.attrs.get("lang", "") if element else ""
        if element and lang and lang.lower() != "und" and lang.lower().split("-")[0] != wanted:
            words = f"<{element.tag}> says the language '{lang}'; the email is in {email.locale}"
            yield Flaw(spot(element), words, f'lang="{email.locale}"')


@rule(
    "page.no_direction",
    Severity.ERROR,
    "A language that runs from right to left is set from left to right",
    threshold='no dir="rtl" on html for Arabic, Hebrew, Persian, Urdu and the like',
    source=f"{_CAN_I}/html-dir/",
)
def _no_direction(email: EmailUnderTest) -> Iterator[Flaw]:
    html = _html(email)
    language = (email.locale or (html.attrs.get("lang", "") if html else "")).lower().split("-")[0]
    if language in _RTL and (html is None or html.attrs.get("dir", "").lower() != "rtl"):
        yield Flaw(
            spot(html) if html else _TOP, "The text runs from right to left, the page does not", 'dir="rtl"'
        )


@rule(
    "page.layout_table",
    Severity.WARNING,
    "Screen readers announce a layout table as data",
    threshold="a table without header cells, caption, and role presentation or none",
    source=f"{_CAN_I}/html-role/",
)
def _layout_table(email: EmailUnderTest) -> Iterator[Flaw]:
    for table in email.document.all("table"):
        inner = (node for node in table.walk() if isinstance(node, Element))
        data = any(node.tag in ("th", "caption") for node in inner)
        if not data and table.attrs.get("role", "").lower() not in ("presentation", "none"):
            yield Flaw(spot(table), "A layout table has no role", 'role="presentation"')


@rule(
    "page.no_dark_meta",
    Severity.WARNING,
    "Mail programs do not know that the email has dark colours",
    threshold="no meta color-scheme, or no meta supported-color-schemes, with dark",
    source="https://parcel.io/guides/color-scheme-in-email (read 2026-11)",
)
def _no_dark_meta(email: EmailUnderTest) -> Iterator[Flaw]:
    for name in ("color-scheme", "supported-color-schemes"):
        if not any("dark" in content for content in _metas(email, name)):
            yield Flaw(_TOP, f"There is no meta {name}", f'<meta name="{name}" content="light dark">')


@rule(
    "page.no_dark_styles",
    Severity.WARNING,
    "The email has no colours for dark mode",
    threshold="no rules inside @media (prefers-color-scheme: dark)",
    source=f"{_CAN_I}/css-at-media-prefers-color-scheme/",
)
def _no_dark_styles(email: EmailUnderTest) -> Iterator[Flaw]:
    queries = (query for sheet in email.sheets for style in sheet.rules for query in style.media)
    if not any("prefers-color-scheme" in query and "dark" in query for query in queries):
        yield Flaw(_TOP, "No style is for dark mode: programs choose colours of their own")


@rule(
    "page.forbidden_element",
    Severity.ERROR,
    "The page holds what mail programs remove, or what filters take for an attack",
    threshold="script, form and its controls, frames, object, embed, base, audio, video, refresh",
    source=f"{_CAN_I}/ (html-form, html-object, html-video); app/emails/mjml_render.py",
)
def _forbidden(email: EmailUnderTest) -> Iterator[Flaw]:
    for element in email.document.all():
        refresh = element.tag == "meta" and element.attrs.get("http-equiv", "").lower() == "refresh"
        if element.tag in _FORBIDDEN or refresh:
            yield Flaw(
                spot(element), f"The page holds <{element.tag}>", "a picture with a link, or plain text"
            )


@rule(
    "page.event_handler",
    Severity.ERROR,
    "The page holds code in an attribute",
    threshold="an attribute whose name begins with on",
    source="https://html.spec.whatwg.org/multipage/webappapis.html#event-handler-attributes (2026)",
)
def _handler(email: EmailUnderTest) -> Iterator[Flaw]:
    for element in email.document.all():
        for name in element.attrs:
            if name.startswith("on"):
                yield Flaw(spot(element), f"<{element.tag}> holds the handler {name}")


@rule(
    "page.remote_styles",
    Severity.WARNING,
    "The page loads styles or fonts from elsewhere",
    threshold="a linked style sheet, @import, or a font's address",
    source=f"{_CAN_I}/css-at-import/, {_CAN_I}/html-link/",
)
def _remote(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.document.all("link"):
        yield Flaw(spot(link), "The page links to a file: Gmail and Outlook do not load it")
    for sheet in email.sheets:
        for at in sheet.at_rules:
            if at.name in ("import", "font-face"):
                yield Flaw(Spot("html", at.line, at.column), f"The styles use @{at.name}: Gmail drops it")


@rule(
    "page.styles_in_body",
    Severity.WARNING,
    "Gmail drops style sheets in the body",
    threshold="a style element inside body",
    source=f"{_CAN_I}/html-style/ (note 1)",
)
def _styles_in_body(email: EmailUnderTest) -> Iterator[Flaw]:
    for style in email.document.all("style"):
        if style.inside("body"):
            yield Flaw(spot(style), "A style sheet stands in the body", "in the head")


@rule(
    "page.too_wide",
    Severity.WARNING,
    "The email is wider than a mail program's pane",
    threshold=f"a width of more than {WIDEST} pixels on a table or cell",
    source="https://imgpact.com/en/guides/optimize-images-for-email (600 pixels; read 2026-11)",
)
def _too_wide(email: EmailUnderTest) -> Iterator[Flaw]:
    for element in email.document.all("table", "td", "th"):
        width = element.attrs.get("width", "").removesuffix("px")
        if width.isdigit() and int(width) > WIDEST:
            yield Flaw(spot(element), f"<{element.tag}> is {width} pixels wide", "600 pixels")


@rule(
    "page.no_h1",
    Severity.WARNING,
    "The email has no main heading, or several",
    threshold="any number of visible h1 but one",
    source=f"{_AXE}/page-has-heading-one",
)
def _one_h1(email: EmailUnderTest) -> Iterator[Flaw]:
    found = [item for item in _headings(email) if item.tag == "h1"]
    if not found:
        yield Flaw(spot(email.body), "The email has no h1", "the headline as h1")
    for extra in found[1:]:
        yield Flaw(spot(extra), f"A second h1: '{extra.words[:40]}'", "h2")


@rule(
    "page.heading_order",
    Severity.WARNING,
    "A level of headings is skipped",
    threshold="a heading more than one level below the one before it, or one before the h1",
    source=f"{_AXE}/heading-order",
)
def _order(email: EmailUnderTest) -> Iterator[Flaw]:
    level = 0
    for heading in _headings(email):
        own = int(heading.tag[1])
        if own > level + 1:
            before = f"h{level}" if level else "no heading"
            yield Flaw(
                spot(heading), f"{heading.tag} after {before}: '{heading.words[:40]}'", f"h{level + 1}"
            )
        level = own


@rule(
    "page.empty_heading",
    Severity.ERROR,
    "A heading says nothing",
    threshold="a heading without words and without a picture that has some",
    source=f"{_AXE}/empty-heading",
)
def _empty_heading(email: EmailUnderTest) -> Iterator[Flaw]:
    for heading in _headings(email):
        pictures = (n for n in heading.walk() if isinstance(n, Element) and n.tag == "img")
        if not heading.words and not any(picture.attrs.get("alt", "").strip() for picture in pictures):
            yield Flaw(spot(heading), f"<{heading.tag}> is empty")


@rule(
    "page.empty_block",
    Severity.WARNING,
    "A block came out empty",
    threshold="a paragraph, list item, list or table without words, picture, space or line",
    source="Litmus pre-send checklist, help 119 (read 2026-11)",
)
def _empty_block(email: EmailUnderTest) -> Iterator[Flaw]:
    for element in email.document.all("p", "li", "ul", "ol", "table"):
        ruled = any(name in element.attrs.get("style", "") for name in ("border", "height"))
        if not ruled and not any(_fills(node) for node in element.walk() if node is not element):
            yield Flaw(spot(element), f"<{element.tag}> is empty", "leave the block out")


def _fills(node: Element | Text) -> bool:
    if isinstance(node, Text):
        return bool(node.text.strip(" \t\r\n"))
    return node.tag in ("img", "hr") or "height" in node.attrs or "height" in node.attrs.get("style", "")


def _headings(email: EmailUnderTest) -> list[Element]:
    found = email.document.all("h1", "h2", "h3", "h4", "h5", "h6")
    return [heading for heading in found if not email.light.of(heading).hidden]


RULES = (
    *(
        _no_doctype,
        _no_charset,
        _no_viewport,
        _no_zoom,
        _no_title,
        _no_language,
        _other_language,
        _no_direction,
    ),
    *(
        _layout_table,
        _no_dark_meta,
        _no_dark_styles,
        _forbidden,
        _handler,
        _remote,
        _styles_in_body,
        _too_wide,
    ),
    *(_one_h1, _order, _empty_heading, _empty_block),
)

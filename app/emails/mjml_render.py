"""MJML to HTML through mjml-python, which checks nothing: what goes in was checked, what comes out is."""

import re
from html.parser import HTMLParser

from app.emails.models import PreviewEmail, RenderedPreview
from app.errors import RenderError

NO_FEED = "the product feed is missing, or older than its lifetime when the email is sent"
CLIPPED_AT = 102_000
"""Gmail cuts a message off at about 102 KB of HTML."""
_CORRUPT = re.compile(r"</?mj-|</?mjml\b|\\u\{[0-9a-f]+\}|=\"[^\"<>]*\\")
_FORBIDDEN = re.compile(
    "script|iframe|object|embed|form|input|button|base|link|svg|math|video|audio|template|frame|frameset"
)
_SCHEMES = ("https:", "mailto:", "images/", "links.html#")


def render_preview(email: PreviewEmail) -> RenderedPreview:
    """The preview as HTML and text. Raises RenderError when the output is not what it should be."""
    composed = email.composed
    html, warnings = mjml_to_html(composed.mjml)
    return RenderedPreview(
        subject=composed.subject,
        preheader=composed.preheader,
        mjml=composed.mjml,
        html=html,
        text=composed.text,
        images=composed.images,
        warnings=(*warnings, *(f"{kind}: left out, {NO_FEED}" for kind in email.left_out)),
    )


def mjml_to_html(mjml: str) -> tuple[str, tuple[str, ...]]:
    """HTML of MJML that has passed the allow-list, and warnings about it."""
    import mjml as mrml

    try:
        html = str(mrml.mjml2html(mjml, disable_comments=True, fonts={}))
    except ValueError as error:
        raise RenderError(f"mjml-python refused the MJML: {error}") from error
    check_html(html)
    size = len(html.encode("utf-8"))
    if size > CLIPPED_AT:
        return html, (f"The HTML has {size // 1000} KB; Gmail cuts it off at {CLIPPED_AT // 1000} KB.",)
    return html, ()


def check_html(html: str) -> None:
    """Raise RenderError when MJML is left over, an attribute came out corrupted, or an image has no alt."""
    corrupt = _CORRUPT.search(html)
    if corrupt:
        raise RenderError(f"the HTML came out corrupted at {corrupt[0][:60]!r}")
    checker = _HtmlChecker()
    checker.feed(html)
    checker.close()


class _HtmlChecker(HTMLParser):
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if _FORBIDDEN.fullmatch(tag):
            raise RenderError(f"the HTML holds <{tag}>")
        values = dict(attrs)
        if tag == "img" and values.get("alt") is None:
            raise RenderError(f"image '{values.get('src')}' has no alt text")
        for name, value in attrs:
            if name.startswith("on"):
                raise RenderError(f"the HTML holds the handler {name}")
            if name in ("href", "src", "background", "action") and not (value or "").startswith(_SCHEMES):
                raise RenderError(f"the HTML links to {(value or '')[:60]!r}", "https or mailto")

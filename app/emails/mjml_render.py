"""MJML to HTML through mjml-python, which checks nothing: what goes in was checked, what comes out is."""

from app.emails.output_check import check_html
from app.errors import RenderError

CLIPPED_AT = 102_000
"""Gmail cuts a message off at about 102 KB of HTML."""


def mjml_to_html(mjml: str) -> tuple[str, tuple[str, ...]]:
    """HTML of MJML that has passed the allow-list, and warnings about it."""
    import mjml as mrml

    try:
        html = str(mrml.mjml2html(mjml, disable_comments=True, fonts={}))
    except ValueError as error:
        raise RenderError(f"mjml-python refused the MJML: {error}") from error
    check_html(html, mjml)
    size = len(html.encode("utf-8"))
    if size > CLIPPED_AT:
        return html, (f"The HTML has {size // 1000} KB; Gmail cuts it off at {CLIPPED_AT // 1000} KB.",)
    return html, ()

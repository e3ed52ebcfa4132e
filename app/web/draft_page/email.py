"""An email's HTML as one sort of reader sees it, with nothing left to load."""

import base64
import mimetypes
import re

from app.emails.models import ImageFile, RenderedPreview
from app.emails.preview import IMAGES

_PREFERENCE = re.compile(r"\(prefers-color-scheme: ?(dark|light)\)")
_ALWAYS, _NEVER = "(min-width: 0)", "(max-width: 0)"
_OWN_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]{0,400}>', re.IGNORECASE)
_SCHEME = re.compile(r'(<meta name="(?:supported-)?color-schemes?" content=")[^"]{0,40}(")')


def as_seen(email: RenderedPreview, view: str) -> str:
    """The HTML with its pictures in it, in dark or in light whatever the person's own machine prefers.

    The policy that a preview brings as a file would keep such pictures away; the page's header has a stricter
    one in its place.
    """
    dark = view == "dark"
    html = _OWN_POLICY.sub("", email.html)
    html = _PREFERENCE.sub(lambda found: _ALWAYS if (found[1] == "dark") is dark else _NEVER, html)
    html = _SCHEME.sub(lambda found: f"{found[1]}{'dark' if dark else 'light'}{found[2]}", html)
    if view == "images_off":
        return html
    for image in email.images:
        html = html.replace(f"{IMAGES}{image.name}", _inline(image))
    return html


def _inline(image: ImageFile) -> str:
    media_type = mimetypes.guess_type(image.name)[0] or "application/octet-stream"
    try:
        data = image.source.read_bytes()
    except OSError:
        return "data:,"  # shows its alt text, as a picture that is gone does
    return f"data:{media_type};base64,{base64.b64encode(data).decode('ascii')}"

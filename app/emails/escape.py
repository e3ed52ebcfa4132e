"""Turning words into MJML, and refusing words that a sending platform would take for a template.

mjml-python corrupts whatever is not printable ASCII inside attributes. Everything that goes into a template
is therefore written with numeric character references, in text as well, so that no template can forget it.
"""

import re
from functools import lru_cache

from markupsafe import Markup

from app.errors import RenderError

_UNSAFE = re.compile(r"""[^ !#-%(-;=?-\[\]-~]""")
"""Everything but printable ASCII, and of that & < > " ' and the backslash."""
_BREAKS = re.compile(r"[ \t\r\n]+")
_NO_CHARACTERS = "".join(chr(plane * 0x10000 + 0xFFFE) + chr(plane * 0x10000 + 0xFFFF) for plane in range(17))
_NOT_XML = re.compile(rf"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NO_CHARACTERS}]")
_FOREIGN = re.compile(
    r"""
    [{}]                       # every dialect with braces, and a token that nobody filled
    | \*\| | \|\*              # Mailchimp
    | %% | %=                  # Salesforce
    | %[A-Z][A-Z0-9_:.-]*%     # ActiveCampaign
    | \[\[ | \]\]              # Mailjet, Iterable feeds
    | <% | %>                  # ERB, EJS
    | @TrackLink               # listmonk
    """,
    re.VERBOSE,
)


def escaped(text: str) -> Markup:
    """The text with everything but harmless printable ASCII as a numeric character reference."""
    return _known(text) if len(text) <= _SHORT else _escaped(text)


def _escaped(text: str) -> Markup:
    return Markup(_UNSAFE.sub(_reference, text))  # noqa: S704 - what is left is harmless everywhere


# Colours, fonts and labels come in every email again, many times.
_SHORT = 120
_known = lru_cache(maxsize=8_192)(_escaped)


def _reference(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def finalize(value: object) -> object:
    """Jinja2 calls this on every expression of a template before it is printed."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str | int):
        return escaped(str(value))
    if value is None:
        raise RenderError("a template prints a value that is not set", "test it with `is none` first")
    return value


def one_line(text: str) -> str:
    """The text with runs of line breaks, tabs and spaces as one space; other white space stays."""
    return _BREAKS.sub(" ", text).strip(" ")


def refuse_foreign(text: str, where: str) -> None:
    """Raise RenderError when finished text holds template syntax or characters that are none."""
    found = _FOREIGN.search(text)
    if found:
        raise RenderError(f"{where}: '{found[0]}' is template syntax of a sending platform", "plain words")
    found = _NOT_XML.search(text)
    if found:
        raise RenderError(f"{where}: holds the control character U+{ord(found[0]):04X}", "visible characters")

"""Web addresses in copy, however they are written: whole, bare, defanged, spelled out, in look-alikes.

Copy is read folded, so that wide letters and invisible characters hide nothing; what the reader sees is kept
beside it. The parts are those of RFC 3986; data/top_level_domains.txt says what may end a host's name.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from app.guardrails.fold import Folded
from app.guardrails.gate import Gate
from app.guardrails.lexicon import is_word, word_list
from app.guardrails.matcher import masked

_REST = r"[^\s<>\"']{1,2000}+"
_SCHEMED = re.compile(rf"(?<![\w.+-])([a-z][a-z0-9*+.-]{{1,15}}+) ?: ?(?:[/\\] ?){{2}}({_REST})")
_SCRIPT = re.compile(
    r"(?<!\w)(?:(javascript|vbscript|livescript) ?: ?[^\s(=;%]{0,100}+[(=;%]"
    rf"|(data):[\w.+-]{{1,40}}+/[\w.+-]{{1,60}}+[;,]|(file|blob|view-source|jar):(?={_REST}))\S{{0,2000}}+"
)
_DOT = r"(?:[.\u3002]| ?[\[({<] ?(?:\.|dot|punkt|punto|point) ?[\])}>] ?| (?:dot|punkt|punto|point) )"
_BARE = re.compile(
    rf"(?<![\w@.-])[\w-]{{1,63}}+(?:{_DOT}[\w-]{{1,63}}+)++(?!@)(:\d{{1,5}}+)?+([/?#][^\s<>\"']{{0,2000}}+)?+"
)
_USER = re.compile(rf"(?<![\w.+@-])[\w.+-]{{1,64}}+@([\w-]{{1,63}}+(?:\.[\w-]{{1,63}}+)++)/{_REST}")
_SEPARATOR = re.compile(_DOT)
_SPELLED_OUT = re.compile(r" (?:dot|punkt|punto|point) ")
_AFTER = ".,;:!?)]}'\"…"
_SPELLED = frozenset(
    {"com", "org", "net", "co", "io", "info", "biz", "uk", "de", "fr", "es", "eu", "example", "test"}
)
"""Domains that count after a spelled-out "dot": others make words ("polka dot shop")."""
_WORDS = frozenset({"am", "as", "at", "be", "by", "de", "do", "es", "et", "in", "is", "it", "la", "me", "my"})
_SITES = frozenset({"shop", "store", "club", "online", "site", "app", "blog", "life", "world", "cafe", "art"})
"""Domains that count after a spelled-out "dot" where what stands before it is no word of the language."""
_SHORTENED = frozenset(
    {
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thur",
        "thurs",
        "fri",
        "sat",
        "sun",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "approx",
        "incl",
        "excl",
        "etc",
        "max",
        "min",
        "vs",
        "dept",
        "est",
        "tel",
        "ext",
        "no",
        "nos",
        "vol",
        "pt",
        "hr",
        "hrs",
        "mins",
    }
)
"""Abbreviations that end in a stop: "Mon.to Fri." lacks a space and names no host."""
_WORDS |= {"no", "pm", "so", "to", "us", "st", "mr", "ms", "mp", "kg", "cm", "km", "mm", "ml"}
"""Country domains that are words or abbreviations too: without more they are a missing space after a stop."""
_FILES = frozenset({"md", "py", "sh", "rs", "pl", "ps", "zip", "mov", "cc"})
"""Domains that end the names of files."""
_PRODUCTS = frozenset({"asp.net", "ado.net", "vb.net", "socket.io"})
_SHORT = frozenset({"t.co", "x.com", "g.co", "a.co", "m.me"})
_LEADS = re.compile(
    r"\b(?:visit|browse|go to|open|click|scan|see|at|on|via|besuche\w*|auf|visite[zr]?|sur|en)\W{1,3}$"
)


@dataclass(frozen=True)
class Address:
    """One address; `start` and `end` count in the original text.

    `host` is written as it is read (look-alikes undone), `seen` as it stands. A bare address has no scheme.
    """

    start: int
    end: int
    scheme: str
    user: str
    host: str
    seen: str
    port: str
    rest: str
    hidden: bool = False
    """Whether it was defanged or spelled out, so that a machine should not see it."""

    @property
    def path(self) -> str:
        """The path without its last slash."""
        return re.split(r"[?#]", self.rest, maxsplit=1)[0].rstrip("/")

    @property
    def query(self) -> str:
        """What follows the path."""
        return self.rest[len(re.split(r"[?#]", self.rest, maxsplit=1)[0]) :]

    @property
    def looks_alike(self) -> bool:
        """Whether the host poses as another: letters of several scripts, or ASCII-encoded ones."""
        labels = self.seen.split(".")
        return any(label.startswith("xn--") or _mixed(label) for label in labels)


@cache
def top_level() -> frozenset[str]:
    """What may stand last in a host's name."""
    return word_list("top_level_domains.txt")


def _mixed(label: str) -> bool:
    """Whether a label mixes scripts, or hides a character that does not show."""
    scripts = {unicodedata.name(c, "?").split()[0] for c in label if c.isalpha()}
    return len(scripts) > 1 or any(unicodedata.category(c) in ("Cf", "Mn", "Me") for c in label)


def split_authority(rest: str) -> tuple[str, str, str, str]:
    """User, host, port and what follows, of the part behind a scheme's slashes."""
    parts = re.split(r"([/?#\\])", rest, maxsplit=1)
    user, _, host = parts[0].rpartition("@")
    name, _, port = host.partition(":") if not host.startswith("[") else (host, "", "")
    return user, unquote(name), port, "".join(parts[1:])


_GATE = Gate([_BARE])


def addresses_in(original: str, folded: Folded) -> tuple[Address, ...]:
    """Every address in the text, in order, none inside a token."""
    text = masked(folded.text)
    if not re.search(r"[.:@\u3002]|\b(?:dot|punkt|punto|point)\b", text):
        return ()
    found: list[Address] = []
    taken = bytearray(len(text) + 1)
    for address, start, end in (*_schemed(original, folded, text), *_bare(original, folded, text)):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            found.append(address)
    return tuple(sorted(found, key=lambda item: item.start))


def _schemed(original: str, folded: Folded, text: str) -> Iterator[tuple[Address, int, int]]:
    for match in _SCHEMED.finditer(text):
        rest = match[2].rstrip(_AFTER)
        user, host, port, path = split_authority(rest)
        start, end = match.start(), match.start(2) + len(rest)
        first, last = folded.span(match.start(2), end)
        seen = split_authority(original[first:last].lower())[1]
        span = folded.span(start, end)
        if host:
            hidden = not re.fullmatch(r"[a-z][a-z0-9+.-]*:(?://|\\\\)", text[start : match.start(2)])
            yield Address(*span, match[1], user, host, seen, port, path, hidden), start, end
    for match in _SCRIPT.finditer(text):
        scheme = next(group for group in match.groups() if group)
        span = folded.span(*match.span())
        yield Address(*span, scheme, "", "", "", "", match[0]), match.start(), match.end()


def _bare(original: str, folded: Folded, text: str) -> Iterator[tuple[Address, int, int]]:
    for match in _USER.finditer(text) if "@" in text else ():
        user, host, port, path = split_authority(match[0].rstrip(_AFTER))
        span = folded.span(*match.span())
        if host.rsplit(".", 1)[-1] in top_level():
            yield Address(*span, "", user, host, host, port, path), match.start(), match.end()
    for _, match in _GATE.matches(text):
        tail = (match[1] or "") + (match[2] or "")
        name = text[match.start() : match.end() - len(tail)]
        host = _SEPARATOR.sub(".", name).strip("-_")
        first, last = folded.span(match.start(), match.start() + len(name))
        if not _is_host(host, name, original[first:last], tail, text[: match.start()][-12:]):
            continue
        rest = (match[2] or "").rstrip(_AFTER)
        end = match.end() - len(match[2] or "") + len(rest)
        seen = _SEPARATOR.sub(".", original[first:last].lower())
        span, port = folded.span(match.start(), end), (match[1] or "").lstrip(":")
        yield Address(*span, "", "", host, seen, port, rest, host != name), match.start(), end


def _is_host(host: str, name: str, seen: str, tail: str, before: str) -> bool:
    """Whether dotted words are an address, and no abbreviation, file, product or missing space."""
    labels = host.split(".")
    last, label = labels[-1], labels[-2]
    more = bool(tail.strip(":/?#")) or labels[0] == "www" or len(labels) > 3
    if all(item.isdigit() for item in labels):
        return len(labels) == 4 and any(character.isalpha() for character in tail)
    if (last not in top_level() and not last.startswith("xn--")) or not label or host in _PRODUCTS:
        return False
    if _SPELLED_OUT.search(name):
        named = last in _SPELLED or (last in ("shop", "store") and _LEADS.search(before) is not None)
        named = named or (last in _SITES and " dot " in name and len(label) > 4 and not is_word(label))
        return named and (last not in ("de", "es") or more) and label not in ("the", "a", "polka")
    if more or host in _SHORT:
        return True
    if len(label) == 1 or label.isdigit() or last in _FILES:
        return False
    return not _missing_space(label, last, seen, before)


def _missing_space(label: str, last: str, seen: str, before: str) -> bool:
    """Whether the stop ends a sentence and the space after it was left out ("dry feet.It works")."""
    written = seen.rsplit(".", 1)[-1]
    if written[:1].isupper() and not written.isupper() and (len(last) == 2 or not seen[:1].isupper()):
        return True
    if last not in _WORDS:
        return False
    return label in _SHORTENED or (is_word(label) and not _LEADS.search(before))

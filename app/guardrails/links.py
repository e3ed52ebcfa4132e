"""Links: an address in copy is one that was supplied, and shows where it leads.

With facts an address is compared with the supplied ones: its scheme and host by default, its path too where
the policy says so. Without facts only what misleads by its form is refused: schemes that run or read
something, hosts with look-alike letters, a trusted name in front of an `@`, addresses hidden from filters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from app.brief.facts import Role
from app.guardrails.addresses import Address, addresses_in, split_authority
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.verdicts.reports import Family, Finding

DANGEROUS = frozenset({"javascript", "vbscript", "livescript", "data", "file", "blob", "view-source", "jar"})
"""Schemes that run code or read files where they are opened."""
_DEFANGED = re.compile(r"h(?:xx|\*\*|\+\+|tt\*|\*t)ps?|hxxps?|fxp|meow")
_PORTS = {"http": "80", "https": "443"}
_MEASURED = re.compile(r"\?(?:utm_[a-z]+=[^&#]*(?:&|$))*+$")
_NESTED = re.compile(r"[a-z][a-z0-9+.-]{1,15}+:[/\\]{2}[^\s&]{1,500}+")


@dataclass(frozen=True)
class _Supplied:
    """An address that copy may hold."""

    scheme: str
    host: str
    port: str
    path: str
    query: str


@lru_cache(maxsize=512)
def _parsed(url: str) -> _Supplied:
    scheme, found, rest = url.strip().partition("://")
    if not found:
        scheme, rest = "https", scheme
    _, host, port, tail = split_authority(rest)
    path = re.split(r"[?#]", tail, maxsplit=1)[0]
    scheme = scheme.lower()
    return _Supplied(scheme, _plain(host.lower()), _port(scheme, port), path.rstrip("/"), tail[len(path) :])


def _plain(host: str) -> str:
    """A host without the final dot and the customary `www.`."""
    return host.rstrip(".").removeprefix("www.")


def _port(scheme: str, port: str) -> str:
    return "" if port == _PORTS.get(scheme or "https") else port


def _supplied(context: Context) -> tuple[_Supplied, ...]:
    facts = context.facts.facts.values() if context.facts else ()
    urls = [*context.extras.urls, *(str(fact.value) for fact in facts if fact.role is Role.LINK)]
    brand = context.rulebook.brand
    hosts = brand.identity.link_hosts if brand is not None and not context.extras.urls else ()
    return tuple(_parsed(url) for url in (*urls, *(f"https://{host}" for host in hosts)))


def _matches(address: Address, known: _Supplied, policy: str) -> bool:
    """Whether the policy takes the address for the supplied one."""
    if address.seen and _plain(address.seen) != known.host:
        return False
    if address.scheme not in ("", known.scheme) or _port(known.scheme, address.port) != known.port:
        return False
    if policy == "scheme and host":
        return True
    if address.path != known.path:
        return False
    return address.query == known.query or (policy != "exact" and bool(_MEASURED.match(address.query)))


def _leads_on(address: Address, known: tuple[_Supplied, ...]) -> bool:
    """Whether the address carries another one, to which its site would send the reader on."""
    for match in _NESTED.finditer(unquote(unquote(address.rest))):
        inner = _parsed(match[0])
        if all((inner.scheme, inner.host) != (item.scheme, item.host) for item in known):
            return True
    return False


def _deceives(address: Address, known: tuple[_Supplied, ...]) -> str:
    """What is wrong with the address whatever was supplied; empty when nothing is."""
    if address.scheme in DANGEROUS:
        return f"runs or reads something: '{address.scheme}:' is no scheme for a link"
    if address.user:
        return f"leads to '{address.host}', and not to what stands before the '@'"
    hosts = {item.host for item in known}
    if address.seen != address.host and _plain(fold(address.seen).text) in hosts - {_plain(address.seen)}:
        return f"is not '{address.host}': some of its letters only look like it"
    if address.looks_alike and _plain(address.seen) not in hosts:
        return "has letters that pose as others"
    if address.hidden or _DEFANGED.fullmatch(address.scheme):
        return "" if _plain(address.host) in hosts and not address.scheme else "is an address in disguise"
    return ""


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every address that deceives, and, where facts are known, every one that was not supplied."""
    found = addresses_in(piece.text, piece.folded)
    known = _supplied(context) if found else ()
    for address in found:
        message = _deceives(address, known)
        if not message and context.facts is not None:
            if not any(_matches(address, item, context.extras.url_policy) for item in known):
                message = "is none of the addresses that were supplied"
            elif _leads_on(address, known):
                message = "leads on to an address that was not supplied"
        if message:
            shown = piece.text[address.start : address.end]
            hint = "use a supplied address as it stands" if known else "leave it out, or supply it"
            yield GUARDRAIL.finding(piece, (address.start, address.end), f"'{shown}' {message}", hint)


GUARDRAIL = Guardrail(
    id="links",
    family=Family.FACT,
    categories=("url_not_allowed",),
    summary="No address that was not supplied, and none that hides where it leads",
    source="RFC 3986; Unicode TS 39 on confusable names; CAN-SPAM, 15 USC 7704(a)(1)",
    check=check,
)

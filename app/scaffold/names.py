"""What a new brand is called and where it writes to, checked before a file is made."""

import re
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from app.blocks.registry import KINDS
from app.errors import UsageError

ID = re.compile(r"[a-z][a-z0-9_]{1,59}")
_NAME = re.compile(r"[^\W_][\w &'’.,+-]{0,58}[\w.+]")
_LOCALE = re.compile(r"([a-z]{2})-([A-Z]{2})")
_MARKET = re.compile(r"[A-Z]{2}")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_OWNER = re.compile(r"[^\s@\"\\]+@[^\s@\"\\]+")
ENGLISH = "en"
"""The language of the words that a new brand begins with."""


@dataclass(frozen=True)
class NewBrand:
    """Everything that tells one new brand from another. `market` is where it sells, as an ISO 3166 code."""

    id: str
    name: str
    locale: str
    market: str
    host: str
    owner: str


def new_brand(
    brand_id: str,
    *,
    name: str | None = None,
    locale: str | None = None,
    market: str | None = None,
    host: str | None = None,
    owner: str | None = None,
) -> NewBrand:
    """The brand with what was not given filled in. Raises UsageError, saying what would be right."""
    _check_id(brand_id)
    name = " ".join(name.split()) if name is not None else brand_id.replace("_", " ").title()
    if not _NAME.fullmatch(name):
        hint = "2 to 60 letters, digits and spaces, also & ' . , + -; the first is a letter or digit"
        raise UsageError(f"'{name}' cannot stand as a name in an email", hint)
    if market is not None and not _MARKET.fullmatch(market):
        raise UsageError(f"'{market}' is no market", "two capital letters, such as US")
    locale = _locale(locale or f"{ENGLISH}-{market or 'US'}", market)
    host = (host or f"www.{brand_id.replace('_', '-')}.example").casefold()
    if not _HOST.fullmatch(host):
        plain = host.split("//")[-1].split("/")[0]
        right = plain if _HOST.fullmatch(plain) else "www.example.com"
        raise UsageError(f"'{host}' is no host name", f"only the host, such as {right}")
    owner = owner or f"owner@{host.removeprefix('www.')}"
    if not _OWNER.fullmatch(owner):
        raise UsageError(f"'{owner}' is no address", "such as owner@example.com")
    return NewBrand(brand_id, name, locale, market or locale[-2:], host, owner)


def _check_id(brand_id: str) -> None:
    if not ID.fullmatch(brand_id):
        plain = re.sub(r"[^a-z0-9]+", "_", brand_id.casefold()).strip("_")
        right = plain if ID.fullmatch(plain) else "acme_tools"
        hint = f"2 to 60 small letters, digits and underscores, such as {right}"
        raise UsageError(f"'{brand_id}' cannot name a brand folder", hint)
    if brand_id in KINDS:
        hint = f"another name, such as {brand_id}_brand"
        raise UsageError(f"'{brand_id}' is a kind of block, whose layout lies in blocks/{brand_id}", hint)


def _locale(locale: str, market: str | None) -> str:
    parts = _LOCALE.fullmatch(locale)
    if parts is None:
        raise UsageError(f"'{locale}' is no locale", "language and region, such as en-US")
    if parts[1] != ENGLISH:
        hint = f"begin with --locale en-{parts[2]}, and add languages/{parts[1]} as docs/brand.md describes"
        raise UsageError(f"the words of a new brand are English, not '{parts[1]}'", hint)
    try:
        Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        given = f"with --market {market} give a --locale, " if market is not None else ""
        hint = f"{given}such as en-US, en-GB, en-CA or en-AU"
        raise UsageError(f"nobody knows how English is written in '{parts[2]}'", hint) from error
    return locale

"""Links: each leads where it should, and says so."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from app.emails.qa.email import EmailUnderTest, Link, block_of
from app.emails.qa.hosts import belongs, looks_like, registrable
from app.emails.qa.mandatory import ways_out
from app.emails.qa.models import Flaw, Severity, rule
from app.emails.qa.words import of_language, words

UTM = ("utm_source", "utm_medium", "utm_campaign")
_CHECKLIST = "Litmus pre-send checklist, help 119 (read 2026-11)"
_AXE = "https://dequeuniversity.com/rules/axe/4.14"
_SHOWN_HOST = re.compile(
    r"(?<![\w@.-])(?:https?://)?((?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24})(?![\w-])", re.IGNORECASE
)
_TLDS = frozenset(
    [
        "com",
        "org",
        "net",
        "io",
        "co",
        "uk",
        "de",
        "fr",
        "eu",
        "us",
        "ca",
        "es",
        "it",
        "nl",
        "pt",
        "ch",
        "at",
        "be",
        "ie",
        "se",
        "no",
        "dk",
        "fi",
        "pl",
        "shop",
        "store",
        "info",
    ]
)


@rule(
    "links.leads_nowhere",
    Severity.ERROR,
    "A link leads nowhere",
    threshold='no href, an empty one, "#" or "javascript:"',
    source=_CHECKLIST,
)
def _nowhere(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.links:
        if link.href in ("", "#") or link.href.lower().startswith("javascript:"):
            yield Flaw(
                link.at, f"The link '{link.text[:40]}' leads nowhere: {link.href!r}", "an https address"
            )


@rule(
    "links.dead_anchor",
    Severity.WARNING,
    "A link leads to a place that the email does not have",
    threshold="#name without an element of that id or name",
    source="https://www.caniemail.com/features/html-anchor-links/",
)
def _anchor(email: EmailUnderTest) -> Iterator[Flaw]:
    names = {item.attrs.get(key) for item in email.document.all() for key in ("id", "name")}
    for link in email.links:
        if len(link.href) > 1 and link.href[0] == "#" and link.href[1:] not in names:
            yield Flaw(link.at, f"The email has no place '{link.href[1:]}'")


@rule(
    "links.scheme",
    Severity.ERROR,
    "A link is not https",
    threshold="another scheme than https, mailto, tel and sms, or none",
    source=f"{_CHECKLIST}; what app/emails/allow_list.py lets through",
)
def _scheme(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.links:
        scheme = link.href.partition(":")[0].lower()
        harmless = link.href.startswith("#") or not link.href or email.stands_in(link.href)
        if not harmless and scheme not in ("https", "mailto", "tel", "sms", "javascript"):
            yield Flaw(link.at, f"'{link.href[:60]}' is not https", "an address that begins with https://")


@rule(
    "links.malformed",
    Severity.ERROR,
    "A link's address is broken",
    threshold="white space or control characters in it, no host, or a host without a dot",
    source="https://www.rfc-editor.org/rfc/rfc3986 (2005-01)",
)
def _malformed(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.links:
        address = link.address
        web = link.href.lower().startswith(("http:", "https:"))
        numeric = link.host.startswith("[") or ":" in link.host
        bad_host = web and link.host != "localhost" and not numeric and "." not in link.host.strip(".")
        if address is None or re.search(r"[\s<>\"\x00-\x1f\\^`{|}]", link.href) or bad_host:
            yield Flaw(link.at, f"'{link.href[:60]}' is no address")


@rule(
    "links.placeholder_host",
    Severity.ERROR,
    "A link leads to a made-up host",
    threshold="example.com and its like, localhost, an IP address, .test, .example; not a host of the brand",
    source="https://www.rfc-editor.org/rfc/rfc2606 (1999-06), rfc6761 (2013-02)",
)
def _placeholder(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.outward:
        if not belongs(link.host, email.link_hosts or ()) and is_placeholder(link.host):
            yield Flaw(link.at, f"'{link.host}' is a host for templates", "the real address")


@rule(
    "links.host_not_allowed",
    Severity.ERROR,
    "A link leads to a host that is not the brand's",
    threshold="another host than link_hosts of brand.yaml and its subdomains",
    source="brand.yaml, link_hosts (docs/brand.md)",
    needs=("link_hosts",),
)
def _foreign(email: EmailUnderTest) -> Iterator[Flaw]:
    hosts = email.link_hosts or ()
    for link in email.outward:
        named = is_placeholder(link.host) or looks_like(link.host, hosts) or _is_short(link.host)
        if link.host and not belongs(link.host, hosts) and not named:
            yield Flaw(link.at, f"'{link.host}' is no host of the brand", f"one of {', '.join(hosts)}")


@rule(
    "links.look_alike",
    Severity.ERROR,
    "A link leads to a host that poses as the brand's",
    threshold="look-alike letters, one or two letters changed, the brand's name in or before another domain",
    source="https://www.unicode.org/reports/tr39/ (2025), https://www.rfc-editor.org/rfc/rfc5890 (2010-08)",
    needs=("link_hosts",),
)
def _alike(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.outward:
        posed = looks_like(link.host, email.link_hosts or ())
        if posed:
            yield Flaw(link.at, f"'{link.host}' looks like '{posed}' and is another host", posed)


@rule(
    "links.user_in_address",
    Severity.ERROR,
    "A link hides its host behind a user name",
    threshold="https://name@host",
    source="https://www.rfc-editor.org/rfc/rfc3986#section-7.6 (2005-01)",
)
def _user(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.outward:
        if link.address is not None and link.address.username is not None:
            yield Flaw(link.at, f"'{link.href[:60]}' holds a user name; it leads to '{link.host}'")


@rule(
    "links.shows_another_host",
    Severity.ERROR,
    "A link shows one host and leads to another",
    threshold="a host in the link's text whose domain is not that of its address",
    source="https://support.google.com/mail/answer/81126 (Email sender guidelines, read 2026-11)",
)
def _shows_other(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.outward:
        for found in _SHOWN_HOST.finditer(link.text):
            shown = found[1].lower()
            known = shown.rpartition(".")[2] in _TLDS or belongs(shown, email.link_hosts or ())
            if known and registrable(shown) != registrable(link.host):
                yield Flaw(link.at, f"The link shows '{shown}' and leads to '{link.host}'")


@rule(
    "links.shortened",
    Severity.WARNING,
    "A shortened link hides where it leads",
    threshold="a host of data/words.yaml, shorteners",
    source="common advice on filters; no measurement known",
)
def _shortened(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.outward:
        if _is_short(link.host):
            yield Flaw(link.at, f"'{link.host}' shortens links, which filters distrust", "the full address")


@rule(
    "links.vague_words",
    Severity.WARNING,
    "A link does not say where it leads",
    threshold="only words of data/words.yaml, vague_links, in the email's language",
    source="https://www.w3.org/WAI/WCAG22/Understanding/link-purpose-in-context (WCAG 2.4.4)",
)
def _vague(email: EmailUnderTest) -> Iterator[Flaw]:
    vague = {*of_language(words().vague_links, email.locale)}
    for link in email.links:
        said = link.text.casefold().strip(" .!?:>»→›…")
        if link.shown and said in vague:
            yield Flaw(link.at, f"The link says only '{link.text[:40]}'", "what one finds there")


@rule(
    "links.no_words",
    Severity.ERROR,
    "A link says nothing",
    threshold="neither text, nor a picture with alternative text, nor aria-label",
    source=f"{_AXE}/link-name (WCAG 2.4.4)",
)
def _wordless(email: EmailUnderTest) -> Iterator[Flaw]:
    for link in email.links:
        own = link.element.attrs.get("aria-label", "") or link.element.attrs.get("title", "")
        if link.shown and not link.text.strip() and not own.strip():
            yield Flaw(link.at, f"The link to '{link.href[:60]}' says nothing", "text, or alt on its picture")


@rule(
    "links.utm_missing",
    Severity.WARNING,
    "Some links are tracked and others are not",
    threshold=f"a link of the email without {', '.join(UTM)} where another has one of them",
    source="https://support.google.com/analytics/answer/10917952 (read 2026-11)",
)
def _utm_missing(email: EmailUnderTest) -> Iterator[Flaw]:
    tagged = _tagged(email)
    if any(tags for _, tags in tagged):
        for link, tags in tagged:
            missing = [name for name in UTM if not tags.get(name)]
            if missing:
                yield Flaw(link.at, f"'{link.href[:60]}' has no {', '.join(missing)}")


@rule(
    "links.utm_differs",
    Severity.WARNING,
    "Links of one email count for different campaigns",
    threshold="another utm_source, utm_medium or utm_campaign than most links have, or one given twice",
    source="https://support.google.com/analytics/answer/10917952 (read 2026-11)",
)
def _utm_differs(email: EmailUnderTest) -> Iterator[Flaw]:
    tagged = _tagged(email)
    for name in UTM:
        counts: dict[str, int] = defaultdict(int)
        for _, tags in tagged:
            counts[tags.get(name, "")] += 1
        counts.pop("", None)
        usual = max(counts, key=lambda value: counts[value], default="")
        for link, tags in tagged:
            if tags.get(name) and tags[name] != usual:
                yield Flaw(link.at, f"{name} is '{tags[name]}' here and '{usual}' elsewhere")


@rule(
    "links.no_utm",
    Severity.INFO,
    "No link is tracked",
    threshold="no utm parameter on any link",
    source="https://support.google.com/analytics/answer/10917952 (read 2026-11)",
)
def _no_utm(email: EmailUnderTest) -> Iterator[Flaw]:
    tagged = _tagged(email)
    if tagged and not any(tags for _, tags in tagged):
        yield Flaw(tagged[0][0].at, "No link has utm parameters; many platforms add them when they send")


def is_placeholder(host: str) -> bool:
    """Whether the host stands for another one: of a template, of a test, of one's own machine."""
    known = words()
    bare = host.removeprefix("www.")
    numeric = bool(re.fullmatch(r"[\d.]+|\[?[0-9a-f:]*:[0-9a-f:]*\]?", host))
    return bool(host) and (
        numeric or bare in known.placeholder_hosts or host.endswith(known.placeholder_endings)
    )


def _is_short(host: str) -> bool:
    return host.removeprefix("www.") in words().shorteners


def _tagged(email: EmailUnderTest) -> list[tuple[Link, Mapping[str, str]]]:
    """The links to the brand's own hosts, or to any without a list, with their utm parameters.

    Nobody tracks the link to unsubscribe, and those that stand beside it.
    """
    beside = {block_of(link.element) for link in ways_out(email)}
    found: list[tuple[Link, Mapping[str, str]]] = []
    for link in email.outward:
        own = not email.link_hosts or belongs(link.host, email.link_hosts)
        if own and link.address is not None and block_of(link.element) not in beside:
            pairs = parse_qsl(link.address.query, keep_blank_values=True)
            found.append((link, {name: value for name, value in pairs if name.startswith("utm_")}))
    return found


RULES = (
    *(_nowhere, _anchor, _scheme, _malformed, _placeholder, _foreign, _alike, _user, _shows_other),
    *(_shortened, _vague, _wordless, _utm_missing, _utm_differs, _no_utm),
)

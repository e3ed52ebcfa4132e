"""What the law wants under a marketing email: a way out, and an address."""

import re
from collections.abc import Iterator

from app.emails.qa.email import EmailUnderTest, Link, seen_texts
from app.emails.qa.models import WHOLE, Flaw, Severity, Spot, rule
from app.emails.qa.tree import Element
from app.emails.qa.words import of_language, one_of, words

_CAN_SPAM = "https://www.ftc.gov/business-guidance/resources/can-spam-act-compliance-guide-business (2023-08)"


def ways_out(email: EmailUnderTest) -> list[Link]:
    """The links to unsubscribe: by the brand's label, by their words or by their address."""
    label = (email.unsubscribe_label or "").casefold()
    known = one_of(of_language(words().unsubscribe, email.locale))
    found = []
    for link in email.links:
        said = link.text.casefold()
        by_address = re.search(r"unsub|opt-?_?out|abmeld", link.href, re.IGNORECASE)
        if (label and label in said) or known.search(said) or by_address:
            found.append(link)
    return found


@rule(
    "mandatory.no_unsubscribe",
    Severity.ERROR,
    "The email has no unsubscribe link",
    threshold="no link with the brand's label, or with words or an address that say so; in marketing",
    source=_CAN_SPAM,
)
def _no_unsubscribe(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.marketing and not ways_out(email):
        yield Flaw(Spot("html"), "There is no unsubscribe link", "a visible link under the email")


@rule(
    "mandatory.hidden_unsubscribe",
    Severity.ERROR,
    "The unsubscribe link cannot be seen",
    threshold="hidden, without words, or below 10 pixels",
    source=f"{_CAN_SPAM}: clear and conspicuous",
)
def _hidden(email: EmailUnderTest) -> Iterator[Flaw]:
    links = ways_out(email) if email.marketing else []
    shown = {text.parent for text, look in seen_texts(email.body, email.light) if look.size >= 10}
    if links and not any(_is_shown(link, shown) for link in links):
        yield Flaw(links[0].at, "The unsubscribe link is there, and nobody sees it", "13 pixels or more")


@rule(
    "mandatory.no_text_unsubscribe",
    Severity.ERROR,
    "The plain text has no unsubscribe link",
    threshold="none of the HTML's unsubscribe addresses in the text; in marketing",
    source=_CAN_SPAM,
    needs=("text",),
)
def _no_text_unsubscribe(email: EmailUnderTest) -> Iterator[Flaw]:
    links = ways_out(email) if email.marketing else []
    if links and not any(link.href and link.href in (email.text or "") for link in links):
        yield Flaw(Spot("text"), "The text has no unsubscribe link", links[0].href[:80])


@rule(
    "mandatory.no_address",
    Severity.ERROR,
    "The email does not say the sender's postal address",
    threshold="postal_address of brand.yaml is not among the visible words of the HTML",
    source=_CAN_SPAM,
    needs=("postal_address",),
)
def _no_address(email: EmailUnderTest) -> Iterator[Flaw]:
    if _flat(email.postal_address or "") not in _flat(email.visible):
        yield Flaw(Spot("html"), "The postal address is not there", email.postal_address or "")


@rule(
    "mandatory.no_text_address",
    Severity.ERROR,
    "The plain text does not say the sender's postal address",
    threshold="postal_address of brand.yaml is not in the text",
    source=_CAN_SPAM,
    needs=("postal_address", "text"),
)
def _no_text_address(email: EmailUnderTest) -> Iterator[Flaw]:
    if _flat(email.postal_address or "") not in _flat(email.text or ""):
        yield Flaw(Spot("text"), "The postal address is not there", email.postal_address or "")


@rule(
    "mandatory.no_one_click",
    Severity.INFO,
    "The message has no one-click unsubscribe in its headers",
    threshold="no https address in List-Unsubscribe, or List-Unsubscribe-Post is not the one of RFC 8058",
    source="https://support.google.com/a/answer/14229414 (read 2026-11), https://www.rfc-editor.org/rfc/rfc8058",
    needs=("headers",),
)
def _no_one_click(email: EmailUnderTest) -> Iterator[Flaw]:
    headers = email.headers or {}
    address = "<https://" in headers.get("list-unsubscribe", "").lower()
    one_click = headers.get("list-unsubscribe-post", "").strip().lower() == "list-unsubscribe=one-click"
    if email.marketing and not (address and one_click):
        words = "The message has no one-click unsubscribe, which Gmail and Yahoo ask of whoever sends in bulk"
        yield Flaw(WHOLE, words, "List-Unsubscribe and List-Unsubscribe-Post, unless the platform adds them")


@rule(
    "mandatory.preview",
    Severity.INFO,
    "This is a preview",
    threshold="Copydesk's own mark of what nobody approved",
    source="what is written before review is a preview, which export refuses",
)
def _preview(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.preview:
        yield Flaw(
            WHOLE, "A preview, not approved: mandatory links and pictures stand for those of the export"
        )


def _is_shown(link: Link, shown: set[Element]) -> bool:
    return link.shown and any(isinstance(node, Element) and node in shown for node in link.element.walk())


def _flat(text: str) -> str:
    return " ".join(re.sub(r"[,\s]+", " ", text).split()).casefold()


RULES = (
    _no_unsubscribe,
    _hidden,
    _no_text_unsubscribe,
    _no_address,
    _no_text_address,
    _no_one_click,
    _preview,
)

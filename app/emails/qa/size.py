"""How much HTML a mail program takes before it cuts."""

from collections.abc import Iterator

from app.emails.mjml_render import CLIPPED_AT
from app.emails.qa.email import EmailUnderTest, spot
from app.emails.qa.models import Flaw, Severity, Spot, rule

NEAR = 90_000
STYLES_AT = 16_000
_WHOLE = Spot("html")
_CLIP = "https://github.com/hteumeuleu/email-bugs/issues/41 (2018-05)"
_STYLES_LIMIT = "https://www.caniemail.com/features/html-style/ (note 6, email-bugs issue 90)"


def _bytes(email: EmailUnderTest) -> int:
    return len(email.html.encode("utf-8"))


@rule(
    "size.clipped",
    Severity.ERROR,
    "Gmail cuts the email off",
    threshold=f"HTML of {CLIPPED_AT:,} bytes or more, in UTF-8",
    source=_CLIP,
)
def _clipped(email: EmailUnderTest) -> Iterator[Flaw]:
    size = _bytes(email)
    if size >= CLIPPED_AT:
        words = f"The HTML has {size // 1000} KB: Gmail cuts it off, and with it the unsubscribe link"
        yield Flaw(_WHOLE, words, "fewer blocks or products")


@rule(
    "size.near_clipping",
    Severity.WARNING,
    "The email is close to where Gmail cuts it off",
    threshold=f"HTML of {NEAR:,} to {CLIPPED_AT - 1:,} bytes",
    source=_CLIP,
)
def _near(email: EmailUnderTest) -> Iterator[Flaw]:
    size = _bytes(email)
    if NEAR <= size < CLIPPED_AT:
        words = f"The HTML has {size // 1000} KB; Gmail cuts off at {CLIPPED_AT // 1000} KB"
        yield Flaw(_WHOLE, words, "room for the tracking links that the sending platform adds")


@rule(
    "size.styles",
    Severity.WARNING,
    "Gmail drops style sheets that are too long",
    threshold=f"style elements of {STYLES_AT:,} bytes or more in all",
    source=_STYLES_LIMIT,
)
def _styles(email: EmailUnderTest) -> Iterator[Flaw]:
    sheets = email.document.all("style")
    total = sum(len(text.encode("utf-8")) for style in sheets for text in style.texts)
    if total >= STYLES_AT:
        yield Flaw(
            spot(sheets[-1]), f"The style sheets have {total // 1000} KB; Gmail drops what exceeds 16 KB"
        )


RULES = (
    _clipped,
    _near,
    _styles,
)

"""Subject and preheader, as the list of an inbox shows them."""

import unicodedata
from collections.abc import Iterator

from app.emails.qa.email import EmailUnderTest
from app.emails.qa.models import PREHEADER, SUBJECT, Flaw, Severity, rule

SUBJECT_CUT, SUBJECT_PHONE = 70, 50
PREHEADER_SHORT, PREHEADER_CUT, PREHEADER_FILLED = 40, 140, 100
_WIDTHS = "https://www.emailtooltester.com, https://typecount.com (tables of client widths, read 2026-11)"
_PREHEADERS = (
    "https://www.helencodes.com (about 90 characters), https://www.emailtooltester.com (read 2026-11)"
)


def columns(text: str) -> int:
    """How wide a line is in characters; East Asian wide ones and emoji count twice."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return wide + sum(not unicodedata.combining(character) for character in text)


def shown_preheader(email: EmailUnderTest) -> str:
    """The preheader as given, else the hidden words of the HTML."""
    return email.preheader if email.preheader is not None else email.hidden_preheader


@rule(
    "inbox.no_subject",
    Severity.ERROR,
    "The email has no subject",
    threshold="an empty subject",
    source="https://www.rfc-editor.org/rfc/rfc5322 (2008-10)",
)
def _no_subject(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.subject is not None and not email.subject.strip():
        yield Flaw(SUBJECT, "There is no subject", "a line of at most 50 characters")


@rule(
    "inbox.subject_cut",
    Severity.WARNING,
    "Every inbox cuts the subject",
    threshold=f"more than {SUBJECT_CUT} characters",
    source=_WIDTHS,
    needs=("subject",),
)
def _long_subject(email: EmailUnderTest) -> Iterator[Flaw]:
    width = columns(email.subject or "")
    if width > SUBJECT_CUT:
        words = f"The subject has {width} characters; Gmail and Outlook show about {SUBJECT_CUT} on a desktop"
        yield Flaw(SUBJECT, words, "the message in the first 33 characters, at most 50 in all")


@rule(
    "inbox.subject_on_phones",
    Severity.INFO,
    "Phones cut the subject",
    threshold=f"{SUBJECT_PHONE + 1} to {SUBJECT_CUT} characters",
    source=_WIDTHS,
    needs=("subject",),
)
def _phone_subject(email: EmailUnderTest) -> Iterator[Flaw]:
    width = columns(email.subject or "")
    if SUBJECT_PHONE < width <= SUBJECT_CUT:
        seen = (email.subject or "")[:33].rstrip()
        words = f"The subject has {width} characters; narrow inboxes show '{seen}...'"
        yield Flaw(SUBJECT, words, "the message in the first 33 characters")


@rule(
    "inbox.control_character",
    Severity.ERROR,
    "Subject or preheader is not one line of text",
    threshold="a control character",
    source="https://www.rfc-editor.org/rfc/rfc5322 (2008-10)",
)
def _control(email: EmailUnderTest) -> Iterator[Flaw]:
    for at, text in ((SUBJECT, email.subject), (PREHEADER, email.preheader)):
        found = next((c for c in text or "" if unicodedata.category(c) == "Cc" or c in "\u2028\u2029"), None)
        if found is not None:
            words = f"The {at.part} holds the control character U+{ord(found):04X}"
            yield Flaw(at, words, "one line: a line break in a subject begins another header")


@rule(
    "inbox.no_preheader",
    Severity.WARNING,
    "The email has no preheader",
    threshold="no hidden words before the first visible ones",
    source=_PREHEADERS,
)
def _no_preheader(email: EmailUnderTest) -> Iterator[Flaw]:
    if not shown_preheader(email).strip():
        yield Flaw(PREHEADER, "There is no preheader: inboxes show the first words or alt texts of the body")


@rule(
    "inbox.short_preheader",
    Severity.WARNING,
    "The preheader leaves room unused",
    threshold=f"fewer than {PREHEADER_SHORT} characters",
    source=_PREHEADERS,
)
def _short_preheader(email: EmailUnderTest) -> Iterator[Flaw]:
    width = columns(shown_preheader(email).strip())
    if 0 < width < PREHEADER_SHORT:
        words = f"The preheader has {width} characters; inboxes have room for {PREHEADER_SHORT} to 100"
        yield Flaw(PREHEADER, words)


@rule(
    "inbox.long_preheader",
    Severity.WARNING,
    "Every inbox cuts the preheader",
    threshold=f"more than {PREHEADER_CUT} characters",
    source=_PREHEADERS,
)
def _long_preheader(email: EmailUnderTest) -> Iterator[Flaw]:
    width = columns(shown_preheader(email))
    if width > PREHEADER_CUT:
        yield Flaw(
            PREHEADER, f"The preheader has {width} characters; no inbox shows more than about {PREHEADER_CUT}"
        )


@rule(
    "inbox.repeated_subject",
    Severity.WARNING,
    "The preheader repeats the subject",
    threshold="equal, or beginning with it, letter case and end marks aside",
    source=_PREHEADERS,
    needs=("subject",),
)
def _repeated(email: EmailUnderTest) -> Iterator[Flaw]:
    subject, preheader = _bare(email.subject or ""), _bare(shown_preheader(email))
    if subject and (preheader == subject or preheader.startswith(f"{subject} ")):
        yield Flaw(PREHEADER, "The preheader says the subject again", "what the subject has no room for")


@rule(
    "inbox.preheader_not_in_html",
    Severity.ERROR,
    "The HTML does not begin with the preheader",
    threshold="the first hidden words are others",
    source=_PREHEADERS,
)
def _not_in_html(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.preheader and _bare(email.preheader) != _bare(email.hidden_preheader):
        shown = email.hidden_preheader[:60] or "nothing"
        yield Flaw(PREHEADER, f"The HTML does not begin with the preheader, hidden; it has {shown!r}")


@rule(
    "inbox.preheader_not_filled",
    Severity.INFO,
    "Inboxes show body text after the preheader",
    threshold=f"fewer than {PREHEADER_FILLED} hidden characters, fillers included",
    source=_PREHEADERS,
)
def _not_filled(email: EmailUnderTest) -> Iterator[Flaw]:
    if email.hidden_preheader and email.filled_up < PREHEADER_FILLED:
        words = f"The hidden preheader has {email.filled_up} characters: inboxes show body text after it"
        yield Flaw(PREHEADER, words, f"characters without a shape, up to {PREHEADER_FILLED} or more")


def _bare(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" .!?…")


RULES = (
    _no_subject,
    _long_subject,
    _phone_subject,
    _control,
    _no_preheader,
    _short_preheader,
    _long_preheader,
    _repeated,
    _not_in_html,
    _not_filled,
)

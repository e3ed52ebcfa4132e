"""What lists of inboxes show of a subject and a preheader. Widths are those that the email's QA names."""

from dataclasses import dataclass

from app.emails.qa.inbox import PREHEADER_CUT, PREHEADER_SHORT, SUBJECT_CUT

CLIENTS = (("desktop", SUBJECT_CUT, PREHEADER_CUT), ("phone", 48, 90), ("narrow_phone", 33, PREHEADER_SHORT))
"""A name of the group `inbox` in labels.yaml, then about how many characters are shown of each of the two
(app/emails/qa/inbox.py and app/blocks/kinds/subject.py name the sources).
"""


@dataclass(frozen=True)
class Line:
    """One line of the list: what is seen, and what is cut away."""

    seen: str
    cut: str


@dataclass(frozen=True)
class InboxRow:
    """How one sort of inbox lists the email."""

    client: str
    subject: Line
    preheader: Line


def rows_of(subject: str, preheader: str) -> tuple[InboxRow, ...]:
    """The email in each sort of inbox."""
    return tuple(
        InboxRow(client, _line(subject, most), _line(preheader, most_after))
        for client, most, most_after in CLIENTS
    )


def _line(text: str, most: int) -> Line:
    text = text.strip()
    return Line(text, "") if len(text) <= most else Line(text[:most], text[most:])

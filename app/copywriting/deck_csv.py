"""A deck as a spreadsheet, and the way back.

UTF-8 with a byte order mark, so that Excel reads it right. A cell that a spreadsheet would take for a formula
gets an apostrophe before it, which is taken off again on the way back.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.copywriting.deck import Deck
from app.errors import UsageError
from app.yaml12 import nearest

COLUMNS = (
    "brief",
    "locale",
    "segment",
    "slot",
    "variant",
    "field",
    "copy",
    "length",
    "longest",
    "limit",
    "state",
    "source",
    "draft",
    "draft_hash",
    "text_hash",
)
NEEDED = ("field", "copy", "draft", "draft_hash", "text_hash")
MOST_ROWS = 20_000
MOST_BYTES = 8_000_000
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
_SEPARATORS = ",;\t"


@dataclass(frozen=True)
class EditedRow:
    """One row of a deck that came back. `line` counts the rows of the file from 1, the header being 1."""

    line: int
    draft: str
    draft_hash: str
    field: str
    text: str
    text_hash: str


@dataclass(frozen=True)
class ReadDeck:
    """The rows of a deck that came back, and the columns that somebody added, which are not read."""

    rows: tuple[EditedRow, ...]
    ignored: tuple[str, ...]


def deck_csv(deck: Deck) -> bytes:
    """The deck as CSV, a row for each field of each variant."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(deck):
        writer.writerow([guarded(str(cell)) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _rows(deck: Deck) -> Iterator[tuple[object, ...]]:
    for email in deck.emails:
        for slot in email.slots:
            for variant in slot.variants:
                for field in variant.fields:
                    yield (
                        deck.brief,
                        email.locale,
                        email.segment,
                        slot.kind,
                        variant.number,
                        field.name,
                        field.text,
                        field.length,
                        field.longest,
                        field.most,
                        variant.state.value,
                        variant.source,
                        variant.draft,
                        variant.draft_hash,
                        field.text_hash,
                    )


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `unguarded` undoes it."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if _GUARDED.match(cell) else cell


def read_deck(raw: bytes) -> ReadDeck:
    """The rows of an edited deck. Raises UsageError for a file that is no deck."""
    if len(raw) > MOST_BYTES:
        raise UsageError(f"the deck is larger than {MOST_BYTES} bytes", "send a part of its rows")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError("the deck is not UTF-8", "save it as 'CSV UTF-8'") from error
    if "\0" in text:
        raise UsageError("the deck holds the character NUL", "save it as 'CSV UTF-8'")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return _read(lines)
    except csv.Error as error:
        raise UsageError(f"the deck cannot be read as CSV: {error}", "save it as 'CSV UTF-8'") from error


def _separator(text: str) -> str:
    """What stands between the columns of the header: spreadsheets of some countries write semicolons."""
    header = text.split("\n", 1)[0]
    return max(_SEPARATORS, key=header.count)


def _read(lines: Iterator[list[str]]) -> ReadDeck:
    header = [name.strip().casefold() for name in next(lines, [])]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        hint = (
            nearest(missing[0], [name for name in header if name]) if any(header) else "a deck as it was made"
        )
        raise UsageError(f"the deck has no column '{missing[0]}'", hint)
    twice = next((name for name in header if name in NEEDED and header.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"the deck has the column '{twice}' twice", "keep one of the two")
    places = {name: header.index(name) for name in NEEDED}
    rows = []
    for number, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if number > MOST_ROWS:
            raise UsageError(f"the deck has more than {MOST_ROWS} rows", "send a part of them")
        given = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
        rows.append(
            EditedRow(
                line=number,
                draft=given["draft"].strip(),
                draft_hash=given["draft_hash"].strip().casefold(),
                field=given["field"].strip(),
                text=unguarded(given["copy"]),
                text_hash=given["text_hash"].strip().casefold(),
            )
        )
    return ReadDeck(tuple(rows), tuple(name for name in header if name and name not in COLUMNS))

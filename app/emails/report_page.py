"""The report page of a run: one static HTML file that opens from disk, and loads nothing from elsewhere.

The previews stand in sandboxed frames in which nothing runs. They keep their origin, since a browser does not
show a local picture to a local page that has none; the previews' own policy stops everything else.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.emails.report_data import ReportData, SlotReport
from app.errors import StorageError
from app.tokens import tokens_in

TEMPLATES = Path(__file__).parent / "templates"
NAMES = {"cta": "Call to action"}
LABELS = {
    "generated": "Generated",
    "reasked": "Generated, re-asked",
    "reused": "Approved copy reused",
    "fell_back": "Approved fallback",
    "left_out": "Left out",
    "held": "Held for a person",
}


SHORT = {
    "generated": "Generated",
    "reasked": "Re-asked",
    "reused": "Reused",
    "fell_back": "Fallback",
    "left_out": "Left out",
    "held": "Held",
}


@dataclass(frozen=True)
class Piece:
    """A run of characters of a line: a token or words, and whether a rule points at it."""

    text: str
    token: bool
    marked: bool


def write_report(run: ReportData, folder: Path) -> Path:
    """Write index.html into `folder`; its links to the previews are relative to it. Returns its path."""
    path = folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(report_html(run), encoding="utf-8")
    except OSError as error:
        raise StorageError(f"the report was not written to {path}: {error.strerror}") from error
    return path


def report_html(run: ReportData) -> str:
    """The page as text."""
    slots = [slot for segment in run.segments for slot in segment.slots]
    kinds = list(dict.fromkeys(slot.kind for slot in slots))
    refused = [line for slot in slots for line in slot.refused]
    template = _environment().get_template("report.html.j2")
    return template.render(
        run=run,
        kinds=kinds,
        outcomes=Counter(shown_outcome(slot) for slot in slots),
        slot_count=len(slots),
        written=sum(slot.outcome in ("generated", "reasked") for slot in slots),
        refused_count=len(refused),
        rules=Counter(line.rule for line in refused).most_common(6),
        labels=LABELS,
        short=SHORT,
    )


def shown_outcome(slot: SlotReport) -> str:
    """The outcome's key in LABELS."""
    return "held" if slot.held else slot.outcome


def pieces(text: str, start: int = 0, end: int = 0) -> list[Piece]:
    """`text` cut where tokens and the marked span begin and end."""
    tokens = [(token.start, token.end) for token in tokens_in(text)]
    cuts = sorted(
        {0, len(text), *(min(max(cut, 0), len(text)) for pair in (*tokens, (start, end)) for cut in pair)}
    )
    return [
        Piece(
            text[left:right],
            any(first <= left < last for first, last in tokens),
            start <= left < end,
        )
        for left, right in pairwise(cuts)
    ]


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"


def _kind_name(kind: str) -> str:
    return NAMES.get(kind, kind.capitalize())


def _grouped(number: int) -> str:
    return f"{number:,}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        pieces=pieces, outcome=shown_outcome, duration=_duration, grouped=_grouped, kind_name=_kind_name
    )
    return environment

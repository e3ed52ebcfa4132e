"""What the report page shows of one run: plain fields, filled by whoever ran it."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

RelativePath = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$")
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RefusedLine(_Frozen):
    """A line that a rule refused. `start` and `end` are the offending characters of `text`."""

    field: str
    """The field as people know it: "subject line"."""
    text: str
    rule: str
    message: str
    suggestion: str = ""
    start: int = 0
    end: int = 0


class ShownVariant(_Frozen):
    """One variant: its fields by label, in order, with tokens as written."""

    fields: tuple[tuple[str, str], ...]
    chosen: bool = False
    source: str = ""
    """The model or the approved block that it came from."""
    confidence: float | None = None


class ConfidencePart(_Frozen):
    """One named component of a confidence score; weights add up to 1."""

    name: str
    value: float
    weight: float


class ShownConfidence(_Frozen):
    """A confidence score with its parts and the threshold it is held against."""

    score: float
    threshold: float
    parts: tuple[ConfidencePart, ...] = ()


class ShownStep(_Frozen):
    """One step of the chain; `sentence` is its reason in words."""

    step: str
    answered: bool
    reason: str
    sentence: str
    detail: str = ""


class SlotReport(_Frozen):
    """How one slot of one segment was answered."""

    kind: str
    outcome: Literal["reused", "generated", "reasked", "fell_back", "left_out"]
    reason: str
    sentence: str
    who_acts: str = "nobody"
    generic: str = ""
    """Which consent the segment lacks, where the copy does without a variable."""
    held: bool = False
    block: str | None = None
    confidence: ShownConfidence | None = None
    variants: tuple[ShownVariant, ...] = ()
    refused: tuple[RefusedLine, ...] = ()
    trace: tuple[ShownStep, ...] = ()
    model: str = ""
    asked: int = 0
    """How many lines the model was asked for, re-asks included."""
    seconds: float = 0.0
    tokens: int = 0


class SegmentReport(_Frozen):
    """One segment's email: its inbox row, its files (relative to the report), its slots."""

    id: str
    name: str
    audience: str = ""
    locale: str
    sender: str
    subject: str
    preheader: str
    html: RelativePath
    text: RelativePath
    mjml: RelativePath
    slots: tuple[SlotReport, ...]
    warnings: tuple[str, ...] = ()


class ReportData(_Frozen):
    """One run of `copydesk generate`."""

    brand: str
    brief: str
    """The brief's name."""
    journey: str
    objective: str
    message: str
    model: str
    as_of: dt.datetime
    """The moment that copy was judged for."""
    seconds: float
    tokens: int
    calls: int = 0
    version: str = ""
    segments: tuple[SegmentReport, ...]
    warnings: tuple[str, ...] = ()

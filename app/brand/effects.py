"""The one effect that each field of a brand file has.

Every field declares it in its annotation, so that no leaf of a brand folder is decoration: a test walks
all fields, and another changes each and looks for the effect.
"""

from enum import Enum


class Effect(Enum):
    """Where a change of the field shows."""

    PROMPT = "prompt"
    VERDICT = "verdict"
    DECISION = "decision"
    EMAIL = "rendered email"
    ROUTING = "routing"
    REPORT = "report"
    LOADING = "loading"
    """Whether the folder loads at all: ids, references, recorded approvals, examples that prove a rule."""

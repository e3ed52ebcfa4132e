"""People's words for what the code calls by names: one file, app/web/labels.yaml.

A label that is not there is an error: a page rather fails in a test than shows a name of the code.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic import RootModel

from app.brand.roles import PersonRole, Scope
from app.brand.tiers import Tier
from app.brief.facts import Role
from app.brief.models import Journey
from app.db.review_tables import Closed, NoteSort, RejectReason
from app.db.sign_in_tables import SignedInBy
from app.db.tables import DraftState, Origin
from app.errors import ContentError
from app.generation.engine import Retry
from app.release.inventory import Cause, InventoryState
from app.release.values import Around
from app.review.emails.situation import EmailState
from app.verdicts.decisions import Outcome, Step
from app.verdicts.reports import Family, Severity, Verdict
from app.yaml12 import nearest, read_as

FILE = Path(__file__).parent / "labels.yaml"
SHOWN: Mapping[str, type[StrEnum]] = {
    "again": Retry,
    "around": Around,
    "cause": Cause,
    "closed": Closed,
    "draft_state": DraftState,
    "email_state": EmailState,
    "fact_role": Role,
    "family": Family,
    "inventory_state": InventoryState,
    "journey": Journey,
    "journey_is": Journey,
    "note_sort": NoteSort,
    "origin": Origin,
    "outcome": Outcome,
    "reject_reason": RejectReason,
    "role": PersonRole,
    "role_does": PersonRole,
    "scope": Scope,
    "severity": Severity,
    "signed_in_by": SignedInBy,
    "step": Step,
    "tier": Tier,
    "verdict": Verdict,
    "verdict_is": Verdict,
}
"""Each group that has the words of an enumeration: every member has one, and nothing else is in it."""


class UnknownLabel(LookupError):
    """A page asks for a label that labels.yaml does not have: a fault of the page."""


class _File(RootModel[dict[str, dict[str, str]]]):
    """Labels by group and name."""


class Labels:
    """The words of labels.yaml."""

    def __init__(self, groups: Mapping[str, Mapping[str, str]]) -> None:
        self._groups = groups

    def __call__(self, group: str, name: object) -> str:
        """The words for a name of a group. Raises UnknownLabel."""
        words = self._groups.get(group)
        if words is None:
            raise UnknownLabel(f"labels.yaml has no group '{group}'; {nearest(group, self._groups)}")
        key = str(name)
        if key not in words:
            raise UnknownLabel(f"labels.yaml has no '{key}' in '{group}'; {nearest(key, words)}")
        return words[key]

    def has(self, group: str, name: object) -> bool:
        """Whether there are words for the name."""
        return str(name) in self._groups.get(group, {})

    @property
    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Everything, by group."""
        return self._groups


@cache
def load_labels() -> Labels:
    """The labels, read once. Raises ContentError with file and line for a file that cannot be read, and for
    an enumeration of which a member has no label or a label no member.
    """
    found, document = read_as(FILE, _File, FILE.name)
    problems = []
    for group, members in SHOWN.items():
        words = found.root.get(group, {})
        missing = [member for member in members if member not in words]
        strange = [name for name in words if name not in set(members)]
        if missing:
            problems.append(document.problem((group,), f"there are no words for {', '.join(missing)}"))
        problems += [document.problem((group, name), f"'{name}' is none of {group}") for name in strange]
    if problems:
        raise ContentError(problems)
    return Labels(found.root)

"""The commercial values that copy states: an approval covers them, and a change of one ends it."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from app.blocks.approved import digest
from app.brief.facts import Fact, FactSheet, Role
from app.db.receipts import DraftApproval
from app.db.tables import Draft
from app.release.raw_values import raw_roles
from app.tokens import tokens_in

VOLATILE = frozenset({Role.STOCK})
"""Roles whose values change by themselves; they are checked as constraints, not approved."""


def stated_roles(texts: Iterable[str], facts: FactSheet) -> frozenset[str]:
    """The roles of the facts that the copy states, by token or written out; its tier depends on them."""
    listed = list(texts)
    return frozenset(fact.role.value for fact in _stated(listed, facts).values()) | raw_roles(listed, facts)


def commercial_values(texts: Iterable[str], facts: FactSheet) -> dict[str, str]:
    """For each fact token in `texts` that an approval covers: a hash of what a reader is told.

    Where a value came from and how long it holds are not part of it.
    """
    stated = _stated(texts, facts)
    return {name: _value_hash(fact) for name, fact in stated.items() if fact.role not in VOLATILE}


def shown_values(texts: Iterable[str], facts: FactSheet) -> dict[str, str]:
    """The same values as a reader of the locale sees them: what an approver read."""
    listed = list(texts)
    return {name: facts.render(name) for name in commercial_values(listed, facts)}


def changed_values(draft: Draft, facts: FactSheet) -> list[str]:
    """Tokens whose commercial value is not the one that the copy was last approved with, role by role."""
    latest: dict[str, DraftApproval] = {}
    for approval in draft.receipt.approvers:
        if approval.stands and approval.content_hash == draft.content_hash:
            latest[approval.role] = approval
    return sorted({name for approval in latest.values() for name in changed_since(approval, draft, facts)})


def changed_since(approval: DraftApproval, draft: Draft, facts: FactSheet) -> set[str]:
    """Tokens of the copy whose value is not the one that this approval was given for, or is gone."""
    current = commercial_values(draft.copy_fields.values(), facts)
    stated = {token.name for text in draft.copy_fields.values() for token in tokens_in(text)}
    return {
        name
        for name in current.keys() | (approval.values.keys() & stated)
        if approval.values.get(name) != current.get(name)
    }


def _stated(texts: Iterable[str], facts: FactSheet) -> dict[str, Fact]:
    names = (token.name for text in texts for token in tokens_in(text))
    return {name: facts.facts[name] for name in names if name in facts.facts}


def _value_hash(fact: Fact) -> str:
    """Alike for 20 and 20.00, and for one moment in two time zones."""
    value: object = fact.value
    if isinstance(value, Decimal):
        value = format(value.normalize(), "f")
    elif isinstance(value, dt.datetime):
        value = value.astimezone(dt.UTC).isoformat()
    return digest([fact.kind, fact.role.value, str(value), getattr(fact, "currency", "")])[:16]

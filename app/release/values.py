"""What an approval covers beside the words: the values that they state, and what stands around them.

A change of one ends it (invariant 5). Around the words of a slot stand where its link leads, its picture, its
list of products, for whom it is shown and the market; these are named without a dot, and so by no name of a
fact.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from app.blocks.approved import digest
from app.brief.facts import Fact, FactSheet, Role
from app.db.receipts import DraftApproval
from app.db.tables import Draft
from app.release.raw_values import raw_roles
from app.tokens import tokens_in

VOLATILE = frozenset({Role.STOCK})
"""Roles whose values change by themselves; they are checked as constraints, not approved."""
Surroundings = Mapping[str, str | None]
"""What stands around the words of a slot, by `Around`. None: nothing does; what is missing is not known."""
NO_SLOT: Surroundings = MappingProxyType({})


class Around(StrEnum):
    """What stands around the words of a slot, as far as an approval covers it."""

    LINK = "link"
    IMAGE = "image"
    PRODUCTS = "products"
    CONDITION = "condition"
    MARKET = "market"


SLOT: frozenset[str] = frozenset(Around)


def stated_roles(texts: Iterable[str], facts: FactSheet) -> frozenset[str]:
    """The roles of the facts that the copy states, by token or written out; its tier depends on them."""
    listed = list(texts)
    return frozenset(fact.role.value for fact in _stated(listed, facts).values()) | raw_roles(listed, facts)


def commercial_values(texts: Iterable[str], facts: FactSheet, slot: Surroundings = NO_SLOT) -> dict[str, str]:
    """For each fact token in `texts` that an approval covers, and for all that stands around the texts in the
    slot: a hash of what a reader is told or gets.

    Where a value came from and how long it holds are not part of it.
    """
    stated = _stated(texts, facts)
    values = {name: _value_hash(fact) for name, fact in stated.items() if fact.role not in VOLATILE}
    return values | {name: digest([name, value])[:16] for name, value in _there(slot).items()}


def shown_values(texts: Iterable[str], facts: FactSheet, slot: Surroundings = NO_SLOT) -> dict[str, str]:
    """The same values as a reader of the locale sees them: what an approver read."""
    listed = list(texts)
    return {name: facts.render(name) for name in commercial_values(listed, facts)} | _there(slot)


def changed_values(draft: Draft, facts: FactSheet, slot: Surroundings = NO_SLOT) -> list[str]:
    """What is not as the copy was last approved with, role by role, as `changed_since` has it."""
    latest: dict[str, DraftApproval] = {}
    for approval in draft.receipt.approvers:
        if approval.stands and approval.content_hash == draft.content_hash:
            latest[approval.role] = approval
    found = (changed_since(approval, draft, facts, slot) for approval in latest.values())
    return sorted(set().union(*found))


def changed_since(
    approval: DraftApproval, draft: Draft, facts: FactSheet, slot: Surroundings = NO_SLOT
) -> set[str]:
    """What is not as this approval was given for, or is gone: values by their tokens, things of the slot by
    name.

    Of the slot only what is known is looked at, and nothing for an approval from before it was kept.
    """
    known = slot if keeps_slot(approval) else NO_SLOT
    texts = draft.copy_fields.values()
    current = commercial_values(texts, facts, known)
    stated = {token.name for text in texts for token in tokens_in(text)} | known.keys()
    return {
        name
        for name in current.keys() | (approval.values.keys() & stated)
        if approval.values.get(name) != current.get(name)
    }


def keeps_slot(approval: DraftApproval) -> bool:
    """Whether the approval was given for what stands around the words as well; others are from before that
    was kept.
    """
    return Around.MARKET in approval.values  # every slot has one


def as_approved(approval: DraftApproval, values: Mapping[str, str]) -> bool:
    """Whether commercial values of now are those that the approval was given for."""
    now = values if keeps_slot(approval) else {n: v for n, v in values.items() if n not in SLOT}
    return approval.values == now


def _there(slot: Surroundings) -> dict[str, str]:
    return {str(name): value for name, value in slot.items() if value is not None}


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

"""What contracts ask in the tests of review: five shapes, and their terms as the model knows them."""

import datetime as dt

from app.brand.contract import DecisionContract
from tests.review.model import Terms
from tests.review.room import contract

HOURS, QUESTION_HOURS, BEFORE_SEND = (dt.timedelta(hours=number) for number in (24, 12, 6))
"""How long reviewers have, how long questions hold that up, and how long before sending all ends."""
Shape = dict[str, tuple[tuple[str, ...], int, bool]]
SHAPES: dict[str, Shape] = {
    "one": {"low": (("brand reviewer",), 1, False), "elevated": (("brand reviewer", "legal"), 2, False)},
    "in turn": {
        "low": (("brand reviewer", "legal"), 2, True),
        "elevated": (("legal", "brand reviewer"), 2, True),
    },
    "three": {"low": (("brand reviewer",), 2, False), "elevated": (("brand reviewer", "legal"), 3, False)},
    "four in turn": {
        "low": (("legal",), 1, False),
        "elevated": (("brand reviewer", "legal", "brand owner"), 3, True),
    },
    "owner": {"low": (("brand owner", "performance"), 1, False), "elevated": (("brand owner",), 1, False)},
}
HIGHEST: Shape = {
    "standard": (("brand reviewer", "legal"), 2, True),
    "restricted": (("brand reviewer", "legal", "brand owner"), 3, True),
}


def terms_of(shape: str) -> dict[str, Terms]:
    """What a contract asks, tier by tier."""
    return {tier: Terms(*given) for tier, given in {**HIGHEST, **SHAPES[shape]}.items()}


def contract_of(shape: str) -> DecisionContract:
    """The same as a contract."""
    asked = terms_of(shape)
    review = {
        "tiers": {
            tier: {"people": item.people, "in_turn": item.in_turn, "hours": HOURS.days * 24}
            for tier, item in asked.items()
        },
        "before_send_hours": BEFORE_SEND.seconds // 3600,
        "question_hours": QUESTION_HOURS.seconds // 3600,
    }
    return contract(approvers={tier: list(item.roles) for tier, item in asked.items()}, review=review)


CONTRACTS = {shape: contract_of(shape) for shape in SHAPES}

"""Numbers by which copy counts what it lists itself ("three reasons"), and that state no fact."""

import re

from app.guardrails.supplied import Supplied
from app.guardrails.value_kinds import Value

_MADE_FOR = re.compile(
    r"\b(?:tables?|teas?|dinners?|rooms?|suppers?|lunch|breakfast|brunch|picnic|stay|getaway|night|seat|bath|ride|cosy"
    r"|romantic|made|built|space|enough|meal|feast|recipe) for $"
)
"""What is for two without a count of anything."""
_LISTED = re.compile(
    r"^ (?:[a-z]+ )?(reasons|ways|tips|ideas|things|words|steps|picks|questions|rules"
    r"|tricks|facts|secrets|habits"
    r"|favourites|favorites|looks|lessons|good reasons)\b"
)
_STEP = re.compile(
    r"(?:^|[.!?:] |\b(?:our|the|to|this is|it's|in|for|of) )(?:step|day|week|chapter|part|season|series"
    r"|volume|episode|act|scene|verse|tip|reason|question|rule|round) $"
)
_LONGEST_LIST = 101
_SEASON = re.compile(
    r"\b(?:spring|summer|autumn|winter|fall|year|christmas|dear|hello|goodbye|aw|ss|season|bye|january) ?$"
)
_YEAR_ALONE = re.compile(r"^\|(?: is\b|[,.:!]|$)")


def counts_nothing(value: Value, supplied: Supplied) -> bool:
    """Whether a number belongs to a phrase ("table for two"), counts a list of the copy, or is this year."""
    if value.amount in (1, 2) and _MADE_FOR.search(value.before):
        return True
    counted = _LISTED.match(value.after)
    if counted is not None:
        return value.amount <= _LONGEST_LIST and counted[1] not in supplied.prose
    if _STEP.search(value.before):
        return value.amount <= _LONGEST_LIST
    near = value.amount in (supplied.today.year, supplied.today.year + 1)
    return near and bool(_SEASON.search(value.before) or _YEAR_ALONE.match(value.before + "|" + value.after))

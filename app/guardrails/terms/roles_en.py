"""English wordings around the tokens of facts."""

import re

from app.brief.facts import Role
from app.guardrails.terms.roles import NEVER, Roles, Wording, wording

_OFF = r"-? ?(?:\w+ ){0,1}(?:off|less|discount|saving|savings|reduction|cheaper|lower)\b"
_VAGUE = (
    r"\b(?:up to|at least|over|more than|under|less than|nearly|almost|about|around|as much as"
    r"|from as low as) ?"
)
_UNIT_AFTER = r" (?:each|per|apiece|a pair|a piece)\b"
_LOWERED = (
    r"\b(?:save|saves|saving|savings of|discount of|a discount of|reduced by|cut by|lower by"
    r"|cheaper by)(?: an?)?(?: extra| further| whole)? ?"
)
_PRICE_BEFORE = (
    r"(?:^|[:(,.;\u2013-]|\b(?:for|for only|for just|at|at only|at just|now|now only|now just|is|it's"
    r"|costs?|only|just|pay|priced|price of"
    r"|price is|yours|of|and|to)) ?\"?"
)
_END_BEFORE = (
    r"\b(?:until|till|by|before|through|ends?|ending|ends on|ended on|closes?|closes on|closing|expires?"
    r"|expires on|finish(?:es)?|end on|runs? to|runs? until"
    r"|last day is|valid to|valid until|on or before|offer ends|good until|it until|deadline is|deadline:"
    r"|ends:|until:)(?: the end of)? ?"
)

_WORDINGS: dict[Role, Wording] = {
    Role.DISCOUNT: wording(
        _LOWERED,
        _OFF,
        _VAGUE + r"|\b(?:from|only|just|costs?|priced at|pay|under) ?",
        _UNIT_AFTER + r"| off (?:your )?(?:last|previous|past)\b",
        "{0} off",
    ),
    Role.SAVING: wording(
        _LOWERED + r"|\b(?:keep|knock) ?", _OFF, _VAGUE + r"|\bfrom ?", _UNIT_AFTER, "save {0}"
    ),
    Role.PRICE: wording(
        _PRICE_BEFORE,
        r" (?:each|per|apiece|a pair|a piece|for|buys|gets|is all)\b",
        _VAGUE
        + r"|\b(?:save|saves|saving|savings of|discount of|extra|take|was|instead of|formerly|reduced by"
        r"|from|rrp|cut by) ?",
        r" ?(?:off|less|discount|saving|cheaper|lower)\b",
        "for {0}",
    ),
    Role.WAS_PRICE: wording(
        r"\b(?:was|were|before|instead of|previously|formerly|originally|once|not|rrp|down from|price was"
        r"|used to be)"
        r"(?: priced)?(?: at)?:? ?",
        r" (?:before|originally|previously)\b",
        _VAGUE + r"|\b(?:now|save|only|just) ?",
        r" ?(?:off|less|discount|saving)\b",
        "was {0}",
    ),
    Role.FROM_PRICE: wording(
        r"\b(?:from|from just|from only|starting at|starts at|start at|starting from|prices start at"
        r"|upwards of) ?",
        NEVER,
        r"\b(?:save|down from|up to|was|off) ?|\bdown from ?",
        r" ?(?:off|less|discount|saving)\b",
        "from {0}",
    ),
    Role.ENDS: wording(
        _END_BEFORE,
        r" is (?:the last day|your last chance|when it ends)\b",
        r"\b(?:starts?|opens?|begins?|since|from|save|for only) ?",
        r" ?(?:off|discount)\b",
        "until {0}",
    ),
    Role.STARTS: wording(
        r"\b(?:from|starts?|starting|starts on|begins?|begins on|beginning|opens?|opens on|opening|on"
        r"|since|as of) ?",
        r" is when\b",
        r"\b(?:ends?|ends on|until|till|by|before|closes on|save) ?",
        r" ?(?:off|discount)\b",
        "from {0}",
    ),
    Role.EVENT_DATE: wording(
        r"(?:^|[:(,\u2013-]|\b(?:on|is|for|date|this|you|us|and)) ?",
        r"(?:[,:)]| is\b| at\b)",
        r"\b(?:until|till|by|before|ends?|save|from) ?",
        r" ?(?:off|discount)\b",
        "on {0}",
    ),
    Role.CODE: wording(
        r"\b(?:code|codes|coupon|voucher|promo code|enter|use|apply|quote|type|type in)(?: is)?:? ?[\"'(]?",
        r"[\"']? (?:at checkout|in the basket|in your basket|at the till)\b",
        r"\b(?:save|for only|until|by|was|off) ?",
        r" ?(?:off|each|discount)\b",
        "with code {0}",
    ),
    Role.QUANTITY: wording(
        r".*", r".*", r"[$\u20ac\u00a3] ?|" + _VAGUE, r" ?(?:%|per ?cent\b|off\b|[.!?,;:]|$)", "{0} colours"
    ),
    Role.STOCK: wording(
        r"\b(?:only|just|last|final|with|are|have) ?",
        r" (?:left|in stock|remain|remaining|to go|available|still)\b",
        r"[$\u20ac\u00a3] ?|" + _VAGUE,
        r" ?(?:%|per ?cent\b|off\b)",
        "{0} left",
    ),
}

ROLES = Roles(
    wordings=_WORDINGS,
    name_wrong_before=re.compile(
        r"\b(?:until|till|ends?|ends on|code|was|worth|costs?|for only|for just|save) ?$"
    ),
    name_wrong_after=re.compile(r"^ ?(?:%|off\b|discount\b|per ?cent\b|each\b|apiece\b)|^[a-z]"),
    name_kept=re.compile(r"^ (?:for later|to your|in your)\b"),
    name_example="write about {0}",
    reduced_to=re.compile(r"\b(?:reduced|down|dropped|cut|lowered|slashed) to ?(?:only |just )?$"),
)

"""Which wordings a fact's token fits: a discount is no price, a price no saving, an end is a deadline.

For each role there is what must stand directly before or after the token (one of the two is enough) and what
may not. The words are English; in another language only the rules about the token itself apply.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.brief.facts import FactSheet, Role
from app.guardrails.fold import fold
from app.guardrails.frame import Context
from app.guardrails.matcher import masked
from app.tokens import Token, tokens_in

Fault = tuple[Token, str, str]
_NEVER = r"(?!)"


@dataclass(frozen=True)
class Wording:
    """What fits around the token of one role; `example` is shown as what would pass."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    wrong_before: re.Pattern[str]
    wrong_after: re.Pattern[str]
    example: str

    def fits(self, before: str, after: str) -> bool:
        """Whether the text around a token suits its role."""
        if self.wrong_before.search(before) or self.wrong_after.match(after):
            return False
        return bool(self.before.search(before) or self.after.match(after))


def _wording(before: str, after: str, wrong_before: str, wrong_after: str, example: str) -> Wording:
    return Wording(
        re.compile(rf"(?:{before})$"),
        re.compile(rf"^(?:{after})"),
        re.compile(rf"(?:{wrong_before})$"),
        re.compile(rf"^(?:{wrong_after})"),
        example,
    )


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

WORDINGS: dict[Role, Wording] = {
    Role.DISCOUNT: _wording(
        _LOWERED,
        _OFF,
        _VAGUE + r"|\b(?:from|only|just|costs?|priced at|pay|under) ?",
        _UNIT_AFTER + r"| off (?:your )?(?:last|previous|past)\b",
        "{0} off",
    ),
    Role.SAVING: _wording(
        _LOWERED + r"|\b(?:keep|knock) ?", _OFF, _VAGUE + r"|\bfrom ?", _UNIT_AFTER, "save {0}"
    ),
    Role.PRICE: _wording(
        _PRICE_BEFORE,
        r" (?:each|per|apiece|a pair|a piece|for|buys|gets|is all)\b",
        _VAGUE
        + r"|\b(?:save|saves|saving|savings of|discount of|extra|take|was|instead of|formerly|reduced by"
        r"|from|rrp|cut by) ?",
        r" ?(?:off|less|discount|saving|cheaper|lower)\b",
        "for {0}",
    ),
    Role.WAS_PRICE: _wording(
        r"\b(?:was|were|before|instead of|previously|formerly|originally|once|not|rrp|down from|price was"
        r"|used to be)"
        r"(?: priced)?(?: at)?:? ?",
        r" (?:before|originally|previously)\b",
        _VAGUE + r"|\b(?:now|save|only|just) ?",
        r" ?(?:off|less|discount|saving)\b",
        "was {0}",
    ),
    Role.FROM_PRICE: _wording(
        r"\b(?:from|from just|from only|starting at|starts at|start at|starting from|prices start at"
        r"|upwards of) ?",
        _NEVER,
        r"\b(?:save|down from|up to|was|off) ?|\bdown from ?",
        r" ?(?:off|less|discount|saving)\b",
        "from {0}",
    ),
    Role.ENDS: _wording(
        _END_BEFORE,
        r" is (?:the last day|your last chance|when it ends)\b",
        r"\b(?:starts?|opens?|begins?|since|from|save|for only) ?",
        r" ?(?:off|discount)\b",
        "until {0}",
    ),
    Role.STARTS: _wording(
        r"\b(?:from|starts?|starting|starts on|begins?|begins on|beginning|opens?|opens on|opening|on"
        r"|since|as of) ?",
        r" is when\b",
        r"\b(?:ends?|ends on|until|till|by|before|closes on|save) ?",
        r" ?(?:off|discount)\b",
        "from {0}",
    ),
    Role.EVENT_DATE: _wording(
        r"(?:^|[:(,\u2013-]|\b(?:on|is|for|date|this|you|us|and)) ?",
        r"(?:[,:)]| is\b| at\b)",
        r"\b(?:until|till|by|before|ends?|save|from) ?",
        r" ?(?:off|discount)\b",
        "on {0}",
    ),
    Role.CODE: _wording(
        r"\b(?:code|codes|coupon|voucher|promo code|enter|use|apply|quote|type|type in)(?: is)?:? ?[\"'(]?",
        r"[\"']? (?:at checkout|in the basket|in your basket|at the till)\b",
        r"\b(?:save|for only|until|by|was|off) ?",
        r" ?(?:off|each|discount)\b",
        "with code {0}",
    ),
    Role.QUANTITY: _wording(
        r".*", r".*", r"[$\u20ac\u00a3] ?|" + _VAGUE, r" ?(?:%|per ?cent\b|off\b|[.!?,;:]|$)", "{0} colours"
    ),
    Role.STOCK: _wording(
        r"\b(?:only|just|last|final|with|are|have) ?",
        r" (?:left|in stock|remain|remaining|to go|available|still)\b",
        r"[$\u20ac\u00a3] ?|" + _VAGUE,
        r" ?(?:%|per ?cent\b|off\b)",
        "{0} left",
    ),
}
_NAME_WRONG_BEFORE = re.compile(
    r"\b(?:until|till|ends?|ends on|code|was|worth|costs?|for only|for just|save) ?$"
)
_NAME_WRONG_AFTER = re.compile(r"^ ?(?:%|off\b|discount\b|per ?cent\b|each\b|apiece\b)|^[a-z]")
_NAME_KEPT = re.compile(r"^ (?:for later|to your|in your)\b")
_CLAUSE = re.compile(r"[.!?;\n]")


def _around(text: str, token: Token) -> tuple[str, str]:
    """The clause before and after a token, folded, other tokens masked."""
    before = masked(fold(text[max(0, token.start - 80) : token.start]).text)
    after = masked(fold(text[token.end : token.end + 60]).text)
    return _CLAUSE.split(before)[-1], after


def _role_fault(text: str, token: Token, sheet: FactSheet) -> tuple[str, str] | None:
    fact = sheet.facts[token.name]
    before, after = _around(text, token)
    shown = "{" + token.name + "}"
    if fact.role is Role.LINK:
        return f"{shown} is a link and stands in a sentence", "put the link on the button"
    if fact.role in (Role.PRODUCT, Role.NAME):
        kept = _NAME_KEPT.match(after)
        if (_NAME_WRONG_BEFORE.search(before) and not kept) or _NAME_WRONG_AFTER.match(after):
            return f"{shown} is a name and stands where a value belongs", f"write about {shown}"
        return None
    wording = WORDINGS[fact.role]
    if wording.fits(before.lstrip() if before.strip() else "", after):
        return None
    role = fact.role.value.replace("_", " ")
    return f"{shown} is a {role} and does not read as one here", f"write '{wording.example.format(shown)}'"


def _reductions(text: str, token: Token, sheet: FactSheet) -> tuple[str, str] | None:
    """A price may be called reduced only when the former price is among the facts."""
    if sheet.facts[token.name].role is not Role.PRICE:
        return None
    before, _ = _around(text, token)
    lowered = re.search(r"\b(?:reduced|down|dropped|cut|lowered|slashed) to ?(?:only |just )?$", before)
    if lowered and not any(fact.role is Role.WAS_PRICE for fact in sheet.facts.values()):
        return "the price is called reduced and no former price is given", "write 'for {" + token.name + "}'"
    return None


def token_faults(text: str, context: Context) -> Iterator[Fault]:
    """Fact tokens that repeat, that the sheet does not give at this time, or that stand in a wrong role."""
    tokens = tokens_in(text)
    counts = Counter(token.name for token in tokens)
    seen: set[str] = set()
    for token in tokens:
        if token.name in seen:
            yield token, "{" + token.name + "} stands here " + f"{counts[token.name]} times", "use it once"
            continue
        seen.add(token.name)
        if token.is_variable or context.facts is None:
            continue
        shown = "{" + token.name + "}"
        fact = context.facts.facts.get(token.name)
        if fact is None:
            yield token, f"{shown}: the fact sheet has no such fact", "use a fact that the brief gives"
            continue
        if not fact.valid_at(context.as_of):
            yield (
                token,
                f"{shown} is not valid at {context.as_of:%Y-%m-%d %H:%M}",
                "use a fact that holds then",
            )
        if context.language == "en":
            fault = _role_fault(text, token, context.facts) or _reductions(text, token, context.facts)
            if fault is not None:
                yield token, *fault

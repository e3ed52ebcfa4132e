"""Which wordings a fact's token fits: a discount is no price, a price no saving, an end is a deadline.

The wordings are those of the copy's language; where there are none, only the rules about the token itself
apply, and `values` does not pass the copy.
"""

import re
from collections import Counter
from collections.abc import Iterator

from app.brief.facts import FactSheet, Role
from app.guardrails.fold import fold
from app.guardrails.frame import Context
from app.guardrails.matcher import masked
from app.guardrails.terms import roles_de, roles_en, roles_fr
from app.guardrails.terms.roles import Roles
from app.tokens import Token, tokens_in

Fault = tuple[Token, str, str]
ROLES = {"en": roles_en.ROLES, "de": roles_de.ROLES, "fr": roles_fr.ROLES}
_CLAUSE = re.compile(r"[.!?;\n]")


def _around(text: str, token: Token) -> tuple[str, str]:
    """The clause before and after a token, folded, other tokens masked."""
    before = masked(fold(text[max(0, token.start - 80) : token.start]).text)
    after = masked(fold(text[token.end : token.end + 60]).text)
    return _CLAUSE.split(before)[-1], after


def _role_fault(text: str, token: Token, sheet: FactSheet, roles: Roles) -> tuple[str, str] | None:
    fact = sheet.facts[token.name]
    before, after = _around(text, token)
    shown = "{" + token.name + "}"
    if fact.role is Role.LINK:
        return f"{shown} is a link and stands in a sentence", "put the link on the button"
    if fact.role in (Role.PRODUCT, Role.NAME):
        kept = roles.name_kept.match(after)
        if (roles.name_wrong_before.search(before) and not kept) or roles.name_wrong_after.match(after):
            return f"{shown} is a name and stands where a value belongs", roles.name_example.format(shown)
        return None
    wording = roles.wordings[fact.role]
    if wording.fits(before.lstrip() if before.strip() else "", after):
        return None
    role = fact.role.value.replace("_", " ")
    return f"{shown} is a {role} and does not read as one here", f"write '{wording.example.format(shown)}'"


def _reductions(text: str, token: Token, sheet: FactSheet, roles: Roles) -> tuple[str, str] | None:
    """A price may be called reduced only when the former price is among the facts."""
    if sheet.facts[token.name].role is not Role.PRICE:
        return None
    before, _ = _around(text, token)
    if roles.reduced_to.search(before) and not any(
        fact.role is Role.WAS_PRICE for fact in sheet.facts.values()
    ):
        shown = "{" + token.name + "}"
        example = roles.wordings[Role.PRICE].example.format(shown)
        return "the price is called reduced and no former price is given", f"write '{example}'"
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
        roles = ROLES.get(context.language)
        if roles is not None:
            fault = _role_fault(text, token, context.facts, roles)
            fault = fault or _reductions(text, token, context.facts, roles)
            if fault is not None:
                yield token, *fault

"""What a brand changes of the rules of its packs: declared in claims.yaml, with reason and owner."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.brand.markets import missing
from app.brand.models import ClaimRule
from app.brand.packs import Pack
from app.brand.scope import Override, Scope
from app.errors import Problem
from app.yaml12 import Document, nearest

_LISTS = ("fields", "kinds", "locales", "journeys")


def overridden(rules: Iterable[ClaimRule], overrides: Sequence[Override]) -> tuple[ClaimRule, ...]:
    """The rules of the packs as the brand has them."""
    changes = {item.rule: item for item in overrides}
    return tuple(_changed(rule, changes[rule.id]) if rule.id in changes else rule for rule in rules)


def _changed(rule: ClaimRule, change: Override) -> ClaimRule:
    given: dict[str, object] = {"exceptions": (*rule.exceptions, *change.exceptions)}
    if change.severity is not None:
        given["severity"] = change.severity
    said = {name: value for name in Scope.model_fields if (value := getattr(change.scope, name))}
    return rule.model_copy(update={**given, "scope": rule.scope.model_copy(update=said)})


def override_problems(
    document: Document, overrides: Sequence[Override], packs: Mapping[str, Pack], own: Iterable[ClaimRule]
) -> Iterator[Problem]:
    """Overrides of rules that no pack of the brand has, that are given twice, or that widen a rule."""
    rules = {rule.id: rule for pack in packs.values() for rule in pack.rules}
    mine = {rule.id for rule in own}
    seen: set[str] = set()
    for index, item in enumerate(overrides):
        at = ("overrides", index, "rule")
        if item.rule in seen:
            yield document.problem(at, f"'{item.rule}' is changed twice", "one entry for each rule")
        seen.add(item.rule)
        if item.rule in rules:
            yield from _wider(document, index, item, rules[item.rule])
        elif item.rule in mine:
            yield document.problem(at, f"'{item.rule}' is a rule of this file", "change the rule itself")
        else:
            message = f"no pack of the brand has a rule '{item.rule}'"
            yield document.problem(at, message, nearest(item.rule, rules))


def _wider(document: Document, index: int, item: Override, rule: ClaimRule) -> Iterator[Problem]:
    at = ("overrides", index, "scope")
    for name in _LISTS:
        has = getattr(rule.scope, name)
        for number, value in enumerate(getattr(item.scope, name)):
            if has and value not in has:
                message = f"rule '{rule.id}' does not look there, and an override does not widen it"
                yield document.problem((*at, name, number), message, nearest(value, has))
    beyond = sorted(missing(item.scope.markets, rule.scope.markets))
    if beyond:
        message = f"rule '{rule.id}' does not hold in {', '.join(beyond)}, and an override does not widen it"
        yield document.problem((*at, "markets"), message, f"a part of {', '.join(rule.scope.markets)}")
    if item.severity is rule.severity and not item.exceptions and not any(dict(item.scope).values()):
        message = f"rule '{rule.id}' has the severity '{rule.severity}' already"
        yield document.problem(("overrides", index, "severity"), message, "leave the override out")

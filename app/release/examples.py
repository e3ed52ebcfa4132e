"""A brand's rules against their own examples: each catches what it must, and leaves the rest alone."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from app.brand.brand import Brand
from app.brand.loader import PACKS
from app.brand.models import ClaimRule, NeverInferRule
from app.brief.facts import FactSheet
from app.errors import Problem
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Matcher
from app.guardrails.registry import GUARDRAILS
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.verdicts.reports import GuardReport, Severity, Verdict
from app.yaml12 import Document, nearest, read

RuleT = TypeVar("RuleT", ClaimRule, NeverInferRule)
MUST_PASS = frozenset({"banned_claims", "never_infer", "voice"})
"""Guardrails that a good example of the voice may not offend."""


def example_problems(brand: Brand, as_of: dt.datetime) -> list[Problem]:
    """Every example in the brand's files, and in the packs it extends, that its rule gets wrong."""
    root = brand.folder.parent
    files = [root / PACKS / f"{pack}.yaml" for pack in brand.identity.packs] + [brand.folder / "claims.yaml"]
    matcher = Matcher(brand.claims)
    rules = {rule.id: rule for rule in brand.claims}
    problems: list[Problem] = []
    for file in files:
        document = read(file, str(file.relative_to(root.parent)))
        problems += _rule_examples(document, rules, matcher)
    never = read(brand.folder / "never_infer.yaml", f"{root.name}/{brand.id}/never_infer.yaml")
    traits = {rule.id: rule for rule in brand.never_infer}
    problems += _rule_examples(never, traits, Matcher(brand.never_infer))
    return problems + list(_voice_examples(brand, as_of))


def _rule_examples(
    document: Document, rules: Mapping[str, RuleT], matcher: Matcher[RuleT]
) -> Iterator[Problem]:
    for index, item in enumerate(document.data["rules"]):
        rule = rules[item["id"]]
        for must_fail, name in ((True, "fails"), (False, "passes")):
            for number, text in enumerate(getattr(rule, name)):
                caught = {hit.rule.id for hit in matcher.hits(Piece(text).shadows)}
                if (rule.id in caught) is must_fail:
                    continue
                at = ("rules", index, name, number)
                if must_fail:
                    others = f"; it is caught by {', '.join(sorted(caught))}" if caught else ""
                    message = f"rule '{rule.id}' does not catch its own example '{text}'{others}"
                    yield document.problem(at, message, "widen the rule, or move the example")
                else:
                    message = f"rule '{rule.id}' catches '{text}', which must pass"
                    yield document.problem(at, message, "narrow the rule, or add an exception")


def _voice_examples(brand: Brand, as_of: dt.datetime) -> Iterator[Problem]:
    """A bad line must be refused by the rule it names, a good one must pass, in one locale of the brand."""
    document = read(brand.folder / "voice.yaml", f"{brand.folder.parent.name}/{brand.id}/voice.yaml")
    rulebook = RuleBook.of(brand)
    contexts = [
        Context(rulebook, locale, as_of, facts=FactSheet(locale=locale)) for locale in brand.identity.locales
    ]
    known = [guardrail.id for guardrail in GUARDRAILS]
    known += [rule.id for rule in brand.claims]
    for number, bad in enumerate(brand.voice.examples.bad):
        at = ("examples", "bad", number)
        if bad.rule not in known:
            yield document.problem((*at, "rule"), f"unknown rule '{bad.rule}'", nearest(bad.rule, known))
        elif not any(_refuses(bad.rule, judge(Piece(bad.text), context)) for context in contexts):
            message = f"'{bad.text}' is not refused by '{bad.rule}'"
            yield document.problem((*at, "text"), message, "another example, or a stricter rule")
    chosen = [guardrail for guardrail in GUARDRAILS if guardrail.id in MUST_PASS]
    for number, good in enumerate(brand.voice.examples.good):
        reasons = [_against(good, context, chosen) for context in contexts]
        if all(reasons):
            words = "; ".join(reasons[0])
            yield document.problem(("examples", "good", number), f"a good example is refused: {words}")


def _refuses(rule: str, report: GuardReport) -> bool:
    named = any(item.rule == rule and item.severity is Severity.BLOCK for item in report.findings)
    return named or any(item.rule == rule and item.verdict is Verdict.FAIL for item in report.results)


def _against(text: str, context: Context, guardrails: Sequence[Guardrail]) -> tuple[str, ...]:
    """Why the chosen guardrails do not pass the text; empty when they all do."""
    results = judge(Piece(text), context, guardrails).results
    report = GuardReport(required=tuple(item.id for item in guardrails), results=results)
    return report.reasons

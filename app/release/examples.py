"""A brand's rules against their own examples: each catches what it must, and leaves the rest alone."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from app.brand.brand import Brand
from app.brand.models import ClaimRule, NeverInferRule, VoiceGuide, holds
from app.brand.overlays import Layer
from app.brand.packs import pack_files, read_pack
from app.brand.views import Overlay, read_overlays
from app.brief.facts import FactSheet
from app.errors import Problem
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Hit, Matcher
from app.guardrails.registry import GUARDRAILS
from app.guardrails.rule_scope import stands
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.verdicts.reports import GuardReport, Severity, Verdict
from app.yaml12 import Document, nearest, read

RuleT = TypeVar("RuleT", ClaimRule, NeverInferRule)
MUST_PASS = frozenset({"banned_claims", "never_infer", "voice"})
"""Guardrails that a good example of the voice may not offend."""


def example_problems(brand: Brand, as_of: dt.datetime) -> list[Problem]:
    """Every example in the brand's files, overlays included, and in its packs that its rule gets wrong."""
    shown = f"{brand.folder.parent.name}/{brand.id}"
    overlays = read_overlays(brand.folder, shown, brand.identity.locales, [])
    problems = [*_pack_examples(brand)]
    matcher, traits = Matcher(brand.claims), Matcher(brand.never_infer)
    own = read(brand.folder / "claims.yaml", f"{shown}/claims.yaml")
    problems += _rule_examples(own, matcher)
    problems += _rule_examples(read(brand.folder / "never_infer.yaml", f"{shown}/never_infer.yaml"), traits)
    for overlay in overlays:
        view = brand.views[overlay.view]
        if "claims.yaml" in overlay.documents:
            problems += _rule_examples(overlay.documents["claims.yaml"], Matcher(view.claims))
        if "never_infer.yaml" in overlay.documents:
            problems += _rule_examples(overlay.documents["never_infer.yaml"], Matcher(view.never_infer))
    return problems + list(_voice_examples(brand, shown, overlays, as_of))


def _pack_examples(brand: Brand) -> Iterator[Problem]:
    """The examples of each file of each pack that the brand or one of its overlays names.

    The rules are taken as the packs have them: what the brand changes of them is its own affair.
    """
    packs = {pack.id: pack for view in brand.everywhere for pack in view.packs}
    matcher = Matcher(tuple(rule for pack in packs.values() for rule in pack.rules))
    for pack in packs.values():
        known = {rule.id: rule for rule in pack.rules}
        for path in pack_files(brand.folder.parent, pack.id):
            document = read_pack(brand.folder.parent, path)
            rules = [known[item["id"]] for item in document.data["rules"]]
            yield from _rule_examples(document, matcher, rules)


def _rule_examples(
    document: Document, matcher: Matcher[RuleT], rules: Sequence[RuleT] | None = None
) -> Iterator[Problem]:
    """The examples of the rules in one file; where `rules` is not given, they are the matcher's last ones."""
    count = len(document.data["rules"])
    for index, rule in enumerate(matcher.rules[-count:] if rules is None else rules):
        for must_fail, name in ((True, "fails"), (False, "passes")):
            for number, text in enumerate(getattr(rule, name)):
                hits = _found(matcher, Piece(text))
                if any(hit.rule is rule for hit in hits) is must_fail:
                    continue
                at = ("rules", index, name, number)
                if must_fail:
                    caught = sorted({hit.rule.id for hit in hits})
                    others = f"; it is caught by {', '.join(caught)}" if caught else ""
                    message = f"rule '{rule.id}' does not catch its own example '{text}'{others}"
                    yield document.problem(at, message, "widen the rule, or move the example")
                else:
                    message = f"rule '{rule.id}' catches '{text}', which must pass"
                    yield document.problem(at, message, "narrow the rule, or add an exception")


def _found(matcher: Matcher[RuleT], piece: Piece) -> list[Hit[RuleT]]:
    """What the rules find, without claims that have beside them what their rule wants there."""
    return [hit for hit in matcher.hits(piece.shadows) if not _stands(hit.rule, piece, hit.span)]


def _stands(rule: ClaimRule | NeverInferRule, piece: Piece, span: tuple[int, int]) -> bool:
    return isinstance(rule, ClaimRule) and stands(rule, piece, span)


def _voice_examples(
    brand: Brand, shown: str, overlays: Sequence[Overlay], as_of: dt.datetime
) -> Iterator[Problem]:
    """The examples of each voice file, in the locales in which they are the ones that hold."""
    rulebook = RuleBook.of(brand)
    document = read(brand.folder / "voice.yaml", f"{shown}/voice.yaml")
    yield from _voice_file(document, brand, [*_contexts(rulebook, brand.identity.locales, as_of)])
    for overlay in overlays:
        if "voice.yaml" in overlay.documents:
            view = brand.views[overlay.view]
            places = _contexts(rulebook, _locales(brand, overlay), as_of, overlay)
            yield from _voice_file(overlay.documents["voice.yaml"], view, [*places])


def _locales(brand: Brand, overlay: Overlay) -> Sequence[str]:
    """The brand's locales that an overlay is for; a market that none of them names is for all."""
    named = [locale for locale in brand.identity.locales if overlay.name in locale.split("-")]
    return named or brand.identity.locales


def _contexts(
    rulebook: RuleBook, locales: Sequence[str], as_of: dt.datetime, overlay: Overlay | None = None
) -> Iterator[Context]:
    market = overlay.name if overlay is not None and overlay.layer is Layer.MARKET else None
    for locale in locales:
        rules = rulebook.localised(locale, market)
        yield Context(rules, locale, as_of, market=market, facts=FactSheet(locale=locale))


def _voice_file(document: Document, brand: Brand, contexts: Sequence[Context]) -> Iterator[Problem]:
    """A bad line must be refused by the rule it names, a good one must pass, in one of the places."""
    given = document.data.get("examples", {})
    if "bad" in given:
        bad = brand.voice.examples.bad
        yield from _bad(document, brand, [c for c in contexts if _voice(c).examples.bad == bad])
    if "good" in given:
        good = brand.voice.examples.good
        yield from _good(document, brand, [c for c in contexts if _voice(c).examples.good == good])


def _voice(context: Context) -> VoiceGuide:
    brand = context.rulebook.brand
    if brand is None:
        raise TypeError("the context has no brand")
    return brand.voice


def _bad(document: Document, brand: Brand, contexts: Sequence[Context]) -> Iterator[Problem]:
    known = [guardrail.id for guardrail in GUARDRAILS]
    known += [rule.id for rule in brand.claims]
    for number, bad in enumerate(brand.voice.examples.bad):
        at = ("examples", "bad", number)
        if bad.rule not in known:
            yield document.problem((*at, "rule"), f"unknown rule '{bad.rule}'", nearest(bad.rule, known))
        elif contexts and not any(
            _refuses(bad.rule, judge(Piece(bad.text), _begun(c, bad.rule))) for c in contexts
        ):
            message = f"'{bad.text}' is not refused by '{bad.rule}'"
            yield document.problem((*at, "text"), message, "another example, or a stricter rule")


def _begun(context: Context, rule_id: str) -> Context:
    """The context on the first day on which the rule holds, where that is still to come."""
    rules = context.rulebook.claims.rules
    day = next((rule.effective_from for rule in rules if rule.id == rule_id), None)
    if holds(day, context.as_of) or day is None:
        return context
    return replace(context, as_of=dt.datetime.combine(day, dt.time(), context.as_of.tzinfo))


def _good(document: Document, brand: Brand, contexts: Sequence[Context]) -> Iterator[Problem]:
    chosen = [guardrail for guardrail in GUARDRAILS if guardrail.id in MUST_PASS]
    for number, good in enumerate(brand.voice.examples.good):
        reasons = [_against(good, context, chosen) for context in contexts]
        if reasons and all(reasons):
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

"""Findings in words: which rule, where it comes from, and where in the text it points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.guardrails.registry import GUARDRAILS, ON_REQUEST
from app.verdicts.reports import Family, Finding, GuardReport, Severity
from app.web.draft_page.marking import Piece, Span, ValueOf, pieces_of

_BY_ID = {guardrail.id: guardrail for guardrail in (*GUARDRAILS, *ON_REQUEST)}
_ORDER = (Severity.BLOCK, Severity.WARN, Severity.INFO)


@dataclass(frozen=True)
class Rule:
    """Where a rule comes from. `place` is a name of the group `rule_place`; `title` names the pack."""

    id: str
    place: str
    title: str
    source: str


@dataclass(frozen=True)
class FindingView:
    """One finding as the page lists it; `number` stands in the text where it points."""

    number: int
    field: str
    quote: str
    severity: Severity
    family: Family
    message: str
    passes: str
    rule: Rule
    source: Finding
    key: str
    """As forms name it."""


@dataclass(frozen=True)
class FieldView:
    """One field with its findings marked."""

    name: str
    label: str
    pieces: tuple[Piece, ...]
    findings: tuple[FindingView, ...]


def fields_of(
    kind: str, copy: Mapping[str, str], report: GuardReport, brand: Brand, value_of: ValueOf
) -> tuple[FieldView, ...]:
    """Every field of the copy, in the order in which readers meet them, with numbered findings."""
    specs = KINDS[kind].schema.specs()
    views: list[FieldView] = []
    count = 0
    for name, text in copy.items():
        found = sorted(
            (item for item in report.findings if item.field == name),
            key=lambda item: (item.start, _ORDER.index(item.severity)),
        )
        numbered = list(enumerate(found, count + 1))
        count += len(found)
        views.append(
            FieldView(
                name=name,
                label=specs[name].label if name in specs else name,
                pieces=pieces_of(text, _spans(numbered), value_of),
                findings=tuple(_view(number, item, text, brand) for number, item in numbered),
            )
        )
    return tuple(views)


def elsewhere(copy: Mapping[str, str], report: GuardReport, brand: Brand) -> tuple[FindingView, ...]:
    """Findings about no field of the copy."""
    found = [item for item in report.findings if item.field not in copy]
    first = len(report.findings) - len(found) + 1
    return tuple(_view(number, item, "", brand) for number, item in enumerate(found, first))


def key_of(finding: Finding) -> str:
    """What names a finding of a draft in forms."""
    return f"{finding.rule}/{finding.category}/{finding.field}/{finding.start}-{finding.end}"


def rule_of(rule_id: str, brand: Brand) -> Rule:
    """Where the rule comes from: a pack, the brand's own files, or Copydesk."""
    for pack in brand.packs:
        for rule in pack.rules:
            if rule.id == rule_id:
                return Rule(rule_id, "pack", pack.head.title, rule.source)
    own = next((rule for rule in brand.claims if rule.id == rule_id), None)
    if own is not None:
        return Rule(rule_id, "brand", brand.identity.name, own.source)
    guardrail = _BY_ID.get(rule_id)
    return Rule(
        rule_id, "engine", guardrail.summary if guardrail else "", guardrail.source if guardrail else ""
    )


def _spans(numbered: Sequence[tuple[int, Finding]]) -> list[Span]:
    return [Span(number, item.start, item.end, item.severity) for number, item in numbered]


def _view(number: int, item: Finding, text: str, brand: Brand) -> FindingView:
    return FindingView(
        number=number,
        field=item.field,
        quote=text[item.start : item.end],
        severity=item.severity,
        family=item.family,
        message=item.message,
        passes=item.suggestion,
        rule=rule_of(item.rule, brand),
        source=item,
        key=key_of(item),
    )

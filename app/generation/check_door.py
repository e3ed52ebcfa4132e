"""The check door: `copydesk check`. Any copy in, one verdict a line out.

JSON Lines in, JSON Lines out, in the same order, one line at a time, so that memory stays bounded. A line
that cannot be read is an `error` verdict for that line, and the rest goes on.
"""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from app.brand.brand import Brand
from app.brand.consents import lacks
from app.brand.markets import market_of
from app.brief.facts import FactSheet
from app.brief.plain_facts import PlainExtras, fact_sheet_from_plain
from app.brief.plain_readers import full_locale
from app.errors import ContentError, CopydeskError, UsageError
from app.generation.check_lines import FIELDS, MAX_LINE, bounded_lines, id_of, parse, text_of
from app.generation.judging import Asking
from app.guardrails.frame import TRANSACTIONAL, Context, Guardrail, Piece
from app.guardrails.registry import GUARDRAILS, ON_REQUEST
from app.guardrails.rule_scope import in_force
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import GROUNDING, add_judgement, judge
from app.verdicts.reports import Family, Finding, GuardReport, Severity, Verdict
from app.yaml12 import nearest

CATEGORIES = (
    "health_claim",
    "earnings_claim",
    "guarantee",
    "superlative_unsubstantiated",
    "false_scarcity",
    "price_discount_ungrounded",
    "free_without_terms",
    "deceptive_subject",
    "green_claim",
    "testimonial_fabricated",
    "sensitive_inference",
    "unapproved_variable",
    "pii_leak",
    "url_not_allowed",
    "ungrounded_number",
    "competitor_disparagement",
    "shouting_spam",
    "prompt_leak",
    "wrong_language",
    "injection_markup",
    "ungrounded_statement",
)
"""The categories that the door knows, whoever checks them."""
BY_RULES = "banned_claims"
"""The guardrail whose categories are those of the claim rules that are active for the copy."""
BY_TRAITS = "never_infer"
INPUT = "input"
_LOCALE = re.compile(r"[a-z]{2}-[A-Z]{2}\Z")
_MARKET = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True)
class CheckResult:
    """The answer for one line; `text` is kept for the text format only."""

    id: object
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[str, ...] = ()
    text: str = ""
    field: str = ""
    line: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The line of the contract."""
        keys = ("rule", "category", "family", "severity", "start", "end", "message", "suggestion")
        shown = [item.model_dump(mode="json") for item in self.findings]
        return {
            "id": self.id,
            "verdict": self.verdict.value,
            "findings": [{key: item[key] for key in keys} for item in shown],
            "unchecked": list(self.unchecked),
        }

    def as_json(self) -> str:
        """The line as JSON; characters that no encoding has are escaped."""
        line = json.dumps(self.as_dict(), ensure_ascii=False)
        return line if _encodes(line) else json.dumps(self.as_dict())


def _encodes(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@dataclass
class Tally:
    """How many lines got which verdict, and the exit status that follows from it."""

    counts: dict[Verdict, int] = field(default_factory=dict)

    def add(self, result: CheckResult) -> None:
        """Count one line."""
        self.counts[result.verdict] = self.counts.get(result.verdict, 0) + 1

    @property
    def status(self) -> int:
        """0 when every line passed, 1 when any did not."""
        return int(any(verdict is not Verdict.PASS for verdict in self.counts))


def _words(error: CopydeskError) -> tuple[str, str]:
    """What was wrong and what would be right, each in one line."""
    if isinstance(error, ContentError):
        return "; ".join(str(problem) for problem in error.problems), ""
    return error.message, error.hint


def refused(number: int, message: str, suggestion: str = "", item: object = None) -> CheckResult:
    """The `error` verdict of a line that cannot be judged."""
    finding = Finding(
        rule=INPUT,
        category="unreadable",
        family=Family.FACT,
        severity=Severity.BLOCK,
        field="",
        start=0,
        end=0,
        message=message,
        suggestion=suggestion,
    )
    return CheckResult(item, Verdict.ERROR, (finding,), (GROUNDING, *CATEGORIES), line=number)


def written_locale(brand: Brand, wanted: str | None) -> str:
    """The locale that lines without one are in: the brand's first, or `wanted`, which it has to write.

    A language alone is the first of the brand's locales in it.
    """
    known = brand.identity.locales
    if wanted is None:
        return known[0]
    found = [locale for locale in known if wanted in (locale, locale.split("-")[0])]
    if not found:
        raise UsageError(f"brand '{brand.id}' does not write '{wanted}'", f"known: {', '.join(known)}")
    return found[0]


class CheckDoor:
    """Judges lines of copy for one brand, or by packs alone; `asking` gives a model's second opinion."""

    def __init__(
        self,
        rulebook: RuleBook,
        locale: str,
        market: str | None,
        as_of: dt.datetime,
        *,
        asking: Asking | None = None,
    ) -> None:
        self.asking = asking
        self.rulebook = rulebook
        self.locale = self._known_locale(locale)
        self.market = self._known_market(market)
        self.as_of = as_of

    @staticmethod
    def _known_locale(locale: str) -> str:
        full = full_locale(locale)
        if not _LOCALE.match(full):
            raise UsageError(f"'{locale}' is no locale", "such as en-US")
        return full

    @staticmethod
    def _known_market(market: str | None) -> str | None:
        if market is not None and not _MARKET.match(market):
            raise UsageError(f"'{market}' is no market", "two capital letters, such as US")
        return market

    def check(self, line: str, number: int = 0) -> CheckResult:
        """Judge one line of JSON. Never raises for what the line holds."""
        try:
            return self._judge(parse(line), number)
        except CopydeskError as error:
            return refused(number, *_words(error), item=id_of(line))

    def check_item(self, data: dict[str, Any]) -> CheckResult:
        """Judge one item that was read already. Never raises for what the item holds."""
        try:
            return self._judge(data, 0)
        except CopydeskError as error:
            return refused(0, *_words(error), item=data.get("id"))

    def check_items(self, items: Sequence[dict[str, Any]]) -> list[CheckResult]:
        """Judge items that were read already; a model that judges too is asked about all of them at once."""
        if self.asking is None:
            return [self.check_item(item) for item in items]
        alone = CheckDoor(self.rulebook, self.locale, self.market, self.as_of)
        passing = [result for item in items if (result := alone.check_item(item)).verdict is Verdict.PASS]
        answers = self.asking([result.text for result in passing])
        door = CheckDoor(self.rulebook, self.locale, self.market, self.as_of, asking=lambda _: answers)
        return [door.check_item(item) for item in items]

    def check_stream(self, stream: BinaryIO) -> Iterator[CheckResult]:
        """Judge a stream line by line, in order; empty lines are left out."""
        for number, raw in enumerate(bounded_lines(stream), start=1):
            if raw is None:
                yield refused(number, f"the line is longer than {MAX_LINE} bytes")
                continue
            if not raw.strip():
                continue
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                yield refused(number, f"the line is not UTF-8: {error.reason}")
                continue
            yield self.check(line, number)

    def _judge(self, data: dict[str, Any], number: int) -> CheckResult:
        text = text_of(data, "text", None)
        if text is None:
            raise UsageError("'text' is missing")
        name = text_of(data, "field", "body") or "body"
        if name not in FIELDS:
            raise UsageError(f"'{name}' is no field", nearest(name, FIELDS))
        context = self._context(data, self._known_segment(text_of(data, "segment", None)))
        piece = Piece(text=text, field=name)
        report = judge(piece, context)
        if self.asking is not None and report.verdict is Verdict.PASS:
            report = add_judgement(report, [piece], replace(context, judgements=self.asking([text])))
        findings = (*report.findings, *_silent(report))
        unchecked = (*report.unchecked, *uncovered(context, report))
        return CheckResult(data.get("id"), report.verdict, findings, unchecked, text, name, number)

    def _known_segment(self, segment: str | None) -> str | None:
        brand = self.rulebook.brand
        if segment is None or brand is None:
            return segment
        known = {*brand.segments, *(alias for item in brand.segments.values() for alias in item.aliases)}
        if segment not in known:
            raise UsageError(f"unknown segment '{segment}'", nearest(segment, known))
        return segment

    def _withheld(self, segment: str | None) -> dict[str, str]:
        """Variables that lack the segment's consent; none are known without a brand or a segment."""
        brand = self.rulebook.brand
        if segment is None or brand is None:
            return {}
        return {name: lacks(segment, {name: consent}) for name, consent in brand.withheld(segment).items()}

    def _context(self, data: dict[str, Any], segment: str | None) -> Context:
        locale = self._known_locale(text_of(data, "locale", self.locale) or self.locale)
        market = self._known_market(text_of(data, "market", self.market))
        sheet, extras = _facts(data.get("facts"), locale, self.as_of)
        if data.get("locale") is None and extras.locale is not None:
            locale = self._known_locale(extras.locale)
        allowed = {
            *extras.allowed_vars,
            *(f"person.{name}" for name in extras.allowed_vars if "." not in name),
        }
        return Context(
            rulebook=self.rulebook.localised(locale, market),
            locale=locale,
            as_of=extras.send_date or self.as_of,
            market=market,
            journey=TRANSACTIONAL if extras.message_type == TRANSACTIONAL else None,
            facts=sheet,
            tokens_only=False,
            allowed_tokens=frozenset(allowed),
            withheld=self._withheld(segment),
            names=frozenset(extras.names),
            competitors=frozenset(extras.competitors),
            extras=extras,
        )


def _facts(plain: object, locale: str, near: dt.datetime) -> tuple[FactSheet | None, PlainExtras]:
    if plain is None:
        return None, PlainExtras()
    if not isinstance(plain, dict):
        raise UsageError(
            "'facts' must be an object", "leave it out when nothing is known, {} when there are none"
        )
    return fact_sheet_from_plain(plain, locale, near)


def _silent(report: GuardReport) -> Iterator[Finding]:
    """One note for each rule that gave no answer, so that a reader sees why the line does not pass."""
    families = {guardrail.id: guardrail for guardrail in (*GUARDRAILS, *ON_REQUEST)}
    for result in report.results:
        guardrail = families.get(result.rule)
        if result.verdict in (Verdict.ERROR, Verdict.NOT_RUN) and guardrail is not None:
            yield Finding(
                rule=result.rule,
                category=guardrail.categories[0],
                family=guardrail.family,
                severity=Severity.INFO,
                field="",
                start=0,
                end=0,
                message=f"this rule gave no answer: {result.detail}",
            )


def _covered(guardrail: Guardrail, context: Context) -> Iterable[str]:
    if guardrail.id == BY_TRAITS and not context.rulebook.never_infer.rules:
        return ()
    if guardrail.id != BY_RULES:
        return guardrail.categories
    market, day = market_of(context.market, context.locale), context.as_of.date()
    return {
        rule.category
        for rule in context.rulebook.claims.rules
        if context.language in rule.languages and in_force(rule, market, day)
    }


def uncovered(context: Context, report: GuardReport) -> tuple[str, ...]:
    """Known categories that nothing judged: no guardrail, no active claim rule, or no answer."""
    ran = {result.rule for result in report.results if result.verdict in (Verdict.PASS, Verdict.FAIL)}
    judged = {
        category
        for guardrail in GUARDRAILS
        if guardrail.id in ran
        for category in _covered(guardrail, context)
    }
    return tuple(category for category in CATEGORIES if category not in judged)


def format_text(result: CheckResult) -> str:
    """One result for people: the verdict, the copy, and below it each finding with the words it points at."""
    name = result.id if result.id is not None else f"line {result.line}"
    rows = [f"{result.verdict.value.upper():8} {name}  {_visible(result.text)}".rstrip()]
    for item in result.findings:
        words = f" '{_visible(result.text[item.start : item.end])}'" if item.end > item.start else ""
        rows.append(
            f"  {item.severity.value:5} {item.category} ({item.rule}){words}: {_visible(item.message)}"
        )
        if item.suggestion:
            rows.append(f"        {_visible(item.suggestion)}")
    if result.unchecked:
        rows.append(f"  not checked: {', '.join(result.unchecked)}")
    return "\n".join(rows)


def _visible(text: str) -> str:
    """Text that cannot move a terminal's cursor: characters that print nothing are escaped, long copy cut."""
    shown = text if len(text) <= 200 else text[:197] + "..."
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape", "backslashreplace").decode() for c in shown
    )

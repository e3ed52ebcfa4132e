"""The words of a brief: they steer the model, so they pass the rules that its copy has to pass."""

from collections.abc import Iterator

from app.brand.brand import Brand
from app.brief.models import Brief, Target, language_of
from app.errors import Problem
from app.guardrails.frame import Context, Piece
from app.guardrails.registry import GUARDRAILS
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import run_one
from app.tokens import token_names, words_only
from app.verdicts.reports import Severity, Verdict
from app.yaml12 import Document, Path_, nearest

BRIEF_RULES = ("banned_claims", "never_infer", "template_syntax")
"""The guardrails that the brief's own words have to pass, since they steer the model."""
LINE_RULES = (*BRIEF_RULES, "prompt_leak")
"""And its lines, which a small model reads as they are: no line break, and nothing that poses as a role."""


def word_problems(brief: Brief, document: Document, brand: Brand, rulebook: RuleBook) -> Iterator[Problem]:
    """The brief's own words steer the model, so they pass the same rules, and their tokens must exist."""
    lines: list[tuple[Path_, str]] = [(("message",), brief.message)]
    lines += [(("must_say", n), text) for n, text in enumerate(brief.must_say)]
    lines += [(("segments", n, "message"), s.message) for n, s in enumerate(brief.segments) if s.message]
    prose: list[tuple[Path_, str]] = [(("objective",), brief.objective), (("notes",), brief.notes)]
    known = {*brand.variables, *(name for target in brief.targets for name in target.facts)}
    known |= brief.offer_facts
    own = [
        (("targets", n, "must_say", place), text)
        for n, target in enumerate(brief.targets)
        for place, text in enumerate(target.must_say or ())
    ]
    for path, text in (*lines, *prose, *own):
        for name in sorted(token_names(text) - known):
            yield document.problem(path, f"nothing declares the token '{{{name}}}'", nearest(name, known))
    context = _brief_context(brief, brand, rulebook)
    for path, text in lines:
        yield from judged(document, path, Piece(text, field="headline"), context, LINE_RULES)
    for path, text in prose:
        yield from judged(document, path, Piece(text), context, BRIEF_RULES)
    for index, target in enumerate(brief.targets):
        yield from _target_words(brief, target, ("targets", index), document, brand, rulebook)


def _brief_context(brief: Brief, brand: Brand, rulebook: RuleBook) -> Context:
    """What the brief's words are judged against: the rules of the language that briefs are written in."""
    target, main = brief.targets[0], brand.identity.locales[0]
    same = language_of(target.locale) == language_of(main)
    locale, market = (target.locale, target.market) if same else (main, None)
    rules = rulebook.localised(locale, market)
    return Context(rules, locale, as_of=target.window.send_at, market=market, facts=target.fact_sheet())


def _target_words(  # noqa: PLR0917
    brief: Brief, target: Target, at: Path_, document: Document, brand: Brand, rulebook: RuleBook
) -> Iterator[Problem]:
    """A target's own words pass the rules of its language; words of the brief in another one bind nobody."""
    rules = rulebook.localised(target.locale, target.market)
    context = Context(rules, target.locale, target.window.send_at, target.market, facts=target.fact_sheet())
    for index, text in enumerate(target.must_say or ()):
        path = (*at, "must_say", index)
        yield from judged(document, path, Piece(text, field="headline"), context, LINE_RULES)
    foreign = language_of(target.locale) != language_of(brand.identity.locales[0])
    worded = [text for text in brief.must_say if words_only(text).strip()]
    if foreign and worded and target.must_say is None:
        message = f"must_say '{worded[0]}' is not in the language of {target.locale}"
        yield document.problem(at, message, "a must_say of the target's own")


def judged(
    document: Document, path: Path_, piece: Piece, context: Context, rules: tuple[str, ...]
) -> Iterator[Problem]:
    """What the rules refuse about one text, and the rules that gave no answer: its words steer the model."""
    for rule in GUARDRAILS:
        if rule.id not in rules:
            continue
        result = run_one(rule, piece, context)
        if result.verdict in (Verdict.ERROR, Verdict.NOT_RUN):
            yield document.problem(path, f"'{rule.id}' could not judge this: {result.detail}")
        for finding in result.findings:
            if finding.severity is Severity.BLOCK:
                yield document.problem(path, finding.message, finding.suggestion)

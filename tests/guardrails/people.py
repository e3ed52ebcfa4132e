"""What the guardrails on people, links and manners are asked in tests: human copy at the check door."""

from typing import Any

from app.brief.plain_facts import fact_sheet_from_plain
from app.guardrails.frame import TRANSACTIONAL, Guardrail, Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Severity, Verdict
from tests.factories import make_context


def blocked(
    guardrail: Guardrail,
    text: str,
    facts: dict[str, Any] | None = None,
    *,
    field: str = "body",
    locale: str = "en-US",
) -> list[str]:
    """The words that one guardrail refuses in human copy with these plain facts."""
    given: dict[str, Any] = {"locale": locale, "tokens_only": False, "facts": None}
    if facts is not None:
        given["facts"], given["extras"] = fact_sheet_from_plain(facts, locale)
        given["names"] = frozenset(given["extras"].names)
        given["competitors"] = frozenset(given["extras"].competitors)
        given["journey"] = TRANSACTIONAL if given["extras"].message_type == TRANSACTIONAL else None
    result = run_one(guardrail, Piece(text, field), make_context(**given))
    assert result.verdict in (Verdict.PASS, Verdict.FAIL), result.detail
    for item in result.findings:
        assert 0 <= item.start < item.end <= len(text)
        assert item.message
        assert item.suggestion
    return [text[item.start : item.end] for item in result.findings if item.severity is Severity.BLOCK]

"""The guardrails, in the order in which people read about them. A new one is a file and a line here."""

from app.guardrails import (
    agreement,
    avoid,
    banned_claims,
    compliance,
    duplicate,
    grammar_ends,
    language,
    length_shape,
    never_infer,
    other_companies,
    prompt_leak,
    template_syntax,
    ungrounded_statement,
    values,
    variables,
    voice,
    word_check,
)
from app.guardrails.frame import Guardrail

GUARDRAILS: tuple[Guardrail, ...] = (
    banned_claims.GUARDRAIL,
    compliance.GUARDRAIL,
    never_infer.GUARDRAIL,
    values.GUARDRAIL,
    variables.GUARDRAIL,
    ungrounded_statement.GUARDRAIL,
    template_syntax.GUARDRAIL,
    prompt_leak.GUARDRAIL,
    other_companies.GUARDRAIL,
    voice.GUARDRAIL,
    language.GUARDRAIL,
    avoid.GUARDRAIL,
    length_shape.GUARDRAIL,
    grammar_ends.GUARDRAIL,
    agreement.GUARDRAIL,
    word_check.GUARDRAIL,
    duplicate.GUARDRAIL,
)

"""The guardrails, in the order in which people read about them. A new one is a file and a line here."""

from app.guardrails import (
    agreement,
    avoid,
    banned_claims,
    claims_library,
    compliance,
    deceptive_subject,
    disparagement,
    duplicate,
    free_offer,
    grammar_ends,
    language,
    length_shape,
    links,
    model_judge,
    never_infer,
    other_companies,
    personal_data,
    prompt_leak,
    sensitive_inference,
    shouting,
    template_syntax,
    testimonials,
    ungrounded_statement,
    urgency,
    values,
    variables,
    voice,
    word_check,
)
from app.guardrails.frame import Context, Guardrail

GUARDRAILS: tuple[Guardrail, ...] = (
    banned_claims.GUARDRAIL,
    claims_library.GUARDRAIL,
    compliance.GUARDRAIL,
    never_infer.GUARDRAIL,
    sensitive_inference.GUARDRAIL,
    personal_data.GUARDRAIL,
    values.GUARDRAIL,
    links.GUARDRAIL,
    urgency.GUARDRAIL,
    free_offer.GUARDRAIL,
    variables.GUARDRAIL,
    ungrounded_statement.GUARDRAIL,
    testimonials.GUARDRAIL,
    template_syntax.GUARDRAIL,
    prompt_leak.GUARDRAIL,
    other_companies.GUARDRAIL,
    disparagement.GUARDRAIL,
    deceptive_subject.GUARDRAIL,
    shouting.GUARDRAIL,
    voice.GUARDRAIL,
    language.GUARDRAIL,
    avoid.GUARDRAIL,
    length_shape.GUARDRAIL,
    grammar_ends.GUARDRAIL,
    agreement.GUARDRAIL,
    word_check.GUARDRAIL,
    duplicate.GUARDRAIL,
)

ON_REQUEST: tuple[Guardrail, ...] = (model_judge.GUARDRAIL,)
"""Guardrails that an operator turns on: required only where the context holds what they judge by."""


def on_request(context: Context) -> tuple[Guardrail, ...]:
    """The guardrails that are required in this context besides GUARDRAILS."""
    return ON_REQUEST if context.judgements is not None else ()

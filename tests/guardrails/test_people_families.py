"""Families of copy about people that are refused, each beside copy of the same words that passes."""

from typing import Any

import pytest

from app.guardrails import (
    disparagement,
    personal_data,
    prompt_leak,
    sensitive_inference,
    shouting,
    template_syntax,
    testimonials,
    ungrounded_statement,
)
from app.guardrails.frame import Guardrail
from app.guardrails.suite import run_one
from app.verdicts.reports import Verdict
from tests.factories import make_context, make_piece
from tests.guardrails.people import blocked

RIVAL = {"competitors": ["Brantley"], "specs": {"weight": "340 g", "Brantley Ranger weight": "410 g"}}
QUOTE = {"testimonials": ["“Quiet as snow” - Ada"]}
REFUSED: tuple[tuple[Guardrail, str, dict[str, Any], str], ...] = (
    (sensitive_inference.GUARDRAIL, "That shaky hand of yours will like this mug.", {}, "en-US"),
    (sensitive_inference.GUARDRAIL, "Since you were let go, you have had time to bake.", {}, "en-US"),
    (sensitive_inference.GUARDRAIL, "Your pension barely covers the bills.", {}, "en-US"),
    (sensitive_inference.GUARDRAIL, "Sappiamo che ti sei appena separata.", {}, "it-IT"),
    (sensitive_inference.GUARDRAIL, "Omdat je moslim bent, dachten we aan jou.", {}, "nl-NL"),
    (sensitive_inference.GUARDRAIL, "Na sua idade, uma cadeira firme faz falta.", {}, "pt-PT"),
    (sensitive_inference.GUARDRAIL, "Sabemos que te acabas de divorciar.", {}, "es-ES"),
    (personal_data.GUARDRAIL, "Guests: Priya Sandhu (07700 900321)", {}, "en-US"),
    (personal_data.GUARDRAIL, "Marta Quill, 3 March 1992, joins the swim.", {}, "en-US"),
    (personal_data.GUARDRAIL, "Patient notes on Walter Finch: left ear.", {}, "en-US"),
    (personal_data.GUARDRAIL, "Send it to Femi Adeleke, 27 Ropewalk, Marsden.", {}, "en-US"),
    (personal_data.GUARDRAIL, "Sandra in accounts lives next to the chip shop.", {}, "en-US"),
    (personal_data.GUARDRAIL, "Tom Hartley from Leeds just ordered a tent.", {}, "en-US"),
    (shouting.GUARDRAIL, "Buy now buy now buy now", {}, "en-US"),
    (shouting.GUARDRAIL, "Wow wow wow wow, what a mug.", {}, "en-US"),
    (prompt_leak.GUARDRAIL, "My knowledge stops in an earlier year.", {}, "en-US"),
    (prompt_leak.GUARDRAIL, "The system prompt says to sound playful.", {}, "en-US"),
    (prompt_leak.GUARDRAIL, "Soft towels. Designer: please swap the image.", {}, "en-US"),
    (template_syntax.GUARDRAIL, "Our walk begins at TBC.", {}, "en-US"),
    (template_syntax.GUARDRAIL, "See you on XX June.", {}, "en-US"),
    (template_syntax.GUARDRAIL, "Soil and\u200b\u200d\u2060 sun", {}, "en-US"),
    (testimonials.GUARDRAIL, "“Quieter than snow.” Ada, Leeds", QUOTE, "en-US"),
    (testimonials.GUARDRAIL, "‘The only fan I own’ — a mountain guide", {}, "en-US"),
    (testimonials.GUARDRAIL, "Even Nigel asked for seconds.", {}, "en-US"),
    (disparagement.GUARDRAIL, "Still letting Brantley bleed you dry?", RIVAL, "en-US"),
    (disparagement.GUARDRAIL, "Why would anyone still bank with Brantley?", RIVAL, "en-US"),
)
PASSED: tuple[tuple[Guardrail, str, dict[str, Any], str], ...] = (
    (sensitive_inference.GUARDRAIL, "That red scarf of yours would suit this coat.", {}, "en-US"),
    (sensitive_inference.GUARDRAIL, "Since you were last here, we painted the shop.", {}, "en-US"),
    (sensitive_inference.GUARDRAIL, "Se sei incinta, chiedi al medico.", {}, "it-IT"),
    (sensitive_inference.GUARDRAIL, "Nu het koud is, staat de soep klaar.", {}, "nl-NL"),
    (sensitive_inference.GUARDRAIL, "Se está grávida, fale com o seu médico.", {}, "pt-PT"),
    (personal_data.GUARDRAIL, "Ask for Priya at the counter.", {}, "en-US"),
    (personal_data.GUARDRAIL, "The old fox lives behind the mill.", {}, "en-US"),
    (shouting.GUARDRAIL, "Step by step by step, the path climbs.", {}, "en-US"),
    (prompt_leak.GUARDRAIL, "Write a better subject line: an evening class", {}, "en-US"),
    (prompt_leak.GUARDRAIL, "Los mejores deseos de todo el taller", {}, "es-ES"),
    (template_syntax.GUARDRAIL, "A family \U0001f468\u200d\U0001f469\u200d\U0001f467 day", {}, "en-US"),
    (testimonials.GUARDRAIL, "‘Quiet as snow’ is how Ada put it", QUOTE, "en-US"),
    (testimonials.GUARDRAIL, 'In Ada\'s words: "Quiet as snow"', QUOTE, "en-US"),
    (disparagement.GUARDRAIL, "340 g, compared with 410 g for the Brantley Ranger", RIVAL, "en-US"),
    (disparagement.GUARDRAIL, "The cable fits Brantley chargers and ours.", RIVAL, "en-US"),
    (ungrounded_statement.GUARDRAIL, "Our badge is back on the shelf.", {}, "en-US"),
)


@pytest.mark.parametrize(("guardrail", "text", "facts", "locale"), REFUSED)
def test_what_is_said_of_people_is_refused(
    guardrail: Guardrail, text: str, facts: dict[str, Any], locale: str
) -> None:
    assert blocked(guardrail, text, facts, locale=locale)


@pytest.mark.parametrize(("guardrail", "text", "facts", "locale"), PASSED)
def test_near_misses_pass(guardrail: Guardrail, text: str, facts: dict[str, Any], locale: str) -> None:
    assert blocked(guardrail, text, facts, locale=locale) == []


@pytest.mark.parametrize(("allowed", "verdict"), [("points", Verdict.PASS), ("first_name", Verdict.FAIL)])
def test_an_allowed_variable_fills_a_balance_in(allowed: str, verdict: Verdict) -> None:
    context = make_context(tokens_only=False, allowed_tokens=frozenset({allowed}))
    piece = make_piece("Your points balance is {{ points }}.")
    assert run_one(ungrounded_statement.GUARDRAIL, piece, context).verdict is verdict

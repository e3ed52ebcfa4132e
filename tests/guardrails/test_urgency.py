"""Urgency: true by the offer's end and stock, refused with what the facts say, strict in stored copy."""

import datetime as dt
from typing import Any

import pytest

from app.brief.facts import DeadlineFact, FactSheet, Role
from app.brief.plain_facts import fact_sheet_from_plain
from app.guardrails import urgency
from app.guardrails.frame import Piece
from app.guardrails.suite import run_one
from app.verdicts.reports import Finding
from tests.factories import AS_OF, make_context
from tests.guardrails.test_values import SHEET

SENT = {"send_date": "2026-02-10"}
SATURDAY = {**SENT, "end": "2026-02-14"}
PASSES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Ends tonight", {**SENT, "end": "2026-02-10"}),
    ("Ends tomorrow", {**SENT, "end": "2026-02-11"}),
    ("Last chance", SATURDAY),
    ("Only 4 days left", SATURDAY),
    ("Final hours", {**SENT, "end": "2026-02-10T20:00:00Z"}),
    ("Until the end of the month", {**SENT, "end": "2026-02-28"}),
    ("Only three left", {"stock": 3}),
    ("Nearly gone", {"stock": 12, "stock_total": 300}),
    ("While stocks last", {"stock": 410}),
    ("While stocks last", {"offer": "20% off while stocks last"}),
    ("The Last Chance saddle", {"product": "Last Chance saddle"}),
    ("There is no hurry", {}),
)
FAILS: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("Ends tonight", SATURDAY, "ends on 14 February 2026, 23:59 (UTC), 4 days from the day of this copy"),
    ("Ends tonight", {**SENT, "end": "2026-02-08"}, "ended on 8 February 2026"),
    ("Ends tonight", {}, "the facts give no end"),
    ("Only two days left", SATURDAY, "4 days from"),
    ("Hurry", {**SENT, "end": "2026-03-20", "stock": 410}, "410 are left"),
    ("Only 5 left", {"stock": 3}, "the facts say that 3 are left"),
    ("A handful remain", {"stock": 250, "stock_total": 300}, "250 are left of 300"),
    ("Nearly gone", {}, "the facts give no stock"),
    ("38 shoppers have this in their basket", {}, "nothing about other shoppers"),
)


def found(text: str, plain: dict[str, Any] | None, locale: str = "en-GB") -> list[Finding]:
    sheet, as_of = None, AS_OF
    if plain is not None:
        sheet, extras = fact_sheet_from_plain(plain, locale)
        as_of = extras.send_date or AS_OF
    context = make_context(facts=sheet, tokens_only=False, locale=locale, as_of=as_of)
    return list(run_one(urgency.GUARDRAIL, Piece(text), context).findings)


@pytest.mark.parametrize(("text", "plain"), PASSES)
def test_what_the_facts_make_true_passes(text: str, plain: dict[str, Any]) -> None:
    assert found(text, plain) == []


@pytest.mark.parametrize(("text", "plain", "said"), FAILS)
def test_what_is_not_true_is_refused_with_what_the_facts_say(
    text: str, plain: dict[str, Any], said: str
) -> None:
    (finding,) = found(text, plain)
    assert finding.category == "false_scarcity"
    assert said in finding.message
    assert finding.suggestion


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Hours left", "en-US"),
        ("Nur noch heute", "de-DE"),
        ("Dernière chance", "fr-FR"),
        ("Solo hoy: última oportunidad", "es-ES"),
    ],
)
def test_without_facts_nothing_makes_it_true(text: str, locale: str) -> None:
    assert found(text, None, locale)


def test_the_day_is_the_one_on_the_clock_of_the_offer() -> None:
    late = {"end": "2026-02-10T23:00:00-08:00", "send_date": "2026-02-10T21:00:00-08:00"}
    assert found("Ends tonight", late) == []
    assert found("Ends tomorrow", late)


def test_copy_that_is_stored_counts_no_days_from_now() -> None:
    context = make_context(facts=SHEET, as_of=dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC))
    refused = run_one(urgency.GUARDRAIL, Piece("Last chance, ends today"), context).findings
    assert [finding.message.split("'")[1] for finding in refused] == ["ends today"]
    assert "another day" in refused[0].message


def _extended_to(day: int) -> FactSheet:
    first = dt.datetime(2026, 2, 8, 23, 59, tzinfo=dt.UTC)
    last = dt.datetime(2026, 2, day, 23, 59, tzinfo=dt.UTC)
    fact = DeadlineFact(kind="deadline", role=Role.ENDS, source="offer list", value=last, previously=(first,))
    return FactSheet(locale="en-US", facts={"offer.ends": fact})


def _of_extended(text: str, *, tokens_only: bool, day: int = 14) -> list[Finding]:
    as_of = dt.datetime(2026, 2, 10, 9, tzinfo=dt.UTC)
    context = make_context(facts=_extended_to(day), tokens_only=tokens_only, as_of=as_of)
    return list(run_one(urgency.GUARDRAIL, Piece(text, "body"), context).findings)


@pytest.mark.parametrize("tokens_only", [True, False])
@pytest.mark.parametrize("text", ["Last chance to walk far", "Hurry, the trail will not wait"])
def test_hurry_for_an_offer_that_was_extended_is_refused(text: str, tokens_only: bool) -> None:
    (finding,) = _of_extended(text, tokens_only=tokens_only)
    assert "announced to end on 8 February 2026 and was extended to 14 February 2026" in finding.message


@pytest.mark.parametrize(
    ("text", "tokens_only"),
    [("The sale runs until {offer.ends}", True), ("Ends Saturday 14 February", False)],
)
def test_the_new_end_stands_only_where_the_copy_says_that_the_offer_was_extended(
    text: str, tokens_only: bool
) -> None:
    assert "was extended" in _of_extended(text, tokens_only=tokens_only)[0].message
    assert not _of_extended(f"We have extended it. {text}", tokens_only=tokens_only)


def test_an_end_that_was_not_extended_may_be_stated() -> None:
    assert not _of_extended("The sale runs until {offer.ends}", tokens_only=True, day=8)

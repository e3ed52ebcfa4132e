"""Rows for tests of the store."""

import datetime as dt
from decimal import Decimal
from typing import Any

from app.blocks.approved import digest
from app.db.receipts import DraftApproval, Hashes, Receipt
from app.db.tables import CallOutcome, Draft, ModelCall, Refusal, Run, SlotRecord
from app.verdicts.decisions import Decision, Outcome, Reason, Step, TraceStep
from app.verdicts.reports import Family, Finding, GuardReport, RuleResult, Severity, Verdict

AS_OF = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
COPY = {"label": "See our kit"}


def make_run(**overrides: Any) -> Run:
    given = {"brief_id": "autumn", "brief_hash": "b" * 64, "brand": "fernhill", "model": "scripted"}
    return Run(**{**given, "hashes": Hashes(brand="a" * 64), **overrides})


def make_decision(reason: Reason = Reason.PASSED, outcome: Outcome = Outcome.GENERATED) -> Decision:
    step = TraceStep(step=Step.GENERATED, answered=outcome is Outcome.GENERATED, reason=reason)
    return Decision(outcome=outcome, reason=reason, trace=(step,))


def make_record(run: Run, fingerprint: str = "f" * 64, decision: Decision | None = None) -> SlotRecord:
    decision = decision or make_decision()
    return SlotRecord.of(fingerprint, decision, run=run, locale="en-US", segment="weekend_hikers", kind="cta")


def make_report() -> GuardReport:
    return GuardReport(required=("voice",), results=(RuleResult(rule="voice", verdict=Verdict.PASS),))


def make_receipt(*approvers: DraftApproval) -> Receipt:
    return Receipt(
        engine="0.1.0",
        hashes=Hashes(brand="a" * 64),
        as_of=AS_OF,
        verdicts=make_report(),
        approvers=approvers,
    )


def make_draft(**overrides: Any) -> Draft:
    given: dict[str, Any] = {
        "brand": "fernhill",
        "brief_id": "autumn",
        "journey": "winback",
        "locale": "en-US",
        "segment": "weekend_hikers",
        "kind": "cta",
        "copy_fields": COPY,
        "author": "scripted",
        "receipt": make_receipt(),
    } | overrides
    given.setdefault("content_hash", digest([given["kind"], given["locale"], given["copy_fields"]]))
    return Draft(**given)


def make_call(run: Run, **overrides: Any) -> ModelCall:
    given = {
        "run_id": run.id,
        "slot_fingerprint": "f" * 64,
        "model": "scripted",
        "seconds": 0.5,
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "cost_usd": Decimal("0.000012"),
        "outcome": CallOutcome.ANSWERED,
    }
    return ModelCall(**{**given, **overrides})


def make_refusal(run: Run) -> Refusal:
    finding = Finding(
        rule="voice",
        category="voice",
        family=Family.BRAND,
        severity=Severity.BLOCK,
        field="label",
        start=0,
        end=7,
        message="'Unleash' is hype",
    )
    return Refusal(
        run_id=run.id,
        slot_fingerprint="f" * 64,
        copy_fields={"label": "Unleash it"},
        findings=(finding,),
    )

"""POST /v1/checks: any copy in, human or generated, one verdict an item out."""

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import AskingDep, AsksJudge, CallerDep, ServingDep
from app.api.route import Route
from app.brand.roles import Scope
from app.brief.moments import WrittenMoment
from app.generation.check_door import CheckDoor, CheckResult
from app.generation.check_lines import FIELDS
from app.guardrails.rulebook import RuleBook
from app.release.serving import Serving
from app.verdicts.reports import Family, Severity, Verdict

router = APIRouter(route_class=Route, prefix="/v1/checks", tags=["copy"])
MOST_ITEMS = 500
LONGEST_TEXT = 50_000
Locale = Annotated[str, Field(pattern=r"^[a-z]{2}-[A-Z]{2}$", examples=["en-US"])]
Market = Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["US"])]


class CheckItem(BaseModel):
    """One piece of copy, and what it is judged against."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(max_length=200)] = Field(default="", description="Yours; it comes back")
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    field: Annotated[str, Field(pattern=f"^({'|'.join(FIELDS)})$")] = Field(
        default="body", description=f"One of {', '.join(FIELDS)}"
    )
    locale: Locale | None = None
    market: Market | None = None
    segment: Annotated[str, Field(max_length=60)] | None = None
    facts: dict[str, Any] | None = Field(
        default=None,
        description="What copy may state, as plain values (price, percent_off, end ...). Left out: nothing "
        "was supplied, and grounding is listed as unchecked. {}: there are no facts, and every value is "
        "ungrounded.",
    )


class CheckRequest(BaseModel):
    """Copy to be judged by one brand's rules, or by the rule packs alone when no brand is named."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "brand": "larkfell",
                    "locale": "en-US",
                    "market": "US",
                    "items": [
                        {
                            "id": "subject-1",
                            "text": "Half price packs until Sunday",
                            "field": "subject",
                            "facts": {"percent_off": 50, "end": "2026-12-06", "send_date": "2026-12-01"},
                        }
                    ],
                }
            ]
        },
    )

    brand: Annotated[str, Field(max_length=60)] | None = None
    locale: Locale = "en-US"
    market: Market | None = None
    as_of: WrittenMoment | None = Field(default=None, description="The moment to judge for; now when missing")
    items: Annotated[tuple[CheckItem, ...], Field(min_length=1, max_length=MOST_ITEMS)]


class CheckFinding(BaseModel):
    """What a rule found, pointing at the words: characters `start` to `end` of the text."""

    model_config = ConfigDict(frozen=True)

    rule: str
    category: str
    family: Family
    severity: Severity
    start: int
    end: int
    message: str
    suggestion: str = Field(description="What would pass")


class CheckAnswer(BaseModel):
    """The verdict on one item. Only `pass` may be sent, and only where nothing is unchecked that matters."""

    model_config = ConfigDict(frozen=True)

    id: str
    verdict: Verdict
    findings: tuple[CheckFinding, ...]
    unchecked: tuple[str, ...] = Field(description="What nothing was there to judge")


class CheckAnswers(BaseModel):
    """One answer an item, in their order; `all_pass` says whether every verdict is `pass`."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "all_pass": False,
                    "items": [
                        {
                            "id": "subject-1",
                            "verdict": "fail",
                            "findings": [
                                {
                                    "rule": "cures",
                                    "category": "health_claim",
                                    "family": "legal",
                                    "severity": "block",
                                    "start": 3,
                                    "end": 8,
                                    "message": "says that a product treats a body or an illness",
                                    "suggestion": "say how it feels or what it is made of",
                                }
                            ],
                            "unchecked": [],
                        }
                    ],
                }
            ]
        },
    )

    all_pass: bool
    items: tuple[CheckAnswer, ...]


@router.post("", operation_id="check_copy", summary="Judge copy", dependencies=[AsksJudge])
def check_copy(body: CheckRequest, caller: CallerDep, serving: ServingDep, asking: AskingDep) -> CheckAnswers:
    """Judge up to 500 pieces of copy by the rules that also judge what models write. Nothing is stored."""
    door = CheckDoor(
        _rulebook(body.brand, caller, serving),
        body.locale,
        body.market,
        body.as_of or dt.datetime.now(dt.UTC),
        asking=asking,
    )
    results = door.check_items([_given(item) for item in body.items])
    return CheckAnswers(
        all_pass=all(result.verdict is Verdict.PASS for result in results),
        items=tuple(_answer(item.id, result) for item, result in zip(body.items, results, strict=True)),
    )


def _rulebook(brand: str | None, caller: CallerDep, serving: Serving) -> RuleBook:
    if brand is None:
        caller.brands(Scope.CHECK)
        return serving.pack_rules
    caller.require(brand, Scope.CHECK)
    return serving.library(brand).rulebook


def _given(item: CheckItem) -> dict[str, Any]:
    return item.model_dump(exclude_none=True, exclude_unset=True)


def _answer(item_id: str, result: CheckResult) -> CheckAnswer:
    findings = (CheckFinding.model_validate(found, from_attributes=True) for found in result.findings)
    return CheckAnswer(
        id=item_id, verdict=result.verdict, findings=tuple(findings), unchecked=result.unchecked
    )

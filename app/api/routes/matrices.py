"""GET /v1/briefs/{id}/matrix: every email that a brief can become, rendered and looked through."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep
from app.api.export_examples import MATRIX
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.route import Route
from app.api.validation import invalid
from app.brand.roles import Scope
from app.copywriting.matrix import MatrixEmail, matrix_email, matrix_plans
from app.db.exports import Exports
from app.http.errors import FieldProblem, InvalidRequest

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/matrix", tags=["exports"])
MOST_EMAILS = 40
"""Emails of a brief that one request composes."""
MOST_RENDERS = 2_000
"""Renders in one request: some seconds."""
MOST_FAULTS = 100


class FaultView(BaseModel):
    """What readers should never see, with the combination in which it was seen first."""

    model_config = ConfigDict(frozen=True)

    what: str
    part: str = Field(description="subject, preheader, html or text")
    shown: str
    combination: dict[str, str] = Field(description="Which variant in each slot, and what the variables hold")


class MatrixEmailView(BaseModel):
    """One email: a locale and a segment."""

    model_config = ConfigDict(frozen=True)

    locale: str
    segment: str = Field(description="Empty for readers of none of the segments of an email for several")
    choices: dict[str, int] = Field(description="How many variants each slot, and values each variable has")
    combinations: int = Field(description="Of all of them with one another")
    rendered: int
    every_combination: bool = Field(description="False where every pair of choices was rendered instead")
    faults: tuple[FaultView, ...]
    counts: dict[str, int] = Field(description="How often each kind of fault was seen")


class MatrixView(BaseModel):
    """Every email of a brief."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [MATRIX]})

    brief: str
    brand: str
    rendered: int
    with_faults: int = Field(description="Faults that were seen, each as often as it was")
    emails: tuple[MatrixEmailView, ...]


@router.get("", operation_id="get_brief_matrix", summary="Every email that a brief can become")
def get_matrix(
    *,
    brief_id: BriefPath,
    caller: CallerDep,
    desk: DeskDep,
    brand: BriefBrand = None,
    locale: Annotated[str | None, Query(max_length=20, description="Only this locale")] = None,
    limit: Annotated[
        int,
        Query(
            ge=1,
            le=MOST_RENDERS,
            description="Combinations of one email that are all rendered; of more, every pair of choices",
        ),
    ] = 200,
    together: Annotated[
        bool, Query(description="The conditional email for all segments of each locale, and for anybody else")
    ] = False,
) -> MatrixView:
    """Each variant that can ship in each slot, with readers' data known, missing and blank: raw tokens, empty
    places, broken greetings and doubled punctuation. 422 where that would take too long; `copydesk brief
    matrix` has no such limit.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    targets = [item for item in stored.content.targets if locale in (None, item.locale)]
    emails = len(targets) * len(stored.content.segments)
    if emails > MOST_EMAILS:
        raise _too_much("locale", f"{emails} emails, at most {MOST_EMAILS} in one request", "one locale")
    exports = Exports(desk.drafts.engine)
    plans = matrix_plans(desk, exports, stored, most=limit, locale=locale, together=together)
    total = sum(len(plan.picked) for plan in plans)
    if total > MOST_RENDERS:
        words = f"{total:,} renders, at most {MOST_RENDERS:,} in one request"
        raise _too_much("limit", words, f"a lower one than {limit}, or one locale")
    shown = [matrix_email(plan) for plan in plans]
    return MatrixView(
        brief=stored.id,
        brand=stored.brand,
        rendered=sum(email.rendered for email in shown),
        with_faults=sum(sum(email.count.values()) for email in shown),
        emails=tuple(map(_view, shown)),
    )


def _too_much(field: str, message: str, expected: str) -> InvalidRequest:
    return invalid([FieldProblem(where="query", field=field, message=message, expected=expected)])


def _view(email: MatrixEmail) -> MatrixEmailView:
    return MatrixEmailView(
        locale=email.locale,
        segment=email.segment,
        choices={axis.name: len(axis.values) for axis in email.axes},
        combinations=email.product,
        rendered=email.rendered,
        every_combination=not email.pairwise,
        faults=tuple(
            FaultView(
                what=item.fault.what,
                part=item.fault.part,
                shown=item.fault.shown,
                combination=dict(item.combination),
            )
            for item in email.faults[:MOST_FAULTS]
        ),
        counts=dict(email.count),
    )

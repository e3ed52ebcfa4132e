"""What one does about a finding on the page of a draft: say that it is wrong, let it pass, end that again."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.copywriting.proposals import propose_wrong_finding
from app.copywriting.waiving import give, revoke
from app.db.waivers import Waivers
from app.errors import Conflict, ContentError, NotFound, NotPermitted, OutOfDate, UsageError
from app.http.errors import InvalidRequest
from app.review.action import LONGEST_TEXT
from app.web.deps import VisitDep
from app.web.draft_page.look import Look
from app.web.draft_page.passing import finding_in, order_in
from app.web.pages.drafts import PATH, FormDep, ReviewerLook, again
from app.web.visit import Visit

router = APIRouter()


@router.post(PATH + "/findings/wrong")
def say_wrong(visit: VisitDep, look: ReviewerLook, form: FormDep) -> Response:
    """Propose that the rule says nothing here. The finding stands until the rules change."""
    draft = look.draft

    def propose() -> None:
        if form.get("seen_copy") != draft.content_hash:
            raise OutOfDate("the words are not those that you saw", "load the page again")
        engine = look.office.desk.drafts.engine
        finding, why = finding_in(look, form), form.get("why", "")
        propose_wrong_finding(engine, draft, finding, by=look.actor.email, why=why, at=look.at)

    return _done(visit, look, "wrong", form, propose)


@router.post(PATH + "/findings/waive")
def let_pass(visit: VisitDep, look: ReviewerLook, form: FormDep) -> Response:
    """Let a finding pass until the end of a day, wherever its text stands in this market."""

    def waive() -> None:
        order = order_in(finding_in(look, form), form)
        if len(order.reason) > LONGEST_TEXT:
            raise InvalidRequest("the reason is too long", f"at most {LONGEST_TEXT} characters")
        give(look.office, look.draft, look.actor, order, at=look.at)

    return _done(visit, look, "waive", form, waive)


@router.post(PATH + "/waivers/{waiver_id}/revoke")
def end_waiver(
    visit: VisitDep, look: ReviewerLook, waiver_id: Annotated[str, Path(max_length=32)], form: FormDep
) -> Response:
    """From now on the finding blocks again."""
    row = Waivers(look.office.desk.drafts.engine).find(waiver_id, [look.draft.brand])
    return _done(visit, look, "revoke", form, lambda: revoke(look.office, row, look.actor, look.at))


def _done(
    visit: Visit, look: Look, name: str, form: Mapping[str, str], action: Callable[[], object]
) -> Response:
    """The draft's page, after the action or with why it could not be done."""
    draft = look.draft
    try:
        action()
    except (Conflict, ContentError, InvalidRequest, NotFound, NotPermitted, OutOfDate, UsageError) as error:
        return again(visit, look, name, error, form)
    return visit.go(f"/brands/{draft.brand}/drafts/{draft.id}", said=f"finding_{name}")

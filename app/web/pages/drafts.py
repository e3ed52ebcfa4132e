"""The page of one draft: what it says, what is found in it, who has to approve it, and what one may do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from starlette.responses import JSONResponse

from app.brand.roles import Scope
from app.copywriting.editing import edit_draft
from app.copywriting.reviewing import ReviewDesk, require_revision
from app.db.review_tables import RejectReason
from app.db.tables import Draft
from app.errors import Conflict, ContentError, CopydeskError, NotFound, NotPermitted, OutOfDate
from app.http.errors import InvalidRequest
from app.verdicts.decisions import SENTENCES
from app.verdicts.reports import Verdict
from app.web.copy_page.office import count_judge
from app.web.deps import BrandDep, SessionsDep, SignedIn, VisitDep, texts_in
from app.web.draft_page.actions import decides, order_of, revision_in
from app.web.draft_page.drafting import PREFIX, Typed, Words, typed_in
from app.web.draft_page.look import Look
from app.web.draft_page.meanwhile import meanwhile
from app.web.draft_page.passing import Passing
from app.web.draft_page.queue import next_for
from app.web.draft_page.views import VIEWS, View
from app.web.labels import load_labels
from app.web.office import OfficeDep
from app.web.visit import Visit

router = APIRouter()
PATH = "/brands/{brand}/drafts/{draft_id}"
DraftId = Annotated[str, Path(max_length=32)]
_EDITED = {Verdict.PASS: "draft_saved", Verdict.FAIL: "draft_saved_refused"}


@dataclass(frozen=True)
class Trouble:
    """What a form could not do, in words, with what was typed into it."""

    form: str
    words: str
    hint: str = ""
    changed: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


NO_TROUBLE = Trouble("", "")


async def fields_of_form(request: Request) -> Mapping[str, str]:
    """The texts of a form."""
    return texts_in(await request.form())


FormDep = Annotated[Mapping[str, str], Depends(fields_of_form)]


def draft_of(office: ReviewDesk, brand: str, draft_id: str) -> Draft:
    """The brand's draft. Raises NotFound in the same words for none and for another brand's."""
    try:
        return office.desk.drafts.find(draft_id, [brand])
    except NotFound as error:
        raise NotFound(error.message, "it may have been removed") from error


def look_with(scope: Scope) -> Callable[..., Look]:
    """What a path names by brand and draft, as the person looks at it who has this scope for the brand.

    Asked for by type; raises NotPermitted, NotFound.
    """

    def look(
        caller: SignedIn, brand: BrandDep, draft_id: DraftId, office: OfficeDep, sessions: SessionsDep
    ) -> Look:
        caller.require(brand, scope)
        return Look(office, draft_of(office, brand, draft_id), caller.actor(brand), sessions.clock())

    return look


ReaderLook = Annotated[Look, Depends(look_with(Scope.READ))]
WriterLook = Annotated[Look, Depends(look_with(Scope.WRITE))]
ReviewerLook = Annotated[Look, Depends(look_with(Scope.REVIEW))]


@router.get(PATH)
def draft_page(visit: VisitDep, look: ReaderLook, view: Annotated[View, Query()] = "desktop") -> Response:
    """One draft."""
    return _show(visit, look, view=view)


@router.post(PATH + "/actions/{action}")
def act(
    visit: VisitDep, look: ReviewerLook, action: Annotated[str, Path(max_length=40)], form: FormDep
) -> Response:
    """One step of review. Where it cannot be done the page comes back, with what was typed."""
    office, draft, brand = look.office, look.draft, look.draft.brand
    try:
        order = order_of(action, form)
        after = office.act(action, draft, look.actor, order, seen=revision_in(form), at=look.at)
    except (Conflict, InvalidRequest, NotFound, NotPermitted, OutOfDate) as error:
        return again(visit, look, action, error, form)
    here = f"/brands/{brand}/drafts/{draft.id}"
    if not decides(action):
        return visit.go(here, said=f"draft_{action}")
    said = "draft_approve_partly" if action == "approve" and after.state == draft.state else f"draft_{action}"
    following = next_for(office, brand, look.actor, look.at)
    onward = f"/brands/{brand}/drafts/{following}" if following else f"/brands/{brand}/queue"
    return visit.go(onward, said=f"{said}_next" if following else f"{said}_last")


@router.post(PATH + "/edit")
def edit(request: Request, visit: VisitDep, caller: SignedIn, look: WriterLook, form: FormDep) -> Response:
    """Save the words, or with the button `check` only judge them."""
    desk, draft = look.office.desk, look.draft
    typed = typed_in(draft, form)
    try:
        if form.get("do") == "check":
            require_revision(draft, revision_in(form))  # or a save would take what stands there for seen
            checked = Typed.judged(desk, look, typed)
            return _show(visit, look, trouble=Trouble("edit", "", typed=form), checked=checked)
        count_judge(request, visit, caller)
        edited = edit_draft(desk, draft, typed, seen=revision_in(form), by=look.actor.email, at=look.at)
    except (Conflict, ContentError, InvalidRequest, OutOfDate) as error:
        return again(visit, look, "edit", error, form)
    if edited.change is None:
        said = "draft_saved_same"
    else:
        said = _EDITED.get(edited.report.verdict, "draft_saved_unjudged")
    return visit.go(f"/brands/{draft.brand}/drafts/{draft.id}", said=said)


@router.post(PATH + "/check")
def check(look: WriterLook, words: Words) -> Response:
    """Judge words while they are typed, for the page's script; nothing is stored."""
    given = {f"{PREFIX}{name}": text for name, text in words.copy_fields.items()}
    try:
        return JSONResponse(Typed.judged(look.office.desk, look, typed_in(look.draft, given)).as_json())
    except (Conflict, ContentError) as error:
        return JSONResponse({"problem": words_of(error)})


def words_of(error: CopydeskError) -> str:
    """What is wrong, for the page of the draft that it is about."""
    if isinstance(error, ContentError):
        return "; ".join(f"{item.field.rpartition('/')[2]} {item.message}" for item in error.problems)
    return error.message


def again(visit: Visit, look: Look, form: str, error: CopydeskError, typed: Mapping[str, str]) -> Response:
    """The page once more as the draft is now, with why it could not be done, what changed meanwhile, and what
    was typed.
    """
    look = replace(look, draft=draft_of(look.office, look.draft.brand, look.draft.id))
    words, hint = words_of(error).replace(f"draft {look.draft.id}", "this draft"), error.hint
    changed: tuple[str, ...] = ()
    if isinstance(error, OutOfDate):
        words, hint = "It changed while you were looking at it, so nothing was stored.", ""
        changed = meanwhile(look, typed)
    trouble = Trouble(form, words, hint, changed, typed)
    return _show(visit, look, trouble=trouble, status=error.status_code)


def _show(
    visit: Visit,
    look: Look,
    *,
    view: View = "desktop",
    trouble: Trouble = NO_TROUBLE,
    checked: Typed | None = None,
    status: int = 200,
) -> Response:
    caller, brand = visit.caller, look.draft.brand
    return visit.show(
        "draft.html.jinja",
        status=status,
        brand=brand,
        look=look,
        draft=look.draft,
        here=f"/brands/{brand}/drafts/{look.draft.id}",
        view=view,
        views=VIEWS,
        trouble=trouble,
        checked=checked,
        reject_reasons=tuple(RejectReason),
        sentence=lambda reason: SENTENCES[reason][0],
        has_label=load_labels().has,
        passing=Passing(look),
        may_review=caller is not None and caller.may(brand, Scope.REVIEW),
        may_write=caller is not None and caller.may(brand, Scope.WRITE),
    )

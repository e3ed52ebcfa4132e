"""The page of whole emails: each as it is put together, who has to approve it, and the forms for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response
from starlette.responses import HTMLResponse

from app.brand.roles import Scope
from app.copywriting.desk import Desk
from app.copywriting.previews import Choice, preview_email
from app.copywriting.whole_emails import Composed, EmailOffice, seen_of
from app.db.release_tables import ANYBODY_ELSE, SINGLE
from app.db.service_tables import StoredBrief
from app.db.tables import now
from app.errors import Conflict, CopydeskError, NotFound, NotPermitted, OutOfDate
from app.release.content import SlotContent
from app.release.whole import part_of
from app.review.action import LONGEST_TEXT, Order
from app.review.emails.actions.request_changes import ChangesOrder
from app.review.emails.actions.withdraw import WithdrawOrder
from app.review.emails.registry import EMAIL_ACTIONS
from app.review.emails.situation import EmailSituation
from app.review.situation import Actor
from app.tokens import fill_mapped
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.visit import Visit

router = APIRouter()
PATH = "/brands/{brand}/briefs/{brief_id}/emails/{locale}/{segment}"
NOBODY = "-"
"""Stands in a path for readers of none of the segments."""
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


@dataclass(frozen=True)
class Part:
    """One slot of the email with its words as readers see them. `link` leads to a draft's own page."""

    kind: str
    source: str
    fields: Mapping[str, str]
    link: str


@dataclass(frozen=True)
class Shown:
    """One email as the page shows it; `may` says for each action why this person cannot do it, or nothing."""

    situation: EmailSituation
    seen: str
    parts: tuple[Part, ...]
    otherwise: tuple[Part, ...]
    may: Mapping[str, str]


@dataclass(frozen=True)
class Trouble:
    """What a form could not do, in words, with what was typed into it."""

    words: str
    hint: str = ""
    arm: str = ""
    typed: str = ""


async def office_of(visit: VisitDep) -> EmailOffice:
    """Briefs, drafts and reviews of emails, with the content that serves."""
    service = visit.service
    return EmailOffice.over(Desk(service.briefs, service.drafts, visit.serving))


OfficeDep = Annotated[EmailOffice, Depends(office_of)]
BriefId = Annotated[str, Path(max_length=60)]
Locale = Annotated[str, Path(max_length=20)]
Segment = Annotated[str, Path(max_length=60)]


@router.get(PATH)
def email_page(  # noqa: PLR0917
    visit: VisitDep,
    brand: BrandDep,
    brief_id: BriefId,
    locale: Locale,
    segment: Segment,
    office: OfficeDep,
) -> Response:
    """The email of a segment in a locale, for each arm of a test."""
    return _page(visit, office, _brief(office, brand, brief_id), (locale, segment))


@router.get(PATH + "/preview/{arm}")
def email_preview(  # noqa: PLR0917
    visit: VisitDep,
    brand: BrandDep,
    brief_id: BriefId,
    locale: Locale,
    segment: Segment,
    arm: Annotated[str, Path(max_length=30)],
    office: OfficeDep,
) -> Response:
    """The email for a frame in which nothing happens: no script, no form, nothing from elsewhere."""
    stored = _brief(office, brand, brief_id)
    found = [item for item, _ in _situations(visit, office, stored, (locale, segment))]
    composed = next((item for item in found if item.whole.arm == arm), None)
    if composed is None or segment == NOBODY:
        raise NotFound("there is no such email to show")
    choices = {kind: _choice(content) for kind, content in composed.contents.contents.items()}
    absent = {kind: Choice() for kind in composed.contents.jobs if kind not in choices}
    shown = preview_email(
        office.desk, stored, locale=locale, segment=composed.whole.segment, choices={**absent, **choices}
    )
    return HTMLResponse(shown.rendered.html, headers={"content-security-policy": POLICY})


@router.post(PATH + "/{action}")
def act_on_email(  # noqa: PLR0917
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    brief_id: BriefId,
    locale: Locale,
    segment: Segment,
    action: Annotated[str, Path(max_length=20)],
    office: OfficeDep,
    seen: Annotated[str, Form(max_length=200)] = "",
    arm: Annotated[str, Form(max_length=30)] = SINGLE,
    text: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
) -> Response:
    """Submit, approve, request changes or withdraw, as the email was seen. What was typed is kept where that
    cannot be done.
    """
    caller.require(brand, Scope.REVIEW)
    stored = _brief(office, brand, brief_id)
    if action not in EMAIL_ACTIONS:
        raise NotFound(f"there is no '{action}' for an email")
    place = (locale, ANYBODY_ELSE if segment == NOBODY else segment, arm)
    try:
        situation = office.situation(stored, place, _actor(visit, brand), now())
        office.act(action, situation, _order(action, text), seen=seen)
    except (Conflict, NotPermitted, OutOfDate) as error:
        trouble = Trouble(error.message, error.hint, arm, text)
        return _page(visit, office, stored, (locale, segment), trouble, error.status_code)
    path = f"/brands/{brand}/briefs/{stored.id}/emails/{locale}/{segment}"
    return visit.go(path, said=f"email_{action}")


def _page(  # noqa: PLR0917
    visit: Visit,
    office: EmailOffice,
    stored: StoredBrief,
    place: tuple[str, str],
    trouble: Trouble | None = None,
    status: int = 200,
) -> Response:
    found = _situations(visit, office, stored, place)
    if not found:
        raise NotFound(f"brief '{stored.id}' has no such email with every position chosen")
    return visit.show(
        "emails.html.jinja",
        status=status,
        brand=stored.brand,
        brief=stored,
        locale=place[0],
        segment=place[1],
        nobody=NOBODY,
        path=f"/brands/{stored.brand}/briefs/{stored.id}/emails/{place[0]}/{place[1]}",
        emails=[_shown(item, situation) for item, situation in found],
        trouble=trouble or Trouble(""),
        most=LONGEST_TEXT,
    )


def _situations(
    visit: Visit, office: EmailOffice, stored: StoredBrief, place: tuple[str, str]
) -> list[tuple[Composed, EmailSituation]]:
    locale, segment = place
    wanted = ANYBODY_ELSE if segment == NOBODY else segment
    return office.situations(stored, _actor(visit, stored.brand), now(), locale=locale, segment=wanted)


def _actor(visit: Visit, brand: str) -> Actor:
    caller = visit.caller
    if caller is None:
        raise NotPermitted("nobody is signed in")
    roles = frozenset(role.value for role in caller.roles(brand))
    return Actor(caller.email, caller.identity.person_id, roles)


def _brief(office: EmailOffice, brand: str, brief_id: str) -> StoredBrief:
    return office.desk.brief(brief_id, [brand], brand)


def _order(action: str, text: str) -> Order | None:
    """Raises Conflict where words are needed and none were written."""
    if action == "request_changes":
        if not text.strip():
            raise Conflict("say what should be otherwise")
        return ChangesOrder(text=text)
    return WithdrawOrder(text=text.strip() or None) if action == "withdraw" else None


def _shown(item: Composed, situation: EmailSituation) -> Shown:
    contents = item.contents
    first = contents.contents.values()
    only_there = [content for kind, content in contents.others.items()]
    return Shown(
        situation=situation,
        seen=seen_of(situation),
        parts=tuple(_part(content, item) for content in first),
        otherwise=tuple(_part(content, item) for content in only_there),
        may={name: _why_not(name, situation) for name in EMAIL_ACTIONS},
    )


def _part(content: SlotContent, item: Composed) -> Part:
    facts, brand = item.place.facts, item.place.library.brand

    def value(name: str) -> str:
        if name in facts.facts:
            return facts.render(name)
        return brand.variables[name].fallback if name in brand.variables else "{" + name + "}"

    sort, _, name = part_of(content).source.partition(" ")
    texts = {field: fill_mapped(text, value).text for field, text in content.copy_fields.items()}
    link = f"/brands/{brand.id}/drafts/{name}" if sort == "draft" else ""
    return Part(content.kind, f"{sort} {name}", texts, link)


def _choice(content: SlotContent) -> Choice:
    sort, _, name = part_of(content).source.partition(" ")
    return Choice(draft=name) if sort == "draft" else Choice(block=name)


def _why_not(name: str, situation: EmailSituation) -> str:
    try:
        EMAIL_ACTIONS[name].check(situation)
    except CopydeskError as error:
        return error.message
    return ""

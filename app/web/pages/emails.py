"""The page of whole emails: each as it is put together, who has to approve it, and the forms for that."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Response

from app.blocks.registry import KINDS
from app.brand.roles import Scope
from app.copywriting.whole_emails import Composed, EmailOffice, seen_of
from app.db.release_tables import ANYBODY_ELSE, SINGLE
from app.db.service_tables import StoredBrief
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
from app.web.deps import BrandDep, SessionsDep, SignedIn, VisitDep
from app.web.draft_page.views import VIEWS, View
from app.web.email_links import NOBODY, path_of
from app.web.office import EmailOfficeDep
from app.web.queue_page.words import named, reason_words
from app.web.visit import Visit

router = APIRouter()
PATH = "/brands/{brand}/briefs/{brief_id}/emails/{locale}/{segment}"


@dataclass(frozen=True)
class Part:
    """One slot of the email with its words as readers see them. `link` leads to a draft's own page."""

    kind: str
    sort: str
    """A name of the group `library_sort`."""
    name: str
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
    reasons: tuple[str, ...]
    """What demands the tier, in words."""


@dataclass(frozen=True)
class Trouble:
    """What a form could not do, in words, with what was typed into it."""

    words: str
    hint: str = ""
    arm: str = ""
    typed: str = ""


@dataclass(frozen=True)
class Here:
    """The place of the path as one person looks at it: `segment` is as it stands in the path."""

    office: EmailOffice
    stored: StoredBrief
    locale: str
    segment: str
    actor: Actor
    at: dt.datetime

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.stored, self.locale, self.wanted)

    @property
    def wanted(self) -> str:
        """The segment as emails are stored by it."""
        return ANYBODY_ELSE if self.segment == NOBODY else self.segment

    def emails(self) -> list[tuple[Composed, EmailSituation]]:
        """The email for each arm of a test. Raises NotFound for none with every position chosen."""
        place = {"locale": self.locale, "segment": self.wanted}
        found = self.office.situations(self.stored, self.actor, self.at, **place)
        if not found:
            raise NotFound(f"brief '{self.stored.id}' has no such email with every position chosen")
        return found


def here(  # noqa: PLR0917
    caller: SignedIn,
    brand: BrandDep,
    brief_id: Annotated[str, Path(max_length=60)],
    locale: Annotated[str, Path(max_length=20)],
    segment: Annotated[str, Path(max_length=60)],
    office: EmailOfficeDep,
    sessions: SessionsDep,
) -> Here:
    """The place of the path. Raises NotFound in the same words for no brief and for another brand's."""
    stored = office.desk.brief(brief_id, [brand], brand)
    return Here(office, stored, locale, segment, caller.actor(brand), sessions.clock())


HereDep = Annotated[Here, Depends(here)]


@router.get(PATH)
def email_page(visit: VisitDep, here: HereDep, view: View = "desktop") -> Response:
    """The email of a segment in a locale, for each arm of a test."""
    return _page(visit, here, view=view)


@router.post(PATH + "/{action}")
def act_on_email(  # noqa: PLR0917
    visit: VisitDep,
    caller: SignedIn,
    here: HereDep,
    action: Annotated[str, Path(max_length=20)],
    seen: Annotated[str, Form(max_length=200)] = "",
    arm: Annotated[str, Form(max_length=30)] = SINGLE,
    text: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
) -> Response:
    """Submit, approve, request changes or withdraw, as the email was seen. What was typed is kept where that
    cannot be done.
    """
    caller.require(here.stored.brand, Scope.REVIEW)
    if action not in EMAIL_ACTIONS:
        raise NotFound(f"there is no '{action}' for an email")
    try:
        situation = here.office.situation(here.stored, (here.locale, here.wanted, arm), here.actor, here.at)
        here.office.act(action, situation, _order(action, text), seen=seen)
    except (Conflict, NotPermitted, OutOfDate) as error:
        return _page(visit, here, Trouble(error.message, error.hint, arm, text), error.status_code)
    return visit.go(here.path, said=f"email_{action}")


def _page(
    visit: Visit, here: Here, trouble: Trouble | None = None, status: int = 200, view: View = "desktop"
) -> Response:
    return visit.show(
        "emails.html.jinja",
        status=status,
        brand=here.stored.brand,
        brief=here.stored,
        locale=here.locale,
        segment="" if here.segment == NOBODY else here.segment,
        path=here.path,
        emails=[_shown(item, situation) for item, situation in here.emails()],
        trouble=trouble or Trouble(""),
        view=view,
        views=VIEWS,
        most=LONGEST_TEXT,
    )


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
        reasons=tuple(_reasons(situation)),
    )


def _reasons(situation: EmailSituation) -> Iterator[str]:
    tiering = situation.email.tiering
    for reason in tiering.reasons if tiering is not None else ():
        kind, _, words = reason.partition(": ")
        yield f"{named('kind', kind).capitalize()}: {reason_words(words)}"


def _part(content: SlotContent, item: Composed) -> Part:
    facts, brand = item.place.facts, item.place.library.brand

    def value(name: str) -> str:
        if name in facts.facts:
            return facts.render(name)
        return brand.variables[name].fallback if name in brand.variables else "{" + name + "}"

    sort, _, name = part_of(content).source.partition(" ")
    specs = KINDS[content.kind].schema.specs()
    texts = {
        specs[field].label if field in specs else field: fill_mapped(text, value).text
        for field, text in content.copy_fields.items()
    }
    link = f"/brands/{brand.id}/drafts/{name}" if sort == "draft" else ""
    return Part(content.kind, sort, name, texts, link)


def _why_not(name: str, situation: EmailSituation) -> str:
    try:
        EMAIL_ACTIONS[name].check(situation)
    except CopydeskError as error:
        return error.message
    return ""

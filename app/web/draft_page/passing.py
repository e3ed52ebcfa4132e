"""Findings that somebody lets pass or says are wrong: what a person may do about each, from which form."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.brand.markets import market_of
from app.copywriting.waiving import WaiverOrder, obstacle
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.errors import Conflict
from app.http.errors import InvalidRequest
from app.verdicts.reports import Finding
from app.verdicts.waivers import LONGEST, never
from app.web.draft_page.actions import revision_in
from app.web.draft_page.findings import key_of
from app.web.draft_page.look import Look


@dataclass(frozen=True)
class StandingWaiver:
    """A waiver that holds for a text of the draft, with whether this person may end it."""

    row: StoredWaiver
    words: str
    mine: bool


class Passing:
    """What one person may do about the findings of a draft as they look at it."""

    def __init__(self, look: Look) -> None:
        self._look = look
        report = look.situation.report
        self._guardrail = {key_of(item): made.rule for made in report.results for item in made.findings}
        self._named = frozenset(role.value for role in look.brand.contract.review.may_waive)
        place = look.place
        self.obstacle = obstacle(place, look.draft, look.actor) if place else "nothing judges it any more"

    @property
    def named(self) -> bool:
        """Whether the contract names one of the person's roles."""
        return bool(self._named & self._look.actor.roles)

    def never(self, finding: Finding) -> str:
        """What the finding is about that nobody lets pass, in words; empty where somebody may."""
        return never(finding, self._guardrail[key_of(finding)], self._look.draft.kind) or ""

    def offered(self, finding: Finding) -> bool:
        """Whether the person may let it pass."""
        return finding.blocks and not self.obstacle and not self.never(finding)

    @property
    def first_day(self) -> dt.date:
        """The first day until whose end one may let a finding pass."""
        return self._look.at.astimezone(dt.UTC).date()

    @property
    def last_day(self) -> dt.date:
        """The last one."""
        return (self._look.at.astimezone(dt.UTC) + LONGEST).date() - dt.timedelta(days=1)

    @property
    def standing(self) -> tuple[StandingWaiver, ...]:
        """The waivers that hold now for texts of the draft in its market."""
        look, place = self._look, self._look.place
        if place is None:
            return ()
        market = market_of(place.job.target.market, place.job.target.locale)
        texts = look.draft.copy_fields
        rows = Waivers(look.office.desk.drafts.engine).standing(
            look.draft.brand, look.draft.locale, market, texts.values()
        )
        return tuple(
            StandingWaiver(
                row=row,
                words=texts.get(row.field, "")[row.start : row.end],
                mine=self.named or row.by == look.actor.email,
            )
            for row in rows
            if row.holds(look.at)
        )


def finding_in(look: Look, form: Mapping[str, str]) -> Finding:
    """The finding that a form is about. Raises Conflict where the copy has it no more."""
    found = (item for item in look.situation.report.findings if key_of(item) == form.get("finding"))
    finding = next(found, None)
    if finding is None:
        raise Conflict("the rules do not find this in the copy any more", "look at what they find now")
    return finding


def order_in(finding: Finding, form: Mapping[str, str]) -> WaiverOrder:
    """What a form asks for: the finding passes until the end of a day. Raises InvalidRequest."""
    reason = form.get("reason", "").strip()
    if not reason:
        raise InvalidRequest("say why it may pass", "the reason stands on the receipt")
    try:
        day = dt.date.fromisoformat(form.get("until", "").strip())
    except ValueError as error:
        raise InvalidRequest("say until which day it may pass", "a date such as 2027-01-31") from error
    until = dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1)
    return WaiverOrder(finding.field, finding.rule, reason, until, revision_in(form), finding.start)

"""Whole emails: whose approval they need, what ends it, and that nothing goes out around it."""

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update
from sqlmodel import Session, col

from app.brand.roles import PersonRole
from app.copywriting.choosing import choose_ready
from app.copywriting.composition import composed
from app.copywriting.editing import edit_draft
from app.copywriting.exporting import ready_emails
from app.copywriting.places import place_of
from app.copywriting.whole_emails import EmailOffice, expire_overdue, seen_of
from app.db.audit_log import AuditFilter, AuditLog
from app.db.emails import Emails
from app.db.exports import Exports
from app.db.people import People
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.service_tables import Person
from app.db.tables import Draft
from app.errors import Conflict, CopydeskError, NotFound, NotPermitted, OutOfDate, ReleaseRefused
from app.release.approvals import Place
from app.release.content import SlotContent
from app.release.gate import Gate
from app.release.whole import lacking_its_email, part_of, version_digest, whole_tiering
from app.review.action import Order
from app.review.emails.actions.request_changes import ChangesOrder
from app.review.emails.situation import EmailSituation, EmailState
from app.review.situation import Actor
from tests.api.house import ACCOUNT
from tests.copywriting.office import BY, NOW, REVIEWER, Office, email

PLACE = ("en-US", "weekend_hikers", SINGLE)
ROLES = {
    "cal": ("copywriter",),
    "rae": ("brand reviewer",),
    "lea": ("legal",),
    "lou": ("legal", "brand reviewer"),
    "ada": ("brand owner",),
}


def who(name: str) -> Actor:
    return Actor(f"{name}@fernhill.example", name, frozenset(ROLES[name]))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A brief of one email whose tier asks for two people on the whole; every slot approved and chosen."""
    return made(tmp_path)


def made(root: Path, office: Office | None = None, **terms: Any) -> Office:
    office = office or Office.at(root)
    office.desk.contract["approvers"]["low"] = ["brand reviewer", "legal"]
    office.desk.contract["review"] = {"tiers": {"low": {"whole_email": True, "people": 2, **terms}}}
    office.desk.content.files["platforms/own.yaml"] = ACCOUNT
    office.generate()
    people = People(office.store.engine)
    for name, roles in ROLES.items():
        people.add(f"{name}@fernhill.example", name.title())
        people.grant(f"{name}@fernhill.example", "fernhill", [PersonRole(role) for role in roles])
    for kind in ("subject", "hero", "cta"):
        chosen(office, kind, approved(office, office.chosen(kind)))
    choose_ready(office.copydesk, Exports(office.store.engine), office.stored(), BY)
    chosen(office, "footer", None)
    return office


def approved(office: Office, draft: Draft) -> Draft:
    office.approve(draft, "brand reviewer", "someone@fernhill.example")
    return office.approve(office.draft(draft.id), "legal", "another@fernhill.example")


def chosen(office: Office, kind: str, draft: Draft | None) -> None:
    block = None if draft is not None else f"{kind}_evergreen"
    arm = Arm(name=SINGLE, draft=draft.id if draft is not None else None, block=block)
    row = ChosenSlot(
        brand="fernhill",
        brief_id="fernhill_hello",
        locale="en-US",
        segment="weekend_hikers",
        kind=kind,
        arms=(arm,),
        chosen_by=BY,
    )
    Exports(office.store.engine).choose([row])


def desk_of(office: Office) -> EmailOffice:
    return EmailOffice.over(office.copydesk)


def now_of(office: Office, name: str = "cal", at: dt.datetime = NOW) -> EmailSituation:
    return desk_of(office).situation(office.stored(), PLACE, who(name), at)


MOMENTS = itertools.count()


def act(
    office: Office, name: str, action: str, order: Order | None = None, at: dt.datetime | None = None
) -> EmailSituation:
    """Each action a second after the one before, as moments of people are."""
    moment = at or NOW + dt.timedelta(seconds=next(MOMENTS))
    situation = now_of(office, name, moment)
    desk_of(office).act(action, situation, order, seen=seen_of(situation))
    return now_of(office, name, moment)


def agreed(office: Office) -> None:
    act(office, "cal", "submit")
    act(office, "rae", "approve")
    assert act(office, "lea", "approve").state is EmailState.APPROVED


def exported(office: Office) -> None:
    desk = office.copydesk
    account = desk.library("fernhill").brand.accounts["own"]
    ready_emails(desk, Exports(office.store.engine), office.stored(), account, by=BY)


def refused(office: Office) -> str:
    with pytest.raises(ReleaseRefused) as error:
        exported(office)
    return "; ".join(error.value.reasons)


def test_the_gate_refuses_it_until_all_have_approved(office: Office) -> None:
    assert now_of(office).state is EmailState.NOT_SUBMITTED
    words = refused(office)
    assert "lacks an approval as a whole by: brand reviewer, legal" in words
    assert "tier low asks for it" in words
    blocking = email(office.status()).blocking
    assert [item.who for item in blocking] == [("brand reviewer", "legal")]
    assert not email(office.status()).ready
    assert act(office, "cal", "submit").state is EmailState.IN_REVIEW
    refused(office)
    assert act(office, "rae", "approve").state is EmailState.IN_REVIEW
    assert "by: legal" in refused(office)
    assert act(office, "lea", "approve").state is EmailState.APPROVED
    exported(office)
    assert email(office.status()).blocking == ()


def test_what_was_done_is_in_the_record(office: Office) -> None:
    agreed(office)
    notes = AuditLog(office.store.engine).records(AuditFilter())
    assert [item.action for item in notes if item.action.startswith("email.")] == [
        "email.approve",
        "email.approve",
        "email.submit",
    ]
    assert [item.data["complete"] for item in notes[:2]] == [True, False]


def test_one_person_with_both_roles_is_not_two_people(office: Office) -> None:
    act(office, "cal", "submit")
    assert act(office, "lou", "approve").state is EmailState.IN_REVIEW
    with pytest.raises(NotPermitted, match="another person"):
        act(office, "lou", "approve")
    assert act(office, "rae", "approve").state is EmailState.APPROVED


def test_nobody_approves_an_email_who_wrote_a_part_of_it(office: Office) -> None:
    draft = office.chosen("hero")
    body = {"headline": "Take a long walk outside"}
    edited = edit_draft(office.copydesk, draft, body, seen=draft.revision, by=REVIEWER).draft
    chosen(office, "hero", approved(office, edited))
    act(office, "cal", "submit")
    with pytest.raises(NotPermitted, match="nobody approves what they wrote"):
        act(office, "rae", "approve")
    act(office, "lou", "approve")
    assert now_of(office).state is EmailState.IN_REVIEW


@pytest.mark.parametrize("name", ["cal", "ada"])
def test_only_the_roles_of_the_tier_approve(office: Office, name: str) -> None:
    act(office, "cal", "submit")
    with pytest.raises(NotPermitted, match="waits for an approval by"):
        act(office, name, "approve")


def test_in_turn(tmp_path: Path) -> None:
    office = made(tmp_path, in_turn=True)
    act(office, "cal", "submit")
    with pytest.raises(NotPermitted, match="brand reviewer"):
        act(office, "lea", "approve")
    act(office, "rae", "approve")
    assert act(office, "lea", "approve").state is EmailState.APPROVED


# what ends an approval


def test_swapping_a_slot_drops_it(office: Office) -> None:
    agreed(office)
    chosen(office, "cta", None)
    assert now_of(office).state is EmailState.CHANGED
    assert "lacks an approval as a whole" in refused(office)
    with pytest.raises(Conflict, match="not what was submitted"):
        act(office, "lou", "approve")
    assert act(office, "cal", "submit").state is EmailState.IN_REVIEW
    assert now_of(office).given == ()


def test_an_edit_drops_it(office: Office) -> None:
    agreed(office)
    draft = office.chosen("cta")
    edited = edit_draft(office.copydesk, draft, {"label": "Take a walk"}, seen=draft.revision, by=BY).draft
    approved(office, edited)
    assert now_of(office).state is EmailState.CHANGED
    assert "lacks an approval as a whole" in refused(office)


def test_another_value_drops_it(tmp_path: Path) -> None:
    office = made(tmp_path)
    draft = office.naming("product.name")
    chosen(office, "hero", draft if draft.receipt.approvers else approved(office, draft))
    agreed(office)
    assert now_of(office).email.shown == {"product.name": "Ridgeline Coat"}
    office.desk.target["facts"]["product.name"]["value"] = "Fellside Coat"
    office.keep()
    again = office.draft(draft.id)
    approved(office, again)
    assert now_of(office).state is EmailState.CHANGED
    assert "lacks an approval as a whole" in refused(office)


def test_an_approval_is_too_old_after_its_days(tmp_path: Path) -> None:
    office = made(tmp_path, valid_days=2)
    agreed(office)
    office.desk.target["window"]["send_at"] = "2026-11-20T23:00:00+00:00"
    office.keep()
    assert now_of(office).state is EmailState.APPROVED
    office.desk.target["window"]["send_at"] = "2026-11-21T00:30:00+00:00"
    office.keep()
    assert now_of(office).state is EmailState.CHANGED
    assert "lacks an approval as a whole" in refused(office)


def test_withdrawn_and_sent_back(office: Office) -> None:
    agreed(office)
    assert act(office, "cal", "withdraw").state is EmailState.WITHDRAWN
    assert "lacks an approval as a whole" in refused(office)
    assert act(office, "cal", "submit").state is EmailState.IN_REVIEW
    act(office, "rae", "approve")
    back = act(office, "lea", "request_changes", ChangesOrder(text="Another order."))
    assert back.state is EmailState.CHANGES_REQUESTED
    assert back.review is not None
    assert back.review.note == "Another order."
    assert all(item.ended_at for item in back.approvals)
    with pytest.raises(Conflict):
        act(office, "lea", "approve")


def test_past_the_deadline_it_is_not_released(office: Office) -> None:
    due = act(office, "cal", "submit").review
    assert due is not None
    act(office, "rae", "approve")
    late = due.due_at
    assert now_of(office, at=late - dt.timedelta(seconds=1)).state is EmailState.IN_REVIEW
    assert now_of(office, at=late).state is EmailState.EXPIRED
    with pytest.raises(Conflict, match="deadline"):
        act(office, "lea", "approve", at=late)
    assert expire_overdue(desk_of(office), late - dt.timedelta(seconds=1)) == 0
    assert expire_overdue(desk_of(office), late) == 1
    assert expire_overdue(desk_of(office), late) == 0
    stored = now_of(office, at=late)
    assert stored.review is not None
    assert "the email is not released" in stored.review.note
    assert "lacks an approval as a whole" in refused(office)


def test_not_submitted_too_late_nor_unready(office: Office) -> None:
    with pytest.raises(Conflict, match="had to end by"):
        act(office, "cal", "submit", at=dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC))
    draft = office.chosen("cta")
    edit_draft(office.copydesk, draft, {"label": "Take a walk"}, seen=draft.revision, by=BY)
    with pytest.raises(Conflict, match="slots cannot go out yet"):
        act(office, "cal", "submit")


def test_of_two_at_once_one_wins(office: Office) -> None:
    act(office, "cal", "submit")
    first, second = now_of(office, "rae"), now_of(office, "lea")
    desk_of(office).act("approve", first, seen=seen_of(first))
    with pytest.raises(OutOfDate):
        desk_of(office).act("approve", second, seen=seen_of(second))
    with pytest.raises(OutOfDate):
        desk_of(office).act("approve", now_of(office, "lea"), seen=seen_of(second))
    assert act(office, "lea", "approve").state is EmailState.APPROVED


def test_who_read_the_review_before_another_decided_is_told_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Approvals are read after the review: they are the other's already, and refuse what this one wants."""
    act(office, "cal", "submit")
    act(office, "rae", "approve")
    before = Emails.latest(desk_of(office).emails, "fernhill", "fernhill_hello")
    act(office, "lea", "approve")
    with monkeypatch.context() as patched:
        patched.setattr(Emails, "latest", lambda *_: before)
        read = now_of(office, "lou")
    assert read.state is EmailState.APPROVED
    with pytest.raises(OutOfDate, match="somebody was quicker"):
        desk_of(office).act("approve", read, seen=seen_of(read))


@pytest.mark.parametrize("action", ["approve", "request_changes"])
def test_past_the_deadline_nobody_decides_also_where_no_sweep_has_looked(office: Office, action: str) -> None:
    due = act(office, "cal", "submit").review
    assert due is not None
    order = ChangesOrder(text="Shorter.") if action == "request_changes" else None
    with pytest.raises(Conflict, match="was not approved by its deadline"):
        act(office, "rae", action, order, at=due.due_at)
    assert act(office, "cal", "withdraw", at=due.due_at).state is EmailState.WITHDRAWN


def test_an_earlier_moment_of_sending_ends_it_earlier(office: Office) -> None:
    act(office, "cal", "submit")
    office.desk.target["window"]["send_at"] = "2026-11-19T09:00:00+00:00"
    office.keep()
    latest = dt.datetime(2026, 11, 19, 8, 0, tzinfo=dt.UTC)
    assert now_of(office).until == latest
    assert now_of(office, at=latest - dt.timedelta(seconds=1)).state is EmailState.IN_REVIEW
    assert now_of(office, at=latest).state is EmailState.EXPIRED
    with pytest.raises(Conflict, match="was not approved by its deadline"):
        act(office, "rae", "approve", at=latest)


def test_an_email_that_nobody_chose_for_is_none(office: Office) -> None:
    with pytest.raises(NotFound):
        desk_of(office).situation(office.stored(), ("en-US", "trail_runners", SINGLE), who("cal"), NOW)
    with pytest.raises(NotFound):
        desk_of(office).situation(office.stored(), ("en-US", "weekend_hikers", "b"), who("cal"), NOW)


def test_no_tier_asks_no_approval_needed(tmp_path: Path) -> None:
    office = made(tmp_path, whole_email=False)
    assert now_of(office).state is EmailState.NOT_NEEDED
    exported(office)
    with pytest.raises(Conflict, match="needs no approval"):
        act(office, "cal", "submit")


# what the digest holds


def composition(office: Office) -> tuple[list[SlotContent], Place]:
    desk, stored = office.copydesk, office.stored()
    library = desk.library("fernhill")
    jobs = [slot.job for slot in office.slots().values()]
    rows = Exports(office.store.engine).chosen(stored.brand, stored.id)
    found = composed(desk, library, jobs, rows, SINGLE)
    return list(found.contents.values()), place_of(jobs[0], library, jobs)


def test_another_brief_and_another_link_have_another_digest(office: Office) -> None:
    slots, place = composition(office)
    elsewhere = {**place.slots, "cta": {**place.slots["cta"], "link": "https://fernhill.example/coats"}}
    places = (place, replace(place, brief="another"), replace(place, slots=elsewhere))
    assert len({version_digest(slots, item) for item in places}) == len(places)


def test_an_approval_for_one_brief_gives_no_slot_of_another_out(office: Office) -> None:
    agreed(office)
    slots, place = composition(office)
    emails, part = Emails(office.store.engine), part_of(slots[0])
    where = (place.facts.locale, "US", place.segment)
    assert emails.of_part("fernhill", where, part)
    assert emails.of_part("fernhill", where, part, place.brief)
    assert not emails.of_part("fernhill", where, part, "another")
    assert list(lacking_its_email(slots[0], place, emails)) == []
    assert list(lacking_its_email(slots[0], replace(place, brief="another"), emails))


def test_every_order_and_part_has_its_own_digest(office: Office) -> None:
    slots, place = composition(office)
    first = version_digest(slots, place)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(order=st.permutations(range(len(slots))), left=st.sets(st.integers(0, len(slots) - 1)))
    def holds(order: list[int], left: set[int]) -> None:
        other = [slots[n] for n in order if n not in left]
        assert (version_digest(other, place) == first) == (other == slots)

    holds()
    for changes in (
        {"segment": "trail_runners"},
        {"journey": "welcome"},
        {"market": "GB"},
        {"facts": place.facts.model_copy(update={"locale": "en-GB"})},
    ):
        assert version_digest(slots, Place(**{**vars(place), **changes})) != first


def test_the_gate_refuses_the_same_parts_in_another_order(office: Office) -> None:
    agreed(office)
    slots, place = composition(office)
    gate = Gate(office.store, emails=Emails(office.store.engine))
    assert gate.email_obstacles(slots, place) == []
    assert gate.email_obstacles(slots[::-1], place) != []
    assert gate.email_obstacles(slots[1:], place) != []
    assert Gate(office.store).email_obstacles(slots, place) != [], "without a place to look it up"


def test_a_slot_alone_is_given_out_with_its_email_only(office: Office) -> None:
    slots, place = composition(office)
    emails = Emails(office.store.engine)
    cta = next(item for item in slots if item.kind == "cta")
    assert list(lacking_its_email(cta, place, emails))
    agreed(office)
    assert list(lacking_its_email(cta, place, emails)) == []
    elsewhere = Place(**{**vars(place), "segment": "trail_runners"})
    assert list(lacking_its_email(cta, elsewhere, emails))
    act(office, "cal", "withdraw")
    assert list(lacking_its_email(cta, place, emails))
    evergreen = office.copydesk.library("fernhill").find("cta_evergreen")
    assert evergreen is not None
    last = Place(**{**vars(place), "last_resort": True})
    assert list(lacking_its_email(SlotContent.of_block(evergreen.block), last, emails)) == []
    assert list(lacking_its_email(cta, last, emails))


@pytest.mark.parametrize("name", ["Cal Copywriter", "CAL  copywriter"])
def test_who_wrote_a_block_of_it_under_their_name_does_not_approve_it(office: Office, name: str) -> None:
    """The footer is a block whose file names its author by name."""
    act(office, "cal", "submit")
    act(office, "rae", "approve")
    with Session(office.store.engine) as session:
        session.execute(update(Person).where(col(Person.email) == "lea@fernhill.example").values(name=name))
        session.commit()
    assert "lea@fernhill.example" not in now_of(office).with_roles(("legal",))
    with pytest.raises(NotPermitted, match="you wrote a part of this email"):
        act(office, "lea", "approve")


def test_an_approval_by_who_turns_out_to_have_written_a_block_ends(office: Office) -> None:
    agreed(office)
    exported(office)
    slots, place = composition(office)
    footer = next(item for item in slots if item.kind == "footer")
    assert list(lacking_its_email(footer, place, Emails(office.store.engine))) == []
    with Session(office.store.engine) as session:
        wrote = update(Person).where(col(Person.email) == "lea@fernhill.example")
        session.execute(wrote.values(name="Cal Copywriter"))
        session.commit()
    assert "lacks an approval as a whole by: legal" in refused(office)
    assert list(lacking_its_email(footer, place, Emails(office.store.engine)))


def test_the_highest_tier_counts(office: Office) -> None:
    slots, place = composition(office)
    found = whole_tiering(slots, place)
    assert found is not None
    assert found.tier.value == "low"
    assert {words.split(":")[0] for words in found.reasons} == {"subject", "hero", "cta", "footer"}
    assert part_of(slots[0]).source.startswith("draft ")


STEPS = st.sampled_from(
    [(name, action) for name in ROLES for action in ("submit", "approve", "withdraw", "request_changes")]
    + [("", "swap"), ("", "swap_back"), ("", "expire")]
)


def test_no_way_around(office: Office) -> None:
    """Whatever people do in whatever order, the gate lets out only what two of them, in both roles, approved
    as it is, and nothing of it ended since.
    """
    first = office.chosen("cta")

    @settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(steps=st.lists(STEPS, min_size=1, max_size=7))
    def holds(steps: list[tuple[str, str]]) -> None:
        chosen(office, "cta", office.draft(first.id))
        if now_of(office).review is not None:
            for action in ("withdraw",):
                _try(office, "cal", action)
        live: dict[str, dict[str, str]] = {}
        for name, action in steps:
            before = now_of(office).email.digest
            if action in ("swap", "swap_back"):
                chosen(office, "cta", None if action == "swap" else office.draft(first.id))
            elif action == "expire":
                review = now_of(office).review
                if review is not None and expire_overdue(desk_of(office), review.due_at):
                    live.clear()
            elif _try(office, name, action):
                if action == "approve":
                    live.setdefault(before, {})[name] = name
                else:
                    live.clear()
            slots, place = composition(office)
            gate = Gate(office.store, emails=Emails(office.store.engine))
            out = not gate.email_obstacles(slots, place)
            people = live.get(now_of(office).email.digest, {})
            roles = {role for person in people for role in ROLES[person]}
            assert out == ({"legal", "brand reviewer"} <= roles and len(people) >= 2), (steps, people)

    holds()


def _try(office: Office, name: str, action: str) -> bool:
    order = ChangesOrder(text="No.") if action == "request_changes" else None
    try:
        act(office, name, action, order)
    except CopydeskError:
        return False
    return True

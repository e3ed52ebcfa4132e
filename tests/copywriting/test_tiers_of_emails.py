"""Whose approval a whole email needs where its slots are in several tiers: the same roles on its page, at
export and at the moment of sending.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.copywriting.choosing import choose_ready
from app.db.drafts import DraftChange
from app.db.emails import Emails
from app.db.exports import Exports
from app.release.whole import lacking_its_email, version_digest
from app.review.emails.situation import EmailState
from tests.copywriting.office import BY, Office
from tests.copywriting.test_whole_emails import (
    act,
    approved,
    chosen,
    composition,
    exported,
    made,
    now_of,
    refused,
)

BOTH = {"low": {"whole_email": True}, "restricted": {"whole_email": True}}


def raised(root: Path, **hero: Any) -> Office:
    """An email whose opening is of a higher tier, which other people approve; `hero` is more of its slot."""
    office = Office.at(root)
    office.desk.slots["hero"].update(hero)
    office = made(root, office)
    office.desk.contract["approvers"] |= {"low": ["brand reviewer"], "restricted": ["legal"]}
    office.desk.contract["review"] = {"tiers": BOTH}
    office.keep()
    draft = office.chosen("hero")
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"tier": "restricted"})])
    chosen(office, "hero", approved(office, office.draft(draft.id)))
    choose_ready(office.copydesk, Exports(office.store.engine), office.stored(), BY)
    return office


def lacking(office: Office, kind: str, **changes: Any) -> list[str]:
    """What keeps a slot back at the moment of sending."""
    slots, place = composition(office)
    content = next(item for item in slots if item.kind == kind)
    emails = Emails(office.store.engine)
    return [item.words for item in lacking_its_email(content, replace(place, **changes), emails)]


def test_the_highest_tier_of_an_email_is_asked_everywhere(tmp_path: Path) -> None:
    office = raised(tmp_path)
    assert now_of(office).needed == ("legal",)
    assert lacking(office, "cta")
    act(office, "cal", "submit")
    assert act(office, "lea", "approve").state is EmailState.APPROVED
    exported(office)
    assert [lacking(office, kind) for kind in ("subject", "hero", "cta", "footer")] == [[], [], [], []]


def test_both_readings_of_a_conditional_email_get_the_roles_of_their_own_tier(tmp_path: Path) -> None:
    condition: Mapping[str, Any] = {
        "shown_when": {"variable": "person.first_name"},
        "otherwise": "hero_evergreen",
    }
    office = raised(tmp_path, **condition)
    found = now_of(office)
    assert (found.needed, found.people) == (("legal", "brand reviewer"), 1)
    assert "by: legal" in refused(office)
    act(office, "cal", "submit")
    half = act(office, "lea", "approve")
    assert (half.state, half.next_roles) == (EmailState.IN_REVIEW, ("brand reviewer",))
    assert "by: brand reviewer" in refused(office)
    assert act(office, "rae", "approve").state is EmailState.APPROVED
    exported(office)
    assert lacking(office, "cta") == []


def test_a_tier_that_asks_for_more_since_is_asked_at_the_moment_of_sending(tmp_path: Path) -> None:
    office = raised(tmp_path)
    act(office, "cal", "submit")
    act(office, "lea", "approve")
    office.desk.contract["approvers"]["restricted"] = ["legal", "brand owner"]
    office.keep()
    assert now_of(office).state is EmailState.CHANGED
    assert lacking(office, "cta"), "the email that it was approved in would not be exported"


def test_a_slot_is_never_asked_less_than_its_own_tier(tmp_path: Path) -> None:
    office = raised(tmp_path)
    act(office, "cal", "submit")
    act(office, "lea", "approve")
    office.desk.contract["tiers"]["kinds"]["cta"] = "elevated"
    office.desk.contract["approvers"]["elevated"] = ["brand reviewer"]
    office.desk.contract["review"] = {"tiers": {**BOTH, "elevated": {"whole_email": True}}}
    office.keep()
    assert lacking(office, "cta") == []
    office.desk.contract["tiers"]["kinds"]["cta"] = "restricted"
    office.desk.contract["approvers"]["restricted"] = ["legal", "brand owner"]
    office.keep()
    assert lacking(office, "cta")


def test_a_block_with_another_value_needs_another_approval_of_its_email(tmp_path: Path) -> None:
    office = raised(tmp_path)
    draft = office.naming("product.name")
    chosen(office, "hero", draft if draft.receipt.approvers else approved(office, draft))
    act(office, "cal", "submit")
    while now_of(office).state is EmailState.IN_REVIEW:
        act(office, "lea" if now_of(office).next_roles == ("legal",) else "rae", "approve")
    assert lacking(office, "hero") == []
    slots, place = composition(office)
    facts = place.facts.model_copy(deep=True)
    coat = facts.facts["product.name"]
    facts.facts["product.name"] = coat.model_copy(update={"value": "Fellside Coat"})
    assert version_digest(slots, replace(place, facts=facts)) != version_digest(slots, place)
    assert lacking(office, "hero", facts=facts)
    assert lacking(office, "cta", facts=facts) == [], "it does not state the name"

"""Whole emails, findings that pass for a while, and new values, in Chromium."""

import copy
from pathlib import Path
from typing import Literal

import pytest

from app.brief.models import Brief
from app.copywriting.revising import revise_brief
from app.db.tables import DraftState
from app.verdicts.reports import Verdict
from app.yaml12 import read
from tests.api.house import OURS, email_of, write_content
from tests.browser.opened import PHONE, WIDE
from tests.browser.pages import Served
from tests.generation.desk import BRIEF
from tests.release.content import dump
from tests.web.conftest import FakeClock
from tests.web.drafts import HERO, SEND_AT, act, choose_evergreens, office_of, page_of, store_brief, write

BRIEF_PAGE = f"/brands/{OURS}/briefs/{BRIEF['id']}"
EMAIL_PAGE = f"{BRIEF_PAGE}/emails/en-US/weekend_hikers"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content whose lowest tier asks for the whole email, and whose contract lets Legal waive."""
    root = tmp_path_factory.mktemp("content")
    write_content(root)
    path = root / "brand" / OURS / "contract.yaml"
    terms = {"whole_email": True, "people": 2, "several_at_once": True}
    contract = {**read(path).data, "review": {"may_waive": ["legal"], "tiers": {"low": terms}}}
    contract["approvers"]["low"] = ["brand reviewer", "legal"]
    dump(path, contract)
    return root


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_whole_email_from_the_brief_to_its_approval(
    pages: Served, width: int, scheme: Literal["light", "dark"]
) -> None:
    store_brief(pages.service)
    choose_evergreens(pages.service, BRIEF["id"])
    with pages.opened("cal", width, scheme) as cal:
        page = cal.go(BRIEF_PAGE)
        page.get_by_role("link", name="The email for weekend hikers").click()
        page.frame_locator("iframe.email").get_by_text("Preview - not approved").wait_for()
        cal.is_sound()
        page.get_by_role("button", name="Submit the whole email").click()
        page.get_by_text("The email is in review as a whole.").wait_for()
    for name in ("rae", "lea"):
        with pages.opened(name, width, scheme) as reviewer:
            page = reviewer.go(EMAIL_PAGE)
            reviewer.is_sound()
            page.get_by_role("button", name="Approve the whole email").click()
            page.get_by_text("You have approved the whole email.").wait_for()
            reviewer.is_sound()


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_a_finding_is_let_pass_and_blocks_again(pages: Served, width: int) -> None:
    draft = write(pages.service, fields={**HERO, "headline": "Unleash your boots today"})

    def verdict() -> Verdict:
        return pages.service.drafts.find(draft.id, [OURS]).receipt.verdicts.verdict

    with pages.opened("lea", width) as lea:
        page = lea.go(page_of(draft))
        page.get_by_text("This finding is wrong").click()
        page.get_by_label("Why is it wrong?").fill("It is the name of our walk")
        lea.is_sound()
        page.get_by_role("button", name="Say that it is wrong").click()
        page.get_by_text("kept with the proposals").wait_for()
        page.get_by_text("Let it pass here").click()
        page.get_by_label("Why may it pass?").fill("The name of our walk")
        page.get_by_label("Until the end of").fill("2027-04-01")
        lea.is_sound()
        page.get_by_role("button", name="Let it pass", exact=True).click()
        page.get_by_text("It passes for now").wait_for()
        assert verdict() is Verdict.PASS
        lea.is_sound()
        page.get_by_role("button", name="Let “Unleash” pass no more").click()
        page.get_by_text("It passes no more.").wait_for()
        assert verdict() is Verdict.FAIL


@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_new_values_are_approved_in_one_action(pages: Served, clock: FakeClock, width: int) -> None:
    draft = write(pages.service)
    act(pages.service, "submit", draft, "cal", at=clock())
    for name in ("rae", "lea"):
        act(pages.service, "approve", draft, name, at=clock())
    brief = copy.deepcopy(BRIEF)
    brief["targets"][0]["window"]["send_at"] = SEND_AT
    brief["targets"][0]["facts"]["product.price"]["value"] = "119.00"
    desk = office_of(pages.service).desk
    stored = desk.brief(BRIEF["id"], [OURS])
    revise_brief(desk, stored, Brief.model_validate(brief), desk.library(OURS), by=email_of("cal"))
    for name in ("rae", "lea"):
        with pages.opened(name, width) as reviewer:
            reviewer.go(page_of(draft))
            reviewer.is_sound()
            page = reviewer.go(BRIEF_PAGE)
            assert page.locator("#new-values del").inner_text() == "$129"
            assert page.locator("#new-values ins").inner_text() == "$119"
            reviewer.is_sound()
            page.get_by_role("button", name="Approve it with the new values").click()
            page.get_by_text("Approved with the new values: 1.").wait_for()
    assert pages.service.drafts.find(draft.id, [OURS]).state is DraftState.APPROVED

"""Values that changed after an approval: old and new beside each other, and one action for all drafts."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.brief.models import Brief
from app.copywriting.revising import revise_brief
from app.db.tables import Draft, DraftState
from tests.api.house import OURS, email_of, write_content
from tests.generation.desk import BRIEF
from tests.web.conftest import FakeClock
from tests.web.drafts import HERO, SEND_AT, act, office_of, page_of, write
from tests.web.front import Browser, Front, open_front
from tests.web.test_drafts import state, text_of

PAGE = f"/brands/{OURS}/briefs/{BRIEF['id']}"
OTHER = {"headline": "Leave early", "body": "The {product.name} is {product.price}. The trail is quiet."}


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content whose contract lets copy of the lowest risk be approved together."""
    root = tmp_path_factory.mktemp("content")
    write_content(root, review={"tiers": {"low": {"several_at_once": True}}})
    return root


@pytest.fixture
def front(tmp_path: Path, together: Path, clock: FakeClock) -> Iterator[Front]:
    with open_front(tmp_path, together, clock) as opened:
        yield opened


def price(front: Front, value: str) -> None:
    """Give the product another price."""
    service, brief = front.service, copy.deepcopy(BRIEF)
    brief["targets"][0]["window"]["send_at"] = SEND_AT
    brief["targets"][0]["facts"]["product.price"]["value"] = value
    desk = office_of(service).desk
    stored = desk.brief(BRIEF["id"], [OURS])
    revise_brief(desk, stored, Brief.model_validate(brief), desk.library(OURS), by=email_of("cal"))


def approved(front: Front, clock: FakeClock) -> list[Draft]:
    """Two openings that state the price, approved by Rae."""
    drafts = [write(front.service, fields=fields) for fields in (HERO, OTHER)]
    for draft in drafts:
        act(front.service, "submit", draft, "cal", at=clock())
        act(front.service, "approve", draft, "rae", at=clock())
    return drafts


def references(browser: Browser) -> list[str]:
    """What the form of the brief's page names."""
    return re.findall(r'name="draft" value="([0-9a-f]{32}:[0-9]+:[0-9a-f]{16})"', browser.get(PAGE).text)


def again(browser: Browser, named: list[str]) -> tuple[int, str]:
    """Send the form; the status, and the words or where it leads."""
    data = {"form_token": browser.form_token, "draft": named}
    answer = browser.client.post(f"{PAGE}/reapprove", data=data, headers={"origin": "http://localhost"})
    return answer.status_code, answer.headers.get("location") or text_of(answer.text)


def test_old_and_new_are_shown_and_approved_in_one_action(front: Front, clock: FakeClock) -> None:
    drafts, rae = approved(front, clock), front.signed_in("rae")
    assert "New values, the same words" not in rae.get(PAGE).text
    price(front, "119.00")
    words = text_of(rae.get(page_of(drafts[0])).text)
    assert "Values that changed" in words
    assert "{product.price} $129 $119" in words
    words = text_of(rae.get(PAGE).text)
    assert "New values, the same words These drafts were approved; then values changed." in words
    assert "The Ridgeline Coat is $119. The trail is quiet." in words
    assert words.count("{product.price} $129 $119") == 2
    assert "Approve all 2 with the new values" in words
    assert again(rae, references(rae)) == (303, PAGE)
    assert "Approved with the new values: 2." in rae.get(PAGE).text
    assert {state(front, draft).state for draft in drafts} == {DraftState.APPROVED}
    assert "New values, the same words" not in rae.get(PAGE).text
    assert "Values that changed" not in rae.get(page_of(drafts[0])).text


def test_nobody_approves_values_that_they_did_not_see(front: Front, clock: FakeClock) -> None:
    drafts, rae = approved(front, clock), front.signed_in("rae")
    price(front, "119.00")
    seen = references(rae)
    price(front, "109.00")
    status, words = again(rae, seen)
    assert (status, "Nothing was approved: values changed again since you saw them" in words) == (412, True)
    assert "{product.price} $129 $109" in words
    seen = references(rae)
    act(front.service, "approve", drafts[0], "rae", at=clock())
    assert again(rae, seen)[0] in {409, 412}
    assert state(front, drafts[1]).state is DraftState.IN_REVIEW, "all or none"
    assert again(rae, references(rae)) == (303, PAGE)


def test_who_may_not_and_what_is_no_form_of_ours(front: Front, clock: FakeClock) -> None:
    approved(front, clock)
    price(front, "119.00")
    rae, cal, pia = (front.signed_in(name) for name in ("rae", "cal", "pia"))
    named = references(rae)
    assert references(cal) == []
    assert "Not approved with the others: you had a hand in this copy" in text_of(cal.get(PAGE).text)
    assert again(cal, named)[0] == 403
    assert again(pia, named)[0] == 403
    for odd in ([], ["x"], [*named, "0" * 32], ["é" * 32 + ":1:" + "0" * 16]):
        assert again(rae, odd)[0] == 422
    assert again(rae, ["0" * 32 + ":1:" + "0" * 16])[0] == 409

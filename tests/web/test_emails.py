"""The page of whole emails: approved by two people, too late, and by nobody who may not."""

import copy
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.brief.models import Brief
from app.copywriting.desk import Desk
from app.web.draft_page.views import VIEWS
from app.yaml12 import read
from tests.api.house import OURS, write_content
from tests.generation.desk import BRIEF
from tests.release.content import dump
from tests.web.drafts import choose_evergreens, page_of, write
from tests.web.front import Browser, Front, open_front

SEND = dt.datetime.now(dt.UTC) + dt.timedelta(days=20)
PATH = f"/brands/{OURS}/briefs/{BRIEF['id']}/emails/en-US/weekend_hikers"


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content whose lowest tier asks for brand reviewer and legal on the whole."""
    content = tmp_path_factory.mktemp("content")
    write_content(content)
    path = content / "brand" / OURS / "contract.yaml"
    contract = {**read(path).data, "review": {"tiers": {"low": {"whole_email": True, "people": 2}}}}
    contract["approvers"]["low"] = ["brand reviewer", "legal"]
    dump(path, contract)
    return content


@pytest.fixture
def front(asking: Path, tmp_path: Path) -> Iterator[Front]:
    with open_front(tmp_path, asking) as opened:
        brief = copy.deepcopy(BRIEF) | {"brand": OURS}
        brief["targets"][0]["window"]["send_at"] = SEND.isoformat()
        service = opened.service
        desk = Desk(service.briefs, service.drafts, service.contents.now())
        desk.briefs.create(Brief.model_validate(brief), author="cal@example.com")
        choose_evergreens(service, BRIEF["id"])
        yield opened


def seen(browser: Browser) -> str:
    """What the forms of the page carry."""
    text = browser.get(PATH).text
    found = re.search(r'name="seen" value="([^"]*)"', text)
    return str(found[1]) if found else ""


def test_two_people_approve_it(front: Front) -> None:
    cal, rae, lea = (front.signed_in(name) for name in ("cal", "rae", "lea"))
    text = cal.get(PATH).text
    assert "not submitted yet" in text
    assert "Approve the whole email" not in text
    assert "hero_evergreen" in text
    done = cal.post(f"{PATH}/submit", seen=seen(cal))
    assert (done.status_code, done.headers["location"]) == (303, PATH)
    assert "is in review as a whole" in cal.get(PATH).text
    for browser in (rae, lea):
        assert "Approve the whole email" in browser.get(PATH).text
        assert browser.post(f"{PATH}/approve", seen=seen(browser)).status_code == 303
    assert "approved as a whole" in lea.get(PATH).text
    assert "rae@example.com" in lea.get(PATH).text


def test_a_form_that_comes_too_late_keeps_what_was_typed(front: Front) -> None:
    cal, rae, lea = (front.signed_in(name) for name in ("cal", "rae", "lea"))
    cal.post(f"{PATH}/submit", seen=seen(cal))
    old = seen(lea)
    rae.post(f"{PATH}/approve", seen=seen(rae))
    late = lea.post(f"{PATH}/request_changes", seen=old, text="Another <b>order</b>.")
    assert late.status_code == 412
    assert "is not what you saw" in late.text
    assert "Another &lt;b&gt;order&lt;/b&gt;." in late.text
    empty = lea.post(f"{PATH}/request_changes", seen=seen(lea))
    assert (empty.status_code, "say what should be otherwise" in empty.text) == (409, True)
    assert lea.post(f"{PATH}/request_changes", seen=seen(lea), text="Another order.").status_code == 303
    assert "Another order." in cal.get(PATH).text


def test_it_stands_in_the_queue_and_people_land_there(front: Front) -> None:
    cal, rae, lea = (front.signed_in(name) for name in ("cal", "rae", "lea"))
    queue = f"/brands/{OURS}/queue"
    assert "email waits" not in rae.get(queue).text
    cal.post(f"{PATH}/submit", seen=seen(cal))
    page = rae.get(queue).text
    assert "1 whole email waits for approval" in page
    assert "waits for you" in page
    assert f'href="{PATH}"' in page
    assert rae.get("/").headers["location"].startswith(queue)
    rae.post(f"{PATH}/approve", seen=seen(rae))
    assert "waits for you" not in rae.get(queue).text
    assert "waits for you" in lea.get(queue).text
    lea.post(f"{PATH}/approve", seen=seen(lea))
    assert "email waits" not in lea.get(queue).text


def test_who_may_not(front: Front) -> None:
    cal, pia, otto = (front.signed_in(name) for name in ("cal", "pia", "otto"))
    cal.post(f"{PATH}/submit", seen=seen(cal))
    assert cal.post(f"{PATH}/approve", seen=seen(cal)).status_code == 403
    assert pia.post(f"{PATH}/approve", seen="x").status_code == 403
    assert otto.get(PATH).status_code == 404
    assert cal.get(PATH.replace("weekend_hikers", "nobody")).status_code == 404
    assert cal.post(f"{PATH}/explode", seen="x").status_code == 404


def test_the_preview_can_do_nothing(front: Front) -> None:
    cal = front.signed_in("cal")
    page = cal.get(PATH).text
    assert (
        f'sandbox="" src="{PATH}/preview/only/desktop" title="The email as readers see it, Desktop"' in page
    )
    answer = cal.get(f"{PATH}/preview/only/desktop")
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "<html" in answer.text
    assert cal.get(f"{PATH}/preview/b/desktop").status_code == 404


def test_the_email_is_seen_in_every_view(front: Front) -> None:
    cal = front.signed_in("cal")
    assert f'src="{PATH}/preview/only/mobile"' in cal.get(f"{PATH}?view=mobile").text
    seen = {view: cal.get(f"{PATH}/preview/only/{view}") for view in VIEWS}
    assert {answer.status_code for answer in seen.values()} == {200}
    assert "img-src 'none'" in seen["images_off"].headers["content-security-policy"]
    assert "<table" in seen["desktop"].text
    assert "<table" not in seen["text"].text
    assert "<table" not in seen["inbox"].text
    shown = {(item.text, item.headers["content-security-policy"]) for item in seen.values()}
    assert len(shown) == len(VIEWS) - 1, "a phone shows the desktop's page in a narrow frame"
    assert cal.get(f"{PATH}/preview/only/upside_down").status_code in {404, 422}


def test_the_brief_and_its_drafts_lead_to_it(front: Front, content: Path, tmp_path: Path) -> None:
    cal, draft = front.signed_in("cal"), write(front.service)
    brief = f"/brands/{OURS}/briefs/{BRIEF['id']}"
    for page in (brief, page_of(draft)):
        assert f'<a href="{PATH}">' in cal.get(page).text
    assert re.search(r'class="tag warn">not submitted yet', cal.get(brief).text)
    (tmp_path / "plain").mkdir()
    with open_front(tmp_path / "plain", content) as plain:
        cal, draft = plain.signed_in("cal"), write(plain.service)
        choose_evergreens(plain.service, BRIEF["id"])
        for page in (brief, page_of(draft)):
            assert "/emails/en-US" not in cal.get(page).text, "no tier asks for it"

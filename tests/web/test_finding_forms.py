"""Findings on the page of a draft: somebody says that one is wrong, or lets it pass and ends that again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db.proposal_tables import ProposalSort
from app.db.proposals import Proposals
from app.db.tables import Draft
from app.db.waivers import Waivers
from app.verdicts.reports import Verdict
from tests.api.house import OURS, write_content
from tests.web.conftest import FakeClock
from tests.web.drafts import HERO, page_of, write
from tests.web.front import Browser, Front, open_front
from tests.web.test_drafts import seen, state, text_of

LOUD = {**HERO, "headline": "Unleash your boots today"}
UNTRUE = {**HERO, "headline": "Save 45% today"}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content whose contract lets Legal waive findings."""
    root = tmp_path_factory.mktemp("content")
    write_content(root, review={"may_waive": ["legal"]})
    return root


@pytest.fixture
def front(tmp_path: Path, content: Path, clock: FakeClock) -> Iterator[Front]:
    with open_front(tmp_path, content, clock) as opened:
        yield opened


def key_in(browser: Browser, draft: Draft) -> str:
    """The first finding that the page has forms for."""
    found = re.search(r'name="finding" value="([^"]*)"', browser.get(page_of(draft)).text)
    assert found is not None
    return found[1]


def test_a_finding_is_said_to_be_wrong_once(front: Front) -> None:
    draft, rae = write(front.service, fields=LOUD), front.signed_in("rae")
    form = {**seen(front, draft), "finding": key_in(rae, draft)}
    path = f"{page_of(draft)}/findings/wrong"
    empty = rae.post(path, **form, why=" ")
    assert (empty.status_code, "say why the finding is wrong" in empty.text) == (400, True)
    for _ in range(2):
        answer = rae.post(path, **form, why="Unleash is the name of our walk")
        assert (answer.status_code, answer.headers["location"]) == (303, page_of(draft))
    assert "kept with the proposals for the rules" in rae.get(page_of(draft)).text
    (kept,) = Proposals(front.service.store.engine).of_brand(OURS)
    assert (kept.sort, kept.by) == (ProposalSort.WRONG_FINDING, "rae@example.com")
    assert (kept.data["words"], kept.data["why"]) == ("Unleash", "Unleash is the name of our walk")
    assert state(front, draft).receipt.verdicts.verdict is Verdict.FAIL, "it stands until the rules change"


def test_a_finding_that_is_not_there_any_more(front: Front) -> None:
    draft, rae = write(front.service, fields=LOUD), front.signed_in("rae")
    path = f"{page_of(draft)}/findings/wrong"
    gone = rae.post(path, **seen(front, draft), finding="voice/voice/headline/3-9", why="It <is> not so")
    assert (gone.status_code, "do not find this in the copy any more" in gone.text) == (409, True)
    key, late = key_in(rae, draft), {**seen(front, draft), "seen_copy": "other"}
    answer = rae.post(path, **late, finding=key, why="It <is> not so")
    assert answer.status_code == 412
    assert "It &lt;is&gt; not so</textarea>" in answer.text
    assert Proposals(front.service.store.engine).of_brand(OURS) == []


def test_legal_lets_it_pass_and_ends_that(front: Front) -> None:
    draft, lea, rae = write(front.service, fields=LOUD), front.signed_in("lea"), front.signed_in("rae")
    assert "Let it pass here" not in rae.get(page_of(draft)).text
    page = lea.get(page_of(draft)).text
    assert 'min="2026-11-27" max="2027-05-25"' in page
    form = {"finding": key_in(lea, draft), "reason": "The name of our <walk>", "until": "2027-04-01"}
    done = lea.post(f"{page_of(draft)}/findings/waive", **seen(front, draft), **form)
    assert done.status_code == 303, text_of(done.text)
    words = text_of(rae.get(page_of(draft)).text)
    assert "let pass (brand) : the voice guide avoids 'unleash'" in words
    assert "Let pass by lea@example.com until 2 April 2027, 00:00 UTC: The name of our <walk>" in words
    assert "lea@example.com as Legal, 27 November 2026, 09:00 UTC. It holds until 2 April 2027" in words
    assert "Let it pass no more" not in words, "Rae did not give it and is not named"
    assert state(front, draft).receipt.verdicts.verdict is Verdict.PASS
    (row,) = Waivers(front.service.store.engine).page([OURS])
    path = f"{page_of(draft)}/waivers/{row.id}/revoke"
    assert rae.post(path, **seen(front, draft)).status_code == 403
    assert "Let it pass no more" in lea.get(page_of(draft)).text
    assert lea.post(path, **seen(front, draft)).status_code == 303
    assert lea.post(path, **seen(front, draft)).status_code == 409
    words = text_of(lea.get(page_of(draft)).text)
    assert "must change (brand) : the voice guide avoids 'unleash'" in words
    assert "Let pass for a while" not in words
    assert state(front, draft).receipt.verdicts.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"reason": " "}, 422, "say why it may pass"),
        ({"until": "soon"}, 422, "say until which day it may pass"),
        ({"until": "2027-06-30"}, 422, "a waiver ends within 180 days from now"),
        ({"until": "2026-12-24"}, 422, "the email is sent on 2027-03-01"),
        ({"revision": "99"}, 412, "It changed while you were looking at it"),
    ],
)
def test_what_was_typed_is_kept(front: Front, changes: dict[str, str], status: int, words: str) -> None:
    draft, lea = write(front.service, fields=LOUD), front.signed_in("lea")
    form = {**seen(front, draft), "finding": key_in(lea, draft), "reason": "So it is", "until": "2027-04-01"}
    answer = lea.post(f"{page_of(draft)}/findings/waive", **{**form, **changes})
    assert (answer.status_code, words in answer.text) == (status, True), text_of(answer.text)
    if "reason" not in changes:
        assert "So it is</textarea>" in answer.text
    assert Waivers(front.service.store.engine).page([OURS]) == []


def test_what_nobody_lets_pass_and_who_may_not(front: Front) -> None:
    draft, lea, rae = write(front.service, fields=UNTRUE), front.signed_in("lea"), front.signed_in("rae")
    words = text_of(lea.get(page_of(draft)).text)
    assert "Nobody lets this pass: it is about values that no fact supports." in words
    form = {"finding": key_in(lea, draft), "reason": "x", "until": "2027-04-01"}
    for browser, status in ((lea, 409), (rae, 403)):
        answer = browser.post(f"{page_of(draft)}/findings/waive", **seen(front, draft), **form)
        assert answer.status_code == status
    own = write(front.service, fields=LOUD, by="lea")
    page = text_of(lea.get(page_of(own)).text)
    assert "You cannot let it pass: you had a hand in this copy" in page
    pia = front.signed_in("pia")
    for place in ("wrong", "waive"):
        assert pia.post(f"{page_of(draft)}/findings/{place}").status_code == 403

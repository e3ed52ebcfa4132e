"""The library: what is approved, its state, its versions, and going back."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import col

from app.db.audit_tables import AuditRecord
from app.db.tables import DraftState
from app.web.pages.library import PAGE
from tests.api.house import MARKER, OURS, THEIRS
from tests.db.factories import AS_OF, make_draft
from tests.web.front import Front
from tests.web.published import Press, open_press

LIBRARY = f"/brands/{OURS}/library"
VERSIONS = f"{LIBRARY}/versions"
WAIT = 60


def add_drafts(front: Front, count: int, **given: object) -> None:
    for number in range(count):
        copy = {"label": f"See kit {number}"}
        made = make_draft(
            id=f"{number:032}",
            brand=OURS,
            state=DraftState.APPROVED,
            approved_at=AS_OF,
            copy_fields=copy,
            **given,
        )
        front.service.drafts.add(made)


class TestList:
    def test_blocks_and_approved_drafts_with_who_and_when(self, front: Front) -> None:
        add_drafts(front, 1)
        text = front.signed_in("cal").get(LIBRARY).text
        assert "See kit 0" in text
        assert "See our kit" in text, "the copy of a block"
        assert "Cal Copywriter" in text
        assert "approved by Rae Reviewer since 1 October 2026" in text
        assert "Content is served from a folder" in text

    def test_filters_and_search(self, front: Front) -> None:
        add_drafts(front, 1)
        browser = front.signed_in("cal")
        assert "1 found" in browser.get(f"{LIBRARY}?sort=draft").text
        assert "See kit 0" not in browser.get(f"{LIBRARY}?kind=hero").text
        assert "1 found" in browser.get(f"{LIBRARY}?text=SEE+kit+0").text
        assert "0 found" in browser.get(f"{LIBRARY}?kind=nothing").text
        assert "Nothing approved fits" in browser.get(f"{LIBRARY}?language=xx").text
        assert "See kit 0" in browser.get(f"{LIBRARY}?segment=weekend_hikers&journey=winback").text
        assert "See kit 0" not in browser.get(f"{LIBRARY}?segment=trail_runners&sort=draft").text

    def test_pages_hold_a_part_and_keep_the_filters(self, front: Front) -> None:
        add_drafts(front, PAGE + 3)
        browser = front.signed_in("cal")
        first = browser.get(f"{LIBRARY}?sort=draft").text
        assert first.count('class="piece-head"') == PAGE
        assert f"{LIBRARY}?sort=draft&amp;page=2" in first
        assert browser.get(f"{LIBRARY}?sort=draft&page=2").text.count('class="piece-head"') == 3
        assert browser.get(f"{LIBRARY}?sort=draft&page=99").text.count('class="piece-head"') == 3

    def test_what_needs_refreshing_says_why(self, front: Front) -> None:
        add_drafts(front, 1, review_by=dt.date(2020, 1, 1))
        browser = front.signed_in("cal")
        text = browser.get(f"{LIBRARY}?sort=draft").text
        assert "needs refreshing" in text
        assert "It had to be reviewed: 1 January 2020" in text
        assert "1 found" in browser.get(f"{LIBRARY}?state=needs_refreshing&sort=draft").text
        assert "0 found" in browser.get(f"{LIBRARY}?state=approved&sort=draft").text

    def test_it_says_as_of_when_it_was_worked_out(self, front: Front) -> None:
        browser = front.signed_in("cal")
        assert "being worked out" in browser.get(LIBRARY).text
        front.service.inventories.wait(OURS, WAIT)
        assert "Worked out as of" in browser.get(LIBRARY).text

    def test_rules_that_refuse_an_approved_draft_are_named(self, front: Front) -> None:
        bad = make_draft(
            id="f" * 32,
            brand=OURS,
            state=DraftState.APPROVED,
            approved_at=AS_OF,
            copy_fields={"label": "Unleash it now"},
        )
        front.service.drafts.add(bad)
        browser = front.signed_in("cal")
        browser.get(LIBRARY)
        front.service.inventories.wait(OURS, WAIT)
        found = browser.get(f"{LIBRARY}?text=Unleash").text
        assert "The rules refuse it" in found

    def test_markup_in_copy_is_text(self, front: Front) -> None:
        made = make_draft(
            brand=OURS,
            state=DraftState.APPROVED,
            approved_at=AS_OF,
            copy_fields={"label": "<script>x</script>"},
            author="<b>x</b>",
        )
        front.service.drafts.add(made)
        text = front.signed_in("cal").get(f"{LIBRARY}?text=%3Cscript%3E").text
        assert "<script>x" not in text
        assert "<b>x</b>" not in text

    def test_one_piece_with_its_uses(self, front: Front) -> None:
        block = front.service.contents.now().library(OURS).blocks[0].block
        front.service.drafts.add(make_draft(brand=OURS, block=block.id, brief_id="spring"))
        text = front.signed_in("cal").get(f"{LIBRARY}/blocks/{block.id}").text
        assert "Drafts that took it over" in text
        assert "spring, en-US" in text
        assert f"blocks/{OURS}/" in text

    def test_what_is_not_there_or_not_approved(self, front: Front) -> None:
        front.service.drafts.add(make_draft(id="d" * 32, brand=OURS))
        front.service.drafts.add(make_draft(id="e" * 32, brand=THEIRS, state=DraftState.APPROVED))
        browser = front.signed_in("cal")
        for path in ("blocks/none", f"drafts/{'d' * 32}", f"drafts/{'e' * 32}", "drafts/none"):
            assert browser.get(f"{LIBRARY}/{path}").status_code == 404


def test_a_folder_has_no_versions(front: Front) -> None:
    text = front.signed_in("ada").get(VERSIONS).text
    assert "Content is served from a folder" in text
    assert front.signed_in("ada").get(f"{VERSIONS}/{'0' * 64}/roll-back").status_code == 404


@pytest.fixture
def press(tmp_path: Path) -> Iterator[Press]:
    with open_press(tmp_path) as opened:
        yield opened


def changed(press: Press, summary: str, note: str) -> str:
    voice = press.service.contents.now().library(OURS).brand.voice
    press.edit("voice.yaml", summary=summary)
    assert voice.summary != summary
    return press.publish(note)


def seen(text: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', text)
    assert found is not None, text
    return found[1]


class TestVersions:
    def test_each_says_what_changed_who_and_why_and_which_serves(self, press: Press) -> None:
        second = changed(press, "Plain and calm.", "calmer voice")
        press.service.contents.refresh()
        text = press.signed_in("cal").get(VERSIONS).text
        assert "calmer voice" in text
        assert second[:12] in text
        assert f"brand/{OURS}/voice.yaml" in text
        assert text.count(">serves<") == 1
        assert "Go back to this" not in text, "a copywriter does not"
        assert "Go back to this" in press.signed_in("ada").get(VERSIONS).text

    def test_nothing_of_another_brand_shows(self, press: Press) -> None:
        press.edit("voice.yaml", brand=THEIRS, summary=f"{MARKER} voice, plain and calm.")
        version = press.publish(f"for {MARKER}")
        press.service.contents.refresh()
        browser = press.signed_in("ada")
        for path in (VERSIONS, f"{VERSIONS}/compare?old={first(press)}&new={version}"):
            text = browser.get(path).text
            assert MARKER not in text
            assert THEIRS not in text

    def test_two_are_compared_line_by_line(self, press: Press) -> None:
        before = first(press)
        after = changed(press, "Plain and <calm>.", "calmer")
        press.service.contents.refresh()
        text = press.signed_in("cal").get(f"{VERSIONS}/compare?old={before}&new={after}").text
        assert "+summary: Plain and &lt;calm&gt;." in text
        assert "-summary:" in text
        missing = press.signed_in("cal").get(f"{VERSIONS}/compare?old=0000&new={after}")
        assert missing.status_code == 404

    def test_going_back_is_shown_confirmed_and_recorded(self, press: Press) -> None:
        earlier, summary = first(press), press.summary
        changed(press, "Plain and calm.", "calmer")
        assert press.summary == "Plain and calm."
        ada = press.signed_in("ada")
        path = f"{VERSIONS}/{earlier}/roll-back"
        page = waited(press, ada, path)
        assert "0 files come, 1 change, 0 go" in page
        assert "What would then fail" in page
        done = ada.post(path, seen=seen(page), why="too calm", scope="brand")
        assert (done.status_code, done.headers["location"]) == (303, VERSIONS)
        assert press.summary == summary
        text = ada.get(VERSIONS).text
        assert f"The brand is as in version {earlier[:12]} again" in text
        assert "too calm" in text
        query = sa.select(col(AuditRecord.actor)).where(col(AuditRecord.action) == "content.publish")
        with press.service.store.engine.connect() as connection:
            actors = list(connection.execute(query.order_by(col(AuditRecord.seq))).scalars())
        assert actors[-1] == press.person_id("ada")

    def test_only_owners_and_operators(self, press: Press) -> None:
        earlier = first(press)
        changed(press, "Plain and calm.", "calmer")
        path = f"{VERSIONS}/{earlier}/roll-back"
        for name in ("cal", "rae", "lea", "pia"):
            browser = press.signed_in(name)
            assert browser.get(path).status_code == 403
            assert browser.post(path, seen="", why="x").status_code == 403
        assert press.signed_in("ola").get(path).status_code == 200
        assert press.signed_in("ada").get(f"{path}?scope=all").status_code == 403
        assert press.summary == "Plain and calm."

    def test_everything_goes_back_for_an_operator_of_all_brands(self, press: Press) -> None:
        earlier = first(press)
        changed(press, "Plain and calm.", "calmer")
        gus = press.signed_in("gus")
        path = f"{VERSIONS}/{earlier}/roll-back"
        page = waited(press, gus, f"{path}?scope=all")
        assert gus.post(path, seen=seen(page), why="back", scope="all").status_code == 303
        move = press.publisher.store.serving()
        assert move is not None
        assert (move.version, move.moved_by, move.why) == (earlier, "gus@example.com", "back")

    def test_a_reason_is_needed_and_what_was_typed_stays(self, press: Press) -> None:
        earlier = first(press)
        changed(press, "Plain and calm.", "calmer")
        ada = press.signed_in("ada")
        path = f"{VERSIONS}/{earlier}/roll-back"
        page = waited(press, ada, path)
        for why in ("", "  ", "x" * 301):
            refused = ada.post(path, seen=seen(page), why=why)
            assert refused.status_code == 409
            assert "Say why" in refused.text
        assert "x" * 301 in ada.post(path, seen=seen(page), why="x" * 301).text
        assert press.summary == "Plain and calm."

    def test_somebody_was_quicker(self, press: Press) -> None:
        earlier = first(press)
        changed(press, "Plain and calm.", "calmer")
        ada = press.signed_in("ada")
        path = f"{VERSIONS}/{earlier}/roll-back"
        page = waited(press, ada, path)
        changed(press, "Loud and clear.", "louder")
        refused = ada.post(path, seen=seen(page), why="too calm")
        assert refused.status_code == 409
        assert "Another version serves by now" in refused.text
        assert "too calm" in refused.text
        assert press.summary == "Loud and clear."

    def test_an_unknown_version(self, press: Press) -> None:
        ada = press.signed_in("ada")
        assert ada.get(f"{VERSIONS}/{'0' * 64}/roll-back").status_code == 404
        assert ada.post(f"{VERSIONS}/x/roll-back", seen="", why="y").status_code == 404


def first(press: Press) -> str:
    return press.publisher.store.versions()[-1].hash


def waited(press: Press, browser: object, path: str) -> str:
    """The confirming page once everything is worked out."""
    for _ in range(30):
        text = html.unescape(browser.get(path).text)  # type: ignore[attr-defined]
        if "being worked out" not in text:
            return text
    raise AssertionError("it is still being worked out")

"""The weekly review and the proposals."""

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from pydantic import JsonValue

from app.copywriting.proposals import PAGE
from app.copywriting.weekly import Measure, Week, weekly_review
from app.db.proposal_tables import Proposal, ProposalSort
from app.db.proposals import Proposals
from app.db.tables import now
from app.verdicts.decisions import SENTENCES, Reason
from app.web.plots import BOTTOM, TOP, plot, top_of
from tests.api.house import OURS
from tests.web.front import Browser, Front
from tests.web.weeks import MONDAY, WEEK, edit_thrice, fill_week

WEEKLY = f"/brands/{OURS}/weekly"
PROPOSALS = f"/brands/{OURS}/proposals"


def test_a_week_in_numbers(front: Front) -> None:
    store = front.service.store
    fill_week(store, times=2)
    fill_week(store, MONDAY - WEEK, tag="b")
    found = weekly_review(store.engine, OURS, Week.named("2026-W48"))
    now, before = found.now, found.before
    assert (now.runs, now.briefs, now.slots, before.slots) == (2, 2, 8, 4)
    assert (now.written, now.reused, now.fell_back) == (2, 2, 4)
    assert (now.refused_lines, now.refused_by_rule) == (2, {"voice": 2})
    assert now.fell_back_because == {"feed_missing": 2, "low_confidence": 2}
    assert (now.approved, now.rejected, now.expired) == (4, 2, 2)
    assert now.rejected_because == {"off_brand": 2}
    assert now.reuse_rate == pytest.approx(0.25)
    assert now.cost_per_accepted == Decimal("0.015")
    assert now.words_per_accepted == pytest.approx(30), "the expired ones were not read"
    spread = now.hours_to_approval
    assert spread is not None
    assert (spread.count, spread.median, spread.lower, spread.upper) == (4, 36, 24, 48)
    assert [bar.week for bar in found.weeks][-2:] == ["2026-W47", "2026-W48"]
    assert found.weeks[-1].counts[Measure.APPROVED] == 4


def test_edges_of_a_week_and_other_brands(front: Front) -> None:
    store = front.service.store
    fill_week(store, MONDAY + WEEK)
    assert weekly_review(store.engine, OURS, Week.named("2026-W48")).now.empty
    assert weekly_review(store.engine, "moorgate", Week.named("2026-W49")).now.empty
    assert not weekly_review(store.engine, OURS, Week.named("2026-W49")).now.empty


def test_the_page_shows_it_beside_the_week_before(front: Front) -> None:
    fill_week(front.service.store)
    edit_thrice(front.service.store)
    text = front.signed_in("cal").get(f"{WEEKLY}?week=2026-W48").text
    assert "23 November 2026 to 29 November 2026" in text
    assert SENTENCES[Reason.LOW_CONFIDENCE][0] in text
    assert "it does not sound like the brand" in text
    assert "button, label (1 by reviewers)" in text
    assert "“discover” becomes “see”" in text
    assert "$0.0150" in text
    assert len(re.findall(r'<svg viewBox="0 0 360 190" role="img"', text)) == 2
    assert "2026-W48: approved 2" in text
    assert f"{WEEKLY}?week=2026-W47" in text
    assert "style=" not in text


def test_an_empty_week_says_so(front: Front) -> None:
    text = front.signed_in("cal").get(f"{WEEKLY}?week=2020-W01").text
    assert "Nothing happened in this week" in text


@pytest.mark.parametrize("week", ["2026-W54", "nothing", "2026-48", "9999-W52", "../x"])
def test_a_name_of_no_week_is_refused_in_words(front: Front, week: str) -> None:
    answer = front.signed_in("cal").get(WEEKLY, params={"week": week})
    assert answer.status_code == 400
    assert "no week" in answer.text


def test_the_table_for_a_spreadsheet(front: Front) -> None:
    fill_week(front.service.store)
    answer = front.signed_in("cal").get(f"/brands/{OURS}/weekly.csv?week=2026-W48")
    assert answer.headers["content-disposition"] == f'attachment; filename="{OURS}-2026-W48.csv"'
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(answer.text))}
    assert rows["what"] == ["2026-W48", "2026-W47"]
    assert rows["approved"] == ["2", "0"]
    assert rows["words to read per accepted draft"] == ["30", ""]
    assert rows["refused by voice"] == ["1", "0"]


class TestProposals:
    def test_an_owner_accepts_and_gets_the_lines(self, front: Front) -> None:
        edit_thrice(front.service.store, this_monday())
        ada = front.signed_in("ada")
        page = ada.get(PROPOSALS).text
        assert "Open (1)" in page
        done = ada.post(PROPOSALS, key=key(page), decision="accepted")
        assert done.status_code == 303
        text = ada.get(PROPOSALS).text
        assert "Accepted (1)" in text
        assert "{word: &#34;discover&#34;, instead: &#34;see&#34;" in text
        assert "Accepted by ada@example.com" in text
        assert ada.post(PROPOSALS, key=key(page), decision="declined", reason="x").status_code == 409

    def test_declining_needs_a_reason_and_keeps_what_was_typed(self, front: Front) -> None:
        edit_thrice(front.service.store, this_monday())
        ada = front.signed_in("ada")
        page = ada.get(PROPOSALS).text
        refused = ada.post(PROPOSALS, key=key(page), decision="declined", reason="y" * 600)
        assert refused.status_code == 422
        assert "y" * 600 in refused.text
        assert ada.post(PROPOSALS, key=key(page), decision="declined", reason="fine").status_code == 303
        assert "Declined by ada@example.com" in ada.get(PROPOSALS).text

    def test_only_an_owner_decides(self, front: Front) -> None:
        edit_thrice(front.service.store, this_monday())
        for name in ("cal", "rae", "ola"):
            browser = front.signed_in(name)
            page = browser.get(PROPOSALS).text
            assert "Accept<" not in page
            assert decided(browser) == 403
        assert decided(front.signed_in("otto")) == 404

    def test_older_ones_stand_on_further_pages(self, front: Front) -> None:
        for number in range(PAGE + 1):
            propose(front, number)
        ada = front.signed_in("ada")
        page = ada.get(PROPOSALS).text
        assert f"Open ({PAGE + 1})" in page
        assert "“claim 0” is no" not in page
        older = re.search(rf'href="({PROPOSALS}\?state=open&amp;after=[^"]+)"', page)
        assert older is not None
        last = ada.get(older[1].replace("&amp;", "&")).text
        assert "“claim 0” is no" in last
        assert "Older ones" not in last
        assert "Back to the newest" in last

    def test_an_unknown_page(self, front: Front) -> None:
        assert front.signed_in("ada").get(f"{PROPOSALS}?state=open&after=x").status_code == 404

    def test_an_unknown_one(self, front: Front) -> None:
        assert front.signed_in("ada").post(PROPOSALS, key="x", decision="accepted").status_code == 404


def propose(front: Front, number: int) -> None:
    told: dict[str, JsonValue] = dict.fromkeys(("category", "rule", "message", "why", "draft"), "x")
    told |= {"kind": "cta", "locale": "en-US", "field": "label", "text": "x", "words": f"claim {number}"}
    at = this_monday() + dt.timedelta(minutes=number)
    sort = ProposalSort.WRONG_FINDING
    made = Proposal(brand=OURS, sort=sort, key=f"{number:064}", data=told, by="rae@example.com", at=at)
    Proposals(front.service.store.engine).keep(made)


def this_monday() -> dt.datetime:
    """Of the week of now, which the page of proposals looks back from."""
    return dt.datetime.combine(Week.of(now()).monday, dt.time(), dt.UTC)


def decided(browser: Browser) -> int:
    return browser.post(PROPOSALS, key="x", decision="accepted").status_code


def key(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("most", "top"), [(0, 2), (1, 2), (3, 4), (7, 10), (11, 20), (21, 40), (99, 100), (601, 1000)]
)
def test_the_scale_ends_at_a_round_even_number(most: int, top: int) -> None:
    assert top_of(most) == top


def test_bars_stand_on_one_another_within_the_plot() -> None:
    made = plot("t", ["a", "b"], ["2026-W47", "2026-W48"], [[1, 3], [0, 2]])
    first, second, third = made.parts
    assert first.y + first.height == pytest.approx(BOTTOM)
    assert second.y + second.height == pytest.approx(first.y)
    assert second.y == pytest.approx(TOP)
    assert (third.shade, third.words) == (1, "2026-W48: b 2")
    assert all(part.x >= 30 and part.x + part.width <= 356 for part in made.parts)
    assert plot("t", ["a"], [], []).description == "There is nothing to show."

"""Until when an answer holds: the earliest end of what it rests on, and nothing that it does not rest on."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from app.brief.facts import FactSheet
from app.guardrails.frame import Piece
from app.guardrails.suite import judge as run
from app.release.content import NoDrafts, SlotContent
from app.release.fetching import fetch
from app.release.gate import ReleasedSlot
from app.release.judging import LibraryJudge
from app.release.lease import ended, lease_end, sold_out
from app.release.library import ContentLibrary
from app.release.remembering import Reports
from app.verdicts.decisions import Reason
from app.verdicts.reports import GuardReport, Verdict
from tests.release.content import AS_OF, PACK_HEAD, PACK_RULE, Content, dump, item, query, report

CORPUS = Path(__file__).parents[1] / "corpus"
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
REVIEW = dt.datetime(2027, 10, 2, tzinfo=dt.UTC)


def sheet(**facts: Any) -> FactSheet:
    money = {"kind": "money", "role": "price", "value": "129", "currency": "USD", "source": "shop"}
    known: dict[str, dict[str, Any]] = {
        "pack.price": money,
        "pack.stock": {"kind": "stock", "role": "stock", "value": 5, "source": "shop"},
    }
    ends = {"kind": "deadline", "role": "ends", "value": AS_OF + 5 * DAY, "source": "offer"}
    code = {"kind": "code", "role": "code", "value": "FERN20", "source": "offer"}
    known |= {"offer.ends": ends, "offer.code": code}
    for name, changes in facts.items():
        key = name.replace("_", ".")
        known[key] = {**known[key], **changes}
    return FactSheet.model_validate({"locale": "en-US", "facts": known})


def stocked(left: int) -> FactSheet:
    stock = {"kind": "stock", "role": "stock", "value": left, "source": "shop"}
    return FactSheet.model_validate({"locale": "en-US", "facts": {"pack.stock": stock}})


def content_of(library: ContentLibrary, label: str) -> SlotContent:
    placed = library.find("cta_winback")
    assert placed is not None
    return SlotContent("cta", {"label": label}, placed.block)


@pytest.fixture
def library(tmp_path: Path) -> ContentLibrary:
    content = Content(tmp_path)
    content.blocks["cta/winback"] = [item("cta_winback", "cta", copy={"label": "See it for {pack.price}"})]
    return content.write().load()


def end(library: ContentLibrary, label: str, facts: FactSheet) -> dt.datetime | None:
    judge = LibraryJudge(library, "en-US", journey="winback")
    return lease_end(content_of(library, label), judge, facts, AS_OF)


def test_copy_without_values_holds_until_the_day_after_its_review_date(library: ContentLibrary) -> None:
    assert end(library, "See our kit", sheet(pack_price={"valid_until": AS_OF + HOUR})) == REVIEW


def test_a_value_ends_it(library: ContentLibrary) -> None:
    facts = sheet(pack_price={"valid_until": AS_OF + HOUR})
    assert end(library, "See it for {pack.price}", facts) == AS_OF + HOUR


def test_the_end_of_its_offer_ends_a_code_that_says_nothing_of_it(library: ContentLibrary) -> None:
    facts = sheet(offer_ends={"value": AS_OF + 2 * HOUR})
    assert end(library, "Use {offer.code}", facts) == AS_OF + 2 * HOUR


def test_what_is_said_of_a_day_holds_for_a_day(library: ContentLibrary) -> None:
    midnight = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    assert end(library, "Ends {offer.ends}", sheet()) == midnight


def test_a_rule_that_begins_to_hold_ends_it(tmp_path: Path) -> None:
    content = Content(tmp_path)
    content.blocks["cta/winback"] = [item("cta_winback", "cta")]
    content.write()
    rule = {**PACK_RULE, "effective_from": "2026-12-01"}
    dump(content.brands / "_packs" / "walking.yaml", {"pack": PACK_HEAD, "rules": [rule]})
    assert end(content.load(), "See our kit", sheet()) == dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


def test_ended_and_sold_out_name_what_the_copy_stands_and_falls_with(library: ContentLibrary) -> None:
    facts = sheet(
        pack_price={"valid_until": AS_OF - HOUR}, pack_stock={"value": 0}, offer_ends={"value": AS_OF - HOUR}
    )
    priced, coded = content_of(library, "See it for {pack.price}"), content_of(library, "Use {offer.code}")
    plain = content_of(library, "See our kit")
    assert [ended(copy, facts, AS_OF) for copy in (priced, coded, plain)] == [
        ["pack.price"],
        ["offer.ends"],
        [],
    ]
    assert [sold_out(copy, facts) for copy in (priced, coded, plain)] == [["pack.stock"], [], []]


def test_invariant_3_only_the_gate_makes_what_a_fetch_gives() -> None:
    with pytest.raises(TypeError, match="only the gate"):
        ReleasedSlot(object(), "cta", {"label": "See our kit"}, None, "block x", report())


class TestReports:
    """Judged once what many fetches need."""

    @pytest.fixture
    def judged(self, monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
        """The moments for which copy was judged."""
        found: list[dt.datetime] = []
        judge = LibraryJudge.__call__

        def note(
            self: LibraryJudge, content: SlotContent, *, facts: FactSheet, as_of: dt.datetime
        ) -> GuardReport:
            found.append(as_of)
            return judge(self, content, facts=facts, as_of=as_of)

        monkeypatch.setattr(LibraryJudge, "__call__", note)
        return found

    def test_segments_a_minute_and_a_stock_tick_share_one(
        self, library: ContentLibrary, judged: list[dt.datetime]
    ) -> None:
        reports = Reports()
        for segment, seconds, stock in (("weekend_hikers", 0, 5), ("campers", 30, 5), ("campers", 40, 3)):
            moment = AS_OF + dt.timedelta(seconds=seconds)
            wanted = query(segment=segment, as_of=moment, facts=sheet(pack_stock={"value": stock}))
            found = fetch(library, wanted, NoDrafts(), reports)
            assert found.decision.reason is Reason.APPROVED_BLOCK_USED
        assert judged == [AS_OF]

    def test_another_price_another_day_and_a_later_minute_do_not(
        self, library: ContentLibrary, judged: list[dt.datetime]
    ) -> None:
        reports = Reports()
        for moment, price in (
            (AS_OF, "129"),
            (AS_OF, "99"),
            (AS_OF + 2 * dt.timedelta(minutes=1), "129"),
            (AS_OF + DAY, "129"),
        ):
            wanted = query(as_of=moment, facts=sheet(pack_price={"value": price}))
            fetch(library, wanted, NoDrafts(), reports)
        assert len(judged) == 4

    def test_copy_that_speaks_of_the_stock_is_judged_by_it(self, tmp_path: Path) -> None:
        content = Content(tmp_path)
        content.blocks["cta/winback"] = [
            item("cta_winback", "cta", copy={"label": "Get one: only a few left"})
        ]
        library, reports = content.write().load(), Reports()
        none = sheet()
        none = none.model_copy(update={"facts": {"pack.price": none.facts["pack.price"]}})
        found = [fetch(library, query(facts=facts), NoDrafts(), reports) for facts in (sheet(), none)]
        assert [item.decision.reason for item in found] == [Reason.APPROVED_BLOCK_USED, Reason.RULES_REFUSE]

    def test_a_stock_only_ever_supports_what_copy_says(self, library: ContentLibrary) -> None:
        """What passes where no stock is known passes with any: that is why a tick costs nothing."""
        lines = (CORPUS / "sample.jsonl").read_text("utf-8").splitlines()
        texts = [str(json.loads(line)["text"]) for line in lines]
        judge, passed = LibraryJudge(library, "en-US", journey="winback"), 0
        none = FactSheet(locale="en-US")
        for text in texts:
            copy = SlotContent("cta", {"label": text}, None)

            def verdict(facts: FactSheet, copy: SlotContent = copy, text: str = text) -> Verdict:
                context = judge.context(copy, facts, AS_OF)
                return run(Piece(text, field="body", name="label"), context).verdict

            if verdict(none) is Verdict.PASS:
                passed += 1
                assert all(verdict(stocked(left)) is Verdict.PASS for left in (1, 5000)), text
        assert passed > 20

"""Reviewers' repeated edits: which replacements are found, and when they become proposals."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy import Engine

from app.brand.brand import Brand
from app.copywriting.proposals import decide, open_edits, proposals_of, propose_wrong_finding
from app.copywriting.repeated_edits import RepeatedEdit, field_edits, replacements, yaml_for
from app.copywriting.weekly import Week, repeated_edits
from app.db.blobs import BlobStore
from app.db.drafts import Drafts
from app.db.engine import open_database
from app.db.proposal_tables import Proposal, ProposalSort, ProposalState
from app.db.proposals import MOST, Proposals
from app.db.receipts import Edit
from app.db.store import Store
from app.db.tables import Draft, Origin
from app.errors import Conflict, NotFound, UsageError
from app.generation.hashing import copy_blob
from app.release.library import load_library
from app.verdicts.reports import Family, Finding, Severity
from app.yaml12 import read
from tests.db.factories import make_draft, make_receipt
from tests.release.content import Content

NOW = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
RAE, CAL = "rae@example.com", "cal@example.com"


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    content = Content(tmp_path_factory.mktemp("content"), "fernhill").write()
    return load_library(content.brands, content.block_root, "fernhill").brand


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(open_database(f"sqlite:///{tmp_path / 'db'}"))
    yield made
    made.close()


def edited(store: Store, number: int, before: str, after: str, *, by: str = RAE, weeks: float = 0) -> Draft:
    at = NOW - dt.timedelta(weeks=weeks)
    copies = [copy_blob("cta", "en-US", {"label": text}) for text in (before, after)]
    edit = Edit(by=by, at=at, before=copies[0].hash, after=copies[1].hash)
    receipt = make_receipt().model_copy(update={"edits": (edit,)})
    made = make_draft(
        id=f"{number:032}",
        origin=Origin.EDITED,
        receipt=receipt,
        requested_by=CAL,
        copy_fields={"label": after},
        updated_at=NOW,
    )
    BlobStore(store.engine).add(copies)
    store_draft(store, made)
    return made


def store_draft(store: Store, draft: Draft) -> None:
    Drafts(store.engine).add(draft)


def thrice(store: Store, before: str = "Discover our packs", after: str = "See our packs") -> None:
    for number in range(3):
        edited(store, number, before, after, weeks=number)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Discover our packs", "See our packs", [("discover", "see")]),
        ("A really good day", "A good day", [("really", "")]),
        ("Gear up for it", "Get ready for it", [("gear up", "get ready")]),
        ("A good day", "A good long day", []),
        ("Save {offer.discount} now", "Save {offer.saving} now", []),
        ("Take 20 along", "Take 30 along", []),
        ("see OUR kit", "See our kit", []),
    ],
)
def test_replacements(before: str, after: str, found: list[tuple[str, str]]) -> None:
    assert list(replacements(before, after)) == found


def test_the_same_in_three_drafts_over_two_weeks_is_one(store: Store) -> None:
    thrice(store)
    (found,) = repeated_edits(store.engine, "fernhill", NOW)
    assert (found.before, found.after, len(found.drafts), found.weeks) == ("discover", "see", 3, 3)


@pytest.mark.parametrize(
    "make",
    [
        lambda store: [edited(store, n, "Discover it", "See it", weeks=n) for n in range(2)],
        lambda store: [edited(store, n, "Discover it", "See it") for n in range(4)],
        lambda store: [edited(store, n, "Discover it", "See it", weeks=n, by=CAL) for n in range(4)],
        lambda store: [edited(store, n, "Discover it", "See it", weeks=20 + n) for n in range(4)],
    ],
    ids=["two drafts", "one week", "by who asked for it", "long ago"],
)
def test_what_is_none(store: Store, make: Callable[[Store], object]) -> None:
    make(store)
    assert repeated_edits(store.engine, "fernhill", NOW) == []


def test_an_edit_whose_bytes_are_gone_is_left_out(store: Store) -> None:
    edit = Edit(by=RAE, at=NOW, before="a" * 64, after="b" * 64)
    draft = make_draft(receipt=make_receipt().model_copy(update={"edits": (edit,)}))
    assert field_edits([draft], BlobStore(store.engine), NOW - dt.timedelta(days=1)) == []


def test_the_lines_are_yaml_that_the_voice_guide_takes(brand: Brand, tmp_path: Path) -> None:
    edit = RepeatedEdit("en", 'say "yes": now', "see # it", ("a", "b", "c"), 2, "See it")
    path = tmp_path / "voice.yaml"
    path.write_text(yaml_for(edit, brand), encoding="utf-8")
    (rule,) = read(path, "voice.yaml").data["avoid"]
    assert rule == {
        "word": 'say "yes": now',
        "instead": "see # it",
        "why": "Reviewers changed it in 3 drafts.",
        "severity": "warn",
    }
    long = RepeatedEdit("en", "one two three four five", "see", ("a",), 2, "See: it")
    path.write_text(yaml_for(long, brand), encoding="utf-8")
    assert read(path, "voice.yaml").data == {"examples": {"good": ["See: it"]}}


def wrong_findings(store: Store, count: int) -> None:
    """Newer than all else, several of one moment."""
    told: dict[str, JsonValue] = dict.fromkeys(("words", "category", "rule", "message", "why"), "x")
    told |= {"draft": "d", "kind": "cta", "locale": "en-US", "field": "label", "text": "x"}
    for number in range(count):
        at = NOW + dt.timedelta(minutes=number // 3)
        sort = ProposalSort.WRONG_FINDING
        made = Proposal(brand="fernhill", sort=sort, key=f"{number:064}", data=told, by=RAE, at=at)
        Proposals(store.engine).keep(made)


class TestProposals:
    def test_a_repeated_edit_is_open_until_somebody_decides(self, store: Store, brand: Brand) -> None:
        thrice(store)
        engine, edits = store.engine, repeated_edits(store.engine, "fernhill", NOW)
        (item,) = open_edits(engine, brand, edits)
        done = decide(
            engine, brand, edits, key=item.key, state=ProposalState.ACCEPTED, by="ada@example.com", at=NOW
        )
        assert 'word: "discover"' in done.lines
        assert open_edits(engine, brand, edits) == []
        assert proposals_of(engine, brand, edits, ProposalState.OPEN).count == 0
        assert [one.key for one in proposals_of(engine, brand, edits, ProposalState.ACCEPTED).items] == [
            item.key
        ]
        with pytest.raises(Conflict, match=r"accepted by ada@example\.com"):
            self.decline(engine, brand, edits, item.key, "no")

    def test_what_the_voice_guide_says_already_is_none(self, store: Store, brand: Brand) -> None:
        word = brand.voice.avoid[0].word
        thrice(store, f"{word} our packs", "See our packs")
        edits = repeated_edits(store.engine, "fernhill", NOW)
        assert edits
        assert open_edits(store.engine, brand, edits) == []

    def test_declining_needs_a_reason(self, store: Store, brand: Brand) -> None:
        thrice(store)
        edits = repeated_edits(store.engine, "fernhill", NOW)
        (item,) = open_edits(store.engine, brand, edits)
        for reason in ("", " \n", "x" * 501):
            with pytest.raises(UsageError):
                self.decline(store.engine, brand, edits, item.key, reason)
        self.decline(store.engine, brand, edits, item.key, "it is\nfine")
        (shown,) = proposals_of(store.engine, brand, edits, ProposalState.DECLINED).items
        assert (shown.state, shown.reason) == (ProposalState.DECLINED, "it is fine")
        with pytest.raises(NotFound):
            self.decline(store.engine, brand, edits, "none", "x")

    def test_a_wrong_finding_becomes_a_line_of_the_corpus_once(self, store: Store, brand: Brand) -> None:
        draft = make_draft(copy_fields={"label": "Reproof it now"})
        store_draft(store, draft)
        finding = Finding(
            rule="proof",
            category="performance_claim",
            family=Family.LEGAL,
            severity=Severity.BLOCK,
            field="label",
            start=0,
            end=7,
            message="no proof",
        )
        kept = propose_wrong_finding(store.engine, draft, finding, by=RAE, why="it is\ncare", at=NOW)
        again = propose_wrong_finding(store.engine, draft, finding, by=CAL, why="same", at=NOW)
        assert (again.id, again.by) == (kept.id, RAE)
        (shown,) = proposals_of(store.engine, brand, [], ProposalState.OPEN).items
        assert shown.sort is ProposalSort.WRONG_FINDING
        assert '"text": "Reproof it now"' in shown.lines
        assert '"field": "cta"' in shown.lines
        assert '"labels": []' in shown.lines
        assert "it is care" in shown.detail
        with pytest.raises(UsageError):
            propose_wrong_finding(store.engine, draft, finding, by=RAE, why=" ", at=NOW)
        gone = finding.model_copy(update={"field": "headline"})
        with pytest.raises(Conflict):
            propose_wrong_finding(store.engine, draft, gone, by=RAE, why="x", at=NOW)

    def test_what_was_declined_stays_so_behind_hundreds_of_newer_ones(
        self, store: Store, brand: Brand
    ) -> None:
        thrice(store)
        edits = repeated_edits(store.engine, "fernhill", NOW)
        (item,) = open_edits(store.engine, brand, edits)
        self.decline(store.engine, brand, edits, item.key, "it is fine")
        wrong_findings(store, MOST + 1)
        first = proposals_of(store.engine, brand, edits, ProposalState.OPEN)
        assert item.key not in [one.key for one in first.items]
        assert first.count == MOST + 1
        with pytest.raises(Conflict, match=r"declined by bo@example\.com"):
            self.decline(store.engine, brand, edits, item.key, "no")

    def test_the_pages_show_each_once(self, store: Store, brand: Brand) -> None:
        thrice(store)
        edits = repeated_edits(store.engine, "fernhill", NOW)
        wrong_findings(store, MOST + 1)
        page = proposals_of(store.engine, brand, edits, ProposalState.OPEN)
        keys = [one.key for one in page.items]
        while page.after:
            page = proposals_of(store.engine, brand, edits, ProposalState.OPEN, page.after)
            keys += [one.key for one in page.items]
        assert page.count == len(keys) == len(set(keys)) == MOST + 2

    @staticmethod
    def decline(engine: Engine, brand: Brand, edits: list[RepeatedEdit], key: str, reason: str) -> None:
        state = ProposalState.DECLINED
        decide(engine, brand, edits, key=key, state=state, by="bo@example.com", at=NOW, reason=reason)


def test_weeks_have_names() -> None:
    assert str(Week.of(dt.date(2027, 1, 1))) == "2026-W53"
    assert Week.named("2026-W48").monday == dt.date(2026, 11, 23)
    assert str(Week.named("2026-W01").plus(-1)) == "2025-W52"
    for name in ("2026-W54", "2026-48", "x", "", "0001-W01", "2026-W00"):
        with pytest.raises(UsageError):
            Week.named(name)

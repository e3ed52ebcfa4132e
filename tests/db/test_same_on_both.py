"""The same calls give the same results on SQLite and on Postgres: every method of everything that stores."""

import copy
import dataclasses
import datetime as dt
import inspect
import pprint
import random
import re
import uuid
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.brand.roles import PersonRole, Scope
from app.brand.tiers import Tier
from app.brief.models import Brief
from app.db.audit_log import AuditLog
from app.db.blobs import BlobStore, NewBlob
from app.db.block_approvals import BlockApprovals
from app.db.briefs import BriefFilter, Briefs
from app.db.content import ContentStore
from app.db.deliveries import Deliveries
from app.db.draft_pages import DraftWanted
from app.db.drafts import DraftChange, Drafts
from app.db.emails import Emails
from app.db.engine import open_database
from app.db.erasing import Erasing
from app.db.exports import Exports, ExportWanted
from app.db.judgements import KeptJudgements
from app.db.kept_answers import Asked, KeptAnswers
from app.db.library_rows import LibraryRows
from app.db.people import People
from app.db.proposals import Proposals
from app.db.release_tables import Arm, ChosenSlot, Export, ExportContent
from app.db.retention import Retention
from app.db.review_queue import ReviewQueue
from app.db.review_tables import BlockApproval, SparedBlocks
from app.db.reviews import Reviews
from app.db.run_answers import RunAnswers
from app.db.runs import NewRun
from app.db.seals import Seal, Seals
from app.db.service_tables import BlobKind
from app.db.sessions import SessionRows
from app.db.sign_in import FailureRows, OutsideRows, PasswordRows
from app.db.store import DraftFilter, Store
from app.db.tables import DraftState, Origin
from app.db.transactions import Transactions
from app.db.waivers import Waivers
from app.db.webhooks import Webhooks
from app.db.weekly import WeeklyRows
from app.verdicts.decisions import Confidence, Outcome, Reason
from app.verdicts.judgements import Judged, Judgement
from tests.db.factories import (
    AS_OF,
    make_call,
    make_decision,
    make_draft,
    make_record,
    make_refusal,
    make_run,
)
from tests.db.recorder import HOUR, Recorder
from tests.db.recording import (
    record_audit,
    record_emails,
    record_outbox,
    record_proposals,
    record_run_answers,
    record_sessions,
    record_sign_in,
    record_waivers,
    record_weeks,
)
from tests.db.reviewing import record_review_queue, record_reviews
from tests.generation.desk import BRIEF
from tests.postgres import PostgresServer

SQLITE_ALONE = {"DraftPages.read_at_once"}
"""What Postgres answers with None; that it gives what `read` gives is shown in test_draft_pages."""


def scenario(url: str) -> Recorder:
    """Every method of everything that stores, with what it finds and what it refuses."""
    engine = open_database(url)
    record = Recorder()
    _runs_and_slots(record, Store(engine))
    _drafts(record, Store(engine), Drafts(engine))
    _briefs(record, Briefs(engine))
    _people(record, People(engine), KeptAnswers(engine))
    _blocks(record, BlockApprovals(engine))
    for person in ("", "p" * 32):
        record(Seals(engine).record, "fernhill", [Seal("b", "h" * 64, "unsealed")], person, reviewed=True)
    _content(record, BlobStore(engine), ContentStore(engine), Retention(engine))
    _judgements(record, KeptJudgements(engine))
    _exports(record, Exports(engine))
    record_reviews(record, Reviews(engine), Drafts(engine))
    record_review_queue(record, ReviewQueue(engine), Drafts(engine), Briefs(engine))
    record_sessions(record, People(engine), SessionRows(engine))
    record_outbox(record, Webhooks(engine), Deliveries(engine), People(engine))
    record_sign_in(record, People(engine), PasswordRows(engine), FailureRows(engine), OutsideRows(engine))
    record_run_answers(record, Store(engine), RunAnswers(engine))
    record_weeks(record, Store(engine), WeeklyRows(engine), LibraryRows(engine))
    record_proposals(record, Proposals(engine))
    record_waivers(record, Drafts(engine), Waivers(engine))
    record_emails(record, Emails(engine))
    record_audit(record, AuditLog(engine), Erasing(engine))
    record(Store(engine).close)
    return record


def _runs_and_slots(record: Recorder, store: Store) -> None:
    run = record(store.start_run, make_run(started_at=AS_OF))
    record(store.start_run, make_run(brand="Oatmere", brief_id="b-2", started_at=AS_OF + HOUR))
    record(store.finish_run, run.id)
    opened = NewRun(make_run(brief_id="b-3", started_at=AS_OF + 2 * HOUR), (), ("0" * 64,))
    record(store.open_run, opened)
    assert opened.answered == frozenset()
    fallback = make_decision(Reason.MODEL_TIMEOUT, Outcome.FELL_BACK)
    confidence = Confidence(score=0.7, parts={"voice": (0.7, 1.0)}, threshold=0.4)
    fields = {"subject": "Grüße – “so”", "preheader": "Zum Glück 🥾", "a": "\\u0000 \\ud83d"}
    drafts = [
        make_draft(ordinal=1, copy_fields=fields, created_at=AS_OF),
        make_draft(confidence=confidence, created_at=AS_OF),
        make_draft(origin=Origin.EDITED, created_at=AS_OF + HOUR, review_by=dt.date(2027, 1, 1)),
    ]
    calls = [
        make_call(run, created_at=AS_OF + HOUR * n, cost_usd=Decimal("0.000000001") * n) for n in range(40)
    ]
    slot = make_record(run, decision=fallback)
    record(store.save_slot, slot, drafts, [make_refusal(run)], calls)
    record(store.save_slot, make_record(run), [make_draft()], calls=[make_call(run, created_at=AS_OF)])
    record(store.find_slot, "f" * 64)
    record(store.save_slot, make_record(run), [make_draft(created_at=AS_OF)], replace=True)
    record(
        store.save_calls,
        [make_call(run, model=name, created_at=AS_OF) for name in ("b", "B", "a-c", "ab", "é")],
    )
    record(store.save_calls, [make_call(run, run_id="0" * 32)])
    record(store.save_slot, make_record(run, "0" * 64), [make_draft(author="x" * 301)])
    record(store.save_slot, make_record(run, "0" * 64), [make_draft(author="\x00")])
    for fingerprint in ("f" * 64, "0" * 64):
        record(store.find_slot, fingerprint)
    record(store.runs)
    record(store.runs, brand="fernhill", brief_id="autumn", limit=1)
    record(store.slots)
    record(store.slots, run_id=run.id, brief_id="autumn")
    record(store.usage)
    record(store.usage, brand="fernhill", since=AS_OF + HOUR, until=AS_OF + HOUR * 30)
    record(store.usage, brands=["fernhill", "Oatmere"], run_id=run.id)


def _drafts(record: Recorder, store: Store, drafts: Drafts) -> None:
    added = [
        make_draft(
            id=f"{n:032}",
            kind="hero" if n % 2 else "cta",
            state=DraftState.APPROVED,
            created_at=AS_OF + HOUR * (n // 3),
            approved_at=AS_OF + HOUR * (n % 4),
            copy_fields={"label": f"See {{product.name}} {n}"},
        )
        for n in range(9)
    ]
    for draft in added:
        record(drafts.add, draft)
    place = {"brand": "fernhill", "segment": "weekend_hikers", "locale": "en-US", "journey": "winback"}
    record(store.last_approved, kind="cta", **place)
    record(store.find_draft, added[0].id)
    record(store.find_draft, "none")
    stored = store.find_slot("f" * 64)
    assert stored is not None
    for draft in (stored.drafts[0], added[0]):
        record(drafts.answer_of, draft)
    page = record(store.drafts, DraftFilter(brand="fernhill", limit=4))
    record(store.drafts, DraftFilter(brand="fernhill", limit=4, after=page[-1].id))
    record(store.drafts, DraftFilter(state=DraftState.APPROVED, kind="hero"))
    place = record(drafts.pages.read, DraftWanted(("fernhill",), limit=5)).next
    record(drafts.pages.read, DraftWanted(("fernhill", "Oatmere"), limit=5, after=place))
    record(drafts.change, [DraftChange(added[0].id, 1, {"note": "shorter", "state": DraftState.WITHDRAWN})])
    record(drafts.change, [DraftChange(added[1].id, 1, {"note": "x"}), DraftChange(added[0].id, 1, {})])
    record(drafts.change, [DraftChange(added[1].id, 1, {"note": "x" * 501})])
    for number in (0, 1):
        record(drafts.find, added[number].id, ["fernhill"])
    record(drafts.find, added[0].id, ["Oatmere"])
    record(drafts.of_brief, "fernhill", "autumn")
    record(drafts.of_brands, ["fernhill", "Oatmere"])
    record(drafts.of_brands, [])
    record(drafts.count_using, "fernhill", ("product.name", "product.none"))


def _briefs(record: Recorder, briefs: Briefs) -> None:
    def brief(id_: str, **changes: Any) -> Brief:
        return Brief.model_validate({**copy.deepcopy(BRIEF), "id": id_, **changes})

    for id_ in ("first", "second", "third"):
        record(briefs.create, brief(id_), author="ada@example.com")
    record(briefs.create, brief("first"), author="ada@example.com")
    record(briefs.change, brief("first", notes="N"), seen=1, author="", change="notes")
    record(briefs.change, brief("first", notes="M"), seen=1, author="", change="notes")
    record(briefs.change, brief("none"), seen=1, author="", change="notes")
    record(briefs.find, "fernhill", "first")
    record(briefs.find, "fernhill", "none")
    record(briefs.named, "first", ["fernhill", "oatmere"])
    record(briefs.brands_with, "first")
    record(briefs.revision, "fernhill", "first", 1)
    record(briefs.revisions, "fernhill", "first")
    lines = record(briefs.page, BriefFilter(brands=["fernhill"], limit=2))
    after = (lines[-1].created_at, lines[-1].brand, lines[-1].id)
    record(briefs.page, BriefFilter(brands=["fernhill"], after=after, owner="ada@example.com"))
    record(briefs.page, BriefFilter(brands=["fernhill"], journey="welcome", sends_from=AS_OF))


def _blocks(record: Recorder, approvals: BlockApprovals) -> None:
    record(approvals.approvers_are_known, "fernhill")
    record(approvals.spared, "fernhill")
    spared = SparedBlocks(brand="fernhill", hashes=("a" * 16, "b" * 16), version="", at=AS_OF)
    record(approvals.spare, spared)
    record(approvals.spare, SparedBlocks(brand="fernhill", hashes=(), version="c" * 64, at=AS_OF))
    record(approvals.spared, "fernhill")
    approval = BlockApproval(
        brand="fernhill",
        block_id="cta_one",
        words_hash="a" * 64,
        by="rae",
        role="legal",
        tier=Tier.LOW,
        at=AS_OF,
    )
    record(approvals.add, [approval], "1" * 32, complete=False, author="ada@example.com", author_named=True)
    record(approvals.given, "fernhill")
    record(approvals.given, "moorgate")


def _people(record: Recorder, people: People, kept: KeptAnswers) -> None:
    ada = record(people.add, "Ada@example.com", "Ada")
    record(people.add, "ada@example.com", "Ada again")
    record(people.add, "bea@example.com", "Bea")
    record(people.grant, "ada@example.com", "fernhill", [PersonRole.LEGAL, PersonRole.COPYWRITER])
    record(people.grant, "ada@example.com", "*", [PersonRole.OPERATOR])
    record(people.grant, "nobody@example.com", "*", [PersonRole.OPERATOR])
    record(people.revoke, "ada@example.com", "fernhill", [PersonRole.LEGAL])
    record(people.members, "fernhill")
    record(people.members, "moorgate")
    record(people.all_names)
    record(people.disable, "bea@example.com")
    record(people.create_key, "bea@example.com", "laptop", Scope, None)
    key = record(people.create_key, "ada@example.com", "laptop", [Scope.READ], AS_OF)
    other = record(people.rotate_key, key.row.id, None, grace=HOUR)
    record(people.revoke_key, other.row.id)
    record(people.note_use, key.row.id)
    record(people.find_key, key.row.id)
    record(people.find_key, "none")
    record(people.keys)
    record(people.keys, "ada@example.com")
    record(people.get, "ada@example.com")
    record(people.everybody)
    record(people.names, ["ada@example.com", "none@example.com"])
    record(people.names, [])
    record.called.add("People.members")
    assert people.members("fernhill") == {"ada@example.com": {"copywriter", "operator"}}
    asked = Asked(ada.id, "key-1", "POST /v1/briefs", "0" * 64)
    claim = record(kept.claim, asked, HOUR)
    record(kept.claim, asked, HOUR)
    record(kept.renew, [claim.row.owner], 2 * HOUR)
    record(kept.settled, asked)
    record(kept.finish, claim, 201, {"content-type": "application/json"}, b"{}")
    record(kept.claim, asked, HOUR)
    second = record(kept.claim, dataclasses.replace(asked, key="key-2"), -HOUR)
    record(kept.claim, dataclasses.replace(asked, key="key-2"), HOUR)
    record(kept.release, second)
    record(kept.purge)


def _content(record: Recorder, blobs: BlobStore, content: ContentStore, retention: Retention) -> None:
    new = NewBlob.of(BlobKind.REQUEST, b"\x00\xff bytes")
    for kind in (BlobKind.REQUEST, BlobKind.CONTENT):
        record(blobs.add, [dataclasses.replace(new, kind=kind)])
    record(blobs.find, new.hash)
    record(blobs.find_all, [new.hash, "0" * 64])
    record(blobs.read, new.hash)
    record(blobs.read, "0" * 64)
    record(blobs.states, [new.hash, "0" * 64])
    files = {"brand/fernhill/voice.yaml": b"calm"}
    first = record(content.publish, files, author="ada", note="first", expected=None)
    second = record(content.publish, {**files, "b": b"x"}, author="ada", note="", expected=first.version.hash)
    record(content.publish, files, author="ada", note="late", expected=None)
    record(content.move, first.version.hash, by="ada", why="back", expected=second.version.hash)
    record(content.serving)
    record(content.moves)
    record(content.versions)
    record(content.find, first.version.hash[:10].upper())
    record(content.find, "0000000000")
    record(content.holds, first.version.hash)
    record(content.files, first.version)
    record(retention.held)
    later = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    for dry_run in (True, False):
        record(retention.prune, calls_days=1, receipts_days=1, now=later, dry_run=dry_run)
    record(retention.held)
    record(blobs.find, new.hash)


def _judgements(record: Recorder, kept: KeptJudgements) -> None:
    clean = Judgement(verdict=Judged.CLEAN, answer_hash="a" * 64)
    problem = Judgement(verdict=Judged.PROBLEM, category="green_claim", quote="wet walk")
    record(kept.keep, "1" * 64, "judge", clean, "{}")
    record(kept.keep, "1" * 64, "judge", problem, "an answer is never changed")
    record(kept.keep, "2" * 64, "j" * 300, problem, '{"quote": "wet walk"}')
    record(kept.keep, "3" * 64, "judge", clean, "no \0 database holds this")
    for number in "123":
        record(kept.find, [number * 64, "0" * 64])
    record(kept.find, [])


def _exports(record: Recorder, exports: Exports) -> None:
    def chosen(kind: str, arm: str, hours: int) -> ChosenSlot:
        return ChosenSlot(
            brand="fernhill",
            brief_id="autumn",
            locale="en-US",
            segment="weekend_hikers",
            kind=kind,
            arms=(Arm(name="only", block=arm),),
            chosen_by="pat@fernhill.example",
            chosen_at=AS_OF + HOUR * hours,
        )

    record(exports.choose, [])
    record(exports.choose, [chosen("hero", "late", 2), chosen("hero", "early", 1), chosen("cta", "one", 1)])
    record(exports.chosen, "fernhill", "autumn")
    record(exports.chosen, "fernhill", "spring")
    record(exports.choices, "fernhill", "autumn")
    content = ExportContent(subject="Grüße 🥾", slots=(), facts={"offer.discount": "20 %"})
    rows = [
        Export(
            brand="fernhill",
            brief_id="autumn",
            brief_revision=1,
            locale="en-US",
            segments=("weekend_hikers",),
            account="own",
            platform="jinja",
            template_hash="f" * 64,
            content=content,
            exported_by="pat@fernhill.example",
            exported_at=AS_OF + HOUR * number,
            do_not_send_after=AS_OF + HOUR * 99 if number else None,
        )
        for number in range(2)
    ]
    files = [NewBlob.of(BlobKind.EXPORT, b"<html>")]
    record(exports.keep, rows, files)
    record(exports.keep, rows, files)
    record(exports.of_brief, "fernhill", "autumn")
    record(exports.of_brands, ["fernhill"])
    record(exports.of_brands, [])
    for number in (0, 1):
        record(exports.find, rows[number].id, ["fernhill"])
    record(exports.find, rows[0].id, ["Oatmere"])
    page = record(exports.page, ExportWanted(("fernhill",), limit=1))
    after = (page[0].exported_at, page[0].id)
    record(exports.page, ExportWanted(("fernhill",), brief_id="autumn", account="own", after=after))
    record(exports.page, ExportWanted(("fernhill",), brief_id="spring"))


def test_every_method_gives_the_same_on_both(
    tmp_path: Path, postgres: PostgresServer, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: "s" * size)
    monkeypatch.setattr("secrets.token_bytes", lambda size: b"s" * size)
    name = postgres.create(migrated_postgres)
    logs = []
    for url in (f"sqlite:///{tmp_path}/copydesk.db", postgres.url(name)):
        numbers = random.Random(7)
        monkeypatch.setattr("uuid.uuid4", lambda: uuid.UUID(int=numbers.getrandbits(128)))  # noqa: B023
        logs.append(scenario(url))
    ours, theirs = logs
    postgres.drop(name)
    assert len(ours.log) == len(theirs.log)
    for one, two in zip(ours.log, theirs.log, strict=True):
        left, right = pprint.pformat(_without_place(one)), pprint.pformat(_without_place(two))
        assert left.splitlines() == right.splitlines()
    methods = {
        f"{kind.__name__}.{method}"
        for kind in _stores()
        for method, function in inspect.getmembers(kind, inspect.isfunction)
        if not method.startswith("_")
    }
    assert methods - ours.called - SQLITE_ALONE == set(), "call each in the scenario above"


def _without_place(entry: tuple[str, Any]) -> Any:
    """A refusal of the database without its name and the words of its maker."""
    name, result = entry
    if isinstance(result, tuple) and result[0] == "StorageError":
        message = re.sub(r"the database \S+ ", "", result[1])
        return name, re.sub(r"(refused a row): .*", r"\1", message), *result[2:]
    return entry


def _stores() -> set[type[Transactions]]:
    found = set(Transactions.__subclasses__())
    return {kind for kind in found if kind.__module__.startswith("app.db.")}

"""Every method of what stores people, messages, waivers, whole emails, weeks, proposals and the audit."""

import dataclasses
import datetime as dt

from pydantic import JsonValue
from sqlmodel import Session

from app.brand.tiers import Tier
from app.db.audit_log import AuditFilter, AuditLog
from app.db.deliveries import Deliveries, Result
from app.db.drafts import DraftChange, Drafts
from app.db.email_tables import EmailApproval, EmailClosed, EmailPart, EmailReview, EmailVersion
from app.db.emails import Emails, change_email, end_email_approvals, require_latest
from app.db.erasing import Erasing
from app.db.library_rows import LibraryRows
from app.db.outbox import Announcement, announce
from app.db.outbox_tables import DeliveryState, Webhook
from app.db.people import People
from app.db.proposal_tables import Proposal, ProposalSort, ProposalState
from app.db.proposals import Proposals
from app.db.retention import Retention
from app.db.run_answers import RunAnswers
from app.db.sessions import SessionRows
from app.db.sign_in import FailureRows, Limit, OutsideRows, PasswordRows
from app.db.sign_in_tables import OutsideSignIn, SignedInBy, SignInSession
from app.db.store import Store
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.db.webhooks import Webhooks
from app.db.weekly import Span, WeeklyRows
from app.verdicts.waivers import text_hash
from tests.db.factories import AS_OF, make_draft, make_record, make_refusal, make_run
from tests.db.recorder import HOUR, Recorder
from tests.web.weeks import MONDAY, WEEK, edit_thrice, fill_week


def record_sessions(record: Recorder, people: People, rows: SessionRows) -> None:
    ada, bea = (people.get(f"{name}@example.com").person.id for name in ("ada", "bea"))
    for number, (person, hours) in enumerate(((ada, 1), (ada, 9), (ada, 9), (bea, 9))):
        row = SignInSession(
            id=str(number) * 64,
            person_id=person,
            signed_in_by=SignedInBy.PASSWORD,
            device="Firefox on Linux",
            created_at=AS_OF + HOUR * number,
            seen_at=AS_OF + HOUR * number,
            expires_at=AS_OF + HOUR * hours,
        )
        record(rows.add, row)
    record(rows.find, "0" * 64)
    record(rows.find, "1" * 64)
    record(rows.note_use, "1" * 64, AS_OF + HOUR * 5)
    record(rows.of_person, ada)
    record(rows.end, bea, "1" * 64)
    record(rows.end, ada, "1" * 64)
    record(rows.end_all, ada)
    record(rows.of_person, ada)
    record(people.disable, "bea@example.com")
    record(rows.of_person, bea)


def record_outbox(record: Recorder, webhooks: Webhooks, deliveries: Deliveries, people: People) -> None:
    def hook(url: str) -> Webhook:
        return Webhook(brand="fernhill", url=url, events=("draft.*",), secret="", created_by="")

    first, second = (record(webhooks.add, hook(url), actor="machine") for url in ("https://a/", "https://b/"))
    record(webhooks.add, hook("https://a/"), actor="machine")
    record(webhooks.add, Webhook(**first.model_dump()), actor="machine")
    record(webhooks.rotate, first.id, grace=HOUR, actor="machine")
    record(webhooks.rotate, "none", grace=HOUR, actor="machine")
    record(people.want_mail, "ada@example.com", wanted=True)
    record(people.wants_mail, "ada@example.com")
    with Session(webhooks.engine) as session:
        for number in range(3):
            told = Announcement("fernhill", "draft.approved", f"draft {number % 2}", {"n": number})
            announce(session, dataclasses.replace(told, people=("ada@example.com",), words="Grüße 🥾"))
        session.commit()
    at = dt.datetime.now(dt.UTC)
    lease = HOUR / 6
    record(deliveries.claim, at - HOUR, lease)
    claimed = [record(deliveries.claim, at, lease) for _ in range(4)]
    record(deliveries.claim, at + 2 * lease, lease)
    waits = Result(DeliveryState.WAITING, "away", at + HOUR, pause=True)
    ends = (Result(DeliveryState.DELIVERED), waits, Result(DeliveryState.GIVEN_UP, "gone", turn_off=True))
    for held, result in zip(claimed[:3], ends, strict=True):
        record(deliveries.settle, held, [result] * len(held.rows), at)
        record(deliveries.settle, held, [result] * len(held.rows), at)
    for state in (None, *DeliveryState):
        record(deliveries.listed, state=state, brand="fernhill", limit=50)
    record(people.want_mail, "ada@example.com", wanted=False)
    record(people.wants_mail, "ada@example.com")
    record(deliveries.claim, at + 2 * HOUR, lease, mail=False)
    record(deliveries.claim, at + 2 * HOUR, lease)
    for hours in (0, 3):
        record(deliveries.give_up_mail, at + HOUR * hours, "no server", at + 3 * HOUR)
    record(webhooks.note_test, first.id, "away", actor="machine")
    record(webhooks.note_test, second.id, "", actor="machine")
    record(webhooks.of_brands, ["fernhill"])
    record(webhooks.of_brands)
    record(webhooks.remove, first.id, actor="machine")
    record(webhooks.remove, first.id, actor="machine")
    record(webhooks.find, first.id)
    record(webhooks.get, second.id)
    later = dt.datetime(2999, 1, 1, tzinfo=dt.UTC)
    for dry_run in (True, False):
        record(
            Retention(webhooks.engine).prune,
            calls_days=0,
            receipts_days=0,
            deliveries_days=1,
            now=later,
            dry_run=dry_run,
        )
    record(deliveries.listed)


def record_run_answers(record: Recorder, store: Store, answers: RunAnswers) -> None:
    run = store.start_run(make_run(brief_id="watched"))
    drafts = [make_draft(brief_id="watched", created_at=AS_OF + HOUR) for _ in range(2)]
    made = make_record(run)
    store.save_slot(made, drafts, refusals=[make_refusal(run)])
    record(answers.run, run.id)
    record(answers.run, "none")
    found = record(answers.records, run.id, [])
    record(answers.records, "none", [made.fingerprint])
    record(answers.answers, found)
    record(answers.answers, [])
    for owner in (None, "nobody@example.com"):
        record(answers.briefs, "fernhill", owner, after=0, limit=5)
    record(answers.counts, "fernhill", ["watched", "none"])
    record(answers.reviews, "fernhill", ["reviewed", "none"])


def record_weeks(record: Recorder, store: Store, rows: WeeklyRows, library: LibraryRows) -> None:
    fill_week(store)
    edit_thrice(store)
    for span in (Span("fernhill", MONDAY, MONDAY + WEEK), Span("fernhill", MONDAY - WEEK, MONDAY)):
        for method in (rows.asked, rows.answered, rows.refused_rules, rows.ended, rows.cost):
            record(method, span)
    record(rows.briefs_began, "fernhill", ["brief_a0", "none"])
    record(rows.edited, "fernhill", MONDAY)
    record(library.approved, "fernhill")
    record(library.whole, ["edited-0", "none"])
    record(library.uses, "fernhill")
    record(library.taken_over, "fernhill", ["late", "none"])
    record(library.drafts_of_block, "fernhill", "late", 5)
    record(library.exports_with, "fernhill", "late", 5)


def record_proposals(record: Recorder, proposals: Proposals) -> None:
    def made(key: str) -> Proposal:
        data: dict[str, JsonValue] = {"text": "Grüße 🥾"}
        sort = ProposalSort.WRONG_FINDING
        return Proposal(brand="fernhill", sort=sort, key=key, data=data, by="ada@example.com", at=AS_OF)

    first = record(proposals.keep, made("a"))
    record(proposals.keep, made("a"))
    record(proposals.keep, made("b"))
    record(proposals.keys, "fernhill", ProposalSort.REPEATED_EDIT)
    record(proposals.find, first.id, "fernhill")
    record(proposals.find, first.id, "moorgate")
    for brand in ("moorgate", "fernhill", "fernhill"):
        state = ProposalState.DECLINED
        record(proposals.decide, first.id, brand, state, by="bo@example.com", at=AS_OF, reason="no")
    record(proposals.of_brand, "fernhill")
    record(proposals.of_brand, "fernhill", ProposalState.OPEN)
    record(proposals.of_brand, "fernhill", after=first.id, limit=1)
    record(proposals.of_brand, "moorgate", after=first.id)
    record(proposals.counts, "fernhill")
    record(proposals.with_key, "fernhill", "b")
    record(proposals.with_key, "moorgate", "b")


def record_waivers(record: Recorder, drafts: Drafts, waivers: Waivers) -> None:
    text = "Grüße, come back OUTSIDE 🥾"
    draft = record(drafts.add, make_draft(id="a" * 32, copy_fields={"label": text}, created_at=AS_OF))
    rows = [
        StoredWaiver(
            brand="fernhill",
            draft_id=draft.id,
            field="label",
            rule="voice",
            category="voice",
            text=text_hash(text),
            start=17,
            end=24,
            locale="en-US",
            market="US",
            by="ada@example.com",
            role="legal",
            reason="it is a name",
            at=AS_OF + HOUR * number,
            until=AS_OF + HOUR * 99,
        )
        for number in range(3)
    ]
    receipt = draft.receipt.model_copy(update={"waivers": (rows[0].given,)})
    changes = [DraftChange(draft.id, 1, {"receipt": receipt})]
    record(drafts.change, changes)  # rests on a waiver that is not there
    record(waivers.give, rows[0], changes)
    record(waivers.give, StoredWaiver(**rows[0].model_dump()), [])
    record(waivers.give, rows[1], changes)
    for row in rows[1:]:
        record(waivers.give, row, [])
    record(waivers.standing, "fernhill", "en-US", "US", [text, "another"])
    record(waivers.standing, "fernhill", "en-US", "GB", [text])
    record(waivers.of_draft, draft)
    record(waivers.of_draft, make_draft(id="b" * 32, copy_fields={"label": text}))
    record(waivers.of_draft, make_draft(id="b" * 32, copy_fields={"label": "another"}))
    record(waivers.drafts_with, "fernhill", "en-US", text)
    record(waivers.drafts_with, "fernhill", "en-US", "another")
    record(waivers.page, ["fernhill"], limit=1)
    record(waivers.page, ["fernhill"], draft_id=draft.id, after=(rows[2].at, rows[2].id))
    record(waivers.page, ["Oatmere"])
    record(waivers.find, rows[0].id, ["fernhill"])
    record(waivers.find, rows[0].id, ["Oatmere"])
    for _ in range(2):
        record(waivers.revoke, rows[0], "ada@example.com", AS_OF + HOUR * 9)
    record(waivers.standing, "fernhill", "en-US", "US", [text])
    record(drafts.find, draft.id, ["fernhill"])
    record(drafts.change, [DraftChange(draft.id, 3, {"receipt": receipt})])


def record_emails(record: Recorder, emails: Emails) -> None:
    part = EmailPart(kind="cta", source=f"draft {'a' * 32}", content="b" * 64)
    reviews = [
        EmailReview(
            brand="fernhill",
            brief_id="autumn",
            locale="en-US",
            market="US",
            segment=segment,
            arm="only",
            tier=Tier.RESTRICTED,
            why=("restricted: it is a block of the kind proof",),
            digest=str(number) * 64,
            versions=(EmailVersion(digest=str(number) * 64, parts=(part,)),),
            shown={"offer.discount": "20 %"},
            submitted_by="cal@example.com",
            submitted_at=AS_OF + HOUR * number,
            due_at=AS_OF + HOUR * 9,
            closed_at=AS_OF + HOUR * 8 if number else None,
            closed_as=EmailClosed.APPROVED if number else None,
        )
        for number, segment in enumerate(("weekend_hikers", "weekend_hikers", "trail_runners"))
    ]
    approvals = [
        EmailApproval(
            review_id=review.id,
            brand="fernhill",
            version=review.digest,
            by="ada@example.com",
            role=role,
            at=AS_OF + HOUR,
        )
        for review in reviews
        for role in ("legal", "brand owner")
    ]
    record.called.add("Emails.writing")
    with emails.writing() as session:
        session.add_all(reviews)
        session.flush()
        session.add_all(approvals)
    record(emails.people)
    record(emails.latest, "fernhill", "autumn")
    record(emails.with_source, "fernhill", "autumn", part.source)
    record(emails.with_source, "fernhill", "autumn", "draft none")
    record(emails.latest, "Oatmere", "autumn")
    for review in reviews:
        record(emails.approvals, review.id)
        record(emails.of_version, "fernhill", review.digest)
        record(emails.of_part, "fernhill", ("en-US", "US", review.segment), part)
    record(emails.of_part, "fernhill", ("en-US", "GB", "trail_runners"), part)
    record(emails.of_part, "fernhill", ("en-US", "US", "trail_runners"), part, "autumn")
    record(emails.of_part, "fernhill", ("en-US", "US", "trail_runners"), part, "spring")
    record(emails.waiting, "fernhill")
    record(emails.waiting, "oatmere")
    record(emails.overdue, AS_OF + HOUR * 8)
    record(emails.overdue, AS_OF + HOUR * 9)
    place = ("fernhill", "autumn", ("en-US", "weekend_hikers", "only"))
    for seen in ((reviews[1].id, 1), (reviews[0].id, 1), None):
        with emails.writing() as session:
            record(require_latest, session, place, seen)
    for _ in range(2):
        with emails.writing() as session:
            record(change_email, session, reviews[0], closed_as=EmailClosed.EXPIRED)
    with emails.writing() as session:
        end_email_approvals(session, reviews[1], AS_OF, "it was withdrawn")
    record(emails.of_version, "fernhill", reviews[1].digest)


def record_audit(record: Recorder, log: AuditLog, erasing: Erasing) -> None:
    head = log.head()  # hashes cover the moment, and differ
    record.called.add("AuditLog.head")
    assert head.count > 5
    record.called.add("AuditLog.hash_of")
    assert (log.hash_of(head.count), log.hash_of(head.count + 1)) == (head.hash, None)
    newest = log.records(AuditFilter(limit=1000))
    assert [item.seq for item in newest] == [*range(head.count, 0, -1)]
    record.called.add("AuditLog.records")
    record.log.append(("AuditLog.records", [(item.seq, item.brand, item.action) for item in newest]))
    one = record(log.names, [newest[-1].actor])
    assert one is not None
    record(erasing.still_naming, "ada@fernhill.example")
    record(erasing.erase, "nobody@fernhill.example")
    record(erasing.erase, "no address")
    mentions = erasing.mentions("ada@example.com")
    record.called.add("Erasing.mentions")
    assert mentions.stand_in(b"ask ada@example.com")
    record(erasing.erase, "ada@example.com")
    record(erasing.empty_log)


def record_sign_in(
    record: Recorder,
    people: People,
    passwords: PasswordRows,
    failures: FailureRows,
    outside: OutsideRows,
) -> None:
    ada = people.get("ada@example.com").person.id
    record(passwords.put, ada, "hash", AS_OF, by="machine")
    record(passwords.renew_hash, ada, "another", "lost")
    record(passwords.renew_hash, ada, "hash", "renewed")
    for email in ("ada@example.com", "none@example.com", "é", ""):
        record(passwords.find, email)
    for email in ("ada@example.com", "bea@example.com", "none@example.com", "no address"):
        record(passwords.add_link, email, "1" * 64, AS_OF, AS_OF + HOUR)
    for link, hours in (("1", 0), ("1", 1), ("2", 0)):
        record(passwords.find_link, link * 64, AS_OF + HOUR * hours)
    record(passwords.use_link, "1" * 64, "by link", AS_OF)
    record(passwords.use_link, "1" * 64, "again", AS_OF)
    limits = {"a" * 64: Limit(free=2, first=5, most=900), "b" * 64: Limit(free=9, first=5, most=900)}
    for _ in range(4):
        record(failures.begin, limits, AS_OF)
    record(failures.succeed, "a" * 64, "b" * 64)
    record(failures.begin, limits, AS_OF + HOUR * 30)
    begun = {"browser": "b" * 64, "nonce": "n", "verifier": "v", "next_path": "/"}
    for number in "12":
        record(outside.begin, OutsideSignIn(id=number * 64, created_at=AS_OF, **begun))
    record(outside.take, "1" * 64, "c" * 64, AS_OF)
    record(outside.take, "1" * 64, "b" * 64, AS_OF)
    record(outside.take, "1" * 64, "b" * 64, AS_OF)
    record(outside.take, "2" * 64, "b" * 64, AS_OF + HOUR)
    for subject, email in (("1", "ada@example.com"), ("1", ""), ("2", "ada@example.com"), ("3", "none")):
        record(outside.bind, "https://login.example", subject, email, AS_OF)
    record(outside.person, "https://login.example", "1")
    record(outside.unbind, "ada@example.com")
    record(outside.unbind, "none@example.com")
    record(outside.person, "https://login.example", "1")

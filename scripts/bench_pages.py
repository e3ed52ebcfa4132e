"""What the pages cost with a full queue: `scripts/bench pages`. Server times, and the processor's share of
them, which other work on this machine does not change.
"""

import datetime as dt
import html
import itertools
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import event
from sqlmodel import Session

from app.blocks.approved import digest
from app.brand.roles import PersonRole
from app.brand.tiers import TIERS
from app.db.receipts import DraftApproval, Hashes, Receipt
from app.db.review_tables import NoteSort, Review, ReviewNote
from app.db.sessions import SessionRows
from app.db.sign_in_tables import SignedInBy
from app.db.tables import Draft, DraftState, new_id
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob, jobs_of
from app.main import example_brief, plan_brief
from app.release.content import SlotContent
from app.release.library import ContentLibrary
from app.release.values import commercial_values
from app.server import build_service
from app.service import Service
from app.settings import Settings
from app.sign_in.sessions import Sessions
from app.web.app import create_web
from app.web.cookies import SESSION

DRAFTS, BRIEFS, ROUNDS = 2000, 20, 15
MOST_MS = 100.0
"""Milliseconds that the server may take for a page."""
BRAND = "larkfell"
READER, WRITER = "rita@larkfell.example", "cole@larkfell.example"
NEXT = re.compile(r'href="(\?[^"]*)" rel="next"')


@dataclass(frozen=True)
class Cost:
    """One page: the middle of several rounds, in milliseconds, and how many queries it asks."""

    wall: float
    processor: float
    queries: int


def pages() -> int:
    """Print what each page costs; returns 1 when the processor's share of one is above the limit."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        database = SecretStr(f"sqlite:///{folder}/pages.db")
        service = build_service(Settings(database=database, model="none/none"))
        fill(service)
        client = _signed_in(service)
        queue = f"/brands/{BRAND}/queue"
        asked = {
            "first page": queue,
            "waits for my role": f"{queue}?who=role",
            "one kind and language": f"{queue}?kind=hero&language=en-US",
            "one brief": f"{queue}?brief=bench_a&who=nobody",
            "last page": _last(client, queue),
        }
        costs = {name: _cost(service, client, path) for name, path in asked.items()}
        service.store.close()
    print(f"{DRAFTS} drafts in review of {BRIEFS} briefs; the middle of {ROUNDS} rounds")
    for name, cost in costs.items():
        print(f"  {name:24}{cost.wall:7.1f} ms{cost.processor:7.1f} ms of processor{cost.queries:4} queries")
    return 1 if any(cost.processor > MOST_MS for cost in costs.values()) else 0


def fill(service: Service, drafts: int = DRAFTS) -> None:
    """Store briefs, people and drafts in review, as generation and people leave them."""
    for email, role in ((READER, PersonRole.BRAND_REVIEWER), (WRITER, PersonRole.COPYWRITER)):
        service.people.add(email, email.partition("@")[0].title())
        service.people.grant(email, BRAND, (role,))
    library = service.contents.now().library(BRAND)
    rows = itertools.islice(_rows(service, library), drafts)
    with Session(service.store.engine) as session:
        for number, (job, draft) in enumerate(rows):
            review = _review(number, job, draft)
            session.add(draft)
            session.flush()
            session.add(review)
            if number % 25 == 0:
                session.add(_question(review))
        session.commit()


def _rows(service: Service, library: ContentLibrary) -> Iterator[tuple[SlotJob, Draft]]:
    path = example_brief(service.settings, "larkfell_browse_abandonment")
    example = plan_brief(service.settings, path).jobs[0].brief
    jobs = []
    for number in range(BRIEFS):
        letter = chr(97 + number)
        named = {"id": f"bench_{letter}", "name": f"Campaign {letter.upper()}"}
        brief = service.briefs.create(example.model_copy(update=named), author=WRITER).content
        jobs += jobs_of(brief, library)
    copy = {placed.block.kind: dict(placed.block.copy_) for placed in library.blocks}
    known = [job for job in jobs if job.kind.id in copy]
    reports = {}
    for number, job in enumerate(itertools.cycle(known)):
        fields = copy[job.kind.id]
        if job.kind.id not in reports:
            content = SlotContent(job.kind.id, fields, None)
            reports[job.kind.id] = judge_of(job, library)(content, facts=job.facts, as_of=job.as_of)
        receipt = Receipt(
            engine="bench",
            hashes=Hashes(brand="a" * 64),
            as_of=job.as_of,
            verdicts=reports[job.kind.id],
            approvers=_approvals(number, job, fields),
        )
        yield job, _draft(job, fields, receipt)


def _draft(job: SlotJob, fields: dict[str, str], receipt: Receipt) -> Draft:
    return Draft(
        id=new_id(),
        brand=BRAND,
        brief_id=job.brief.id,
        journey=job.brief.journey.value,
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        copy_fields=fields,
        content_hash=digest([job.kind.id, job.target.locale, fields]),
        state=DraftState.IN_REVIEW,
        author="embedded",
        requested_by=WRITER,
        receipt=receipt,
    )


def _approvals(number: int, job: SlotJob, fields: dict[str, str]) -> tuple[DraftApproval, ...]:
    """Every third draft has been approved by a brand reviewer, and waits for somebody else."""
    if number % 3:
        return ()
    approval = DraftApproval(
        by=READER,
        role="brand reviewer",
        at=job.as_of,
        content_hash=digest([job.kind.id, job.target.locale, fields]),
        values=commercial_values(fields.values(), job.facts),
    )
    return (approval,)


def _review(number: int, job: SlotJob, draft: Draft) -> Review:
    now = dt.datetime.now(dt.UTC)
    due = now + dt.timedelta(minutes=7 * (number % 1000) + 30)
    return Review(
        draft_id=draft.id,
        brand=BRAND,
        brief_id=draft.brief_id,
        journey=draft.journey,
        locale=draft.locale,
        market=job.target.market,
        segment=draft.segment,
        kind=draft.kind,
        tier=TIERS[number % 4],
        why=tuple(f"{tier.value}: it makes an offer" for tier in TIERS[: number % 4 + 1]),
        harm=(number * 7919) % 27000,
        words=20,
        submitted_by=WRITER,
        send_at=due + dt.timedelta(days=2),
        due_at=due,
        latest_at=due + dt.timedelta(days=1),
        held_since=now - dt.timedelta(hours=1) if number % 25 == 0 else None,
        assignee=READER if number % 10 == 0 else None,
    )


def _question(review: Review) -> ReviewNote:
    return ReviewNote(
        brand=BRAND,
        draft_id=review.draft_id,
        sort=NoteSort.QUESTION,
        by=WRITER,
        text="Does the offer hold for members as well?",
        asked=READER,
    )


def _signed_in(service: Service) -> TestClient:
    sessions = Sessions.by(service.settings, SessionRows(service.store.engine))
    client = TestClient(create_web(service), base_url="http://localhost")
    token = sessions.begin(service.people.get(READER).person.id, SignedInBy.PASSWORD, "")
    client.cookies.set(SESSION, token, domain="localhost.local")
    return client


def _last(client: TestClient, path: str) -> str:
    """The address of the last page, found as people do: from page to page."""
    query = ""
    while found := NEXT.search(client.get(f"{path}{query}").text):
        query = html.unescape(found[1])
    return f"{path}{query}"


def _cost(service: Service, client: TestClient, path: str) -> Cost:
    asked: list[str] = []
    engine = service.store.engine

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    wall, processor = [], []
    for _ in range(ROUNDS):
        asked.clear()
        began, used = time.perf_counter(), time.process_time()
        answer = client.get(path)
        processor.append((time.process_time() - used) * 1000)
        wall.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200 or 'class="line"' not in answer.text:
            raise SystemExit(f"{path} shows no queue:\n{answer.text[:2000]}")
    event.remove(engine, "before_cursor_execute", count)
    return Cost(statistics.median(wall), statistics.median(processor), len(asked))

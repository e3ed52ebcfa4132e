"""The inventory of a brand: what is approved, with its state, worked out beside the requests.

Review dates are looked at whenever somebody asks. What takes longer is worked out in a thread and kept:
claims, changed values and uses for some minutes, and what the rules of now and of later days say for as long
as the same version of the content serves.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import structlog

from app.blocks.approved import digest
from app.blocks.loader import PlacedBlock
from app.brief.facts import FactSheet
from app.brief.models import language_of
from app.db.library_rows import ApprovedRow, LibraryRows
from app.db.store import Store
from app.db.tables import Draft
from app.errors import CopydeskError
from app.generation.draft_facts import DraftFacts
from app.guardrails.claim_wording import claims_said
from app.release.approvals import counts
from app.release.approved_drafts import StoredDrafts
from app.release.content import SlotContent
from app.release.coverage import UNJUDGED, judge_block
from app.release.inventory import (
    ClaimSaid,
    InventoryState,
    Known,
    Piece,
    Refused,
    Why,
    reasons,
    state_of,
)
from app.release.judging import LibraryJudge, pieces
from app.release.library import ContentLibrary
from app.release.matching import fact_tokens
from app.release.samples import sample_sheet
from app.release.standing import days_ahead
from app.release.values import changed_since
from app.verdicts.reports import GuardReport, Verdict

KEPT_FOR = dt.timedelta(minutes=10)
"""How long claims, changed values and uses stand before they are worked out anew."""
BLOCK, DRAFT = "block", "draft"
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Item:
    """One approved piece with its state. `segments` empty means any audience; `journey` None any journey."""

    sort: str
    id: str
    kind: str
    journey: str | None
    locales: tuple[str, ...]
    segments: tuple[str, ...]
    copy: Mapping[str, str]
    author: str
    since: dt.date
    review_by: dt.date | None
    why: tuple[Why, ...] = ()
    last_used: dt.date | None = None

    @property
    def key(self) -> str:
        """What it is known by: its sort and id."""
        return f"{self.sort} {self.id}"

    @property
    def state(self) -> InventoryState:
        """Whether it may be used as it is."""
        return state_of(self.why)

    @property
    def languages(self) -> frozenset[str]:
        """The languages of its locales."""
        return frozenset(map(language_of, self.locales))


@dataclass(frozen=True)
class Inventory:
    """The pieces of a brand. `at` is when the slow part was worked out last, None where it never was yet;
    `judged` says whether every rule, those of later days too, has had its say about the content that serves.
    """

    items: tuple[Item, ...]
    at: dt.datetime | None
    judged: bool


@dataclass
class _Book:
    """What is known about one brand."""

    state: str = ""
    known: Known = field(default_factory=Known)
    at: dt.datetime | None = None
    refused: dict[str, tuple[Refused, ...]] = field(default_factory=dict)
    """By the key of a piece and the hash of its copy, under the rules of `state`."""
    judged: bool = False
    working: threading.Thread | None = None


class Inventories:
    """The inventories of a process, each kept by brand and version of the content."""

    def __init__(self) -> None:
        self._books: dict[str, _Book] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        """One brand is worked out at a time: it keeps a processor busy."""

    def look(self, library: ContentLibrary, store: Store, at: dt.datetime) -> Inventory:
        """The inventory as it is known now; what is missing or old is being worked out meanwhile."""
        with self._lock:
            book = self._book(library)
            old = book.at is None or at - book.at > KEPT_FOR or not book.judged
            if old and book.working is None:
                book.working = threading.Thread(
                    target=self._work_quietly, args=(book, library, store, at), daemon=True, name="inventory"
                )
                book.working.start()
            known, when, judged = book.known, book.at, book.judged
        return Inventory(tuple(listed(library, store, known, at.date())), when, judged)

    def work_out(self, library: ContentLibrary, store: Store, at: dt.datetime) -> Inventory:
        """The same with everything worked out before it is answered; takes minutes for a thousand blocks."""
        with self._lock:
            book = self._book(library)
        self._work(book, library, store, at)
        return Inventory(tuple(listed(library, store, book.known, at.date())), book.at, book.judged)

    def wait(self, brand: str, seconds: float) -> None:
        """Wait until what is being worked out for a brand is done, at most so long."""
        book = self._books.get(brand)
        working = book.working if book is not None else None
        if working is not None:
            working.join(seconds)

    def _book(self, library: ContentLibrary) -> _Book:
        state = f"{library.brand.hash} {library.blocks_hash}"
        book = self._books.get(library.brand.id)
        if book is None or book.state != state:
            book = self._books[library.brand.id] = _Book(state)
        return book

    def _work_quietly(self, book: _Book, library: ContentLibrary, store: Store, at: dt.datetime) -> None:
        try:
            self._work(book, library, store, at, beside=True)
        except CopydeskError as error:
            log.warning("the inventory was not worked out", brand=library.brand.id, problem=str(error))
        finally:
            book.working = None

    def _work(
        self, book: _Book, library: ContentLibrary, store: Store, at: dt.datetime, *, beside: bool = False
    ) -> None:
        """With `beside`, requests are answered in the same process, which get every other moment."""
        with self._turn:
            approved = list(StoredDrafts(store).approved_drafts(library.brand.id))
            facts = DraftFacts(store.engine)
            sheets = {draft.id: facts(draft, library.brand) for draft in approved}
            book.known = replace(_quick(library, store, approved, sheets, at), refused=book.known.refused)
            book.at = at
            refused: dict[str, tuple[Refused, ...]] = {}
            for key, name, judge in _judges(library, approved, sheets, at):
                if name not in book.refused:
                    began = time.monotonic()
                    book.refused[name] = tuple(judge())
                    time.sleep(time.monotonic() - began if beside else 0)
                refused[key] = book.refused[name]
            book.known, book.judged = replace(book.known, refused=refused), True


def listed(library: ContentLibrary, store: Store, known: Known, today: dt.date) -> Iterator[Item]:
    """Every approved piece with its state: blocks as they are filed, then drafts, the newest first."""
    for placed in library.blocks:
        yield _with_state(_of_block(placed), known, today)
    for row in LibraryRows(store.engine).approved(library.brand.id):
        yield _with_state(_of_draft(row), known, today)


def _with_state(item: Item, known: Known, today: dt.date) -> Item:
    piece = Piece(item.key, item.since, item.review_by)
    return replace(item, why=reasons(piece, known, today), last_used=known.used.get(item.key))


def _of_block(placed: PlacedBlock) -> Item:
    block = placed.block
    return Item(
        sort=BLOCK,
        id=block.id,
        kind=block.kind,
        journey=block.journey,
        locales=block.locales,
        segments=block.segments,
        copy=block.copy_,
        author=block.author,
        since=block.approval.on,
        review_by=block.approval.review_by,
    )


def _of_draft(row: ApprovedRow) -> Item:
    return Item(
        sort=DRAFT,
        id=row.id,
        kind=row.kind,
        journey=row.journey,
        locales=(row.locale,),
        segments=(row.segment,),
        copy=row.copy_fields,
        author=row.author,
        since=row.approved_at.date() if row.approved_at is not None else dt.date.min,
        review_by=row.review_by,
    )


def _quick(
    library: ContentLibrary,
    store: Store,
    approved: list[Draft],
    sheets: Mapping[str, FactSheet | None],
    at: dt.datetime,
) -> Known:
    """What takes a second or so: claims, changed values, uses."""
    claims = {
        f"{BLOCK} {placed.block.id}": tuple(
            dict.fromkeys(
                claim
                for locale in placed.block.locales
                for claim in _claims(library, SlotContent.of_block(placed.block), locale, at)
            )
        )
        for placed in library.blocks
    }
    changed = {}
    for draft in approved:
        key, sheet = f"{DRAFT} {draft.id}", sheets[draft.id]
        claims[key] = _claims(library, SlotContent.of_draft(draft), draft.locale, at)
        if sheet is not None:
            given = [item for item in draft.receipt.approvers if counts(item, draft)]
            changed[key] = tuple({name for item in given for name in changed_since(item, draft, sheet)})
    uses = LibraryRows(store.engine).uses(library.brand.id)
    used = {f"{BLOCK} {name}": day for name, day in uses.blocks.items()}
    used |= {f"{DRAFT} {name}": day for name, day in uses.drafts.items()}
    return Known(claims=claims, changed=changed, used=used, used_since=uses.since)


def _claims(
    library: ContentLibrary, content: SlotContent, locale: str, at: dt.datetime
) -> tuple[ClaimSaid, ...]:
    context = LibraryJudge(library, locale).context(content, FactSheet(locale=locale), at)
    said = {item.claim for piece in pieces(content) for item in claims_said(piece, context)}
    return tuple(ClaimSaid(claim.id, claim.expires) for claim in sorted(said, key=lambda claim: claim.id))


def _judges(
    library: ContentLibrary,
    approved: list[Draft],
    sheets: Mapping[str, FactSheet | None],
    at: dt.datetime,
) -> Iterator[tuple[str, str, Callable[[], Iterator[Refused]]]]:
    """For each piece its key, the name that its verdicts are kept under, and what judges it."""
    ahead = days_ahead(library.brand, at)
    days = [(None, at), *((day, dt.datetime.combine(day, dt.time(), at.tzinfo)) for day in ahead)]
    for placed in library.blocks:
        key = f"{BLOCK} {placed.block.id}"
        yield key, f"{key} {placed.block.content_hash()}", _JudgedBlock(library, placed, days)
    for draft in approved:
        key = f"{DRAFT} {draft.id}"
        sheet = sheets[draft.id]
        facts = digest(sheet.model_dump(mode="json")) if sheet is not None else ""
        yield key, f"{key} {draft.content_hash} {facts}", _JudgedDraft(library, draft, sheet, days)


Days = list[tuple[dt.date | None, dt.datetime]]


@dataclass(frozen=True)
class _JudgedBlock:
    library: ContentLibrary
    placed: PlacedBlock
    days: Days

    def __call__(self) -> Iterator[Refused]:
        seen: set[str] = set()
        for since, moment in self.days:
            for locale in self.placed.block.locales:
                report = judge_block(self.library, self.placed, locale, moment)
                yield from _refused(report, since, seen)


@dataclass(frozen=True)
class _JudgedDraft:
    library: ContentLibrary
    draft: Draft
    facts: FactSheet | None
    days: Days

    def __call__(self) -> Iterator[Refused]:
        draft, content = self.draft, SlotContent.of_draft(self.draft)
        market = draft.locale.rsplit("-", 1)[-1]
        judge = LibraryJudge(self.library, draft.locale, journey=draft.journey, market=market)
        seen: set[str] = set()
        for since, moment in self.days:
            facts = self.facts or sample_sheet(fact_tokens(draft.copy_fields.values()), draft.locale, moment)
            as_of = max(moment, draft.receipt.as_of)
            yield from _refused(judge(content, facts=facts, as_of=as_of), since, seen)


def _refused(report: GuardReport, since: dt.date | None, seen: set[str]) -> Iterator[Refused]:
    """What refuses and was not seen before: each rule once, from the first day on which it does."""
    found = {finding.rule: finding.message for finding in report.blocking}
    if not found and report.verdict is not Verdict.PASS:
        found = {UNJUDGED: "; ".join(report.reasons) or report.verdict.value}
    for rule, message in found.items():
        if rule not in seen:
            seen.add(rule)
            yield Refused(rule, message, since)

"""Content at the moment of sending, by a deadline: judged answers are kept, and each fetch asks the database
in one statement whether anything that they rest on has changed.

What is slow never delays an answer: at the deadline the evergreen block answers. What is broken never empties
one: while the database is away what was valid goes on, for as long as it holds by itself.
"""

import asyncio
import datetime as dt
import hashlib
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import anyio
import structlog
from anyio.to_thread import run_sync

from app.api.content_view import content_view
from app.api.errors import FieldProblem
from app.api.service import Service
from app.api.validation import invalid
from app.blocks.registry import REQUIRED
from app.brief.facts import FactSheet
from app.db.sending import Heads, SendingHeads, SlotPlace
from app.errors import NotFound, StorageError
from app.generation.draft_facts import brief_facts
from app.generation.hashing import rules_blob
from app.release.content import NoDrafts, SlotQuery
from app.release.fetching import Fetched, Values, fetch, spoken_locale
from app.release.library import ContentLibrary
from app.release.serving import Serving
from app.verdicts.decisions import Decision, Reason, Step, TraceStep

JUDGED_SECONDS = 60.0
"""How long a judged answer is kept: rules may look at the hour ("ends tonight"), so it is judged again."""
HANGING_SECONDS = 1.0
"""A database that has not said for so long whether anything changed counts as away."""
AWAY_SECONDS = 1.0
"""How long a database that did not answer is left alone."""
MOST_KEPT = 5_000
THREADS = 8
"""Threads for the database, so that one that hangs keeps no other request from its thread."""

log = structlog.get_logger(__name__)


def utc_now() -> dt.datetime:
    """The moment of sending."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True)
class Ask:
    """One slot as it was asked for."""

    brand: str
    kind: str
    segment: str
    journey: str
    locale: str
    market: str | None
    brief: str
    values: Values


@dataclass(frozen=True)
class Answer:
    """The body of the answer, its entity tag, and for how many seconds it may be kept."""

    body: bytes
    etag: str
    max_age: int


@dataclass
class _Kept:
    """A judged answer: what it rests on, when it was judged, and when the database last said so."""

    found: Fetched
    library: ContentLibrary
    version: str
    heads: Heads | None
    body: bytes
    etag: str
    judged: float
    confirmed: float

    def holds(self, library: ContentLibrary, version: str, now: dt.datetime) -> bool:
        until = self.found.valid_until
        return self.library is library and self.version == version and (until is None or now < until)


class _Database:
    """Asks for heads without ever waiting longer than the one who asks may."""

    def __init__(self, heads: SendingHeads) -> None:
        self._heads = heads
        self._threads: anyio.CapacityLimiter | None = None
        self._running: dict[asyncio.Task[Heads], float] = {}
        self._away_until = 0.0

    async def heads(self, place: SlotPlace, ends: float) -> Heads | Reason:
        """The heads, or why there are none: the deadline, or that the database does not answer."""
        moment = time.monotonic()
        since = min(self._running.values(), default=moment)
        if moment < self._away_until or moment - since > HANGING_SECONDS:
            return Reason.DATABASE_AWAY
        task = asyncio.create_task(self._read(place))
        self._running[task] = moment
        task.add_done_callback(self._ended)
        await asyncio.wait({task}, timeout=max(0.0, ends - moment))
        if not task.done():
            return Reason.DEADLINE_REACHED
        return task.result() if task.exception() is None else Reason.DATABASE_AWAY

    async def _read(self, place: SlotPlace) -> Heads:
        if self._threads is None:
            self._threads = anyio.CapacityLimiter(THREADS)
        return await run_sync(self._heads.read, place, limiter=self._threads)

    def _ended(self, task: asyncio.Task[Heads]) -> None:
        self._running.pop(task, None)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("content is fetched without the database", error=type(error).__qualname__)


class Fetcher:
    """Answers fetches. One for the process; it belongs to one event loop."""

    def __init__(self, service: Service, clock: Callable[[], dt.datetime] = utc_now) -> None:
        self.clock = clock
        self._service = service
        self._database = _Database(SendingHeads(service.store.engine))
        self._kept: OrderedDict[object, _Kept] = OrderedDict()
        self._working: dict[object, asyncio.Task[_Kept]] = {}
        self._following: asyncio.Task[None] | None = None
        self._rules: WeakKeyDictionary[ContentLibrary, str] = WeakKeyDictionary()

    def warm_up(self) -> None:
        """Have the evergreen block of each required kind judged once: the first time takes seconds, and at a
        deadline there are none. For a thread.
        """
        serving = self._service.contents.now()
        for library in serving.libraries.serving.values():
            for kind, locale in itertools.product(REQUIRED, library.brand.identity.locales):
                query = SlotQuery(kind, locale, "", "", "", FactSheet(locale=locale), self.clock())
                fetch(library, query, NoDrafts(), only_evergreen=Reason.DEADLINE_REACHED)

    async def answer(self, ask: Ask, seconds: float) -> Answer:
        """The answer to `ask` within `seconds`. Raises BrandDisabled, and NotFound or InvalidRequest for a
        brief that does not fit.
        """
        ends = time.monotonic() + seconds
        place, _ = self._place(ask, self._service.contents.now())
        heads = await self._database.heads(place, ends)
        if isinstance(heads, Heads) and not await self._followed(heads.version, ends):
            heads = Reason.DEADLINE_REACHED
        serving = self._service.contents.now()
        place, only = self._place(ask, serving)
        work = _Work(ask, place, only, serving, self.clock(), heads)
        if heads is Reason.DEADLINE_REACHED:
            return self._at_deadline(work)
        found = self._at_once(work)
        if found is not None:
            return found
        kept = await self._worked_out(work, ends)
        return self._at_deadline(work) if kept is None else self._shown(kept, work.now)

    def _place(self, ask: Ask, serving: Serving) -> tuple[SlotPlace, Reason | None]:
        """The slot as rows name it, and why only evergreen blocks fit, if so."""
        brand = serving.library(ask.brand).brand
        segment = brand.aliases.get(ask.segment, ask.segment)
        locale = spoken_locale(brand, ask.locale)
        only = None
        if segment not in brand.segments:
            only = Reason.SEGMENT_UNKNOWN
        elif locale != ask.locale:
            only = Reason.LOCALE_UNKNOWN
        known = segment if segment in brand.segments else ""
        return SlotPlace(ask.brand, ask.kind, known, locale, ask.journey, ask.brief), only

    async def _followed(self, version: str, ends: float) -> bool:
        """Whether the version that the pointer names has been loaded, or cannot be, before the deadline."""
        contents = self._service.contents
        if not version or not contents.behind(version):
            return True
        if self._following is None or self._following.done():
            self._following = asyncio.create_task(asyncio.to_thread(contents.refresh))
            self._following.add_done_callback(_noted)
        await asyncio.wait({self._following}, timeout=max(0.0, ends - time.monotonic()))
        return not contents.behind(version)

    def _at_once(self, work: "_Work") -> Answer | None:
        """A kept answer that still holds, if there is one."""
        kept = self._kept.get(work.key)
        library = work.serving.library(work.ask.brand)
        if kept is None or not kept.holds(library, _version(work.serving, library), work.now):
            return None
        moment = time.monotonic()
        if isinstance(work.heads, Heads):
            if kept.heads != work.heads or moment - kept.judged > JUDGED_SECONDS:
                return None
            kept.confirmed = moment
            return self._shown(kept, work.now)
        if moment - kept.confirmed > self._service.settings.fetch_away_seconds:
            return None
        decision = _prefixed(kept.found.decision, _away())
        return self._shown(self._keep(replace(kept.found, decision=decision), work), work.now, fleeting=True)

    async def _worked_out(self, work: "_Work", ends: float) -> "_Kept | None":
        """The answer judged anew; None when that takes longer than there is time. It is kept all the same."""
        key = (work.key, work.heads, id(work.serving))
        task = self._working.get(key)
        if task is None:
            task = self._working[key] = asyncio.create_task(asyncio.to_thread(self._work_out, work))
            task.add_done_callback(lambda _: self._working.pop(key, None))
        await asyncio.wait({task}, timeout=max(0.0, ends - time.monotonic()))
        if not task.done():
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            return None
        kept = task.result()
        if isinstance(work.heads, Heads) and kept.found.decision.reason is not Reason.DATABASE_AWAY:
            self._remember(work.key, kept)
        return kept

    def _work_out(self, work: "_Work") -> "_Kept":
        """Runs in a thread."""
        service, ask = self._service, work.ask
        library = work.serving.library(ask.brand)
        serving = [_last_good(work.serving, ask.brand)] if _stays_behind(work.serving, ask.brand) else []
        query = SlotQuery(
            ask.kind,
            work.place.locale,
            work.place.segment or ask.segment,
            ask.journey,
            "",
            FactSheet(locale=work.place.locale),
            work.now,
            market=ask.market,
        )
        if not isinstance(work.heads, Heads):
            return self._keep(
                fetch(library, query, NoDrafts(), serving=(*serving, _away()), only_evergreen=work.only), work
            )
        try:
            if ask.brief:
                query = self._with_brief(query, library, ask)
            found = fetch(library, query, service.store, serving=serving, only_evergreen=work.only)
        except StorageError as error:
            step = _away() if error.retryable else _damaged()
            found = fetch(library, query, NoDrafts(), serving=(*serving, step), only_evergreen=work.only)
        return self._keep(found, work)

    def _with_brief(self, query: SlotQuery, library: ContentLibrary, ask: Ask) -> SlotQuery:
        """The query with the thought, facts and market of the brief. Raises NotFound, InvalidRequest."""
        stored = self._service.briefs.find(ask.brand, ask.brief)
        if stored is None:
            raise NotFound(f"there is no brief '{ask.brief}'", "ids are those of GET /v1/briefs")
        brief = stored.content
        if brief.journey.value != ask.journey:
            message = f"brief '{brief.id}' is for the journey {brief.journey.value}"
            fault = FieldProblem(
                where="query", field="journey", message=message, expected=brief.journey.value
            )
            raise invalid([fault])
        names = library.brand.aliases
        places = [names.get(item.id, item.id) for item in brief.segments]
        turn = places.index(query.segment) if query.segment in places else 0
        own = brief.segments[turn].message if query.segment in places else None
        target = next((item for item in brief.targets if item.locale == query.locale), None)
        return replace(
            query,
            message=own or brief.message,
            facts=brief_facts(brief, query.locale, query.segment, library.brand) or query.facts,
            turn=turn,
            market=query.market or (target.market if target is not None else None),
        )

    def _at_deadline(self, work: "_Work") -> Answer:
        """The evergreen block, which needs nothing but what is in memory."""
        library = work.serving.library(work.ask.brand)
        key = (work.key, Reason.DEADLINE_REACHED)
        kept = self._kept.get(key)
        if (
            kept is None
            or not kept.holds(library, _version(work.serving, library), work.now)
            or time.monotonic() - kept.judged > JUDGED_SECONDS
        ):
            locale = work.place.locale
            query = SlotQuery(
                work.ask.kind,
                locale,
                work.place.segment or work.ask.segment,
                work.ask.journey,
                "",
                FactSheet(locale=locale),
                work.now,
                market=work.ask.market,
            )
            found = fetch(library, query, NoDrafts(), only_evergreen=Reason.DEADLINE_REACHED)
            kept = self._keep(found, work)
            self._remember(key, kept)
        return self._shown(kept, work.now, fleeting=True)

    def _keep(self, found: Fetched, work: "_Work") -> "_Kept":
        """The answer as bytes, with what it rests on."""
        library = work.serving.library(work.ask.brand)
        version = _version(work.serving, library)
        if library not in self._rules:
            self._rules[library] = rules_blob(library).hash
        view = content_view(
            found, library, values=work.ask.values, version=version, rules=self._rules[library]
        )
        body = view.model_dump_json(by_alias=True).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        heads = work.heads if isinstance(work.heads, Heads) else None
        moment = time.monotonic()
        return _Kept(found, library, version, heads, body, etag, moment, moment)

    def _remember(self, key: object, kept: "_Kept") -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _shown(self, kept: "_Kept", now: dt.datetime, *, fleeting: bool = False) -> Answer:
        """The answer with how long a sender may keep it: not at all where it passes by itself."""
        most = float(self._service.settings.fetch_cache_seconds)
        if kept.found.valid_until is not None:
            most = min(most, (kept.found.valid_until - now).total_seconds())
        fleeting = fleeting or kept.found.decision.held or kept.found.decision.transient
        return Answer(kept.body, kept.etag, 0 if fleeting else max(0, int(most)))


@dataclass(frozen=True)
class _Work:
    """One request on its way to an answer."""

    ask: Ask
    place: SlotPlace
    only: Reason | None
    serving: Serving
    now: dt.datetime
    heads: Heads | Reason

    @property
    def key(self) -> object:
        """What kept answers are found by."""
        segment = self.place.segment or self.ask.segment
        return replace(self.ask, segment=segment, locale=self.place.locale), self.only


def _noted(task: asyncio.Task[None]) -> None:
    """A version that could not even be refused: what serves goes on, and somebody has to look."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("a version was not loaded", error=type(error).__qualname__)


def _version(serving: Serving, library: ContentLibrary) -> str:
    return serving.version or library.brand.hash


def _stays_behind(serving: Serving, brand: str) -> bool:
    return serving.last_good or brand in serving.libraries.faults


def _last_good(serving: Serving, brand: str) -> TraceStep:
    """In words that anybody may read: what is wrong with the files is for those who may operate the brand."""
    what = "the version" if serving.last_good else f"brand {brand} as it is in the version"
    detail = f"{what} that should serve does not load; /readyz says why"
    return TraceStep(step=Step.SERVING, answered=False, reason=Reason.LAST_KNOWN_GOOD, detail=detail)


def _away() -> TraceStep:
    return TraceStep(step=Step.SERVING, answered=False, reason=Reason.DATABASE_AWAY)


def _damaged() -> TraceStep:
    detail = "drafts or the brief; `copydesk db check` names what is damaged"
    return TraceStep(step=Step.SERVING, answered=False, reason=Reason.CONTENT_DAMAGED, detail=detail)


def _prefixed(decision: Decision, step: TraceStep) -> Decision:
    return decision.model_copy(update={"reason": step.reason, "trace": (step, *decision.trace)})

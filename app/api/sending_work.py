"""Working one slot out for a sender: its brief, its facts, the chain, the gate, and the answer as bytes.

Runs in threads. Whatever cannot be read is left out of what there is to answer from, and the answer says so.
"""

import datetime as dt
import hashlib
import itertools
import time
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from app.api.content_view import content_view
from app.api.validation import invalid
from app.blocks.registry import REQUIRED
from app.brief.facts import FactSheet
from app.brief.models import Brief, Journey, Target
from app.db.emails import Emails
from app.db.sending import Heads, SlotPlace
from app.errors import NotFound, StorageError
from app.generation.draft_facts import brief_facts
from app.generation.hashing import rules_blob
from app.generation.plan import around
from app.http.errors import FieldProblem
from app.release.content import NoDrafts, SlotQuery
from app.release.fetching import Fetched, Values, fetch, spoken_locale
from app.release.library import ContentLibrary
from app.release.remembering import NEAR, Reports
from app.release.serving import Serving
from app.release.values import NO_SLOT
from app.service import Service
from app.verdicts.decisions import Decision, Reason, Step, TraceStep

MOST_LAST_RESORTS = 2_000
MOST_BRIEFS = 200
"""Briefs that are kept as they were read last."""


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
class Work:
    """One request on its way to an answer: what there is to answer it from, as of `now`."""

    ask: Ask
    place: SlotPlace
    only: Reason | None
    """Why only evergreen blocks fit, if so."""
    serving: Serving
    library: ContentLibrary
    heads: Heads | Reason
    now: dt.datetime

    @property
    def key(self) -> object:
        """What kept answers are found by."""
        return replace(self.ask, segment=self.segment, locale=self.place.locale), self.only, self.version

    @property
    def segment(self) -> str:
        """The segment by its id; as it was asked for where it is not documented."""
        return self.place.segment or self.ask.segment

    @property
    def version(self) -> str:
        """The published version, or the hash of the brand's files for a folder."""
        return self.serving.version or self.library.brand.hash

    def query(self) -> SlotQuery:
        """The slot as the chain is asked for it, without a brief."""
        facts = FactSheet(locale=self.place.locale)
        return SlotQuery(
            kind=self.ask.kind,
            locale=self.place.locale,
            segment=self.segment,
            journey=self.ask.journey,
            message="",
            facts=facts,
            as_of=self.now,
            market=self.ask.market,
        )


@dataclass
class Kept:
    """A judged answer: what it rests on, when it was judged, and when the database last confirmed it.

    The last two count seconds of the monotonic clock.
    """

    found: Fetched
    library: ContentLibrary
    version: str
    heads: Heads | None
    body: bytes
    etag: str
    judged: float
    confirmed: float

    def holds(self, work: Work) -> bool:
        """Whether the content is the one that serves, and the lease has not ended."""
        until = self.found.valid_until
        here = self.library is work.library and self.version == work.version
        return here and (until is None or work.now < until)


def placed(ask: Ask, serving: Serving) -> tuple[SlotPlace, Reason | None]:
    """The slot as rows name it, and why only evergreen blocks fit, if so. Raises BrandDisabled."""
    brand = serving.library(ask.brand).brand
    segment = brand.aliases.get(ask.segment, ask.segment)
    locale = spoken_locale(brand, ask.locale)
    only = None
    if segment not in brand.segments:
        segment, only = "", Reason.SEGMENT_UNKNOWN
    elif locale != ask.locale:
        only = Reason.LOCALE_UNKNOWN
    return SlotPlace(ask.brand, ask.kind, segment, locale, ask.journey, ask.brief), only


class Worker:
    """Works slots out. One for the process; several threads may use it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._reports = Reports()
        self._emails = Emails(service.store.engine)
        self._briefs: dict[tuple[str, str], tuple[int, Brief]] = {}
        self._last_resorts: dict[object, tuple[ContentLibrary, Fetched]] = {}
        self._rules: WeakKeyDictionary[ContentLibrary, str] = WeakKeyDictionary()

    def warm_up(self, now: dt.datetime) -> None:
        """Have the evergreen block of each required kind judged once: what that loads and compiles takes
        seconds, and at a deadline there are none.
        """
        for library in self._service.contents.now().libraries.serving.values():
            locales = library.brand.identity.locales
            for kind, locale in itertools.product(REQUIRED, locales):
                query = SlotQuery(kind, locale, "", Journey.WINBACK, "", FactSheet(locale=locale), now)
                self._evergreen(library, query, Reason.DEADLINE_REACHED)
            self._rules[library] = rules_blob(library).hash

    def work_out(self, work: Work) -> Kept:
        """The answer, judged anew. Raises NotFound or InvalidRequest for a brief that does not fit."""
        ask, library = work.ask, work.library
        serving = _last_good(work.serving, ask.brand)
        query = work.query()
        if not isinstance(work.heads, Heads):
            return self.kept(self._without_database(work, (*serving, away())), work)
        try:
            if ask.brief:
                query = _with_brief(query, library, self._brief(ask, work.heads.brief))
            found = fetch(
                library,
                query,
                self._service.store if work.heads.drafts else NoDrafts(),
                self._reports,
                emails=self._emails,
                serving=serving,
                only_evergreen=work.only,
            )
        except StorageError as error:
            step = away() if error.retryable else _damaged()
            found = self._without_database(work, (*serving, step))
        return self.kept(found, work)

    def at_deadline(self, work: Work) -> Kept:
        """The evergreen block, which needs nothing but what is in memory."""
        ask, query = work.ask, self._remembered(work)
        place = (query.locale, query.market, ask.journey, query.segment, query.flags)
        key = (work.version, ask.brand, ask.kind, *place)
        library, found = self._last_resorts.get(key, (None, None))
        if found is None or library is not work.library or not _recent(found, work.now):
            found = self._evergreen(work.library, query, Reason.DEADLINE_REACHED)
            self._last_resorts[key] = (work.library, found)
            while len(self._last_resorts) > MOST_LAST_RESORTS:
                self._last_resorts.pop(next(iter(self._last_resorts)), None)
        return self.kept(replace(found, query=query), work)

    def kept(self, found: Fetched, work: Work) -> Kept:
        """The answer as bytes, with what it rests on."""
        rules = self._rules.get(work.library)
        if rules is None:
            rules = self._rules[work.library] = rules_blob(work.library).hash
        view = content_view(found, work.library, values=work.ask.values, version=work.version, rules=rules)
        body = view.model_dump_json(by_alias=True).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        heads = work.heads if isinstance(work.heads, Heads) else None
        moment = time.monotonic()
        return Kept(found, work.library, work.version, heads, body, etag, moment, moment)

    def _evergreen(self, library: ContentLibrary, query: SlotQuery, reason: Reason) -> Fetched:
        return fetch(library, query, NoDrafts(), self._reports, only_evergreen=reason)

    def _without_database(self, work: Work, serving: tuple[TraceStep, ...]) -> Fetched:
        query = self._remembered(work)
        return fetch(
            work.library, query, NoDrafts(), self._reports, serving=serving, only_evergreen=work.only
        )

    def _remembered(self, work: Work) -> SlotQuery:
        """The slot with what its brief said of its readers when it was read last: the flags that keep content
        from them, and their market. Its facts are left away, since they may be others by now.
        """
        query, known = work.query(), self._briefs.get((work.ask.brand, work.ask.brief))
        target = _target(known[1], query.locale) if known is not None else None
        if target is None:
            return query
        return replace(query, market=query.market or target.market, flags=target.flags)

    def _brief(self, ask: Ask, revision: int | None) -> Brief:
        """The brief as it is stored now. Raises NotFound; InvalidRequest when it is for another journey."""
        known = self._briefs.get((ask.brand, ask.brief))
        if known is None or known[0] != revision:
            stored = self._service.briefs.find(ask.brand, ask.brief)
            if stored is None:
                raise NotFound(f"there is no brief '{ask.brief}'", "ids are those of GET /v1/briefs")
            known = self._briefs[ask.brand, ask.brief] = (stored.revision, stored.content)
            while len(self._briefs) > MOST_BRIEFS:
                self._briefs.pop(next(iter(self._briefs)), None)
        journey = known[1].journey.value
        if journey != ask.journey:
            message = f"brief '{ask.brief}' is for the journey {journey}"
            fault = FieldProblem(where="query", field="journey", message=message, expected=journey)
            raise invalid([fault])
        return known[1]


def _target(brief: Brief, locale: str) -> Target | None:
    return next((item for item in brief.targets if item.locale == locale), None)


def _with_brief(query: SlotQuery, library: ContentLibrary, brief: Brief) -> SlotQuery:
    """The query with the thought, the facts, the slot and the market of the brief."""
    names = [library.brand.aliases.get(item.id, item.id) for item in brief.segments]
    turn = names.index(query.segment) if query.segment in names else 0
    own = brief.segments[turn].message if query.segment in names else None
    target = _target(brief, query.locale)
    request = next((item for item in brief.slots if item.kind == query.kind), None)
    return replace(
        query,
        message=own or brief.message,
        facts=brief_facts(brief, query.locale, query.segment, library.brand) or query.facts,
        turn=turn,
        market=query.market or (target.market if target is not None else None),
        flags=target.flags if target is not None else (),
        brief=brief.id,
        around=around(request, target) if request is not None and target is not None else NO_SLOT,
    )


def _recent(found: Fetched, now: dt.datetime) -> bool:
    """Whether an answer made without a segment's facts may be given again, for any segment."""
    until = found.valid_until
    return abs(now - found.query.as_of) < NEAR and (until is None or now < until)


def away() -> TraceStep:
    """The step that says that the database does not answer."""
    return TraceStep(step=Step.SERVING, answered=False, reason=Reason.DATABASE_AWAY)


def prefixed(decision: Decision, step: TraceStep) -> Decision:
    """The decision with a step before the others, whose reason is then the first one."""
    return decision.model_copy(update={"reason": step.reason, "trace": (step, *decision.trace)})


def _last_good(serving: Serving, brand: str) -> tuple[TraceStep, ...]:
    """In words that anybody may read: what is wrong with the files is for those who may operate the brand."""
    if not serving.last_good and brand not in serving.libraries.faults:
        return ()
    what = "the version" if serving.last_good else f"brand {brand} as it is in the version"
    detail = f"{what} that should serve does not load; /readyz says why"
    return (TraceStep(step=Step.SERVING, answered=False, reason=Reason.LAST_KNOWN_GOOD, detail=detail),)


def _damaged() -> TraceStep:
    detail = "drafts or the brief; `copydesk db check` names what is damaged"
    return TraceStep(step=Step.SERVING, answered=False, reason=Reason.CONTENT_DAMAGED, detail=detail)

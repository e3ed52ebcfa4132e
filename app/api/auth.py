"""From the header Authorization to an Identity, with a short memory so that hot paths ask no database.

A key that was revoked, a person that was disabled or a role that changed takes effect in every process
within REMEMBERED_SECONDS. An expiry takes effect at once.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from starlette.concurrency import run_in_threadpool

from app.caller import Identity, roles_by_brand
from app.db.people import KEY, KnownKey, People
from app.db.tables import now
from app.errors import StorageError
from app.http.errors import Unauthenticated

REMEMBERED_SECONDS = 5.0
REMEMBERED_KEYS = 2000
RENEWAL_SECONDS = 0.02
"""How long a fetch waits to hear whether a remembered key still counts."""
USE_NOTED_SECONDS = 60.0
_HINT = "send the header 'Authorization: Bearer cdk_...'; `copydesk keys create` makes a key"

log = structlog.get_logger(__name__)


@dataclass
class _Remembered:
    known: KnownKey
    identity: Identity
    fetched: float


class KeyRing:
    """Looks keys up. One for the process; it belongs to one event loop."""

    def __init__(
        self,
        people: People,
        clock: Callable[[], float] = time.monotonic,
        *,
        away_seconds: float = 0.0,
    ) -> None:
        self._people = people
        self._clock = clock
        self._away_seconds = away_seconds
        self._renewing: dict[str, asyncio.Task[_Remembered | None]] = {}
        self._leave_until = 0.0
        self._memory: OrderedDict[str, _Remembered] = OrderedDict()
        self._noted: dict[str, float] = {}
        self._notes: set[asyncio.Task[None]] = set()

    async def identify(self, header: str | None) -> Identity:
        """Whose key the header holds. Raises Unauthenticated, StorageError when nobody can say."""
        key_id, secret = _parsed(header)
        found = self._memory.get(key_id)
        if found is None or self._clock() - found.fetched > REMEMBERED_SECONDS:
            found = await self._fetch(key_id)
        return self._admitted(key_id, secret, found)

    async def identify_by_memory(self, header: str | None) -> Identity:
        """The same where a database that is slow or away must not keep anybody waiting: a key that was looked
        up before goes on counting for `away_seconds` while nobody can say whether it still does.
        """
        key_id, secret = _parsed(header)
        found = self._memory.get(key_id)
        age = self._clock() - found.fetched if found is not None else float("inf")
        if age > REMEMBERED_SECONDS:
            if age > self._away_seconds:
                found = await self._fetch(key_id)
            else:
                found = await self._renewed(key_id, found)
        return self._admitted(key_id, secret, found)

    async def _renewed(self, key_id: str, found: _Remembered | None) -> _Remembered | None:
        """The key as it is now, or as it was where that takes too long or cannot be said."""
        if self._clock() < self._leave_until:
            return found
        task = self._renewing.get(key_id)
        if task is None:
            task = self._renewing[key_id] = asyncio.create_task(self._fetch(key_id))
            task.add_done_callback(lambda done: self._ended(key_id, done))
        await asyncio.wait({task}, timeout=RENEWAL_SECONDS)
        return task.result() if task.done() and task.exception() is None else found

    def _ended(self, key_id: str, task: "asyncio.Task[_Remembered | None]") -> None:
        self._renewing.pop(key_id, None)
        if task.cancelled() or task.exception() is not None:
            self._leave_until = self._clock() + 1.0

    def _admitted(self, key_id: str, secret: str, found: _Remembered | None) -> Identity:
        if found is None or not found.known.fits(secret):
            raise Unauthenticated("the key is not known", _HINT)
        _refuse_ended(found.known)
        self._note_use(key_id)
        return found.identity

    async def _fetch(self, key_id: str) -> _Remembered | None:
        known = await run_in_threadpool(self._people.find_key, key_id)
        if known is None:
            self._memory.pop(key_id, None)
            return None
        found = _Remembered(known, _identity(known), self._clock())
        self._memory[key_id] = found
        self._memory.move_to_end(key_id)
        while len(self._memory) > REMEMBERED_KEYS:
            dropped, _ = self._memory.popitem(last=False)
            self._noted.pop(dropped, None)
        return found

    def _note_use(self, key_id: str) -> None:
        """Write the use down at most once a minute, beside the request: it must not wait for that."""
        moment = self._clock()
        if moment - self._noted.get(key_id, float("-inf")) < USE_NOTED_SECONDS:
            return
        self._noted[key_id] = moment
        task = asyncio.create_task(self._write_use(key_id))
        self._notes.add(task)
        task.add_done_callback(self._notes.discard)

    async def _write_use(self, key_id: str) -> None:
        try:
            await run_in_threadpool(self._people.note_use, key_id)
        except StorageError:
            log.warning("the use of a key was not noted", key=key_id)

    async def close(self) -> None:
        """Wait for uses that are being written down."""
        if self._notes:
            await asyncio.wait(self._notes, timeout=5)


def _parsed(header: str | None) -> tuple[str, str]:
    if not header:
        raise Unauthenticated("a key is needed", _HINT)
    scheme, _, text = header.partition(" ")
    match = KEY.fullmatch(text.strip()) if scheme.lower() == "bearer" else None
    if match is None:
        raise Unauthenticated("the header Authorization holds no Copydesk key", _HINT)
    return match[1], match[2]


def _identity(known: KnownKey) -> Identity:
    return Identity(
        person_id=known.person.id,
        email=known.person.email,
        name=known.person.name,
        key_id=known.key.id,
        scopes=frozenset(known.key.scopes),
        roles=roles_by_brand(known.grants),
    )


def _refuse_ended(known: KnownKey) -> None:
    if known.key.revoked_at is not None:
        raise Unauthenticated("the key is revoked", "`copydesk keys create` makes another")
    if known.key.expires_at is not None and known.key.expires_at <= now():
        raise Unauthenticated(
            f"the key expired on {known.key.expires_at:%Y-%m-%d}", "`copydesk keys rotate` makes another"
        )
    if known.person.disabled_at is not None:
        raise Unauthenticated("the person of this key is disabled", "ask your operator")

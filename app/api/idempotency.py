"""Idempotency-Key: a request that creates something may be sent again, and is done once.

The first request with a key runs and its answer is kept for a day; the same request sent again gets that
answer. While the first runs, others wait for it. When its process dies its lease runs out, and the next one
runs the request anew with the same new ids (app.api.ids). The same key with another request is refused.

Not kept are answers that say to try again (408, 429, 5xx), that the caller may not (401, 403), and that the
request itself does not fit (400, 406, 413, 415, 422): nothing was done then, and it may be corrected.
"""

import asyncio
import datetime as dt
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.body import read_body
from app.api.ids import is_key
from app.caller import Identity
from app.db.kept_answers import Asked, Claim, KeptAnswers
from app.db.service_tables import KeptAnswer, KeptState
from app.errors import NotPermitted, StorageError
from app.http.errors import KeyInUse, KeyReused
from app.service import Draining
from app.settings import Settings

NOT_KEPT = frozenset({400, 401, 403, 405, 406, 408, 413, 415, 422, 429, 431})
POLL_SECONDS = (0.05, 1.0)
PURGE_SECONDS = 3600.0
ALLOWED_WITH = ":allowed-with"
"""Beside the kept headers: a hash of the roles and scopes that the answer was given to."""

log = structlog.get_logger(__name__)


class Keeper:
    """The process's side of kept answers: waiting, claims, and leases that a thread of its own renews, so
    that a busy event loop loses none.
    """

    def __init__(self, kept: KeptAnswers, settings: Settings, draining: Draining) -> None:
        self._kept = kept
        self._wait = settings.idempotency_wait_seconds
        self._lease = dt.timedelta(seconds=settings.idempotency_lease_seconds)
        self._draining = draining
        self._owners: set[str] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="leases", daemon=True)

    def start(self) -> None:
        """Begin to renew leases and to delete what is old."""
        self._thread.start()

    def stop(self) -> None:
        """End both. Blocks for as long as a renewal takes."""
        self._ended.set()
        self._thread.join(timeout=10)

    async def claim(self, asked: Asked) -> Claim:
        """The claim on a request: ours to run, or answered. Raises KeyReused, KeyInUse."""
        until = time.monotonic() + self._wait
        pause = POLL_SECONDS[0]
        while True:
            claim = await run_in_threadpool(self._kept.claim, asked, self._lease)
            if claim.ours:
                return claim
            if not asked.same_as(claim.row):
                raise KeyReused(
                    "this Idempotency-Key was used for another request",
                    "a new key for a new request; the same key only to send the same request again",
                )
            if claim.row.state is KeptState.DONE:
                return claim
            if time.monotonic() >= until or self._draining.begun:
                raise KeyInUse(1)
            pause = await self._pause(asked, pause)

    async def _pause(self, asked: Asked, pause: float) -> float:
        """Wait until it looks worth while to claim again, or for a few pauses; returns the next pause."""
        for _ in range(4):
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, POLL_SECONDS[1])
            if self._draining.begun or await run_in_threadpool(self._kept.settled, asked):
                break
        return pause

    @contextmanager
    def holding(self, claim: Claim) -> Iterator[None]:
        """Renew the claim's lease until the block ends."""
        with self._lock:
            self._owners.add(claim.row.owner)
        try:
            yield
        finally:
            with self._lock:
                self._owners.discard(claim.row.owner)

    async def finish(self, claim: Claim, status: int, headers: dict[str, str], body: bytes) -> None:
        """Keep the answer. Where that fails the caller still gets it, and the log says so."""
        try:
            if not await run_in_threadpool(self._kept.finish, claim, status, headers, body):
                log.warning("the lease of a request was lost while it ran", kept=claim.row.id)
        except StorageError:
            log.error("an answer could not be kept for repeats", kept=claim.row.id)

    async def release(self, claim: Claim) -> None:
        """Let the key go. Where that fails its lease runs out."""
        try:
            await run_in_threadpool(self._kept.release, claim)
        except StorageError:
            log.warning("a claim could not be released, it runs out", kept=claim.row.id)

    def _renew(self) -> None:
        pause = self._lease.total_seconds() / 4
        purged = float("-inf")
        while True:
            try:
                if time.monotonic() - purged > PURGE_SECONDS:
                    purged = time.monotonic()
                    self._kept.purge()
                with self._lock:
                    owners = tuple(self._owners)
                if owners:
                    self._kept.renew(owners, self._lease)
            except StorageError:
                log.warning("leases of running requests were not renewed")
            if self._ended.wait(pause):
                return


class Idempotent:
    """Around the ASGI application of one route whose function asks for new ids."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request, or answer it from what is kept. Raises what `Keeper.claim` does."""
        request = Request(scope, receive)
        key = request.headers.get("idempotency-key")
        if key is None or not is_key(key):
            await self._app(scope, receive, send)
            return
        body = await read_body(request)
        identity: Identity = request.state.identity
        keeper: Keeper = request.app.state.keeper
        claim = await keeper.claim(_asked(request, identity, key, body))
        if claim.ours:
            await self._run(_Recording(scope, send, keeper, claim, _allowed_with(identity)), body)
        else:
            await _replay(claim.row, _allowed_with(identity), send)

    async def _run(self, recording: "_Recording", body: bytes) -> None:
        recording.scope["state"]["kept_id"] = recording.claim.row.id
        with recording.keeper.holding(recording.claim):
            try:
                await self._app(recording.scope, _once(body), recording.send)
            finally:
                if not recording.kept:
                    await asyncio.shield(recording.keeper.release(recording.claim))


class _Recording:
    """Hands an answer on while it notes it. The last piece leaves once the whole is kept."""

    def __init__(self, scope: Scope, send: Send, keeper: Keeper, claim: Claim, allowed_with: str) -> None:
        self.scope = scope
        self.keeper = keeper
        self.claim = claim
        self.kept = False
        self._send = send
        self._status = 0
        self._headers: dict[str, str] = {ALLOWED_WITH: allowed_with}
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        """Note a piece of the answer and hand it on."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            for name, value in message.get("headers", ()):
                if name != b"content-length":
                    self._headers[name.decode("latin-1")] = value.decode("latin-1")
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False) and self._status < 500 and self._status not in NOT_KEPT:
                self.kept = True
                await self.keeper.finish(self.claim, self._status, self._headers, bytes(self._body))
        await self._send(message)


def _asked(request: Request, identity: Identity, key: str, body: bytes) -> Asked:
    path, query = request.url.path, request.url.query
    stream = "text/event-stream" in request.headers.get("accept", "")
    covered = hashlib.sha256()
    for part in (path, query, request.headers.get("if-match", ""), str(stream)):
        covered.update(part.encode() + b"\0")
    covered.update(body)
    return Asked(identity.person_id, key, f"{request.method} {path}"[:300], covered.hexdigest())


def _allowed_with(identity: Identity) -> str:
    roles = sorted(f"{brand}:{role}" for brand, found in identity.roles.items() for role in found)
    return hashlib.sha256("\n".join([*roles, "", *sorted(identity.scopes)]).encode()).hexdigest()


async def _replay(row: KeptAnswer, allowed_with: str, send: Send) -> None:
    """Answer from what is kept. Raises NotPermitted when the caller's roles or scopes are not the same."""
    if row.headers.get(ALLOWED_WITH) != allowed_with:
        raise NotPermitted(
            "your roles or this key's scopes are not those of the first request with this Idempotency-Key",
            "send it with a new Idempotency-Key",
        )
    body = row.body or b""
    headers = {name: value for name, value in row.headers.items() if name != ALLOWED_WITH}
    headers |= {"content-length": str(len(body)), "idempotency-replayed": "true"}
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": row.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _once(body: bytes) -> Receive:
    """The body, once. Then nothing ever: who started this may have gone, and it is finished nevertheless."""
    given = False

    async def receive() -> Message:
        nonlocal given
        if given:
            await asyncio.Event().wait()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

"""Who may come in: the key is looked up and counted before a route is even searched for."""

from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.auth import KeyRing
from app.errors import CopydeskError, StorageError
from app.http.errors import MalformedRequest
from app.http.problems import answer_for
from app.http.rate import Left, RateLimit

FETCHES = "/v1/content/"
"""The paths that senders ask at the moment of sending: with a limit of their own, and for a while without the
database as well."""
OPEN = ("/healthz", "/readyz", "/openapi.json")
"""The paths that need no key."""
KNOWS_CALLERS = "/readyz"
"""The open path that says more to a key that may know more."""


class Access:
    """Every path but the open ones needs a key, those that do not exist as well."""

    def __init__(self, app: ASGIApp, *, keys: KeyRing, rate: RateLimit, fetches: RateLimit) -> None:
        self._app = app
        self._keys = keys
        self._rate = rate
        self._fetches = fetches

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through with its Identity, or answer it."""
        if scope["type"] == "http":
            try:
                await self._enter(scope)
            except CopydeskError as error:
                await answer_for(error, scope)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    async def _enter(self, scope: Scope) -> None:
        path, state = scope["path"], scope["state"]
        if path in OPEN:
            header = _authorization(scope) if path == KNOWS_CALLERS else None
            if header is not None:
                try:
                    state["identity"] = await self._keys.identify(header)
                except StorageError:
                    return  # the probe itself says that the database is gone
            return
        fetches = path.startswith(FETCHES)
        identify = self._keys.identify_by_memory if fetches else self._keys.identify
        identity = await identify(_authorization(scope))
        state["identity"] = identity
        left = (self._fetches if fetches else self._rate).take(identity.key_id)
        if left is not None:
            state["answer_headers"] += _headers(left)


def _authorization(scope: Scope) -> str | None:
    found = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(found) > 1:
        raise MalformedRequest("the header Authorization is given twice", "send one key")
    return found[0].decode("latin-1") if found else None


def _headers(left: Left) -> list[tuple[bytes, bytes]]:
    return [
        (b"ratelimit-limit", b"%d" % left.limit),
        (b"ratelimit-remaining", b"%d" % left.remaining),
        (b"ratelimit-reset", b"%d" % left.reset_seconds),
    ]

"""Two applications behind one port: the API, and the pages for people."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send


class Dispatch:
    """Hands each request to one of them. The API's lifespan is the process's."""

    def __init__(self, api: ASGIApp, web: ASGIApp, serves: Callable[[str], bool]) -> None:
        """`serves` says whether a path is the API's."""
        self._api = api
        self._web = web
        self._serves = serves

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one of the two answer."""
        to_api = scope["type"] != "http" or self._serves(scope["path"])
        await (self._api if to_api else self._web)(scope, receive, send)

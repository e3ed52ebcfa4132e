"""The three cookies of the pages: who is signed in, which browser a form was given to, what to say once.

Behind TLS their names begin with `__Host-`, which browsers accept only from this very host, for all paths and
over TLS. On plain http, which is served on this machine alone, browsers would refuse that, so the name and
`Secure` are left away.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

SAID_SECONDS = 60
Kind = Literal["copydesk", "copydesk-form", "copydesk-said"]
SESSION: Kind = "copydesk"
FORM: Kind = "copydesk-form"
SAID: Kind = "copydesk-said"


@dataclass(frozen=True)
class Cookies:
    """Sets and reads them. `secure` says whether people come over TLS."""

    secure: bool

    def name(self, kind: Kind) -> str:
        """What the browser calls it."""
        return f"__Host-{kind}" if self.secure else kind

    def read(self, request: Request, kind: Kind) -> str:
        """What the browser sent; empty for nothing."""
        return request.cookies.get(self.name(kind), "")

    def put(self, response: Response, kind: Kind, value: str, seconds: int | None = None) -> None:
        """Have the browser keep it, by default until it is closed."""
        response.set_cookie(
            self.name(kind),
            value,
            max_age=seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def drop(self, response: Response, kind: Kind) -> None:
        """Have the browser forget it."""
        response.delete_cookie(self.name(kind), path="/", secure=self.secure, httponly=True, samesite="lax")


@dataclass(frozen=True)
class Said:
    """What the next page says once: a name of the group `said` in labels.yaml, and values for its places."""

    label: str
    values: Mapping[str, str]

    def packed(self) -> str:
        """As a cookie holds it."""
        return base64.urlsafe_b64encode(json.dumps([self.label, dict(self.values)]).encode()).decode()

    @classmethod
    def unpacked(cls, text: str) -> "Said | None":
        """From a cookie; None for what is none. What it says is shown as text, whoever wrote it."""
        try:
            label, values = json.loads(base64.urlsafe_b64decode(text))
        except (binascii.Error, ValueError, TypeError, RecursionError):
            return None
        if not isinstance(label, str) or not isinstance(values, dict):
            return None
        return cls(label, {str(name): str(value) for name, value in values.items()})

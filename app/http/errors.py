"""What is wrong with a request itself, before it reaches what it asks for.

CopydeskError
└── RequestError
    ├── MalformedRequest     no request that can be read: syntax, encoding, a path with NUL
    ├── MalformedJson        a body that is no JSON, with line and column
    ├── InvalidRequest       fields that are missing, unknown or of the wrong sort; lists each
    ├── Unauthenticated      no key, or one that does not hold
    ├── RateLimited          too many requests with one key
    ├── MethodNotAllowed     the path has no such method
    ├── NotAcceptable        the caller accepts nothing that the answer could be
    ├── UnsupportedMedia     a body that is not JSON in UTF-8
    ├── PreconditionMissing  a change that does not say which revision it was made on
    ├── BodyTooLarge         more bytes than the settings allow
    ├── HeadersTooLarge      more bytes of headers than the settings allow
    ├── BodyTooSlow          the body did not arrive in time
    ├── Overloaded           more requests in flight than the settings allow
        ├── Ending               the process ends before the request was answered
    └── KeyReused, KeyInUse  an Idempotency-Key of another request, or of one that is still running
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.errors import CopydeskError


class FieldProblem(BaseModel):
    """One fault of one field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    where: Literal["body", "query", "path", "header", "file"] = "body"
    pointer: str = Field(
        default="", description="JSON Pointer into the body; empty for the body as a whole and elsewhere"
    )
    field: str = Field(default="", description="The field's name, with dots between the levels")
    message: str
    expected: str = Field(default="", description="What would be right, or the nearest known name")
    line: int | None = Field(default=None, description="Line in the body or file, from 1")
    column: int | None = Field(default=None, description="Column in the body or file, from 1")


class RequestError(CopydeskError):
    """Base of what an edge refuses before anything is done. `headers` go with the answer."""

    status_code = 400

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class MalformedRequest(RequestError):
    """Something about the request cannot be read at all."""


class MalformedJson(RequestError):
    """The body is no JSON; `errors` hold line and column."""


class InvalidRequest(RequestError):
    """The request can be read and does not fit; `errors` name each field."""

    status_code = 422


class Unauthenticated(RequestError):
    """There is no key, or it does not hold (any more)."""

    status_code = 401

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint, headers={"WWW-Authenticate": 'Bearer realm="copydesk"'})


class RateLimited(RequestError):
    """The key has used up its requests; `wait_seconds` until there is one again."""

    status_code = 429
    retryable = True

    def __init__(self, message: str, wait_seconds: int) -> None:
        super().__init__(
            message,
            f"wait {wait_seconds} s, or ask your operator for a higher limit",
            headers={"Retry-After": str(wait_seconds)},
        )


class MethodNotAllowed(RequestError):
    """The path exists and has no such method."""

    status_code = 405


class NotAcceptable(RequestError):
    """The caller accepts none of the forms that the answer has."""

    status_code = 406


class UnsupportedMedia(RequestError):
    """The body is not JSON in UTF-8."""

    status_code = 415


class PreconditionMissing(RequestError):
    """A change has to name the revision that its maker saw, and this one does not."""

    status_code = 428


class BodyTooLarge(RequestError):
    """The body has more bytes than the settings allow; the rest of it is not read."""

    status_code = 413

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"the body is larger than {limit} bytes",
            "split it into several requests",
            headers={"Connection": "close"},
        )


class HeadersTooLarge(RequestError):
    """The headers have more bytes than the settings allow."""

    status_code = 431


class BodyTooSlow(RequestError):
    """The body did not arrive within the time that the settings allow."""

    status_code = 408
    retryable = True

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"the body did not arrive within {seconds:g} s",
            "send it again on a better line",
            headers={"Connection": "close"},
        )


class Overloaded(RequestError):
    """This process answers as many requests as the settings allow."""

    status_code = 503
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "too many requests are being answered", "try again in a moment", headers={"Retry-After": "1"}
        )


class Ending(RequestError):
    """The process was told to end, and the request took longer than it may take then."""

    status_code = 503
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "this process is ending", "send the same request again", headers={"Retry-After": "1"}
        )


class KeyReused(RequestError):
    """The Idempotency-Key was used before, for another request."""

    status_code = 422


class KeyInUse(RequestError):
    """The first request with this Idempotency-Key is still being answered."""

    status_code = 409
    retryable = True

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(
            "the first request with this Idempotency-Key is still being answered",
            f"ask again in {wait_seconds} s with the same key and body",
            headers={"Retry-After": str(wait_seconds)},
        )

"""Problem details (RFC 9457): the form of every error, and the list of their types.

A type is a stable relative URI, `/problems/<slug>`. A new one is a line in PROBLEM_TYPES; docs/problems.md
lists them for people.
"""

from dataclasses import dataclass
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response
from starlette.types import Scope

from app.brief.json_document import BODY
from app.errors import (
    BrandDisabled,
    Conflict,
    ContentError,
    CopydeskError,
    ModelError,
    ModelTimeout,
    ModelUnavailable,
    NotFound,
    NotPermitted,
    OutOfDate,
    Problem,
    ReleaseRefused,
    RenderError,
    StorageError,
    UsageError,
    ValueNotStorable,
)
from app.generation.asking import BudgetSpent
from app.http import errors as request_errors
from app.http.errors import FieldProblem, RequestError

log = structlog.get_logger(__name__)
MEDIA_TYPE = "application/problem+json"


class ProblemDetails(BaseModel):
    """Why a request was not answered as asked, for programs (`type`) and for people (`detail`, `hint`)."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "/problems/not-found",
                    "title": "Not found",
                    "status": 404,
                    "detail": "there is no brand 'larkfel'",
                    "instance": "/v1/brands/larkfel",
                    "errors": [],
                    "hint": "did you mean 'larkfell'?",
                    "retryable": False,
                    "request_id": "0d0c6c0e5a3f4c7d9b6f0f6f3f1c2b1a",
                }
            ]
        },
    )

    type: str = Field(description="Stable relative URI of the problem's type")
    title: str = Field(description="The type in a few words")
    status: int = Field(description="The HTTP status, again")
    detail: str = Field(description="What is wrong with this request")
    instance: str = Field(description="The path that was asked")
    errors: tuple[FieldProblem, ...] = Field(default=(), description="Each field that is at fault")
    hint: str = Field(default="", description="What would be right")
    retryable: bool = Field(
        default=False,
        description="Whether the same request may succeed later without anybody changing anything",
    )
    request_id: str = Field(description="What the log calls this request")


@dataclass(frozen=True)
class ProblemType:
    """One type of problem: when it is answered, and the errors that become it."""

    slug: str
    title: str
    status: int
    meaning: str
    errors: tuple[type[CopydeskError], ...] = ()

    @property
    def uri(self) -> str:
        """The value of `type`."""
        return f"/problems/{self.slug}"


INTERNAL = ProblemType(
    "internal", "Fault of Copydesk", 500, "A fault of Copydesk; the log has it by request id"
)
PROBLEM_TYPES: tuple[ProblemType, ...] = (
    ProblemType(
        "malformed-request",
        "Cannot be read",
        400,
        "Path, query or a header cannot be read",
        (request_errors.MalformedRequest,),
    ),
    ProblemType(
        "malformed-json",
        "No JSON",
        400,
        "The body is no JSON, or JSON with duplicate keys, NaN or the like",
        (request_errors.MalformedJson,),
    ),
    ProblemType("usage", "No such name", 400, "A name or an option does not exist", (UsageError,)),
    ProblemType(
        "unauthenticated",
        "A key is needed",
        401,
        "No key, or one that is unknown, expired or revoked",
        (request_errors.Unauthenticated,),
    ),
    ProblemType(
        "not-permitted",
        "Not permitted",
        403,
        "A role of the person or a scope of the key is missing",
        (NotPermitted,),
    ),
    ProblemType(
        "not-found",
        "Not found",
        404,
        "It does not exist, or belongs to a brand that the person has no role for",
        (NotFound,),
    ),
    ProblemType(
        "method-not-allowed",
        "No such method",
        405,
        "The path has other methods, listed in Allow",
        (request_errors.MethodNotAllowed,),
    ),
    ProblemType(
        "not-acceptable",
        "Not acceptable",
        406,
        "The answer has none of the forms that Accept names",
        (request_errors.NotAcceptable,),
    ),
    ProblemType(
        "body-too-slow",
        "Body too slow",
        408,
        "The body did not arrive in time",
        (request_errors.BodyTooSlow,),
    ),
    ProblemType("conflict", "Conflict", 409, "It changed meanwhile, or exists already", (Conflict,)),
    ProblemType(
        "not-released", "Not released", 409, "The gate did not let the email pass", (ReleaseRefused,)
    ),
    ProblemType(
        "idempotency-key-in-use",
        "Still being answered",
        409,
        "The first request with this Idempotency-Key is still being answered",
        (request_errors.KeyInUse,),
    ),
    ProblemType(
        "out-of-date",
        "Changed meanwhile",
        412,
        "The revision that If-Match names is not the one that is stored",
        (OutOfDate,),
    ),
    ProblemType(
        "body-too-large",
        "Body too large",
        413,
        "The body has more bytes than the settings allow",
        (request_errors.BodyTooLarge,),
    ),
    ProblemType(
        "unsupported-media-type",
        "Not JSON in UTF-8",
        415,
        "The body is not application/json in UTF-8",
        (request_errors.UnsupportedMedia,),
    ),
    ProblemType(
        "invalid-request",
        "Fields that do not fit",
        422,
        "Fields are missing, unknown or of the wrong sort",
        (request_errors.InvalidRequest,),
    ),
    ProblemType(
        "invalid-content",
        "Content that cannot be used",
        422,
        "A brief or a file of the content has problems",
        (ContentError,),
    ),
    ProblemType(
        "value-not-storable",
        "Cannot be stored",
        422,
        "A value is too long for its field, or has a character that no database keeps",
        (ValueNotStorable,),
    ),
    ProblemType(
        "cannot-render",
        "Cannot be rendered",
        422,
        "The email cannot be composed from its blocks",
        (RenderError,),
    ),
    ProblemType(
        "idempotency-key-reused",
        "Key of another request",
        422,
        "The Idempotency-Key was used before, for another operation or body",
        (request_errors.KeyReused,),
    ),
    ProblemType(
        "precondition-missing",
        "If-Match is missing",
        428,
        "A change has to name the revision that it was made on",
        (request_errors.PreconditionMissing,),
    ),
    ProblemType(
        "rate-limited",
        "Too many requests",
        429,
        "The key's requests are used up; Retry-After says how long",
        (request_errors.RateLimited,),
    ),
    ProblemType(
        "budget-spent",
        "The budget is spent",
        429,
        "The decision contract's budget for the brief is used up",
        (BudgetSpent,),
    ),
    ProblemType(
        "headers-too-large",
        "Headers too large",
        431,
        "The headers have more bytes than the settings allow",
        (request_errors.HeadersTooLarge,),
    ),
    INTERNAL,
    ProblemType(
        "model-answer",
        "No usable answer of the model",
        502,
        "The model answered with nothing usable",
        (ModelError,),
    ),
    ProblemType(
        "model-unavailable",
        "The model is not available",
        503,
        "The model did not answer",
        (ModelUnavailable,),
    ),
    ProblemType(
        "model-timeout", "The model took too long", 504, "The model did not answer in time", (ModelTimeout,)
    ),
    ProblemType(
        "brand-disabled",
        "The brand does not serve",
        503,
        "The brand's files do not load; other brands are not touched",
        (BrandDisabled,),
    ),
    ProblemType(
        "storage",
        "The database is not available",
        503,
        "The database or its disk refused; nothing was stored",
        (StorageError,),
    ),
    ProblemType(
        "overloaded",
        "Too much at once",
        503,
        "This process answers as many requests as it may",
        (request_errors.Overloaded,),
    ),
    ProblemType(
        "ending", "Ending", 503, "The process ends before the request was answered", (request_errors.Ending,)
    ),
)
_BY_ERROR: dict[type[CopydeskError], ProblemType] = {
    error: kind for kind in PROBLEM_TYPES for error in kind.errors
}


def type_of(error: CopydeskError) -> ProblemType:
    """The type of the nearest class of the error that has one."""
    return next((_BY_ERROR[item] for item in type(error).__mro__ if item in _BY_ERROR), INTERNAL)


def request_id_of(scope: Scope) -> str:
    """The request's id, as the log has it."""
    return str(scope.get("state", {}).get("request_id", ""))


def problem_of(error: CopydeskError, scope: Scope) -> ProblemDetails:
    """The details that the caller is told; of the database only whether it helps to try again."""
    kind = type_of(error)
    detail, hint = error.message, error.hint
    if isinstance(error, StorageError):
        detail, hint = _storage_words(error)
    elif isinstance(error, ContentError):
        detail = f"{len(error.problems)} {'problem' if len(error.problems) == 1 else 'problems'}, see errors"
    return ProblemDetails(
        type=kind.uri,
        title=kind.title,
        status=error.status_code,
        detail=detail,
        instance=_path(scope),
        errors=_fields(error),
        hint=hint,
        retryable=error.retryable,
        request_id=request_id_of(scope),
    )


def _storage_words(error: StorageError) -> tuple[str, str]:
    if error.retryable:
        return (
            "the database cannot be read or written at the moment",
            "nothing of this request was stored; send the same request again",
        )
    return "the database refused", "an operator has to look: the log names the cause under the request id"


def _fields(error: CopydeskError) -> tuple[FieldProblem, ...]:
    if isinstance(error, RequestError):
        return error.errors
    if isinstance(error, ReleaseRefused):
        return tuple(FieldProblem(message=reason) for reason in error.reasons)
    if not isinstance(error, ContentError):
        return ()
    return tuple(map(_of_content, error.problems))


def _of_content(item: Problem) -> FieldProblem:
    """A problem of a brief in the body has its pointer already; one of a file has a line."""
    if item.file == BODY:
        return FieldProblem(
            pointer=item.field,
            field=item.field.removeprefix("/").replace("/", "."),
            message=item.message,
            expected=item.expected,
        )
    return FieldProblem(
        where="file",
        pointer=pointer(item.field.split(".")) if item.field else "",
        field=item.field,
        message=item.message,
        expected=item.expected,
        line=item.line or None,
        column=item.column or None,
    )


def pointer(path: tuple[str | int, ...] | list[str]) -> str:
    """The JSON Pointer (RFC 6901) of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _path(scope: Scope) -> str:
    return quote(scope.get("path", ""), safe="/:@!$&'()*+,;=-._~")


def answer(problem: ProblemDetails, headers: dict[str, str] | None = None) -> Response:
    """The response that carries `problem`."""
    return Response(
        problem.model_dump_json(), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def answer_for(error: CopydeskError, scope: Scope) -> Response:
    """The response to an error of the tree. What the caller is not told of the database is logged."""
    if isinstance(error, StorageError):
        log.error(
            "the database refused",
            cause=error.message,
            request_id=request_id_of(scope),
            retryable=error.retryable,
        )
    headers = error.headers if isinstance(error, RequestError) else None
    return answer(problem_of(error, scope), headers)


def internal(scope: Scope) -> Response:
    """The response to a fault of Copydesk: nothing about its inside."""
    return answer(
        ProblemDetails(
            type=INTERNAL.uri,
            title=INTERNAL.title,
            status=500,
            detail="something went wrong on our side",
            instance=_path(scope),
            hint="tell your operator the request id",
            request_id=request_id_of(scope),
        )
    )

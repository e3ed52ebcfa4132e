"""Errors as pages with the statuses that the API has, and as problem details for scripts that want JSON."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope

from app.errors import CopydeskError, NotFound, StorageError
from app.http.errors import InvalidRequest, MalformedRequest, MethodNotAllowed, RequestError, Unauthenticated
from app.http.problems import answer_for, internal, problem_of
from app.web.guard import SAFE
from app.web.labels import load_labels
from app.web.rendering import environment

JSON = ("application/json", "application/problem+json")
_WORDS = frozenset({"text", "why", "reason"})
"""Fields into which people write more than a word."""


def error_answer(error: CopydeskError, scope: Scope) -> Response:
    """The answer to an error of the tree: the way to sign in for who is not, else its words on a page."""
    if _wants_json(scope):
        return answer_for(error, scope)
    if isinstance(error, Unauthenticated) and scope["method"] in SAFE:
        query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
        return RedirectResponse(f"/sign-in?next={quote(scope['path'] + query, safe='/')}", status_code=303)
    if isinstance(error, StorageError):
        answer_for(error, scope)  # has the log say what the page does not
    problem = problem_of(error, scope)
    reasons = [" ".join(filter(None, (item.field, item.message))) for item in problem.errors]
    page = _page(scope, problem.status, problem.detail, problem.hint, reasons)
    if isinstance(error, RequestError):
        page.headers.update({k: v for k, v in error.headers.items() if k != "WWW-Authenticate"})
    return page


def fault_answer(scope: Scope) -> Response:
    """The answer to a fault of Copydesk: nothing about its inside."""
    return internal(scope) if _wants_json(scope) else _page(scope, 500, "", "", [])


def handlers() -> dict[Any, Callable[[Request, Any], Any]]:
    """What becomes of errors of routes, fields that do not fit, and paths that are not there."""
    return {
        CopydeskError: _on_error,
        RequestValidationError: _on_fields,
        HTTPException: _on_http_exception,
    }


async def _on_error(request: Request, error: Any) -> Response:
    await _keep_typed(request)
    return error_answer(error, request.scope)


async def _on_fields(request: Request, error: Any) -> Response:
    await _keep_typed(request)
    fields = sorted({str(item["loc"][-1]) for item in error.errors()})
    words = f"these fields are missing or do not fit: {', '.join(fields)}"
    return error_answer(InvalidRequest(words, "go back and look at them"), request.scope)


async def _on_http_exception(request: Request, error: Any) -> Response:
    if error.status_code == 404:
        return error_answer(NotFound("there is no page at this address"), request.scope)
    if error.status_code == 405:
        return error_answer(
            MethodNotAllowed("this address has no such method", headers=error.headers), request.scope
        )
    cause = error.__cause__  # what was refused while a form was read
    known = cause if isinstance(cause, CopydeskError) else MalformedRequest(str(error.detail))
    return error_answer(known, request.scope)


async def _keep_typed(request: Request) -> None:
    """Have the page of the error show what a person wrote into the form, which would be gone otherwise: when
    the session has ended, say. Never what came from another site, and no field that holds a secret.
    """
    ours = request.headers.get("sec-fetch-site") in (None, "same-origin")
    if request.method in SAFE or not ours or "state" not in request.scope:
        return
    try:
        form = await request.form()
    except HTTPException:  # no form, or one that cannot be read: the error says so
        return
    texts = (text for name, text in form.multi_items() if name in _WORDS or name.startswith("copy."))
    request.scope["state"]["typed"] = [text for text in texts if isinstance(text, str) and text.strip()]


def _wants_json(scope: Scope) -> bool:
    accepted = b",".join(value for name, value in scope["headers"] if name == b"accept").decode("latin-1")
    return any(kind in accepted for kind in JSON) and "text/html" not in accepted


def _page(scope: Scope, status: int, detail: str, hint: str, reasons: list[str]) -> HTMLResponse:
    labels = load_labels()
    visit = scope.get("state", {}).get("visit")
    template = environment().get_template("error.html.jinja")
    text = template.render(
        frame=visit.frame() if visit is not None else None,
        title=labels("status", status),
        status=status,
        detail=detail,
        hint=hint or (labels("what_to_do", status) if labels.has("what_to_do", status) else ""),
        reasons=reasons,
        typed=scope.get("state", {}).get("typed", ()),
        request_id=scope.get("state", {}).get("request_id", ""),
    )
    return HTMLResponse(text, status_code=status)

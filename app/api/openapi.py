"""The OpenAPI document: what FastAPI derives from the routes, and what every operation has in common."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.access import KNOWS_CALLERS, OPEN
from app.http.problems import MEDIA_TYPE, PROBLEM_TYPES, ProblemDetails, pointer

TAGS = (
    ("service", "Whether the service is alive and ready"),
    ("content", "What serves: brands, segments, approved blocks, and what is checked"),
    ("copy", "Have copy written, and have copy judged"),
    ("briefs", "What copywriters ask for"),
    ("drafts", "What was written, and its edits"),
    ("review", "Who has to approve what, and until when"),
    ("emails", "Composed previews"),
    ("exports", "What ships, and what was handed over"),
    ("usage", "Tokens and money"),
)
ALWAYS = (400, 406, 408, 429, 431, 500, 503)
WITH_KEY = (401, 403, 404)
WITH_BODY = (409, 413, 415)
KEY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "cdk_<id>_<secret>",
    "description": "A key of `copydesk keys create`. Its person's roles and its scopes say what it may do.",
}
DESCRIPTION = """Copydesk writes on-brand, grounded email content and answers every slot.

Every path but /healthz, /readyz and /openapi.json needs a key. A brand that the key's person has no role for
answers as if it did not exist. Errors are problem details (RFC 9457); their types are listed in
docs/problems.md. Unknown fields and query parameters are errors. A POST that creates something takes an
Idempotency-Key."""


def build_openapi(api: FastAPI) -> dict[str, Any]:
    """The document for the routes of `api`."""
    document = get_openapi(
        title=api.title,
        version=api.version,
        description=DESCRIPTION,
        routes=api.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS],
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _problem_schemas()
    document["components"]["securitySchemes"] = {"key": KEY}
    document["components"]["responses"] = {
        str(status): _response(status) for status in sorted({kind.status for kind in PROBLEM_TYPES})
    }
    for path, methods in document["paths"].items():
        for operation in methods.values():
            _document(operation, path)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


def _problem_schemas() -> dict[str, Any]:
    schema = ProblemDetails.model_json_schema(
        mode="serialization", ref_template="#/components/schemas/{model}"
    )
    inner: dict[str, Any] = schema.pop("$defs", {})
    return {"ProblemDetails": schema, **inner}


def _response(status: int) -> dict[str, Any]:
    kinds = [kind for kind in PROBLEM_TYPES if kind.status == status]
    words = "; ".join(f"`{kind.uri}`: {kind.meaning}" for kind in kinds)
    response: dict[str, Any] = {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    if status == 401:
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 429:
        response["headers"] = {
            "Retry-After": {"description": "Seconds to wait", "schema": {"type": "integer"}}
        }
    return response


def _document(operation: dict[str, Any], path: str) -> None:
    """Add the problems that this operation may answer with."""
    responses, is_open = operation["responses"], path in OPEN
    if not is_open or path == KNOWS_CALLERS:
        operation["security"] = [*([{}] if is_open else []), {"key": []}]
    fastapi_default = responses.get("422", {}).get("content", {}).get("application/json")
    if fastapi_default is not None:
        del responses["422"]
    has_body = "requestBody" in operation
    statuses = {*ALWAYS, *(() if is_open else WITH_KEY), *(WITH_BODY if has_body else ()), 422}
    if path == KNOWS_CALLERS:
        statuses.add(401)
    if "{brief_id}" in path:
        statuses.add(409)
    if any(item["name"] == "If-Match" for item in operation.get("parameters", ())):
        statuses |= {412, 428}
    for status in sorted(statuses):
        responses.setdefault(str(status), {"$ref": f"#/components/responses{pointer((str(status),))}"})
    operation["responses"] = dict(sorted(responses.items()))

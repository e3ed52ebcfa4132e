"""From pydantic's errors to problems with a place, plain words and the nearest known name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from app.http.errors import FieldProblem, InvalidRequest
from app.http.problems import pointer
from app.yaml12 import explain, follows

Place = Literal["body", "query", "path", "header"]
MOST_ERRORS = 100
"""Errors that one answer lists; a long list of wrong things is wrong in the same way."""
_PLACES: dict[str, Place] = {"body": "body", "query": "query", "path": "path", "header": "header"}


class BodyShape:
    """What a route's body has to be, in JSON's own types: no number in quotes, no 1 for true."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation
        self._adapter: TypeAdapter[Any] = TypeAdapter(annotation)

    def check(self, raw: bytes, document: Any) -> None:
        """Refuse a body that does not fit. Raises InvalidRequest that names every field."""
        try:
            self._adapter.validate_json(raw, strict=True)
        except ValidationError as error:
            found = error.errors(include_url=False)
            problems = [
                _body_problem(self.annotation, item, document) for item in found if not follows(item, found)
            ]
            raise invalid(problems) from error


def invalid(problems: Sequence[FieldProblem]) -> InvalidRequest:
    """The error that lists `problems`."""
    count = len(problems)
    words = f"{count} {'field does' if count == 1 else 'fields do'} not fit, see errors"
    return InvalidRequest(words, errors=problems[:MOST_ERRORS])


def from_fastapi(errors: Iterable[Any], document: Any) -> InvalidRequest:
    """FastAPI's errors about path, query, headers and body."""
    problems = []
    for item in errors:
        place, *rest = item["loc"] or ("body",)
        where = _PLACES.get(str(place), "body")
        inner = {**item, "loc": tuple(rest)}
        if where == "body":
            problems.append(_body_problem(None, inner, document))
        else:
            message, expected = explain(None, inner)
            problems.append(
                FieldProblem(where=where, field=".".join(map(str, rest)), message=message, expected=expected)
            )
    return invalid(problems)


def _body_problem(annotation: Any, item: Mapping[str, Any], document: Any) -> FieldProblem:
    message, expected = explain(annotation, item)
    path = _in_document(item["loc"], document)
    if item["type"] == "union_tag_invalid":
        path = (*path, str(item["ctx"]["discriminator"]).strip("'"))
    if not item["loc"] and item["type"] == "missing":
        message = "the body is missing"
    return FieldProblem(
        pointer=pointer(path), field=".".join(map(str, path)), message=message, expected=expected
    )


def _in_document(loc: Sequence[Any], document: Any) -> tuple[str | int, ...]:
    """`loc` as it stands in the body, where neither the label of a union's member nor `[key]` does."""
    path: tuple[str | int, ...] = ()
    here = document
    for step in loc:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            continue
        path = (*path, step)
    return path

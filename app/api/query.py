"""Query parameters, checked before FastAPI reads them: unknown, repeated, or not written as documented.

`sends_until=0.5` would otherwise be a moment in 1970, and `limit=1_0` ten.
"""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import ParamTypes
from fastapi.routing import APIRoute
from pydantic import AwareDatetime, NaiveDatetime

from app.api.validation import invalid
from app.http.errors import FieldProblem
from app.yaml12 import nearest

_FORMS: dict[Any, tuple[re.Pattern[str], str, str]] = {
    bool: (re.compile(r"true|false"), "should be true or false", ""),
    int: (re.compile(r"-?(0|[1-9][0-9]*)"), "should be a whole number", ""),
    float: (re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"), "should be a number", ""),
    dt.date: (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "should be a day", "such as 2026-11-27"),
    dt.datetime: (
        # a year at either end of the calendar has no moment in UTC
        re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[Tt ].+"),
        "should be a moment",
        "such as 2026-11-27T09:00:00+01:00",
    ),
}
_FORMS |= dict.fromkeys((AwareDatetime, NaiveDatetime), _FORMS[dt.datetime])
"""How values of these types are written; others are judged by FastAPI alone."""


@dataclass(frozen=True)
class _Parameter:
    several: bool
    form: tuple[re.Pattern[str], str, str] | None


class QueryShape:
    """The query parameters of one route."""

    def __init__(self, route: APIRoute) -> None:
        self._known = {
            field.alias: _parameter(field.field_info.annotation)
            for field in get_flat_params(route.dependant)
            if getattr(field.field_info, "in_", None) is ParamTypes.query
        }

    def check(self, request: Request) -> None:
        """Refuse a query that does not fit. Raises InvalidRequest that names every parameter."""
        raw = request.scope["query_string"]
        if not raw:
            return
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
        problems = [*self._unknown(pairs), *self._repeated(pairs), *self._misspelt(pairs)]
        if problems:
            raise invalid(problems)

    def _unknown(self, pairs: list[tuple[str, str]]) -> list[FieldProblem]:
        return [
            _problem(
                name,
                f"unknown query parameter '{name}'",
                nearest(name, self._known) or "this operation has no query parameters",
            )
            for name in dict(pairs)
            if name not in self._known
        ]

    def _repeated(self, pairs: list[tuple[str, str]]) -> list[FieldProblem]:
        return [
            _problem(name, f"'{name}' is given {count} times", "once")
            for name, count in Counter(name for name, _ in pairs).items()
            if count > 1 and name in self._known and not self._known[name].several
        ]

    def _misspelt(self, pairs: list[tuple[str, str]]) -> list[FieldProblem]:
        problems = []
        for name, value in pairs:
            form = self._known[name].form if name in self._known else None
            if form is not None and not form[0].fullmatch(value):
                problems.append(_problem(name, form[1], form[2]))
        return problems


def _problem(name: str, message: str, expected: str) -> FieldProblem:
    return FieldProblem(where="query", field=name, message=message, expected=expected)


def _parameter(annotation: Any) -> _Parameter:
    inner = [item for item in get_args(annotation) if item is not type(None)] or [annotation]
    several = getattr(annotation, "__origin__", None) in (list, tuple, set, frozenset)
    while not isinstance(inner[0], type) and get_args(inner[0]):
        inner = list(get_args(inner[0]))
    return _Parameter(several, _FORMS.get(inner[0]))

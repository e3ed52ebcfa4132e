"""Calls methods of stores and writes down what came of each, so that two databases can be compared."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import inspect as state_of

from app.db.draft_pages import DraftPage
from app.errors import CopydeskError

HOUR = dt.timedelta(hours=1)


class Recorder:
    """Calls methods and writes down what came of each, with present moments made alike."""

    def __init__(self) -> None:
        self.log: list[tuple[str, Any]] = []
        self.called: set[str] = set()
        self._began = dt.datetime.now(dt.UTC)

    def __call__(self, method: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        name = method.__qualname__
        self.called.add(name)
        try:
            result = method(*arguments, **named)
            if isinstance(result, Iterator):
                result = list(result)
        except CopydeskError as error:
            result = error
            self.log.append((name, (type(error).__name__, str(error), error.retryable)))
        else:
            self.log.append((name, self._plain(result)))
        return result

    def _plain(self, value: Any) -> Any:
        """A value that can be compared."""
        if isinstance(value, DraftPage):  # the databases write JSON with other spaces
            shown = [json.loads(item) for item in value.items]
            moments = [dt.datetime.fromisoformat(item.pop("updated_at")) for item in shown]
            return self._plain([shown, moments, value.next])
        if isinstance(value, BaseModel):
            row = state_of(value, raiseerr=False)
            left_out = row.unloaded if row is not None else frozenset()  # by the query, on purpose
            names = [name for name in type(value).model_fields if name not in left_out]
            return {name: self._plain(getattr(value, name)) for name in names}
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {item.name: self._plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        if isinstance(value, Mapping):
            return [(self._plain(key), self._plain(item)) for key, item in value.items()]  # with their order
        if isinstance(value, list | tuple | set | frozenset):
            return [self._plain(item) for item in value]
        return self._scalar(value)

    def _scalar(self, value: Any) -> Any:
        if isinstance(value, dt.datetime):
            assert value.tzinfo is not None
            soon = self._began - 2 * HOUR <= value <= self._began + 3 * HOUR
            return "about now" if soon else value.isoformat()
        return (type(value).__name__, value)

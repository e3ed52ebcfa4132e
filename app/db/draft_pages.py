"""Drafts in a list, page by page: read often, so the database itself writes each row's JSON.

On SQLite a page is read on a connection of its own, in the thread that asks: that takes less time than to
hand it to another. It never waits for a lock, and what was read is kept for as long as the file does not
change. Wherever that does not work the page is read as everything else is.
"""

import datetime as dt
import heapq
import sqlite3
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from sqlalchemy import JSON, Engine, Select, Text, and_, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.dialects import sqlite
from sqlmodel import col

from app.db.tables import Draft, DraftState, Origin
from app.db.transactions import Transactions

FILTERS = ("brief_id", "journey", "segment", "kind", "locale", "state", "origin", "author")
KEPT_PAGES = 200
LOOK_SECONDS = 1.0
"""How often is looked whether another file lies in the place of the database."""
_FIELDS = {
    "id": "id",
    "brand": "brand",
    "brief": "brief_id",
    "journey": "journey",
    "locale": "locale",
    "segment": "segment",
    "kind": "kind",
    "state": "state",
    "origin": "origin",
    "author": "author",
    "requested_by": "requested_by",
    "revision": "revision",
    "parent": "parent_id",
    "note": "note",
    "block": "block",
    "content_hash": "content_hash",
    "tier": "tier",
}
"""Names in the list, and the columns they come from; copy and moments are written in their own ways."""


class DraftPlace(NamedTuple):
    """Where a draft stands in the list: by the moment it was made, then by its id."""

    created_at: dt.datetime
    id: str


@dataclass(frozen=True)
class DraftWanted:
    """Which drafts to list; None means any. `after` is the place of the last one of the page before."""

    brands: tuple[str, ...]
    brief_id: str | None = None
    journey: str | None = None
    segment: str | None = None
    kind: str | None = None
    locale: str | None = None
    state: DraftState | None = None
    origin: Origin | None = None
    author: str | None = None
    after: DraftPlace | None = None
    limit: int = 50


class DraftRow(NamedTuple):
    """One draft of a list: its place as the database has it, and the draft as JSON."""

    created_at: Any
    id: str
    json: str


@dataclass(frozen=True)
class DraftPage:
    """A page as JSON objects in their order, and the place where the next one begins, if there is one."""

    items: tuple[str, ...]
    next: DraftPlace | None


class DraftPages(Transactions):
    """Reads pages of drafts."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        path = engine.url.database if engine.dialect.name == "sqlite" else None
        self._direct = _Direct(Path(path)) if path and Path(path).is_file() else None

    def read_at_once(self, wanted: DraftWanted) -> DraftPage | None:
        """A page without waiting for anything; None when it cannot be had so, and `read` has to be asked."""
        return self._direct.read(wanted) if self._direct is not None else None

    def read(self, wanted: DraftWanted) -> DraftPage:
        """The newest drafts first; a draft that is added later never moves into a later page.

        Asked brand by brand, so that the index gives each brand's drafts in their order.
        """
        query = _query(self._engine.dialect.name, _present(wanted))
        with self._read() as session:
            connection = session.connection()
            pages = [
                [DraftRow._make(row) for row in connection.execute(query, _values(brand, wanted))]
                for brand in wanted.brands
            ]
        return _page(pages, wanted.limit)


class _Direct:
    """A connection to a SQLite file beside the pool, for reading without waiting.

    A page that was read is kept until the file changes: SQLite counts the changes that other connections
    make. Not for several threads at once: the second one is told to read the slow way.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._looked_at = 0.0
        self._changes = -1
        self._kept: OrderedDict[DraftWanted, DraftPage] = OrderedDict()

    def read(self, wanted: DraftWanted) -> DraftPage | None:
        """The page, or None when the file is locked, gone, or being read by another thread."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            return self._read(self._opened(), wanted)
        except (OSError, sqlite3.Error):
            self._close()
            return None
        finally:
            self._lock.release()

    def _opened(self) -> sqlite3.Connection:
        """The connection to the file that lies at the path, which is looked at every LOOK_SECONDS."""
        moment = time.monotonic()
        if self._connection is not None and moment < self._looked_at + LOOK_SECONDS:
            return self._connection
        self._looked_at = moment
        stat = self._path.stat()
        here = (stat.st_dev, stat.st_ino)
        if self._connection is not None and self._file != here:
            self._close()
        if self._connection is None:
            uri = f"file:{quote(str(self._path.absolute()))}?mode=rw"
            self._connection = sqlite3.connect(
                uri, uri=True, timeout=0, isolation_level=None, check_same_thread=False
            )
            self._connection.execute("PRAGMA query_only = ON")
            self._file = here
        return self._connection

    def _close(self) -> None:
        self._kept.clear()
        self._changes = -1
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _read(self, connection: sqlite3.Connection, wanted: DraftWanted) -> DraftPage:
        (changes,) = connection.execute("PRAGMA data_version").fetchone()
        if changes != self._changes:
            self._kept.clear()
            self._changes = changes
        page = self._kept.get(wanted)
        if page is None:
            page = self._kept[wanted] = self._found(connection, wanted)
            if len(self._kept) > KEPT_PAGES:
                self._kept.popitem(last=False)
        return page

    def _found(self, connection: sqlite3.Connection, wanted: DraftWanted) -> DraftPage:
        statement, constants = _sqlite_text(_present(wanted))
        pages = []
        for brand in wanted.brands:
            values = {**constants, **_values(brand, wanted)}
            if wanted.after is not None:
                at = wanted.after.created_at.astimezone(dt.UTC)
                values["after_at"] = at.strftime("%Y-%m-%d %H:%M:%S.%f")
            pages.append([DraftRow._make(row) for row in connection.execute(statement, values)])
        return _page(pages, wanted.limit)


def _page(pages: Sequence[Sequence[DraftRow]], limit: int) -> DraftPage:
    """One page of rows that come in their order brand by brand, one more than the page shows."""
    if len(pages) == 1:
        rows = list(pages[0])
    else:
        rows = list(heapq.merge(*pages, key=lambda row: (row.created_at, row.id), reverse=True))
    shown = rows[:limit]
    last = DraftPlace(_moment(shown[-1].created_at), shown[-1].id) if len(rows) > limit else None
    return DraftPage(tuple(row.json for row in shown), last)


def _moment(stored: Any) -> dt.datetime:
    """A moment as a plain query gives it: with its zone on Postgres, as UTC without one on SQLite."""
    moment = dt.datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _present(wanted: DraftWanted) -> tuple[str, ...]:
    names = [name for name in FILTERS if getattr(wanted, name) is not None]
    return (*names, "after") if wanted.after is not None else tuple(names)


def _values(brand: str, wanted: DraftWanted) -> dict[str, Any]:
    values: dict[str, Any] = {"brand": brand, "limit": wanted.limit + 1}
    for name in FILTERS:
        value = getattr(wanted, name)
        if value is not None:
            values[name] = str(value)
    if wanted.after is not None:
        values["after_at"], values["after_id"] = wanted.after
    return values


@lru_cache(maxsize=1024)
def _query(dialect: str, present: tuple[str, ...]) -> Select[Any]:
    """The query for one brand with some of the filters, whose values are given when it runs."""
    created = col(Draft.created_at)
    found = select(created, col(Draft.id), _json(dialect)).where(col(Draft.brand) == bindparam("brand"))
    for name in present:
        if name in FILTERS:
            found = found.where(getattr(Draft, name) == bindparam(name))
    if "after" in present:
        earlier = and_(created == bindparam("after_at"), col(Draft.id) < bindparam("after_id"))
        found = found.where(or_(created < bindparam("after_at"), earlier))
    return found.order_by(created.desc(), col(Draft.id).desc()).limit(bindparam("limit"))


@lru_cache(maxsize=1024)
def _sqlite_text(present: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
    """The same query as the text that SQLite reads, and the values in it that never change."""
    compiled = _query("sqlite", present).compile(dialect=sqlite.dialect(paramstyle="named"))
    return str(compiled), dict(compiled.params)


def _json(dialect: str) -> Any:
    """A draft of the list as JSON text. Stored copy has one version so far; it is taken as it is."""
    pairs: list[Any] = []
    for name, column in _FIELDS.items():
        pairs += [_word(name), col(getattr(Draft, column))]
    moments = ("created_at", "updated_at")
    if dialect == "sqlite":
        pairs += [_word("copy_fields"), func.json_extract(Draft.copy_fields, literal_column("'$.data'"))]
        for name in moments:
            pairs += [_word(name), func.replace(getattr(Draft, name), " ", "T") + "Z"]
        return func.json_object(*pairs)
    pairs += [
        _word("copy_fields"),
        func.json_extract_path(cast(Draft.copy_fields, JSON), literal_column("'data'")),
    ]
    for name in moments:
        shown = func.to_char(func.timezone("UTC", getattr(Draft, name)), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        pairs += [_word(name), shown]
    return cast(func.json_build_object(*pairs), Text)


def _word(name: str) -> Any:
    """A name of ours as SQL text, which a parameter would have to be sent for each time."""
    return literal_column(f"'{name}'")

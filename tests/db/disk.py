"""A disk that fills up, for both databases."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from app.db.engine import DEFAULT_OPTIONS, make_engine, parse

_FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""


def fill_disk(engine: Engine, full: Callable[[], bool]) -> None:
    """From the next connection that is taken while `full()`, what is stored cannot grow.

    SQLite is told that its file may have no further page. Postgres has no such limit: a trigger raises what
    a server raises whose disk is full, at the first large row.
    """
    if engine.dialect.name == "sqlite":

        def limit(connection: Any, *_: object) -> None:
            if full():
                pages = connection.execute("PRAGMA page_count").fetchone()[0]
                connection.execute(f"PRAGMA max_page_count = {pages}")

        event.listen(engine, "checkout", limit)
        return

    def trap(connection: Any, *_: object) -> None:
        (found,) = connection.execute("SELECT count(*) FROM pg_proc WHERE proname = 'full_disk'").fetchone()
        if full() and not found:
            connection.execute(_FULL)
            connection.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON draft FOR EACH ROW"
                " WHEN (length(NEW.copy_fields::text) > 90) EXECUTE FUNCTION full_disk()"
            )
        connection.commit()

    event.listen(engine, "checkout", trap)


def free_disk(url: str) -> None:
    """Give back on Postgres what `fill_disk` took; SQLite's limit ended with its connections."""
    engine = make_engine(parse(url), DEFAULT_OPTIONS)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION full_disk CASCADE")
    engine.dispose()

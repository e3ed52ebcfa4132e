"""The schema's revision: what a database has, what this code needs, and the way from one to the other.

Where both are the same, which is nearly always, alembic is not even imported.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

from app.db.failures import storage_error, storage_errors
from app.db.locking import unlimited, writing
from app.db.schema import METADATA

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import Script, ScriptDirectory

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the schema to `target`, the newest by default. Raises StorageError.

    A second process waits, then finds nothing to do.
    """
    with storage_errors(engine):
        with engine.connect() as connection:
            if current(connection) == (head() if target == "head" else target):
                return
        with building(engine) as connection:
            require_known(connection)
            upgrade_to(connection, target)


@contextmanager
def building(engine: Engine) -> Iterator[Connection]:
    """A transaction that excludes other migrations and every write; it may take longer than others may.

    SQLite changes a table by making it anew, which its foreign keys forbid: they are not enforced meanwhile,
    and checked before the transaction is kept.
    """
    with writing(engine).connect() as connection, _keys_not_enforced(connection), connection.begin():
        unlimited(connection)
        yield connection
        _check_keys(connection)


@contextmanager
def _keys_not_enforced(connection: Connection) -> Iterator[None]:
    """Outside a transaction, where alone SQLite lets them be switched."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for table, _, other, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            raise storage_error(
                connection.engine.url,
                f"has rows of {table} that name a {other} which does not exist",
                "nothing was changed; `copydesk db check` says more",
            )


def upgrade_to(connection: Connection, target: str) -> None:
    """Run the migrations up to `target` inside a transaction of `building`."""
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def require_current(engine: Engine) -> None:
    """Refuse a schema that is not the one of this code. Raises StorageError."""
    with storage_errors(engine), engine.connect() as connection:
        found = current(connection)
        if found != head():
            require_known(connection)
    if found != head():
        raise storage_error(
            engine.url,
            f"has {_named(found)}, and this Copydesk needs schema {head()}",
            "run `copydesk db upgrade`, or let COPYDESK_MIGRATE_ON_START do it",
        )


def current(connection: Connection) -> str | None:
    """The revision of the database; None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def head() -> str:
    """The newest revision that this code knows: the files are named after theirs, in a row."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def pending(engine: Engine) -> tuple[str | None, list[tuple[str, str]]]:
    """The revision of the database, and those that it lacks (`steps_after`). Raises StorageError."""
    with storage_errors(engine), engine.connect() as connection:
        require_known(connection)
        found = current(connection)
    return found, steps_after(found)


def steps_after(found: str | None) -> list[tuple[str, str]]:
    """The revisions after `found`, oldest first, each with what it adds; all of them after None."""
    steps = [(script.revision, str(script.doc)) for script in known_revisions()]
    names = [revision for revision, _ in steps]
    return steps if found is None else steps[names.index(found) + 1 :]


def known_revisions() -> "list[Script]":
    """Every revision of this code, oldest first."""
    return [*reversed([*_scripts().walk_revisions()])]


def _named(revision: str | None) -> str:
    return f"schema {revision}" if revision else "no schema yet"


def _scripts() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


def require_known(connection: Connection) -> None:
    """Refuse a schema that a newer Copydesk made, and tables that are not ours."""
    from alembic.util.exc import CommandError

    revision = current(connection)
    url = connection.engine.url
    if revision is None:
        taken = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
        if taken:
            message = f"has a table '{taken[0]}' that Copydesk did not make"
            raise storage_error(url, message, "give Copydesk a database of its own")
        return
    try:
        _scripts().get_revision(revision)
    except CommandError as error:
        message = f"was written by a newer Copydesk (schema {revision}, this one knows {head()})"
        raise storage_error(url, message, "update Copydesk, or restore the backup from before") from error

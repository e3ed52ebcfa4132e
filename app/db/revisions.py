"""The schema's revision: what a database has, what this code needs, and the way from one to the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, inspect

from app.db.failures import storage_error, storage_errors
from app.db.locking import unlimited, writing
from app.db.schema import METADATA

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine, target: str = "head") -> None:
    """Bring the schema to `target`, the newest by default. Raises StorageError.

    A second process waits, then finds nothing to do.
    """
    with storage_errors(engine):
        with engine.connect() as connection:
            if current(connection) == (head() if target == "head" else target):
                return
        with _migrating(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, target)


def require_current(engine: Engine) -> None:
    """Refuse a schema that is not the one of this code. Raises StorageError."""
    with storage_errors(engine), engine.connect() as connection:
        _check_version(connection)
        found = current(connection)
    if found != head():
        raise storage_error(
            engine.url,
            f"has {_named(found)}, and this Copydesk needs schema {head()}",
            "run `copydesk db upgrade`, or let COPYDESK_MIGRATE_ON_START do it",
        )


def current(connection: Connection) -> str | None:
    """The revision of the database; None when it has none."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision that this code knows."""
    return str(_scripts().get_current_head())


def pending(engine: Engine) -> list[tuple[str, str]]:
    """The revisions that the database lacks, oldest first, each with what it adds. Raises StorageError."""
    with storage_errors(engine), engine.connect() as connection:
        _check_version(connection)
        found = current(connection)
    return [(script.revision, str(script.doc)) for script in known_revisions() if _later(script, found)]


def known_revisions() -> list[Script]:
    """Every revision of this code, oldest first."""
    return [*reversed([*_scripts().walk_revisions()])]


def _later(script: Script, found: str | None) -> bool:
    known = [item.revision for item in known_revisions()]
    return found is None or known.index(script.revision) > known.index(found)


def _named(revision: str | None) -> str:
    return f"schema {revision}" if revision else "no schema yet"


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """A transaction that excludes other migrations and every write; it may take longer than others may."""
    with writing(engine).begin() as connection:
        unlimited(connection)
        _check_version(connection)
        yield connection


def _check_version(connection: Connection) -> None:
    """Refuse a schema that a newer Copydesk made, and tables that are not ours."""
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

"""Whether the database answers, and has the tables that this code works with."""

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from app.db.failures import storage_errors
from app.db.revisions import head


class Pulse:
    """Asks the database how it is. Knows the newest revision from the start: that reads files."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._head = head()

    def problem(self) -> str:
        """What is wrong with the database in a few words; empty when nothing is. Raises StorageError."""
        with storage_errors(self._engine), self._engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == self._head:
            return ""
        return f"its schema is {current or 'none'}, this Copydesk works with {self._head}"

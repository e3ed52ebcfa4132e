"""Whether the database answers, and has the tables that this code works with."""

from sqlalchemy import Engine

from app.db.failures import storage_errors
from app.db.revisions import current, head


class Pulse:
    """Asks the database how it is."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._head = head()

    def problem(self) -> str:
        """What is wrong with the database in a few words; empty when nothing is. Raises StorageError."""
        with storage_errors(self._engine), self._engine.connect() as connection:
            found = current(connection)
        if found == self._head:
            return ""
        return f"its schema is {found or 'none'}, this Copydesk works with {self._head}"

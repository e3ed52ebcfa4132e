"""What a fetch at the moment of sending asks the database first: whether anything changed, in one statement.

The statement reads a few rows by their indexes and begins no transaction of several statements. While its
answer stays as it is, nothing else has to be read.
"""

from dataclasses import dataclass

from sqlalchemy import Engine, text

from app.db.failures import storage_errors
from app.db.tables import DraftState

MOST_DRAFTS = 3
"""How many drafts the chain looks at: those that were approved last."""
_HEADS = text(
    """
    SELECT 'version' AS what, version AS id, number AS revision, '' AS hash FROM (
        SELECT version, number FROM serving_move ORDER BY number DESC LIMIT 1) AS pointer
    UNION ALL
    SELECT 'brief', id, revision, '' FROM brief WHERE brand = :brand AND id = :brief
    UNION ALL
    SELECT 'draft', id, revision, content_hash FROM (
        SELECT id, revision, content_hash FROM draft
        WHERE brand = :brand AND kind = :kind AND segment = :segment AND locale = :locale
            AND journey = :journey AND state = :approved
        ORDER BY approved_at DESC, id LIMIT :most) AS newest
    """
)


@dataclass(frozen=True)
class SlotPlace:
    """The slot that is asked for, as rows name it. `brief` may be empty."""

    brand: str
    kind: str
    segment: str
    locale: str
    journey: str
    brief: str = ""


@dataclass(frozen=True)
class Heads:
    """What an answer depends on in the database: the version that serves (empty when nothing is published),
    the brief's revision (None when there is no such brief), and the approved drafts with theirs.
    """

    version: str
    brief: int | None
    drafts: frozenset[tuple[str, int, str]]


class SendingHeads:
    """Reads the heads of one slot."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, place: SlotPlace) -> Heads:
        """The heads as they are now. Raises StorageError."""
        given = {**vars(place), "approved": DraftState.APPROVED.value, "most": MOST_DRAFTS}
        with storage_errors(self._engine), self._engine.connect() as connection:
            rows = connection.execute(_HEADS, given).all()
        version, brief, drafts = "", None, set[tuple[str, int, str]]()
        for what, found, revision, digest in rows:
            if what == "version":
                version = found
            elif what == "brief":
                brief = revision
            else:
                drafts.add((found, revision, digest))
        return Heads(version, brief, frozenset(drafts))

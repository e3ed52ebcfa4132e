"""Every approved draft of a brand, page by page, so that memory stays bounded."""

from collections.abc import Iterator

from app.db.store import DraftFilter, Store
from app.db.tables import Draft, DraftState

PAGE = 200


class StoredDrafts:
    """The approved drafts of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def approved_drafts(self, brand: str) -> Iterator[Draft]:
        """Every approved draft, oldest first."""
        after: str | None = None
        while True:
            wanted = DraftFilter(brand=brand, state=DraftState.APPROVED, after=after, limit=PAGE)
            page = self._store.drafts(wanted)
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].id

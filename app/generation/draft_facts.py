"""The facts that a stored draft would be sent with today."""

from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.brief.models import Brief
from app.db.blobs import BlobStore
from app.db.service_tables import StoredBrief
from app.db.tables import Draft
from app.db.transactions import Transactions
from app.generation.offers import facts_for


class DraftFacts(Transactions):
    """Looks for a draft's facts: in its stored brief as it is now, else those that its receipt names."""

    def __call__(self, draft: Draft, brand: Brand) -> FactSheet | None:
        """The facts; None when neither knows them."""
        with self._read() as session:
            stored = session.get(StoredBrief, (draft.brand, draft.brief_id))
        facts = (
            brief_facts(stored.content, draft.locale, draft.segment, brand) if stored is not None else None
        )
        return facts or self._of_receipt(draft)

    def _of_receipt(self, draft: Draft) -> FactSheet | None:
        data = BlobStore(self.engine).find(draft.receipt.hashes.facts).data
        return FactSheet.model_validate_json(data) if data is not None else None


def brief_facts(brief: Brief, locale: str, segment_id: str, brand: Brand) -> FactSheet | None:
    """The facts of the brief's target in a locale, with the offer's values for a segment (an id or alias);
    None where the brief has no such target.
    """
    target = next((item for item in brief.targets if item.locale == locale), None)
    if target is None:
        return None
    segment = brand.segments.get(brand.aliases.get(segment_id, segment_id))
    return facts_for(brief, target, brand, segment, lenient=True)

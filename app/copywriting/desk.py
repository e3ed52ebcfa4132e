"""What the verbs of copywriting work with: stored briefs and drafts, and the content that serves."""

from collections.abc import Collection
from dataclasses import dataclass

from app.copywriting.briefs import find_brief
from app.copywriting.slots import SlotNow, slots_now
from app.db.briefs import Briefs
from app.db.drafts import Drafts
from app.db.service_tables import StoredBrief
from app.generation.judging import Asking
from app.generation.plan import SlotJob
from app.release.library import ContentLibrary
from app.release.serving import Serving


@dataclass(frozen=True)
class Desk:
    """Stored briefs and drafts, with the content that serves for the length of one request."""

    briefs: Briefs
    drafts: Drafts
    serving: Serving
    asking: Asking | None = None
    """The model that judges what people write, where one is set up."""

    def library(self, brand: str) -> ContentLibrary:
        """The brand as it serves. Raises UsageError or BrandDisabled."""
        return self.serving.library(brand)

    def brief(self, brief_id: str, brands: Collection[str], brand: str | None = None) -> StoredBrief:
        """The stored brief with this id among `brands`. Raises NotFound or Conflict."""
        return find_brief(self.briefs, brief_id, brands, brand)

    def slots(self, stored: StoredBrief, jobs: list[SlotJob], library: ContentLibrary) -> list[SlotNow]:
        """What stands in the slots of a stored brief."""
        return slots_now(self.drafts, jobs, library, self.briefs.revisions(stored.brand, stored.id))

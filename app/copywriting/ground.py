"""What a review of a stored draft rests on."""

from app.copywriting.ancestry import approved_ancestor
from app.copywriting.desk import Desk
from app.db.blobs import BlobStore
from app.db.tables import Draft
from app.generation.plan import SlotJob
from app.release.library import ContentLibrary
from app.review.opening import Ground
from app.verdicts.reports import GuardReport


def ground_of(desk: Desk, job: SlotJob, library: ContentLibrary, draft: Draft, report: GuardReport) -> Ground:
    """What a review of the draft in this slot rests on. `report` judges it as of the moment of sending."""
    return Ground(
        contract=job.brand.contract,
        tiering=job.tiering(draft.copy_fields.values()).at_least(draft.tier),
        report=report,
        market=job.target.market,
        send_at=job.target.window.send_at,
        approved_copy=approved_ancestor(draft, library, BlobStore(desk.drafts.engine)),
    )

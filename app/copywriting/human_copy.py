"""Copy that a person writes into a slot of a stored brief, judged by the rules that also judge models."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.blocks.approved import digest
from app.brief.json_document import JsonDocument
from app.copywriting.desk import Desk
from app.copywriting.models import Strict
from app.copywriting.places import SlotPlace, judged, named_now, whole_copy
from app.db.blobs import NewBlob
from app.db.receipts import Receipt
from app.db.tables import Draft, Origin, new_id, now
from app.emails.content import PICTURED
from app.errors import ContentError
from app.generation.hashing import copy_blob
from app.release.raw_values import raw_values
from app.verdicts.reports import GuardReport
from app.yaml12 import nearest


class WrittenValue(Strict):
    """A value that stands in the copy as itself. It was compared with the facts by value and by use; as a
    token of `could_be` it would follow the fact and be formatted for each locale.
    """

    field: str
    start: int
    end: int
    text: str
    could_be: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    """A new draft of a person, its report, and the values that it writes out."""

    draft: Draft
    report: GuardReport
    values: tuple[WrittenValue, ...]


def write_draft(
    desk: Desk,
    place: SlotPlace,
    copy: Mapping[str, str],
    *,
    by: str,
    engine: str,
    image: str | None = None,
    draft_id: str | None = None,
) -> Written:
    """Store a person's copy for a slot, also when the guardrails refuse it: the draft says what blocks it.

    With a `draft_id` that exists already, an earlier run of the same request stored it and it is answered.
    Raises ContentError for fields that the kind does not have.
    """
    _check_image(place, image)
    draft, report, blobs = _judged(desk, place, copy, by=by, engine=engine)
    draft.id, draft.image = draft_id or draft.id, image or draft.image
    return Written(desk.drafts.add(draft, blobs), report, written_values(place, draft.copy_fields))


def try_copy(desk: Desk, place: SlotPlace, copy: Mapping[str, str], *, by: str, engine: str) -> GuardReport:
    """The report that a person's copy would have; nothing is stored. Raises ContentError."""
    return _judged(desk, place, copy, by=by, engine=engine)[1]


def _judged(
    desk: Desk, place: SlotPlace, copy: Mapping[str, str], *, by: str, engine: str
) -> tuple[Draft, GuardReport, tuple[NewBlob, ...]]:
    job = place.job
    fields = whole_copy(job.kind.id, copy)
    moment = now()
    named = named_now(desk, place)
    draft = Draft(
        id=new_id(),
        brand=job.brand.id,
        brief_id=job.brief.id,
        journey=job.brief.journey.value,
        message=job.message,
        locale=job.target.locale,
        segment=job.segment.id,
        kind=job.kind.id,
        copy_fields=fields,
        content_hash=digest([job.kind.id, job.target.locale, fields]),
        author=by,
        requested_by=by,
        origin=Origin.HUMAN,
        image=job.request.image,
        receipt=Receipt(engine=engine, hashes=named.hashes, as_of=job.as_of, verdicts=_none_yet()),
        created_at=moment,
        updated_at=moment,
    )
    report = judged(desk, place, draft)
    draft.receipt = draft.receipt.model_copy(update={"verdicts": report})
    blobs = (*named.blobs, copy_blob(draft.kind, draft.locale, fields))
    return draft, report, blobs


def _check_image(place: SlotPlace, image: str | None) -> None:
    """Raises ContentError for a picture that the brand does not have, or where the kind shows none."""
    if image is None:
        return
    asked, kind = JsonDocument.of({}), place.job.kind.id
    if kind not in PICTURED:
        words = f"a '{kind}' shows no picture"
        raise ContentError([asked.problem(("image",), words, f"pictures stand in {', '.join(PICTURED)}")])
    if place.library.brand.asset(image) is None:
        known = [asset.id for asset in place.library.brand.assets.assets]
        raise ContentError([asked.problem(("image",), f"there is no asset '{image}'", nearest(image, known))])


def _none_yet() -> GuardReport:
    return GuardReport(required=(), results=())


def written_values(place: SlotPlace, fields: Mapping[str, str]) -> tuple[WrittenValue, ...]:
    """The values that stand in copy as themselves, field by field."""
    return tuple(
        WrittenValue(field=name, start=value.start, end=value.end, text=value.text, could_be=value.tokens)
        for name, text in fields.items()
        for value in raw_values(text, place.job.facts)
    )

"""What people let pass in a draft, for its dossier: the waivers of its texts, ended ones too."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.db.audit_tables import AuditRecord
from app.db.tables import Draft
from app.db.waiver_tables import StoredWaiver
from app.verdicts.waivers import Waiver, counted, text_hash


@dataclass(frozen=True)
class ShownWaiver:
    """A waiver. `words` are what it is about, empty where they are not in the copy any more; `counted` says
    whether the verdict of the receipt rests on it, and `recorded` whether the audit tells of it.
    """

    waiver: Waiver
    words: str
    counted: bool
    recorded: bool
    revoked_at: dt.datetime | None = None
    revoked_by: str = ""


def waivers_of(
    draft: Draft,
    stored: Sequence[StoredWaiver],
    records: Sequence[AuditRecord],
    names: Mapping[str, str],
) -> tuple[ShownWaiver, ...]:
    """Those that are stored, and those that only the receipt names, in the order in which they were given."""
    known = {
        (record.data.get("waiver"), names.get(record.actor), record.data.get("role"))
        for record in records
        if record.action == "waiver.give"
    }
    rows = {row.id: row for row in stored}
    used = counted(draft.receipt.verdicts)
    given = {row.id: row.given for row in stored} | {item.id: item for item in draft.receipt.waivers}
    shown = [
        ShownWaiver(
            waiver=item,
            words=_words(draft, item),
            counted=item.id in used,
            recorded=(item.id, item.by, item.role) in known,
            revoked_at=rows[item.id].revoked_at if item.id in rows else None,
            revoked_by=(rows[item.id].revoked_by or "") if item.id in rows else "",
        )
        for item in given.values()
    ]
    return tuple(sorted(shown, key=lambda item: (item.waiver.at, item.waiver.id)))


def _words(draft: Draft, waiver: Waiver) -> str:
    texts = (text for text in draft.copy_fields.values() if text_hash(text) == waiver.text)
    return next((text[waiver.start : waiver.end] for text in texts), "")

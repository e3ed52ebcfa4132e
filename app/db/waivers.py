"""Stores waivers, and keeps the receipts of drafts true to them."""

import datetime as dt
import re
from collections.abc import Collection, Sequence

from sqlalchemy import Text, cast
from sqlmodel import Session, col, select

from app.db.audit import AuditNote, actor_of, note
from app.db.drafts import DraftChange, change_drafts
from app.db.receipts import Receipt
from app.db.tables import Draft
from app.db.transactions import Transactions
from app.db.waiver_tables import StoredWaiver
from app.errors import Conflict, NotFound
from app.verdicts.waivers import text_hash, without_waivers

_AS_IT_IS = re.compile("[A-Za-z0-9 .,]+")
"""What stands in stored JSON as in the text itself."""


class Waivers(Transactions):
    """Each method is one short transaction."""

    def find(self, waiver_id: str, brands: Collection[str]) -> StoredWaiver:
        """One waiver of some brands. Raises NotFound, in the same words for one of another brand."""
        with self._read() as session:
            found = session.get(StoredWaiver, waiver_id)
        if found is None or found.brand not in brands:
            raise NotFound(f"there is no waiver '{waiver_id}'", "ids are those of GET /v1/waivers")
        return found

    def page(
        self,
        brands: Collection[str],
        *,
        draft_id: str | None = None,
        after: tuple[dt.datetime, str] | None = None,
        limit: int = 50,
    ) -> list[StoredWaiver]:
        """Waivers, the newest first, revoked and expired ones too."""
        at, row = col(StoredWaiver.at), col(StoredWaiver.id)
        query = select(StoredWaiver).where(col(StoredWaiver.brand).in_(brands))
        if draft_id is not None:
            query = query.where(StoredWaiver.draft_id == draft_id)
        if after is not None:
            query = query.where((at < after[0]) | ((at == after[0]) & (row > after[1])))
        with self._read() as session:
            return list(session.exec(query.order_by(at.desc(), row).limit(limit)))

    def standing(self, brand: str, locale: str, market: str, texts: Collection[str]) -> list[StoredWaiver]:
        """Waivers of texts that nobody revoked, expired ones too."""
        hashes = sorted({text_hash(text) for text in texts})
        query = select(StoredWaiver).where(
            StoredWaiver.brand == brand,
            StoredWaiver.locale == locale,
            StoredWaiver.market == market,
            col(StoredWaiver.text).in_(hashes),
            col(StoredWaiver.revoked_at).is_(None),
        )
        with self._read() as session:
            return list(session.exec(query.order_by(col(StoredWaiver.at), col(StoredWaiver.id))))

    def of_draft(self, draft: Draft) -> list[StoredWaiver]:
        """Waivers that were given at a draft, or about a text that it says, in its locale, in order: revoked
        and expired ones too.
        """
        hashes = sorted({text_hash(text) for text in draft.copy_fields.values()})
        query = select(StoredWaiver).where(
            StoredWaiver.brand == draft.brand,
            StoredWaiver.locale == draft.locale,
            (col(StoredWaiver.draft_id) == draft.id) | col(StoredWaiver.text).in_(hashes),
        )
        with self._read() as session:
            return list(session.exec(query.order_by(col(StoredWaiver.at), col(StoredWaiver.id))))

    def drafts_with(self, brand: str, locale: str, text: str) -> list[Draft]:
        """The drafts one of whose fields is this text."""
        longest = max(_AS_IT_IS.findall(text), key=len, default="")
        may_hold = cast(col(Draft.copy_fields), Text).contains(longest, autoescape=True)
        place = (col(Draft.brand) == brand, col(Draft.locale) == locale, may_hold)
        with self._read() as session:
            copies = session.exec(select(Draft.id, Draft.copy_fields).where(*place))
            ids = [draft_id for draft_id, copy in copies if text in copy.values()]
            found = session.exec(select(Draft).where(col(Draft.id).in_(ids)).order_by(col(Draft.id)))
            return list(found)

    def give(self, row: StoredWaiver, changes: Sequence[DraftChange]) -> StoredWaiver:
        """Keep a waiver together with what it does to drafts. One whose id is known already stays. Raises
        OutOfDate when a draft has changed.
        """
        with self._write() as session:
            known = session.get(StoredWaiver, row.id)
            if known is not None:
                return known
            session.add(row)
            session.flush()
            change_drafts(session, changes)
            told = {"waiver": row.id, "rule": row.rule, "category": row.category, "text": row.text}
            more = {"market": row.market, "locale": row.locale, "until": row.until.isoformat()}
            _record(session, row, row.by, "waiver.give", {**told, **more, "role": row.role})
        return row

    def revoke(self, row: StoredWaiver, by: str, at: dt.datetime) -> StoredWaiver:
        """End a waiver now: every draft that rests on it is judged without it. Raises Conflict when it was
        revoked before.
        """
        with self._write() as session:
            stored = session.get_one(StoredWaiver, row.id)
            if stored.revoked_at is not None:
                raise Conflict(f"waiver {row.id} was revoked already")
            stored.revoked_at, stored.revoked_by = at, by
            session.flush()
            named = cast(col(Draft.receipt), Text).contains(row.id)
            query = select(Draft).where(Draft.brand == row.brand, Draft.locale == row.locale, named)
            changes = [
                DraftChange(draft.id, draft.revision, {"receipt": _without(draft.receipt, row.id)})
                for draft in session.exec(query)
                if any(item.id == row.id for item in draft.receipt.waivers)
            ]
            change_drafts(session, changes)
            _record(session, stored, by, "waiver.revoke", {"waiver": row.id, "drafts": len(changes)})
        return stored


def _without(receipt: Receipt, waiver_id: str) -> Receipt:
    kept = tuple(item for item in receipt.waivers if item.id != waiver_id)
    verdicts = without_waivers(receipt.verdicts, [waiver_id])
    return receipt.model_copy(update={"waivers": kept, "verdicts": verdicts})


def _record(session: Session, row: StoredWaiver, by: str, action: str, data: dict[str, str | int]) -> None:
    entry = AuditNote(row.brand, actor_of(session, by), action, f"draft {row.draft_id}", dict(data))
    note(session, entry)

"""Answers of the model that judges copy, kept by a hash of what was asked."""

from collections.abc import Collection

from sqlmodel import col, select

from app.db.inserts import insert_new
from app.db.service_tables import KeptJudgement
from app.db.transactions import Transactions, repeated
from app.verdicts.judgements import Judgement


class KeptJudgements(Transactions):
    """Finds and keeps answers. An answer is never changed: the first one stands."""

    def find(self, keys: Collection[str]) -> dict[str, Judgement]:
        """The answers that are known, by key."""
        with self._read() as session:
            rows = session.exec(select(KeptJudgement).where(col(KeptJudgement.key).in_(keys)))
            return {row.key: row.answer for row in rows}

    @repeated
    def keep(self, key: str, judge: str, answer: Judgement, raw: str) -> None:
        """Keep one answer."""
        row = KeptJudgement(key=key, judge=judge[:200], answer=answer, raw=raw)
        with self._write(f"judgement {key}") as session:
            insert_new(session, row, ("key",))

"""A deck that comes back: its edited rows become edits of drafts, and every row gets an answer."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.copywriting.consequences import shown
from app.copywriting.deck import draft_hash, text_hash
from app.copywriting.deck_csv import EditedRow, ReadDeck
from app.copywriting.desk import Desk
from app.copywriting.editing import Edited, prepare_edit
from app.copywriting.models import Strict
from app.copywriting.places import LONGEST_FIELD, SlotPlace, place_of_draft
from app.copywriting.values_back import Unclear, same_text, tokens_again
from app.db.reviews import Reviews
from app.db.service_tables import StoredBrief
from app.db.tables import Draft, now
from app.errors import Conflict, OutOfDate
from app.review.deadlines import require_time
from app.review.situation import CLOSED
from app.verdicts.reports import Verdict
from app.yaml12 import nearest

ATTEMPTS = 3
"""How often the rows are looked at again because a draft changed while they were."""


class RowResult(StrEnum):
    """What became of a row."""

    UNCHANGED = "unchanged"
    EDITED = "edited"
    REFUSED = "refused"


class RowAnswer(Strict):
    """The answer to one row. An edit is stored also when the guardrails refuse it: `why` says what blocks."""

    line: int
    draft: str
    field: str
    result: RowResult
    verdict: Verdict | None = None
    why: str = ""
    hint: str = ""


class DeckAnswer(Strict):
    """What became of a deck that came back, row by row."""

    brief: str
    brand: str
    edited: int
    unchanged: int
    refused: int
    drafts: tuple[str, ...]
    """The drafts that have new text."""
    ignored_columns: tuple[str, ...]
    rows: tuple[RowAnswer, ...]


class _Refused(Exception):
    """One row is not taken; the others are not touched by that."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


@dataclass(frozen=True)
class _Accepted:
    row: EditedRow
    text: str


def apply_deck(desk: Desk, stored: StoredBrief, deck: ReadDeck, *, by: str) -> DeckAnswer:
    """Store the edits of a deck, all that are accepted in one transaction, and answer every row."""
    for attempt in range(ATTEMPTS):
        look = _Look(desk, stored, by)
        answers, edits = look.at(deck.rows)
        changes = [edit.change for edit in edits if edit.change is not None]
        try:
            desk.drafts.change(changes)
        except OutOfDate:
            if attempt == ATTEMPTS - 1:
                raise
            continue
        counts = Counter(answer.result for answer in answers)
        return DeckAnswer(
            brief=stored.id,
            brand=stored.brand,
            edited=counts[RowResult.EDITED],
            unchanged=counts[RowResult.UNCHANGED],
            refused=counts[RowResult.REFUSED],
            drafts=tuple(change.id for change in changes),
            ignored_columns=deck.ignored,
            rows=tuple(sorted(answers, key=lambda answer: answer.line)),
        )
    raise AssertionError("the last attempt returns or raises")


class _Look:
    """One look at all rows, with the drafts as they are stored now."""

    def __init__(self, desk: Desk, stored: StoredBrief, by: str) -> None:
        self._desk = desk
        self._stored = stored
        self._by = by
        rows = desk.drafts.of_brief(stored.brand, stored.id)
        self._drafts = {draft.id: draft for draft in rows.drafts}
        self._places: dict[str, SlotPlace] = {}

    def at(self, rows: Sequence[EditedRow]) -> tuple[list[RowAnswer], list[Edited]]:
        """An answer a row, and the edits that are to be stored."""
        answers: list[RowAnswer] = []
        accepted: dict[str, list[_Accepted]] = {}
        given = Counter((row.draft, row.field) for row in rows)
        for row in rows:
            try:
                text = self._text(row, given[row.draft, row.field])
            except _Refused as refused:
                answers.append(_answer(row, RowResult.REFUSED, why=refused.why, hint=refused.hint))
                continue
            if text is None:
                answers.append(_answer(row, RowResult.UNCHANGED))
            else:
                accepted.setdefault(row.draft, []).append(_Accepted(row, text))
        edits = []
        for draft_id, items in accepted.items():
            edit, found = self._edit(self._drafts[draft_id], items)
            edits.append(edit)
            answers += found
        return answers, edits

    def _text(self, row: EditedRow, given: int) -> str | None:
        """The row's text with tokens; None when it was not edited. Raises _Refused."""
        draft = self._drafts.get(row.draft)
        if draft is None:
            raise _Refused(f"brief '{self._stored.id}' has no draft '{row.draft}'", "a row as it was made")
        if row.field not in draft.copy_fields:
            hint = nearest(row.field, draft.copy_fields)
            raise _Refused(f"a '{draft.kind}' has no field '{row.field}'", hint)
        if text_hash(row.text) == row.text_hash:
            return None
        if given > 1:
            raise _Refused("this field of this draft stands in several rows", "keep one of them")
        place = self._place(draft)
        before = shown(draft.copy_fields[row.field], place.job, place.library)
        if same_text(row.text) == same_text(before):
            return None  # somebody made the same change, or the deck was sent twice
        self._refuse_outdated(row, draft, before)
        self._refuse_late(draft, place)
        return self._tokens(row, draft, place)

    def _place(self, draft: Draft) -> SlotPlace:
        if draft.id not in self._places:
            try:
                self._places[draft.id] = place_of_draft(self._desk, draft)
            except Conflict as error:
                raise _Refused(error.message, error.hint) from error
        return self._places[draft.id]

    def _refuse_outdated(self, row: EditedRow, draft: Draft, before: str) -> None:
        again = "make a new deck and edit that"
        if draft.state in CLOSED:
            raise _Refused(f"the draft is {draft.state.value}", again)
        if draft_hash(draft.content_hash) != row.draft_hash:
            raise _Refused("the draft was changed after this deck was made", again)
        if text_hash(before) != row.text_hash:
            raise _Refused(f"the values are others since this deck was made: it reads '{before}' now", again)

    def _refuse_late(self, draft: Draft, place: SlotPlace) -> None:
        review = Reviews(self._desk.drafts.engine).open_of(draft.id)
        if review is None:
            return
        try:
            require_time(review, place.library.brand.contract.review, now())
        except Conflict as error:
            raise _Refused(error.message, error.hint) from error

    def _tokens(self, row: EditedRow, draft: Draft, place: SlotPlace) -> str:
        text = " ".join(row.text.split())
        if not text:
            raise _Refused("the copy is empty", "text for every field")
        if len(text) > LONGEST_FIELD:
            raise _Refused(f"the copy is longer than {LONGEST_FIELD} characters", "shorter text")
        original = draft.copy_fields[row.field]
        try:
            return tokens_again(
                text, original, lambda name: shown("{" + name + "}", place.job, place.library)
            )
        except Unclear as unclear:
            raise _Refused(unclear.message, unclear.hint) from unclear

    def _edit(self, draft: Draft, items: Sequence[_Accepted]) -> tuple[Edited, list[RowAnswer]]:
        copy = {item.row.field: item.text for item in items}
        place = self._places[draft.id]
        edit = prepare_edit(self._desk, place, draft, copy, seen=draft.revision, by=self._by)
        verdict = edit.report.verdict
        blocked = "" if verdict is Verdict.PASS else "; ".join(edit.report.reasons)
        result = RowResult.EDITED if edit.change is not None else RowResult.UNCHANGED
        return edit, [_answer(item.row, result, verdict=verdict, why=blocked) for item in items]


def _answer(
    row: EditedRow, result: RowResult, *, verdict: Verdict | None = None, why: str = "", hint: str = ""
) -> RowAnswer:
    return RowAnswer(
        line=row.line, draft=row.draft, field=row.field, result=result, verdict=verdict, why=why, hint=hint
    )

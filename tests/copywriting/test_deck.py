"""A deck and the way back: untouched rows change nothing, edited rows become edits, doubtful rows say why."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.copywriting import deck_edits
from app.copywriting.deck import Deck, build_deck
from app.copywriting.deck_csv import COLUMNS, deck_csv, guarded, read_deck, unguarded
from app.copywriting.deck_edits import DeckAnswer, RowAnswer, RowResult, apply_deck
from app.copywriting.deck_page import deck_html
from app.copywriting.editing import prepare_edit
from app.copywriting.reviewing import ReviewDesk
from app.db.drafts import DraftChange
from app.db.tables import DraftState, Origin
from app.errors import UsageError
from app.review.situation import Actor
from app.verdicts.reports import Verdict
from tests.copywriting.office import BY, NOW, Office
from tests.generation.desk import LINES, answering

COPY = {
    **LINES,
    "hero": [
        {
            "headline": "Come back outside",
            "body": "The {product.name} is yours for {product.price}. Take your time.",
        },
        {
            "headline": "Hello, {person.first_name}",
            "body": "Look at the {product.name} and plan a quiet walk.",
        },
    ],
}
Row = dict[str, str]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.at(tmp_path)
    office.generate(answering(COPY))
    return office


def deck_of(office: Office) -> Deck:
    return build_deck(office.copydesk, office.stored())


def rows_of(office: Office) -> list[Row]:
    text = deck_csv(deck_of(office)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def as_csv(rows: list[Row], separator: str = ",", columns: tuple[str, ...] = COLUMNS) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def take(office: Office, raw: bytes) -> DeckAnswer:
    return apply_deck(office.copydesk, office.stored(), read_deck(raw), by=BY)


def edit(office: Office, old: str, new: str, **changes: str) -> tuple[DeckAnswer, RowAnswer]:
    """Change the one row that holds `old`; returns the answer and that row's part of it."""
    rows = rows_of(office)
    (row,) = [row for row in rows if old in row["copy"]]
    row |= {"copy": row["copy"].replace(old, new), **changes}
    answer = take(office, as_csv(rows))
    line = rows.index(row) + 2
    return answer, next(item for item in answer.rows if item.line == line)


def test_rows_hold_the_copy_as_readers_see_it_with_lengths_and_hashes(office: Office) -> None:
    rows = rows_of(office)
    body = next(row for row in rows if "$129" in row["copy"])
    assert body["copy"] == "The Ridgeline Coat is yours for $129. Take your time."
    assert (body["slot"], body["field"], body["length"], body["limit"]) == ("hero", "body", "53", "220")
    draft = office.draft(body["draft"])
    assert draft.content_hash.startswith(body["draft_hash"])
    hello = next(row for row in rows if row["copy"].startswith("Hello"))
    assert (hello["copy"], hello["length"], hello["longest"]) == ("Hello, there", "12", "18")
    assert [row["source"] for row in rows if row["slot"] == "footer"] == ["approved block footer_evergreen"]


def test_what_nobody_edited_changes_nothing(office: Office) -> None:
    before = office.copydesk.drafts.of_brief("fernhill", "fernhill_hello").drafts
    answer = take(office, deck_csv(deck_of(office)))
    assert (answer.edited, answer.refused, answer.unchanged) == (0, 0, len(answer.rows))
    assert answer.drafts == ()
    after = office.copydesk.drafts.of_brief("fernhill", "fernhill_hello").drafts
    assert [(draft.id, draft.revision) for draft in after] == [(draft.id, draft.revision) for draft in before]


def test_what_spreadsheets_do_to_spaces_and_separators_is_no_edit(office: Office) -> None:
    rows = [{**row, "copy": row["copy"].replace(" ", "\u00a0") + " "} for row in rows_of(office)]
    assert take(office, as_csv(rows, ";")).edited == 0
    assert take(office, as_csv(rows, "\t").removeprefix(b"\xef\xbb\xbf")).edited == 0


def test_an_edited_row_becomes_an_edit_with_its_tokens(office: Office) -> None:
    answer, row = edit(office, "Take your time.", "Take all the time you need.")
    assert (answer.edited, answer.refused, row.result, row.verdict) == (1, 0, RowResult.EDITED, Verdict.PASS)
    draft = office.draft(row.draft)
    assert (
        draft.copy_fields["body"]
        == "The {product.name} is yours for {product.price}. Take all the time you need."
    )
    assert (draft.origin, draft.receipt.edits[0].by) == (Origin.EDITED, BY)
    assert answer.drafts == (draft.id,)


def test_an_edit_through_a_deck_ends_the_approval(office: Office) -> None:
    approved = office.approve(office.naming("product.price"))
    _, row = edit(office, "Take your time.", "Take all the time you need.")
    assert row.draft == approved.id
    draft = office.draft(approved.id)
    assert draft.state is DraftState.DRAFT
    assert not draft.receipt.approvers[0].stands


def test_a_changed_value_is_refused_and_the_other_rows_are_taken(office: Office) -> None:
    rows = rows_of(office)
    for row in rows:
        row["copy"] = row["copy"].replace("$129", "$119").replace("Plan a walk", "Plan a long walk")
    answer = take(office, as_csv(rows))
    assert (answer.edited, answer.refused) == (1, 1)
    refused = next(row for row in answer.rows if row.result is RowResult.REFUSED)
    assert refused.why == "'$129', the value of {product.price}, was changed or dropped"
    assert "{product.price}" in refused.hint
    (edited,) = answer.drafts
    assert office.draft(edited).copy_fields == {"label": "Plan a long walk"}


def test_fields_of_one_draft_are_taken_or_refused_row_by_row(office: Office) -> None:
    rows = rows_of(office)
    draft = next(row["draft"] for row in rows if "$129" in row["copy"])
    for row in rows:
        if row["draft"] == draft:
            changed = {"headline": "Come outside again", "body": "Only words."}
            row["copy"] = changed[row["field"]]
    answer = take(office, as_csv(rows))
    assert (answer.edited, answer.refused) == (1, 1)
    stored = office.draft(draft)
    assert stored.copy_fields["headline"] == "Come outside again"
    assert "{product.price}" in stored.copy_fields["body"]
    assert stored.revision == 2


def test_copy_that_the_guardrails_refuse_is_kept_with_the_reason(office: Office) -> None:
    _, row = edit(office, "Plan a walk", "It heals colds")
    assert (row.result, row.verdict) == (RowResult.EDITED, Verdict.FAIL)
    assert "treats a body" in row.why
    assert office.draft(row.draft).receipt.verdicts.verdict is Verdict.FAIL


def test_a_draft_that_changed_meanwhile_is_refused(office: Office) -> None:
    old = deck_csv(deck_of(office)).decode()
    edit(office, "Plan a walk", "Plan a long walk")
    answer = take(office, old.replace("Plan a walk", "Plan a short walk").encode())
    assert [row.why for row in answer.rows if row.result is RowResult.REFUSED] == [
        "the draft was changed after this deck was made"
    ]


def test_a_deck_that_is_sent_twice_edits_once(office: Office) -> None:
    old = deck_csv(deck_of(office)).decode()
    new = old.replace("Plan a walk", "Plan a long walk").encode()
    assert take(office, new).edited == 1
    again = take(office, new)
    assert (again.edited, again.refused) == (0, 0)


def test_values_that_changed_since_the_deck_was_made(office: Office) -> None:
    old = deck_csv(deck_of(office)).decode()
    office.desk.target["facts"]["product.price"]["value"] = "119"
    office.keep()
    untouched = take(office, old.encode())
    assert (untouched.edited, untouched.refused) == (0, 0)
    answer = take(office, old.replace("Take your time.", "Take it slow.").encode())
    (refused,) = [row for row in answer.rows if row.result is RowResult.REFUSED]
    assert "the values are others since this deck was made" in refused.why
    assert "$119" in refused.why


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"draft": "0" * 32}, "has no draft"),
        ({"field": "body"}, "a 'cta' has no field 'body'"),
        ({"copy": "   "}, "the copy is empty"),
        ({"copy": "x" * 3000}, "longer than 2000 characters"),
    ],
)
def test_rows_that_fit_nothing(office: Office, changes: Row, why: str) -> None:
    rows = rows_of(office)
    row = next(row for row in rows if row["copy"] == "Plan a walk")
    row |= {"copy": "Plan a long walk", **changes}
    answer = take(office, as_csv(rows))
    assert (answer.edited, answer.refused) == (0, 1)
    assert why in next(item.why for item in answer.rows if item.result is RowResult.REFUSED)


def test_one_field_in_two_rows_and_columns_that_somebody_added(office: Office) -> None:
    rows = [{**row, "comments": "nice"} for row in rows_of(office)]
    row = next(row for row in rows if row["copy"] == "Plan a walk")
    rows += [{**row, "copy": "Plan a long walk"}]
    answer = take(office, as_csv(rows, columns=(*COLUMNS, "comments")))
    assert answer.ignored_columns == ("comments",)
    assert [item.why for item in answer.rows if item.result is RowResult.REFUSED] == [
        "this field of this draft stands in several rows"
    ]


def test_a_rejected_draft_takes_no_edits(office: Office) -> None:
    raw = deck_csv(deck_of(office)).decode().replace("Plan a walk", "Plan a long walk").encode()
    draft = next(d for d in office.store.drafts() if d.copy_fields == {"label": "Plan a walk"})
    office.copydesk.drafts.change([DraftChange(draft.id, draft.revision, {"state": DraftState.REJECTED})])
    answer = take(office, raw)
    assert "the draft is rejected" in next(i.why for i in answer.rows if i.result is RowResult.REFUSED)


def test_a_draft_past_its_deadline_takes_none_and_the_others_do(office: Office) -> None:
    walk = next(d for d in office.store.drafts() if d.copy_fields == {"label": "Plan a walk"})
    cal = Actor("cal@fernhill.example", "cal", frozenset({"copywriter"}))
    ReviewDesk.over(office.copydesk).act("submit", walk, cal, seen=walk.revision, at=NOW)
    raw = deck_csv(deck_of(office)).decode()
    raw = raw.replace("Plan a walk", "Plan a long walk").replace("a quiet walk", "a quiet hour")
    answer = take(office, raw.encode())
    assert (answer.edited, answer.refused) == (1, 1)
    refused = next(item for item in answer.rows if item.result is RowResult.REFUSED)
    assert (refused.draft, "the deadline of draft" in refused.why) == (walk.id, True)


def test_a_draft_that_changes_while_the_deck_is_stored_is_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = deck_csv(deck_of(office)).decode().replace("Plan a walk", "Plan a long walk").encode()
    draft = next(d for d in office.store.drafts() if d.copy_fields == {"label": "Plan a walk"})
    done: list[bool] = []

    def slow(*given: Any, **options: Any) -> Any:
        found = prepare_edit(*given, **options)
        if not done:
            done.append(True)
            office.copydesk.drafts.change([DraftChange(draft.id, 1, {"note": "looked at"})])
        return found

    monkeypatch.setattr(deck_edits, "prepare_edit", slow)
    assert take(office, raw).edited == 1
    stored = office.draft(draft.id)
    assert (stored.copy_fields, stored.note, stored.revision) == (
        {"label": "Plan a long walk"},
        "looked at",
        3,
    )


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no column 'field'"),
        (b"draft,text\r\n", "no column 'field'"),
        ("field,copy,draft,draft_hash,text_hash\nü".encode("latin-1"), "not UTF-8"),
        (b'field,copy,draft,draft_hash,text_hash\n"open', "cannot be read as CSV"),
        (b"field,copy,copy,draft,draft_hash,text_hash\n", "the column 'copy' twice"),
        (b"field\0", "NUL"),
        (b"x" * 8_000_001, "larger than"),
    ],
)
def test_a_file_that_is_no_deck(raw: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read_deck(raw)


@given(cell=st.text(alphabet="'=+-@\t\r\nab ", max_size=8))
def test_no_cell_is_a_formula_and_every_cell_comes_back(cell: str) -> None:
    shown = guarded(cell)
    assert shown[:1] not in "=+-@\t\r\n" or not shown
    assert unguarded(shown) == cell


def test_the_page_escapes_what_it_shows_and_runs_nothing(office: Office) -> None:
    office.brief["name"] = "Tea & <script>alert(1)</script>"
    office.keep()
    page = deck_html(deck_of(office))
    assert "Tea &amp; &lt;script&gt;" in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert "53 of 220" in page
    assert "12 to 18 of 54" in page
    assert "would be used" in page


def test_a_slot_without_copy_says_why(tmp_path: Path) -> None:
    office = Office.at(tmp_path)
    office.keep()
    assert deck_html(deck_of(office)).count("Nothing has been generated or written for this slot yet.") == 4
    assert rows_of(office) == []

"""Ask and answer: a question blocks approval, and the deadline waits for it, up to two limits."""

import datetime as dt

import pytest

from app.db.review_tables import NoteSort
from app.db.tables import Draft, DraftState
from app.errors import Conflict, NotFound, NotPermitted
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.deadlines import due
from tests.review.room import SEND, START, Heard, Room, contract, email_of

HOUR = dt.timedelta(hours=1)
RULES = contract(review={"tiers": {"low": {"hours": 10}}, "before_send_hours": 6, "question_hours": 12})


@pytest.fixture(autouse=True)
def rules(room: Room) -> None:
    room.contract = RULES


def asked(room: Room, person: str = "cal") -> tuple[Draft, str]:
    """A draft in review with a question, and the question."""
    draft = room.act("ask", room.submitted(), "rae", AskOrder(person=email_of(person), text="Why?"))
    return draft, room.notes(draft)[-1].id


def due_at(room: Room, draft: Draft) -> dt.datetime:
    return due(room.review(draft), RULES.review, room.now)


def test_the_person_who_was_asked_is_told_and_answers(room: Room, heard: Heard) -> None:
    draft, question = asked(room)
    assert heard.to("draft.asked") == ["cal"]
    with pytest.raises(NotPermitted, match=r"it waits for an answer of cal@fernhill\.example"):
        room.act("answer", draft, "lea", AnswerOrder(question=question, text="So."))
    room.wait(1)
    draft = room.act("answer", draft, "cal", AnswerOrder(question=question, text="So."))
    assert heard.to("draft.answered") == ["rae"]
    assert heard.actions == ["draft.submit", "draft.ask", "draft.answer"]
    first, answer = room.notes(draft)
    assert (first.sort, first.open, answer.sort, answer.answers) == (
        NoteSort.QUESTION,
        False,
        NoteSort.ANSWER,
        question,
    )
    assert not any("Why?" in str(item.data) or "So." in str(item.data) for item in heard.notes)
    assert room.act("approve", draft, "rae").state is DraftState.APPROVED


def test_a_brand_owner_answers_in_place_of_others_and_once(room: Room) -> None:
    draft, question = asked(room)
    draft = room.act("answer", draft, "ada", AnswerOrder(question=question, text="So."))
    with pytest.raises(Conflict, match="nobody has asked anything"):
        room.act("answer", draft, "ada", AnswerOrder(question=question, text="So."))


def test_who_and_what_does_not_exist_is_named(room: Room) -> None:
    draft = room.submitted()
    with pytest.raises(NotFound, match="has no role for brand 'fernhill'"):
        room.act("ask", draft, "rae", AskOrder(person="nobody@fernhill.example", text="Why?"))
    draft = room.act("ask", draft, "rae", AskOrder(person=email_of("cal"), text="Why?"))
    with pytest.raises(NotFound, match="there is no open question 'x'"):
        room.act("answer", draft, "cal", AnswerOrder(question="x", text="So."))


def test_the_deadline_waits_for_a_question_and_runs_on_with_its_answer(room: Room) -> None:
    draft, question = asked(room)
    assert due_at(room, draft) == START + 10 * HOUR
    room.wait(8)
    assert due_at(room, draft) == START + 18 * HOUR
    draft = room.act("answer", draft, "cal", AnswerOrder(question=question, text="So."))
    room.wait(5)
    assert (room.sweep().expired, due_at(room, draft)) == (0, START + 18 * HOUR)
    room.wait(5)
    assert room.sweep().expired == 1


def test_questions_hold_it_up_for_so_long_in_all(room: Room) -> None:
    draft, question = asked(room)
    room.wait(8)
    draft = room.act("answer", draft, "cal", AnswerOrder(question=question, text="So."))
    draft = room.act("ask", draft, "rae", AskOrder(person=email_of("cal"), text="And why?"))
    room.wait(13)
    assert due_at(room, draft) == START + 22 * HOUR
    room.wait(1)
    assert room.sweep().expired == 1


def test_another_value_meanwhile_does_not_add_the_waiting_again(room: Room) -> None:
    draft, _ = asked(room)
    room.wait(11)
    assert due_at(room, draft) == START + 21 * HOUR
    room.revise(price="119.00")
    assert due_at(room, draft) == START + 21 * HOUR


def test_never_past_the_limit_before_the_send_window(room: Room) -> None:
    room.wait(42)
    draft, _ = asked(room)
    room.wait(8)
    assert due_at(room, draft) == SEND - 6 * HOUR
    assert room.sweep().expired == 0
    room.wait(1)
    assert room.sweep().expired == 1


def test_a_second_question_keeps_it_waiting(room: Room) -> None:
    draft, first = asked(room)
    draft = room.act("ask", draft, "lea", AskOrder(person=email_of("bob"), text="And?"))
    room.wait(4)
    draft = room.act("answer", draft, "cal", AnswerOrder(question=first, text="So."))
    room.wait(4)
    assert due_at(room, draft) == START + 18 * HOUR


def test_a_question_outlives_a_request_for_changes(room: Room) -> None:
    draft, question = asked(room)
    draft = room.act("request_changes", draft, "rae", ChangesOrder(text="Shorter."))
    draft = room.act("submit", draft, "cal")
    assert room.review(draft).held_since == room.now
    draft = room.act("request_changes", draft, "rae", ChangesOrder(text="Still."))
    draft = room.act("answer", draft, "cal", AnswerOrder(question=question, text="So."))
    draft = room.act("submit", draft, "cal")
    assert room.review(draft).held_since is None

"""Answer: closes a question. With the last one closed the deadline runs on."""

from sqlmodel import Session

from app.db.review_tables import NoteSort, Review, ReviewNote
from app.errors import Conflict, NotFound, NotPermitted
from app.review.action import Order, Said
from app.review.deadlines import due, held, reminder
from app.review.situation import Situation
from app.review.writing import change_draft, change_review, named, record, say, tell


class AnswerOrder(Order):
    """Which question, and what is said to it."""

    question: str
    text: Said


class Answer:
    """The person who was asked answers, or a brand owner in their place."""

    id = "answer"
    order = AnswerOrder

    def check(self, situation: Situation) -> None:
        situation.not_over()
        if situation.review is not None:
            situation.in_review()
        if not situation.questions:
            raise Conflict(f"nobody has asked anything about draft {situation.draft.id}")
        if not any(_may(situation, question) for question in situation.questions):
            asked = ", ".join(sorted({str(item.asked) for item in situation.questions}))
            raise NotPermitted(f"it waits for an answer of {asked}", "they answer it, or a brand owner does")

    def execute(self, session: Session, situation: Situation, order: AnswerOrder) -> None:
        question = _question(situation, order.question)
        if not _may(situation, question):
            raise NotPermitted(
                f"the question is for {question.asked}", "they answer it, or a brand owner does"
            )
        change_draft(session, situation)
        if len(situation.questions) == 1 and situation.review is not None:
            _run_on(session, situation, situation.review)
        session.merge(question).answered_at = situation.at
        said = say(session, situation, NoteSort.ANSWER, order.text, answers=question.id)
        record(session, situation, self.id, {"note": said.id, "question": question.id})
        tell(
            session,
            situation,
            "answered",
            (question.by,),
            f"your question about {named(situation)} is answered",
        )


def _may(situation: Situation, question: ReviewNote) -> bool:
    return situation.actor.email == question.asked or "brand owner" in situation.actor.roles


def _question(situation: Situation, wanted: str) -> ReviewNote:
    for item in situation.questions:
        if item.id == wanted:
            return item
    raise NotFound(f"there is no open question '{wanted}' about draft {situation.draft.id}")


def _run_on(session: Session, situation: Situation, review: Review) -> None:
    rules = situation.contract.review
    until, added = due(review, rules, situation.at), held(review, rules, situation.at)
    again = reminder(review, rules, until)
    change_review(session, review, due_at=until, held_seconds=added, held_since=None, **again)

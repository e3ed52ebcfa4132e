"""Comment: words beside a draft that change nothing about it."""

from sqlmodel import Session

from app.db.review_tables import NoteSort
from app.review.action import Order, Said
from app.review.situation import Situation
from app.review.writing import named, record, say, tell


class CommentOrder(Order):
    """What is said."""

    text: Said


class Comment:
    """Everybody who takes part may comment, also on a draft that is over."""

    id = "comment"
    order = CommentOrder

    def check(self, situation: Situation) -> None:
        """Whoever sees the draft may."""

    def execute(self, session: Session, situation: Situation, order: CommentOrder) -> None:
        said = say(session, situation, NoteSort.COMMENT, order.text)
        record(session, situation, self.id, {"note": said.id})
        involved = {item.by for item in situation.notes} | situation.writers
        if situation.review is not None:
            involved |= {situation.review.submitted_by, situation.review.assignee or ""}
        people = tuple(sorted(involved & situation.members.keys()))
        tell(session, situation, "commented", people, f"somebody commented on {named(situation)}")

"""Ask: a question to a person. Until it is answered nobody approves, and the deadline waits."""

from sqlmodel import Session

from app.db.review_tables import NoteSort
from app.errors import NotFound
from app.review.action import Address, Order, Said
from app.review.situation import Situation
from app.review.writing import change_draft, change_review, named, record, say, tell
from app.yaml12 import nearest


class AskOrder(Order):
    """Who is asked, and what."""

    person: Address
    text: Said


class Ask:
    """Opens a question."""

    id = "ask"
    order = AskOrder

    def check(self, situation: Situation) -> None:
        situation.in_review()

    def execute(self, session: Session, situation: Situation, order: AskOrder) -> None:
        if order.person not in situation.members:
            hint = nearest(order.person, situation.members)
            raise NotFound(f"{order.person} has no role for brand '{situation.draft.brand}'", hint)
        review = situation.in_review()
        change_draft(session, situation)
        if review.held_since is None:
            change_review(session, review, held_since=situation.at)
        said = say(session, situation, NoteSort.QUESTION, order.text, asked=order.person)
        record(session, situation, self.id, {"note": said.id})
        tell(session, situation, "asked", (order.person,), f"you are asked about {named(situation)}")

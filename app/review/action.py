"""What an action is: who may do it and when, then what it changes."""

from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints
from sqlmodel import Session

from app.review.situation import Situation

LONGEST_TEXT = 5000
"""Characters of a comment, a question or a reason."""
Said = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT, strip_whitespace=True)]
Address = Annotated[
    str, StringConstraints(min_length=3, max_length=300, strip_whitespace=True, to_lower=True)
]


class Order(BaseModel):
    """What somebody gives with an action."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Nothing(Order):
    """An action that needs no particulars."""


Given_contra = TypeVar("Given_contra", bound=Order, contravariant=True)


class Action(Protocol, Generic[Given_contra]):
    """One action on a draft in review."""

    @property
    def id(self) -> str:
        """Its name in the API and in the audit trail."""
        ...

    def check(self, situation: Situation) -> None:
        """Raises NotPermitted where this person may not, Conflict where the draft is not in such a state."""
        ...

    def execute(self, session: Session, situation: Situation, order: Given_contra) -> None:
        """Do it inside a transaction, once `check` has passed.

        Raises OutOfDate when the draft has changed since it was seen, Conflict, and NotFound for people and
        questions that the order names wrongly.
        """
        ...

"""What a person does with a draft, from the fields of a form."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.errors import NotFound
from app.http.errors import InvalidRequest
from app.review.action import Nothing, Order
from app.review.actions.answer import AnswerOrder
from app.review.actions.approve import ApproveOrder
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.escalate import EscalateOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder

ORDERS: Mapping[str, type[Order]] = {
    "submit": Nothing,
    "take": TakeOrder,
    "ask": AskOrder,
    "answer": AnswerOrder,
    "comment": CommentOrder,
    "approve": ApproveOrder,
    "request_changes": ChangesOrder,
    "reject": RejectOrder,
    "withdraw": WithdrawOrder,
    "escalate": EscalateOrder,
}
"""What people do, by the action's id, with what they give. A review expires by itself."""
_DECIDES = frozenset({"approve", "request_changes", "reject"})
"""After these, there is nothing more to do here: the next draft of the queue comes."""


def order_of(action: str, fields: Mapping[str, str]) -> Order:
    """What the form asks for; fields that are empty count as not given.

    Raises NotFound for an action that there is not, InvalidRequest for fields that do not fit.
    """
    if action not in ORDERS:
        raise NotFound(f"there is no action '{action[:40]}'")
    model = ORDERS[action]
    given = {name: fields[name] for name in model.model_fields if fields.get(name, "").strip()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        wrong = {str(item["loc"][-1]): str(item["type"]) for item in error.errors()}
        words = "; ".join(
            f"{name}: {'is missing' if why == 'missing' else 'does not fit'}" for name, why in wrong.items()
        )
        raise InvalidRequest(words, "nothing was stored; what you wrote is still here") from error


def revision_in(fields: Mapping[str, str]) -> int:
    """The revision that the form was made from. Raises InvalidRequest."""
    text = fields.get("revision", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidRequest(
            "the form does not say which state of the draft it is about", "load the page again"
        )
    return int(text)


def decides(action: str) -> bool:
    """Whether the person is done with the draft after it."""
    return action in _DECIDES

"""Every action of review: a new one is a file in actions/ and a line here."""

from typing import Any

from app.review.action import Action
from app.review.actions.answer import Answer
from app.review.actions.approve import Approve
from app.review.actions.ask import Ask
from app.review.actions.comment import Comment
from app.review.actions.escalate import Escalate
from app.review.actions.expire import Expire
from app.review.actions.reject import Reject
from app.review.actions.request_changes import RequestChanges
from app.review.actions.submit import Submit
from app.review.actions.take import Take
from app.review.actions.withdraw import Withdraw

ACTIONS: dict[str, Action[Any]] = {
    action.id: action
    for action in (
        Submit(),
        Take(),
        Ask(),
        Answer(),
        Comment(),
        Approve(),
        RequestChanges(),
        Reject(),
        Withdraw(),
        Escalate(),
        Expire(),
    )
}

"""What people may try on a draft in review, each deed with what the model says of it.

What ends a draft comes in the second half of a run only, so that the first one has something to decide about.
"""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from app.brand.tiers import Tier
from app.db.review_tables import RejectReason
from app.db.tables import Draft
from app.errors import Conflict, NotFound, NotPermitted, OutOfDate
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.escalate import EscalateOrder
from app.review.actions.expire import ExpireOrder
from app.review.actions.reject import RejectOrder
from app.review.actions.request_changes import ChangesOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder
from tests.review.model import TIERS, Clock, Expected, Given, Terms
from tests.review.room import OTHER, PEOPLE, PLAIN, PRICED, REFUSED, SEND, Room, Template, email_of
from tests.review.shapes import BEFORE_SEND, CONTRACTS, HOURS, QUESTION_HOURS, SHAPES, terms_of

STEPS = 30
WORDS = {"priced": PRICED, "plain": PLAIN, "other": OTHER, "refused": REFUSED}
NEEDS = {"priced": "elevated", "plain": "low", "other": "low", "refused": "low"}
"""The tier that the words demand by the contract's matrix."""
PRICES = ("129.00", "119.00", "99.00")
OVER = ("rejected", "withdrawn", "expired")
REVIEWERS = ("brand reviewer", "legal", "performance", "brand owner")

NAMES = st.sampled_from(sorted(PEOPLE))
DRAFTS = st.sampled_from(["priced", "plain"])
KEYS = st.integers(0, 1)
PLACE = ("en-US", "weekend_hikers", "hero")


def second_half(machine: "People") -> bool:
    """Whether drafts may end by now."""
    return machine.steps > STEPS // 2


class People(RuleBasedStateMachine):
    """What people do to two drafts of one slot, one deed at a time."""

    template: ClassVar[Template]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-review-"))
        self.stack.callback(shutil.rmtree, self.folder)
        self.room: Room = self.stack.enter_context(self.template.room(self.folder))
        self.price = PRICES[0]
        self.send = SEND
        self.expected = {
            name: Expected(name, self.price_of(name), NEEDS[name], {email_of("cal"), "scripted"})
            for name in ("priced", "plain")
        }
        self.choice = ""
        """What is chosen for the slot: one of the drafts, or the safe block."""
        self.steps = 0
        self.closed: dict[str, tuple[Any, ...]] = {}
        self.tiers = {"priced": 0, "plain": 0}
        self.ended: dict[str, set[int]] = {"priced": set(), "plain": set()}

    def teardown(self) -> None:
        self.stack.close()

    def price_of(self, words: str) -> str:
        return self.price if words == "priced" else ""

    @property
    def terms(self) -> dict[str, Terms]:
        return terms_of(self.shape)

    @initialize(shape=st.sampled_from(sorted(SHAPES)))
    def begin(self, shape: str) -> None:
        self.shape = shape
        self.room.contract = CONTRACTS[shape]

    # what is tried

    def tried(self, name: str, act: Callable[[], object], allowed: bool | None = None) -> bool:
        """Whether it was done; what is refused changes nothing."""
        before = self.image(name)
        try:
            act()
        except (NotPermitted, Conflict, NotFound) as error:
            refused = error.message
        else:
            assert allowed is not False, f"it was let through: {self.expected[name]}"
            return True
        if allowed or self.image(name) != before:
            pytest.fail(f"{refused}: {self.expected[name]}")
        return False

    def image(self, name: str) -> tuple[Any, ...]:
        draft = self.room.draft(name)
        reviews = [item.model_dump() for item in self.room.reviews(draft)]
        return draft.model_dump(), reviews, len(self.room.notes(draft))

    def roles(self, who: str) -> frozenset[str]:
        return frozenset(role.value for role in PEOPLE[who])

    def decides(self, name: str, who: str) -> bool:
        """Whether somebody has a role that decides about the draft."""
        return bool(self.roles(who) & {*self.terms[self.expected[name].tier].roles, "brand owner"})

    def act(self, action: str, name: str, who: str, order: Any = None, key: int = 0) -> Draft:
        return self.room.act(action, self.room.draft(name), who, order, key=key)

    @rule(name=DRAFTS, who=NAMES)
    def submit(self, name: str, who: str) -> None:
        it = self.expected[name]
        latest = self.send - BEFORE_SEND
        allowed = (
            it.state in ("draft", "changes_requested") and it.copy != "refused" and latest > self.room.now
        )
        if self.tried(name, lambda: self.act("submit", name, who), allowed):
            it.state, it.clock = "in_review", self.clock_from_now()
            it.clock.asked_at = self.room.now if it.open_questions else None
            it.raise_to(NEEDS[it.copy])

    def clock_from_now(self) -> Clock:
        now = self.room.now
        return Clock(now, HOURS, QUESTION_HOURS, max(now, self.send - BEFORE_SEND))

    @rule(name=DRAFTS, who=NAMES, key=KEYS)
    def approve(self, name: str, who: str, key: int) -> None:
        it, roles = self.expected[name], self.roles(who)
        it_now = self.terms[it.tier]
        allowed = it.may_approve(email_of(who), roles, it_now, self.room.now) and it.copy != "refused"
        if not self.tried(name, lambda: self.act("approve", name, who, key=key), allowed):
            return
        it.approvals.append(Given(email_of(who), roles, it.copy, it.price))
        done = it.complete(it_now)
        it.state = "approved" if done else "in_review"
        if done:
            assert not it.open_questions

    @rule(name=DRAFTS, who=NAMES, asked=st.sampled_from([*sorted(PEOPLE), "nobody"]))
    def ask(self, name: str, who: str, asked: str) -> None:
        it = self.expected[name]
        allowed = it.open(self.room.now) and asked in PEOPLE
        order = AskOrder(person=email_of(asked), text="Is this so?")
        before = {item.id for item in self.room.notes(self.room.draft(name))}
        if self.tried(name, lambda: self.act("ask", name, who, order), allowed):
            (new,) = [item for item in self.room.notes(self.room.draft(name)) if item.id not in before]
            it.open_questions[new.id] = email_of(asked)
            if it.clock is not None and it.clock.asked_at is None:
                it.clock.asked_at = self.room.now

    @rule(name=DRAFTS, who=NAMES, data=st.data())
    def answer(self, name: str, who: str, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from([*self.expected[name].open_questions, "unknown"]))
        self.answer_this(name, who, question)

    def answer_this(self, name: str, who: str, question: str) -> None:
        it = self.expected[name]
        asked = it.open_questions.get(question)
        may = asked is not None and (asked == email_of(who) or who == "ada")
        order, now = AnswerOrder(question=question, text="It is."), self.room.now
        allowed = may and it.state not in OVER and not it.late(now)
        if self.tried(name, lambda: self.act("answer", name, who, order), allowed):
            del it.open_questions[question]
            if it.clock is not None and not it.open_questions:
                it.clock.answered(now)

    @rule(name=DRAFTS, who=NAMES)
    def request_changes(self, name: str, who: str) -> None:
        self.send_back(name, who, "request_changes")

    @precondition(second_half)
    @rule(name=DRAFTS, who=NAMES)
    def reject(self, name: str, who: str) -> None:
        self.send_back(name, who, "reject")

    def send_back(self, name: str, who: str, action: str) -> None:
        it = self.expected[name]
        allowed = it.open(self.room.now) and self.decides(name, who)
        orders: dict[str, Any] = {
            "request_changes": ChangesOrder(text="Shorter."),
            "reject": RejectOrder(reason=RejectReason.UNCLEAR),
        }
        if self.tried(name, lambda: self.act(action, name, who, orders[action]), allowed):
            it.state = "changes_requested" if action == "request_changes" else "rejected"
            it.approvals.clear()

    @precondition(second_half)
    @rule(name=DRAFTS, who=NAMES)
    def withdraw(self, name: str, who: str) -> None:
        it = self.expected[name]
        may = bool(self.roles(who) & {"copywriter", "legal", "brand owner"}) or email_of(who) in it.writers
        order = WithdrawOrder(text="It is not needed.")
        if self.tried(name, lambda: self.act("withdraw", name, who, order), may and it.state not in OVER):
            it.missed_until = self.send if it.late(self.room.now) else None
            it.state = "withdrawn"
            it.approvals.clear()

    @rule(name=DRAFTS, who=NAMES, tier=st.sampled_from(TIERS))
    def escalate(self, name: str, who: str, tier: str) -> None:
        it = self.expected[name]
        allowed = (
            it.open(self.room.now) and self.decides(name, who) and TIERS.index(tier) > TIERS.index(it.tier)
        )
        order = EscalateOrder(tier=Tier(tier), text="This is delicate.")
        if self.tried(name, lambda: self.act("escalate", name, who, order), allowed):
            it.raise_to(tier)

    @rule(name=DRAFTS, who=NAMES, other=st.none() | NAMES)
    def take(self, name: str, who: str, other: str | None) -> None:
        it, to = self.expected[name], other or who
        allowed = it.open(self.room.now) and self.decides(name, who) and self.decides(name, to)
        order = TakeOrder(assignee=email_of(other) if other else None)
        taken = self.tried(
            name, lambda: self.act("take", name, who, order), allowed and email_of(to) not in it.writers
        )
        assert not taken or self.room.review(self.room.draft(name)).assignee == email_of(to)

    @rule(name=DRAFTS, who=NAMES)
    def comment(self, name: str, who: str) -> None:
        revision = self.room.draft(name).revision
        assert self.tried(name, lambda: self.act("comment", name, who, CommentOrder(text="Nice.")))
        assert self.room.draft(name).revision == revision

    @rule(name=DRAFTS, who=NAMES)
    def expire_by_hand(self, name: str, who: str) -> None:
        self.tried(name, lambda: self.act("expire", name, who, ExpireOrder()), allowed=False)

    @rule(name=DRAFTS, who=NAMES, action=st.sampled_from(["approve", "submit", "withdraw", "take"]))
    def act_on_what_was_seen_before(self, name: str, who: str, action: str) -> None:
        draft, before = self.room.draft(name), self.image(name)
        with pytest.raises(OutOfDate):
            self.room.act(action, draft, who, seen=draft.revision + 1)
        assert self.image(name) == before

    @rule(name=DRAFTS, who=st.sampled_from(["cal", "eve", "rae"]), words=st.sampled_from(sorted(WORDS)))
    def edit(self, name: str, who: str, words: str) -> None:
        it = self.expected[name]
        old = it.copy
        allowed = it.state not in OVER and not (it.late(self.room.now) and words != old)
        done = self.tried(name, lambda: self.room.edit(self.room.draft(name), WORDS[words], who), allowed)
        if done and words != old:
            it.copy, it.price = words, self.price_of(words)
            it.writers.add(email_of(who))
            it.approvals.clear()
            stays = it.state == "in_review" and words != "refused"
            it.state = "in_review" if stays else "draft"
            it.raise_to(NEEDS[old])
            it.raise_to(NEEDS[words])

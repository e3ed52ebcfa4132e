"""Whatever people and time do, no path leads to `approved` that breaks the contract.

The model (tests/review/model.py) knows only what was done; it shares no code with what it is compared with.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.brand.contract import DecisionContract
from app.brand.tiers import Tier
from app.db.review_tables import RejectReason, Review
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
from app.review.deadlines import due
from tests.conftest import PROPERTY_EXAMPLES
from tests.review.model import TIERS, Expected, Given, Terms
from tests.review.room import OTHER, PEOPLE, PLAIN, PRICED, REFUSED, SEND, Room, Template, contract, email_of

STEPS = 25
WORDS = {"priced": PRICED, "plain": PLAIN, "other": OTHER, "refused": REFUSED}
NEEDS = {"priced": "elevated", "plain": "low", "other": "low", "refused": "low"}
"""The tier that the words demand by the contract's matrix."""
PRICES = ("129.00", "119.00", "99.00")
OVER = ("rejected", "withdrawn", "expired")
REVIEWERS = ("brand reviewer", "legal", "performance", "brand owner")

Shape = dict[str, tuple[tuple[str, ...], int, bool]]
SHAPES: dict[str, Shape] = {
    "one": {"low": (("brand reviewer",), 1, False), "elevated": (("brand reviewer", "legal"), 2, False)},
    "in turn": {
        "low": (("brand reviewer", "legal"), 2, True),
        "elevated": (("legal", "brand reviewer"), 2, True),
    },
    "three": {"low": (("brand reviewer",), 2, False), "elevated": (("brand reviewer", "legal"), 3, False)},
    "four in turn": {
        "low": (("legal",), 1, False),
        "elevated": (("brand reviewer", "legal", "brand owner"), 3, True),
    },
    "owner": {"low": (("brand owner", "performance"), 1, False), "elevated": (("brand owner",), 1, False)},
}
HIGHEST: Shape = {
    "standard": (("brand reviewer", "legal"), 2, True),
    "restricted": (("brand reviewer", "legal", "brand owner"), 3, True),
}


def terms_of(shape: str) -> dict[str, Terms]:
    """What a contract asks, tier by tier."""
    return {tier: Terms(*given) for tier, given in {**HIGHEST, **SHAPES[shape]}.items()}


def contract_of(shape: str) -> DecisionContract:
    """The same as a contract."""
    asked = terms_of(shape)
    review = {
        "tiers": {
            tier: {"people": item.people, "in_turn": item.in_turn, "hours": 24}
            for tier, item in asked.items()
        },
        "before_send_hours": 6,
        "question_hours": 12,
    }
    return contract(approvers={tier: list(item.roles) for tier, item in asked.items()}, review=review)


CONTRACTS = {shape: contract_of(shape) for shape in SHAPES}
NAMES = st.sampled_from(sorted(PEOPLE))
DRAFTS = st.sampled_from(["priced", "plain"])
KEYS = st.integers(0, 1)


class Reviewing(RuleBasedStateMachine):
    """People act on two drafts of one slot."""

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

    def act(self, action: str, name: str, who: str, order: Any = None, key: int = 0) -> Draft:
        return self.room.act(action, self.room.draft(name), who, order, key=key)

    @rule(name=DRAFTS, who=NAMES)
    def submit(self, name: str, who: str) -> None:
        it = self.expected[name]
        latest = self.send - dt.timedelta(hours=6)
        allowed = (
            it.state in ("draft", "changes_requested") and it.copy != "refused" and latest > self.room.now
        )
        if self.tried(name, lambda: self.act("submit", name, who), allowed):
            it.state, it.latest = "in_review", latest
            it.raise_to(NEEDS[it.copy])

    @rule(name=DRAFTS, who=NAMES, key=KEYS)
    def approve(self, name: str, who: str, key: int) -> None:
        it, roles = self.expected[name], self.roles(who)
        it_now = self.terms[it.tier]
        allowed = it.may_approve(email_of(who), roles, it_now) and it.copy != "refused"
        if not self.tried(name, lambda: self.act("approve", name, who, key=key), allowed):
            return
        it.approvals.append(Given(email_of(who), roles, it.copy, it.price))
        done = it.complete(it_now)
        it.state = "approved" if done else "in_review"
        if done:
            assert not it.open_questions

    @rule(name=DRAFTS, who=NAMES)
    def approve_twice(self, name: str, who: str) -> None:
        """One person with two keys stays one person."""
        self.approve(name, who, 0)
        self.approve(name, who, 1)

    @rule(name=DRAFTS, people=st.permutations(sorted(PEOPLE)))
    def go_through(self, name: str, people: list[str]) -> None:
        """Everybody tries to approve, in some order."""
        self.submit(name, people[0])
        for who in people:
            self.approve(name, who, 0)

    @rule(name=DRAFTS, people=st.permutations(sorted(PEOPLE)), asked=NAMES)
    def go_through_while_a_question_is_open(self, name: str, people: list[str], asked: str) -> None:
        self.submit(name, people[0])
        self.ask(name, people[0], asked)
        self.go_through(name, people)

    @rule(
        name=DRAFTS,
        early=st.permutations(sorted(PEOPLE)),
        tier=st.sampled_from(["standard", "restricted"]),
        people=st.permutations(sorted(PEOPLE)),
    )
    def go_through_a_tier_that_rises(self, name: str, early: list[str], tier: str, people: list[str]) -> None:
        """Who approved before may have done so before their turn."""
        self.submit(name, early[0])
        for who in early[:3]:
            self.approve(name, who, 0)
        self.escalate(name, "ada", tier)
        self.go_through(name, people)

    @rule(name=DRAFTS, who=NAMES, asked=st.sampled_from([*sorted(PEOPLE), "nobody"]))
    def ask(self, name: str, who: str, asked: str) -> None:
        it = self.expected[name]
        allowed = it.state == "in_review" and asked in PEOPLE
        order = AskOrder(person=email_of(asked), text="Is this so?")
        before = {item.id for item in self.room.notes(self.room.draft(name))}
        if self.tried(name, lambda: self.act("ask", name, who, order), allowed):
            (new,) = [item for item in self.room.notes(self.room.draft(name)) if item.id not in before]
            it.open_questions[new.id] = email_of(asked)

    @rule(name=DRAFTS, who=NAMES, data=st.data())
    def answer(self, name: str, who: str, data: st.DataObject) -> None:
        it = self.expected[name]
        question = data.draw(st.sampled_from([*it.open_questions, "unknown"]))
        asked = it.open_questions.get(question)
        may = asked is not None and (asked == email_of(who) or who == "ada")
        order = AnswerOrder(question=question, text="It is.")
        if self.tried(name, lambda: self.act("answer", name, who, order), may and it.state not in OVER):
            del it.open_questions[question]

    @rule(name=DRAFTS, who=NAMES, action=st.sampled_from(["request_changes", "reject"]))
    def send_back(self, name: str, who: str, action: str) -> None:
        it, roles = self.expected[name], self.roles(who)
        allowed = it.state == "in_review" and bool(roles & {*self.terms[it.tier].roles, "brand owner"})
        orders: dict[str, Any] = {
            "request_changes": ChangesOrder(text="Shorter."),
            "reject": RejectOrder(reason=RejectReason.UNCLEAR),
        }
        if self.tried(name, lambda: self.act(action, name, who, orders[action]), allowed):
            it.state = "changes_requested" if action == "request_changes" else "rejected"
            it.approvals.clear()

    @rule(name=DRAFTS, who=NAMES)
    def withdraw(self, name: str, who: str) -> None:
        it = self.expected[name]
        may = bool(self.roles(who) & {"copywriter", "legal", "brand owner"}) or email_of(who) in it.writers
        order = WithdrawOrder(text="It is not needed.")
        if self.tried(name, lambda: self.act("withdraw", name, who, order), may and it.state not in OVER):
            it.state = "withdrawn"
            it.approvals.clear()

    @rule(name=DRAFTS, who=NAMES, tier=st.sampled_from(TIERS))
    def escalate(self, name: str, who: str, tier: str) -> None:
        it, roles = self.expected[name], self.roles(who)
        allowed = (
            it.state == "in_review"
            and bool(roles & {*self.terms[it.tier].roles, "brand owner"})
            and TIERS.index(tier) > TIERS.index(it.tier)
        )
        order = EscalateOrder(tier=Tier(tier), text="This is delicate.")
        if self.tried(name, lambda: self.act("escalate", name, who, order), allowed):
            it.raise_to(tier)

    @rule(name=DRAFTS, who=NAMES, other=st.none() | NAMES)
    def take(self, name: str, who: str, other: str | None) -> None:
        order = TakeOrder(assignee=email_of(other) if other else None)
        self.tried(name, lambda: self.act("take", name, who, order))

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
        done = self.tried(
            name, lambda: self.room.edit(self.room.draft(name), WORDS[words], who), it.state not in OVER
        )
        if done and words != old:
            it.copy, it.price = words, self.price_of(words)
            it.writers.add(email_of(who))
            it.approvals.clear()
            stays = it.state == "in_review" and words != "refused"
            it.state = "in_review" if stays else "draft"
            it.raise_to(NEEDS[old])
            it.raise_to(NEEDS[words])

    @rule(price=st.sampled_from(PRICES))
    def change_price(self, price: str) -> None:
        self.room.revise(price=price)
        if price == self.price:
            return
        self.price = price
        for it in self.expected.values():
            if it.state in OVER or it.copy != "priced":
                continue
            it.price = price
            if it.approvals and it.state == "approved":
                it.state = "in_review"
                it.latest = max(self.room.now, self.send - dt.timedelta(hours=6))
            it.approvals.clear()

    @rule(hours=st.sampled_from([-24, -6, 6, 24]))
    def move_the_send_window(self, hours: int) -> None:
        send = self.send + dt.timedelta(hours=hours)
        if send <= self.room.now:
            return
        self.room.revise(send_at=send)
        self.send = send
        for it in self.expected.values():
            if it.state == "in_review":
                it.latest = max(self.room.now, send - dt.timedelta(hours=6))

    @rule(shape=st.sampled_from(sorted(SHAPES)))
    def publish_another_contract(self, shape: str) -> None:
        self.shape = shape
        self.room.contract = CONTRACTS[shape]

    @rule(hours=st.sampled_from([1, 3, 9]))
    def let_time_pass(self, hours: int) -> None:
        self.room.wait(hours)
        self.room.sweep()
        for name, it in self.expected.items():
            draft = self.room.draft(name)
            if it.state != "in_review":
                continue
            assert it.latest is not None
            if draft.state.value == "expired":
                it.state = "expired"
                it.approvals.clear()
            else:
                assert self.room.now < it.latest, "a review goes on past its latest moment"
                assert due(self.room.review(draft), self.room.contract.review, self.room.now) > self.room.now

    # what holds after every step

    @invariant()
    def each_draft_is_where_the_model_has_it(self) -> None:
        for name, it in self.expected.items():
            draft = self.room.draft(name)
            assert draft.state.value == it.state
            assert draft.tier is None or TIERS.index(draft.tier.value) <= TIERS.index(it.tier)
            if it.state in ("in_review", "approved"):
                assert draft.tier is not None

    @invariant()
    def the_gate_releases_what_is_approved_and_nothing_else(self) -> None:
        for name, it in self.expected.items():
            released = not self.room.obstacles(self.room.draft(name))
            still = it.state == "approved" and it.complete(self.terms[it.tier])
            assert released == still, (it, self.room.obstacles(self.room.draft(name)))

    @invariant()
    def one_review_is_open_exactly_while_the_draft_is_in_review(self) -> None:
        for name, it in self.expected.items():
            reviews = self.room.reviews(self.room.draft(name))
            still_open = [item for item in reviews if item.closed_at is None]
            assert len(still_open) == (it.state == "in_review")
            for item in still_open:
                self.deadline_is_in_time(item, it)

    def deadline_is_in_time(self, review: Review, it: Expected) -> None:
        now = due(review, self.room.contract.review, self.room.now)
        assert it.latest is not None
        assert review.latest_at == it.latest
        assert max(review.due_at, now) <= review.latest_at

    @invariant()
    def tiers_only_rise_and_what_ended_stays_ended(self) -> None:
        for name in self.expected:
            draft = self.room.draft(name)
            before, now = self.tiers[name], TIERS.index(draft.tier.value) if draft.tier else 0
            assert before <= now
            self.tiers[name] = now
            ended = {n for n, item in enumerate(draft.receipt.approvers) if item.ended is not None}
            assert self.ended[name] <= ended
            self.ended[name] = ended

    @invariant()
    def what_is_over_never_changes(self) -> None:
        for name, it in self.expected.items():
            draft = self.room.draft(name)
            if it.state in OVER:
                now = (draft.revision, draft.copy_fields, draft.receipt, draft.state)
                assert self.closed.setdefault(name, now) == now


def test_no_path_leads_to_approved_that_breaks_the_contract(
    template: Template, long_count: Callable[[int, int], int]
) -> None:
    machine = type("Machine", (Reviewing,), {"template": template})
    sized = settings(max_examples=long_count(12, PROPERTY_EXAMPLES["long"]), stateful_step_count=STEPS)
    run_state_machine_as_test(machine, settings=sized)

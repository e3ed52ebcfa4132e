"""Whatever people and time do, no path leads to `approved` that breaks the contract.

The model (tests/review/model.py) knows only what was done; it shares no code with what it is compared with.
"""

import datetime as dt
from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.db.review_tables import Review
from app.review.deadlines import due
from tests.conftest import PROPERTY_EXAMPLES
from tests.review.model import TIERS, Expected
from tests.review.people import DRAFTS, NAMES, OVER, PLACE, PRICES, STEPS, People, second_half
from tests.review.room import PEOPLE, Template, email_of
from tests.review.shapes import BEFORE_SEND, CONTRACTS, SHAPES


class Reviewing(People):
    """What goes on around them, whole ways through review, and what always holds."""

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
                it.clock = self.clock_from_now()
            it.approvals.clear()

    @rule(hours=st.sampled_from([-24, -6, 6, 24]))
    def move_the_send_window(self, hours: int) -> None:
        send = self.send + dt.timedelta(hours=hours)
        if send <= self.room.now:
            return
        self.room.revise(send_at=send)
        self.send = send
        for it in self.expected.values():
            if it.open(self.room.now) and it.clock is not None:
                it.clock.end = max(self.room.now, send - BEFORE_SEND)

    @rule(shape=st.sampled_from(sorted(SHAPES)))
    def publish_another_contract(self, shape: str) -> None:
        self.shape = shape
        self.room.contract = CONTRACTS[shape]

    @rule(name=DRAFTS, who=NAMES)
    def approve_twice(self, name: str, who: str) -> None:
        """One person with two keys stays one person."""
        self.approve(name, who, 0)
        self.approve(name, who, 1)

    @rule(name=DRAFTS, people=st.permutations(sorted(PEOPLE)))
    def go_through(self, name: str, people: list[str]) -> None:
        """Everybody tries to approve, in some order."""
        self.begin_anew(name, people[0])
        for who in people:
            self.approve(name, who, 0)

    @rule(name=DRAFTS, people=st.permutations(sorted(PEOPLE)), asked=NAMES)
    def go_through_while_a_question_is_open(self, name: str, people: list[str], asked: str) -> None:
        self.begin_anew(name, people[0])
        self.ask(name, people[0], asked)
        self.go_through(name, people)
        for question in list(self.expected[name].open_questions):
            self.answer_this(name, "ada", question)
        self.go_through(name, people)

    def begin_anew(self, name: str, who: str) -> None:
        """Words that may be submitted, where those that stand there are approved or refused."""
        it = self.expected[name]
        if it.state == "approved" or it.copy == "refused":
            self.edit(name, "cal", "other" if it.copy == "plain" else "plain")
        self.submit(name, who)

    @rule(
        name=DRAFTS,
        early=st.permutations(sorted(PEOPLE)),
        tier=st.sampled_from(["standard", "restricted"]),
        people=st.permutations(sorted(PEOPLE)),
    )
    def go_through_a_tier_that_rises(self, name: str, early: list[str], tier: str, people: list[str]) -> None:
        """Who approved before may have done so before their turn."""
        self.begin_anew(name, early[0])
        for who in early[:3]:
            self.approve(name, who, 0)
        self.escalate(name, "ada", tier)
        self.go_through(name, people)

    @rule(
        name=DRAFTS,
        people=st.permutations(sorted(PEOPLE)),
        before=st.integers(0, len(PEOPLE)),
        what=st.sampled_from(
            ["edit", "back and forth", "price", "contract", "question", "escalate", "sent back", "an hour"]
        ),
        data=st.data(),
    )
    def go_through_with_something_between(
        self, name: str, people: list[str], before: int, what: str, data: st.DataObject
    ) -> None:
        """Some approve, then it is not the same any more, then everybody tries again."""
        self.begin_anew(name, people[0])
        for who in people[:before]:
            self.approve(name, who, 0)
        self.happen(name, people[-1], what, data)
        for who in people:
            self.approve(name, who, 0)

    def happen(self, name: str, who: str, what: str, data: st.DataObject) -> None:
        copy = self.expected[name].copy
        if what in ("edit", "back and forth"):
            editor = data.draw(st.sampled_from(["cal", "eve", "rae"]))
            self.edit(name, editor, data.draw(st.sampled_from(["priced", "plain", "other"])))
            if what == "back and forth" and copy != "refused":
                self.edit(name, "cal", copy)
        elif what == "price":
            self.change_price(data.draw(st.sampled_from(PRICES)))
        elif what == "contract":
            self.publish_another_contract(data.draw(st.sampled_from(sorted(SHAPES))))
        elif what == "question":
            self.go_through_while_a_question_is_open(name, [who], data.draw(NAMES))
        elif what == "escalate":
            self.escalate(name, "ada", data.draw(st.sampled_from(TIERS)))
        elif what == "sent back":
            self.send_back(name, "ada", "request_changes")
        else:
            self.let_time_pass(1)

    @rule(hours=st.sampled_from([1, 3]))
    def let_time_pass(self, hours: int) -> None:
        """Nothing looks at it meanwhile."""
        self.room.wait(hours)

    @precondition(second_half)
    @rule(hours=st.sampled_from([9, 24]))
    def let_a_day_pass(self, hours: int) -> None:
        self.room.wait(hours)

    @precondition(second_half)
    @rule(
        name=DRAFTS,
        people=st.permutations(sorted(PEOPLE)),
        hours=st.sampled_from([23, 24, 37]),
        asked=st.booleans(),
        then=st.sampled_from(["nothing", "refused", "other", "price", "sent later"]),
    )
    def go_through_late(self, name: str, people: list[str], hours: int, asked: bool, then: str) -> None:
        """About the deadline, perhaps with a question that holds it up, and with something that must not."""
        self.begin_anew(name, people[0])
        if asked:
            self.ask(name, people[0], people[1])
        self.room.wait(hours)
        if then in ("refused", "other"):
            self.edit(name, "cal", then)
        elif then == "price":
            self.change_price(PRICES[1])
        elif then == "sent later":
            self.move_the_send_window(24)
        for question in list(self.expected[name].open_questions):
            self.answer_this(name, "ada", question)
        for who in people:
            self.approve(name, who, 0)

    @rule()
    def look_at_the_clock(self) -> None:
        """However late: exactly those expire whose deadline has passed, and the slot has something then."""
        self.room.now += dt.timedelta(seconds=1)
        now = self.room.now
        late = [name for name, it in self.expected.items() if it.late(now)]
        assert self.room.sweep().expired == len(late)
        for name in late:
            it = self.expected[name]
            it.state, it.missed_until = "expired", self.send
            it.approvals.clear()
        missed = [
            it for it in self.expected.values() if it.missed_until is not None and now < it.missed_until
        ]
        if (late or missed) and not self.slot_is_kept():
            self.choice = "hero_evergreen"

    def slot_is_kept(self) -> bool:
        """Whether what was chosen goes out or may yet; of what nobody chose, whether anything does."""
        live = [name for name, it in self.expected.items() if it.state in ("in_review", "approved")]
        return self.choice in (*live, "hero_evergreen") if self.choice else bool(live)

    @rule(name=DRAFTS)
    def choose(self, name: str) -> None:
        """People choose what is approved."""
        if self.expected[name].state != "approved":
            return
        self.room.now += dt.timedelta(seconds=1)
        row = ChosenSlot(
            **dict(zip(("locale", "segment", "kind"), PLACE, strict=True)),
            brand="fernhill",
            brief_id="fernhill_hello",
            arms=(Arm(name=SINGLE, draft=self.room.draft(name).id),),
            chosen_by=email_of("cal"),
            chosen_at=self.room.now,
        )
        Exports(self.room.store.engine).choose([row])
        self.choice = name

    # what holds after every step

    @invariant()
    def a_step_is_done(self) -> None:
        self.steps += 1

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
        """As it was worked out from what was done; past it only that it has passed matters."""
        now = self.room.now
        found = due(review, self.room.contract.review, now)
        assert it.clock is not None
        assert review.latest_at == it.clock.end
        assert found == it.clock.deadline(now) if it.open(now) else found <= now

    @invariant()
    def the_slot_shows_what_was_chosen_or_the_safe_block(self) -> None:
        row = Exports(self.room.store.engine).chosen("fernhill", "fernhill_hello").get(PLACE)
        arms = row.arms if row is not None else ()
        drafts = {self.room.draft(name).id: name for name in self.expected}
        assert [drafts.get(arm.draft or "", arm.block) for arm in arms] == (
            [self.choice] if self.choice else []
        )

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
    sized = settings(max_examples=long_count(16, PROPERTY_EXAMPLES["long"]), stateful_step_count=STEPS)
    run_state_machine_as_test(machine, settings=sized)

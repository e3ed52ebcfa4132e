"""Whatever breaks at the moment of sending: every kind of block has a well-formed answer that says why.

Nothing out of date is told, no token is left over, and a required slot is never empty.
"""

import datetime as dt
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.blocks.registry import KINDS
from app.db.drafts import DraftChange
from app.db.sending import Heads, SendingHeads, SlotPlace
from app.db.tables import DraftState
from app.errors import StorageError
from app.release.fetching import SENDING_REASONS
from app.verdicts.decisions import SENTENCES, Outcome, Reason
from app.yaml12 import read
from tests import factories
from tests.api.sender import (
    CLAIM_ENDS,
    OTHER_PRICE,
    PRICE,
    PRICE_ENDS,
    REVIEW_BY,
    Sender,
    is_required,
    open_sender,
    write_sent,
)
from tests.release.content import dump

DAY = dt.timedelta(days=1)
EDITS = (
    ("The {", "Our {"),
    ("See it", "Get it"),
    ("A coat", "Our coat"),
    ("your coat", "our coat"),
    ("the night", "it the night"),
)
"""Words for words, so that the copy passes as it did before."""


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def fact_expired(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.now = PRICE_ENDS + dt.timedelta(seconds=1)
    refresh_feed(sender)


def fact_missing(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.change_brief("winback", {"product.price": None, "product.name": None})


def sold_out(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.change_brief("winback", {"product.stock": {"value": "0"}})


def value_changed(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.change_brief("welcome", {"product.price": {"value": "99.00"}})


def feed_stale(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.now += 3 * DAY


def feed_price_ended(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """The feed is fresh, and the price of its product holds no longer."""
    feed = fresh(sender)
    feed["items"][0]["price"]["valid_until"] = sender.now.isoformat()
    sender.change_brief("winback", feed=feed)
    sender.now += dt.timedelta(minutes=5)


def claim_expired(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.now = midnight(CLAIM_ENDS + DAY)
    refresh_feed(sender, "newsletter")


def rule_refuses(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """A published rule that what was approved before does not meet."""
    voice = {**factories.VOICE, "avoid": [{"word": word, "why": "house rule"} for word in ("colds",)]}
    sender.edit("voice.yaml", lambda _: {**voice, "examples": factories.VOICE["examples"]}, {})
    sender.publish()


def review_overdue(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.now = midnight(REVIEW_BY + DAY)
    sender.change_brief(
        "winback",
        {"product.price": {"valid_until": "2027-12-01T00:00:00+00:00"}},
        feed=fresh(sender),
    )


def draft_withdrawn(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    change_drafts(sender, state=DraftState.WITHDRAWN)


def draft_edited(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """Somebody changed the copy of approved drafts beside the service."""
    drafts = [sender.house.store.find_draft(f"draft{kind}") for kind in KINDS]
    for draft in drafts:
        assert draft is not None
        copy = dict(draft.copy_fields)
        for before, after in EDITS:
            copy = {name: words.replace(before, after) for name, words in copy.items()}
        assert copy != draft.copy_fields
        change = DraftChange(draft.id, draft.revision, {"copy_fields": copy})
        sender.house.service.drafts.change([change])


def draft_damaged(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    with sender.house.store.engine.begin() as connection:
        connection.execute(text("UPDATE draft SET revision = 2, copy_fields = '{\"v\": 99}'"))


def brand_does_not_load(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.edit("voice.yaml", lambda voice: {**voice, "tone": []}, factories.VOICE)
    sender.publish()


def version_damaged(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    sender.edit("voice.yaml", lambda voice: {**voice, "summary": "Loud."}, factories.VOICE)
    version = sender.content.find(sender.publish())
    with sender.house.store.engine.begin() as connection:
        digest = version.manifest["brand/fernhill/voice.yaml"]
        connection.execute(text("UPDATE blob SET data = X'00' WHERE hash = :hash"), {"hash": digest})


def database_gone(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    def refuse(self: SendingHeads, place: SlotPlace) -> Heads:
        raise StorageError("cannot be reached")

    patch.setattr(SendingHeads, "read", refuse)


def database_hangs(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """Each answer of the database comes after the deadline."""
    read = SendingHeads.read

    def slow(self: SendingHeads, place: SlotPlace) -> Heads:
        time.sleep(0.3)
        return read(self, place)

    patch.setattr(SendingHeads, "read", slow)


def rolled_back(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """A version served whose blocks of our brand are all gone but the evergreen ones, and was taken back."""
    first = sender.content.serving()
    assert first is not None
    for kind in KINDS:
        for journey in ("winback", "newsletter"):
            (sender.root / "blocks" / "fernhill" / kind / f"{journey}.yaml").unlink()
    second = sender.publish()
    assert sender.fetch("hero").json()["version"] == second
    sender.content.move(first.version, by="Ada", why="too little", expected=second)


def nothing(sender: Sender, patch: pytest.MonkeyPatch) -> None:
    """What is wrong stands in the request."""


def refresh_feed(sender: Sender, journey: str = "winback") -> None:
    sender.change_brief(journey, feed=fresh(sender))


def fresh(sender: Sender) -> dict[str, Any]:
    observed = (sender.now - dt.timedelta(hours=1)).isoformat()
    price = {"kind": "money", "role": "price", "value": "18.00", "currency": "USD", "source": "shop"}
    product = {"name": "Fell Sock", "price": price, "link": "https://fernhill.example/sock"}
    return {"source": "shop", "observed_at": observed, "lifetime_hours": 72, "items": [product]}


def change_drafts(sender: Sender, **values: Any) -> None:
    for kind in KINDS:
        sender.house.service.drafts.change([DraftChange(f"draft{kind}", 1, values)])


@dataclass(frozen=True)
class Fault:
    """What breaks, and how every kind then answers. `stays` says that the same copy goes on."""

    happens: Callable[[Sender, pytest.MonkeyPatch], None]
    reason: Reason
    journey: str = "winback"
    stays: bool = False
    asked: dict[str, Any] = field(default_factory=dict)
    only: str = ""
    """The one kind that it is about; the others do not notice."""


FAULTS: dict[str, Fault] = {
    "fact expired": Fault(fact_expired, Reason.FACT_EXPIRED),
    "fact missing": Fault(fact_missing, Reason.FACT_MISSING),
    "out of stock": Fault(sold_out, Reason.OUT_OF_STOCK),
    "value not as approved": Fault(value_changed, Reason.VALUES_CHANGED, "welcome"),
    "feed stale": Fault(feed_stale, Reason.FEED_MISSING, only="recommendations"),
    "price in the feed ended": Fault(feed_price_ended, Reason.FEED_MISSING, only="recommendations"),
    "claim expired": Fault(claim_expired, Reason.RULES_REFUSE, "newsletter"),
    "rule refuses": Fault(rule_refuses, Reason.RULES_REFUSE, "newsletter"),
    "review date past": Fault(review_overdue, Reason.REVIEW_OVERDUE),
    "draft withdrawn": Fault(draft_withdrawn, Reason.NOTHING_APPROVED, "welcome"),
    "draft edited": Fault(draft_edited, Reason.APPROVAL_LACKING, "welcome"),
    "draft damaged": Fault(draft_damaged, Reason.CONTENT_DAMAGED, "welcome"),
    "brand does not load": Fault(brand_does_not_load, Reason.LAST_KNOWN_GOOD, stays=True),
    "version damaged": Fault(version_damaged, Reason.LAST_KNOWN_GOOD, stays=True),
    "database gone": Fault(database_gone, Reason.DATABASE_AWAY, stays=True),
    "database gone, nothing known": Fault(database_gone, Reason.DATABASE_AWAY, asked={"market": "GB"}),
    "deadline reached": Fault(database_hangs, Reason.DEADLINE_REACHED, asked={"deadline_ms": "20"}),
    "segment unknown": Fault(nothing, Reason.SEGMENT_UNKNOWN, asked={"segment": "weekend_hiker"}),
    "locale unknown": Fault(nothing, Reason.LOCALE_UNKNOWN, asked={"locale": "fr-FR", "brief": None}),
    "version rolled back": Fault(rolled_back, Reason.APPROVED_BLOCK_USED, stays=True),
}
CASES = [(name, kind) for name in FAULTS for kind in KINDS]


@dataclass
class Broken:
    """Every kind's answer before and after one fault."""

    before: dict[str, Any]
    after: dict[str, Any]
    statuses: set[int]


@pytest.fixture(scope="module")
def sent_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sent")
    write_sent(root)
    return root


@pytest.fixture(scope="module")
def broken(sent_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Broken]:
    """`broken("fact expired")`: a service of its own to which this happened; it happens once."""
    known: dict[str, Broken] = {}

    def find(name: str) -> Broken:
        if name not in known:
            root = tmp_path_factory.mktemp("sender")
            shutil.copytree(sent_content, root / "content")
            known[name] = happen(FAULTS[name], root)
        return known[name]

    return find


def happen(fault: Fault, root: Path) -> Broken:
    with ExitStack() as stack:
        sender = stack.enter_context(open_sender(root, root / "content"))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        before = {kind: sender.fetch(kind, fault.journey).json() for kind in KINDS}
        if fault.reason is Reason.DEADLINE_REACHED:
            sender.fetcher.warm_up()
        fault.happens(sender, patch)
        answers = {kind: sender.fetch(kind, fault.journey, **fault.asked) for kind in KINDS}
        statuses = {answer.status_code for answer in answers.values()}
        return Broken(before, {kind: answer.json() for kind, answer in answers.items()}, statuses)


@pytest.mark.parametrize(("name", "kind"), CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def test_every_kind_answers_whatever_breaks(broken: Callable[[str], Broken], name: str, kind: str) -> None:
    fault, found = FAULTS[name], broken(name)
    before, after = found.before[kind], found.after[kind]
    assert found.statuses == {200}
    assert (before["outcome"], before["reason"]) == ("reused", "approved_block_used"), before
    concerned = fault.only in ("", kind)
    expected = fault.reason if concerned else Reason.APPROVED_BLOCK_USED
    assert after["reason"] == expected, after
    assert after["sentence"] == SENTENCES[expected][0]
    assert after["reason"] in SENDING_REASONS
    assert after["trace"]
    assert not after["held"]
    if fault.stays or not concerned:
        assert (after["copy"], after["outcome"]) == (before["copy"], Outcome.REUSED)
    elif is_required(kind):
        assert after["outcome"] == Outcome.FELL_BACK
        assert after["source"] == {**after["source"], "kind": "block", "id": f"{kind}_evergreen"}
    else:
        assert (after["outcome"], after["copy"], after["source"]) == (Outcome.LEFT_OUT, None, None)
    told = " ".join((after["copy"] or {}).values())
    assert "{" not in told
    assert OTHER_PRICE not in told
    assert PRICE not in told or fault.stays or not concerned, "no stale price"
    assert fault.stays or not concerned or after["products"] == []


@pytest.mark.parametrize(
    ("happens", "asked"),
    [(database_hangs, {"deadline_ms": "20"}), (database_gone, {}), (database_gone, {"market": "GB"})],
)
def test_flags_of_a_brief_hold_at_the_deadline_and_without_a_database(
    sent_content: Path, tmp_path: Path, happens: Callable[..., None], asked: dict[str, str]
) -> None:
    """Readers who wait for an answer to a complaint get no evergreen content instead."""
    shutil.copytree(sent_content, tmp_path / "content")
    path = tmp_path / "content" / "brand" / "fernhill" / "segments.yaml"
    flag = {"flag": "silent", "reason": "they complained", "stops": ["email"], "owner": "Ada Brand"}
    dump(path, {**read(path).data, "suppressions": [flag]})
    with open_sender(tmp_path, tmp_path / "content") as sender, pytest.MonkeyPatch.context() as patch:
        sender.fetcher.warm_up()
        assert sender.fetch("hero", "newsletter", **asked).json()["outcome"] != "left_out"
        sender.change_brief("winback", flags=("silent",))
        assert sender.fetch("hero").json()["reason"] == "email_suppressed"
        happens(sender, patch)
        for kind in KINDS:
            answer = sender.fetch(kind, **asked).json()
            assert (answer["outcome"], answer["copy"]) == ("left_out", None), kind
            known = ("email_suppressed", "database_away")  # the second where the last answer is given again
            assert answer["reason"] in known


def test_there_are_at_least_twelve_kinds_of_fault_for_each_of_eight_kinds_of_block() -> None:
    assert len({fault.happens for fault in FAULTS.values()}) >= 12
    assert len(KINDS) == 8
    assert not {replace(fault, only="").reason for fault in FAULTS.values()} - SENTENCES.keys()

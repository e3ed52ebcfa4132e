"""GET /v1/content/{slot}: what a sender gets, how long it holds, and what it costs to ask again."""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from app.api.content_view import EXAMPLE, ContentView
from app.brand.roles import Scope
from app.brief.models import SlotRequest
from app.db.sending import SendingHeads
from app.errors import StorageError
from tests import factories
from tests.api.house import OURS, email_of
from tests.api.sender import (
    EVERGREEN_REVIEW_BY,
    FEED_ENDS,
    NOW,
    PRICE,
    PRICE_ENDS,
    PRICED,
    Sender,
    approved_draft,
    brief_of,
    open_sender,
    write_sent,
)

Build = Callable[..., Sender]


@pytest.fixture(scope="module")
def sent_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sent")
    write_sent(root)
    return root


@pytest.fixture
def build(sent_content: Path, tmp_path: Path) -> Iterator[Build]:
    """`build(fetch_cache_seconds=0)`: a sender's service of its own, with other settings."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Sender:
            shutil.copytree(sent_content, tmp_path / "content")
            return stack.enter_context(open_sender(tmp_path, tmp_path / "content", **settings))

        yield make


@pytest.fixture
def sender(build: Build) -> Sender:
    return build()


@pytest.fixture(scope="module")
def standing(sent_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sender]:
    """A service that the tests of this module leave as it is."""
    root = tmp_path_factory.mktemp("standing")
    shutil.copytree(sent_content, root / "content")
    with open_sender(root, root / "content") as sender:
        yield sender


def statements(sender: Sender, act: Callable[[], Any]) -> list[str]:
    """What is said to the database while `act` runs."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = sender.house.store.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return said


class TestAnswer:
    def test_it_says_what_stands_there_why_and_where_it_came_from(self, standing: Sender) -> None:
        found = standing.fetch("cta", values="tokens").json()
        assert found["copy"] == {"label": "See it for {product.price}"}
        assert (found["outcome"], found["reason"]) == ("reused", "approved_block_used")
        placed = standing.house.service.contents.now().libraries.get(OURS).find("cta_priced")
        assert placed is not None
        assert found["source"] == {
            "kind": "block",
            "id": "cta_priced",
            "hash": placed.block.content_hash(),
        }
        move = standing.content.serving()
        assert move is not None
        assert found["version"] == move.version
        assert len(found["rules"]) == 64

    def test_an_approved_draft_answers_before_a_block(self, standing: Sender) -> None:
        found = standing.fetch("cta", "welcome").json()
        draft = standing.house.store.find_draft("draftcta")
        assert draft is not None
        assert found["source"] == {"kind": "draft", "id": "draftcta", "hash": draft.content_hash}

    def test_invariant_5_a_draft_that_was_approved_with_another_link_does_not_answer(
        self, sender: Sender
    ) -> None:
        assert sender.fetch("cta", "welcome").json()["source"]["id"] == "draftcta"
        sender.change_brief("welcome", links={"home": "https://fernhill.example/coats"})
        found = sender.fetch("cta", "welcome").json()
        assert (found["source"]["kind"], found["reason"]) == ("block", "values_changed")
        assert "draft draftcta was approved with other values: link" in str(found["trace"])

    def test_values_are_filled_as_they_are_asked_for(self, standing: Sender) -> None:
        for values, label in (("tokens", "See it for {product.price}"), ("filled", f"See it for {PRICE}")):
            found = standing.fetch("cta", values=values).json()
            assert (found["copy"]["label"], found["values"]) == (label, values)

    def test_what_a_suppression_flag_stops_is_left_out_with_its_reason(self, build: Build) -> None:
        sender = build()
        stops = [
            {"flag": "quiet", "reason": "they asked for no offers", "stops": ["offer"], "owner": "Ada"},
            {"flag": "silent", "reason": "they complained", "stops": ["email"], "owner": "Ada"},
        ]
        segments = sender.root / "brand" / OURS / "segments.yaml"
        with segments.open("a", encoding="utf-8") as file:
            file.write(f"\nsuppressions: {json.dumps(stops)}\n")
        sender.publish()
        sender.change_brief("winback", flags=["quiet"])
        found = sender.fetch("offer").json()
        assert (found["outcome"], found["reason"], found["copy"]) == ("left_out", "block_suppressed", None)
        assert sender.fetch("cta").json()["outcome"] == "reused"
        sender.change_brief("winback", flags=["silent"])
        for kind in ("offer", "hero"):
            found = sender.fetch(kind).json()
            assert (found["outcome"], found["reason"]) == ("left_out", "email_suppressed")

    def test_a_feed_kind_comes_with_its_products(self, standing: Sender) -> None:
        found = standing.fetch("recommendations").json()
        assert found["products"] == [
            {"name": "Fell Sock", "price": "$18", "link": "https://fernhill.example/sock", "image": None}
        ]
        assert standing.fetch("cta").json()["products"] == []

    def test_products_that_only_the_platform_knows_leave_the_slot_out_and_say_so(self, build: Build) -> None:
        sender = build()
        brief = brief_of("winback", feed=None)
        listed = SlotRequest(kind="recommendations", products_from="left_behind")
        seen = sender.house.service.briefs.find(OURS, brief.id)
        assert seen is not None
        changed = brief.model_copy(update={"slots": (*brief.slots, listed)})
        sender.house.service.briefs.change(changed, seen=seen.revision, author="Cal", change="a list")
        found = sender.fetch("recommendations").json()
        assert (found["outcome"], found["reason"], found["copy"]) == ("left_out", "list_at_platform", None)
        assert (found["held"], found["products"]) == (False, [])
        assert found["trace"][-1]["detail"] == "products_from left_behind"
        assert sender.fetch("cta").json()["outcome"] == "reused"

    def test_without_a_brief_nothing_that_states_a_fact_answers(self, standing: Sender) -> None:
        found = standing.fetch("cta", brief=None).json()
        assert (found["reason"], found["source"]["id"]) == ("fact_missing", "cta_evergreen")

    def test_the_example_of_the_document_is_an_answer(self) -> None:
        named = {"copy_" if name == "copy" else name: value for name, value in EXAMPLE.items()}
        shown = ContentView.model_validate(named).model_dump(mode="json", by_alias=True)
        assert shown == EXAMPLE


class TestVariables:
    @pytest.mark.parametrize(
        ("values", "headline"),
        [
            ("tokens", "Hello {person.first_name}, come outside"),
            ("filled", "Hello {person.first_name}, come outside"),
            ("fallbacks", "Hello there, come outside"),
        ],
    )
    def test_the_sender_fills_them_or_takes_their_fallback(
        self, sender: Sender, values: str, headline: str
    ) -> None:
        copy = {**PRICED["hero"], "headline": "Hello {person.first_name}, come outside"}
        draft = approved_draft("hero", brief_of("welcome"), copy)
        draft.id, draft.approved_at = "greeting", NOW + dt.timedelta(hours=1)
        sender.house.service.drafts.add(draft)
        found = sender.fetch("hero", "welcome", values=values).json()
        assert found["copy"]["headline"] == headline
        assert found["variables"] == [{"name": "person.first_name", "fallback": "there"}]

    def test_recipient_data_never_comes_in(self, standing: Sender) -> None:
        answer = standing.machine.get(
            "/v1/content/hero?brand=fernhill&segment=hikers&journey=winback&locale=en-US&first_name=Al"
        )
        assert answer.status_code == 422
        assert "first_name" in answer.text


class TestLease:
    def test_it_ends_with_the_first_thing_that_it_rests_on(self, standing: Sender) -> None:
        ends = {
            kind: standing.fetch(kind, brief=brief).json()["valid_until"]
            for kind, brief in {
                "cta": "fernhill_winback",
                "recommendations": "fernhill_winback",
                "footer": None,
            }.items()
        }
        after_review = dt.datetime.combine(EVERGREEN_REVIEW_BY, dt.time(), dt.UTC) + dt.timedelta(days=1)
        assert {kind: dt.datetime.fromisoformat(end) for kind, end in ends.items()} == {
            "cta": PRICE_ENDS,
            "recommendations": FEED_ENDS,
            "footer": after_review,
        }

    def test_it_may_be_kept_for_a_while_and_never_longer_than_it_holds(self, sender: Sender) -> None:
        assert sender.fetch("cta").headers["cache-control"] == "private, max-age=30"
        sender.now = PRICE_ENDS - dt.timedelta(seconds=7)
        assert sender.fetch("cta").headers["cache-control"] == "private, max-age=7"
        sender.now = PRICE_ENDS
        found = sender.fetch("cta")
        assert found.json()["reason"] == "approved_block_used", "the last moment still counts"
        assert found.headers["cache-control"] == "private, max-age=0"

    def test_the_setting_says_for_how_long(self, build: Build) -> None:
        assert build(fetch_cache_seconds=0).fetch("cta").headers["cache-control"] == "private, max-age=0"

    def test_what_passes_by_itself_is_not_kept(self, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any) -> None:
            raise StorageError("cannot be reached")

        monkeypatch.setattr(SendingHeads, "read", refuse)
        assert sender.fetch("cta").headers["cache-control"] == "private, max-age=0"


class TestEtag:
    def test_what_the_sender_has_is_not_sent_again(self, standing: Sender) -> None:
        etag = standing.fetch("cta").headers["etag"]
        assert etag.startswith('"')
        for header in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = standing.fetch("cta", headers={"If-None-Match": header})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == etag
            assert answer.headers["cache-control"] == "private, max-age=30"
        assert standing.fetch("cta", headers={"If-None-Match": '"other"'}).status_code == 200

    def test_invariant_5_a_stock_tick_within_its_constraint_changes_nothing(self, sender: Sender) -> None:
        before = sender.fetch("cta").headers["etag"]
        sender.change_brief("winback", {"product.stock": {"value": "3"}})
        assert sender.fetch("cta", headers={"If-None-Match": before}).status_code == 304
        sender.change_brief("winback", {"product.stock": {"value": "0"}})
        after = sender.fetch("cta", headers={"If-None-Match": before})
        assert (after.status_code, after.json()["reason"]) == (200, "out_of_stock")
        sender.change_brief("winback", {"product.stock": {"value": "12"}})
        assert sender.fetch("cta").headers["etag"] == before

    def test_a_new_price_is_told_at_the_next_fetch(self, sender: Sender) -> None:
        before = sender.fetch("cta")
        sender.change_brief("winback", {"product.price": {"value": "99.00"}})
        after = sender.fetch("cta")
        assert (before.json()["copy"]["label"], after.json()["copy"]["label"]) == (
            "See it for $129",
            "See it for $99",
        )
        assert before.headers["etag"] != after.headers["etag"]

    def test_another_version_has_another_one(self, sender: Sender) -> None:
        before = sender.fetch("cta").headers["etag"]
        sender.edit("voice.yaml", lambda voice: {**voice, "summary": "Quiet."}, factories.VOICE)
        sender.publish()
        assert sender.fetch("cta").headers["etag"] != before


class TestCost:
    def test_content_that_did_not_change_takes_one_statement(self, sender: Sender) -> None:
        sender.fetch("cta")
        said = statements(sender, lambda: sender.fetch("cta"))
        assert [line.split()[0] for line in said if not line.startswith("BEGIN")] == ["SELECT"]

    def test_nothing_is_stored(self, standing: Sender) -> None:
        said = statements(standing, lambda: standing.fetch("footer"))
        assert {line.split()[0] for line in said} <= {"SELECT", "BEGIN"}

    def test_it_is_counted_against_its_own_limit(self, build: Build) -> None:
        sender = build(requests_per_minute=1, requests_burst=1, fetches_per_minute=1, fetches_burst=3)
        assert [sender.fetch("cta").status_code for _ in range(4)] == [200, 200, 200, 429]
        assert sender.machine.get("/v1/brands").status_code == 200


class TestRollback:
    def test_it_counts_from_the_next_fetch_on(self, sender: Sender) -> None:
        """Nothing polls in this process: the fetch itself sees that the pointer has moved."""
        first = sender.fetch("cta").json()["version"]
        sender.edit("voice.yaml", lambda voice: {**voice, "summary": "Quiet."}, factories.VOICE)
        second = sender.publish()
        assert sender.fetch("cta").json()["version"] == second
        sender.content.move(first, by="Ada", why="back", expected=second)
        contents = sender.house.service.contents
        assert contents.behind(first)
        assert sender.fetch("cta", deadline_ms="1000").json()["version"] == first

    def test_while_a_version_loads_the_evergreen_block_answers(
        self, sender: Sender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sender.fetch("cta")
        contents = sender.house.service.contents
        monkeypatch.setattr(contents, "refresh", lambda: None)
        sender.edit("voice.yaml", lambda voice: {**voice, "summary": "Quiet."}, factories.VOICE)
        sender.publish()
        found = sender.fetch("cta", deadline_ms="200").json()
        assert (found["reason"], found["source"]["id"]) == ("deadline_reached", "cta_evergreen")


class TestDatabaseAway:
    @pytest.fixture
    def away(self, sender: Sender, monkeypatch: pytest.MonkeyPatch) -> Sender:
        sender.fetch("cta")

        def refuse(*_: Any, **__: Any) -> None:
            raise StorageError("cannot be reached")

        monkeypatch.setattr(SendingHeads, "read", refuse)
        monkeypatch.setattr(sender.house.people, "find_key", refuse)
        monkeypatch.setattr(sender.house.service.briefs, "find", refuse)
        monkeypatch.setattr(sender.house.store, "last_approved", refuse)
        return sender

    def test_what_was_valid_goes_on_until_its_lease_ends(self, away: Sender) -> None:
        found = away.fetch("cta").json()
        assert (found["reason"], found["copy"]) == ("database_away", {"label": f"See it for {PRICE}"})
        assert found["trace"][0]["step"] == "serving"
        away.now = PRICE_ENDS + dt.timedelta(seconds=1)
        found = away.fetch("cta").json()
        assert (found["reason"], found["source"]["id"]) == ("database_away", "cta_evergreen")

    def test_it_goes_on_for_as_long_as_the_settings_say(
        self, build: Build, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sender = build(fetch_away_seconds=0)
        sender.fetch("cta")

        def refuse(*_: Any) -> None:
            raise StorageError("cannot be reached")

        monkeypatch.setattr(SendingHeads, "read", refuse)
        assert sender.fetch("cta").json()["source"]["id"] == "cta_evergreen"

    def test_once_it_is_back_the_answer_is_the_usual_one(
        self, sender: Sender, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        usual = sender.fetch("cta").headers["etag"]

        def refuse(*_: Any) -> None:
            raise StorageError("cannot be reached")

        with monkeypatch.context() as patch:
            patch.setattr(SendingHeads, "read", refuse)
            patch.setattr("app.api.sending_heads.AWAY_SECONDS", 0.0)
            assert sender.fetch("cta").headers["etag"] != usual
        assert sender.fetch("cta").headers["etag"] == usual


class TestLastResort:
    def test_an_overdue_evergreen_block_is_better_than_a_hole(self, sender: Sender) -> None:
        sender.now = dt.datetime.combine(EVERGREEN_REVIEW_BY, dt.time(), dt.UTC) + dt.timedelta(days=2)
        found = sender.fetch("hero", brief=None).json()
        assert (found["source"]["id"], found["held"]) == ("hero_evergreen", False)
        assert found["reason"] in ("review_overdue", "fact_missing")
        assert "had to be reviewed by" in found["trace"][-1]["detail"]

    def test_where_the_rules_refuse_even_that_the_email_is_held(self, sender: Sender) -> None:
        """Untrue or forbidden copy is worse than no email."""
        words = [{"word": word, "why": "house rule"} for word in ("outside", "kit", "boots")]
        sender.edit("voice.yaml", lambda voice: {**voice, "avoid": words}, factories.VOICE)
        sender.publish()
        found = sender.fetch("hero", brief=None).json()
        assert (found["outcome"], found["copy"], found["held"]) == ("left_out", None, True)
        assert found["reason"] in ("fact_missing", "rules_refuse")


class TestReadiness:
    def test_it_says_why_the_last_valid_version_serves(self, sender: Sender) -> None:
        sender.edit("voice.yaml", lambda voice: {**voice, "tone": []}, factories.VOICE)
        version = sender.publish()
        assert sender.fetch("cta").json()["reason"] == "last_known_good"
        (brand, *_) = sender.house.ola.get("/readyz").json()["brands"]
        assert (brand["serves"], brand["current"]) == (True, False)
        assert "voice.yaml" in brand["faults"][0]["message"]
        assert sender.house.ola.get("/readyz").json()["content"]["version"] == version


class TestRequests:
    def test_a_key_that_may_only_read_suffices(self, standing: Sender) -> None:
        for scope, status in ((Scope.READ, 200), (Scope.CHECK, 403)):
            who = standing.house.with_key("pia", scope)
            query = {"brand": OURS, "segment": "hikers", "journey": "winback", "locale": "en-US"}
            assert who.get("/v1/content/cta", params=query).status_code == status, email_of("pia")

    @pytest.mark.parametrize(
        ("given", "status", "words"),
        [
            ({"brief": "nothere"}, 404, "there is no brief 'nothere'"),
            ({"brief": "fernhill_welcome"}, 422, "is for the journey welcome"),
            ({"journey": "farewell", "brief": None}, 422, "journey"),
            ({"locale": "english"}, 422, "locale"),
            ({"market": "usa"}, 422, "market"),
            ({"deadline_ms": "0"}, 422, "deadline_ms"),
            ({"deadline_ms": "10001"}, 422, "deadline_ms"),
            ({"values": "raw"}, 422, "values"),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, standing: Sender, given: dict[str, Any], status: int, words: str
    ) -> None:
        answer = standing.fetch("cta", **{"journey": "winback", **given})
        assert answer.status_code == status
        assert words in answer.text

    def test_an_unknown_kind_names_the_nearest_one(self, standing: Sender) -> None:
        answer = standing.fetch("heros")
        assert (answer.status_code, "did you mean 'hero'?" in answer.text) == (404, True)

    def test_an_alias_of_a_segment_is_the_segment(self, standing: Sender) -> None:
        first, second = standing.fetch("cta"), standing.fetch("cta", segment="hikers")
        assert first.headers["etag"] == second.headers["etag"]
        assert second.json()["segment"] == "weekend_hikers"

    def test_head_answers_without_a_body(self, standing: Sender) -> None:
        query = {"brand": OURS, "segment": "hikers", "journey": "winback", "locale": "en-US"}
        answer = standing.machine.request("HEAD", "/v1/content/cta", params=query)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["etag"]

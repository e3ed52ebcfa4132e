"""A brief in one call: decisions and drafts out, at once or as a stream, always within its time."""

import copy
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.brand.roles import Scope
from app.db.store import DraftFilter
from app.llm.scripted import ScriptedModel
from tests.api.house import OURS, THEIRS, House, email_of, open_house, write_content
from tests.generation.desk import BRIEF, LINES, answering, variants
from tests.release.content import SEGMENT, dump

Build = Callable[..., House]


def brief(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BRIEF), "brand": OURS, **changes}


def events(text: str) -> list[tuple[str, Any]]:
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        found.append((lines["event"], json.loads(lines["data"])))
    return found


def outcomes(answer: Any) -> dict[str, tuple[str, str]]:
    return {slot["kind"]: (slot["outcome"], slot["reason"]) for slot in answer["slots"]}


@pytest.fixture
def own(build: Build) -> House:
    """A house that no other test writes to."""
    return build()


def test_every_slot_is_answered_and_every_draft_is_stored(own: House) -> None:
    response = own.cal.post("/v1/variants", json=brief())
    assert response.status_code == 200, response.text
    answer = response.json()
    assert outcomes(answer) == {
        "subject": ("generated", "passed"),
        "hero": ("generated", "passed"),
        "cta": ("generated", "passed"),
        "footer": ("reused", "approved_only"),
    }
    assert answer["brief"] == {"brand": OURS, "id": "fernhill_hello", "revision": 1}
    stored = {draft.id: draft for draft in own.store.drafts(DraftFilter(brand=OURS))}
    shown = [variant for slot in answer["slots"] for variant in slot["variants"]]
    assert {variant["draft_id"]: variant["copy_fields"] for variant in shown} == {
        draft.id: draft.copy_fields for draft in stored.values()
    }
    assert {draft.requested_by for draft in stored.values()} == {email_of("cal")}
    assert answer["totals"]["outcomes"] == {"generated": 3, "reused": 1}
    subject = answer["slots"][0]
    assert subject["sentence"]
    assert subject["variants"][0]["confidence"]["parts"]


def test_what_a_suppression_flag_stops_is_answered_with_the_flag(tmp_path: Path) -> None:
    content = tmp_path / "content"
    write_content(content)
    (content / "brand" / OURS / "platforms" / "own.yaml").unlink()  # names a segment that is gone then
    flag = {"flag": "no_marketing", "reason": "they asked us", "stops": ["email"], "owner": "Ada Brand"}
    quiet = {**SEGMENT, "id": "campers", "aliases": [], "flags": ["no_marketing"]}
    dump(
        content / "brand" / OURS / "segments.yaml",
        {"suppressions": [flag], "segments": [SEGMENT, quiet]},
    )
    words = "flag no_marketing: they asked us (answered for by Ada Brand)"
    (tmp_path / "house").mkdir()
    with open_house(tmp_path / "house", content=content) as house:
        answer = house.cal.post("/v1/variants", json=brief(segments=["campers", "hikers"])).json()
        hero = next(s for s in answer["slots"] if (s["segment"], s["kind"]) == ("campers", "hero"))
        assert (hero["outcome"], hero["reason"], hero["who_acts"]) == (
            "left_out",
            "email_suppressed",
            "brand owner",
        )
        assert (hero["suppressed"], hero["trace"][0]["detail"]) == (words, words)
        assert f"en-US campers: no email is made. F{words[1:]}" in answer["warnings"]
        assert {s["outcome"] for s in answer["slots"] if s["segment"] == "weekend_hikers"} == {
            "generated",
            "reused",
        }
        status = house.cal.get("/v1/briefs/fernhill_hello/status").json()
        assert [email["stopped"] for email in status["emails"]] == [words, ""]
        assert status["emails_stopped"] == 1


def test_the_same_brief_again_asks_no_model(own: House) -> None:
    first = own.cal.post("/v1/variants", json=brief()).json()
    model = own.service.generation.models[0]
    assert isinstance(model, ScriptedModel)
    asked = len(model.requests)
    second = own.cal.post("/v1/variants", json=brief()).json()
    assert len(model.requests) == asked
    assert all(slot["stored"] for slot in second["slots"])
    assert [slot["variants"] for slot in first["slots"]] == [slot["variants"] for slot in second["slots"]]


def test_a_refused_line_comes_with_its_reason_and_what_would_pass(build: Build) -> None:
    bad = {"label": "Unleash your walk"}
    house = build(ScriptedModel(answering({**LINES, "cta": [bad, *LINES["cta"]]})))
    slots = [{"kind": "cta", "link": "home"}]
    answer = house.cal.post("/v1/variants", json=brief(slots=slots)).json()
    refused = answer["slots"][0]["refused"]
    assert refused[0]["copy_fields"] == bad
    assert refused[0]["reason"] == "guardrail_refused"
    assert refused[0]["findings"][0]["rule"] == "voice"
    assert "use" in refused[0]["findings"][0]["suggestion"]


def test_as_a_stream_each_slot_comes_as_it_is_decided(own: House) -> None:
    response = own.cal.post("/v1/variants", json=brief(), headers={"Accept": "text/event-stream"})
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    assert found[0] == ("progress", {"done": 0, "total": 4})
    assert [name for name, _ in found[1:-1]] == ["slot", "progress"] * 4
    name, answer = found[-1]
    assert name == "answer"
    by_kind = {slot["kind"]: slot for event, slot in found if event == "slot"}
    assert by_kind == {slot["kind"]: slot for slot in answer["slots"]}


def test_at_the_deadline_the_answer_is_safe(build: Build) -> None:
    house = build(ScriptedModel(answering(), seconds=60))
    started = time.monotonic()
    answer = house.cal.post("/v1/variants?seconds=0.2", json=brief()).json()
    assert time.monotonic() - started < 30
    assert outcomes(answer)["subject"] == ("fell_back", "deadline_reached")
    assert all(slot["variants"] for slot in answer["slots"])
    assert "time was over" in answer["slots"][0]["sentence"]


def test_the_operator_sets_the_longest_time(build: Build) -> None:
    house = build(ScriptedModel(answering(), seconds=60), request_seconds=0.2)
    answer = house.cal.post("/v1/variants?seconds=300", json=brief()).json()
    assert outcomes(answer)["hero"] == ("fell_back", "deadline_reached")


def test_a_process_that_is_told_to_end_answers_what_is_in_flight(build: Build) -> None:
    house = build(ScriptedModel(answering(), seconds=60), shutdown_seconds=3)

    portal = house.client.portal
    assert portal is not None
    threading.Timer(0.5, portal.call, [house.service.draining.begin]).start()
    answer = house.cal.post("/v1/variants", json=brief()).json()
    assert outcomes(answer)["subject"] == ("fell_back", "shutting_down")


def test_a_model_that_is_away_is_no_error(build: Build) -> None:
    from app.errors import ModelUnavailable

    house = build(ScriptedModel(lambda request: ModelUnavailable("nobody is there")))
    response = house.cal.post("/v1/variants", json=brief())
    assert response.status_code == 200
    assert outcomes(response.json())["subject"] == ("fell_back", "model_unavailable")


def test_a_brief_that_is_wrong_is_refused_with_every_problem_and_nothing_is_stored(own: House) -> None:
    wrong = brief(segments=["weekend_hiker"], kpi="clickz")
    response = own.cal.post("/v1/variants", json=wrong)
    assert response.status_code == 422
    problems = {error["pointer"]: error for error in response.json()["errors"]}
    assert set(problems) == {"/segments/0", "/kpi"}
    assert "weekend_hikers" in problems["/segments/0"]["expected"]
    assert own.service.briefs.find(OURS, wrong["id"]) is None
    assert own.store.drafts() == []


def test_a_brief_that_asks_for_too_much_is_refused(build: Build) -> None:
    house = build(request_variants=5)
    response = house.cal.post("/v1/variants", json=brief())
    assert response.status_code == 422
    assert "7 variants" in response.json()["detail"]


def test_who_may_ask(own: House) -> None:
    slots = [{"kind": "footer", "variants": 1}]
    for name, status in {"cal": 200, "pia": 200, "ada": 200, "rae": 403, "ola": 403, "otto": 404}.items():
        answer = getattr(own, name).post("/v1/variants", json=brief(slots=slots))
        assert answer.status_code == status, name
    assert own.cal.post("/v1/variants", json=brief(brand=THEIRS)).status_code == 404
    assert own.nobody.post("/v1/variants", json=brief()).status_code == 401
    reader = own.with_key("cal", Scope.READ, Scope.WRITE)
    assert reader.post("/v1/variants", json=brief()).status_code == 403


def test_requests_that_ask_a_model_have_their_own_limit(build: Build) -> None:
    house = build(model_requests_per_minute=60, model_requests_burst=1)
    slots = [{"kind": "footer", "variants": 1}]
    assert house.cal.post("/v1/variants", json=brief(slots=slots)).status_code == 200
    limited = house.cal.post("/v1/variants", json=brief(slots=slots))
    assert limited.status_code == 429
    assert int(limited.headers["Retry-After"]) >= 1
    assert house.cal.get("/v1/brands").status_code == 200
    assert house.pia.post("/v1/variants", json=brief(slots=slots)).status_code == 200


def test_transient_fallbacks_are_asked_again_on_wish(build: Build) -> None:
    from app.errors import ModelTimeout

    answers: Iterator[Any] = iter([ModelTimeout("too slow"), variants(LINES["cta"][0])])
    house = build(ScriptedModel(lambda request: next(answers)))
    asked = brief(slots=[{"kind": "cta", "link": "home", "variants": 1}])
    first = house.cal.post("/v1/variants", json=asked).json()
    assert outcomes(first) == {"cta": ("fell_back", "model_timeout")}
    assert outcomes(house.cal.post("/v1/variants", json=asked).json()) == outcomes(first)
    again = house.cal.post("/v1/variants?retry=transient", json=asked).json()
    assert outcomes(again) == {"cta": ("generated", "passed")}


def test_who_may_not_change_a_brief_does_not_change_it_by_asking_for_variants(build: Build) -> None:
    house = build()
    house.cal.post("/v1/variants", json=brief())
    same = house.pia.post("/v1/variants", json=brief())
    assert (same.status_code, same.json()["brief"]["revision"]) == (200, 1)
    other = house.pia.post("/v1/variants", json=brief(notes="Be brief."))
    assert (other.status_code, other.json()["type"]) == (403, "/problems/not-permitted")
    assert house.cal.get("/v1/briefs/fernhill_hello").json()["revision"] == 1
    own = house.pia.post("/v1/variants", json=brief(id="of_the_plugin"))
    assert own.status_code == 200

"""A model that judges copy, over HTTP: where it is set up it is asked, and only about what the rules pass."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.api.app import create_api
from app.db.judgements import KeptJudgements
from app.generation.judging import JudgeModel
from app.generation.service import Generation
from app.llm.scripted import ScriptedModel, judging
from app.settings import content_root
from tests.api.house import OURS, House, add_people, make_service, write_content
from tests.generation.desk import BRIEF, answering

CONTROLS = (content_root() / "prompts" / "judge" / "controls.jinja").read_text("utf-8").splitlines()
SCRIPT = judging({**dict.fromkeys(CONTROLS, "health_claim"), "wet walk": "green_claim"})
GOOD, PARAPHRASE, REFUSED = "A dry coat.", "A dry coat for a wet walk.", "It cures colds."


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[tuple[House, ScriptedModel]]:
    """A house whose service has a model that judges."""
    write_content(tmp_path)
    service = make_service(tmp_path)
    model = ScriptedModel(SCRIPT, name="judge")
    judge = JudgeModel(model, KeptJudgements(service.store.engine), seconds=5)
    writer = ScriptedModel(answering())
    generation = Generation((writer,), service.store, samples=4, engine="0.1.0", judge=judge)
    service = dataclasses.replace(service, generation=generation)
    keys = add_people(service.people)
    with TestClient(create_api(service), raise_server_exceptions=False) as client:
        yield House(tmp_path, service, client, keys), model
    service.store.close()


def test_checks_ask_once_about_what_the_rules_pass(judged: tuple[House, ScriptedModel]) -> None:
    house, model = judged
    items = [{"id": text, "text": text, "facts": {}} for text in (GOOD, PARAPHRASE, REFUSED)]
    body = {"brand": OURS, "as_of": "2026-11-20T09:00:00Z", "items": items}
    first = house.cal.post("/v1/checks", json=body).json()["items"]
    assert [item["verdict"] for item in first] == ["pass", "fail", "fail"]
    (finding,) = first[1]["findings"]
    assert (finding["rule"], finding["category"]) == ("model_judge", "green_claim")
    assert PARAPHRASE[finding["start"] : finding["end"]] == "wet walk"
    assert len(model.requests) == 2
    assert house.cal.post("/v1/checks", json=body).json()["items"] == first
    assert len(model.requests) == 2


def test_the_guardrails_name_it_only_where_it_is_set_up(judged: tuple[House, ScriptedModel]) -> None:
    house, _ = judged
    service = dataclasses.replace(
        house.service, generation=Generation((), house.service.store, samples=1, engine="0.1.0")
    )
    with TestClient(create_api(service), raise_server_exceptions=False) as plain:
        without = House(house.root, service, plain, house.keys)
        answers = [
            item.cal.get("/v1/guardrails", params={"brand": OURS}).json()["guardrails"]
            for item in (house, without)
        ]
    on, off = ([item["id"] for item in answer] for answer in answers)
    assert on == [*off, "model_judge"]
    assert len(off) > 10


def test_variants_and_edits_are_judged(judged: tuple[House, ScriptedModel]) -> None:
    house, model = judged
    answer = house.cal.post("/v1/variants", json=BRIEF).json()
    drafts = [
        item["draft_id"] for slot in answer["slots"] if slot["kind"] == "hero" for item in slot["variants"]
    ]
    assert drafts
    asked = len(model.requests)
    assert asked
    seen = house.cal.get(f"/v1/drafts/{drafts[0]}")
    words = {"copy_fields": {"headline": "Ready for a wet walk"}}
    headers = {"If-Match": seen.headers["ETag"]}
    edited = house.cal.patch(f"/v1/drafts/{drafts[0]}", json=words, headers=headers)
    assert edited.status_code == 200, edited.text
    assert "model_judge" in edited.text
    assert edited.json()["draft"]["verdict"] == "fail"
    assert len(model.requests) == asked + 1  # the body is known
    told = house.cal.get(f"/v1/drafts/{drafts[0]}/receipt").json()
    (line,) = [line for line in told["lines"] if "the model judge " in line]
    assert line.endswith(": 1 clean, 1 problem (one answer a text)")
    (prompt,) = [item for item in told["hashes"] if item["what"] == "judge"]
    assert (prompt["state"], prompt["files"], prompt["files_lost"]) == ("kept", 3, 0)
    assert f"with the prompt {prompt['hash'][:12]}" in line

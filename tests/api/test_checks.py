"""Copy from anywhere, judged over HTTP as the command judges it."""

import json
from typing import Any

import pytest

from app.brand.roles import Scope
from tests.api.house import OURS, THEIRS, House

AS_OF = "2026-11-20T09:00:00Z"


def check(house: House, *items: dict[str, Any], **body: Any) -> Any:
    given = {"brand": OURS, "as_of": AS_OF, "items": list(items), **body}
    return house.cal.post("/v1/checks", json=given)


def test_each_item_gets_its_verdict_in_order(house: House) -> None:
    answer = check(
        house,
        {"id": "good", "text": "A dry coat for a wet walk.", "facts": {}},
        {"id": "bad", "text": "It cures colds.", "facts": {}},
    ).json()
    assert not answer["all_pass"]
    assert [(item["id"], item["verdict"]) for item in answer["items"]] == [("good", "pass"), ("bad", "fail")]
    finding = next(item for item in answer["items"][1]["findings"] if item["rule"] == "cures")
    assert "It cures colds."[finding["start"] : finding["end"]] == "cures"
    assert finding["category"] == "health_claim"
    assert finding["suggestion"]


def test_without_facts_grounding_is_unchecked(house: House) -> None:
    text = "Only $49 until Sunday."
    silent, empty = check(house, {"text": text}, {"text": text, "facts": {}}).json()["items"]
    assert "grounding" in silent["unchecked"]
    assert empty["verdict"] == "fail"
    assert "grounding" not in empty["unchecked"]


def test_the_answer_is_that_of_the_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.testing import CliRunner

    from app.cli import main

    monkeypatch.setenv("COPYDESK_CONTENT", str(house.root))
    lines: list[dict[str, Any]] = [
        {"id": "a", "text": "Unleash your inner hiker", "field": "subject"},
        {"id": "b", "text": "Half price: $20 instead of $40", "facts": {"price": 20, "was_price": 40}},
        {"id": "c", "text": "Hello {{ first_name }}", "facts": {"allowed_vars": ["first_name"]}},
        {"id": "d", "text": "x", "facts": {"prise": 1}},
    ]
    given = "\n".join(json.dumps(line) for line in lines)
    shown = CliRunner().invoke(main, ["check", "--brand", OURS, "--as-of", AS_OF, "-"], input=given)
    command = [json.loads(line) for line in shown.output.splitlines()]
    assert check(house, *lines).json()["items"] == command


def test_without_a_brand_the_packs_alone_judge(house: House) -> None:
    answer = check(house, {"text": "A dry coat for a wet walk."}, brand=None)
    assert answer.status_code == 200


def test_who_may_check(house: House) -> None:
    body = {"brand": OURS, "items": [{"text": "Hello"}]}
    assert house.pia.post("/v1/checks", json=body).status_code == 200
    assert house.ola.post("/v1/checks", json=body).status_code == 403
    assert house.otto.post("/v1/checks", json=body).status_code == 404
    assert house.cal.post("/v1/checks", json={**body, "brand": THEIRS}).status_code == 404
    assert house.nobody.post("/v1/checks", json=body).status_code == 401
    assert house.with_key("cal", Scope.READ).post("/v1/checks", json=body).status_code == 403


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ({"text": "x", "feild": "body"}, "/items/0/feild"),
        ({"text": 3}, "/items/0/text"),
        ({"text": "x", "field": "footer"}, "/items/0/field"),
        ({"text": "x", "locale": "english"}, "/items/0/locale"),
        ({"text": "x" * 50_001}, "/items/0/text"),
    ],
)
def test_an_item_that_does_not_fit_is_named(house: House, item: dict[str, Any], pointer: str) -> None:
    answer = check(house, item)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


def test_too_many_items_are_refused(house: House) -> None:
    assert check(house, *[{"text": "x"}] * 501).status_code == 422
    assert check(house).status_code == 422

"""POST /v1/emails with a list of products that the sending platform keeps: full, with one item, and empty."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests import factories
from tests.api.house import OURS, House, open_house, write_content
from tests.copywriting.listing import LEFT, SHOWN
from tests.generation.desk import BRIEF
from tests.release.content import COPY, Content, evergreens, item

PLACE = {"brief": "fernhill_hello", "locale": "en-US", "segment": "weekend_hikers"}
HEADING = "Picked for your days outside"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house whose brand has a list, with a brief that shows it."""
    root = tmp_path_factory.mktemp("content")
    write_content(root)
    contract = copy.deepcopy(factories.CONTRACT)
    contract["tiers"] = {"kinds": dict.fromkeys(COPY, "low")}
    contract["confidence"] = dict.fromkeys(contract["confidence"], 0.0)
    blocks = {**evergreens(), "recommendations/evergreen": [item("picks_evergreen", "recommendations")]}
    lists = {"variables": list(factories.VARIABLES), "lists": [LEFT]}
    files = {"contract.yaml": contract, "variables.yaml": lists}
    Content(root, OURS, blocks=blocks, files=files).write()
    with open_house(tmp_path_factory.mktemp("house"), content=root) as opened:
        brief = {**copy.deepcopy(BRIEF), "brand": OURS}
        brief["slots"] = [*brief["slots"], SHOWN]
        assert opened.cal.post("/v1/variants", json=brief).status_code == 200
        yield opened


def shown(house: House, **items: str) -> dict[str, Any]:
    answer = house.rae.post("/v1/emails", json={**PLACE, **items})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_preview_shows_as_many_samples_as_are_asked_for(house: House) -> None:
    full, one, none = shown(house), shown(house, items="one"), shown(house, items="none")
    assert shown(house, items="full") == full
    assert [email["text"].count("\n* ") for email in (full, one, none)] == [2, 1, 0]
    assert [HEADING in email["html"] for email in (full, one, none)] == [True, True, False]
    assert (full["images"], none["images"]) == (["logo.png"], [])
    assert [slot["block"] for slot in none["slots"]][-1] == "picks_evergreen"
    assert not [
        finding for email in (full, one, none) for finding in email["qa"] if finding["severity"] == "error"
    ]


def test_another_number_of_items_is_refused(house: House) -> None:
    answer = house.rae.post("/v1/emails", json={**PLACE, "items": "two"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/items"

"""Proposals over HTTP: a finding is called wrong, kept once, and decided by a brand owner."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.house import OURS, House, open_house
from tests.generation.desk import BRIEF

PATH = f"/v1/brands/{OURS}/proposals"
LOUD = {"label": "COME BACK OUTSIDE NOW"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("proposals")) as found:
        assert found.cal.post("/v1/variants", json={**BRIEF, "brand": OURS}).status_code == 200
        yield found


def draft(house: House) -> dict[str, Any]:
    place = {"brand": OURS, "brief": BRIEF["id"], "locale": "en-US", "segment": "weekend_hikers"}
    answer = house.cal.post("/v1/drafts", json={**place, "kind": "cta", "copy_fields": LOUD})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["draft"]
    return found


def test_a_wrong_finding_is_kept_once_and_decided(house: House) -> None:
    given = draft(house)
    body = {"revision": given["revision"], "field": "label", "rule": "voice", "why": "It names our walk."}
    path = f"/v1/drafts/{given['id']}/wrong-finding"
    made, again = (house.rae.post(path, json=body) for _ in range(2))
    assert (made.status_code, again.json()) == (201, made.json())
    proposal = made.json()
    assert (proposal["by"], proposal["draft"], proposal["state"]) == ("rae@example.com", given["id"], "open")
    assert "It names our walk." in proposal["lines"]
    assert house.cal.get(PATH).json()["items"] == [proposal]

    decide = f"{PATH}/{proposal['key']}"
    assert house.rae.post(decide, json={"decision": "accepted"}).status_code == 403
    (problem,) = house.ada.post(decide, json={"decision": "declined"}).json()["errors"]
    assert problem["field"] == "reason"
    declined = house.ada.post(decide, json={"decision": "declined", "reason": "Shouting it is."}).json()
    assert (declined["state"], declined["decided_by"]) == ("declined", "ada@example.com")
    assert house.ada.post(decide, json={"decision": "accepted"}).status_code == 409
    assert house.cal.get(PATH).json()["items"] == []
    assert house.cal.get(f"{PATH}?state=declined").json()["items"] == [declined]
    assert house.ada.post(f"{PATH}/{'0' * 64}", json={"decision": "accepted"}).status_code == 404


def test_only_findings_of_the_copy_as_it_was_read(house: House) -> None:
    given = draft(house)
    body = {"revision": given["revision"], "field": "label", "rule": "voice", "why": "It is a name."}
    path = f"/v1/drafts/{given['id']}/wrong-finding"
    assert house.rae.post(path, json={**body, "revision": 7}).status_code == 412
    assert house.rae.post(path, json={**body, "rule": "health"}).status_code == 409
    assert house.rae.post(path, json={**body, "start": 3}).status_code == 409
    assert house.rae.post(path, json={**body, "why": " "}).status_code == 422
    assert house.otto.post(path, json=body).status_code == 404


def test_pages(house: House) -> None:
    for bad in ("x", "WyJ4Il0"):
        answer = house.cal.get(f"{PATH}?cursor={bad}")
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (422, "is no cursor")

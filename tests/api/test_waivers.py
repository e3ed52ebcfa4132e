"""Waivers over HTTP: given, listed page by page, revoked; the finding says who let it pass."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.yaml12 import read
from tests.api.house import OURS, House, Somebody, open_house, write_content
from tests.generation.desk import BRIEF
from tests.release.content import dump

LOUD = {"label": "COME BACK OUTSIDE NOW"}
SOON = (dt.datetime.now(dt.UTC) + dt.timedelta(days=30)).isoformat()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Our contract lets legal waive."""
    content = tmp_path_factory.mktemp("content")
    write_content(content)
    path = content / "brand" / OURS / "contract.yaml"
    dump(path, {**read(path).data, "review": {"may_waive": ["legal"]}})
    with open_house(tmp_path_factory.mktemp("waivers"), content=content) as found:
        assert found.cal.post("/v1/variants", json={**BRIEF, "brand": OURS}).status_code == 200
        yield found


@pytest.fixture
def draft(house: House) -> Iterator[dict[str, Any]]:
    """A draft with words that one rule refuses, and that nobody waived before."""
    place = {"brand": OURS, "brief": BRIEF["id"], "locale": "en-US", "segment": "weekend_hikers"}
    answer = house.cal.post("/v1/drafts", json={**place, "kind": "cta", "copy_fields": LOUD})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["draft"]
    yield found
    for item in house.lea.get("/v1/waivers").json()["items"]:
        if item["holds"]:
            house.lea.request("DELETE", f"/v1/waivers/{item['id']}")


def give(who: Somebody, given: dict[str, Any], /, **changes: Any) -> Any:
    body = {"draft": given["id"], "revision": given["revision"], "field": "label", "rule": "voice"}
    body |= {"reason": "the name of the campaign", "until": SOON}
    return who.post("/v1/waivers", json={**body, **changes})


def test_given_shown_and_revoked(house: House, draft: dict[str, Any]) -> None:
    assert draft["verdict"] == "fail"
    answer = give(house.lea, draft)
    assert answer.status_code == 201, answer.text
    waiver = answer.json()
    assert (waiver["by"], waiver["role"], waiver["market"], waiver["holds"]) == (
        "lea@example.com",
        "legal",
        "US",
        True,
    )
    shown = house.cal.get(f"/v1/drafts/{draft['id']}").json()
    assert shown["verdict"] == "pass"
    (marked,) = [item for item in shown["findings"] if item.get("waived")]
    assert marked["severity"] == "block"
    assert marked["waived"]["waiver"] == waiver["id"]
    assert [item["id"] for item in shown["receipt"]["waivers"]] == [waiver["id"]]
    ended = house.lea.request("DELETE", f"/v1/waivers/{waiver['id']}")
    assert ended.status_code == 200
    assert ended.json()["revoked_by"] == "lea@example.com"
    assert ended.json()["holds"] is False
    assert house.cal.get(f"/v1/drafts/{draft['id']}").json()["verdict"] == "fail"
    assert house.lea.request("DELETE", f"/v1/waivers/{waiver['id']}").status_code == 409


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("cal", {}, 403),
        ("ada", {}, 403),
        ("otto", {}, 404),
        ("lea", {"revision": 7}, 412),
        ("lea", {"rule": "nothing"}, 422),
        ("lea", {"until": "2026-11-27T00:00:00Z"}, 422),
        ("lea", {"until": "2027-01-01T00:00:00"}, 422),
        ("lea", {"reason": ""}, 422),
        ("lea", {"reason": "x" * 5001}, 422),
        ("lea", {"start": -1}, 422),
        ("lea", {"draft": "0" * 32}, 404),
    ],
)
def test_what_is_refused(
    house: House, draft: dict[str, Any], name: str, changes: dict[str, Any], status: int
) -> None:
    answer = give(getattr(house, name), draft, **changes)
    assert answer.status_code == status, answer.text
    assert house.cal.get(f"/v1/drafts/{draft['id']}").json()["verdict"] == "fail"


def test_listed_page_by_page(house: House, draft: dict[str, Any]) -> None:
    made = [give(house.lea, draft).json()["id"]]
    again = house.cal.get(f"/v1/drafts/{draft['id']}").json()
    house.lea.request("DELETE", f"/v1/waivers/{made[0]}")
    again = house.cal.get(f"/v1/drafts/{draft['id']}").json()
    made.append(give(house.lea, again).json()["id"])
    path = f"/v1/waivers?draft={draft['id']}&limit=1"
    first = house.rae.get(path).json()
    second = house.rae.get(f"{path}&cursor={first['next']}").json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == made[::-1]
    assert second["next"] is None
    assert house.otto.get(path).json()["items"] == []


def test_the_same_request_twice_gives_one_waiver(house: House, draft: dict[str, Any]) -> None:
    body = {"draft": draft["id"], "revision": draft["revision"], "field": "label", "rule": "voice"}
    body |= {"reason": "a name", "until": SOON}
    key = {"Idempotency-Key": draft["id"]}
    first, second = (house.lea.post("/v1/waivers", json=body, headers=key) for _ in range(2))
    assert first.status_code == 201, first.text
    assert first.json() == second.json()
    assert len(house.lea.get(f"/v1/waivers?draft={draft['id']}").json()["items"]) == 1

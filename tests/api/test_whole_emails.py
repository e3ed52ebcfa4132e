"""Whole emails over HTTP: listed, submitted, approved by two people, sent back and withdrawn."""

import copy
import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from app.yaml12 import read
from tests.api.house import OURS, House, Somebody, open_house, write_content
from tests.generation.desk import BRIEF
from tests.release.content import dump

PATH = f"/v1/briefs/{BRIEF['id']}/emails"
SEND = (dt.datetime.now(dt.UTC) + dt.timedelta(days=20)).isoformat()
PLACE = {"locale": "en-US", "segment": "weekend_hikers"}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Every tier asks for brand reviewer and legal on the whole; the brief is sent in three weeks."""
    content = tmp_path_factory.mktemp("content")
    write_content(content)
    path = content / "brand" / OURS / "contract.yaml"
    terms = {"tiers": {"low": {"whole_email": True, "people": 2}}}
    contract = {**read(path).data, "review": terms}
    contract["approvers"]["low"] = ["brand reviewer", "legal"]
    dump(path, contract)
    with open_house(tmp_path_factory.mktemp("emails"), content=content) as found:
        brief = copy.deepcopy(BRIEF) | {"brand": OURS}
        brief["targets"][0]["window"]["send_at"] = SEND
        answer = found.cal.post("/v1/briefs", json=brief)
        assert answer.status_code == 201, answer.text
        for kind in ("subject", "hero", "cta", "footer"):
            choose(found, kind)
        yield found


def choose(house: House, kind: str) -> None:
    arms = [{"block": f"{kind}_evergreen"}]
    answer = house.cal.post(f"/v1/briefs/{BRIEF['id']}/choices", json={**PLACE, "kind": kind, "arms": arms})
    assert answer.status_code == 201, answer.text


def one(house: House) -> dict[str, Any]:
    (found,) = house.cal.get(f"{PATH}?locale=en-US&segment=weekend_hikers").json()["items"]
    return dict(found)


def act(who: Somebody, house: House, action: str, **body: Any) -> Any:
    return who.post(f"{PATH}/{action}", json={**PLACE, "seen": one(house)["seen"], **body})


def test_from_submitted_to_withdrawn(house: House) -> None:
    assert one(house)["state"] == "not_submitted"
    assert one(house)["needed"] == ["brand reviewer", "legal"]
    parts = one(house)["versions"][0]["parts"]
    assert [part["kind"] for part in parts] == ["subject", "hero", "cta", "footer"]
    old = one(house)["seen"]
    assert act(house.cal, house, "submit").json()["state"] == "in_review"
    assert act(house.rae, house, "approve", seen=old).status_code == 412
    assert act(house.cal, house, "approve").status_code == 403
    assert act(house.otto, house, "approve").status_code == 404
    partly = act(house.rae, house, "approve").json()
    assert (partly["state"], partly["waits_for"]) == ("in_review", ["legal"])
    refused = house.cal.post(f"/v1/briefs/{BRIEF['id']}/exports", json={"account": "own"})
    assert refused.status_code == 409
    assert "lacks an approval as a whole by: legal" in refused.text
    blocked = house.cal.get(f"/v1/briefs/{BRIEF['id']}/status").json()["emails"][0]["blocking"]
    assert [item["who"] for item in blocked] == [["legal"]]
    done = act(house.lea, house, "approve").json()
    assert done["state"] == "approved"
    assert [item["by"] for item in done["approvals"]] == ["rae@example.com", "lea@example.com"]
    assert act(house.lea, house, "approve").status_code == 409
    exported = house.cal.post(f"/v1/briefs/{BRIEF['id']}/exports", json={"account": "own"})
    assert exported.status_code == 201, exported.text
    assert act(house.cal, house, "withdraw", text="Not today.").json()["state"] == "withdrawn"
    assert one(house)["note"] == "Not today."


def test_sent_back(house: House) -> None:
    assert act(house.cal, house, "submit").json()["state"] == "in_review"
    assert act(house.lea, house, "request-changes").status_code == 422
    back = act(house.lea, house, "request-changes", text="Another order.")
    assert back.json()["state"] == "changes_requested"
    assert act(house.rae, house, "approve").status_code == 409


def test_a_slot_is_fetched_with_its_email_only(house: House) -> None:
    """An evergreen block of a required kind is the last resort, and goes out all the same."""
    slot = f"brand={OURS}&segment=weekend_hikers&journey=winback&locale=en-US"
    answer = house.pia.get(f"/v1/content/cta?{slot}")
    assert answer.status_code == 200, answer.text
    assert answer.json()["copy"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"segment": "nobody"}, 404),
        ({"arm": "b"}, 404),
        ({"locale": "xx"}, 404),
        ({"seen": "x"}, 412),
        ({"seen": "x" * 201}, 422),
        ({"more": 1}, 422),
    ],
)
def test_bad_input(house: House, changes: dict[str, Any], status: int) -> None:
    assert act(house.cal, house, "submit", **changes).status_code == status

"""GET /v1/audit: what people did, only for those who run the brand that it was done to."""

import copy
from typing import Any

import pytest

from app.api.paging import encode_cursor
from app.brand.roles import PersonRole, Scope
from tests.api.house import OURS, THEIRS, House, email_of
from tests.generation.desk import BRIEF


@pytest.fixture(scope="module")
def used(house: House) -> House:
    """A house in which Cal edited a draft twice."""
    assert house.cal.post("/v1/variants", json={**copy.deepcopy(BRIEF), "brand": OURS}).status_code == 200
    draft = house.cal.get(f"/v1/drafts?brand={OURS}&kind=hero").json()["items"][0]["id"]
    for headline in ("Come outside again", "Come back outside again"):
        tag = {"If-Match": house.cal.get(f"/v1/drafts/{draft}").headers["ETag"]}
        edit = {"copy_fields": {"headline": headline}}
        assert house.cal.patch(f"/v1/drafts/{draft}", json=edit, headers=tag).status_code == 200
    return house


def records(house: House, who: str, **query: str) -> list[dict[str, Any]]:
    answer = getattr(house, who).get("/v1/audit", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def test_who_runs_a_brand_sees_what_was_done_to_it(used: House) -> None:
    newest, before, *_ = records(used, "ada", brand=OURS)
    assert (newest["action"], newest["who"], newest["brand"]) == ("draft.edit", email_of("cal"), OURS)
    assert newest["previous"] == before["hash"]
    assert newest["seq"] == before["seq"] + 1
    assert newest["data"]["after"] != before["data"]["after"] == newest["data"]["before"]
    assert records(used, "ola") == records(used, "ada")
    assert {item["brand"] for item in records(used, "ada")} == {OURS}


def test_what_is_about_every_brand_is_for_who_runs_them_all(used: House) -> None:
    brands = {item["brand"] for item in records(used, "gus", limit="200")}
    assert "*" in brands
    assert "person.add" in {item["action"] for item in records(used, "gus", limit="200")}
    assert {item["brand"] for item in records(used, "gus", brand=OURS)} == {OURS}


def test_outsiders_see_nothing_of_it(used: House) -> None:
    for name, status in {"cal": 403, "rae": 403, "lea": 403, "pia": 403, "otto": 404, "neo": 404}.items():
        answer = getattr(used, name).get("/v1/audit", params={"brand": OURS})
        assert answer.status_code == status, name
        assert "draft" not in answer.text
    assert used.nobody.get("/v1/audit").status_code == 401
    assert used.with_key("ada", Scope.READ).get("/v1/audit").status_code == 403
    used.people.grant(email_of("otto"), THEIRS, [PersonRole.BRAND_OWNER])
    theirs = used.with_key("otto", Scope.OPERATE)
    found = theirs.get("/v1/audit").json()["items"]
    assert {item["brand"] for item in found} == {THEIRS}
    draft = records(used, "ada", brand=OURS)[0]["subject"]
    assert theirs.get("/v1/audit", params={"subject": draft}).json()["items"] == []


def test_it_comes_in_pages_and_by_subject_and_time(used: House) -> None:
    everything = records(used, "gus", limit="200")
    seen: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = used.gus.get("/v1/audit", params={"limit": "3", **cursor}).json()
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == everything
    subject = everything[0]["subject"]
    wanted = [item for item in everything if item["subject"] == subject]
    assert records(used, "gus", subject=subject) == wanted
    assert records(used, "gus", since="2100-01-01T00:00:00Z") == []
    for query in (
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
        {"cursor": "W10"},
        {"limit": "0"},
    ):
        assert used.gus.get("/v1/audit", params=query).status_code == 422, query
    for position in ("-1", "x", "9" * 10, "\u0663"):
        assert used.gus.get("/v1/audit", params={"cursor": encode_cursor(position)}).status_code == 422

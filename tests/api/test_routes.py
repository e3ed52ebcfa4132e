"""What serves, as each person sees it."""

import datetime as dt

from app.db.tables import now
from app.guardrails.registry import GUARDRAILS
from tests.api.house import MARKER, OURS, PROVEN, THEIRS, House
from tests.db.factories import make_call, make_run


def test_everybody_sees_the_brands_they_have_a_role_for(house: House) -> None:
    assert [item["id"] for item in house.cal.get("/v1/brands").json()["items"]] == [OURS]
    assert [item["id"] for item in house.otto.get("/v1/brands").json()["items"]] == [THEIRS]
    assert [item["id"] for item in house.gus.get("/v1/brands").json()["items"]] == [OURS, THEIRS]
    assert house.neo.get("/v1/brands").json() == {"items": [], "next": None}


def test_a_brand_tells_what_a_brief_may_name(house: House) -> None:
    brand = house.cal.get(f"/v1/brands/{OURS}").json()
    assert brand["serves"]
    assert brand["your_roles"] == ["copywriter"]
    assert brand["variables"] == ["person.first_name"]
    assert "clicks" in brand["kpis"]


def test_lists_come_in_pages(house: House) -> None:
    first = house.cal.get("/v1/segments?limit=2").json()
    second = house.cal.get("/v1/segments", params={"limit": 2, "cursor": first["next"]}).json()
    ids = [item["id"] for item in (*first["items"], *second["items"])]
    assert ids == ["campers", "trail_runners", "weekend_hikers"]
    assert second["next"] is None


def test_a_cursor_that_is_none_is_refused(house: House) -> None:
    for cursor in ("", "x", "W10", "WzFd", "!!!"):
        problem = house.cal.get("/v1/segments", params={"cursor": cursor}).json()
        assert problem["errors"][0]["field"] == "cursor", cursor


def test_blocks_are_filtered(house: House) -> None:
    found = house.cal.get("/v1/blocks", params={"brand": OURS, "kind": "cta", "locale": "en-GB"}).json()
    assert [item["id"] for item in found["items"]] == ["cta_evergreen"]
    assert found["items"][0]["copy"] == {"label": "See our kit"}
    assert house.cal.get("/v1/blocks", params={"journey": "winback"}).json()["items"] == []
    problem = house.cal.get("/v1/blocks", params={"kind": "heroo"}).json()
    assert problem["errors"][0]["expected"] == "did you mean 'hero'?"


def test_guardrails_and_rules_name_their_sources(house: House) -> None:
    checks = house.cal.get("/v1/guardrails", params={"brand": OURS}).json()
    assert [entry["id"] for entry in checks["guardrails"]] == [guardrail.id for guardrail in GUARDRAILS]
    assert {rule["sort"] for rule in checks["rules"]} == {"claim", "never_infer", "disclosure", "voice"}
    assert all(entry["source"] for entry in (*checks["guardrails"], *checks["rules"]))
    (pack,) = checks["packs"]
    assert (pack["id"], pack["title"], pack["markets"], pack["checked"]) == ("walking", "Walking", [], None)
    assert {rule["pack"] for rule in checks["rules"]} == {None, "walking"}
    assert checks["overrides"] == []
    (claim,) = checks["claims"]
    assert claim == {
        **{name: PROVEN[name] for name in ("id", "permits", "qualifiers", "markets", "owner")},
        "texts": [PROVEN["text"], *PROVEN["wordings"]],
        "evidence": "Report 7",
        "valid_from": "2026-01-01",
        "expires": "2099-06-01",
    }


def test_usage_is_for_those_who_operate(house: House) -> None:
    for brand in (OURS, THEIRS):
        run = house.store.start_run(make_run(brand=brand, model=f"{brand}-model"))
        house.store.save_calls([make_call(run, model=f"{brand}-model")])
    today = now().date()
    report = house.ola.get("/v1/usage").json()
    assert [(item["brand"], item["day"]) for item in report["items"]] == [(OURS, str(today))]
    assert report["prompt_tokens"] == 100
    yesterday = str(today - dt.timedelta(days=1))
    assert house.ola.get("/v1/usage", params={"until": yesterday}).json()["items"] == []
    assert house.cal.get("/v1/usage").status_code == 403
    assert house.ola.get("/v1/usage", params={"brand": THEIRS}).status_code == 404


def test_nothing_of_another_brand_is_in_any_list(house: House) -> None:
    for path in ("/v1/brands", "/v1/segments", "/v1/blocks", f"/v1/guardrails?brand={OURS}"):
        answer = house.cal.get(path)
        assert answer.status_code == 200
        assert MARKER not in answer.text
        assert MARKER in house.otto.get(path.replace(OURS, THEIRS)).text or "guardrails" in path

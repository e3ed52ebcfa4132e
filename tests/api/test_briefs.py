"""Briefs over HTTP: stored, listed, changed with the revision that was seen, answered, looked at."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from app.brand.roles import Scope
from app.llm.scripted import ScriptedModel
from tests.api.house import OURS, THEIRS, House, Somebody, email_of
from tests.generation.desk import BRIEF

Build = Callable[..., House]
HERE = "/v1/briefs/fernhill_hello"


def brief(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BRIEF), "brand": OURS, **changes}


def priced(value: str) -> dict[str, Any]:
    return {"locale": "en-US", "facts": {"product.price": {"value": value}}}


@pytest.fixture
def own(build: Build) -> House:
    """A house that no other test writes to, with one brief of Cal's."""
    house = build()
    assert house.cal.post("/v1/briefs", json=brief()).status_code == 201
    return house


def model_of(house: House) -> ScriptedModel:
    model = house.service.generation.models[0]
    assert isinstance(model, ScriptedModel)
    return model


def test_a_brief_is_stored_and_read_with_its_revision(build: Build) -> None:
    house = build()
    made = house.cal.post("/v1/briefs", json=brief())
    assert made.status_code == 201, made.text
    assert (made.headers["etag"], made.headers["location"]) == ('"1"', f"{HERE}?brand={OURS}")
    read = house.rae.get(made.headers["location"])
    assert read.json() == made.json()
    assert read.headers["etag"] == '"1"'
    assert read.json()["owner"] == email_of("cal")
    assert read.json()["content"]["segments"] == [{"id": "weekend_hikers", "message": None}]


def test_everything_that_is_wrong_with_a_brief_is_answered_at_once_and_nothing_is_stored(
    build: Build,
) -> None:
    house = build()
    wrong = brief(kpi="click", message="Come to {product.nam}", segments=["weekend_hiker"])
    wrong["targets"][0]["links"] = {"home": "https://elsewhere.example/"}
    answer = house.cal.post("/v1/briefs", json=wrong)
    assert answer.status_code == 422
    found = {item["pointer"]: (item["message"], item["expected"]) for item in answer.json()["errors"]}
    assert found == {
        "/segments/0": (
            "segment 'weekend_hiker' is not documented for brand 'fernhill'",
            "did you mean 'weekend_hikers'?",
        ),
        "/targets/0/links/home": (
            "'elsewhere.example' is not a host of the brand",
            "did you mean 'fernhill.example'?",
        ),
        "/kpi": ("the decision contract does not let 'click' be pursued", "did you mean 'clicks'?"),
        "/message": ("nothing declares the token '{product.nam}'", "did you mean 'product.name'?"),
    }
    assert house.cal.get(HERE).status_code == 404


def test_the_shape_of_a_brief_is_answered_with_pointers_too(build: Build) -> None:
    wrong = brief(jorney="winback")
    del wrong["journey"]
    wrong["targets"][0]["facts"]["product.price"]["value"] = "-1"
    answer = build().cal.post("/v1/briefs", json=wrong)
    assert answer.status_code == 422
    assert {item["pointer"] for item in answer.json()["errors"]} >= {
        "/jorney",
        "/targets/0/facts/product.price/value",
    }


def test_an_id_is_taken_once_in_a_brand(own: House) -> None:
    answer = own.cal.post("/v1/briefs", json=brief())
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    key = {"Idempotency-Key": "one"}
    first = own.cal.post("/v1/briefs", json=brief(id="another"), headers=key)
    again = own.cal.post("/v1/briefs", json=brief(id="another"), headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()


def test_a_change_names_the_revision_that_was_seen(own: House) -> None:
    missing = own.cal.patch(HERE, json={"notes": "Be brief."})
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-missing")
    assert 'If-Match: "1"' in missing.json()["hint"]
    done = own.cal.patch(HERE, json={"notes": "Be brief."}, headers={"If-Match": '"1"'})
    assert done.status_code == 200, done.text
    assert (done.headers["etag"], done.json()["changed"]) == ('"2"', True)
    assert done.json()["brief"]["change"] == "changed notes"
    late = own.ada.patch(HERE, json={"notes": "Be long."}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/out-of-date")
    odd = own.ada.patch(HERE, json={"notes": "x"}, headers={"If-Match": "2"})
    assert (odd.status_code, odd.json()["errors"][0]["field"]) == (400, "If-Match")
    assert own.cal.get(HERE).json()["content"]["notes"] == "Be brief."
    assert own.cal.get(f"{HERE}?revision=1").json()["content"]["notes"] == ""
    assert own.cal.get(f"{HERE}?revision=9").status_code == 404
    made = [(item["revision"], item["change"]) for item in own.cal.get(f"{HERE}/revisions").json()["items"]]
    assert made == [(2, "changed notes"), (1, "stored")]


def test_a_merge_patch_merges_objects_removes_with_null_and_replaces_lists(own: House) -> None:
    patch = {"kpi": "clicks", "must_say": ["walk"], "notes": None, "slots": [{"kind": "hero", "variants": 3}]}
    done = own.cal.patch(
        HERE, json=patch, headers={"If-Match": '"1"', "Content-Type": "application/merge-patch+json"}
    )
    content = done.json()["brief"]["content"]
    assert (content["must_say"], content["notes"]) == (["walk"], "")
    assert [slot["kind"] for slot in content["slots"]] == ["hero"]
    wrong = own.cal.patch(HERE, json={"id": "other", "brand": OURS}, headers={"If-Match": '"2"'})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/id"
    unknown = own.cal.patch(HERE, json={"mesage": "x"}, headers={"If-Match": '"2"'})
    assert unknown.json()["errors"][0]["expected"] == "did you mean 'message'?"


def test_lists_are_narrowed_and_paged(own: House) -> None:
    for number in range(4):
        own.cal.post("/v1/briefs", json=brief(id=f"brief_{number}"))
    seen, cursor = [], ""
    while True:
        page = own.rae.get(f"/v1/briefs?limit=2{cursor}").json()
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == ["brief_3", "brief_2", "brief_1", "brief_0", "fernhill_hello"]
    assert own.rae.get("/v1/briefs?journey=welcome").json()["items"] == []
    assert own.rae.get("/v1/briefs?sends_until=2026-11-20T08:59:59Z").json()["items"] == []
    assert own.rae.get("/v1/briefs?cursor=nonsense").status_code == 422
    assert "content" not in own.rae.get("/v1/briefs").json()["items"][0]


def test_another_brands_brief_is_not_there(own: House) -> None:
    theirs = {**brief(), "brand": THEIRS, "segments": ["secretive"]}
    assert own.otto.post("/v1/briefs", json=theirs).status_code == 201
    mine = own.cal.get(HERE).json()
    assert mine["brand"] == OURS
    both = own.gus.get(HERE)
    assert (both.status_code, both.json()["type"]) == (409, "/problems/conflict")
    assert own.gus.get(f"{HERE}?brand={THEIRS}").json()["brand"] == THEIRS
    nobody = own.otto.get("/v1/briefs/never_stored")
    theirs_only = own.otto.get(f"{HERE}?brand={OURS}")
    assert (nobody.status_code, theirs_only.status_code) == (404, 404)
    assert own.cal.post("/v1/briefs", json=theirs).status_code == 404


@pytest.mark.parametrize(
    ("who", "what", "status"),
    [
        ("pia", "write", 403),
        ("ola", "write", 403),
        ("neo", "write", 404),
        ("rae", "generate", 403),
        ("pia", "generate", 200),
        ("ola", "generate", 403),
    ],
)
def test_roles_say_who_may_store_and_who_may_ask_a_model(
    own: House, who: str, what: str, status: int
) -> None:
    somebody: Somebody = getattr(own, who)
    if what == "write":
        answer = somebody.post("/v1/briefs", json=brief(id="another"))
    else:
        answer = somebody.post(f"{HERE}/generate", json={})
    assert answer.status_code == status, answer.text


def test_a_key_without_the_scope_may_not(own: House) -> None:
    reader = own.with_key("cal", Scope.READ)
    assert reader.get(HERE).status_code == 200
    refused = reader.patch(HERE, json={}, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-permitted")


def test_a_stored_brief_is_answered_in_parts_and_not_twice(own: House) -> None:
    first = own.cal.post(f"{HERE}/generate", json={"kinds": ["hero"], "segments": ["hikers"]})
    assert first.status_code == 200, first.text
    assert [slot["kind"] for slot in first.json()["slots"]] == ["hero"]
    assert first.json()["brief"] == {"brand": OURS, "id": "fernhill_hello", "revision": 1}
    whole = own.cal.post(f"{HERE}/generate").json()
    assert {slot["kind"]: slot["stored"] for slot in whole["slots"]} == {
        "subject": False,
        "hero": True,
        "cta": False,
        "footer": False,
    }
    wrong = own.cal.post(f"{HERE}/generate", json={"kinds": ["heros"]})
    assert wrong.json()["errors"][0] | {"where": ""} == {
        "where": "",
        "pointer": "/kinds/0",
        "field": "kinds.0",
        "message": "the brief has no kind 'heros'",
        "expected": "did you mean 'hero'?",
        "line": None,
        "column": None,
    }


def test_retry_asks_again(own: House) -> None:
    own.cal.post(f"{HERE}/generate")
    model, before = model_of(own), len(model_of(own).requests)
    own.cal.post(f"{HERE}/retry", json={"retry": "transient"})
    assert len(model.requests) == before
    again = own.cal.post(f"{HERE}/retry", json={"retry": "all", "kinds": ["cta"]}).json()
    assert len(model.requests) == before + 1
    assert again["slots"][0]["stored"] is False


def test_status_says_what_is_there_and_who_must_act(own: House) -> None:
    empty = own.rae.get(f"{HERE}/status")
    assert (empty.status_code, empty.headers["etag"]) == (200, '"1"')
    assert empty.json()["who_acts"] == {"copywriter": 4}
    own.cal.post(f"{HERE}/generate")
    status = own.rae.get(f"{HERE}/status").json()
    assert (status["slots"], status["ready"], status["who_acts"]) == (4, 1, {"brand reviewer": 3})
    (email,) = status["emails"]
    hero = next(slot for slot in email["slots"] if slot["kind"] == "hero")
    assert hero["outcome"] == "generated"
    assert len(hero["drafts"]) == 2
    assert hero["blocking"][0]["who"] == ["brand reviewer"]


def test_facts_show_their_effect_and_are_applied_with_the_revision_that_was_looked_at(own: House) -> None:
    own.cal.post(f"{HERE}/generate")
    asked = len(model_of(own).requests)
    seen = own.cal.patch(f"{HERE}/facts", json={"targets": [priced("119.00")]})
    assert seen.status_code == 200, seen.text
    assert (seen.headers["etag"], seen.json()["applied"], seen.json()["can_be_applied"]) == (
        '"1"',
        False,
        True,
    )
    assert seen.json()["values"] == [
        {"locale": "en-US", "what": "product.price", "before": "$129 (price)", "after": "$119 (price)"}
    ]
    apply = {"apply": True, "targets": [priced("119.00")]}
    assert own.cal.patch(f"{HERE}/facts", json=apply).status_code == 428
    done = own.cal.patch(f"{HERE}/facts", json=apply, headers={"If-Match": '"1"'})
    assert (done.headers["etag"], done.json()["applied"], done.json()["revision"]) == ('"2"', True, 2)
    late = own.cal.patch(f"{HERE}/facts", json=apply, headers={"If-Match": '"1"'})
    assert late.status_code == 412
    assert all(slot["stored"] for slot in own.cal.post(f"{HERE}/generate").json()["slots"])
    assert len(model_of(own).requests) == asked


def test_facts_that_contradict_each_other_are_shown_and_not_applied(own: House) -> None:
    was = {"kind": "money", "role": "was_price", "value": "99", "currency": "USD", "source": "catalog"}
    change = {"locale": "en-US", "facts": {"product.was": was}}
    seen = own.cal.patch(f"{HERE}/facts", json={"targets": [change]}).json()
    assert not seen["can_be_applied"]
    assert [item["pointer"] for item in seen["problems"]] == ["/targets/0/facts/product.price"]
    refused = own.cal.patch(
        f"{HERE}/facts", json={"apply": True, "targets": [change]}, headers={"If-Match": '"1"'}
    )
    assert refused.status_code == 422
    assert own.cal.get(HERE).json()["revision"] == 1


def test_a_deck_is_a_page_or_a_spreadsheet(own: House) -> None:
    own.cal.post(f"{HERE}/generate")
    page = own.rae.get(f"{HERE}/deck", headers={"Accept": "text/html,application/xhtml+xml"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "Ridgeline Coat" in page.text
    sheet = own.rae.get(f"{HERE}/deck", headers={"Accept": "text/csv"})
    assert sheet.headers["content-type"] == "text/csv; charset=utf-8"
    assert sheet.headers["content-disposition"] == 'attachment; filename="fernhill_hello.csv"'
    assert sheet.content.startswith(b"\xef\xbb\xbfbrief,locale,")
    assert own.rae.get(f"{HERE}/deck", headers={"Accept": "image/png"}).status_code == 406
    assert own.otto.get(f"{HERE}/deck").status_code == 404


def test_an_edited_deck_comes_back_as_edits(own: House) -> None:
    own.cal.post(f"{HERE}/generate")
    sheet = own.cal.get(f"{HERE}/deck", headers={"Accept": "text/csv"}).text
    edited = sheet.replace("Plan a walk", "Plan a long walk").replace(
        "Ridgeline Coat is made", "Coat is made"
    )
    csv = {"Content-Type": "text/csv", "Idempotency-Key": "deck"}
    answer = own.cal.post(f"{HERE}/deck", content=edited.encode(), headers=csv)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["edited"], answer.json()["refused"]) == (1, 1)
    again = own.cal.post(f"{HERE}/deck", content=edited.encode(), headers=csv)
    assert again.json() == answer.json()
    (draft_id,) = answer.json()["drafts"]
    draft = own.cal.get(f"/v1/drafts/{draft_id}").json()
    assert draft["copy_fields"] == {"label": "Plan a long walk"}
    assert draft["receipt"]["edits"][0]["by"] == email_of("cal")
    assert own.cal.post(f"{HERE}/deck", json={}).status_code == 415
    broken = own.cal.post(f"{HERE}/deck", content=b"a,b", headers={"Content-Type": "text/csv"})
    assert (broken.status_code, broken.json()["type"]) == (422, "/problems/invalid-request")
    assert own.ola.post(f"{HERE}/deck", content=b"", headers={"Content-Type": "text/csv"}).status_code == 403

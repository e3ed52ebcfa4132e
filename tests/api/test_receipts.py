"""Receipts over HTTP: everything that a draft came from resolves, and nothing of anybody else."""

import copy
import json
from typing import Any

import pytest

from app.brand.roles import Scope
from app.db.content import ContentStore
from app.manifest import read_publishable, sha256
from tests.api.house import MARKER, OURS, THEIRS, House
from tests.db.resolving import unresolved
from tests.generation.desk import BRIEF


@pytest.fixture(scope="module")
def used(house: House) -> House:
    """A house in which people did everything that writes a receipt."""
    assert house.cal.post("/v1/variants", json={**copy.deepcopy(BRIEF), "brand": OURS}).status_code == 200
    first = drafts(house, kind="hero")[0]
    edit = {"copy_fields": {"headline": "Come outside again"}}
    tag = {"If-Match": house.cal.get(f"/v1/drafts/{first['id']}").headers["ETag"]}
    assert house.cal.patch(f"/v1/drafts/{first['id']}", json=edit, headers=tag).status_code == 200
    place = {"brief": BRIEF["id"], "locale": "en-US", "segment": "weekend_hikers", "kind": "cta"}
    written = house.cal.post("/v1/drafts", json={**place, "copy_fields": {"label": "Walk with us"}})
    assert written.status_code == 201, written.text
    wish = {"note": "shorter", "count": 1}
    assert house.cal.post(f"/v1/drafts/{first['id']}/redo", json=wish).status_code == 200
    brief = house.cal.get(f"/v1/briefs/{BRIEF['id']}")
    price = {"locale": "en-US", "facts": {"product.price": {"value": "119.00"}}}
    facts = house.cal.patch(
        f"/v1/briefs/{BRIEF['id']}/facts",
        json={"apply": True, "targets": [price]},
        headers={"If-Match": brief.headers["ETag"]},
    )
    assert facts.status_code == 200, facts.text
    return house


def drafts(house: House, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    found: list[dict[str, Any]] = house.cal.get(f"/v1/drafts?limit=200&{query}").json()["items"]
    return found


def hashes(house: House, draft_id: str) -> dict[str, dict[str, Any]]:
    answer = house.cal.get(f"/v1/drafts/{draft_id}/receipt")
    assert answer.status_code == 200, answer.text
    return {item["what"]: item for item in answer.json()["hashes"]}


def test_invariant_10_every_hash_of_every_draft_resolves_whoever_wrote_or_changed_it(used: House) -> None:
    assert {item["origin"] for item in drafts(used)} == {"generated", "human", "edited"}
    assert unresolved(used.store) == []
    for draft in drafts(used):
        for what, item in hashes(used, draft["id"]).items():
            assert (item["state"], item["files_lost"]) == ("kept", 0), (draft["origin"], what)


def test_the_bytes_have_the_hash_that_they_are_asked_for_by(used: House) -> None:
    draft = drafts(used, origin="generated", kind="cta")[0]
    for what, item in hashes(used, draft["id"]).items():
        answer = used.cal.get(f"/v1/drafts/{draft['id']}/receipt/{item['hash']}")
        assert answer.status_code == 200, what
        assert sha256(answer.content) == item["hash"]
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment")


def test_a_file_of_the_brand_is_reached_through_its_listing(used: House) -> None:
    draft = drafts(used)[0]
    brand = hashes(used, draft["id"])["brand"]["hash"]
    listing = json.loads(used.cal.get(f"/v1/drafts/{draft['id']}/receipt/{brand}").content)
    assert not any(THEIRS in path for path in listing)
    voice = used.cal.get(f"/v1/drafts/{draft['id']}/receipt/{listing[f'brand/{OURS}/voice.yaml']}")
    assert voice.content == (used.root / "brand" / OURS / "voice.yaml").read_bytes()


def test_the_copy_before_an_edit_can_be_read(used: House) -> None:
    draft = drafts(used, origin="edited")[0]
    receipt = used.cal.get(f"/v1/drafts/{draft['id']}/receipt").json()
    assert any(line.startswith("edited by cal@example.com on ") for line in receipt["lines"])
    before = hashes(used, draft["id"])["before"]["hash"]
    kind, locale, fields = json.loads(used.cal.get(f"/v1/drafts/{draft['id']}/receipt/{before}").content)
    assert (kind, locale) == ("hero", "en-US")
    assert fields["headline"] != draft["copy_fields"]["headline"]


def test_invariant_10_every_draft_replays_whoever_wrote_or_changed_it(used: House) -> None:
    for draft in drafts(used):
        answer = used.cal.get(f"/v1/drafts/{draft['id']}/receipt/replay")
        assert answer.status_code == 200, answer.text
        assert answer.json()["outcome"] == "same", (draft["origin"], answer.json())
        assert answer.json()["verdict_now"] == answer.json()["verdict_then"]
        assert used.otto.get(f"/v1/drafts/{draft['id']}/receipt/replay").status_code == 404


def test_only_what_is_on_the_receipt_is_given_out(used: House) -> None:
    one, two = drafts(used, kind="hero")[0], drafts(used, kind="subject")[0]
    foreign = hashes(used, two["id"])["request"]["hash"]
    for digest in (foreign, "0" * 64, "0" * 6):
        assert used.cal.get(f"/v1/drafts/{one['id']}/receipt/{digest}").status_code == 404
    assert used.cal.get(f"/v1/drafts/{one['id']}/receipt/xyz").status_code == 422


def test_another_brand_has_no_receipts_here(used: House) -> None:
    draft = drafts(used)[0]
    facts = hashes(used, draft["id"])["facts"]["hash"]
    for path in (f"/v1/drafts/{draft['id']}/receipt", f"/v1/drafts/{draft['id']}/receipt/{facts}"):
        assert used.otto.get(path).status_code == 404
        assert used.neo.get(path).status_code == 404
        assert used.nobody.get(path).status_code == 401
        assert used.with_key("cal", Scope.CHECK).get(path).status_code == 403


def test_versions_are_listed_and_say_who_only_to_those_who_operate_everything(used: House) -> None:
    assert used.cal.get("/v1/versions").json() == {"items": []}
    store = ContentStore(used.store.engine)
    files = read_publishable(used.root).files
    done = store.publish(files, author="Ada", note=f"for {MARKER}", expected=None)
    (seen,) = used.cal.get("/v1/versions").json()["items"]
    assert (seen["version"], seen["serves"], seen["author"], seen["note"]) == (
        done.version.hash,
        True,
        None,
        None,
    )
    (all_of_it,) = used.gus.get("/v1/versions").json()["items"]
    assert (all_of_it["author"], all_of_it["note"]) == ("Ada", f"for {MARKER}")

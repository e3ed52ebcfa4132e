"""Choosing what ships and exporting it over HTTP: what the commands do, for those who may."""

import copy
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from sqlalchemy import update
from sqlmodel import Session, col

from app.api.routes import matrices
from app.brand.roles import Scope
from app.cli import main
from app.db import exports as exports_module
from app.db.audit import AuditNote
from app.db.drafts import DraftChange
from app.db.exports import Exports
from app.db.receipts import DraftApproval
from app.db.release_tables import Export
from app.db.retention import Retention
from app.db.service_tables import Blob, BlobKind
from app.db.tables import Draft, DraftState, now
from tests.api.house import MARKER, OURS, House, open_house
from tests.generation.desk import BRIEF

BRIEF_ID = BRIEF["id"]
CHOICES, EXPORTS = f"/v1/briefs/{BRIEF_ID}/choices", f"/v1/briefs/{BRIEF_ID}/exports"
PLACE = {"locale": "en-US", "segment": "weekend_hikers"}
KINDS = ("subject", "hero", "cta", "footer")
TO_OWN = {"account": "own"}


@pytest.fixture
def shop(written_content: Path, tmp_path: Path) -> Iterator[House]:
    """A house with an answered brief, and nothing chosen."""
    with open_house(tmp_path, content=written_content) as house:
        answer = house.cal.post("/v1/variants", json={**copy.deepcopy(BRIEF), "brand": OURS})
        assert answer.status_code == 200, answer.text
        yield house


def choose(house: House, kind: str, *arms: dict[str, Any], **more: Any) -> httpx2.Response:
    given = arms or ({"block": f"{kind}_evergreen"},)
    return house.cal.post(CHOICES, json={**PLACE, "kind": kind, "arms": list(given), **more})


def choose_all(house: House) -> None:
    for kind in KINDS:
        answer = choose(house, kind)
        assert answer.status_code == 201, answer.text


def exported(house: House, **more: Any) -> dict[str, Any]:
    """The first export of a brief for which everything is chosen."""
    answer = house.cal.post(EXPORTS, json={**TO_OWN, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()["exports"][0]
    return found


def first_draft(house: House, kind: str = "hero") -> Draft:
    found = house.cal.get(f"/v1/drafts?kind={kind}&limit=1").json()["items"][0]["id"]
    draft = house.store.find_draft(found)
    assert draft is not None
    return draft


def approve(house: House, draft: Draft) -> Draft:
    """Approve a draft that states no value."""
    approval = DraftApproval(
        by="rae@example.com", role="brand reviewer", at=now(), content_hash=draft.content_hash, values={}
    )
    receipt = draft.receipt.model_copy(update={"approvers": (approval,)})
    values = {"receipt": receipt, "state": DraftState.APPROVED, "approved_at": now()}
    house.service.drafts.change([DraftChange(draft.id, draft.revision, values)])
    return draft


def plain_draft(house: House) -> Draft:
    """An approved hero of a model that states no value."""
    ids = [item["id"] for item in house.cal.get("/v1/drafts?kind=hero").json()["items"]]
    drafts = (house.store.find_draft(item) for item in ids)
    return approve(house, next(d for d in drafts if d and "{" not in json.dumps(d.copy_fields)[1:]))


def problem(answer: httpx2.Response, status: int) -> str:
    """All that a refusal says."""
    assert answer.status_code == status, answer.text
    return str(answer.json())


def package(house: House, export_id: str) -> dict[str, bytes]:
    answer = house.cal.get(f"/v1/exports/{export_id}/package")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_what_can_ship_is_listed_and_nothing_is_chosen_by_itself(shop: House) -> None:
    found = shop.cal.get(CHOICES).json()
    assert (found["open"], [slot["kind"] for slot in found["slots"]]) == (4, list(KINDS))
    hero = next(slot for slot in found["slots"] if slot["kind"] == "hero")
    assert hero["chosen"] is None
    assert hero["required"]
    by_block = {option["block"]: option for option in hero["options"]}
    assert by_block["hero_evergreen"]["can_ship"]
    draft = next(option for option in hero["options"] if option["draft"])
    assert not draft["can_ship"]
    assert "is not approved but draft" in draft["reasons"][0]


def test_a_choice_says_who_made_it_and_the_newest_counts(shop: House) -> None:
    choose_all(shop)
    draft = plain_draft(shop)
    made = choose(shop, "hero", {"draft": draft.id}).json()
    assert (made["chosen_by"], made["arms"][0]["draft"]) == ("cal@example.com", draft.id)
    found = shop.cal.get(CHOICES).json()
    assert found["open"] == 0
    hero = next(slot for slot in found["slots"] if slot["kind"] == "hero")
    assert hero["chosen"] == made


@pytest.mark.parametrize(
    ("kind", "arms", "more", "words"),
    [
        ("hero", [{}], {}, "one of draft, block and leave_out"),
        ("hero", [{"block": "hero_evergreen", "leave_out": True}], {}, "says more than one thing"),
        ("hero", [{"leave_out": True}], {}, "a hero is required and cannot be left out"),
        ("hero", [{"block": "hero_evergren"}], {}, "did you mean 'hero_evergreen'?"),
        ("hero", [{"draft": "0" * 32}], {}, "there is no draft"),
        (
            "hero",
            [{"block": "hero_evergreen"}],
            {"segment": "weekend_hikerz"},
            "did you mean 'weekend_hikers'?",
        ),
        ("heroo", [{"block": "hero_evergreen"}], {}, "did you mean 'hero'?"),
        ("hero", [{"block": "hero_evergreen"}], {"test": "tone"}, "a test has 2 to 5 arms"),
        ("hero", [{"block": "hero_evergreen"}] * 2, {"test": "tone"}, "two arms have the same name"),
        ("hero", [{"block": "hero_evergreen"}] * 2, {}, "2 arms and no test"),
        ("hero", [{"block": "hero_evergreen", "name": "Ä"}], {}, "name"),
        ("hero", [], {}, "arms"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_its_place(
    shop: House, kind: str, arms: list[dict[str, Any]], more: dict[str, Any], words: str
) -> None:
    answer = shop.cal.post(CHOICES, json={**PLACE, "kind": kind, "arms": arms, **more})
    assert words in problem(answer, 422)
    assert all(fault["pointer"] for fault in answer.json()["errors"])
    assert shop.cal.get(CHOICES).json()["open"] == 4


def test_what_is_not_approved_cannot_be_chosen(shop: House) -> None:
    answer = choose(shop, "hero", {"draft": first_draft(shop).id})
    assert "is not approved but draft" in problem(answer, 422)
    assert answer.json()["errors"][0]["pointer"] == "/arms/0"


def test_a_test_needs_a_control_that_a_person_wrote(shop: House) -> None:
    choose_all(shop)
    new = {"name": "new", "draft": plain_draft(shop).id}
    before = {"name": "before", "block": "hero_evergreen"}
    assert "one arm is the control" in problem(choose(shop, "hero", before, new, test="tone"), 422)
    wrong = choose(shop, "hero", before, {**new, "control": True}, test="tone")
    assert "the control was not written by a person" in problem(wrong, 422)
    made = choose(shop, "hero", {**before, "control": True}, new, test="tone")
    assert (made.status_code, made.json()["test"]) == (201, "tone")
    both = shop.cal.post(EXPORTS, json=TO_OWN).json()["exports"]
    assert {item["arm"] for item in both} == {"before", "new"}
    assert exported(shop, arm="new")["arm"] == "new"
    wrong = shop.cal.post(EXPORTS, json={**TO_OWN, "arm": "neww"})
    assert "did you mean 'new'?" in problem(wrong, 422)
    other = {"name": "other", "block": "cta_evergreen", "control": True}
    assert choose(shop, "cta", other, {**other, "name": "b", "control": False}, test="two").status_code == 201
    assert "belong to different tests" in problem(shop.cal.post(EXPORTS, json=TO_OWN), 409)


def test_nothing_is_exported_that_nobody_chose(shop: House) -> None:
    answer = shop.cal.post(EXPORTS, json=TO_OWN)
    assert "`choices` over HTTP" in problem(answer, 409)
    lines = [fault["message"] for fault in answer.json()["errors"]]
    assert lines == [f"en-US weekend_hikers {kind}: nobody has chosen what ships here" for kind in KINDS]
    assert shop.cal.get("/v1/exports").json()["items"] == []


def test_the_gate_has_the_last_word(shop: House) -> None:
    choose_all(shop)
    draft = plain_draft(shop)
    assert choose(shop, "hero", {"draft": draft.id}).status_code == 201
    later = shop.store.find_draft(draft.id)
    assert later is not None
    shop.service.drafts.change([DraftChange(later.id, later.revision, {"state": DraftState.WITHDRAWN})])
    answer = shop.cal.post(EXPORTS, json=TO_OWN)
    assert "withdrawn" in problem(answer, 409)
    assert answer.json()["type"] == "/problems/not-released"
    assert shop.cal.get("/v1/exports").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"account": "owm"}, 400, "did you mean 'own'?"),
        ({"account": "own", "segments": ["weekend_hikerz"]}, 400, "weekend_hikerz"),
        ({"account": "own", "locale": "fr-FR"}, 422, "has no email like that"),
        ({"account": "own", "arms": "x"}, 422, "arm"),
        ({}, 422, "account"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    shop: House, body: dict[str, Any], status: int, words: str
) -> None:
    choose_all(shop)
    assert words in problem(shop.cal.post(EXPORTS, json=body), status)
    assert Exports(shop.store.engine).of_brief(OURS, BRIEF_ID) == []


def test_an_export_is_recorded_and_its_package_is_what_was_recorded(shop: House) -> None:
    choose_all(shop)
    made = exported(shop)
    assert (made["exported_by"], made["account"], made["platform"]) == ("cal@example.com", "own", "jinja")
    shown = shop.cal.get(f"/v1/exports/{made['id']}").json()
    assert {name: shown[name] for name in made} == made
    assert shown["stale"] == []
    files = package(shop, made["id"])
    folder = "en-US/weekend_hikers"
    assert set(files) == {f"{folder}/{name}" for name in (*shown["files"], "manifest.json")}
    manifest = json.loads(files[f"{folder}/manifest.json"])
    assert manifest["files"] == shown["files"]
    assert manifest["export"] == made["id"]
    assert b"{{ unsubscribe_url|e }}" in files[f"{folder}/email.html"]


def test_the_package_is_the_zip_that_the_command_writes(
    shop: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_all(shop)
    monkeypatch.setenv("COPYDESK_CONTENT", str(shop.root))
    monkeypatch.setenv("COPYDESK_DATABASE", shop.service.settings.database.get_secret_value())
    out = tmp_path / "all.zip"
    result = CliRunner().invoke(
        main, ["export", BRIEF_ID, "--account", "own", "--out", str(out), "--by", "cal@example.com"]
    )
    assert result.exit_code == 0, result.output
    (line,) = shop.cal.get("/v1/exports").json()["items"]
    assert shop.cal.get(line["package"]).content == out.read_bytes()
    with zipfile.ZipFile(out) as archive:
        by_command = {name: archive.read(name) for name in archive.namelist()}
    over_http = package(shop, exported(shop)["id"])
    telling = ("manifest.json", "HANDOFF.md")  # they name the export and its minute
    assert set(by_command) == set(over_http)
    assert all(by_command[name] == over_http[name] for name in by_command if not name.endswith(telling))


def test_a_package_has_an_etag(shop: House) -> None:
    choose_all(shop)
    path = exported(shop)["package"]
    first = shop.cal.get(path)
    assert first.headers["content-type"] == "application/zip"
    again = shop.cal.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert shop.cal.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert shop.cal.get(path, headers={"Accept": "text/html"}).status_code == 406


def test_a_package_goes_with_retention_and_says_so(shop: House) -> None:
    choose_all(shop)
    path = exported(shop)["package"]
    with Session(shop.store.engine) as session:
        old = update(Blob).where(col(Blob.kind) == BlobKind.EXPORT).values(used_at=now().replace(year=2020))
        session.execute(old)
        session.commit()
    Retention(shop.store.engine).prune(calls_days=0, receipts_days=30, now=now())
    assert "by retention" in problem(shop.cal.get(path), 404)
    assert shop.cal.get(path.removesuffix("/package")).status_code == 200


def test_an_export_from_before_packages_were_kept_says_so(shop: House) -> None:
    choose_all(shop)
    made = exported(shop)
    row = Exports(shop.store.engine).find(made["id"], [OURS])
    old = row.content.model_copy(update={"manifest": ""})
    with Session(shop.store.engine) as session:
        session.execute(update(Export).where(col(Export.id) == row.id).values(content=old))
        session.commit()
    assert shop.cal.get(f"/v1/exports/{row.id}").json()["package"] is None
    answer = shop.cal.get(made["package"], headers={"If-None-Match": '""'})
    assert "before packages were kept" in problem(answer, 404)


def test_an_export_becomes_stale_with_what_it_shows(shop: House) -> None:
    choose_all(shop)
    made = exported(shop)
    tag = {"If-Match": shop.cal.get(f"/v1/briefs/{BRIEF_ID}").headers["ETag"]}
    targets = copy.deepcopy(BRIEF["targets"])
    targets[0]["links"]["home"] = "https://fernhill.example/coats"
    assert shop.cal.patch(f"/v1/briefs/{BRIEF_ID}", json={"targets": targets}, headers=tag).status_code == 200
    stale = shop.cal.get(f"/v1/exports/{made['id']}").json()["stale"]
    assert any("leads to https://fernhill.example/coats now" in line for line in stale)


def test_exports_come_in_pages_the_newest_first(shop: House) -> None:
    choose_all(shop)
    made = [exported(shop)["id"] for _ in range(3)]
    first = shop.cal.get("/v1/exports?limit=2").json()
    rest = shop.cal.get("/v1/exports", params={"limit": 2, "cursor": first["next"]}).json()
    assert [item["id"] for item in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next"] is None
    for wanted in ("brief=another", "account=other"):
        assert shop.cal.get(f"/v1/exports?{wanted}").json()["items"] == []
    assert len(shop.cal.get(f"/v1/exports?brief={BRIEF_ID}&account=own").json()["items"]) == 3
    assert shop.cal.get("/v1/exports?cursor=x").status_code == 422


def test_a_request_with_the_same_key_is_done_once(shop: House) -> None:
    choose_all(shop)
    key = {"Idempotency-Key": "export-1"}
    one, two = (shop.cal.post(EXPORTS, json=TO_OWN, headers=key) for _ in range(2))
    assert one.json() == two.json()
    assert two.headers["Idempotency-Replayed"] == "true"
    assert len(shop.cal.get("/v1/exports").json()["items"]) == 1


def test_a_second_run_after_a_crash_finds_what_the_first_one_stored(shop: House) -> None:
    """The answer of the first run was lost with its process: the rows of the second have the same ids."""
    exports = Exports(shop.store.engine)
    choose_all(shop)
    exported(shop)
    (row,) = exports.of_brief(OURS, BRIEF_ID)
    again = copy.copy(row)
    again.exported_by = "somebody@example.com"
    assert exports.keep([again], [])[0].exported_by == "cal@example.com"
    chosen = exports.chosen(OURS, BRIEF_ID)["en-US", "weekend_hikers", "hero"]
    other = copy.copy(chosen)
    other.chosen_by = "somebody@example.com"
    assert exports.choose([other])[0].chosen_by == "cal@example.com"
    assert len(exports.of_brief(OURS, BRIEF_ID)) == 1


def test_choices_and_exports_are_noted_with_who_made_them_and_nobodys_address(
    shop: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[AuditNote] = []

    def note(session: Session, entry: AuditNote) -> None:
        assert session.in_transaction()
        kept.append(entry)

    monkeypatch.setattr(exports_module, "note", note)
    choose_all(shop)
    made = exported(shop)
    cal = shop.people.get("cal@example.com").person.id
    assert [entry.action for entry in kept] == ["slot.choose"] * 4 + ["email.export"]
    assert {entry.actor for entry in kept} == {cal}
    assert kept[-1].subject == f"export {made['id']}"
    assert kept[-1].data["manifest"]
    assert "@" not in str([entry.data for entry in kept])


def test_what_uses_a_text_a_fact_a_claim_and_a_block(shop: House) -> None:
    choose_all(shop)
    exported(shop)
    by_block = shop.cal.get("/v1/where-used?block=footer_evergreen").json()
    assert {item["what"] for item in by_block["items"]} >= {"block", "export"}
    assert not by_block["more"]
    one = shop.cal.get("/v1/where-used?block=footer_evergreen&limit=1").json()
    assert (len(one["items"]), one["more"]) == (1, True)
    by_fact = shop.cal.get("/v1/where-used?fact=product.name").json()
    assert {item["what"] for item in by_fact["items"]} == {"draft"}
    assert shop.cal.get("/v1/where-used?claim=walks_and_colds").json()["items"] == []
    assert shop.cal.get("/v1/where-used", params={"text": "COME  back outside"}).json()["items"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "one of text, claim, fact and block"),
        ("text=a&fact=b", "stands beside another one"),
        ("text=%20", "no words to look for"),
        ("claim=walks_and_cold", "did you mean 'walks_and_colds'?"),
        ("block=footer_evergren", "did you mean 'footer_evergreen'?"),
        ("blocks=x", "did you mean 'block'?"),
    ],
)
def test_a_search_for_uses_that_cannot_be_is_refused(shop: House, query: str, words: str) -> None:
    assert words in problem(shop.cal.get(f"/v1/where-used?{query}"), 422)


def test_the_matrix_renders_every_email(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    path = f"/v1/briefs/{BRIEF_ID}/matrix"
    found = shop.cal.get(path).json()
    (email,) = found["emails"]
    assert email["rendered"] == email["combinations"] == found["rendered"]
    assert email["every_combination"]
    assert email["choices"]["slot.hero"] == 1
    assert found["with_faults"] == len(email["faults"]) == 0
    assert shop.cal.get(f"{path}?together=true").json() == found  # of one segment it is the same email
    monkeypatch.setattr(matrices, "MOST_RENDERS", 0)
    refused = shop.cal.get(path)
    assert "at most 0 in one request" in problem(refused, 422)
    assert refused.json()["errors"][0]["field"] == "limit"
    assert shop.cal.get(f"{path}?limit=5000").status_code == 422


def test_nothing_of_another_brand_is_seen_or_done(shop: House) -> None:
    """Otto belongs to the other brand, Neo to none: our export is not there for them, whatever they ask."""
    choose_all(shop)
    made = exported(shop)
    one = {**PLACE, "kind": "cta", "arms": [{"block": "cta_evergreen"}]}
    for stranger in (shop.otto, shop.neo):
        for path in (CHOICES, f"/v1/briefs/{BRIEF_ID}/matrix", f"/v1/exports/{made['id']}", made["package"]):
            answer = stranger.get(path)
            assert answer.status_code == 404, path
            assert OURS not in answer.text.replace(answer.json()["instance"], "").replace(BRIEF_ID, "")
        assert stranger.post(CHOICES, json=one).status_code == 404
        assert stranger.post(EXPORTS, json=TO_OWN).status_code == 404
        assert stranger.get("/v1/exports").json().get("items") == []
        used = stranger.get("/v1/where-used", params={"text": "outside"}).text
        assert OURS not in used
    absent = shop.otto.get(f"/v1/exports/{'0' * 32}").json()["detail"]
    assert shop.otto.get(f"/v1/exports/{made['id']}").json()["detail"] == absent.replace("0" * 32, made["id"])
    assert MARKER not in shop.cal.get("/v1/where-used", params={"text": "outside"}).text


def test_the_plugin_exports_what_others_chose(shop: House) -> None:
    choose_all(shop)
    assert shop.pia.post(EXPORTS, json=TO_OWN).status_code == 201
    assert choose_as_plugin(shop) == 403
    assert shop.rae.post(EXPORTS, json=TO_OWN).status_code == 403
    old_key = shop.with_key("cal", Scope.READ, Scope.WRITE)
    assert "lacks the scope 'export'" in problem(old_key.post(EXPORTS, json=TO_OWN), 403)


def choose_as_plugin(shop: House) -> int:
    body = {**PLACE, "kind": "cta", "arms": [{"block": "cta_evergreen"}]}
    return shop.pia.post(CHOICES, json=body).status_code

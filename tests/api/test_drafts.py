"""Drafts over HTTP: lists that miss nothing, edits that are judged, copy by hand, writing anew, previews."""

import copy
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.db.drafts import DraftChange
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState
from app.llm.scripted import ScriptedModel
from tests.api.house import OURS, THEIRS, House, email_of
from tests.db.factories import AS_OF, make_draft
from tests.generation.desk import BRIEF, LINES, answering, variants

Build = Callable[..., House]
WISH = {"note": "shorter", "count": 1}
PRICED = {
    "headline": "A coat for every walk",
    "body": "The Ridgeline Coat is yours for $129. Take your time.",
}
PLACE = {"brief": "fernhill_hello", "locale": "en-US", "segment": "hikers"}


def brief(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(BRIEF), "brand": OURS, **changes}


@pytest.fixture
def own(build: Build) -> House:
    """A house that no other test writes to, with a brief that was answered."""
    return answered(build())


def answered(house: House) -> House:
    assert house.cal.post("/v1/variants", json=brief()).status_code == 200
    return house


def drafts(house: House, **wanted: str) -> list[dict[str, Any]]:
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    answer = house.cal.get(f"/v1/drafts?limit=200&{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def approve(house: House, draft_id: str, by: str = "rae") -> Draft:
    """As review does: the draft's approval of this copy, and its state."""
    draft = house.service.drafts.find(draft_id, [OURS])
    approval = DraftApproval(
        by=email_of(by), role="brand reviewer", at=AS_OF, content_hash=draft.content_hash, values={}
    )
    receipt = draft.receipt.model_copy(update={"approvers": (*draft.receipt.approvers, approval)})
    values = {"receipt": receipt, "state": DraftState.APPROVED, "approved_at": AS_OF}
    house.service.drafts.change([DraftChange(draft.id, draft.revision, values)])
    return house.service.drafts.find(draft_id, [OURS])


def tag(revision: int) -> dict[str, str]:
    return {"If-Match": f'"{revision}"'}


def test_lists_are_lean_and_narrowed(own: House) -> None:
    everything = drafts(own)
    assert len(everything) == 7
    assert [item["created_at"] for item in everything] == sorted(
        (item["created_at"] for item in everything), reverse=True
    )
    assert not {"receipt", "findings", "confidence"} & everything[0].keys()
    assert {item["kind"] for item in drafts(own, kind="hero")} == {"hero"}
    assert len(drafts(own, origin="generated", author="scripted")) == 6
    assert len(drafts(own, brief="fernhill_hello", state="draft", locale="en-US", journey="winback")) == 7
    assert drafts(own, segment="campers") == []
    assert own.cal.get("/v1/drafts?state=done").status_code == 422
    assert own.cal.get("/v1/drafts?cursor=e30").status_code == 422


def test_pages_show_every_draft_once_while_others_are_added(own: House) -> None:
    before = {item["id"] for item in drafts(own)}
    stop = threading.Event()

    def add() -> None:
        while not stop.is_set():
            own.service.drafts.add(make_draft(brand=OURS, brief_id="other"))

    writer = threading.Thread(target=add)
    writer.start()
    try:
        seen: list[str] = []
        cursor = ""
        while True:
            page = own.cal.get(f"/v1/drafts?limit=2{cursor}").json()
            seen += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
    finally:
        stop.set()
        writer.join()
    assert len(seen) == len(set(seen))
    assert before <= set(seen)


def test_drafts_of_several_brands_come_in_one_order(own: House) -> None:
    for number in range(6):
        own.service.drafts.add(make_draft(brand=(OURS, THEIRS)[number % 2], brief_id="mixed"))
    found, cursor = [], ""
    while True:
        page = own.gus.get(f"/v1/drafts?brief=mixed&limit=4{cursor}").json()
        found += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert [item["brand"] for item in found] == [THEIRS, OURS] * 3
    assert {item["brand"] for item in own.cal.get("/v1/drafts?brief=mixed").json()["items"]} == {OURS}


def test_one_draft_with_its_findings_confidence_decision_and_receipt(own: House) -> None:
    line = drafts(own, kind="hero")[0]
    answer = own.rae.get(f"/v1/drafts/{line['id']}")
    draft = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert line.items() <= draft.items()
    assert (draft["verdict"], draft["why_not"]) == ("pass", [])
    assert draft["confidence"]["parts"]
    assert draft["decision"]["sentence"] == "Every guardrail passed and the confidence is sufficient."
    assert len(draft["receipt"]["hashes"]["facts"]) == 64
    assert draft["receipt"]["as_of"] == "2026-11-20T09:00:00Z"


def test_another_brands_drafts_are_not_there(own: House) -> None:
    mine = drafts(own)[0]["id"]
    theirs = own.service.drafts.add(make_draft(brand=THEIRS)).id
    edit = {"copy_fields": {"label": "x"}}
    email = {"brief": "fernhill_hello", "locale": "en-US", "segment": "hikers"}
    asks: tuple[Callable[[str], Any], ...] = (
        lambda draft_id: own.cal.get(f"/v1/drafts/{draft_id}"),
        lambda draft_id: own.cal.patch(f"/v1/drafts/{draft_id}", json=edit, headers=tag(1)),
        lambda draft_id: own.cal.post(f"/v1/drafts/{draft_id}/redo", json=WISH),
        lambda draft_id: own.cal.post("/v1/emails", json={**email, "slots": {"cta": {"draft": draft_id}}}),
    )
    for request in asks:
        answer, nothing = request(theirs), request("0" * 32)
        assert (answer.status_code, nothing.status_code) == (404, 404)
        assert answer.json()["detail"].replace(theirs, "") == nothing.json()["detail"].replace("0" * 32, "")
    assert own.otto.get(f"/v1/drafts/{mine}").status_code == 404
    assert own.otto.get(f"/v1/drafts?brand={OURS}").status_code == 404


def test_an_edit_is_judged_recorded_and_ends_the_approval(own: House) -> None:
    draft_id = drafts(own, kind="hero")[0]["id"]
    before = approve(own, draft_id)
    body = {"copy_fields": {"headline": "Come back outside soon"}}
    assert own.cal.patch(f"/v1/drafts/{draft_id}", json=body).status_code == 428
    answer = own.cal.patch(f"/v1/drafts/{draft_id}", json=body, headers=tag(before.revision))
    assert answer.status_code == 200, answer.text
    draft = answer.json()["draft"]
    assert answer.headers["etag"] == f'"{before.revision + 1}"'
    assert (draft["state"], draft["origin"], draft["verdict"]) == ("draft", "edited", "pass")
    assert draft["copy_fields"]["headline"] == "Come back outside soon"
    assert draft["copy_fields"]["body"] == before.copy_fields["body"]
    (edit,) = draft["receipt"]["edits"]
    assert (edit["by"], edit["before"]) == (email_of("cal"), before.content_hash)
    assert edit["after"] == draft["content_hash"] != before.content_hash
    (approval,) = draft["receipt"]["approvals"]
    assert approval["ended"]["why"] == "the copy was edited"
    assert draft["confidence"] is None
    late = own.ada.patch(f"/v1/drafts/{draft_id}", json=body, headers=tag(before.revision))
    assert late.status_code == 412


def test_the_way_back_to_the_old_words_does_not_bring_the_approval_back(own: House) -> None:
    draft_id = drafts(own, kind="cta")[0]["id"]
    before = approve(own, draft_id)
    own.cal.patch(
        f"/v1/drafts/{draft_id}", json={"copy_fields": {"label": "Plan a long walk"}}, headers=tag(2)
    )
    back = own.cal.patch(
        f"/v1/drafts/{draft_id}", json={"copy_fields": before.copy_fields}, headers=tag(3)
    ).json()["draft"]
    assert (back["content_hash"], back["state"]) == (before.content_hash, "draft")
    status = own.cal.get("/v1/briefs/fernhill_hello/status").json()
    cta = next(slot for slot in status["emails"][0]["slots"] if slot["kind"] == "cta")
    assert not cta["ready"]


def test_copy_that_the_guardrails_refuse_is_kept_and_says_what_blocks_it(own: House) -> None:
    draft_id = drafts(own, kind="cta")[0]["id"]
    answer = own.cal.patch(
        f"/v1/drafts/{draft_id}", json={"copy_fields": {"label": "It heals colds"}}, headers=tag(1)
    )
    draft = answer.json()["draft"]
    assert (answer.status_code, draft["verdict"], draft["state"]) == (200, "fail", "draft")
    assert any("treats a body" in reason for reason in draft["why_not"])
    finding = next(item for item in draft["findings"] if item["category"] == "health_claim")
    assert draft["copy_fields"][finding["field"]][finding["start"] : finding["end"]] == "heals"
    assert own.cal.get(f"/v1/drafts/{draft_id}").json() == draft


def test_an_edit_that_changes_nothing_and_fields_that_are_not_there(own: House) -> None:
    line = drafts(own, kind="cta")[0]
    same = own.cal.patch(
        f"/v1/drafts/{line['id']}", json={"copy_fields": line["copy_fields"]}, headers=tag(1)
    )
    assert (same.json()["changed"], same.headers["etag"]) == (False, '"1"')
    odd = own.cal.patch(f"/v1/drafts/{line['id']}", json={"copy_fields": {"lable": "x"}}, headers=tag(1))
    (problem,) = odd.json()["errors"]
    assert (problem["pointer"], problem["expected"]) == ("/copy_fields/lable", "did you mean 'label'?")
    empty = own.cal.patch(f"/v1/drafts/{line['id']}", json={"copy_fields": {"label": "  "}}, headers=tag(1))
    assert empty.json()["errors"][0]["message"] == "is empty"
    long = own.cal.patch(
        f"/v1/drafts/{line['id']}", json={"copy_fields": {"label": "x" * 2001}}, headers=tag(1)
    )
    assert long.status_code == 422


def test_a_draft_that_is_over_is_not_edited(own: House) -> None:
    draft_id = drafts(own, kind="cta")[0]["id"]
    own.service.drafts.change([DraftChange(draft_id, 1, {"state": DraftState.REJECTED})])
    answer = own.cal.patch(
        f"/v1/drafts/{draft_id}", json={"copy_fields": {"label": "Plan a walk"}}, headers=tag(2)
    )
    assert (answer.status_code, answer.json()["detail"]) == (409, f"draft {draft_id} is rejected")


def test_a_draft_whose_slot_is_gone_is_not_judged_by_guesses(own: House) -> None:
    draft_id = drafts(own, kind="cta")[0]["id"]
    slots = [slot for slot in BRIEF["slots"] if slot["kind"] != "cta"]
    own.cal.patch("/v1/briefs/fernhill_hello", json={"slots": slots}, headers=tag(1))
    answer = own.cal.patch(
        f"/v1/drafts/{draft_id}", json={"copy_fields": {"label": "Plan a walk"}}, headers=tag(1)
    )
    assert answer.status_code == 409
    assert "has no slot en-US weekend_hikers cta any more" in answer.json()["detail"]


def test_a_persons_copy_goes_into_a_slot(own: House) -> None:
    answer = own.cal.post(
        "/v1/drafts", json={**PLACE, "kind": "cta", "copy_fields": {"label": "Find your way outside"}}
    )
    assert answer.status_code == 201, answer.text
    draft = answer.json()["draft"]
    assert answer.headers["location"] == f"/v1/drafts/{draft['id']}"
    assert (draft["origin"], draft["author"], draft["state"]) == ("human", email_of("cal"), "draft")
    assert (draft["segment"], draft["verdict"], draft["decision"]) == ("weekend_hikers", "pass", None)
    status = own.cal.get("/v1/briefs/fernhill_hello/status").json()
    cta = next(slot for slot in status["emails"][0]["slots"] if slot["kind"] == "cta")
    assert cta["drafts"][0]["id"] == draft["id"]


def test_values_in_a_persons_copy_are_compared_with_the_facts(own: House) -> None:
    fields = {
        "headline": "A coat for every walk",
        "body": "The Ridgeline Coat is yours for $129. Take your time.",
    }
    right = own.cal.post("/v1/drafts", json={**PLACE, "kind": "hero", "copy_fields": fields}).json()
    assert right["draft"]["verdict"] == "pass", right["draft"]["why_not"]
    (value,) = right["written_values"]
    assert (value["field"], value["text"], value["could_be"]) == ("body", "$129", ["product.price"])
    assert fields["body"][value["start"] : value["end"]] == "$129"
    wrong = {**fields, "body": fields["body"].replace("$129", "$99")}
    refused = own.cal.post("/v1/drafts", json={**PLACE, "kind": "hero", "copy_fields": wrong}).json()
    assert refused["draft"]["verdict"] == "fail"
    assert any("'$99': the facts do not give this amount" in why for why in refused["draft"]["why_not"])
    assert "by value and by use" in refused["note"]


def test_a_written_out_value_is_judged_again_when_the_fact_changes(own: House) -> None:
    fields = {
        "headline": "A coat for every walk",
        "body": "The Ridgeline Coat is yours for $129. Take your time.",
    }
    made = own.cal.post("/v1/drafts", json={**PLACE, "kind": "hero", "copy_fields": fields}).json()["draft"]
    approve(own, made["id"])
    change = {"locale": "en-US", "facts": {"product.price": {"value": "119"}}}
    done = own.cal.patch(
        "/v1/briefs/fernhill_hello/facts", json={"apply": True, "targets": [change]}, headers=tag(1)
    )
    assert made["id"] in done.json()["effect"]["approvals_ended"]
    draft = own.cal.get(f"/v1/drafts/{made['id']}").json()
    assert (draft["state"], draft["verdict"]) == ("in_review", "fail")
    assert (
        draft["receipt"]["approvals"][0]["ended"]["why"] == "a value that it writes out is not true any more"
    )


def test_a_written_out_discount_does_not_lower_the_tier(build: Build) -> None:
    house = build()
    off = {"kind": "percent", "role": "discount", "value": "20", "source": "price list"}
    given = brief()
    facts = given["targets"][0]["facts"]
    facts["product.discount"] = off
    facts["product.was_price"] = {**facts["product.price"], "role": "was_price", "value": "161.25"}
    contract = house.service.contents.now().library(OURS).brand.contract
    assert contract.tiers.facts == {}
    house.cal.post("/v1/briefs", json=given)
    fields = {"label": "Take 20% off today"}
    made = house.cal.post("/v1/drafts", json={**PLACE, "kind": "cta", "copy_fields": fields}).json()
    assert made["written_values"][0]["could_be"] == ["product.discount"]


def test_a_slot_or_a_field_that_is_not_there(own: House) -> None:
    body = {**PLACE, "kind": "cta", "copy_fields": {"label": "Plan a walk"}}
    for change, pointer, expected in (
        ({"kind": "ctas"}, "/kind", "did you mean 'cta'?"),
        ({"segment": "hiker"}, "/segment", "did you mean 'weekend_hikers'?"),
        ({"locale": "de-DE"}, "/locale", "known: en-US"),
        ({"copy_fields": {"text": "x"}}, "/copy_fields/text", "known: label"),
        ({"image": "logo"}, "/image", "pictures stand in hero, educational"),
    ):
        answer = own.cal.post("/v1/drafts", json={**body, **change})
        assert answer.status_code == 422, change
        problem = answer.json()["errors"][0]
        assert (problem["pointer"], problem["expected"]) == (pointer, expected)
    assert own.cal.post("/v1/drafts", json={**body, "brief": "nothing"}).status_code == 404


def test_the_same_key_writes_one_draft(own: House) -> None:
    body = {**PLACE, "kind": "cta", "copy_fields": {"label": "Find your way outside"}}
    key = {"Idempotency-Key": "mine"}
    first = own.cal.post("/v1/drafts", json=body, headers=key)
    again = own.cal.post("/v1/drafts", json=body, headers=key)
    assert first.json() == again.json()
    assert len(drafts(own, origin="human", kind="cta")) == 1


def test_a_draft_is_written_anew_with_a_wish(build: Build) -> None:
    lines = {**LINES, "cta": [*LINES["cta"], {"label": "Walk with us"}, {"label": "Take a slow path"}]}
    house = answered(build(ScriptedModel(answering(lines))))
    parent = drafts(house, kind="cta")[0]
    answer = house.cal.post(
        f"/v1/drafts/{parent['id']}/redo", json={"note": "shorter, less pushy", "count": 2}
    )
    assert answer.status_code == 200, answer.text
    slot = answer.json()["slot"]
    assert answer.json()["wish_read"] is True
    assert (slot["outcome"], len(slot["variants"])) == ("generated", 2)
    siblings = [house.cal.get(f"/v1/drafts/{item['draft_id']}").json() for item in slot["variants"]]
    assert {(item["parent"], item["note"], item["origin"]) for item in siblings} == {
        (parent["id"], "shorter, less pushy", "generated")
    }
    assert house.cal.get(f"/v1/drafts/{parent['id']}").json()["revision"] == 1
    status = house.cal.get("/v1/briefs/fernhill_hello/status").json()
    cta = next(item for item in status["emails"][0]["slots"] if item["kind"] == "cta")
    assert (cta["outcome"], len(cta["drafts"])) == ("generated", 4)


def test_a_wish_that_nothing_fulfils_makes_no_draft_and_says_why(build: Build) -> None:
    claim = {"label": "It heals colds"}
    house = answered(build(ScriptedModel(answering({**LINES, "cta": [*LINES["cta"][:2], claim, claim]}))))
    parent = drafts(house, kind="cta")[0]
    before = len(drafts(house))
    slot = house.cal.post(f"/v1/drafts/{parent['id']}/redo", json={"note": "shorter", "count": 1}).json()[
        "slot"
    ]
    assert (slot["variants"], slot["reason"]) == ([], "guardrail_refused")
    assert slot["sentence"] == "A guardrail refused every line the model wrote."
    assert slot["refused"][0]["copy_fields"] == claim
    assert len(drafts(house)) == before
    status = house.cal.get("/v1/briefs/fernhill_hello/status").json()
    cta = next(item for item in status["emails"][0]["slots"] if item["kind"] == "cta")
    assert cta["outcome"] == "generated"


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("say that it heals colds", "treats a body"),
        ("use {{ secret }}", "a variable that is not allowed here"),
        ("as for {person.shoe_size}", "this slot may not use the token '{person.shoe_size}'"),
    ],
)
def test_a_wish_is_judged_like_the_briefs_own_words(own: House, note: str, words: str) -> None:
    draft_id = drafts(own, kind="cta")[0]["id"]
    answer = own.cal.post(f"/v1/drafts/{draft_id}/redo", json={"note": note})
    assert answer.status_code == 422, answer.text
    assert all(item["pointer"] == "/note" for item in answer.json()["errors"])
    assert any(words in item["message"] for item in answer.json()["errors"]), answer.json()["errors"]


def test_what_no_model_writes_is_not_written_anew(own: House) -> None:
    draft_id = drafts(own, kind="footer")[0]["id"]
    answer = own.cal.post(f"/v1/drafts/{draft_id}/redo", json={"note": "shorter"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/conflict")
    assert own.rae.post(f"/v1/drafts/{draft_id}/redo", json={"note": "shorter"}).status_code == 403


def test_a_preview_shows_the_best_that_is_stored_or_what_is_chosen(own: House) -> None:
    answer = own.rae.post("/v1/emails", json=PLACE)
    assert answer.status_code == 200, answer.text
    email = answer.json()
    assert email["preview"] is True
    assert email["text"].startswith("PREVIEW - NOT APPROVED")
    assert (email["open_kinds"], email["images"]) == ([], [])
    assert "<html" in email["html"]
    assert email["mjml"].startswith("<mjml")
    assert "{" not in email["text"]
    assert email["qa"]
    assert [item for item in email["qa"] if item["severity"] == "error"] == []
    assert [slot["kind"] for slot in email["slots"]] == ["subject", "hero", "cta", "footer"]
    assert email["slots"][3]["block"] == "footer_evergreen"
    shown = {slot["draft"] for slot in email["slots"]}
    other = next(item for item in drafts(own, kind="subject") if item["id"] not in shown)
    slots = {"subject": {"draft": other["id"]}, "cta": {"block": "cta_evergreen"}, "footer": {}}
    chosen = own.rae.post("/v1/emails", json={**PLACE, "slots": slots}).json()
    assert chosen["subject"] == other["copy_fields"]["subject"]
    assert (chosen["slots"][2]["block"], chosen["open_kinds"]) == ("cta_evergreen", ["footer"])


def test_a_preview_of_what_does_not_fit_is_refused(own: House) -> None:
    hero = drafts(own, kind="hero")[0]["id"]
    for slots, pointer in (
        ({"heros": {}}, "/slots/heros"),
        ({"cta": {"draft": hero}}, "/slots/cta/draft"),
        ({"cta": {"draft": hero, "block": "cta_evergreen"}}, "/slots/cta"),
        ({"cta": {"block": "hero_evergreen"}}, "/slots/cta/block"),
    ):
        answer = own.cal.post("/v1/emails", json={**PLACE, "slots": slots})
        assert answer.status_code == 422, slots
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert own.cal.post("/v1/emails", json={**PLACE, "segment": "campers"}).status_code == 422


def test_a_sibling_repeats_no_draft_of_the_slot(build: Build) -> None:
    house = answered(build(ScriptedModel(lambda request: variants(*LINES[request.purpose.kind][:2]))))
    draft_id = drafts(house, kind="cta")[0]["id"]
    slot = house.cal.post(f"/v1/drafts/{draft_id}/redo", json=WISH).json()["slot"]
    assert slot["variants"] == []
    assert slot["reason"] == "duplicate"

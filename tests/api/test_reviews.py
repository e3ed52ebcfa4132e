"""Review over HTTP: each action as each role, deadlines and questions, conflicts, several at once."""

import copy
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.brand.roles import Scope
from app.copywriting.review_clock import Swept
from app.server import keep_deadlines
from tests.api.house import MARKER, OURS, PEOPLE, THEIRS, email_of
from tests.api.review_house import START, ReviewHouse, open_review_house
from tests.db.factories import make_draft
from tests.generation.desk import BRIEF

ACTIONS: dict[str, dict[str, Any]] = {
    "submit": {},
    "take": {},
    "ask": {"person": email_of("lea"), "text": "Is it so?"},
    "answer": {"question": "0" * 32, "text": "It is."},
    "comment": {"text": "Good."},
    "approve": {},
    "request-changes": {"text": "Shorter."},
    "reject": {"reason": "unclear"},
    "withdraw": {},
    "escalate": {"tier": "restricted", "text": "Hm."},
}
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>{{ 7*7 }}"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[ReviewHouse]:
    with open_review_house(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReviewHouse]:
    """One that tests leave as it is."""
    with open_review_house(tmp_path_factory.mktemp("shared")) as opened:
        yield opened


def why_not(review: dict[str, Any], action: str) -> str:
    (found,) = [item for item in review["actions"] if item["action"] == action]
    assert found["possible"] == (found["why_not"] == "")
    why: str = found["why_not"]
    return why


def test_a_draft_explains_its_review_before_it_is_submitted(shared: ReviewHouse) -> None:
    review = shared.review(shared.draft("hero"), "cal")
    assert (review["state"], review["tier"]) == ("draft", "elevated")
    assert review["reasons"][0] == "elevated: it is a block of the kind hero"
    assert (review["needed"], review["missing"]) == (["brand reviewer", "legal"],) * 2
    assert (review["people_missing"], review["next_roles"]) == (2, ["brand reviewer"])
    assert review["could_approve"] == [email_of("rae")]
    assert review["terms"]["in_turn"] is True
    assert (review["deadline"], review["rounds"], review["given"]) == (None, [], [])
    assert why_not(review, "submit") == ""
    assert "not in review" in why_not(review, "approve")
    assert review["unread"] == {"allowed": False, "drawn": review["unread"]["drawn"]}


def test_a_draft_goes_through_review_in_turn(own: ReviewHouse) -> None:
    draft_id = own.draft("hero")
    review = own.done("cal", "submit", draft_id)
    assert (review["state"], review["deadline"]["due_at"]) == ("in_review", "2026-11-17T09:00:00Z")
    assert own.cal.get(f"/v1/drafts/{draft_id}").json()["tier_reasons"] == review["reasons"]
    early = own.act("lea", "approve", draft_id)
    assert (early.status_code, early.json()["detail"]) == (403, "it waits for an approval by: brand reviewer")
    review = own.done("rae", "approve", draft_id)
    assert (review["state"], review["missing"], review["people_missing"]) == ("in_review", ["legal"], 1)
    answer = own.act("lea", "approve", draft_id)
    draft = answer.json()["draft"]
    assert (draft["state"], draft["tier"]) == ("approved", "elevated")
    assert [item["role"] for item in draft["receipt"]["approvals"]] == ["brand reviewer", "legal"]
    assert answer.headers["etag"] == f'"{draft["revision"]}"'
    (way,) = answer.json()["review"]["rounds"]
    assert (way["closed_as"], way["submitted_by"]) == ("approved", email_of("cal"))
    told = own.cal.get(f"/v1/drafts/{draft_id}/receipt").json()["lines"]
    assert any(line.startswith(f"round 1 of review: submitted by {email_of('cal')}") for line in told)
    assert any(line.startswith(f"approved by {email_of('lea')} as legal") for line in told)
    assert not any("no record" in line for line in told)


@pytest.mark.parametrize("name", [name for name, (brand, roles) in PEOPLE.items() if brand == OURS and roles])
def test_what_each_role_is_told_it_may_do_is_what_it_may_do(own: ReviewHouse, name: str) -> None:
    draft_id = own.submitted("subject", who="ada")
    review = own.review(draft_id, name)
    for action, body in ACTIONS.items():
        told = why_not(review, action.replace("-", "_"))
        if not told:
            continue
        answer = own.act(name, action, draft_id, **body)
        assert answer.status_code in (403, 409), (action, answer.text)
        if name not in ("ola", "pia"):
            assert answer.json()["detail"] == told, action
    able = {item["action"] for item in review["actions"] if item["possible"]}
    expected = {
        "cal": {"ask", "comment", "withdraw"},
        "rae": {"take", "ask", "comment", "approve", "request_changes", "reject", "escalate"},
        "lea": {"ask", "comment", "withdraw"},
        "per": {"ask", "comment"},
        "ada": {"take", "ask", "comment", "request_changes", "reject", "withdraw", "escalate"},
        "ola": set(),
        "pia": set(),
    }
    assert able == expected[name]


@pytest.mark.parametrize("action", ACTIONS)
def test_for_a_stranger_no_draft_is_there(shared: ReviewHouse, action: str) -> None:
    draft_id = shared.draft("hero")
    given = {"json": ACTIONS[action], "headers": {"If-Match": '"1"'}}
    asked = [shared.otto.post(f"/v1/drafts/{i}/{action}", **given) for i in (draft_id, "0" * 32)]
    assert [answer.status_code for answer in asked] == [404, 404]
    words = [answer.json()["detail"] for answer in asked]
    assert words[0].replace(draft_id, "") == words[1].replace("0" * 32, "")
    assert shared.neo.post(f"/v1/drafts/{draft_id}/{action}", **given).status_code == 404
    assert shared.nobody.post(f"/v1/drafts/{draft_id}/{action}", **given).status_code == 401


def test_a_stranger_sees_no_review_and_no_queue(own: ReviewHouse) -> None:
    draft_id = own.submitted("hero")
    assert own.otto.get(f"/v1/drafts/{draft_id}/review").status_code == 404
    assert own.otto.get("/v1/reviews").json()["items"] == []
    assert own.otto.get(f"/v1/reviews?brand={OURS}").status_code == 404
    seen = {"drafts": [{"id": draft_id, "revision": 2}]}
    assert own.otto.post("/v1/reviews/approve", json=seen).status_code == 404
    theirs = own.house.service.drafts.add(make_draft(brand=THEIRS, message=MARKER)).id
    assert own.ada.get(f"/v1/drafts/{theirs}/review").status_code == 404


def test_an_action_names_the_revision_that_was_seen(own: ReviewHouse) -> None:
    draft_id = own.draft("hero")
    path = f"/v1/drafts/{draft_id}"
    assert own.cal.post(f"{path}/submit").status_code == 428
    late = own.cal.post(f"{path}/submit", headers={"If-Match": '"7"'})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/out-of-date")
    assert own.cal.post(f"{path}/submit", headers={"If-Match": '"1"'}).status_code == 200
    assert own.cal.post(f"{path}/comment", json={"text": "No tag."}).status_code == 200
    stale = own.cal.post(f"{path}/comment", json={"text": "Old tag."}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412


def test_an_approval_of_other_values_than_those_that_were_seen_is_refused(own: ReviewHouse) -> None:
    draft_id = own.submitted("cta")
    review = own.review(draft_id)
    assert review["covers"] == {"link": "https://fernhill.example/", "market": "US"}
    path, tag = f"/v1/drafts/{draft_id}/approve", own.tag(draft_id)
    late = own.rae.post(path, json={"seen": "0" * 16}, headers=tag)
    assert (late.status_code, late.json()["type"]) == (412, "/problems/out-of-date")
    assert own.review(draft_id)["given"] == []
    assert own.rae.post(path, json={"seen": review["seen"]}, headers=tag).status_code == 200


def test_of_two_at_once_one_wins_and_one_is_told(own: ReviewHouse) -> None:
    draft_id = own.submitted("subject")
    tag = own.tag(draft_id)
    answers: list[Any] = []

    def act(action: str, body: dict[str, Any]) -> None:
        answers.append(own.rae.post(f"/v1/drafts/{draft_id}/{action}", json=body, headers=tag))

    asked = [("approve", {}), ("reject", {"reason": "unclear"}), ("request-changes", {"text": "No."})]
    threads = [threading.Thread(target=act, args=item) for item in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    (won,) = [answer.json() for answer in answers if answer.status_code == 200]
    assert own.review(draft_id)["state"] == won["draft"]["state"]
    assert len(own.review(draft_id)["rounds"]) == 1


def test_nobody_approves_what_they_wrote_edited_or_asked_for(own: ReviewHouse) -> None:
    place = {"brief": BRIEF["id"], "locale": "en-US", "segment": "hikers", "kind": "cta"}
    made = own.rae.post("/v1/drafts", json={**place, "copy_fields": {"label": "Find your way"}}).json()
    draft_id = made["draft"]["id"]
    own.done("rae", "submit", draft_id)
    refused = own.act("rae", "approve", draft_id)
    assert refused.status_code == 403
    assert "nobody approves what they wrote" in refused.json()["detail"]
    own.house.people.grant(email_of("lea"), OURS, [PEOPLE["rae"][1][0]])
    edit = {"copy_fields": {"label": "Find a quiet path"}}
    assert own.lea.patch(f"/v1/drafts/{draft_id}", json=edit, headers=own.tag(draft_id)).status_code == 200
    again = own.act("lea", "approve", draft_id)
    assert (again.status_code, own.review(draft_id)["state"]) == (403, "in_review")


def test_two_keys_of_one_person_are_one_person(own: ReviewHouse) -> None:
    own.house.people.grant(email_of("rae"), OURS, [PEOPLE["lea"][1][0]])
    draft_id = own.submitted("hero")
    review = own.done("rae", "approve", draft_id)
    assert (review["missing"], review["people_missing"], review["state"]) == ([], 1, "in_review")
    second = own.house.with_key("rae", *Scope)
    answer = second.post(f"/v1/drafts/{draft_id}/approve", headers=own.tag(draft_id))
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "you have approved it, and another person has to as well",
    )
    assert own.done("lea", "approve", draft_id)["state"] == "approved"


def test_a_key_for_writing_is_enough_to_withdraw(own: ReviewHouse) -> None:
    writer = own.house.with_key("cal", Scope.WRITE, Scope.READ)
    draft_id = own.draft("hero")
    told = writer.get(f"/v1/drafts/{draft_id}/review").json()
    assert [item["action"] for item in told["actions"] if item["possible"]] == ["withdraw"]
    assert writer.post(f"/v1/drafts/{draft_id}/submit", headers=own.tag(draft_id)).status_code == 403
    answer = writer.post(f"/v1/drafts/{draft_id}/withdraw", json={"text": "Off."}, headers=own.tag(draft_id))
    assert answer.json()["draft"]["state"] == "withdrawn"


def test_a_question_blocks_approval_and_holds_the_deadline(own: ReviewHouse) -> None:
    draft_id = own.submitted("hero")
    review = own.done("rae", "ask", draft_id, person=email_of("cal"), text="Is it in stock?")
    (question,) = review["notes"]
    assert review["deadline"]["held_by"] == [question["id"]]
    assert own.act("rae", "approve", draft_id).status_code == 409
    own.clock.pass_hours(5)
    held = own.review(draft_id)["deadline"]
    assert held["due_at"] == "2026-11-17T14:00:00Z"
    own.clock.pass_hours(20)
    assert own.review(draft_id)["deadline"]["due_at"] == "2026-11-17T21:00:00Z", "twelve hours at most"
    not_asked = own.act("lea", "answer", draft_id, question=question["id"], text="Yes.")
    assert not_asked.status_code == 403
    answered = own.done("cal", "answer", draft_id, question=question["id"], text="It is.")
    assert answered["deadline"] == {
        "due_at": "2026-11-17T21:00:00Z",
        "latest_at": "2026-11-20T07:00:00Z",
        "held_since": None,
        "held_by": [],
    }
    assert [(note["sort"], note["answers"]) for note in answered["notes"]] == [
        ("question", None),
        ("answer", question["id"]),
    ]
    assert own.done("rae", "approve", draft_id)["missing"] == ["legal"]


def test_past_the_deadline_the_slot_takes_the_safe_block(own: ReviewHouse) -> None:
    draft_id = own.submitted("hero")
    service = own.house.service
    own.clock.pass_hours(23)
    assert (keep_deadlines(service), keep_deadlines(service)) == (Swept(reminded=1), Swept())
    own.clock.pass_hours(2)
    assert (keep_deadlines(service), keep_deadlines(service)) == (Swept(expired=1), Swept())
    review = own.review(draft_id)
    assert (review["state"], review["rounds"][0]["closed_as"]) == ("expired", "expired")
    assert "nobody decided by 2026-11-17 09:00 UTC; the slot takes the block" in review["notes"][0]["text"]
    late = own.act("rae", "approve", draft_id)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/conflict")


def test_several_processes_that_look_at_the_clock_end_a_review_once(own: ReviewHouse) -> None:
    ids = [own.submitted("hero"), own.submitted("subject"), own.submitted("cta")]
    own.clock.pass_hours(60)
    done: list[Swept] = []
    threads = [
        threading.Thread(target=lambda: done.append(keep_deadlines(own.house.service))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(swept.expired for swept in done) == len(ids)
    for draft_id in ids:
        review = own.review(draft_id)
        assert (review["state"], len(review["notes"]), len(review["rounds"])) == ("expired", 1, 1)


def test_what_would_be_sent_too_soon_is_not_submitted(own: ReviewHouse) -> None:
    own.clock.at = START + dt.timedelta(days=4)
    answer = own.act("cal", "submit", own.draft("hero"))
    assert answer.status_code == 409
    assert answer.json()["detail"] == "reviews of this email had to end by 2026-11-20 07:00 UTC"


def test_an_edit_that_is_refused_ends_the_review(own: ReviewHouse) -> None:
    draft_id = own.submitted("cta")
    edit = {"copy_fields": {"label": "It heals colds"}}
    edited = own.cal.patch(f"/v1/drafts/{draft_id}", json=edit, headers=own.tag(draft_id)).json()["draft"]
    assert (edited["verdict"], edited["state"]) == ("fail", "draft")
    assert own.review(draft_id)["rounds"][0]["closed_as"] == "edited"
    refused = own.act("cal", "submit", draft_id)
    assert (refused.status_code, "guardrails do not pass" in refused.json()["detail"]) == (409, True)


def test_the_tier_is_raised_and_never_lowered(own: ReviewHouse) -> None:
    draft_id = own.submitted("cta")
    lower = own.act("rae", "escalate", draft_id, tier="low", text="Less.")
    assert lower.status_code == 409
    review = own.done("rae", "escalate", draft_id, tier="restricted", text="More.")
    assert (review["tier"], review["needed"]) == ("restricted", ["brand owner", "legal"])
    assert review["reasons"][0] == f"restricted: {email_of('rae')} raised it"
    edit = {"copy_fields": {"label": "Walk with us"}}
    own.cal.patch(f"/v1/drafts/{draft_id}", json=edit, headers=own.tag(draft_id))
    assert own.review(draft_id)["tier"] == "restricted"


@pytest.mark.parametrize(
    ("action", "body", "pointer"),
    [
        ("comment", {"text": "x" * 5001}, "/text"),
        ("comment", {"text": "  "}, "/text"),
        ("comment", {"words": "x"}, "/words"),
        ("approve", {"force": True}, "/force"),
        ("reject", {"reason": "dull"}, "/reason"),
        ("escalate", {"tier": "none", "text": "x"}, "/tier"),
        ("ask", {"person": "x", "text": "Well?"}, "/person"),
        ("take", {"release": "yes"}, "/release"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(
    shared: ReviewHouse, action: str, body: dict[str, Any], pointer: str
) -> None:
    answer = shared.act("rae", action, shared.draft("hero"), **body)
    assert answer.status_code == 422, answer.text[:500]
    assert pointer in [item["pointer"] for item in answer.json()["errors"]]
    assert len(answer.text) < 3000


def test_a_comment_of_a_megabyte_is_refused_in_few_words(shared: ReviewHouse) -> None:
    path = f"/v1/drafts/{shared.draft('hero')}/comment"
    answer = shared.rae.post(path, json={"text": "x" * 1_000_000})
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
    assert len(answer.text) < 1000
    assert shared.review(shared.draft("hero"))["notes"] == []


def test_people_who_are_not_there_are_told_with_the_nearest_name(own: ReviewHouse) -> None:
    draft_id = own.submitted("hero")
    answer = own.act("rae", "ask", draft_id, person="lee@example.com", text="Well?")
    assert answer.status_code == 404
    assert email_of("lea") in answer.json()["hint"]
    assert own.act("rae", "take", draft_id, assignee=email_of("per")).status_code == 403
    assert own.done("rae", "take", draft_id, assignee=email_of("lea"))["assignee"] == email_of("lea")
    assert own.done("rae", "take", draft_id, release=True)["assignee"] is None


def test_markup_stays_text_in_every_field(own: ReviewHouse) -> None:
    draft_id = own.submitted("subject")
    own.done("rae", "comment", draft_id, text=MARKUP)
    own.done("rae", "ask", draft_id, person=email_of("cal"), text=MARKUP)
    (question,) = [note["id"] for note in own.review(draft_id)["notes"] if note["open"]]
    own.done("cal", "answer", draft_id, question=question, text=MARKUP)
    own.done("rae", "escalate", draft_id, tier="elevated", text=MARKUP)
    own.done("rae", "request-changes", draft_id, text=MARKUP)
    review = own.done("cal", "withdraw", draft_id, text=MARKUP)
    assert [note["text"] for note in review["notes"]] == [MARKUP] * 6
    answer = own.rae.get(f"/v1/drafts/{draft_id}/review")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_draft_whose_slot_is_gone_can_only_be_ended(own: ReviewHouse) -> None:
    draft_id = own.submitted("cta")
    slots = [slot for slot in copy.deepcopy(BRIEF["slots"]) if slot["kind"] != "cta"]
    tag = {"If-Match": own.cal.get(f"/v1/briefs/{BRIEF['id']}").headers["etag"]}
    changed = own.cal.patch(f"/v1/briefs/{BRIEF['id']}", json={"slots": slots}, headers=tag)
    assert changed.status_code == 200
    review = own.review(draft_id)
    assert review["reasons"][0] == "its brief or slot is not there any more" or review["reasons"]
    assert (review["verdict"], own.act("rae", "approve", draft_id).status_code) == ("not_run", 409)
    assert own.done("rae", "reject", draft_id, reason="not_needed")["state"] == "rejected"


def test_the_same_request_sent_again_is_done_once(own: ReviewHouse) -> None:
    draft_id = own.draft("subject")
    headers = {"If-Match": '"1"', "Idempotency-Key": "once"}
    first = own.cal.post(f"/v1/drafts/{draft_id}/submit", headers=headers)
    again = own.cal.post(f"/v1/drafts/{draft_id}/submit", headers=headers)
    assert (first.status_code, first.json()) == (200, again.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert len(own.review(draft_id)["rounds"]) == 1


def test_several_are_approved_where_the_tier_allows_it(own: ReviewHouse) -> None:
    one, two, *_ = (item["id"] for item in own.drafts("cta"))
    for draft_id in (one, two):
        own.done("cal", "submit", draft_id)
    subject = own.submitted("subject")
    rows = [{"id": draft_id, "revision": 2} for draft_id in (one, two, subject)]
    refused = own.rae.post("/v1/reviews/approve", json={"drafts": rows})
    assert refused.status_code == 409, refused.text
    assert refused.json()["detail"] == "1 of 3 cannot be approved, and none was"
    assert [item["message"] for item in refused.json()["errors"]] == [
        f"draft {subject}: tier standard is approved one by one"
    ]
    assert own.review(one)["state"] == "in_review"
    stale = [{"id": one, "revision": 1}, {"id": two, "revision": 2}]
    assert "at revision 2, not at 1" in own.rae.post("/v1/reviews/approve", json={"drafts": stale}).text
    assert own.cal.post("/v1/reviews/approve", json={"drafts": rows[:2]}).status_code == 409
    twice = own.rae.post("/v1/reviews/approve", json={"drafts": [rows[0], rows[0]]})
    assert twice.status_code == 400
    other = [{**rows[0], "seen": "0" * 16}, rows[1]]
    assert "other values than those" in own.rae.post("/v1/reviews/approve", json={"drafts": other}).text
    read = [{**row, "seen": own.review(str(row["id"]))["seen"]} for row in rows[:2]]
    done = own.rae.post("/v1/reviews/approve", json={"drafts": read})
    assert [item["state"] for item in done.json()["drafts"]] == ["approved", "approved"]


def test_the_queue_is_ordered_filtered_counted_and_paged(own: ReviewHouse) -> None:
    for kind in ("subject", "hero", "cta"):
        for item in own.drafts(kind):
            own.done("cal", "submit", item["id"])
    own.done("rae", "take", own.draft("hero"))
    page = own.rae.get("/v1/reviews").json()
    assert page["counts"] == {"low": 2, "standard": 2, "elevated": 2, "restricted": 0}
    order = [(-item["harm"], item["due_at"]) for item in page["items"]]
    assert (order, page["next"]) == (sorted(order), None)
    assert {item["kind"] for item in page["items"][-2:]} == {"cta"}

    def found(query: str) -> list[dict[str, Any]]:
        answer = own.rae.get(f"/v1/reviews?{query}")
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    assert {item["kind"] for item in found("tier=low")} == {"cta"}
    assert [item["draft"] for item in found("assignee=me")] == [own.draft("hero")]
    assert found(f"assignee={email_of('rae')}") == found("assignee=me")
    assert len(found("assignee=nobody")) == 5
    assert len(found("kind=hero&segment=weekend_hikers&locale=en-US&brief=fernhill_hello")) == 2
    assert found("brief=other") == []
    seen: list[str] = []
    cursor = ""
    while True:
        part = own.rae.get(f"/v1/reviews?limit=2{cursor}").json()
        seen += [item["draft"] for item in part["items"]]
        assert part["counts"] == page["counts"]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert seen == [item["draft"] for item in page["items"]]
    for bad in ("cursor=e30", "cursor=WyJhIiwgImIiLCAiYyJd", "tier=high", "limit=0", "state=draft"):
        assert own.rae.get(f"/v1/reviews?{bad}").status_code in (400, 422), bad

"""The page of one draft: what it shows, what may be done, and what becomes of forms that come too late."""

import copy
import html
import re
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from app.api.app import create_api
from app.brand.models import ClaimRule
from app.brand.packs import Pack
from app.brand.roles import Scope
from app.brand.scope import PackHead
from app.copywriting.review_clock import sweep
from app.db.drafts import DraftChange
from app.db.review_tables import RejectReason
from app.db.reviews import QueueFilter
from app.db.tables import Draft, DraftState
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.reject import RejectOrder
from app.web.draft_page.findings import rule_of
from tests.api.house import OURS, THEIRS, email_of
from tests.generation.desk import BRIEF
from tests.release.content import PACK_HEAD, PACK_RULE
from tests.web.conftest import FakeClock
from tests.web.drafts import HERO, SEND_AT, act, office_of, page_of, write, write_email
from tests.web.front import Browser, Front

BAD = {**HERO, "headline": "Unleash the best coat"}


def text_of(page: str) -> str:
    """The words of a page as they are read."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def state(front: Front, draft: Draft) -> Draft:
    """The draft as it is stored now."""
    return front.service.drafts.find(draft.id, [OURS])


def seen(front: Front, draft: Draft) -> dict[str, str]:
    """What a form of the page says that it was made from."""
    now = state(front, draft)
    return {"revision": str(now.revision), "seen_state": now.state.value, "seen_copy": now.content_hash}


def do(front: Front, browser: Browser, draft: Draft, action: str, **fields: str) -> str:
    """One form of the page, filled in; where it leads."""
    answer = browser.post(f"{page_of(draft)}/actions/{action}", **{**seen(front, draft), **fields})
    assert answer.status_code == 303, text_of(answer.text)
    return answer.headers["location"]


@pytest.fixture
def submitted(front: Front, clock: FakeClock) -> Draft:
    """A draft of Cal's in review."""
    return act(front.service, "submit", write(front.service), "cal", at=clock())


def test_what_a_reviewer_has_to_know(front: Front, submitted: Draft) -> None:
    page = front.signed_in("rae").get(page_of(submitted)).text
    words = text_of(page)
    for expected in (
        "Opening for Weekend hikers",
        "in review",
        "written by a person, cal@example.com",
        "Who must approve low risk Brand reviewer",
        "it is the opening of an email",
        "Still missing Brand reviewer : rae@example.com",
        "Deadline 29 November 2026, 09:00 UTC",
        "Taken by nobody",
        "16 words to read. It did not come from approved copy.",
        "$129 {product.price} price, from catalog",
        "Rounds of review: 1",
        "nobody has approved it",
        "the brand's files",
    ):
        assert expected in words
    assert re.search(r'<span class="value">\$129<code class="token">\{product.price\}</code></span>', page)


def test_findings_stand_in_the_text_with_rule_source_and_what_would_pass(front: Front) -> None:
    page = front.signed_in("cal").get(page_of(write(front.service, fields=BAD))).text
    mark = '<mark class="{}">{}</mark><a class="number" href="#finding-{}" aria-label="finding {}">{}</a>'
    assert mark.format("block", "Unleash", 1, 1, 1) in page
    assert mark.format("warn", "the best", 2, 2, 2) in page
    words = text_of(page)
    assert "1 must change (brand) : the voice guide avoids 'unleash'" in words
    assert "What would pass: say 'use'" in words
    assert "Rule best_ever , a rule of the brand. Source: house rule" in words


def test_what_cannot_be_done_says_why(front: Front) -> None:
    words = text_of(front.signed_in("rae").get(page_of(write(front.service, fields=BAD))).text)
    assert "Submit for review the rules refuse it; what they found stands in the copy" in words
    assert "Withdraw its writers withdraw it, or one of: brand owner, copywriter, legal" in words


def test_where_a_rule_comes_from(front: Front) -> None:
    brand = office_of(front.service).desk.library(OURS).brand
    rule = ClaimRule.model_validate(PACK_RULE)
    pack = Pack("walking", PackHead.model_validate(PACK_HEAD), (rule,), {})
    brand = replace(brand, packs=(pack,))
    found = {name: rule_of(name, brand) for name in (rule.id, "cures", "voice")}
    assert [item.place for item in found.values()] == ["pack", "brand", "engine"]
    assert (found[rule.id].title, found[rule.id].source) == ("Walking", rule.source)


def test_the_difference_from_approved_copy_word_by_word(front: Front, clock: FakeClock) -> None:
    draft = act(front.service, "submit", write(front.service), "cal", at=clock())
    act(front.service, "approve", draft, "rae", at=clock())
    cal = front.signed_in("cal")
    words = {"copy.headline": "Come back outside today", "copy.body": HERO["body"]}
    answer = cal.post(f"{page_of(draft)}/edit", do="save", **words, **seen(front, draft))
    assert answer.headers["location"] == page_of(draft)
    page = cal.get(page_of(draft)).text
    assert "Saved. It passes every rule." in page
    assert re.search(r"Come back outside?<ins>.*today</ins>", page) or "<ins> today</ins>" in page
    assert re.search(r"<summary><b>Opening paragraph</b>.*as it was approved", page)
    assert "4 words to read; the rest is as it was approved." in page
    assert state(front, draft).state is DraftState.DRAFT, "the approval ended"


def test_variants_stand_side_by_side(front: Front) -> None:
    first, second = write(front.service), write(front.service, fields=BAD)
    page = front.signed_in("cal").get(page_of(first)).text
    assert f'<a href="{page_of(second)}">Variant 2</a>' in page
    assert f'href="{page_of(first)}">Variant' not in page
    assert '<b aria-current="true">This one</b>' in page


def test_review_from_submission_to_approval_by_two_people(front: Front, clock: FakeClock) -> None:
    draft, other = write(front.service), write(front.service, "cta", {"label": "Come back outside"})
    cal, rae, lea = (front.signed_in(name) for name in ("cal", "rae", "lea"))
    assert do(front, cal, draft, "submit") == page_of(draft)
    act(front.service, "submit", other, "cal", at=clock())
    do(front, rae, draft, "escalate", tier="elevated", text="A price on the front page")
    page = text_of(rae.get(page_of(draft)).text)
    assert "raised risk Brand reviewer and Legal" in page
    assert "You approve, as Brand reviewer: exactly this copy Come back outside" in page
    assert "with exactly these values: Ridgeline Coat (product, from catalog), $129 (price" in page
    assert do(front, rae, draft, "approve") == page_of(other), "the next draft of the queue"
    assert "others have to approve as well" in rae.get(page_of(other)).text
    page = text_of(lea.get(page_of(draft)).text)
    assert "Approved by rae@example.com as Brand reviewer" in page
    assert "Still missing Legal : lea@example.com" in page
    assert do(front, lea, draft, "approve") == "/brands/fernhill/queue", "nothing else waits for Legal"
    assert state(front, draft).state is DraftState.APPROVED
    assert "Approved on 27 November 2026" in text_of(lea.get(page_of(draft)).text)


def test_an_approval_that_is_sent_twice_has_a_clear_answer(front: Front, submitted: Draft) -> None:
    rae, form = front.signed_in("rae"), seen(front, submitted)
    assert rae.post(f"{page_of(submitted)}/actions/approve", **form).status_code == 303
    again = rae.post(f"{page_of(submitted)}/actions/approve", **form)
    assert again.status_code == 412
    words = text_of(again.text)
    assert "It changed while you were looking at it, so nothing was stored." in words
    assert "You have approved it already, on 27 November 2026" in words
    assert len(state(front, submitted).receipt.approvers) == 1


def test_what_was_typed_stays_when_somebody_else_has_ended_the_review(
    front: Front, submitted: Draft, clock: FakeClock
) -> None:
    rae, form = front.signed_in("rae"), seen(front, submitted)
    form["text"] = "Say which coat <b>you</b> mean."
    order = RejectOrder(reason=RejectReason.UNCLEAR)
    act(front.service, "reject", submitted, "ada", order, at=clock())
    for action in ("request_changes", "reject", "ask", "escalate"):
        late = rae.post(f"{page_of(submitted)}/actions/{action}", **form)
        assert late.status_code in {409, 412, 422}
        assert "What you wrote Say which coat" in text_of(late.text), action


def test_what_was_typed_is_on_the_page_of_an_error(front: Front, submitted: Draft) -> None:
    """The session has ended, or the form is too old: the words are there to be copied."""
    rae, form = front.signed_in("rae"), seen(front, submitted)
    path, words = f"{page_of(submitted)}/actions/comment", "I like &lt;i&gt;this&lt;/i&gt; line."
    form["text"] = "I like <i>this</i> line."
    stale, ended = rae.post(path, token="old", **form), front.browser().post(path, **form)
    assert (stale.status_code, words in stale.text) == (403, True)
    assert (ended.status_code in {401, 403}, words in ended.text) == (True, True)
    fields, away = {**form, "form_token": rae.form_token}, {"sec-fetch-site": "cross-site"}
    foreign = rae.client.post(path, data=fields, headers=away)
    assert (foreign.status_code, "I like" in foreign.text) == (403, False)
    secret = rae.post("/sign-in", token="old", email="rae@example.com", password="hunter22")
    assert "hunter22" not in secret.text


def test_judging_words_does_not_take_what_stands_there_now_for_seen(front: Front, submitted: Draft) -> None:
    """Otherwise a save after it would overwrite what somebody else has written meanwhile."""
    rae, form = front.signed_in("rae"), seen(front, submitted)
    typed = {f"copy.{name}": text for name, text in submitted.copy_fields.items()}
    ada = front.signed_in("ada")
    edited = {**seen(front, submitted), **typed, "copy.headline": "Leave early and walk far"}
    assert ada.post(f"{page_of(submitted)}/edit", **edited).status_code == 303
    late = rae.post(f"{page_of(submitted)}/edit", **{**form, **typed, "do": "check"})
    assert late.status_code == 412
    assert "It changed while you were looking at it" in text_of(late.text)


def test_line_ends_count_as_one_character(front: Front, submitted: Draft) -> None:
    rae, lines = front.signed_in("rae"), "\r\n".join(["x" * 78] * 63)
    assert len(lines) > 5000 > len(lines.replace("\r\n", "\n"))
    form = {**seen(front, submitted), "text": lines}
    assert rae.post(f"{page_of(submitted)}/actions/comment", **form).status_code == 303


def test_something_else_needs_words_and_the_form_says_so(front: Front, submitted: Draft) -> None:
    rae, form = front.signed_in("rae"), seen(front, submitted)
    answer = rae.post(f"{page_of(submitted)}/actions/reject", **{**form, "reason": "other"})
    assert answer.status_code == 409
    assert "words say which one it is" in text_of(answer.text)


def test_other_values_than_those_that_were_read_are_not_approved(front: Front, submitted: Draft) -> None:
    rae = front.signed_in("rae")
    page = rae.get(page_of(submitted)).text
    (read,) = re.findall(r'name="seen" value="(\w+)"', page)
    path, form = f"{page_of(submitted)}/actions/approve", seen(front, submitted)
    late = rae.post(path, **{**form, "seen": "0" * 16})
    assert late.status_code == 412
    assert "The words are the same. A value that they state" in text_of(late.text)
    assert state(front, submitted).receipt.approvers == ()
    assert rae.post(path, **{**form, "seen": read}).status_code == 303


def test_nobody_approves_what_they_wrote_or_what_waits_for_an_answer(
    front: Front, submitted: Draft, clock: FakeClock
) -> None:
    own = text_of(front.signed_in("cal").get(page_of(submitted)).text)
    assert "Approve you had a hand in this copy" in own
    order = AskOrder(person=email_of("lea"), text="Is this right?")
    act(front.service, "ask", submitted, "rae", order, at=clock())
    rae, lea = front.signed_in("rae"), front.signed_in("lea")
    words = text_of(rae.get(page_of(submitted)).text)
    assert "Approve a question to lea@example.com is open" in words
    assert "held up by the question to lea@example.com" in words
    late = rae.post(f"{page_of(submitted)}/actions/approve", **seen(front, submitted))
    assert late.status_code == 409
    (question,) = office_of(front.service).reviews.notes(submitted.id)
    do(front, lea, submitted, "answer", question=question.id, text="It is.")
    assert "You approve, as Brand reviewer" in text_of(rae.get(page_of(submitted)).text)


def test_what_was_typed_stays_when_something_is_missing(front: Front, submitted: Draft) -> None:
    rae = front.signed_in("rae")
    path = f"{page_of(submitted)}/actions/reject"
    answer = rae.post(path, **seen(front, submitted), reason="", text="Not for <us>")
    assert answer.status_code == 422
    assert "reason: is missing" in answer.text
    assert "Not for &lt;us&gt;</textarea>" in answer.text
    answer = rae.post(
        f"{page_of(submitted)}/actions/ask", **seen(front, submitted), person="x@y.example", text="?"
    )
    assert answer.status_code == 404
    assert "x@y.example has no role" in answer.text
    assert state(front, submitted).state is DraftState.IN_REVIEW


@pytest.mark.parametrize("action", ["expire", "publish", "x" * 40])
def test_there_are_no_other_actions(front: Front, submitted: Draft, action: str) -> None:
    rae = front.signed_in("rae")
    answer = rae.post(f"{page_of(submitted)}/actions/{action}", **seen(front, submitted))
    assert answer.status_code == 404
    assert state(front, submitted).state is DraftState.IN_REVIEW


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30, "١"])
def test_a_form_without_the_state_that_was_seen_does_nothing(
    front: Front, submitted: Draft, revision: str
) -> None:
    rae = front.signed_in("rae")
    answer = rae.post(f"{page_of(submitted)}/actions/approve", revision=revision)
    assert answer.status_code == 422
    assert state(front, submitted).state is DraftState.IN_REVIEW


def test_an_edit_that_comes_second_keeps_what_was_typed(front: Front) -> None:
    draft = write(front.service)
    cal, ada, form = front.signed_in("cal"), front.signed_in("ada"), seen(front, draft)
    words = {"copy.body": HERO["body"], "do": "save"}
    path = f"{page_of(draft)}/edit"
    assert ada.post(path, **form, **words, **{"copy.headline": "Go outside"}).status_code == 303
    late = cal.post(path, **form, **words, **{"copy.headline": "Walk a little"})
    assert late.status_code == 412
    assert "Walk a little</textarea>" in late.text
    words_shown = text_of(late.text)
    assert "ada@example.com edited the words" in words_shown
    assert "Your words are kept below." in words_shown
    assert "Go outside" in words_shown, "what stands there now"
    again = re.search(r'name="revision" value="(\d+)"', late.text)
    assert again is not None
    saved = cal.post(path, **{**form, "revision": again[1]}, **words, **{"copy.headline": "Walk a little"})
    assert saved.status_code == 303
    assert state(front, draft).copy_fields["headline"] == "Walk a little"


def test_words_are_checked_without_being_stored(front: Front) -> None:
    draft = write(front.service)
    cal = front.signed_in("cal")
    words = {"copy.headline": BAD["headline"], "copy.body": HERO["body"], "do": "check"}
    page = cal.post(f"{page_of(draft)}/edit", **seen(front, draft), **words)
    assert page.status_code == 200
    assert "As typed it does not pass." in page.text
    assert '<mark class="block">Unleash</mark>' in page.text
    headers = {"x-form-token": cal.form_token, "accept": "application/json"}
    given = {"copy_fields": {"headline": BAD["headline"], "nothing": "<script>"}}
    found = cal.client.post(f"{page_of(draft)}/check", json=given, headers=headers).json()
    assert (found["passes"], found["verdict"]) == (False, "does not pass")
    first = found["fields"]["headline"]["findings"][0]
    assert (first["words"], first["passes"]) == ("must change", "say 'use'")
    empty = cal.client.post(
        f"{page_of(draft)}/check", json={"copy_fields": {"headline": " "}}, headers=headers
    )
    assert empty.json() == {"problem": "headline is empty"}
    long = cal.client.post(
        f"{page_of(draft)}/check", json={"copy_fields": {"headline": "x" * 3000}}, headers=headers
    )
    assert "longer than 2000" in long.json()["problem"]
    assert state(front, draft).revision == draft.revision


def test_checking_needs_the_token_of_the_page(front: Front) -> None:
    draft = write(front.service)
    cal = front.signed_in("cal")
    for headers in ({}, {"x-form-token": "x"}):
        answer = cal.client.post(f"{page_of(draft)}/check", json={"copy_fields": {}}, headers=headers)
        assert answer.status_code == 403


def test_who_only_reads_is_offered_nothing(front: Front, submitted: Draft) -> None:
    ola = front.signed_in("ola")
    page = ola.get(page_of(submitted))
    assert "Your role shows you drafts" in page.text
    assert "<textarea" not in page.text
    for path in ("actions/comment", "edit"):
        answer = ola.post(f"{page_of(submitted)}/{path}", **seen(front, submitted), text="hello")
        assert answer.status_code == 403
    assert office_of(front.service).reviews.notes(submitted.id) == []


def test_after_the_deadline_the_page_says_so(front: Front, submitted: Draft, clock: FakeClock) -> None:
    clock.move(hours=49)
    rae = front.signed_in("rae")
    page = text_of(rae.get(page_of(submitted)).text)
    assert "passed, so the always safe copy is taken" in page
    assert "the deadline of this draft passed at 2026-11-29 09:00 UTC; the slot takes its safe block" in page
    assert "You approve" not in page
    form = seen(front, submitted)
    late = rae.post(f"{page_of(submitted)}/actions/approve", **form)
    assert (late.status_code, state(front, submitted).state) == (409, DraftState.IN_REVIEW)
    assert sweep(office_of(front.service), clock()).expired == 1
    late = rae.post(f"{page_of(submitted)}/actions/approve", **form)
    assert late.status_code == 412
    assert "It is now: expired." in text_of(late.text)
    page = text_of(rae.get(page_of(submitted)).text)
    assert "nobody decided by 2026-11-29 09:00" in page
    assert "You approve" not in page


def test_words_of_people_are_text(front: Front, submitted: Draft, clock: FakeClock) -> None:
    hostile = '<img src=x onerror="alert(1)"><script>alert(1)</script>'
    act(front.service, "comment", submitted, "rae", CommentOrder(text=hostile), at=clock())
    worse = write(front.service, fields={"headline": hostile, "body": f"{{product.name}} {hostile}"})
    cal = front.signed_in("cal")
    for draft in (submitted, worse):
        page = cal.get(page_of(draft)).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_a_draft_whose_brief_is_gone_can_be_looked_at_and_withdrawn(front: Front) -> None:
    draft = write(front.service)
    front.service.drafts.change([DraftChange(draft.id, draft.revision, {"brief_id": "gone"})])
    cal = front.signed_in("cal")
    page = cal.get(page_of(draft))
    assert page.status_code == 200
    assert "{product.price}" in page.text
    assert "its brief or slot is not there any more" in page.text
    do(front, cal, draft, "withdraw")
    assert state(front, draft).state is DraftState.WITHDRAWN
    frame = cal.get(f"{page_of(draft)}/email/desktop")
    assert "The email cannot be shown" in frame.text


def test_the_views_of_the_email(front: Front) -> None:
    subject, hero, _ = write_email(front.service)
    cal = front.signed_in("cal")
    found = {
        view: cal.get(f"{page_of(hero)}/email/{view}")
        for view in ("desktop", "mobile", "dark", "images_off", "text", "inbox", "links.html")
    }
    assert {answer.status_code for answer in found.values()} == {200}
    assert "Ridgeline Coat" in found["desktop"].text
    assert "data:image" not in found["images_off"].text
    assert subject.copy_fields["subject"] in found["inbox"].text
    assert "img-src data:" in found["dark"].headers["content-security-policy"]
    assert "img-src 'none'" in found["images_off"].headers["content-security-policy"]
    assert cal.get(f"{page_of(hero)}/email/other").status_code == 404
    assert cal.get(f"{page_of(hero)}?view=other").status_code == 422
    assert 'class="email mobile"' in cal.get(f"{page_of(hero)}?view=mobile").text


def test_the_queue_leads_on_from_draft_to_draft(front: Front, clock: FakeClock) -> None:
    drafts = [act(front.service, "submit", draft, "cal", at=clock()) for draft in write_email(front.service)]
    rae = front.signed_in("rae")
    reviews = office_of(front.service).reviews.queue
    order = [draft.id for _, draft in reviews(QueueFilter((OURS,))).entries]
    by_id = {draft.id: draft for draft in drafts}
    links = []
    for draft_id in order:
        page = rae.get(page_of(by_id[draft_id])).text
        found = {name: re.search(rf'rel="{name}"[^>]*/drafts/(\w+)"', page) for name in ("prev", "next")}
        links.append(tuple(match[1] if match else None for match in found.values()))
    assert links == [(None, order[1]), (order[0], order[2]), (order[1], None)]


def test_what_a_model_wrote_says_why_and_how_sure_it_is(front: Front) -> None:
    given = copy.deepcopy(BRIEF)
    given["targets"][0]["window"]["send_at"] = SEND_AT
    key = front.service.people.create_key(email_of("cal"), "tests", Scope, None).text
    with TestClient(create_api(front.service)) as api:
        answer = api.post("/v1/variants", json=given, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200
    (draft, *_) = (item for item in front.service.drafts.of_brands([OURS]) if item.kind == "hero")
    words = text_of(front.signed_in("cal").get(page_of(draft)).text)
    assert f"written by the model, {draft.author}, asked for by cal@example.com" in words
    assert "not calibrated" in words
    assert "how much it sounds like approved copy" in words
    assert "Why this copy: written by the model Every guardrail passed" in words
    assert "Written by the model : yes." in words
    assert "what was sent to the model" in words


def test_another_brands_draft_answers_as_one_that_does_not_exist(front: Front) -> None:
    theirs = write(front.service)
    front.service.drafts.change([DraftChange(theirs.id, theirs.revision, {"brand": THEIRS})])
    cal, none = front.signed_in("cal"), "0" * 32
    for way in ("", "/email/text"):
        found, missing = (cal.get(f"/brands/{OURS}/drafts/{draft_id}{way}") for draft_id in (theirs.id, none))
        assert (found.status_code, missing.status_code) == (404, 404)
        both = [re.sub(r"<code>[0-9a-f]+</code>", "", page.text) for page in (found, missing)]
        assert both[0].replace(theirs.id, none) == both[1]
    assert cal.post(f"/brands/{OURS}/drafts/{theirs.id}/actions/comment", text="hello").status_code == 404

"""The queue of review: its order and groups, filters, what one may do there, and several drafts at once."""

import base64
import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, update
from sqlmodel import Session, col

from app.brand.roles import PersonRole
from app.brand.tiers import Tier
from app.db.drafts import DraftChange
from app.db.people import People
from app.db.review_tables import Review
from app.db.tables import DraftState
from app.review.actions.answer import AnswerOrder
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.take import TakeOrder
from app.review.actions.withdraw import WithdrawOrder
from app.web.queue_page import view
from app.web.queue_page.reading import bits_of, in_short
from app.web.queue_page.words import from_now, language_name, reason_words
from tests.api.house import MARKER, OURS, email_of
from tests.web.front import Browser
from tests.web.queue_house import QUEUE, START, QueueHouse, open_queue_house, queue_content

LINE = re.compile(r'<li class="line" id="draft-(\w+)">(.*?)</details>\n</div>\n</li>', re.DOTALL)


@pytest.fixture(scope="module")
def queue_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of both brands, written once."""
    return queue_content(tmp_path_factory.mktemp("queue_content"))


@pytest.fixture
def house(tmp_path: Path, queue_files: Path) -> Iterator[QueueHouse]:
    with open_queue_house(tmp_path, queue_files) as opened:
        yield opened


def ids(browser: Browser, query: str = "") -> list[str]:
    """The drafts of a page, in order."""
    answer = browser.get(f"{QUEUE}{query}")
    assert answer.status_code == 200, answer.text
    return [found[0] for found in re.findall(r'<li class="line" id="draft-(\w+)"()', answer.text)]


def words(text: str) -> str:
    """What people read of a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


def set_review(house: QueueHouse, draft: str, **values: Any) -> None:
    """Another state of an open review."""
    with Session(house.front.service.store.engine) as session:
        session.execute(update(Review).where(col(Review.draft_id) == draft).values(**values))
        session.commit()


def post(browser: Browser, path: str, drafts: list[str], **fields: str) -> Any:
    """A form with several drafts."""
    data = {"form_token": browser.form_token, "draft": drafts, **fields}
    return browser.client.post(path, data=data, headers={"origin": "http://localhost"})


# what is shown


def test_the_worst_is_first_and_a_group_stands_where_its_worst_stands(house: QueueHouse) -> None:
    for draft, harm in zip(house.drafts["cta"], (9000, 1), strict=True):
        set_review(house, draft, harm=harm)
    for draft in house.drafts["hero"]:
        set_review(house, draft, harm=500)
    for draft, hours in zip(house.drafts["subject"], (3, 2), strict=True):
        set_review(house, draft, harm=700, due_at=START + dt.timedelta(hours=hours))
    worst, least = house.drafts["cta"]
    late, early = house.drafts["subject"]
    shown = ids(house.signed_in("rae"))
    assert shown[:4] == [worst, least, early, late]
    assert set(shown[4:]) == set(house.drafts["hero"])


def test_a_line_says_what_a_reviewer_needs(house: QueueHouse) -> None:
    hero = next(d for d in house.drafts["hero"] if "{product.name}" in str(house.draft(d).copy_fields))
    text = house.signed_in("rae").get(f"{QUEUE}?kind=hero").text
    line = dict(LINE.findall(text))[hero]
    assert f'href="/brands/{OURS}/drafts/{hero}"' in line
    assert '<span class="value">Ridgeline Coat</span>' in line
    said = words(line)
    for part in (
        "18 words to read",
        "due in 24 hours 17 November 2026, 09:00 UTC",
        "Still to approve: Brand reviewer, Legal",
        "raised risk: it is the opening of an email",
        "English (United States)",
    ):
        assert part in said
    assert "Opening for Weekend hikers" in words(text)
    assert "bringing people back" in words(text)


def test_copy_is_text_and_is_cut(house: QueueHouse) -> None:
    draft = house.draft(house.drafts["cta"][0])
    fields = {"label": "<script>alert(1)</script> & " + "a long way " * 40}
    house.office.desk.drafts.change([DraftChange(draft.id, draft.revision, {"copy_fields": fields})])
    text = house.signed_in("rae").get(QUEUE).text
    assert "<script>alert" not in text
    line = dict(LINE.findall(text))[draft.id]
    assert "&lt;script&gt;alert(1)" in line
    assert "a long…" in line or "way…" in line or "a…" in line


def test_tokens_are_shown_by_their_values_or_names() -> None:
    (hello, name, rest) = bits_of("Hello {person.first_name}, save {offer.discount}", None)[:3]
    assert (hello.text, name.text, name.sort, rest.text) == ("Hello ", "first name", "name", ", save ")
    assert bits_of("{offer.discount}", None)[0].text == "offer discount"
    short = in_short(["one two three", "four"], None, 9)
    assert ["".join(bit.text for bit in bits) for bits in short] == ["one two…", "f…"]


def test_progress_counts_what_was_submitted(house: QueueHouse) -> None:
    house.act("rae", "approve", house.drafts["cta"][0])
    text = house.signed_in("rae").get(QUEUE).text
    assert "1 of 6 approved" in words(text)
    assert '<progress value="1" max="6"' in text


def test_counts_by_who_must_approve_and_of_what_is_due(house: QueueHouse) -> None:
    late, held = house.drafts["subject"]
    set_review(house, house.drafts["cta"][0], due_at=START + dt.timedelta(hours=3))
    set_review(house, late, due_at=START - dt.timedelta(minutes=5))
    house.act("lea", "ask", held, AskOrder(person=email_of("cal"), text="Is it so?"))
    set_review(house, held, due_at=START + dt.timedelta(hours=1))
    house.clock.at += dt.timedelta(minutes=30)
    said = words(house.signed_in("rae").get(QUEUE).text)
    assert "6 in review · 2 due within 4 hours · 1 overdue" in said, "a held deadline moves on"
    house.clock.at -= dt.timedelta(minutes=30)
    for part in ("2 raised risk Brand reviewer, Legal", "2 ordinary risk", "2 low risk Brand reviewer"):
        assert part in said
    assert "overdue, 35 minutes ago" in said


def test_a_question_holds_a_draft_and_waits_for_whom_it_is_for(house: QueueHouse) -> None:
    hero = house.drafts["hero"][0]
    house.act("lea", "ask", hero, AskOrder(person=email_of("rae"), text="Is <it> in the shop?"))
    rae, per = house.signed_in("rae"), house.signed_in("per")
    text = rae.get(QUEUE).text
    assert "1 question waits for your answer" in words(text)
    assert "Is &lt;it&gt; in the shop?" in text
    assert f'href="/brands/{OURS}/drafts/{hero}#talk"' in text
    assert "waits for an answer by Rae" in words(dict(LINE.findall(text))[hero])
    assert "question waits" not in words(per.get(QUEUE).text)
    (note,) = house.office.reviews.notes(hero)
    house.act("rae", "answer", hero, AnswerOrder(question=note.id, text="It is."))
    assert "question waits" not in words(rae.get(QUEUE).text)


def test_a_comment_is_no_question(house: QueueHouse) -> None:
    house.act("lea", "comment", house.drafts["hero"][0], CommentOrder(text="Nice."))
    assert "waits for" not in words(house.signed_in("rae").get(QUEUE).text).replace("What waits for", "")


# filters


def test_filters_of_place_and_language(house: QueueHouse) -> None:
    rae = house.signed_in("rae")
    assert set(ids(rae, "?kind=hero")) == set(house.drafts["hero"])
    assert set(ids(rae, "?approvers=low")) == set(house.drafts["cta"])
    assert len(ids(rae, "?brief=fernhill_hello&audience=weekend_hikers&language=en-US&kind=")) == 6
    assert ids(rae, "?brief=other") == ids(rae, "?audience=other") == ids(rae, "?language=de-DE") == []
    assert set(ids(rae, "?kind=hero&approvers=low")) == set()


def test_filters_of_who_has_it(house: QueueHouse) -> None:
    mine, theirs = house.drafts["hero"]
    house.act("rae", "take", mine, TakeOrder())
    house.act("lea", "take", theirs, TakeOrder())
    rae = house.signed_in("rae")
    assert ids(rae, "?who=mine") == [mine]
    assert set(ids(rae, "?who=nobody")) == {*house.drafts["cta"], *house.drafts["subject"]}
    assert "Lea has it" in words(rae.get(QUEUE).text)


def test_what_waits_for_my_role_goes_by_turn_and_writer(house: QueueHouse) -> None:
    first, second = house.drafts["hero"]
    rae, lea = house.signed_in("rae"), house.signed_in("lea")
    assert len(ids(rae, "?who=role")) == 6
    assert ids(lea, "?who=role") == [], "a brand reviewer approves first"
    house.act("rae", "approve", first)
    assert ids(lea, "?who=role") == [first]
    assert set(ids(rae, "?who=role")) == {second, *house.drafts["cta"], *house.drafts["subject"]}
    people = People(house.front.service.store.engine)
    people.grant(email_of("cal"), OURS, [PersonRole.BRAND_REVIEWER])
    assert ids(house.signed_in("cal"), "?who=role") == [], "cal had it written"


DEEP = base64.urlsafe_b64encode(b"[" * 5000).decode()
"""Nested deeper than any reader of JSON goes."""


@pytest.mark.parametrize(
    "query", ["who=everyone", "approvers=huge", "after=x", "after=W10", f"after={DEEP}", "kind=" + "x" * 99]
)
def test_a_filter_that_there_is_not_is_refused(house: QueueHouse, query: str) -> None:
    assert house.signed_in("rae").get(f"{QUEUE}?{query}").status_code == 422


def test_every_page_follows_the_one_before(house: QueueHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    rae = house.signed_in("rae")
    whole = ids(rae)
    for size in (1, 4):
        monkeypatch.setattr(view, "_entries", _sized(size))
        found: list[str] = []
        query: str | None = ""
        while query is not None:
            text = rae.get(f"{QUEUE}{query}").text
            found += re.findall(r'<li class="line" id="draft-(\w+)"', text)
            following = re.search(r'href="(\?[^"]*)" rel="next"', text)
            assert ("(continued)" in text) == (query != "" and len(found) % 2 == 0 and size == 1), query
            query = html.unescape(following[1]) if following else None
        assert found == whole


_ENTRIES = view._entries


def _sized(size: int) -> Any:
    """Pages of another size."""
    return lambda shelf, filters, _=0: _ENTRIES(shelf, filters, size)


# empty


def test_an_empty_queue_says_where_copy_waits(house: QueueHouse) -> None:
    lea = house.signed_in("lea")
    said = words(lea.get(f"{QUEUE}?who=role").text)
    assert "Nothing waits for you. In the whole queue 6 need Brand reviewer, 2 need Legal." in said
    assert "Nothing fits these filters." in words(lea.get(f"{QUEUE}?kind=offer").text)
    for draft in (draft for drafts in house.drafts.values() for draft in drafts):
        house.act("ada", "withdraw", draft, WithdrawOrder())
    assert "Nothing is in review." in words(lea.get(QUEUE).text)


# who may


@pytest.mark.parametrize("name", ["cal", "ola"])
def test_without_a_reviewing_role_it_is_for_reading(house: QueueHouse, name: str) -> None:
    browser = house.signed_in(name)
    text = browser.get(QUEUE).text
    assert len(LINE.findall(text)) == 6
    assert 'type="checkbox" name="draft"' not in text
    assert 'name="do"' not in text
    answer = post(browser, QUEUE, [house.reference(house.drafts["cta"][0])], do="take")
    assert answer.status_code in (403, 409)
    assert house.office.reviews.open_of(house.drafts["cta"][0]).assignee is None  # type: ignore[union-attr]


def test_one_chooses_only_what_one_decides(house: QueueHouse) -> None:
    text = house.signed_in("lea").get(QUEUE).text
    boxes = set(re.findall(r'name="draft" value="(\w+)\.', text))
    assert boxes == set(house.drafts["hero"])
    assert "approve together" not in text, "nothing of that is approved together"


def test_another_brands_queue_is_not_there(house: QueueHouse) -> None:
    otto = house.signed_in("otto")
    for path in (QUEUE, f"{QUEUE}/approve?draft={house.drafts['cta'][0]}"):
        assert otto.get(path).status_code == 404
    theirs = QUEUE.replace(OURS, "moorgate")
    gus = house.signed_in("gus")
    assert MARKER in gus.get(theirs).text
    answer = post(otto, theirs, [house.reference(house.drafts["cta"][0])], do="take")
    assert (answer.status_code, "there is no draft" in answer.text) == (409, True)
    assert otto.get(f"{theirs}/approve?draft={house.drafts['cta'][0]}").status_code == 404


# landing


def test_people_land_where_something_waits_for_them(house: QueueHouse) -> None:
    def landing(name: str) -> str:
        return str(house.signed_in(name).get("/").headers["location"])

    assert landing("rae") == f"{QUEUE}?who=role"
    assert landing("cal") == landing("lea") == landing("ola") == f"/brands/{OURS}"
    house.act("rae", "ask", house.drafts["hero"][0], AskOrder(person=email_of("cal"), text="Is it so?"))
    assert landing("cal") == QUEUE


# several at once


def test_taking_and_giving_back(house: QueueHouse) -> None:
    rae = house.signed_in("rae")
    drafts = [*house.drafts["hero"], *house.drafts["cta"]]
    answer = post(rae, QUEUE, [house.reference(draft) for draft in drafts], do="take", back="kind=hero&x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{QUEUE}?kind=hero")
    assert "Taken for you: 4." in words(rae.get(QUEUE).text)
    assert set(ids(rae, "?who=mine")) == set(drafts)
    post(rae, QUEUE, [house.reference(draft) for draft in drafts[:3]], do="release")
    assert ids(rae, "?who=mine") == drafts[3:]


def test_what_cannot_be_taken_is_named_and_the_others_are(house: QueueHouse) -> None:
    rae, (first, second) = house.signed_in("rae"), house.drafts["hero"]
    seen = [house.reference(first), house.reference(second), "0" * 32 + ".1"]
    house.act("lea", "take", first, TakeOrder())
    answer = post(rae, QUEUE, seen, do="take")
    assert answer.status_code == 409
    said = words(answer.text)
    assert "2 could not be taken" in said
    assert "1 was taken" in said
    assert "Opening for Weekend hikers : it is at revision" in said
    assert ids(rae, "?who=mine") == [second]


def marks(browser: Browser, drafts: list[str]) -> list[str]:
    """What the page before approving puts into its form."""
    text = browser.get(f"{QUEUE}/approve?" + "&".join(f"draft={draft}" for draft in drafts)).text
    return re.findall(r'name="draft" value="([^"]+)"', text)


def test_several_are_approved_after_they_were_shown(house: QueueHouse) -> None:
    rae, drafts = house.signed_in("rae"), house.drafts["cta"]
    chosen = post(rae, QUEUE, [house.reference(draft) for draft in drafts], do="approve", back="kind=cta")
    assert chosen.status_code == 303
    page = rae.get(chosen.headers["location"])
    assert "Approve 2 together" in page.text
    for draft in drafts:
        assert house.draft(draft).copy_fields["label"] in page.text
    seen = re.findall(r'name="draft" value="([^"]+)"', page.text)
    done = post(rae, f"{QUEUE}/approve", seen, back="kind=cta")
    assert (done.status_code, done.headers["location"]) == (303, f"{QUEUE}?kind=cta")
    assert {house.draft(draft).state for draft in drafts} == {DraftState.APPROVED}
    again = post(rae, f"{QUEUE}/approve", seen)
    assert again.status_code == 409
    assert "it is approved, not in review" in words(again.text)


def test_a_tier_that_is_approved_one_by_one_is_refused(house: QueueHouse) -> None:
    rae = house.signed_in("rae")
    drafts = [house.drafts["cta"][0], house.drafts["subject"][0]]
    page = rae.get(f"{QUEUE}/approve?draft={drafts[0]}&draft={drafts[1]}")
    assert "1 of 2 cannot be approved together" in words(page.text)
    assert "copy with this risk is approved one by one" in words(page.text)
    assert 'name="draft"' not in page.text
    assert f"?draft={drafts[0]}&amp;" in page.text, "the way on with the other"
    seen = [*marks(rae, drafts[:1]), f"{house.reference(drafts[1])}.x"]
    assert post(rae, f"{QUEUE}/approve", seen).status_code == 409
    assert {house.draft(draft).state for draft in drafts} == {DraftState.IN_REVIEW}


def test_a_person_who_may_not_approve_is_told_why(house: QueueHouse) -> None:
    page = house.signed_in("lea").get(f"{QUEUE}/approve?draft={house.drafts['cta'][0]}")
    assert "it waits for an approval by: brand reviewer" in words(page.text)
    assert 'name="draft"' not in page.text
    people = People(house.front.service.store.engine)
    people.grant(email_of("cal"), OURS, [PersonRole.BRAND_REVIEWER])
    page = house.signed_in("cal").get(f"{QUEUE}/approve?draft={house.drafts['cta'][0]}")
    assert "nobody approves what they wrote" in words(page.text)


def test_a_word_or_a_value_that_changed_is_shown_before_it_is_approved(house: QueueHouse) -> None:
    rae, drafts = house.signed_in("rae"), house.drafts["cta"]
    seen = marks(rae, drafts)
    stale = [seen[0], re.sub(r"\w+$", "0" * 16, seen[1])]
    answer = post(rae, f"{QUEUE}/approve", stale)
    assert answer.status_code == 409
    assert "a word or a value of it changed since you saw it" in words(answer.text)
    assert "Nothing was approved" in words(answer.text)
    assert {house.draft(draft).state for draft in drafts} == {DraftState.IN_REVIEW}


@pytest.mark.parametrize("drafts", [[], ["x"], ["x.1.2.3" * 40], ["é.é"], [f"{i}.1" for i in range(60)]])
def test_a_form_that_names_no_drafts_is_refused(house: QueueHouse, drafts: list[str]) -> None:
    rae = house.signed_in("rae")
    assert post(rae, QUEUE, drafts, do="take").status_code == (422 if drafts else 303)
    assert post(rae, f"{QUEUE}/approve", drafts).status_code == 422


def test_who_chooses_nothing_is_back_at_the_queue_with_its_filters(house: QueueHouse) -> None:
    rae = house.signed_in("rae")
    answer = post(rae, QUEUE, [], do="take", back="kind=cta")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{QUEUE}?kind=cta")
    assert "Nothing was chosen" in words(rae.get(f"{QUEUE}?kind=cta").text)


# queries


def test_the_number_of_queries_does_not_grow(house: QueueHouse) -> None:
    rae = house.signed_in("rae")
    asked: list[str] = []

    @event.listens_for(house.front.service.store.engine, "before_cursor_execute")
    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    rae.get(f"{QUEUE}?kind=cta&who=nobody")
    few = len(asked)
    asked.clear()
    rae.get(QUEUE)
    assert len(asked) == few


# words


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0.2, "in 1 minute"),
        (59, "in 59 minutes"),
        (60, "in 1 hour"),
        (2879, "in 48 hours"),
        (2880, "in 2 days"),
    ],
)
def test_how_far_off_a_moment_is(minutes: float, said: str) -> None:
    assert from_now(START + dt.timedelta(minutes=minutes), START) == said
    ago = said.removeprefix("in ") + " ago"
    assert from_now(START - dt.timedelta(minutes=minutes), START) == ago


def test_words_for_names_of_the_code() -> None:
    assert language_name("de-AT") == "German (Austria)"
    assert language_name("x!") == "x!"
    assert reason_words("standard: the journey is cart_reminder").endswith("left something in the basket")
    assert (
        reason_words("elevated: it states a fact of the role was_price")
        == "raised risk: it states the was price"
    )
    assert all(reason_words(f"{tier}: x") != f"{tier}: x" for tier in Tier)

"""The pages for copywriters: briefs, asking for variants, briefs as text, checking."""

import datetime as dt
import html
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.copywriting.standing import standings
from app.db.receipts import Hashes
from app.db.run_answers import RunAnswers
from app.db.store import DraftFilter
from app.db.tables import DraftState, Run
from app.llm.scripted import ScriptedModel
from tests.api.house import OURS, email_of
from tests.generation.desk import BRIEF, LINES
from tests.web.drafts import act, store_brief, write, write_email
from tests.web.front import Browser, Front, open_front

HERE = f"/brands/{OURS}/briefs/{BRIEF['id']}"


@pytest.fixture
def front(tmp_path: Path, content: Path) -> Iterator[Front]:
    with open_front(tmp_path, content) as opened:
        store_brief(opened.service)
        yield opened


@pytest.fixture
def cal(front: Front) -> Iterator[Browser]:
    """Cal's browser, in whose event loop runs go on between the pages."""
    browser = front.signed_in("cal")
    with browser.client:
        yield browser


def words(text: str) -> str:
    return html.unescape(" ".join(re.sub("<[^>]+>", " ", text).split()))


def hidden(text: str, name: str) -> str:
    found = re.search(f'name="{name}" value="([^"]*)"', text)
    assert found, name
    return html.unescape(found[1])


def ask(cal: Browser, **fields: str) -> str:
    """Ask for everything; where the answers are shown."""
    form = cal.get(f"{HERE}/ask").text
    given = {"once": hidden(form, "once"), "revision": hidden(form, "revision"), "again": "none", **fields}
    answer = cal.post(f"{HERE}/ask", **given)
    assert answer.status_code == 303, words(answer.text)
    return answer.headers["location"]


def finished(cal: Browser, where: str) -> str:
    """The page of a run once it is over."""
    until = time.monotonic() + 60
    while "data-events" in (text := cal.get(where).text):
        assert time.monotonic() < until, words(text)
        time.sleep(0.05)
    return text


def test_the_list_says_where_each_brief_stands(front: Front, cal: Browser) -> None:
    subject, hero, _ = write_email(front.service)
    act(front.service, "submit", subject, "cal")
    text = words(cal.get(f"/brands/{OURS}/copy").text)
    assert "0 of 4 positions have approved copy · 1 in review · 2 with drafts · 1 empty" in text
    assert "Waits for: Copywriter (3), " in text
    assert "You have no brief here yet" in words(front.signed_in("rae").get(f"/brands/{OURS}/copy").text)
    assert "Hello again" in front.signed_in("rae").get(f"/brands/{OURS}/copy?whose=all").text
    stored = front.service.briefs.find(OURS, BRIEF["id"])
    assert stored is not None
    brand = front.service.contents.now().library(OURS).brand
    (line,) = standings(RunAnswers(front.service.store.engine), brand, [stored])
    assert (line.slots, line.in_review, line.written, line.empty) == (4, 1, 2, 1)
    assert hero.state is DraftState.DRAFT


def test_a_brief_is_told_in_words_with_its_facts(front: Front, cal: Browser) -> None:
    text = words(cal.get(HERE).text)
    assert "bringing people back" in text
    assert "product.price $129 catalog no end given" in text
    assert "Nothing has been asked or written yet." in text
    assert "weekend_hikers" not in text


def test_asking_shows_every_answer_and_asks_the_model_once(front: Front, cal: Browser) -> None:
    model = front.service.generation.models[0]
    assert isinstance(model, ScriptedModel)
    form = cal.get(f"{HERE}/ask").text
    fields = {"once": hidden(form, "once"), "revision": "1", "again": "none"}
    first = cal.post(f"{HERE}/ask", **fields)
    where = first.headers["location"]
    text = finished(cal, where)
    asked = len(model.requests)
    assert asked
    assert words(text).count("written by the model") == 3
    assert LINES["hero"][0]["headline"] in text
    assert "The Ridgeline Coat is made" in text, "values stand where readers see them"
    assert cal.post(f"{HERE}/ask", **fields).headers["location"] == where, "the same form, the same run"
    assert cal.get(where).status_code == 200
    again = finished(cal, ask(cal))
    assert "It was answered before" in again
    assert len(model.requests) == asked
    assert len(front.service.store.drafts(DraftFilter(brand=OURS))) == text.count(">Open<")


def test_a_brief_that_was_changed_meanwhile_is_looked_at_first(front: Front, cal: Browser) -> None:
    form = cal.get(f"{HERE}/ask").text
    stored = front.service.briefs.find(OURS, BRIEF["id"])
    assert stored is not None
    changed = stored.content.model_copy(update={"message": "walk with us"})
    front.service.briefs.change(changed, seen=1, author=email_of("rae"), change="changed message")
    fields = {"once": hidden(form, "once"), "revision": "1", "again": "none", "position": "hero"}
    answer = cal.post(f"{HERE}/ask", **fields)
    assert (answer.status_code, hidden(answer.text, "revision")) == (422, "2")
    assert "the brief was changed meanwhile" in answer.text
    assert answer.text.count(" checked") == 3, "what was chosen is kept: the audience, one position, where"


def test_one_position_and_another_number(front: Front, cal: Browser) -> None:
    where = ask(cal, position="hero", count="3")
    assert "position=hero&count=3" in where
    text = finished(cal, where)
    assert "Subject line" not in words(text)
    assert {draft.kind for draft in front.service.store.drafts(DraftFilter(brand=OURS))} == {"hero"}
    assert len(front.service.store.drafts(DraftFilter(brand=OURS))) == 3


def test_events_bring_every_slot_and_the_end(cal: Browser) -> None:
    where = ask(cal)
    finished(cal, where)
    path, _, query = where.partition("?")
    text = cal.client.get(f"{path}/events?{query}").text
    assert text.count("event: slot\n") == 4
    assert 'event: progress\ndata: {"done": 4, "total": 4}' in text
    assert text.rstrip().endswith('event: end\ndata: {"cut_off": false}')


def test_a_run_whose_process_is_gone_is_told_as_such(front: Front, cal: Browser) -> None:
    run = Run(brief_id=str(BRIEF["id"]), brief_hash="", brand=OURS, hashes=Hashes(brand=""))
    run.started_at -= dt.timedelta(hours=1)
    front.service.store.start_run(run)
    text = words(cal.get(f"{HERE}/runs/{run.id}").text)
    assert "It was ended before every position was decided." in text
    assert "waits for the model" not in text
    assert '"cut_off": true' in cal.client.get(f"{HERE}/runs/{run.id}/events").text


def test_the_navigation_leads_back_to_copy(cal: Browser) -> None:
    for path in (HERE, f"{HERE}/ask", f"/brands/{OURS}/check", f"/brands/{OURS}/new-brief"):
        text = cal.get(path).text
        assert re.findall('aria-current="page">([^<]*)<', text) == ["Copy"], path


def test_a_run_of_another_brief_is_not_shown(front: Front, cal: Browser) -> None:
    path = ask(cal).partition("?")[0]
    store_brief(front.service, id="another_one")
    answer = cal.get(path.replace(str(BRIEF["id"]), "another_one"))
    assert answer.status_code == 404


def test_asking_counts_against_the_limit_of_the_person(tmp_path: Path, content: Path) -> None:
    with open_front(tmp_path, content, model_requests_per_minute=1, model_requests_burst=1) as front:
        store_brief(front.service)
        cal, elsewhere = front.signed_in("cal"), front.signed_in("cal")
        with cal.client, elsewhere.client:
            ask(cal, position="footer")
            form = elsewhere.get(f"{HERE}/ask").text
            fields = {"once": hidden(form, "once"), "revision": "1", "again": "none"}
            refused = elsewhere.post(f"{HERE}/ask", **fields)
            assert (refused.status_code, "used up" in refused.text) == (429, True)
            assert int(refused.headers["retry-after"]) > 0


def test_who_may_not_ask_is_told_so(front: Front) -> None:
    rae = front.signed_in("rae")
    assert rae.get(f"{HERE}/ask").status_code == 403
    assert "Ask for variants" not in rae.get(HERE).text
    assert front.signed_in("ola").get(f"{HERE}/edit").status_code == 403


def test_chosen_drafts_are_submitted_and_refused_ones_named(front: Front, cal: Browser) -> None:
    good = write(front.service)
    text = cal.get(HERE).text
    assert f'value="{good.id}:{good.revision}"' in text
    answer = cal.post(f"{HERE}/submit", draft=f"{good.id}:{good.revision}")
    assert answer.status_code == 303
    assert "One draft is submitted for review." in cal.get(HERE).text
    again = cal.post(f"{HERE}/submit", draft=f"{good.id}:{good.revision}")
    assert (again.status_code, "Not submitted:" in words(again.text)) == (409, True)
    assert "somebody was quicker" in again.text
    assert "no draft is chosen" in cal.post(f"{HERE}/submit").text


def test_own_copy_is_checked_then_kept_even_when_refused(front: Front, cal: Browser) -> None:
    place = {"locale": "en-US", "audience": "weekend_hikers", "position": "hero"}
    form = cal.get(f"{HERE}/write", params=place).text
    fields = {
        "copy.headline": "Now $99 for you",
        "copy.body": "Buy the coat for $99 today and walk far with us.",
    }
    checked = cal.post(f"{HERE}/write", do="check", draft_id=hidden(form, "draft_id"), **place, **fields)
    assert "It does not pass" in words(checked.text)
    assert '<mark class="block">' in checked.text
    assert "What would pass:" in checked.text
    assert "Now $99 for you</textarea>" in checked.text
    assert not front.service.store.drafts(DraftFilter(brand=OURS))
    kept = cal.post(f"{HERE}/write", do="keep", draft_id=hidden(form, "draft_id"), **place, **fields)
    (draft,) = front.service.store.drafts(DraftFilter(brand=OURS))
    assert kept.headers["location"] == f"/brands/{OURS}/drafts/{draft.id}"
    assert draft.id == hidden(form, "draft_id")
    assert "the rules refuse it" in words(cal.get(HERE).text)
    empty = cal.post(f"{HERE}/write", do="keep", **place, **{**fields, "copy.body": ""})
    assert (empty.status_code, "Now $99 for you</textarea>" in empty.text) == (422, True)


def test_a_starter_becomes_a_brief(front: Front, cal: Browser) -> None:
    assert "bringing people back" in cal.get(f"/brands/{OURS}/new-brief").text
    page = cal.get(f"/brands/{OURS}/new-brief?journey=winback").text
    found = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    text = html.unescape(found[1])
    assert "journey: winback" in text
    wrong = text.replace("journey: winback", "journey: winbak")
    refused = cal.post(f"/brands/{OURS}/new-brief", text=wrong, journey="winback")
    line = wrong.split("\n").index(next(row for row in wrong.split("\n") if "winbak" in row)) + 1
    assert (refused.status_code, f"Line {line}, column" in refused.text) == (422, True)
    assert "journey: winbak" in refused.text
    stored = cal.post(f"/brands/{OURS}/new-brief", text=text, journey="winback")
    assert stored.status_code == 303, words(stored.text)
    assert front.service.briefs.find(OURS, stored.headers["location"].rpartition("/")[2])
    twice = cal.post(f"/brands/{OURS}/new-brief", text=text, journey="winback")
    assert (twice.status_code, "already" in twice.text) == (409, True)
    moved = cal.post(f"/brands/{OURS}/new-brief", text=text.replace("brand: fernhill", "brand: moorgate"))
    assert "here it has to be" in words(moved.text)


def brief_in(page: str) -> str:
    found = re.search(r'<textarea id="text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_an_edit_shows_what_it_changes_before_it_is_stored(front: Front, cal: Browser) -> None:
    draft = write(front.service)
    act(front.service, "submit", draft, "cal")
    act(front.service, "approve", draft, "rae")
    text = brief_in(cal.get(f"{HERE}/edit").text)
    changed = text.replace('"129.00"', '"119.00"')
    assert changed != text
    straight = cal.post(f"{HERE}/edit", text=changed, revision="1", do="save")
    assert "Approvals that would end: 1" in words(straight.text)
    assert front.service.briefs.find(OURS, BRIEF["id"]).revision == 1  # type: ignore[union-attr]
    looked = hidden(straight.text, "looked")
    other = cal.post(f"{HERE}/edit", text=text, revision="1", looked=looked, do="save")
    assert "Nothing: the text says what is stored." in words(other.text), "another text is looked at first"
    saved = cal.post(f"{HERE}/edit", text=changed, revision="1", looked=looked, do="save")
    assert saved.status_code == 303
    assert "approvals that ended: 1" in cal.get(HERE).text
    late = cal.post(
        f"{HERE}/edit", text=text.replace("Hello again", "Hi"), revision="1", looked="", do="look"
    )
    assert late.status_code == 412
    assert f"{email_of('cal')}: changed targets" in late.text
    assert "name: Hi" in late.text
    assert hidden(late.text, "revision") == "2"


def test_own_copy_is_judged_with_and_without_the_facts_of_a_brief(cal: Browser) -> None:
    path = f"/brands/{OURS}/check"
    assert cal.get(path).status_code == 200
    given = {"text": "Yours for $99, or $129 later.", "field": "body", "locale": "en-US"}
    alone = cal.post(path, **given)
    assert "choose a brief, then its facts count" in alone.text
    held = cal.post(path, brief=str(BRIEF["id"]), audience="weekend_hikers", **given)
    assert "It does not pass" in words(held.text)
    assert re.search(r'<mark class="block">[^<]*99', held.text)
    assert not re.search(r'<mark class="block">[^<]*129', held.text)
    markup = cal.post(path, **{**given, "text": "<script>alert(1)</script>"})
    assert "<script>alert" not in markup.text
    assert cal.post(path, **{**given, "text": " "}).status_code == 422
    assert cal.post(path, **{**given, "field": "nothing"}).status_code in (200, 422)

"""The pages for copywriters in headless Chromium: answers arrive, with and without scripts, on a phone."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from app.db.store import DraftFilter
from app.generation.service import Generation
from app.llm.scripted import ScriptedModel
from app.web.app import create_web
from tests.api.house import OURS, write_content
from tests.browser.opened import PHONE, WIDE, Opened
from tests.browser.pages import Served, served
from tests.generation.desk import BRIEF, LINES, answering
from tests.web.drafts import store_brief, write_email
from tests.web.front import Front, open_front

SLOW = 1.0
HERE = f"/brands/{OURS}/briefs/{BRIEF['id']}"


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Pages whose model takes its time."""
    root = tmp_path_factory.mktemp("front")
    write_content(root / "content")
    with open_front(root, root / "content") as opened:
        model = ScriptedModel(answering(), seconds=SLOW)
        slow = Generation((model,), opened.service.store, samples=4, engine="0.1.0")
        slow.warm_up(opened.service.contents.now().libraries.serving.values())
        service = replace(opened.service, generation=slow)
        store_brief(service)
        yield replace(opened, service=service, web=create_web(service))


@pytest.fixture(scope="module")
def pages(front: Front, chromium: Browser) -> Iterator[Served]:
    with served(front, chromium) as opened:
        yield opened


def brief(pages: Served, name: str) -> str:
    """The path of a brief of its own."""
    store_brief(pages.service, id=name, name=name.replace("_", " ").title())
    return f"/brands/{OURS}/briefs/{name}"


def asked(cal: Opened, path: str) -> None:
    """Ask for everything of a brief with the form."""
    page = cal.go(f"{path}/ask")
    page.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/runs/**")


def test_answers_arrive_while_one_watches(pages: Served) -> None:
    path = brief(pages, "watched")
    with pages.opened("cal") as cal:
        asked(cal, path)
        expect(cal.page.get_by_role("status").nth(1)).to_contain_text("positions decided")
        cal.is_sound()
        expect(cal.page.get_by_text("waits for the model").first).to_be_visible()
        expect(cal.page.locator("#far")).to_have_text("All positions are decided.", timeout=30_000)
        expect(cal.page.get_by_text("waits for the model")).to_have_count(0)
        expect(cal.page.get_by_text(LINES["hero"][0]["headline"]).first).to_be_visible()
        assert cal.page.locator("#bar").evaluate("bar => bar.value / bar.max") == 1
        cal.is_sound()


def test_leaving_the_page_ends_nothing_and_coming_back_asks_nothing(pages: Served) -> None:
    path = brief(pages, "left")
    model = pages.service.generation.models[0]
    assert isinstance(model, ScriptedModel)
    with pages.opened("cal") as cal:
        asked(cal, path)
        where = cal.page.url
        cal.page.goto("about:blank")
        cal.page.wait_for_timeout(int(SLOW * 4000))
        drafts = len(pages.service.store.drafts(DraftFilter(brief_id="left")))
        assert drafts >= 6, "the work went on"
        number = len(model.requests)
        cal.page.goto(where)
        expect(cal.page.locator("#far")).to_have_text("All positions are decided.", timeout=30_000)
        cal.page.reload()
        cal.page.go_back()
        cal.page.go_forward()
        assert len(model.requests) == number
        cal.page.get_by_role("link", name="To the brief").click()
        expect(cal.page.get_by_role("checkbox").first).to_be_visible()


def test_without_scripts_the_page_comes_anew_by_itself(pages: Served) -> None:
    path = brief(pages, "scriptless")
    with pages.opened("cal", scripts=False) as cal:
        asked(cal, path)
        expect(cal.page.get_by_role("link", name="Look again")).to_be_visible()
        expect(cal.page.get_by_text("All positions are decided.")).to_be_visible(timeout=30_000)
        assert cal.page.get_by_text("waits for the model").count() == 0
        cal.page.get_by_role("link", name="To the brief").click()
        cal.page.get_by_role("checkbox").first.check()
        cal.page.get_by_role("button", name="Submit the chosen for review").click()
        expect(cal.page.get_by_role("status")).to_contain_text("One draft is submitted for review.")


def test_all_are_chosen_at_once_and_submitted(pages: Served) -> None:
    with pages.opened("cal") as cal:
        if not pages.service.store.drafts(DraftFilter(brief_id=str(BRIEF["id"]))):
            write_email(pages.service)
        cal.go(HERE)
        cal.page.get_by_role("button", name="Choose all").click()
        cal.page.get_by_role("button", name="Submit the chosen for review").click()
        expect(cal.page.get_by_role("status")).to_contain_text("3 drafts are submitted for review.")


def test_a_fault_of_a_brief_leads_to_its_line(pages: Served) -> None:
    with pages.opened("cal") as cal:
        page = cal.go(f"/brands/{OURS}/new-brief")
        page.get_by_role("link", name="Bringing people back").click()
        box = page.get_by_label("The brief")
        text = box.input_value()
        box.fill(text.replace("journey: winback", "journey: winbak"))
        page.get_by_role("button", name="Store the brief").click()
        problem = page.get_by_role("alert")
        expect(problem).to_be_focused()
        expect(problem).to_contain_text("'winbak' is not known here")
        cal.is_sound()
        problem.get_by_role("link").first.click()
        expect(box).to_be_focused()
        chosen = box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)")
        assert chosen == "journey: winbak"
        box.fill(text)
        page.get_by_role("button", name="Store the brief").click()
        expect(page.get_by_role("status")).to_contain_text("The brief is stored.")


@pytest.mark.parametrize("scripts", [True, False])
def test_own_copy_is_checked_with_the_keyboard(pages: Served, scripts: bool) -> None:
    with pages.opened("cal", PHONE, scripts=scripts) as cal:
        page = cal.go(f"/brands/{OURS}/check")
        page.get_by_label("Text").fill("Yours for $99 today, guaranteed to cure every cold!!!")
        page.get_by_label("Facts of the brief").select_option(str(BRIEF["id"]))
        page.get_by_role("button", name="Check", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="It does not pass")).to_be_visible()
        assert page.locator("mark.block").count() > 0
        page.locator("a.number").first.click()
        expect(page.locator(".finding:target")).to_be_visible()
        expect(page.get_by_label("Text")).to_have_value(
            "Yours for $99 today, guaranteed to cure every cold!!!"
        )
        if scripts:
            cal.is_sound()


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light")])
def test_every_page_is_sound(pages: Served, width: int, scheme: Literal["light", "dark"]) -> None:
    write_email(pages.service)
    paths = [HERE, f"{HERE}/ask", f"{HERE}/write", f"{HERE}/edit"]
    paths += [
        f"/brands/{OURS}/{name}" for name in ("copy", "check", "new-brief", "new-brief?journey=welcome")
    ]
    with pages.opened("cal", width, scheme) as cal:
        for path in paths:
            cal.go(path)
            cal.is_sound()

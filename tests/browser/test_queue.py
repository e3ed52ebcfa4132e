"""The queue of review in headless Chromium: by keyboard, by mouse, without scripts, on a phone, with axe."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from app.db.sign_in_tables import SignedInBy
from app.db.tables import DraftState
from app.review.actions.ask import AskOrder
from app.web.cookies import SESSION
from tests.api.house import email_of
from tests.browser.axe import serious
from tests.web.queue_house import QUEUE, QueueHouse, open_queue_house, queue_content

WIDE, PHONE = 1280, 360
Scheme = Literal["light", "dark"]


@dataclass
class Served:
    """The pages, served on this machine, and browsers of people who are signed in."""

    house: QueueHouse
    url: str
    browser: Browser | None = None

    @contextmanager
    def opened(
        self, name: str = "rae", width: int = WIDE, scheme: Scheme = "light", *, scripts: bool = True
    ) -> Iterator["Seat"]:
        """Somebody's browser."""
        assert self.browser is not None
        context = self.browser.new_context(
            viewport={"width": width, "height": 800}, color_scheme=scheme, java_script_enabled=scripts
        )
        sessions, person = self.house.front.sessions, self.house.front.person_id(name)
        token = sessions.begin(person, SignedInBy.PASSWORD, "")
        context.add_cookies([{"name": SESSION, "value": token, "url": self.url}])
        seat = Seat(context.new_page(), self.url)
        seat.page.on("pageerror", lambda error: seat.troubles.append(str(error)))
        seat.page.on("console", lambda message: seat.hear(message.type, message.text))
        yield seat
        context.close()
        assert seat.troubles == []


@dataclass
class Seat:
    """A page with what went wrong on it."""

    page: Page
    url: str
    troubles: list[str] = field(default_factory=list)

    def hear(self, sort: str, text: str) -> None:
        """An error of the console; an answer with an error's status is none of the page's."""
        if sort == "error" and "the server responded with a status" not in text:
            self.troubles.append(text)

    def go(self, path: str = QUEUE) -> Page:
        """Open a path."""
        self.page.goto(f"{self.url}{path}", wait_until="load")
        return self.page

    def is_sound(self) -> None:
        """Nothing is wider than the window, and axe finds nothing serious."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert serious(self.page) == []


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return queue_content(tmp_path_factory.mktemp("queue_content"))


@pytest.fixture
def served(tmp_path: Path, content: Path, chromium: Browser) -> Iterator[Served]:
    """A queue with a question to rae. It is made and served in threads of their own."""
    made: list[Served] = []
    ready, over = threading.Event(), threading.Event()

    def serve() -> None:
        try:
            with open_queue_house(tmp_path, content) as house, socket.socket() as listening:
                hero = house.drafts["hero"][0]
                house.act("lea", "ask", hero, AskOrder(person=email_of("rae"), text="Is it in the shop?"))
                listening.bind(("127.0.0.1", 0))
                server = uvicorn.Server(uvicorn.Config(house.front.web, log_level="error"))
                running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
                running.start()
                while not server.started:
                    time.sleep(0.02)
                made.append(Served(house, f"http://127.0.0.1:{listening.getsockname()[1]}"))
                ready.set()
                over.wait()
                server.should_exit = True
                running.join()
        finally:
            ready.set()

    thread = threading.Thread(target=serve)
    thread.start()
    ready.wait()
    assert made, "the pages were not served"
    made[0].browser = chromium
    yield made[0]
    over.set()
    thread.join()


def test_the_queue_is_worked_by_keyboard(served: Served) -> None:
    with served.opened() as seat:
        page = seat.go()
        expect(page.locator("[data-keys-hint]")).to_be_visible()
        links = page.locator("a.open")
        page.keyboard.press("j")
        expect(links.nth(0)).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(links.nth(1)).to_be_focused()
        page.keyboard.press("x")
        expect(page.locator("[data-count]")).to_have_text("1 chosen")
        page.keyboard.press("k")
        page.keyboard.press("x")
        expect(page.locator("[data-count]")).to_have_text("2 chosen")
        page.keyboard.press("x")
        page.keyboard.press("t")
        expect(page.locator(".said")).to_have_text("Taken for you: 1.")
        expect(page.locator(".line", has_text="you have it")).to_have_count(1)
        page.keyboard.press("j")
        page.keyboard.press("t")
        expect(page.locator(".line", has_text="you have it")).to_have_count(2)
        page.keyboard.press("j")
        path = page.locator("a.open").first.get_attribute("href")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{path}")
        page.go_back()
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url(f"**{path}")


def test_keys_are_explained_and_can_be_turned_off(served: Served) -> None:
    with served.opened() as seat:
        page = seat.go()
        page.keyboard.press("?")
        dialog = page.get_by_role("dialog", name="Keys")
        expect(dialog).to_be_visible()
        seat.is_sound()
        dialog.get_by_label("Use these keys on this page").uncheck()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        page.keyboard.press("j")
        expect(page.locator("a.open:focus")).to_have_count(0)
        page.reload()
        page.keyboard.press("j")
        expect(page.locator("a.open:focus")).to_have_count(0)
        page.keyboard.press("?")
        expect(dialog).to_be_visible()


def test_typing_in_a_filter_moves_nothing(served: Served) -> None:
    with served.opened() as seat:
        page = seat.go()
        page.locator(".filters summary").click()
        page.get_by_label("Position").focus()
        page.keyboard.press("x")
        page.keyboard.press("j")
        expect(page.get_by_label("Position")).to_be_focused()
        expect(page.locator("input[name=draft]:checked")).to_have_count(0)


def test_filters_are_chosen_and_left(served: Served) -> None:
    with served.opened() as seat:
        page = seat.go()
        page.locator(".filters summary").click()
        page.get_by_label("Position").select_option(label="button")
        page.get_by_role("button", name="Show").click()
        expect(page.locator(".line")).to_have_count(2)
        page.get_by_role("navigation", name="What is shown").get_by_text("What I have taken").click()
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()
        seat.is_sound()
        page.get_by_role("link", name="Show everything in review").click()
        expect(page.locator(".line")).to_have_count(6)
        page.go_back()
        page.go_back()
        expect(page.get_by_label("Position")).to_have_value("cta")


@pytest.mark.parametrize("scripts", [True, False])
def test_several_are_approved_and_the_back_button_is_harmless(served: Served, scripts: bool) -> None:
    with served.opened(scripts=scripts) as seat:
        page = seat.go(f"{QUEUE}?kind=cta")
        for box in page.locator("input[name=draft]").all():
            box.check()
        page.get_by_role("button", name="Look and approve together").click()
        expect(page.get_by_role("heading", name="Approve 2 together")).to_be_visible()
        for label in ("Come back outside", "Plan a walk"):
            expect(page.get_by_text(label)).to_be_visible()
        page.get_by_role("button", name="Approve all 2").click()
        page.wait_for_url(re.compile(r"/queue\?kind=cta$"))
        expect(page.locator(".said")).to_have_text("Your approval is stored for: 2.")
        expect(page.get_by_text("Nothing fits these filters.")).to_be_visible()
        states = {served.house.draft(draft).state for draft in served.house.drafts["cta"]}
        assert states == {DraftState.APPROVED}
        page.go_back()
        expect(page.get_by_role("heading", name="2 of 2 cannot be approved together")).to_be_visible()
        expect(page.get_by_text("it is approved, not in review").first).to_be_visible()
        page.get_by_role("link", name="Back to the queue").click()
        expect(page.get_by_text("Nothing fits these filters.")).to_be_visible()


def test_without_scripts_everything_can_be_done(served: Served) -> None:
    with served.opened(scripts=False) as seat:
        page = seat.go()
        expect(page.locator("[data-keys-hint]")).to_be_hidden()
        page.locator("input[name=draft]").first.check()
        page.get_by_role("button", name="Take").click()
        expect(page.locator(".line", has_text="you have it")).to_have_count(1)
        page.locator(".line", has_text="you have it").locator("input").check()
        page.get_by_role("button", name="Give back").click()
        expect(page.locator(".said")).to_have_text("Given back: 1.")
        page.locator(".line .why summary").first.click()
        expect(page.locator(".line .why li").first).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("Answer the question"))).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_pages_are_sound(served: Served, width: int, scheme: Scheme) -> None:
    with served.opened(width=width, scheme=scheme) as seat:
        page = seat.go()
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.locator(".filters summary").click()
        page.locator(".line .why summary").first.click()
        seat.is_sound()
        chosen = "&".join(f"draft={kind[0]}" for kind in served.house.drafts.values())
        seat.go(f"{QUEUE}/approve?{chosen}")
        seat.is_sound()
        seat.go(f"{QUEUE}/approve?draft={served.house.drafts['cta'][0]}")
        seat.is_sound()

"""Signing in and the account in headless Chromium: by keyboard, without scripts, on a phone."""

from collections.abc import Iterator

import httpx2
import pytest
from oidc_provider_mock import run_server_in_thread
from playwright.sync_api import Browser, expect

from app.db.store import open_store
from app.settings import Settings
from app.sign_in.passwords import Passwords
from tests.api.house import email_of, write_content
from tests.browser.desk import Desk, open_desk
from tests.browser.opened import PHONE, WIDE
from tests.web.routes import pages, parameters


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A real provider on this machine, which knows Rae."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        with run_server_in_thread() as server:
            url = f"http://localhost:{server.server_port}"
            claims = {"email": email_of("rae"), "email_verified": True}
            httpx2.put(f"{url}/users/rae-1", json=claims).raise_for_status()
            yield url


@pytest.fixture(scope="module")
def desk(issuer: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    content = folder / "content"
    write_content(content)
    client = {"oidc_client_id": "copydesk", "oidc_client_secret": "secret"}
    with open_desk(folder, content, chromium, oidc_issuer=issuer, body_seconds=3, **client) as opened:
        yield opened


def link_for(desk: Desk, name: str) -> str:
    """A link with which somebody sets a password."""
    folder = desk.server.log.parent
    store = open_store(f"sqlite:///{folder / 'desk.db'}")
    token = Passwords.by(Settings(), store.engine).make_link(email_of(name))
    store.close()
    return f"/account/set-password?token={token}"


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light")])
def test_every_page_is_sound(desk: Desk, width: int, scheme: str) -> None:
    with desk.opened(width, scheme) as visitor:  # type: ignore[arg-type]
        for path in ("/sign-in", "/nothing", link_for(desk, "lea")):
            visitor.go(path)
            visitor.is_sound()
    with desk.opened(width, scheme) as gus:  # type: ignore[arg-type]
        gus.sign_in("gus")
        shown = {path for method, path in pages() if method == "GET" and not path.endswith(".csv")}
        for path in sorted(path for path in shown if set(parameters(path)) <= {"brand"}):
            gus.go(path.replace("{brand}", "fernhill"))
            gus.is_sound()
        gus.page.locator("summary").first.click()
        gus.is_sound()


@pytest.mark.parametrize("scripts", [True, False])
def test_signing_in_wrong_and_right_and_out(desk: Desk, scripts: bool) -> None:
    with desk.opened(scripts=scripts) as cal:
        page = cal.go("/account")
        expect(page).to_have_url(f"{cal.url}/sign-in?next=/account")
        page.get_by_label("Email").fill(email_of("cal"))
        page.get_by_label("Password", exact=True).fill("wrong")
        page.keyboard.press("Enter")
        problem = page.get_by_role("alert")
        expect(problem).to_contain_text("the address or the password is wrong")
        if scripts:
            expect(problem).to_be_focused()
        page.get_by_label("Password", exact=True).fill("seven quiet herons wade")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{cal.url}/account")
        expect(page.get_by_role("status")).to_have_text("Welcome, Cal.")
        page.get_by_role("button", name="Sign out", exact=True).click()
        expect(page.get_by_role("status")).to_have_text("You are signed out.")
        page.go_back()
        page.reload()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_form_is_reached_and_seen_by_keyboard(desk: Desk) -> None:
    with desk.opened() as visitor:
        page = visitor.go("/sign-in")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Tab")
        provider = page.get_by_role("link", name="Sign in with localhost")
        expect(provider).to_be_focused()
        assert provider.evaluate("element => getComputedStyle(element).outline").endswith("solid 3px")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Email")).to_be_focused()


def test_signing_in_with_the_provider(desk: Desk) -> None:
    with desk.opened() as rae:
        page = rae.go("/sign-in?next=/account")
        page.get_by_role("link", name="Sign in with localhost").click()
        page.locator("input[name=sub]").fill("rae-1")
        page.locator("button[type=submit], input[type=submit], button").first.click()
        expect(page).to_have_url(f"{rae.url}/account")
        expect(page.get_by_role("status")).to_have_text("Welcome, Rae.")
        expect(page.get_by_text("your organisation's sign-in")).to_be_visible()


def test_a_password_is_set_by_a_link_and_changed(desk: Desk) -> None:
    first, second = "eleven loud geese marching", "forty mild otters napping"
    with desk.opened() as lea:
        page = lea.go(link_for(desk, "lea"))
        for name in ("New password", "The same again"):
            page.get_by_label(name).fill(first)
        page.get_by_role("button", name="Set the password").click()
        expect(page.get_by_role("status")).to_have_text("The password is set. Sign in with it.")
        lea.sign_in("lea", first)
        page = lea.go("/account")
        page.get_by_label("Current password").fill(first)
        for name in ("New password", "The same again"):
            page.get_by_label(name).fill(second)
        page.get_by_role("button", name="Change the password").click()
        expect(page.get_by_role("status")).to_contain_text("The password is changed")
        lea.is_sound()


def test_two_browsers_see_and_end_each_other(desk: Desk) -> None:
    with desk.opened() as here, desk.opened() as there:
        here.sign_in("neo")
        there.sign_in("neo")
        page = here.go("/account")
        page.get_by_role("button", name="End the session").first.click()
        expect(page.get_by_role("status")).to_have_text("That session is ended.")
        there.go("/account")
        expect(there.page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_form_that_does_not_arrive_is_given_up(desk: Desk) -> None:
    host = desk.server.url.removeprefix("http://")
    head = f"POST /sign-in HTTP/1.1\r\nhost: {host}\r\ncontent-length: 50\r\n"
    kind = "content-type: application/x-www-form-urlencoded\r\n\r\n"
    answer = desk.server.raw(f"{head}{kind}email=".encode())
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"That took too long" in answer


def test_no_log_line_says_who_wrote_what(desk: Desk) -> None:
    """Addresses, passwords and links stand in forms and queries, and in no line."""
    with desk.opened() as cal:
        cal.go(link_for(desk, "lea"))
        cal.sign_in("cal", "wrong")
        cal.sign_in("cal")
        cal.go("/account")
    lines = desk.server.lines()
    assert any("/sign-in" in line for line in lines)
    assert [line for line in lines if "@" in line or "token=" in line or "herons" in line] == []


def test_the_brand_switch_works_by_keyboard(desk: Desk) -> None:
    with desk.opened() as gus:
        page = gus.sign_in("gus")
        page.locator("summary").first.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{gus.url}/brands/moorgate")
        page.locator("summary").first.press("Enter")
        page.keyboard.press("Escape")
        expect(page.locator("details[open]")).to_have_count(0)

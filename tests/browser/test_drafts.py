"""The page of one draft in Chromium: by keyboard, by two people, in two tabs, without scripts, and with copy
that wants to do harm.
"""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from app.brand.tiers import Tier
from app.copywriting.previews import Preview, preview_email
from app.copywriting.review_clock import sweep
from app.db.review_tables import RejectReason
from app.db.tables import Draft, DraftState
from app.review.actions.ask import AskOrder
from app.review.actions.comment import CommentOrder
from app.review.actions.escalate import EscalateOrder
from app.review.actions.reject import RejectOrder
from app.web.pages import draft_email
from tests.api.house import OURS, email_of, write_content
from tests.browser.opened import PHONE, WIDE
from tests.browser.pages import Served
from tests.web.conftest import FakeClock
from tests.web.drafts import HERO, act, office_of, page_of, write, write_email

BAD = {"headline": "Unleash the best coat", "body": HERO["body"]}


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content folder of both brands, written once."""
    root = tmp_path_factory.mktemp("content")
    write_content(root)
    return root


def state(pages: Served, draft: Draft) -> Draft:
    """The draft as it is stored now."""
    return pages.service.drafts.find(draft.id, [OURS])


def submit(pages: Served, draft: Draft) -> Draft:
    """Have Cal submit it."""
    return act(pages.service, "submit", draft, "cal", at=pages.front.sessions.clock())


def focused(page: Page) -> str:
    """The words on what has the focus."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))


def test_reviewing_by_keyboard(pages: Served) -> None:
    first, second, third = (submit(pages, draft) for draft in write_email(pages.service))
    with pages.opened("rae") as rae:
        page = rae.go(page_of(first))
        page.keyboard.press("?")
        assert page.locator("#keys dl").is_visible()
        page.keyboard.press("a")
        assert focused(page) == "Approve"
        assert state(pages, first).state is DraftState.IN_REVIEW, "a key only leads to the form"
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: first.id not in url)
        assert state(pages, first).state is DraftState.APPROVED
        assert page.get_by_role("status").get_by_text("This is the next draft").is_visible()
        page.keyboard.press("c")
        page.keyboard.type("nearly: a calmer one, please")
        assert page.locator("#request_changes-text").input_value() == "nearly: a calmer one, please"
        page.keyboard.press("Tab")
        assert focused(page) == "Request changes"
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: url != before)
        left = next(draft for draft in (second, third) if draft.id in page.url)
        page.keyboard.press("r")
        assert focused(page).startswith("Choose a reason") or page.locator("#reject-reason:focus").count()
        page.keyboard.type("it is not true")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert focused(page) == "Reject"
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
        assert state(pages, left).state is DraftState.REJECTED


def test_of_two_reviewers_one_decides_and_the_other_keeps_what_they_typed(
    pages: Served, clock: FakeClock
) -> None:
    draft = submit(pages, write(pages.service))
    with pages.opened("rae", PHONE) as rae:
        page = rae.go(page_of(draft))
        page.keyboard.press("c")
        page.keyboard.type("Say which coat it is.")
        act(pages.service, "reject", draft, "ada", RejectOrder(reason=RejectReason.UNCLEAR), at=clock())
        page.get_by_role("button", name="Request changes").click()
        page.get_by_text("It changed while you were looking at it").wait_for()
        assert page.get_by_label("What you wrote").input_value() == "Say which coat it is."
        rae.is_sound()
    assert state(pages, draft).state is DraftState.REJECTED


def test_next_and_previous_keys_follow_the_queue(pages: Served) -> None:
    drafts = [submit(pages, draft) for draft in write_email(pages.service)]
    with pages.opened("rae") as rae:
        page = rae.go(page_of(drafts[0]))
        while page.locator("[rel=prev]").count():
            with page.expect_navigation():
                page.keyboard.press("p")
        seen = {page.url}
        for _ in range(2):
            with page.expect_navigation():
                page.keyboard.press("n")
            seen.add(page.url)
        assert len(seen) == 3
        assert page.locator("[rel=next]").count() == 0
        page.locator("#comment-text").focus()
        page.keyboard.type("never again, per cent")
        assert page.locator("#comment-text").input_value() == "never again, per cent"


def test_findings_appear_while_one_types(pages: Served) -> None:
    draft = write(pages.service)
    with pages.opened("cal") as cal:
        page = cal.go(page_of(draft))
        page.keyboard.press("e")
        page.locator("#copy\\.headline").fill(BAD["headline"])
        live = page.locator("[data-field=headline] .live")
        live.locator("mark.block").wait_for()
        assert live.locator("mark").all_inner_texts() == ["Unleash", "the best"]
        assert "must change: the voice guide avoids 'unleash'" in live.inner_text()
        assert page.locator(".live-verdict").inner_text() == "As typed it does not pass."
        page.locator("#copy\\.headline").fill("Come back outside today")
        page.get_by_text("As typed it passes.").wait_for()
        assert live.locator("mark").count() == 0
        cal.is_sound()
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved. It passes every rule.").wait_for()
    assert state(pages, draft).copy_fields["headline"] == "Come back outside today"


def test_two_people_approve_and_back_has_a_clear_answer(pages: Served, clock: FakeClock) -> None:
    draft = submit(pages, write(pages.service))
    order = EscalateOrder(tier=Tier.ELEVATED, text="A price on the front page")
    act(pages.service, "escalate", draft, "rae", order, at=clock())
    with pages.opened("rae") as rae, pages.opened("lea") as lea:
        page = rae.go(page_of(draft))
        page.locator("#do-approve summary").click()
        assert "with exactly these values" in page.locator("#do-approve").inner_text()
        page.get_by_role("button", name="Approve").click()
        page.wait_for_url("**/queue")
        assert state(pages, draft).state is DraftState.IN_REVIEW
        page.go_back()
        assert page.get_by_role("button", name="Approve").count() == 0
        assert "Approved by\nrae@example.com as Brand reviewer" in page.locator("main").inner_text()
        page = lea.go(page_of(draft))
        page.keyboard.press("a")
        page.keyboard.press("Enter")
        page.wait_for_url("**/queue")
    assert state(pages, draft).state is DraftState.APPROVED


def test_of_two_tabs_the_second_keeps_its_words(pages: Served) -> None:
    draft = write(pages.service)
    with pages.opened("cal") as first, pages.opened("ada") as second:
        one, two = first.go(page_of(draft)), second.go(page_of(draft))
        for page, words in ((one, "Go outside today"), (two, "Walk a little today")):
            page.keyboard.press("e")
            page.locator("#copy\\.headline").fill(words)
        one.get_by_role("button", name="Save").click()
        one.get_by_text("Saved.").wait_for()
        two.get_by_role("button", name="Save").click()
        two.get_by_text("It changed while you were looking at it").wait_for()
        assert two.locator("#copy\\.headline").input_value() == "Walk a little today"
        assert two.locator("#copy").get_by_text("Go outside today").is_visible()
        assert "cal@example.com edited the words" in two.locator(".problem").inner_text()
        second.is_sound()
        two.get_by_role("button", name="Save").click()
        two.get_by_text("Saved.").wait_for()
    assert state(pages, draft).copy_fields["headline"] == "Walk a little today"


def test_a_deadline_that_passes_while_somebody_reads(pages: Served, clock: FakeClock) -> None:
    draft = submit(pages, write(pages.service))
    clock.move(hours=47)
    with pages.opened("rae") as rae:
        page = rae.go(page_of(draft))
        page.keyboard.press("c")
        page.keyboard.type("Please say which walk")
        clock.move(hours=2)
        assert sweep(office_of(pages.service), clock()).expired == 1
        page.get_by_role("button", name="Request changes").click()
        page.get_by_text("It changed while you were looking at it").wait_for()
        assert "It is now: expired" in page.locator(".problem").inner_text()
        rae.is_sound()


def test_without_scripts_everything_is_there(pages: Served) -> None:
    draft = write(pages.service)
    with pages.opened("cal", scripts=False) as cal:
        page = cal.go(page_of(draft))
        page.locator("#do-edit > summary").click()
        page.locator("#copy\\.headline").fill(BAD["headline"])
        page.get_by_role("button", name="Check without saving").click()
        assert page.locator("[data-field=headline] mark").all_inner_texts() == ["Unleash", "the best"]
        assert page.locator("#copy\\.headline").input_value() == BAD["headline"]
        page.locator("#copy\\.headline").fill("Come back outside today")
        page.get_by_role("button", name="Save").click()
        page.locator("#do-submit > summary").click()
        page.get_by_role("button", name="Submit for review").click()
        page.get_by_role("link", name="Inbox").click()
        frame = page.frame_locator("iframe.email")
        assert frame.get_by_text("Apple Mail or Gmail on a phone").is_visible()
        page.locator("#show-tokens").check()
        assert page.locator(".token").first.is_visible()
    with pages.opened("rae", scripts=False) as rae:
        page = rae.go(page_of(draft))
        page.locator("#do-approve > summary").click()
        page.get_by_role("button", name="Approve").click()
    assert state(pages, draft).state is DraftState.APPROVED


def test_the_views_take_turns_in_one_frame(pages: Served) -> None:
    _, hero, _ = write_email(pages.service)
    with pages.opened("cal") as cal:
        page = cal.go(page_of(hero))
        frame = page.frame_locator("iframe.email")
        frame.get_by_text("Preview - not approved").wait_for()
        grounds = set()
        for name in ("Phone", "Dark", "Without pictures", "Desktop"):
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_timeout(500)
            frame.get_by_text("Preview - not approved").wait_for()
            grounds.add(frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor"))
            width = page.locator("iframe.email").bounding_box()
            assert width is not None
            assert (width["width"] < 400) == (name == "Phone")
        assert len(grounds) == 2, "dark is dark"
        page.get_by_role("link", name="Plain text").click()
        frame.locator("pre").wait_for()
        cal.is_sound()


@contextmanager
def tracker() -> Iterator[tuple[str, list[bytes]]]:
    """An address of this machine that notes whatever reaches it."""
    hits: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    ended = threading.Event()

    def listen() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                hits.append(connection.recv(200))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", hits
    ended.set()
    thread.join(5)
    listener.close()


def hostile(url: str) -> str:
    """Markup that wants to run, to be noticed, and to send something."""
    return (
        f'<script>top.document.title = "ran"; new Image().src = "{url}/script"</script>'
        f'<img src="{url}/pixel" onerror="top.document.title = \'ran\'">'
        f'<meta http-equiv="refresh" content="0;url={url}/refresh">'
        f'<link rel="stylesheet" href="{url}/style"><link rel="prefetch" href="{url}/prefetch">'
        f'<style>@import "{url}/import"; body {{ background: url({url}/ground) }}</style>'
        f'<form action="{url}/form"><input name="x" value="1" autofocus onfocus="this.form.submit()">'
        f'<button id="send">Send</button></form>'
        f'<iframe src="{url}/frame"></iframe><object data="{url}/object"></object><embed src="{url}/embed">'
        f'<video src="{url}/video" poster="{url}/poster"></video>'
        "<svg onload=\"top.document.title = 'ran'\"></svg>"
        f'<base href="{url}/"><a id="away" href="{url}/link" target="_top">Away</a>'
    )


def quiet(page: Page, hits: list[bytes]) -> None:
    """Time for what wants to run; nothing did, and nobody was reached."""
    page.wait_for_timeout(700)
    assert "ran" not in page.title()
    assert hits == []


def test_a_hostile_draft_does_nothing(pages: Served, clock: FakeClock) -> None:
    """In the copy, in what people say about it, and in the email: it is text."""
    with tracker() as (url, hits), pages.opened("rae") as rae:
        words = hostile(url)
        draft = write(pages.service, fields={"headline": words, "body": words})
        good = submit(pages, write(pages.service))
        act(pages.service, "comment", good, "cal", CommentOrder(text=words), at=clock())
        act(pages.service, "ask", good, "cal", AskOrder(person=email_of("rae"), text=words), at=clock())
        for shown in (draft, good):
            page = rae.go(page_of(shown))
            page.locator("iframe.email").scroll_into_view_if_needed()
            quiet(page, hits)
            for view in ("desktop", "text", "inbox"):
                rae.go(f"{page_of(shown)}?view={view}")
                page.locator("iframe.email").scroll_into_view_if_needed()
                quiet(page, hits)
        rae.is_sound()


def poison(monkeypatch: pytest.MonkeyPatch, markup: str) -> None:
    """As if a brand's file, or a fault in composing, had put markup into every email."""

    def poisoned(*given: Any, **named: Any) -> Preview:
        found = preview_email(*given, **named)
        html = found.rendered.html.replace("</body>", f"{markup}</body>").replace("<head>", f"<head>{markup}")
        changed = found.rendered.model_copy(update={"html": html, "text": markup, "subject": markup})
        return Preview(changed, found.used, found.open_kinds, found.qa)

    monkeypatch.setattr(draft_email, "preview_email", poisoned)


def test_markup_that_gets_into_the_email_does_nothing(pages: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = write(pages.service)
    with tracker() as (url, hits), pages.opened("rae") as rae:
        poison(monkeypatch, hostile(url))
        for view in ("desktop", "mobile", "dark", "images_off", "text", "inbox"):
            page = rae.go(f"{page_of(draft)}?view={view}")
            page.locator("iframe.email").scroll_into_view_if_needed()
            quiet(page, hits)
        page = rae.go(f"{page_of(draft)}?view=desktop")
        frame = page.frame_locator("iframe.email")
        for place in ("#send", "#away"):
            frame.locator(place).first.dispatch_event("click")
            frame.locator(place).first.click(force=True, timeout=3000)
            quiet(page, hits)
        page = rae.go(f"{page_of(draft)}/email/desktop")
        quiet(page, hits)
        assert page.url.startswith(rae.url)


def test_it_is_the_policy_of_the_frame_that_keeps_the_pixel_away(
    pages: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above relies on: in the same sandbox, without the policy, the tracker is reached."""
    draft = write(pages.service)
    monkeypatch.setattr(draft_email, "POLICY", "frame-ancestors 'self'")
    with tracker() as (url, hits), pages.opened("rae") as rae:
        poison(monkeypatch, f'<img src="{url}/pixel">')
        page = rae.go(page_of(draft))
        page.locator("iframe.email").scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        assert any(b"/pixel" in hit for hit in hits)
        assert "ran" not in page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_the_page_is_sound(pages: Served, width: int, scheme: Literal["light", "dark"]) -> None:
    clean, bad = submit(pages, write(pages.service)), write(pages.service, fields=BAD)
    with pages.opened("rae", width, scheme) as rae:
        page = rae.go(page_of(clean))
        for fold in page.locator("details:not(.switch) > summary").all():
            fold.click()
        rae.is_sound()
    with pages.opened("cal", width, scheme) as cal:
        cal.go(page_of(bad))
        cal.is_sound()

"""What holds for every page, those of later days too: each is asked for by nobody, by an outsider, and by a
form that is not ours.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.brand.roles import PersonRole
from app.db.content import ContentStore
from app.web.app import POLICY
from tests.api.house import MARKER, OURS, email_of
from tests.web.drafts import write
from tests.web.front import Browser, Front, open_front
from tests.web.published import Press, open_press
from tests.web.routes import filled, frames, open_pages, pages, parameters

GETS = [path for method, path in pages() if method == "GET"]
OPEN_GETS = [path for method, path in open_pages() if method == "GET"]
FRAMED = [path for method, path in frames() if method == "GET"]
POSTS = [path for method, path in (*pages(), *open_pages()) if method != "GET"]
OF_A_BRAND = [(method, path) for method, path in (*pages(), *frames()) if parameters(path)]
QUERIES: dict[str, Callable[[Press], str]] = {
    "/brands/{brand}/queue/approve": lambda press: f"?draft={write(press.service).id}",
    "/brands/{brand}/library/versions/compare": lambda press: "?old={version}&new={version}".format(
        **versions(press)
    ),
}
"""What pages are asked with that say nothing without."""
LEADS_ON = {"/"}
"""Pages that only lead on to another one."""


@pytest.fixture(scope="module")
def front(content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Pages that the tests of this module share: nothing is changed here."""
    with open_front(tmp_path_factory.mktemp("front"), content) as opened:
        yield opened


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Press]:
    """Pages over published content, with somebody who has every role."""
    with open_press(tmp_path_factory.mktemp("press")) as opened:
        opened.service.people.add(email_of("eve"), "Eve")
        opened.service.people.grant(email_of("eve"), OURS, list(PersonRole))
        yield opened


@pytest.mark.parametrize("path", [*GETS, *FRAMED])
def test_somebody_with_every_role_gets_every_page(press: Press, path: str) -> None:
    query = QUERIES[path](press) if path in QUERIES else ""
    answer = press.signed_in("eve").get(filled(path, press.service, **versions(press)) + query)
    leads_on = path in LEADS_ON
    assert answer.status_code == (303 if leads_on else 200), answer.text


@pytest.mark.parametrize("path", [*GETS, *FRAMED])
def test_nobody_is_led_to_sign_in(front: Front, path: str) -> None:
    asked = filled(path, front.service)
    answer = front.browser().get(asked)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={asked}")
    script = front.browser().get(asked, headers={"accept": "application/json"})
    assert (script.status_code, script.json()["type"]) == (401, "/problems/unauthenticated")


@pytest.mark.parametrize(("method", "path"), OF_A_BRAND)
def test_an_outsider_gets_the_same_words_as_for_what_does_not_exist(
    front: Front, method: str, path: str
) -> None:
    otto = front.signed_in("otto")
    theirs, none = filled(path, front.service), filled(path, front.service, brand="nowhere")
    found, missing = (_asked(otto, method, place) for place in (theirs, none))
    assert (found[0], missing[0]) == (404, 404)
    assert found[1].replace(OURS, "x") == missing[1].replace("nowhere", "x")


@pytest.mark.parametrize("name", ["cal", "neo"])
def test_nothing_of_another_brand_shows(front: Front, name: str) -> None:
    browser = front.signed_in(name)
    for path in (*GETS, *FRAMED):
        assert MARKER not in browser.get(filled(path, front.service)).text


@pytest.mark.parametrize("path", POSTS)
def test_a_form_without_its_token_is_refused(front: Front, path: str) -> None:
    browser, other = front.signed_in("cal"), front.signed_in("rae")
    asked = filled(path, front.service)
    for token in ("", "x", "é", other.form_token, browser.form_token[:-1]):
        assert browser.post(asked, token).status_code == 403
    assert browser.get("/account").status_code == 200, "nothing was done"


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
)
def test_a_form_of_another_site_is_refused(front: Front, path: str, headers: dict[str, str]) -> None:
    browser = front.signed_in("cal")
    data = {"form_token": browser.form_token}
    asked = filled(path, front.service)
    assert browser.client.post(asked, data=data, headers=headers).status_code == 403


@pytest.mark.parametrize("path", [*GETS, *OPEN_GETS, "/nothing", "/static/none.css"])
def test_headers_on_every_page(front: Front, path: str) -> None:
    for browser in (front.browser(), front.signed_in("cal")):
        answer = browser.get(filled(path, front.service))
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


@pytest.mark.parametrize("path", GETS)
def test_no_page_holds_a_script_a_style_or_an_address_of_its_own(front: Front, path: str) -> None:
    text = front.signed_in("gus").get(filled(path, front.service)).text
    assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert not re.search(r"(src|href|action)=[\"'](?!/|#)", text)


@pytest.mark.parametrize("path", FRAMED)
def test_what_stands_in_a_frame_may_do_nothing(front: Front, path: str) -> None:
    policy = front.signed_in("cal").get(filled(path, front.service)).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert policy.endswith("; sandbox")
    assert not re.search(r"script-src|connect-src|https?:|allow-", policy)


def versions(press: Press) -> dict[str, str]:
    """The version that serves, which only published content has."""
    move = ContentStore(press.service.store.engine).serving()
    assert move is not None
    return {"version": move.version}


def _asked(browser: Browser, method: str, path: str) -> tuple[int, str]:
    """The status and the words of an answer, without what differs between any two."""
    answer = browser.get(path) if method == "GET" else browser.post(path)
    return answer.status_code, re.sub(r"<code>[0-9a-f]+</code>", "", answer.text)

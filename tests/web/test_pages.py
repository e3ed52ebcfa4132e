"""The frame of the pages, and the pages that there are."""

import re

import pytest

from app.web.guard import local_path
from tests.api.house import MARKER
from tests.web.front import Front


def test_the_way_in_leads_to_the_first_brand(front: Front) -> None:
    assert front.signed_in("cal").get("/").headers["location"] == "/brands/fernhill"
    assert "no role for any brand" in front.signed_in("neo").get("/").text


def test_the_brand_switch_has_the_brands_of_the_person(front: Front) -> None:
    text = front.signed_in("gus").get("/brands/moorgate").text
    assert re.findall(r'<li><a href="(/brands/\w+)"( aria-current="true")?>', text) == [
        ("/brands/fernhill", ""),
        ("/brands/moorgate", ' aria-current="true"'),
    ]
    assert MARKER in text
    assert "<details" not in front.signed_in("cal").get("/brands/fernhill").text


def test_the_navigation_says_where_one_is(front: Front) -> None:
    text = front.signed_in("cal").get("/account").text
    assert re.search(r'<a href="/account" aria-current="page">Account</a>', text)
    assert text.count('aria-current="page"') == 1


def test_the_account_page_says_who_one_is(front: Front) -> None:
    text = front.signed_in("gus").get("/account").text
    assert "gus@example.com" in text
    assert "Copywriter, Operator" in text


def test_files_are_kept_by_their_hash(front: Front) -> None:
    browser = front.browser()
    paths = re.findall(r'(?:href|src)="(/static/[^"]+)"', browser.get("/sign-in").text)
    assert {path.rpartition(".")[2] for path in paths} == {"css", "js", "svg"}
    for path in paths:
        answer = browser.get(path)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert re.search(r"\.[0-9a-f]{12}\.", path)


def test_errors_are_pages_with_words(front: Front) -> None:
    cal = front.signed_in("cal")
    missing = cal.get("/brands/fernhil")
    assert (missing.status_code, "there is no brand" in missing.text) == (404, True)
    assert "did you mean" in missing.text
    assert (cal.get("/sign-out").status_code, cal.get("/nothing").status_code) == (405, 404)
    assert cal.post("/account/sessions/end").status_code == 422
    long = cal.post("/account/sessions/end", session="x" * 2_000_000)
    assert (long.status_code, "larger than" in long.text) == (413, True)
    assert "Sign out" in missing.text, "the head stays"


def test_a_script_gets_problem_details(front: Front) -> None:
    answer = front.signed_in("cal").get("/brands/none", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


def test_markup_in_a_name_stays_text(front: Front) -> None:
    front.service.people.add("eve@example.com", "<script>alert(1)</script>")
    session = front.sessions.begin(front.service.people.get("eve@example.com").person.id, "password", "")
    browser = front.browser()
    browser.session = session
    text = browser.get("/account").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    "given",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\r\nb",
        "/\t/evil.example",
        "javascript:alert(1)",
        "evil.example",
        "",
        "/sign-in",
        "/sign-out",
        "/" + "x" * 600,
        "/:@evil.example",
    ],
)
def test_an_open_redirect_is_refused(front: Front, given: str) -> None:
    assert local_path(given) == "/"
    answer = front.signed_in("cal").get("/sign-in", params={"next": given})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/")


def test_the_way_onward_is_kept(front: Front) -> None:
    answer = front.signed_in("cal").get("/sign-in", params={"next": "/brands/fernhill?page=2"})
    assert answer.headers["location"] == "/brands/fernhill?page=2"


def test_a_flash_message_that_somebody_made_up_is_not_shown(front: Front) -> None:
    browser = front.browser()
    for made in ("x", "e30=", "WyJub3BlIiwge31d", "W10=", "é"):
        answer = browser.client.get("/sign-in", headers={"cookie": f"copydesk-said={made}".encode()})
        assert (answer.status_code, 'class="said"' in answer.text) == (200, False)

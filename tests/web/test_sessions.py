"""Sessions: they end by time, by leaving and by what happens to the person, and no other browser has them."""

from pathlib import Path

import pytest

from app.db.sign_in_tables import SignedInBy
from app.sign_in.sessions import device_of, hash_of, is_token
from tests.api.house import email_of
from tests.web.conftest import FakeClock
from tests.web.front import Front, open_front

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


def test_a_session_ends_when_nobody_uses_it(front: Front, clock: FakeClock) -> None:
    cal = front.signed_in("cal")
    for _ in range(3):
        clock.move(minutes=479)
        assert cal.get("/account").status_code == 200
    clock.move(minutes=480)
    assert cal.get("/account").headers["location"] == "/sign-in?next=/account"


def test_a_session_ends_however_much_it_is_used(front: Front, clock: FakeClock) -> None:
    cal = front.signed_in("cal")
    for _ in range(27):
        clock.move(hours=6)
        assert cal.get("/account").status_code == 200
    clock.move(hours=6)
    assert cal.get("/account").status_code == 303
    assert front.sessions.of_person(front.person_id("cal")) == []


def test_the_database_holds_no_token(front: Front) -> None:
    cal = front.signed_in("cal")
    (row,) = front.sessions.of_person(front.person_id("cal"))
    assert is_token(cal.session)
    assert (row.id, cal.session in row.model_dump_json()) == (hash_of(cal.session), False)


@pytest.mark.parametrize("forged", ["", "x", "a" * 43, "é" * 43, "a" * 5000])
def test_a_forged_session_is_nobody(front: Front, forged: str) -> None:
    browser = front.browser()
    answer = browser.client.get("/account", headers={"cookie": f"copydesk={forged}".encode()})
    assert answer.status_code == 303


def test_the_id_of_a_session_opens_nothing(front: Front) -> None:
    cal, other = front.signed_in("cal"), front.browser()
    other.session = hash_of(cal.session)
    assert other.get("/account").status_code == 303


def test_a_disabled_person_is_out_at_once_and_for_good(front: Front) -> None:
    cal = front.signed_in("cal")
    front.service.people.disable(email_of("cal"))
    assert cal.get("/account").status_code == 303
    front.service.people.disable(email_of("cal"), disabled=False)
    assert cal.get("/account").status_code == 303


def test_a_role_that_is_taken_away_counts_with_the_next_page(front: Front) -> None:
    cal = front.signed_in("cal")
    assert cal.get("/brands/fernhill").status_code == 200
    front.service.people.revoke(email_of("cal"), "fernhill", None)
    assert cal.get("/brands/fernhill").status_code == 404


def test_signing_out_ends_the_session_and_its_forms(front: Front) -> None:
    cal = front.signed_in("cal")
    token, session = cal.form_token, cal.session
    answer = cal.post("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert cal.session == ""
    assert "You are signed out." in cal.get("/sign-in").text
    assert "You are signed out." not in cal.get("/sign-in").text, "it is said once"
    cal.session = session
    assert cal.get("/account").status_code == 303
    ended = cal.post("/account/sign-out-everywhere", token)
    assert (ended.status_code, "your session has ended" in ended.text) == (401, True)


def test_signing_out_everywhere(front: Front) -> None:
    here, there, rae = front.signed_in("cal"), front.signed_in("cal"), front.signed_in("rae")
    assert here.post("/account/sign-out-everywhere").status_code == 303
    assert [browser.get("/account").status_code for browser in (here, there, rae)] == [303, 303, 200]


def test_one_session_is_ended_and_only_by_its_person(front: Front) -> None:
    here, there, rae = front.signed_in("cal"), front.signed_in("cal"), front.signed_in("rae")
    assert rae.post("/account/sessions/end", session=hash_of(there.session)).status_code == 404
    assert there.get("/account").status_code == 200
    assert here.post("/account/sessions/end", session=hash_of(there.session)).status_code == 303
    assert [browser.get("/account").status_code for browser in (here, there)] == [200, 303]


def test_sessions_that_are_over_are_taken_away(front: Front, clock: FakeClock) -> None:
    front.signed_in("cal")
    clock.move(days=8)
    front.signed_in("rae")
    assert len(front.sessions.rows.of_person(front.person_id("rae"))) == 1
    assert front.sessions.rows.of_person(front.person_id("cal")) == []


def test_a_session_is_known_by_its_device(front: Front) -> None:
    front.sessions.begin(front.person_id("cal"), SignedInBy.PROVIDER, CHROME)
    text = front.signed_in("cal").get("/account").text
    assert "Chrome on Linux" in text
    assert "your organisation&#39;s sign-in" in text


@pytest.mark.parametrize(
    ("agent", "words"),
    [(CHROME, "Chrome on Linux"), ("curl/8", ""), ("x iPhone Safari/6", "Safari on iPhone")],
)
def test_devices_in_words(agent: str, words: str) -> None:
    assert device_of(agent) == words


def test_cookies_behind_tls_are_of_this_host_alone(tmp_path: Path, content: Path) -> None:
    with open_front(tmp_path, content, behind_tls_proxy=True) as front:
        answer = front.browser().get("/sign-in")
        (cookie,) = answer.headers.get_list("set-cookie")
        assert cookie.startswith("__Host-copydesk-form=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
        assert answer.headers["strict-transport-security"] == "max-age=31536000"


def test_cookies_on_plain_http_of_this_machine(front: Front) -> None:
    (cookie,) = front.browser().get("/sign-in").headers.get_list("set-cookie")
    assert cookie.startswith("copydesk-form=")
    assert "Secure" not in cookie
    assert "HttpOnly" in cookie


def test_a_foreign_name_that_leads_here_reaches_nothing(front: Front, tmp_path: Path, content: Path) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[", ""):
        assert front.browser().get("/sign-in", headers={"host": host}).status_code == 400, host
    for host in ("localhost:8000", "127.0.0.1", "[::1]:8000"):
        assert front.browser().get("/sign-in", headers={"host": host}).status_code == 200, host
    (tmp_path / "public").mkdir()
    with open_front(tmp_path / "public", content, public_url="https://copydesk.example") as public:
        for host, status in (("copydesk.example", 200), ("evil.example", 400)):
            assert public.browser().get("/sign-in", headers={"host": host}).status_code == status

"""Signing in with a password: right and wrong, growing waits, links, and changing it."""

import argon2
import pytest

from app.db.sign_in import Limit
from app.errors import UsageError
from app.sign_in import passwords as module
from app.sign_in.passwords import ACCOUNT, ADDRESS, check_new, in_words
from tests.api.house import email_of
from tests.web.conftest import FakeClock
from tests.web.front import PASSWORD, Browser, Front

NEW = "eleven loud geese marching"


def try_in(browser: Browser, name: str, password: str = PASSWORD, **more: str) -> int:
    """The status of signing in; the browser saw the form first."""
    browser.get("/sign-in")
    return browser.post("/sign-in", email=email_of(name), password=password, **more).status_code


def test_right_and_wrong(front: Front) -> None:
    front.set_password("cal")
    browser = front.browser()
    page = browser.get("/sign-in?next=/account")
    assert 'name="next_path" value="/account"' in page.text
    wrong = browser.post("/sign-in", email=email_of("cal"), password="wrong", next_path="/account")
    assert (wrong.status_code, "address or the password is wrong" in wrong.text) == (401, True)
    assert 'value="cal@example.com"' in wrong.text, "the address stays"
    assert "wrong</" not in wrong.text.replace("is wrong", "")
    right = browser.post("/sign-in", email=" CAL@example.com ", password=PASSWORD, next_path="/account")
    assert (right.status_code, right.headers["location"]) == (303, "/account")
    assert "Welcome, Cal." in browser.get("/account").text


def test_the_words_are_the_same_whatever_is_wrong(front: Front) -> None:
    front.set_password("cal")
    front.set_password("rae")
    front.service.people.disable(email_of("rae"))
    browser = front.browser()
    browser.get("/sign-in")
    texts = set()
    for name, password in (("cal", "x"), ("rae", PASSWORD), ("lea", "x"), ("nobody", "x")):
        answer = browser.post("/sign-in", email=email_of(name), password=password)
        assert answer.status_code == 401
        texts.add(answer.text.replace(email_of(name), "").replace(answer.headers["x-request-id"], ""))
    assert len(texts) == 1


def test_every_refusal_costs_one_hash(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an answer costs would tell who has an account."""
    front.set_password("cal")
    browser, verified = front.browser(), []
    plain = module._verified

    def counted(hashed: str, password: str) -> bool:
        verified.append(argon2.extract_parameters(hashed))
        return plain(hashed, password)

    monkeypatch.setattr(module, "_verified", counted)
    for name in ("cal", "lea", "nobody"):
        try_in(browser, name, "wrong")
    assert verified == [verified[0]] * 3


def test_a_new_session_has_a_new_id(front: Front) -> None:
    """Nobody can plant a session that somebody else then signs in to."""
    front.set_password("cal")
    browser = front.browser()
    browser.session = planted = "a" * 43
    assert try_in(browser, "cal") == 303
    assert browser.session != planted
    first = browser.session
    browser.get("/account")
    browser.post("/sign-in", email=email_of("cal"), password=PASSWORD)
    assert browser.session != first
    other = front.browser()
    other.session = first
    assert other.get("/account").status_code == 303, "the session before has ended"


def test_waits_grow_and_nobody_is_locked_out(front: Front, clock: FakeClock) -> None:
    front.set_password("cal")
    browser = front.browser()
    assert [try_in(browser, "cal", "wrong") for _ in range(ACCOUNT.free)] == [401] * ACCOUNT.free
    waits = []
    for _ in range(10):
        assert try_in(browser, "cal") == 429, "also with the right password"
        answer = browser.post("/sign-in", email=email_of("cal"), password="wrong")
        waits.append(int(answer.headers["retry-after"]))
        assert f"try again in {in_words(waits[-1])}" in answer.text
        clock.move(seconds=waits[-1])
        assert try_in(browser, "cal", "wrong") == 401
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
    clock.move(seconds=900)
    assert try_in(browser, "cal") == 303
    assert try_in(front.browser(), "cal", "wrong") == 401, "the count begins anew"


def test_a_refused_try_makes_the_wait_no_longer(front: Front, clock: FakeClock) -> None:
    front.set_password("cal")
    browser = front.browser()
    for _ in range(20):
        try_in(browser, "cal", "wrong")
    clock.move(seconds=5)
    assert try_in(browser, "cal") == 303


def test_an_address_that_guesses_waits_whomever_it_asks_for(front: Front, clock: FakeClock) -> None:
    front.set_password("cal")
    browser = front.browser()
    browser.get("/sign-in")
    for number in range(ADDRESS.free):
        answer = browser.post("/sign-in", email=f"somebody{number}@example.com", password="wrong")
        assert answer.status_code == 401
    assert try_in(browser, "cal") == 429
    clock.move(days=1, seconds=1)
    assert try_in(browser, "cal") == 303


def test_the_table_of_failures_holds_no_address(front: Front) -> None:
    try_in(front.browser(), "cal", "wrong")
    with front.passwords.failures._reading_rows() as rows:
        found = rows.exec_driver_sql("SELECT * FROM sign_in_failure").all()
    assert len(found) == 2
    assert all(len(row[0]) == 64 and "cal" not in str(row) and "testclient" not in str(row) for row in found)


def test_limits_in_figures() -> None:
    limit = Limit(free=2, first=3, most=10)
    assert [limit.wait(failures).total_seconds() for failures in (0, 1, 2, 3, 4, 500)] == [0, 0, 3, 6, 10, 10]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "has 5 characters"),
        ("x" * 201, "more than 200"),
        ("aaaaaaaaaaaaaaaa", "repeats few"),
        ("abababababababab", "repeats few"),
        ("ada@example.com", "little more than"),
        ("AdaLovelace1234", "little more than"),
        ("copydesk-copydesk", "little more than"),
        ("Password123456", "little more than"),
        ("qwertyuiop12", "little more than"),
        ("abcdefghijklmn", "little more than"),
        ("012345678901", "little more than"),
        ("zyxwvutsrqpon", "little more than"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        check_new(password, "ada@example.com", "Ada Lovelace")
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", [PASSWORD, "x9$kL2pQ7vbW", "Grüße aus dem Tal", "длинный пароль тут"])
def test_other_passwords_are_taken(front: Front, password: str) -> None:
    check_new(password, "ada@example.com", "Ada Lovelace")
    front.set_password("cal", password)
    assert try_in(front.browser(), "cal", password) == 303


def test_a_hash_with_older_parameters_is_renewed(front: Front) -> None:
    person = front.service.people.get(email_of("cal")).person
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    front.passwords.rows.put(person.id, weak, front.passwords.clock(), by="machine")
    assert try_in(front.browser(), "cal") == 303
    known = front.passwords.rows.find(person.email)
    assert known is not None
    assert str(known.hash).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert try_in(front.browser(), "cal") == 303


def test_a_link_sets_a_password_once(front: Front) -> None:
    token = front.passwords.make_link(email_of("cal"))
    browser, cal = front.browser(), front.signed_in("cal")
    page = browser.get(f"/account/set-password?token={token}")
    assert "for cal@example.com" in page.text
    path = "/account/set-password"
    for new, again, words in ((NEW, PASSWORD, "differ"), ("short", "short", "at least 12")):
        answer = browser.client.post(
            path, data={"form_token": browser.form_token, "token": token, "new": new, "again": again}
        )
        assert (answer.status_code, words in answer.text) == (400, True)
    data = {"form_token": browser.form_token, "token": token, "new": NEW, "again": NEW}
    assert browser.client.post(path, data=data).headers["location"] == "/sign-in"
    assert "The password is set." in browser.get("/sign-in").text
    assert browser.client.post(path, data=data).status_code == 404, "it holds once"
    assert cal.get("/account").status_code == 303, "sessions have ended"
    assert try_in(browser, "cal", NEW) == 303


def test_a_link_ends(front: Front, clock: FakeClock) -> None:
    first = front.passwords.make_link(email_of("cal"))
    second = front.passwords.make_link(email_of("cal"))
    browser = front.browser()
    page = "/account/set-password"
    assert browser.get(page, params={"token": first}).status_code == 404, "a later one ends it"
    assert browser.get(page, params={"token": second}).status_code == 200
    clock.move(minutes=1440)
    for token in (second, "", "x", "a" * 43):
        assert browser.get(page, params={"token": token}).status_code == 404
    third = front.passwords.make_link(email_of("cal"))
    front.service.people.disable(email_of("cal"))
    assert browser.get(page, params={"token": third}).status_code == 404


def test_changing_the_password_ends_every_other_session(front: Front) -> None:
    front.set_password("cal")
    here, there = front.signed_in("cal"), front.signed_in("cal")
    before = here.session
    wrong = here.post("/account/password", current="wrong", new=NEW, again=NEW)
    assert (wrong.status_code, "current password is wrong" in wrong.text) == (403, True)
    weak = here.post("/account/password", current=PASSWORD, new="short", again="short")
    assert (weak.status_code, "at least 12" in weak.text) == (400, True)
    assert here.post("/account/password", current=PASSWORD, new=NEW, again=NEW).status_code == 303
    assert here.session != before
    assert "password is changed" in here.get("/account").text
    assert there.get("/account").status_code == 303
    assert [try_in(front.browser(), "cal", text) for text in (PASSWORD, NEW)] == [401, 303]


def test_own_keys_are_listed_and_revoked(front: Front) -> None:
    cal, people = front.signed_in("cal"), front.service.people
    mine, theirs = (people.keys(email_of(name))[0].key for name in ("cal", "rae"))
    assert mine.id in cal.get("/account").text
    assert theirs.id not in cal.get("/account").text
    assert cal.post("/account/keys/revoke", key=theirs.id).status_code == 404
    assert cal.post("/account/keys/revoke", key=mine.id).status_code == 303
    assert mine.id not in cal.get("/account").text
    assert people.keys(email_of("rae"))[0].key.revoked_at is None

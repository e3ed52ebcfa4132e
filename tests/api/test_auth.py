"""Keys: who gets in, and what a person may do where."""

import datetime as dt
import time
from collections.abc import Callable

import pytest

from app.api import auth
from app.brand.roles import Scope
from app.db.people import KEY
from app.db.tables import now
from app.errors import StorageError
from tests.api.house import OURS, THEIRS, House, Somebody, email_of


def test_without_a_key_only_the_open_paths_answer(house: House) -> None:
    assert house.nobody.get("/healthz").json() == {"status": "alive", "version": "0.1.0"}
    assert house.nobody.get("/readyz").status_code == 200
    assert house.nobody.get("/openapi.json").status_code == 200
    for path in ("/v1/brands", "/nothing", "/docs", "/redoc", "/"):
        answer = house.nobody.get(path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "/problems/unauthenticated"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic YTpi", "bearer cdk_1_2", "Bearer cdk_" + "0" * 32 + "_short"]
)
def test_what_is_no_key_is_refused(house: House, header: str) -> None:
    assert house.nobody.get("/v1/brands", headers={"Authorization": header}).status_code == 401


def test_a_wrong_secret_is_refused_like_an_unknown_key(house: House) -> None:
    key = house.keys["cal"]
    match = KEY.fullmatch(key)
    assert match is not None
    unknown = f"cdk_{'0' * 32}_{match[2]}"
    wrong = f"cdk_{match[1]}_{'A' * 43}"
    details = {
        Somebody(house.client, forged).get("/v1/brands").json()["detail"] for forged in (unknown, wrong)
    }
    assert details == {"the key is not known"}


def test_an_expired_key_is_refused_at_once(house: House) -> None:
    expired = house.people.create_key(email_of("cal"), "old", Scope, now() - dt.timedelta(seconds=1))
    answer = Somebody(house.client, expired.text).get("/v1/brands")
    assert answer.status_code == 401
    assert "expired" in answer.json()["detail"]


def test_a_revoked_key_stops_within_seconds(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    made = house.people.create_key(email_of("cal"), "soon gone", Scope, None)
    cal = Somebody(house.client, made.text)
    assert cal.get("/v1/brands").status_code == 200
    house.people.revoke_key(made.row.id)
    answer = cal.get("/v1/brands")
    assert (answer.status_code, answer.json()["detail"]) == (401, "the key is revoked")


def test_a_disabled_person_stops_and_comes_back(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    house = build()
    assert house.cal.get("/v1/brands").status_code == 200
    house.people.disable(email_of("cal"))
    assert "disabled" in house.cal.get("/v1/brands").json()["detail"]
    house.people.disable(email_of("cal"), disabled=False)
    assert house.cal.get("/v1/brands").status_code == 200


def test_the_database_is_not_asked_for_each_request(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build()
    asked: list[str] = []
    find = house.people.find_key

    def counted(key_id: str) -> object:
        asked.append(key_id)
        return find(key_id)

    monkeypatch.setattr(house.people, "find_key", counted)
    for _ in range(5):
        assert house.cal.get("/v1/brands").status_code == 200
    assert len(asked) == 1


def test_the_last_use_is_written_once_a_minute(build: Callable[..., House]) -> None:
    house = build()
    for _ in range(3):
        house.cal.get("/v1/brands")
    house.client.__exit__(None, None, None)
    (known,) = house.people.keys(email_of("cal"))
    assert known.key.last_used_at is not None
    assert now() - known.key.last_used_at < dt.timedelta(minutes=1)


def test_a_brand_that_is_not_ones_own_answers_like_one_that_does_not_exist(house: House) -> None:
    hidden = house.cal.get(f"/v1/brands/{THEIRS}").json()
    absent = house.cal.get("/v1/brands/nothere00").json()
    for problem in (hidden, absent):
        assert problem["status"] == 404
        del problem["request_id"]
    text = str(hidden).replace(THEIRS, "nothere00")
    assert text == str(absent)


def test_a_key_without_the_scope_is_told_which_one_it_lacks(house: House) -> None:
    narrow = house.with_key("ola", Scope.READ)
    answer = narrow.get("/v1/usage")
    assert answer.status_code == 403
    assert "lacks the scope 'operate'" in answer.json()["detail"]


def test_a_role_that_does_not_allow_it_is_told_which_would(house: House) -> None:
    answer = house.cal.get("/v1/usage", params={"brand": OURS})
    assert answer.status_code == 403
    assert "copywriter" in answer.json()["detail"]
    assert answer.json()["hint"] == "roles that allow it: brand owner, operator"


FETCH = "/v1/content/cta?brand=fernhill&segment=hikers&journey=winback&locale=en-US"


def cannot_say(*_: object) -> None:
    raise StorageError("cannot be reached")


def test_a_fetch_goes_by_a_remembered_key_while_nobody_can_say(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only fetches do, and only with the right secret; what the process never saw stays outside."""
    house = build()
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    assert house.pia.get(FETCH).status_code == 200
    monkeypatch.setattr(house.people, "find_key", cannot_say)
    for _ in range(3):
        assert house.pia.get(FETCH).status_code == 200
    assert house.pia.get("/v1/brands").status_code == 503
    assert house.cal.get(FETCH).status_code == 503
    forged = Somebody(house.client, house.keys["pia"][:-43] + "A" * 43)
    assert forged.get(FETCH).status_code == 401


def test_for_how_long_is_a_setting(build: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> None:
    house = build(fetch_away_seconds=0)
    assert house.pia.get(FETCH).status_code == 200
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    monkeypatch.setattr(house.people, "find_key", cannot_say)
    assert house.pia.get(FETCH).status_code == 503


def test_a_revoked_key_fetches_no_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    monkeypatch.setattr(auth, "RENEWAL_SECONDS", 10.0)
    made = house.people.create_key(email_of("pia"), "soon gone", Scope, None)
    pia = Somebody(house.client, made.text)
    assert pia.get(FETCH).status_code == 200
    house.people.revoke_key(made.row.id)
    answer = pia.get(FETCH)
    assert (answer.status_code, answer.json()["detail"]) == (401, "the key is revoked")


def test_a_database_that_hangs_delays_no_fetch(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build()
    assert house.pia.get(FETCH).status_code == 200
    monkeypatch.setattr(auth, "REMEMBERED_SECONDS", -1.0)
    find_key = house.people.find_key

    def slowly(key_id: str) -> object:
        time.sleep(1.5)
        return find_key(key_id)

    monkeypatch.setattr(house.people, "find_key", slowly)
    started = time.monotonic()
    assert house.pia.get(FETCH).status_code == 200
    assert time.monotonic() - started < 1.0

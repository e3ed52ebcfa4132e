"""Every error is a problem detail in plain words."""

from collections.abc import Callable

import pytest

import app.errors
import app.http.errors
from app.api.paging import encode_cursor
from app.db.store import Store
from app.errors import CopydeskError
from app.http.problems import INTERNAL, PROBLEM_TYPES, type_of
from app.service import Service
from tests.api.house import OURS, House
from tests.generation.desk import BRIEF


def errors_of(base: type[CopydeskError]) -> set[type[CopydeskError]]:
    return {base}.union(*(errors_of(item) for item in base.__subclasses__()))


def test_every_error_of_the_tree_has_its_type_and_status() -> None:
    own = {
        item for item in errors_of(CopydeskError) if item.__module__ in ("app.errors", "app.http.errors")
    } - {CopydeskError, app.http.errors.RequestError}
    for item in own:
        error = item.__new__(item)
        kind = type_of(error)
        assert kind is not INTERNAL, item
        if item in kind.errors:
            assert kind.status == item.status_code, item


def test_types_are_told_apart() -> None:
    assert len({kind.slug for kind in PROBLEM_TYPES}) == len(PROBLEM_TYPES)


def test_a_path_that_is_not_there(house: House) -> None:
    answer = house.cal.get("/v1/nothing")
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"] == "/problems/not-found"
    assert problem["instance"] == "/v1/nothing"
    assert problem["request_id"] == answer.headers["x-request-id"]


def test_a_method_that_is_not_there(house: House) -> None:
    answer = house.cal.request("DELETE", "/v1/brands")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.json()["type"] == "/problems/method-not-allowed"


def test_allow_lists_every_method_of_the_path(house: House) -> None:
    answer = house.cal.request("DELETE", "/v1/drafts")
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_accept_that_no_answer_fits(house: House) -> None:
    assert house.cal.get("/v1/brands", headers={"Accept": "text/html"}).status_code == 406
    assert house.cal.get("/v1/brands", headers={"Accept": "application/json;q=0"}).status_code == 406
    for accept in ("application/*", "text/html, */*;q=0.1", "application/json"):
        assert house.cal.get("/v1/brands", headers={"Accept": accept}).status_code == 200


def test_unknown_and_repeated_query_parameters(house: House) -> None:
    (problem,) = house.cal.get("/v1/segments?brnd=x").json()["errors"]
    assert problem["message"] == "unknown query parameter 'brnd'"
    assert problem["expected"] == "did you mean 'brand'?"
    (problem,) = house.cal.get(f"/v1/segments?brand={OURS}&brand={OURS}").json()["errors"]
    assert problem["message"] == "'brand' is given 2 times"
    (problem,) = house.cal.get("/v1/segments?limit=many").json()["errors"]
    assert (problem["where"], problem["field"], problem["message"]) == (
        "query",
        "limit",
        "should be a whole number",
    )


@pytest.mark.parametrize("query", ["since=0.5", "since=1700000000", "until=2026-11-27T09:00:00Z", "since="])
def test_days_are_written_as_days(house: House, query: str) -> None:
    (problem,) = house.ola.get(f"/v1/usage?{query}").json()["errors"]
    assert problem["message"] == "should be a day"


ENDS_OF_THE_CALENDAR = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.mark.parametrize("moment", ENDS_OF_THE_CALENDAR)
@pytest.mark.parametrize("name", ["sends_from", "sends_until"])
def test_moments_without_a_place_in_utc_are_refused(house: House, moment: str, name: str) -> None:
    (problem,) = house.cal.get("/v1/briefs", params={name: moment}).json()["errors"]
    assert (problem["field"], problem["message"]) == (name, "should be a moment")
    assert house.ola.get("/v1/audit", params={"since": moment}).status_code == 422


@pytest.mark.parametrize("moment", ENDS_OF_THE_CALENDAR)
@pytest.mark.parametrize("path", ["/v1/waivers", "/v1/drafts", "/v1/exports", "/v1/briefs", "/v1/reviews"])
def test_no_cursor_names_such_a_moment(house: House, moment: str, path: str) -> None:
    for position in ((moment, "x"), (moment, "x", "y"), ("5", moment, "x")):
        answer = house.cal.get(path, params={"cursor": encode_cursor(*position)})
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (422, "is no cursor")


@pytest.mark.parametrize("moment", ENDS_OF_THE_CALENDAR)
def test_a_brief_is_not_sent_at_such_a_moment(house: House, moment: str) -> None:
    (target,) = BRIEF["targets"]
    window = {**target["window"], "send_at": moment}
    brief = {**BRIEF, "id": "calendar", "brand": OURS, "targets": [{**target, "window": window}]}
    answer = house.cal.post("/v1/briefs", json=brief)
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("limit", ["1.0", "+1", "1_0", "01", " 1", "1e1", "½"])
def test_whole_numbers_are_written_as_such(house: House, limit: str) -> None:
    answer = house.cal.get("/v1/brands", params={"limit": limit})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "limit")


def test_a_database_that_refuses_is_told_without_its_inside_and_the_log_has_it(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build()

    def gone(*_: object, **__: object) -> None:
        error = app.errors.StorageError("the database /srv/secret.db is locked")
        raise error

    monkeypatch.setattr(Store, "usage", gone)
    logged: list[dict[str, object]] = []

    class Log:
        def error(self, _event: str, **values: object) -> None:
            logged.append(values)

    monkeypatch.setattr("app.http.problems.log", Log())
    answer = house.ola.get("/v1/usage")
    assert answer.status_code == 503
    assert answer.json()["retryable"]
    assert "secret" not in answer.text
    (line,) = logged
    assert line["cause"] == "the database /srv/secret.db is locked"
    assert line["request_id"] == answer.headers["x-request-id"]


def test_what_nobody_expected_is_a_500_without_its_inside(
    build: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = build()

    def broken(self: Service) -> None:
        raise ZeroDivisionError("secret copy")

    monkeypatch.setattr(type(house.service.contents), "now", broken)
    answer = house.cal.get("/v1/brands")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal"
    assert "secret" not in answer.text
    assert "ZeroDivision" not in answer.text

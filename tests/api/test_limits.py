"""How often, how much at once, and from which pages: limits by setting."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.http.errors import RateLimited
from app.http.rate import RateLimit
from app.settings import Settings
from tests.api.house import House, email_of
from tests.api.probe import runs, with_probe

Build = Callable[..., House]


def test_each_key_has_its_own_limit(build: Build) -> None:
    house = build(requests_per_minute=1, requests_burst=3)
    answers = [house.cal.get("/v1/brands") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers.get("ratelimit-remaining") for answer in answers[:3]] == ["2", "1", "0"]
    assert answers[0].headers["ratelimit-limit"] == "3"
    refused = answers[3]
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.json()["type"] == "/problems/rate-limited"
    assert refused.json()["retryable"]
    assert house.rae.get("/v1/brands").status_code == 200
    assert house.nobody.get("/readyz").status_code == 200


def test_requests_that_do_not_exist_count_too(build: Build) -> None:
    house = build(requests_per_minute=1, requests_burst=2)
    statuses = [house.cal.get("/v1/nothing").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_asking_a_model_has_a_limit_of_its_own(build: Build) -> None:
    house = build(model_requests_per_minute=1, model_requests_burst=1)
    body = {"note": "shorter", "count": 1}
    path = f"/v1/drafts/{'0' * 32}/redo"
    assert [house.cal.post(path, json=body).status_code for _ in range(2)] == [404, 429]
    assert house.cal.get("/v1/brands").status_code == 200


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_fills_again_with_time() -> None:
    clock = Clock()
    limit = RateLimit(60, 2, "requests", clock)
    for _ in range(2):
        limit.take("a")
    with pytest.raises(RateLimited):
        limit.take("a")
    clock.now = 1.0
    left = limit.take("a")
    assert left is not None
    assert (left.limit, left.remaining, left.reset_seconds) == (2, 0, 2)
    clock.now = 1000.0
    left = limit.take("a")
    assert left is not None
    assert left.remaining == 1


def test_no_limit_is_no_header(build: Build) -> None:
    house = build(requests_per_minute=0)
    assert "ratelimit-limit" not in house.cal.get("/v1/brands").headers


def test_more_than_may_be_in_flight_are_sent_away(build: Build, tmp_path: Path) -> None:
    house = build(in_flight=1)
    with_probe(house.client.app, tmp_path / "runs")  # type: ignore[arg-type]
    slow = threading.Thread(
        target=house.cal.post, args=("/v1/probes",), kwargs={"json": {"name": "a", "seconds": 2}}
    )
    slow.start()
    while not runs(tmp_path / "runs", "a"):
        time.sleep(0.01)
    answer = house.cal.get("/v1/brands")
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/overloaded")
    assert answer.headers["retry-after"] == "1"
    assert house.nobody.get("/healthz").status_code == 200
    slow.join()
    assert house.cal.get("/v1/brands").status_code == 200


def test_pages_of_other_origins_may_not_call_unless_named(build: Build) -> None:
    asked = {"Origin": "https://editor.example", "Access-Control-Request-Method": "POST"}
    closed = build()
    assert "access-control-allow-origin" not in closed.cal.get("/v1/brands", headers=asked).headers
    assert closed.nobody.request("OPTIONS", "/v1/checks", headers=asked).status_code == 401
    named = build(allowed_origins="https://editor.example, https://other.example:8443")
    preflight = named.nobody.request("OPTIONS", "/v1/checks", headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == "https://editor.example"
    answer = named.cal.get("/v1/brands", headers=asked)
    assert answer.headers["access-control-allow-origin"] == "https://editor.example"
    assert "access-control-allow-credentials" not in answer.headers
    refused = named.nobody.get("/v1/brands", headers=asked)
    assert (refused.status_code, refused.headers["access-control-allow-origin"]) == (
        401,
        "https://editor.example",
    )
    stranger = named.cal.get("/v1/brands", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize(
    "origin", ["editor.example", "https://a.example/path", "ftp://a.example", "https://"]
)
def test_what_is_no_origin_is_refused_at_start(origin: str) -> None:
    with pytest.raises(ValidationError, match="no origin"):
        Settings(allowed_origins=origin)


def test_behind_a_proxy_browsers_are_told_to_stay_with_tls(build: Build) -> None:
    assert "strict-transport-security" not in build().nobody.get("/healthz").headers
    secure = build(behind_tls_proxy=True).nobody.get("/healthz")
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


def test_a_process_that_ends_says_so(build: Build) -> None:
    house = build()
    assert house.nobody.get("/readyz").json()["draining"] is False
    house.service.draining.begin()
    answer = house.nobody.get("/readyz")
    assert (answer.status_code, answer.json()["draining"]) == (503, True)


def test_faults_of_a_brand_are_for_those_who_operate_it(build: Build) -> None:
    house = build()
    (house.root / "brand" / "fernhill" / "voice.yaml").write_text("summary: [")
    house.service.contents.now().libraries.reload()
    states = {}
    for name, who in (("nobody", house.nobody), ("cal", house.cal), ("ola", house.ola), ("otto", house.otto)):
        brands = {item["brand"]: item for item in who.get("/readyz").json()["brands"]}
        states[name] = (
            brands["fernhill"]["serves"],
            brands["fernhill"]["current"],
            len(brands["fernhill"]["faults"]),
        )
    assert states == {
        "nobody": (True, False, 0),
        "cal": (True, False, 0),
        "ola": (True, False, 1),
        "otto": (True, False, 0),
    }
    (fault,) = next(item for item in house.ola.get("/readyz").json()["brands"] if item["faults"])["faults"]
    assert fault["line"] >= 1
    assert "voice.yaml" in fault["message"]
    assert house.cal.get("/v1/brands").json()["items"][0]["current"] is False


def test_a_bad_key_is_refused_even_where_none_is_needed(house: House) -> None:
    assert house.nobody.get("/readyz", headers={"Authorization": "Bearer x"}).status_code == 401
    assert house.nobody.get("/healthz", headers={"Authorization": "Bearer x"}).status_code == 200
    assert email_of("cal") not in house.cal.get("/readyz").text

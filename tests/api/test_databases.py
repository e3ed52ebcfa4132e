"""The API on Postgres: the same answers as on SQLite, and a server may go away and come back."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.api.house import OURS, House
from tests.generation.desk import BRIEF
from tests.postgres import PostgresServer

Build = Callable[..., House]
HERE = "/v1/briefs/fernhill_hello"
ID = re.compile(r"\b[0-9a-f]{32}\b")
CHANGING = (
    (ID, "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(?:Z|\+00:00)"), "<moment>"),
    (re.compile(r'"(cursor|next)": "[^"]+"'), r'"\1": "<place>"'),
    (re.compile(r'"(seconds|elapsed_seconds)": [\d.e-]+'), r'"\1": 0'),
)


@pytest.fixture
def postgres_url(postgres: PostgresServer, migrated_postgres: str) -> Iterator[str]:
    name = postgres.create(migrated_postgres)
    yield postgres.url(name)
    if not postgres.running:
        postgres.start()
    postgres.drop(name)


def plain(answer: httpx2.Response) -> tuple[int, Any]:
    """Status and body without what differs from run to run: ids, present moments, and who came first."""
    text = json.dumps(answer.json(), ensure_ascii=False)
    for pattern, instead in CHANGING:
        text = pattern.sub(instead, text)
    return answer.status_code, _sorted(json.loads(text))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def day(house: House) -> list[tuple[str, int, Any]]:
    """What a copywriter does in a day, and each answer."""
    log: list[tuple[str, int, Any]] = []

    def ask(method: str, path: str, **given: Any) -> httpx2.Response:
        answer = house.cal.request(method, path, **given)
        log.append((f"{method} {ID.sub('<id>', path)}", *plain(answer)))
        return answer

    brief = {**copy.deepcopy(BRIEF), "brand": OURS}
    for _ in range(2):
        ask("POST", "/v1/variants", json=brief, headers={"Idempotency-Key": "morning"})
    ask("POST", "/v1/variants", json={**brief, "notes": "x"}, headers={"Idempotency-Key": "morning"})
    ask("POST", "/v1/briefs", json={**brief, "id": "second"})
    ask("PATCH", "/v1/briefs/second", json={"notes": "Be brief."}, headers={"If-Match": '"1"'})
    ask("PATCH", "/v1/briefs/second", json={"notes": "Be long."}, headers={"If-Match": '"1"'})
    for path in ("/v1/briefs", "/v1/briefs/second/revisions", HERE, f"{HERE}/status", "/v1/segments"):
        ask("GET", path)
    page = ask("GET", "/v1/drafts?limit=200&kind=cta").json()
    draft = min(page["items"], key=lambda item: json.dumps(item["copy_fields"], sort_keys=True))
    place = f"/v1/drafts/{draft['id']}"
    seen = {"If-Match": house.cal.get(place).headers["etag"]}
    ask("PATCH", place, json={"copy_fields": {"label": "Plan a long walk"}}, headers=seen)
    ask("PATCH", place, json={"copy_fields": {"label": "Plan a walk now"}}, headers=seen)
    ask("PATCH", place, json={"copy_fields": {"label": "Plan\x00"}}, headers={"If-Match": '"2"'})
    ask("GET", place)
    ask("GET", f"/v1/drafts/{'0' * 32}")
    ask("GET", "/v1/drafts?limit=200&state=draft")
    ask("GET", "/v1/drafts?kind=%00")
    log.append(("usage", *plain(house.ola.get("/v1/usage"))))
    return log


def test_a_day_of_work_is_the_same_on_both(build: Build, postgres_url: str) -> None:
    ours, theirs = day(build()), day(build(database=postgres_url))
    assert [(name, status) for name, status, _ in ours] == [(name, status) for name, status, _ in theirs]
    assert all(status < 500 for _, status, _ in ours)
    for (name, _, one), (_, _, two) in zip(ours, theirs, strict=True):
        assert one == two, name


def test_a_server_that_goes_away_and_comes_back(
    build: Build, postgres: PostgresServer, postgres_url: str
) -> None:
    house = build(database=postgres_url)
    brief = {**copy.deepcopy(BRIEF), "brand": OURS}
    assert house.cal.post("/v1/briefs", json=brief).status_code == 201
    postgres.stop()
    for answer in (
        house.cal.get(HERE),
        house.cal.post("/v1/briefs", json={**brief, "id": "late"}),
        house.cal.post("/v1/variants", json=brief, headers={"Idempotency-Key": "late"}),
        house.cal.get("/readyz"),
    ):
        assert answer.status_code == 503, answer.text
        assert str(postgres.folder) not in answer.text
    late = house.cal.post("/v1/briefs", json={**brief, "id": "late"}).json()
    assert (late["type"], late["retryable"]) == ("/problems/storage", True)
    assert house.nobody.get("/healthz").status_code == 200
    postgres.start()
    assert house.nobody.get("/readyz").json()["database"] == "ok"
    assert house.cal.get(HERE).status_code == 200
    assert house.cal.post("/v1/briefs", json={**brief, "id": "late"}).status_code == 201
    again = house.cal.post("/v1/variants", json=brief, headers={"Idempotency-Key": "late"})
    assert again.status_code == 200, again.text

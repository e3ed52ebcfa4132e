"""A request with an Idempotency-Key is done once, whatever happens in between."""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from app.brand.roles import PersonRole, Scope
from app.db.kept_answers import KEPT, Asked
from app.db.people import People
from app.db.service_tables import KeptAnswer
from app.db.store import open_store
from app.db.tables import now
from tests.api.house import OURS, House, Somebody, email_of
from tests.api.probe import made_ids, runs, with_probe
from tests.api.process import Server, started


@dataclass
class Desk:
    """A house with the probe, and the file that counts its runs."""

    house: House
    path: Path

    def runs(self, name: str) -> int:
        return runs(self.path, name)


@pytest.fixture(scope="module")
def desk(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    path = tmp_path_factory.mktemp("probe") / "runs"
    api: Any = house.client.app
    before = list(api.router.routes)
    with_probe(api, path)
    yield Desk(house, path)
    api.router.routes[:] = before


def send(who: Somebody, key: str | None, path: str = "/v1/probes", **order: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return who.post(path, json={"name": "a", **order}, headers=headers)


def test_the_same_request_gets_the_same_answer_and_runs_once(desk: Desk) -> None:
    first = send(desk.house.cal, "one", name="one")
    again = send(desk.house.cal, "one", name="one")
    assert desk.runs("one") == 1
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["content-type"] == first.headers["content-type"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["x-request-id"] != first.headers["x-request-id"]


def test_without_a_key_it_runs_each_time(desk: Desk) -> None:
    ids = {send(desk.house.cal, None, name="loose").json()["id"] for _ in range(2)}
    assert len(ids) == 2
    assert desk.runs("loose") == 2


@pytest.mark.parametrize("key", ["", "with space", "ü", "x" * 256])
def test_what_is_no_key_is_refused(desk: Desk, key: str) -> None:
    answer = desk.house.cal.post(
        "/v1/probes", json={"name": "bad"}, headers={"Idempotency-Key": key.encode("latin-1")}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].lower() == "idempotency-key"
    assert desk.runs("bad") == 0


def test_another_body_or_operation_is_refused(desk: Desk) -> None:
    send(desk.house.cal, "body", name="body")
    for answer in (
        send(desk.house.cal, "body", name="other"),
        send(desk.house.cal, "body", path="/v1/probes/stream", name="body"),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert desk.runs("other") == 0


def test_another_person_may_use_the_same_key(desk: Desk) -> None:
    assert send(desk.house.cal, "shared", name="shared").json()["runs"] == 1
    assert send(desk.house.rae, "shared", name="shared").json()["runs"] == 2


def test_a_conflict_is_kept_and_a_fault_is_not(desk: Desk) -> None:
    assert [send(desk.house.cal, "conflict", name="c", fail=409).status_code for _ in range(2)] == [409, 409]
    assert desk.runs("c") == 1
    assert [send(desk.house.cal, "fault", name="f", fail=500).status_code for _ in range(2)] == [500, 500]
    assert desk.runs("f") == 2


def test_a_request_that_does_not_fit_may_be_corrected(desk: Desk) -> None:
    assert send(desk.house.cal, "typo", nme="x").status_code == 422
    assert send(desk.house.cal, "typo", name="fine").status_code == 201


def test_a_stream_is_repeated_as_it_was(desk: Desk) -> None:
    first = send(desk.house.cal, "stream", path="/v1/probes/stream", name="s")
    again = send(desk.house.cal, "stream", path="/v1/probes/stream", name="s")
    assert first.headers["content-type"].startswith("text/event-stream")
    assert first.text.count("event: step") == 3
    assert (again.text, again.headers["content-type"]) == (first.text, first.headers["content-type"])
    assert desk.runs("s") == 1


def test_concurrent_requests_wait_for_the_first(desk: Desk) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: send(desk.house.cal, "together", name="t", seconds=0.3), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert desk.runs("t") == 1


def test_who_waits_too_long_is_told_to_come_back(build: Callable[..., House], tmp_path: Path) -> None:
    house = build(idempotency_wait_seconds=0)
    with_probe(house.client.app, tmp_path / "runs")  # type: ignore[arg-type]
    slow = threading.Thread(target=send, args=(house.cal, "slow"), kwargs={"name": "slow", "seconds": 2})
    slow.start()
    while not runs(tmp_path / "runs", "slow"):
        time.sleep(0.01)
    answer = send(house.cal, "slow", name="slow", seconds=2)
    slow.join()
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/idempotency-key-in-use")
    assert answer.headers["retry-after"] == "1"
    assert answer.json()["retryable"]
    assert send(house.cal, "slow", name="slow", seconds=2).headers["idempotency-replayed"] == "true"


def test_after_a_day_the_key_is_free_again(desk: Desk) -> None:
    send(desk.house.cal, "old", name="old")
    person = desk.house.people.get(email_of("cal")).person
    with Session(desk.house.store.engine) as session:
        mine = (KeptAnswer.person_id == person.id, KeptAnswer.idempotency_key == "old")
        aged = now() - KEPT - dt.timedelta(minutes=1)
        session.execute(update(KeptAnswer).where(*mine).values(created_at=aged))  # type: ignore[arg-type]
        session.commit()
    assert send(desk.house.cal, "old", name="new").status_code == 201
    assert desk.runs("new") == 1


def test_old_answers_are_deleted(desk: Desk) -> None:
    send(desk.house.cal, "purged", name="purged")
    with Session(desk.house.store.engine) as session:
        aged = now() - KEPT - dt.timedelta(minutes=1)
        session.execute(update(KeptAnswer).values(created_at=aged))
        session.commit()
    assert desk.house.service.kept.purge() > 0
    with Session(desk.house.store.engine) as session:
        assert session.exec(select(KeptAnswer)).all() == []


def test_an_answer_is_not_repeated_to_who_may_less_now(
    build: Callable[..., House], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.auth.REMEMBERED_SECONDS", -1.0)
    house = build()
    with_probe(house.client.app, tmp_path / "runs")  # type: ignore[arg-type]
    send(house.cal, "roles", name="roles")
    house.people.revoke(email_of("cal"), OURS, [PersonRole.COPYWRITER])
    answer = send(house.cal, "roles", name="roles")
    assert (answer.status_code, "roles" in answer.json()["detail"]) == (403, True)


def test_a_lease_that_ran_out_is_taken_over_once(house: House) -> None:
    kept = house.service.kept
    person = house.people.get(email_of("cal")).person
    asked = Asked(person.id, "lease", "POST /x", "0" * 64)
    ended = kept.claim(asked, dt.timedelta(seconds=-1))
    assert ended.ours
    with ThreadPoolExecutor(8) as pool:
        claims = list(pool.map(lambda _: kept.claim(asked, dt.timedelta(minutes=1)), range(8)))
    (winner,) = [claim for claim in claims if claim.ours]
    assert winner.row.id == ended.row.id
    assert not kept.finish(ended, 200, {}, b"late")
    assert kept.finish(winner, 200, {}, b"done")
    assert kept.claim(asked, dt.timedelta(minutes=1)).row.body == b"done"


def test_a_killed_process_leaves_a_request_that_the_next_one_finishes(
    written_content: Path, tmp_path: Path
) -> None:
    """kill -9 while it runs: the repeat waits for the lease to end, runs it, and gets the same new ids."""
    database = f"sqlite:///{tmp_path}/db"
    store = open_store(database)
    people = People(store.engine)
    people.add(email_of("cal"), "Cal")
    people.grant(email_of("cal"), OURS, [PersonRole.COPYWRITER])
    key = people.create_key(email_of("cal"), "tests", Scope, None).text
    store.close()
    given = {"content": written_content, "database": database, "idempotency_lease_seconds": 3}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "killed"}
    order = {"name": "killed", "first_seconds": 600}
    counted = tmp_path / "runs"
    with started(tmp_path, module="tests.api.probe", probe=counted, **given) as server:
        asking = threading.Thread(target=ask_in_vain, args=(server, order, headers))
        asking.start()
        while not runs(counted, "killed"):
            time.sleep(0.05)
        server.process.kill()
        asking.join()
    with started(tmp_path, module="tests.api.probe", probe=counted, **given) as server:
        answers = [
            httpx2.post(f"{server.url}/v1/probes", json=order, headers=headers, timeout=120) for _ in range(2)
        ]
        assert server.end() == 0
    assert [answer.status_code for answer in answers] == [201, 201]
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true"]
    ids = made_ids(counted, "killed")
    assert len(ids) == 2
    assert {*ids, answers[0].json()["id"], answers[1].json()["id"]} == {ids[0]}


def ask_in_vain(server: Server, order: dict[str, Any], headers: dict[str, str]) -> None:
    """Ask a server that is killed before it answers."""
    with contextlib.suppress(httpx2.TransportError):
        httpx2.post(f"{server.url}/v1/probes", json=order, headers=headers, timeout=120)

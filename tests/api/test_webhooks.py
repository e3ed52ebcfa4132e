"""Webhooks over HTTP: added, shown without their secret, tried, rotated and removed by those who operate."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.db.outbox_tables import Webhook
from app.db.webhooks import Webhooks
from tests.api.house import MARKER, OURS, THEIRS, House
from tests.notify.receiver import Receiver, receiving, verify


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def house(build: Callable[..., House], receiver: Receiver) -> House:
    hosts = f"127.0.0.1:{receiver.port}, hooks.example.com"
    return build(webhook_hosts=hosts, webhook_private_allowed=True)


def body(url: str, *events: str, brand: str = OURS) -> dict[str, Any]:
    return {"brand": brand, "url": url, "events": list(events or ("draft.*",))}


def add(house: House, receiver: Receiver) -> dict[str, Any]:
    answer = house.ada.post("/v1/webhooks", json=body(receiver.url()))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_secret_is_shown_once(house: House, receiver: Receiver) -> None:
    made = add(house, receiver)
    assert made["secret"].startswith("whsec_")
    assert made["created_by"] == house.ada.email
    for path in ("/v1/webhooks", f"/v1/webhooks/{made['id']}"):
        answer = house.ola.get(path)
        assert made["id"] in answer.text
        assert made["secret"] not in answer.text
        assert "secret" not in answer.json()
    assert house.ada.get("/v1/webhooks").json()["items"][0]["enabled"] is True


def test_a_request_that_is_sent_again_adds_it_once(house: House, receiver: Receiver) -> None:
    key = {"Idempotency-Key": "hook-1"}
    first, second = (
        house.ada.post("/v1/webhooks", json=body(receiver.url()), headers=key).json() for _ in range(2)
    )
    assert first == second
    again = house.ada.post("/v1/webhooks", json=body(receiver.url()))
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (body("https://evil.example/"), "COPYDESK_WEBHOOK_HOSTS"),
        (body("http://hooks.example.com/"), "https://"),
        (body("https://user:secret@hooks.example.com/"), "no user"),
        (body("https://hooks.example.com:22/"), "no host that webhooks may name"),
        (body("https://hooks.example.com/", "approved"), "names no event"),
        (body("https://hooks.example.com/", *["a.b"] * 21), "events"),
        (body(f"https://hooks.example.com/{'x' * 600}"), "url"),
    ],
)
def test_what_a_webhook_may_not_be(house: House, given: dict[str, Any], words: str) -> None:
    answer = house.ada.post("/v1/webhooks", json=given)
    assert answer.status_code in (400, 422)
    assert words in answer.text
    assert house.ada.get("/v1/webhooks").json()["items"] == []


def test_a_brand_has_so_many_webhooks_at_most(house: House) -> None:
    for number in range(20):
        answer = house.ada.post("/v1/webhooks", json=body(f"https://hooks.example.com/{number}"))
        assert answer.status_code == 201
    answer = house.ada.post("/v1/webhooks", json=body("https://hooks.example.com/20"))
    assert answer.status_code == 409
    assert "20 webhooks already" in answer.json()["detail"]


def test_a_test_says_how_it_was_taken(house: House, receiver: Receiver) -> None:
    made = add(house, receiver)
    told = house.ada.post(f"/v1/webhooks/{made['id']}/test").json()
    assert (told["accepted"], told["error"]) == (True, "")
    (got,) = receiver.got
    assert got.document["event"] == "webhook.test"
    assert verify(made["secret"], got)


def test_a_rotation_shows_a_new_secret_and_both_sign(house: House, receiver: Receiver) -> None:
    made = add(house, receiver)
    path = f"/v1/webhooks/{made['id']}"
    new = house.ada.post(f"{path}/rotate", json={"grace_hours": 1}).json()
    assert new["secret"] != made["secret"]
    assert new["old_secret_until"] is not None
    house.ada.post(f"{path}/test")
    assert verify(made["secret"], receiver.got[0])
    assert verify(new["secret"], receiver.got[0])
    newest = house.ada.post(f"{path}/rotate", json={"grace_hours": 0}).json()
    house.ada.post(f"{path}/test")
    assert verify(newest["secret"], receiver.got[1])
    assert not verify(new["secret"], receiver.got[1])


def test_what_was_removed_is_gone(house: House, receiver: Receiver) -> None:
    made = add(house, receiver)
    path = f"/v1/webhooks/{made['id']}"
    answer = house.ada.request("DELETE", path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert house.ada.get(path).status_code == 404
    assert house.ada.request("DELETE", path).status_code == 404


def test_another_brands_webhook_answers_as_one_that_does_not_exist(house: House) -> None:
    theirs = Webhook(
        brand=THEIRS,
        url=f"https://hooks.example.com/{MARKER}",
        events=("*",),
        secret="",
        created_by="otto@example.com",
    )
    Webhooks(house.store.engine).add(theirs, actor="machine")
    for method, end in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/rotate")):
        given: dict[str, Any] = {"json": {}} if end == "/rotate" else {}
        hidden, absent = (
            house.ada.request(method, f"/v1/webhooks/{name}{end}", **given).json()
            for name in (theirs.id, "f" * 32)
        )
        for problem in (hidden, absent):
            del problem["request_id"]
        assert hidden["status"] == 404
        assert str(hidden).replace(theirs.id, "f" * 32) == str(absent)
    assert MARKER not in house.ada.get("/v1/webhooks").text
    assert (
        house.ada.post("/v1/webhooks", json=body("https://hooks.example.com/", brand=THEIRS)).status_code
        == 404
    )
    assert house.gus.get(f"/v1/webhooks/{theirs.id}").status_code == 200

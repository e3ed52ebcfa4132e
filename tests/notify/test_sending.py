"""Webhooks on their way: signed, in order, tried again, given up, and nowhere but to the checked address."""

import datetime as dt
import socket
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from sqlmodel import Session

from app.brand.roles import PersonRole
from app.db.deliveries import Deliveries, Result
from app.db.engine import open_database
from app.db.outbox import announce
from app.db.outbox_tables import DeliveryState
from app.db.webhooks import Webhooks
from app.errors import StorageError
from app.notify.pauses import pause, retry_after
from app.settings import Settings
from tests.notify.conftest import Certify
from tests.notify.office import ADA, APPROVED, BRAND, Office
from tests.notify.receiver import Answer, Receiver, closed_port, receiving, verify

NAME = "hooks.example.com"


def test_an_event_arrives_signed_with_ids_and_states_alone(office: Office, receiver: Receiver) -> None:
    hook = office.hook(receiver.url(), "draft.*")
    office.tell(people=(ADA,), words="Ada approved 'Half price today'")
    office.sender.send_due()
    (got,) = receiver.got
    (delivery, _) = office.deliveries
    assert got.path == "/copydesk?from=test"
    assert got.document == {
        "id": delivery.id,
        "event": "draft.approved",
        "brand": BRAND,
        "subject": "draft 1f3",
        "at": delivery.at.isoformat(timespec="seconds"),
        "data": {"state": "approved"},
    }
    assert got.headers["webhook-id"] == delivery.id
    assert got.headers["content-type"] == "application/json"
    assert abs(int(got.headers["webhook-timestamp"]) - office.now().timestamp()) < 60
    assert verify(hook.secret, got)
    assert not verify("whsec_" + "A" * 43 + "=", got)
    assert delivery.state is DeliveryState.DELIVERED


def test_nothing_is_sent_of_what_was_not_stored(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    with Session(office.engine) as session:
        announce(session, APPROVED)
        session.flush()
        session.rollback()
    office.sender.send_due()
    assert (receiver.got, office.deliveries) == ([], [])


@pytest.mark.parametrize(
    ("events", "brand", "comes"),
    [
        (("*",), BRAND, True),
        (("draft.approved",), BRAND, True),
        (("brief.changed", "draft.*"), BRAND, True),
        (("draft.approve",), BRAND, False),
        (("brief.*",), BRAND, False),
        (("*",), "oatmere", False),
    ],
)
def test_a_webhook_gets_what_it_asked_for_of_its_brand(
    office: Office, receiver: Receiver, events: tuple[str, ...], brand: str, comes: bool
) -> None:
    office.hook(receiver.url(), *events, brand=brand)
    office.tell()
    office.sender.send_due()
    assert bool(receiver.got) is comes


def test_after_a_rotation_both_secrets_hold_for_a_while(office: Office, receiver: Receiver) -> None:
    old = office.hook(receiver.url())
    new = Webhooks(office.engine).rotate(old.id, grace=dt.timedelta(hours=1), actor="machine")
    office.tell()
    office.sender.send_due()
    assert verify(new.secret, receiver.got[0])
    assert verify(old.secret, receiver.got[0])
    office.wait(hours=2)
    office.tell()
    office.sender.send_due()
    assert verify(new.secret, receiver.got[1])
    assert not verify(old.secret, receiver.got[1])


def test_a_failure_is_tried_again_under_the_same_id(office: Office, receiver: Receiver) -> None:
    hook = office.hook(receiver.url())
    receiver.answers = [Answer(500), Answer(503)]
    office.tell()
    for expected in ("waiting", "waiting", "delivered"):
        office.sender.send_due()
        assert office.states == [expected]
        office.sender.send_due()  # not yet due
        office.wait(minutes=2)
    assert len(receiver.got) == 3
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    assert len({got.body for got in receiver.got}) == 1
    assert office.find(hook).failures == 0


def test_a_receiver_may_ask_for_time(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    receiver.answers = [Answer(429, {"Retry-After": "1800"})]
    office.tell()
    office.tell(subject="draft other")
    office.sender.send_due()
    office.wait(minutes=29)
    office.sender.send_due()
    assert len(receiver.got) == 1
    office.wait(minutes=2)
    office.sender.send_due()
    assert office.states == ["delivered", "delivered"]


def test_pauses_grow_and_are_never_all_alike() -> None:
    for tries, seconds in ((1, 15), (2, 30), (5, 240), (9, 3600), (99, 3600)):
        found = {pause(tries).total_seconds() for _ in range(50)}
        assert len(found) > 40
        assert all(0.75 * seconds <= item <= 1.25 * seconds for item in found)
    assert pause(1, 600) == dt.timedelta(seconds=600)
    assert pause(1, 1e9) == dt.timedelta(hours=6)


def test_both_forms_of_retry_after() -> None:
    at = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)
    assert retry_after(" 120 ", at) == 120
    assert retry_after("Fri, 27 Nov 2026 09:05:00 GMT", at) == 300
    assert [retry_after(text, at) for text in ("", "soon", "-5", "Fri, 27 Nov 2020 09:05:00 GMT")] == [0] * 4


def test_events_about_one_thing_keep_their_order(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    receiver.answers = [Answer(400)]
    for state in ("in_review", "approved"):
        office.tell(data={"state": state})
    office.tell(subject="draft other", data={"state": "other"})
    office.sender.send_due()
    assert [got.document["data"]["state"] for got in receiver.got] == ["in_review", "other"]
    office.wait(minutes=1)
    office.sender.send_due()
    assert [got.document["data"]["state"] for got in receiver.got[2:]] == ["in_review", "approved"]


def test_what_keeps_failing_is_given_up_and_turned_off_and_people_are_told(
    office: Office, receiver: Receiver
) -> None:
    office.set(notify_tries=3)
    office.add_person("ola@example.com", PersonRole.OPERATOR)
    office.add_person("cal@example.com", PersonRole.COPYWRITER)
    hook = office.hook(receiver.url())
    receiver.answers = [Answer(500)] * 3
    office.tell()
    office.tell(subject="draft later")
    for _ in range(3):
        office.sender.send_due()
        office.wait(hours=1)
    found = office.find(hook)
    assert (found.failures, found.last_error) == (3, "it answered with status 500")
    assert found.disabled_at is not None
    ended = {row.state for row in office.deliveries if row.webhook_id}
    assert ended == {DeliveryState.GIVEN_UP}
    assert "the webhook was turned off" in office.errors
    told = [row for row in office.deliveries if row.event == "webhook.disabled"]
    assert [row.address for row in told] == [ADA, "ola@example.com"]
    office.tell()
    office.sender.send_due()
    assert len(receiver.got) == 3
    assert office.sender.test(found) == ""
    Webhooks(office.engine).note_test(hook.id, "", actor="machine")
    office.tell()
    office.sender.send_due()
    assert receiver.got[-1].document["event"] == "draft.approved"


def test_one_message_that_is_refused_stops_no_other_for_ever(office: Office, receiver: Receiver) -> None:
    office.set(notify_tries=2)
    hook = office.hook(receiver.url())
    for number in range(3):
        receiver.answers = [Answer(422), Answer()]
        office.tell(subject="draft refused")
        office.tell(subject=f"draft {number}")
        office.sender.send_due()
        office.wait(minutes=5)
        receiver.answers = [Answer(422)]
        office.sender.send_due()
    assert office.states == ["given_up", "delivered"] * 3
    assert office.find(hook).disabled_at is None


def test_a_message_that_is_too_old_is_given_up(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    receiver.answers = [Answer(500)]
    office.tell()
    office.wait(hours=25)
    office.sender.send_due()
    assert office.states == ["given_up"]


def test_gone_means_no_message_ever_again(office: Office, receiver: Receiver) -> None:
    hook = office.hook(receiver.url())
    receiver.answers = [Answer(410)]
    office.tell()
    office.sender.send_due()
    assert office.find(hook).disabled_at is not None


def test_a_redirect_is_not_followed(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    with receiving() as inside:
        receiver.answers = [Answer(307, {"Location": inside.url()})]
        office.tell()
        office.sender.send_due()
        assert inside.got == []
    assert office.errors == ["it answered with status 307, and redirects are not followed"]


def test_a_process_that_dies_after_sending_sends_it_again_under_the_same_id(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.hook(receiver.url())
    office.tell()

    def dies(*_: object) -> bool:
        raise StorageError("the process ends here")

    with monkeypatch.context() as patch:
        patch.setattr(Deliveries, "settle", dies)
        with pytest.raises(StorageError):
            office.sender.send_due()
    office.sender.send_due()
    assert len(receiver.got) == 1  # it is held still
    office.wait(minutes=6)
    office.sender.send_due()
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert office.states == ["delivered"]


def test_a_lease_that_was_lost_changes_nothing(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    office.tell()
    outbox = Deliveries(office.engine)
    lease = dt.timedelta(minutes=5)
    slow = outbox.claim(office.now(), lease)
    office.wait(minutes=6)
    assert slow is not None
    assert outbox.claim(office.now(), lease) is not None
    assert not outbox.settle(slow, [Result(DeliveryState.GIVEN_UP, "late")], office.now())
    assert office.states == ["waiting"]


def test_many_senders_send_each_message_once(database: str, receiver: Receiver) -> None:
    """On both databases."""
    engines = [open_database(database) for _ in range(4)]
    settings = Settings(webhook_hosts=f"127.0.0.1:{receiver.port}", webhook_private_allowed=True)
    offices = [Office(engine, settings) for engine in engines]
    for number in range(3):
        offices[0].hook(f"http://127.0.0.1:{receiver.port}/{number}")
    for number in range(8):
        offices[0].tell(subject=f"draft {number}")
    threads = [Thread(target=office.sender.send_due) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    offices[0].sender.send_due()
    assert len(receiver.got) == 24
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 24
    assert set(offices[0].states) == {"delivered"}
    for engine in engines:
        engine.dispose()


def test_a_receiver_that_is_away_is_told_apart_in_words(office: Office) -> None:
    port = closed_port()
    office.set(webhook_hosts=f"127.0.0.1:{port}")
    office.hook(f"http://127.0.0.1:{port}/secret-path")
    office.tell()
    office.sender.send_due()
    assert office.errors == ["nobody listens there"]


def test_the_whole_takes_no_longer_than_the_setting(office: Office, receiver: Receiver) -> None:
    office.set(webhook_seconds=0.5)
    office.hook(receiver.url())
    receiver.answers = [Answer(200, size=100, pause=0.1)]
    office.tell()
    began = dt.datetime.now(dt.UTC)
    office.sender.send_due()
    assert dt.datetime.now(dt.UTC) - began < dt.timedelta(seconds=3)
    assert office.errors == ["no complete answer within 0.5 seconds"]


def test_a_long_answer_is_not_read_to_its_end(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    receiver.answers = [Answer(200, size=40_000)]
    office.tell()
    office.sender.send_due()
    assert office.states == ["delivered"]


def test_a_host_that_is_listed_no_more_gets_nothing(office: Office, receiver: Receiver) -> None:
    office.hook(receiver.url())
    office.tell()
    office.set(webhook_hosts="other.example")
    office.sender.send_due()
    assert receiver.got == []
    assert "no host that webhooks may name" in office.errors[0]


# names


@pytest.fixture
def look_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`look_up(["10.0.0.1"], ["127.0.0.1"])`: what the name resolves to each time, at the lowest seam."""
    real = socket.getaddrinfo
    asked: list[str] = []

    def install(*answers: list[str]) -> list[str]:
        left = list(answers)

        def answer(host: Any, port: Any, *args: Any, **named: Any) -> list[Any]:
            if host != NAME:
                return real(host, port, *args, **named)
            asked.append(host)
            addresses = left.pop(0) if len(left) > 1 else left[0]
            families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in addresses]
            return [
                (family, socket.SOCK_STREAM, 6, "", (address, port))
                for family, address in zip(families, addresses, strict=True)
            ]

        monkeypatch.setattr(socket, "getaddrinfo", answer)
        return asked

    return install


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["93.184.216.34", "127.0.0.1"],
    ],
)
def test_a_name_that_leads_inside_is_refused(
    office: Office, receiver: Receiver, look_up: Callable[..., list[str]], addresses: list[str]
) -> None:
    look_up(addresses)
    office.set(webhook_private_allowed=False)
    office.hook(receiver.url(NAME, "https"))
    office.tell()
    office.sender.send_due()
    assert receiver.got == []
    assert office.errors[0].startswith(f"nothing is sent to {addresses[-1]}: ")


def test_an_answer_of_dns_that_changes_is_not_asked_for_again(
    office: Office, look_up: Callable[..., list[str]], certify: Certify
) -> None:
    asked = look_up(["127.0.0.1"], ["10.0.0.8"])
    with receiving(certify(NAME)) as secure:
        office.set(webhook_hosts=f"{NAME}:{secure.port}")
        office.hook(secure.url(NAME, "https"))
        office.tell()
        office.sender.send_due()
        assert (office.states, asked) == (["delivered"], [NAME])
        assert secure.got[0].headers["host"] == f"{NAME}:{secure.port}"


def test_the_certificate_has_to_be_for_the_name(
    office: Office, look_up: Callable[..., list[str]], certify: Certify
) -> None:
    look_up(["127.0.0.1"])
    with receiving(certify("other.example.com", "127.0.0.1")) as secure:
        office.set(webhook_hosts=f"{NAME}:{secure.port}")
        office.hook(secure.url(NAME, "https"))
        office.tell()
        office.sender.send_due()
        assert secure.got == []
    assert office.errors[0].startswith("its certificate is not accepted")


def test_a_name_that_nobody_knows(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    office.hook(receiver.url(NAME, "https"))
    office.tell()
    office.sender.send_due()
    assert office.errors == ["its name cannot be resolved"]


def test_a_fault_of_our_own_is_noted_and_not_met_for_ever(
    office: Office, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.notify.sender.post", breaks)
    office.set(notify_tries=1)
    office.hook(receiver.url())
    office.tell()
    office.sender.send_due()
    assert (office.states, office.errors) == (
        ["given_up"],
        ["Copydesk could not send it (ZeroDivisionError)"],
    )

"""`copydesk serve` as a process: it starts, says clearly why not, and ends in order."""

import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from click.testing import CliRunner
from sqlmodel import Session

from app.cli import main
from app.db.deliveries import Deliveries
from app.db.outbox import Announcement, announce
from app.db.outbox_tables import DeliveryState, Webhook
from app.db.store import open_store
from app.db.webhooks import Webhooks
from tests.api.process import started
from tests.notify.receiver import receiving, verify
from tests.release.published import House


def test_it_answers_and_ends_with_status_0(tmp_path: Path) -> None:
    with started(tmp_path, database=f"sqlite:///{tmp_path}/db", environment="production") as server:
        ready = httpx2.get(f"{server.url}/readyz").json()
        assert ready["ready"]
        assert [brand["brand"] for brand in ready["brands"]] == ["larkfell", "oatmere"]
        assert server.end(signal.SIGTERM) == 0
        records = server.records()
    events = [record["event"] for record in records]
    assert "listening" in events
    request = next(record for record in records if record.get("route") == "/readyz")
    assert (request["method"], request["status"], request["person"]) == ("GET", 200, "")
    names = "event level timestamp request_id method route status ms key person brand"
    assert set(request) == set(names.split())


def test_ctrl_c_ends_it_in_order_too(tmp_path: Path) -> None:
    with started(tmp_path, database=f"sqlite:///{tmp_path}/db") as server:
        assert server.end(signal.SIGINT) == 0


def test_it_tells_webhooks_beside_the_requests(tmp_path: Path) -> None:
    """From two processes, each message once."""
    url = f"sqlite:///{tmp_path}/db"
    with receiving() as receiver, closing(open_store(url)) as store:
        made = Webhook(brand="larkfell", url=receiver.url(), events=("*",), secret="", created_by="")
        hook = Webhooks(store.engine).add(made, actor="machine")
        with Session(store.engine) as session, session.begin():
            for number in range(6):
                announce(session, Announcement("larkfell", "draft.approved", f"draft {number}"))
        settings = {"webhook_hosts": f"127.0.0.1:{receiver.port}", "webhook_private_allowed": "true"}
        with started(tmp_path, database=url, workers=2, **settings) as server:
            until = time.monotonic() + 60
            while len(receiver.got) < 6 and time.monotonic() < until:
                time.sleep(0.05)
            assert server.end(signal.SIGTERM) == 0
        assert len({got.headers["webhook-id"] for got in receiver.got}) == len(receiver.got) == 6
        assert all(verify(hook.secret, got) for got in receiver.got)
        assert {row.state for row in Deliveries(store.engine).listed()} == {DeliveryState.DELIVERED}


def test_nothing_slow_is_imported_before_it_is_ready(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom app.server import build_service, create_api\nfrom app.settings import Settings\n"
        "create_api(build_service(Settings(database=sys.argv[1])))\n"
        "slow = ('litellm', 'guardrails', 'openai', 'mjml', 'alembic')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    url = f"sqlite:///{tmp_path}/db"
    open_store(url).close()
    run = subprocess.run(
        [sys.executable, "-c", code, url],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert run.stdout == "[]\n"


def failing(*options: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["serve", *options])
    return result.exit_code, result.stderr


def test_a_taken_port_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_DATABASE", f"sqlite:///{tmp_path}/db")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, words = failing("--port", str(port))
    assert status == 2
    assert f"port {port} of 127.0.0.1 is taken" in words


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    status, words = failing("--port", "0", "--database", f"sqlite:///{tmp_path}")
    assert status == 2
    assert "cannot be opened" in words


def test_a_setting_that_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_BODY_BYTES", "many")
    status, words = failing()
    assert status == 2
    assert "COPYDESK_BODY_BYTES" in words


def test_it_does_not_listen_beyond_this_machine_without_tls() -> None:
    status, words = failing("--host", "192.0.2.1")
    assert status == 2
    assert "COPYDESK_BEHIND_TLS_PROXY" in words


def test_a_running_service_follows_what_is_published(tmp_path: Path) -> None:
    house = House.at(tmp_path)
    settings = {
        "content": str(house.desk.root),
        "content_cache": str(house.cache.folder),
        "content_poll_seconds": "0.05",
        "environment": "production",
    }
    with started(tmp_path, database=house.desk.database, **settings) as server:
        content = httpx2.get(f"{server.url}/readyz").json()["content"]
        assert (content["version"], content["faults"]) == ("", []), "faults are for operators"
        version = house.publish().version.hash
        until = time.monotonic() + 60
        while httpx2.get(f"{server.url}/readyz").json()["content"]["version"] != version:
            assert time.monotonic() < until, "the service did not follow the pointer"
            time.sleep(0.05)
        assert server.end(signal.SIGTERM) == 0
        records = server.records()
    (served,) = [record for record in records if record["event"] == "content serves"]
    assert (served["version"], served["faults"]) == (version, 0)

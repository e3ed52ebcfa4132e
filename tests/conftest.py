"""What every test gets: no network, no telemetry, a size for generated inputs, a browser, recorded answers.

A test that calls a coroutine uses `asyncio.run`.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OFFLINE = Path(__file__).parent / "set_up" / "offline"
RECORDING = os.environ.get("COPYDESK_RECORD") == "1"
LONG = os.environ.get("COPYDESK_TEST_LONG") == "1"
IN_CI = os.environ.get("CI") == "true"

# Before any library is imported that reads them.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["OTEL_SDK_DISABLED"] = "true"
os.environ["GUARDRAILS_RUN_SYNC"] = "true"
if not RECORDING:
    os.environ["COPYDESK_TEST_OFFLINE"] = "1"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(OFFLINE), *filter(None, [os.environ.get("PYTHONPATH")])])

import pytest
import vcr
import vcr.cassette
import vcr.request
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from app.db.engine import open_database
from tests.postgres import PostgresMissing, PostgresServer

# A process that was started with the guard has it; a second one would never see what the first refuses.
guard = sys.modules.get("sitecustomize")
if guard is not None and str(guard.__file__).startswith(str(OFFLINE)):
    sys.modules["tests.set_up.offline.sitecustomize"] = guard

from tests.set_up.offline import sitecustomize as offline

PROPERTY_EXAMPLES = {"short": 60, "long": 2000}
SIZE = "long" if LONG else "short"

settings.register_profile("short", max_examples=PROPERTY_EXAMPLES["short"], deadline=None, derandomize=True)
settings.register_profile("long", max_examples=PROPERTY_EXAMPLES["long"], deadline=None)
settings.load_profile(SIZE)

shortened: dict[str, tuple[int, int]] = {}


def pytest_report_header() -> list[str]:
    """Say how much of the generated input this run covers."""
    count = PROPERTY_EXAMPLES[SIZE]
    more = "" if LONG else f"; ./scripts/test --long runs {PROPERTY_EXAMPLES['long']}"
    network = "open, for recording" if RECORDING else "refused"
    return [f"copydesk: {count} generated inputs a property{more}; network: {network}"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the counts that `long_count` made smaller."""
    if shortened:
        terminalreporter.section("smaller than with ./scripts/test --long")
        for test, (count, full) in sorted(shortened.items()):
            terminalreporter.line(f"{test}: {count} of {full} generated inputs")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses the browser, and leave out what only a long run runs."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("long") and not LONG:
            item.add_marker(pytest.mark.skip(reason="runs with ./scripts/test --long"))


@pytest.fixture(autouse=True)
def refused_connections() -> Iterator[list[str]]:
    """What this test tried to reach on other machines; anything left in the list at its end fails the test.

    A library may swallow the error that the guard raises, so the list is looked at as well.
    """
    offline.refused.clear()
    yield offline.refused
    left = list(offline.refused)
    offline.refused.clear()
    assert not left, f"the test tried to reach other machines: {left}"


@pytest.fixture
def long_count(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """`long_count(100, 1000)`: how many inputs to generate, by default and with --long."""

    def choose(short: int, long: int) -> int:
        if LONG:
            return long
        shortened[request.node.nodeid] = (short, long)
        return short

    return choose


def find_chromium() -> str | None:
    """Where the browser is, if there is one."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Headless Chromium that resolves no name but localhost.

    While it is open Playwright's event loop runs in this thread: make what needs `asyncio.run` in a
    fixture that comes before this one, or in a thread.
    """
    executable = find_chromium()
    if executable is None:
        reason = "Chromium is not installed"
        if IN_CI:
            pytest.fail(f"{reason}, and in CI browser tests may not be skipped")
        pytest.skip(reason)
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-quic",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A running Postgres. A test that stops it starts it again."""
    try:
        server = PostgresServer()
        server.start()
    except PostgresMissing as missing:
        if IN_CI:
            pytest.fail(f"{missing}; in CI the tests on Postgres may not be skipped")
        pytest.skip(str(missing))
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """A database with the newest schema that others are copied from."""
    name = postgres.create()
    open_database(postgres.url(name)).dispose()
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables; the test runs on SQLite and on Postgres."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/copydesk.db"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema that others are copied from."""
    path = tmp_path_factory.mktemp("migrated") / "copydesk.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database with the newest schema; the test runs on SQLite and on Postgres."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        yield f"sqlite:///{shutil.copy(migrated, tmp_path / 'copydesk.db')}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create(request.getfixturevalue("migrated_postgres"))
    yield server.url(name)
    server.drop(name)


KEPT_RESPONSE_HEADERS = ("content-type", "content-encoding", "transfer-encoding", "retry-after")
KEPT_REQUEST_HEADERS = ("accept", "accept-encoding", "content-type", "content-length")


def _keep(headers: Any, kept: tuple[str, ...]) -> None:
    for name in list(headers):
        if name.lower() not in kept:
            del headers[name]


def _clean_request(request: vcr.request.Request) -> vcr.request.Request:
    """Drop keys and whatever else differs between runs: headers, and the port of a server on this machine."""
    _keep(request.headers, KEPT_REQUEST_HEADERS)
    parts = urlsplit(request.uri)
    if offline.is_local(parts.hostname):
        request.uri = parts._replace(netloc="localhost").geturl()
    return request


def _clean_response(response: dict[str, Any]) -> dict[str, Any]:
    _keep(response["headers"], KEPT_RESPONSE_HEADERS)
    return response


Cassette = Callable[[str], AbstractContextManager[vcr.cassette.Cassette]]


@pytest.fixture
def recorded() -> Path:
    """The folder of the cassettes."""
    return Path(__file__).parent / "recorded"


@pytest.fixture
def cassette(recorded: Path) -> Cassette:
    """`with cassette("llm/refused"):` plays tests/recorded/llm/refused.yaml, every interaction of it once.

    With COPYDESK_RECORD=1 the calls are made and the file is written anew.
    """

    @contextmanager
    def play(name: str) -> Iterator[vcr.cassette.Cassette]:
        player = vcr.VCR(
            record_mode=vcr.mode.ALL if RECORDING else vcr.mode.NONE,
            match_on=["method", "scheme", "host", "port", "path", "query", "body"],
            before_record_request=_clean_request,
            before_record_response=_clean_response,
            decode_compressed_response=True,
        )
        path = recorded / f"{name}.yaml"
        if RECORDING:
            path.unlink(missing_ok=True)
        with player.use_cassette(str(path)) as played:
            yield played
        if not RECORDING:
            assert played.all_played, f"{path.name}: played {played.play_count} of {len(played)} interactions"

    return play

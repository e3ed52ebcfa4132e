"""What tests of served pages share. Each module has a `content` of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from playwright.sync_api import Browser

from tests.browser.pages import Served, served
from tests.web.conftest import FakeClock
from tests.web.front import open_front


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> Iterator[None]:
    """No log lines between the tests' own output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pages(tmp_path: Path, content: Path, clock: FakeClock, chromium: Browser) -> Iterator[Served]:
    """The pages over a database of this test's own."""
    with open_front(tmp_path, content, clock) as front, served(front, chromium) as opened:
        yield opened

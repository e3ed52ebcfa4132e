import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from tests.api.house import write_content
from tests.web.front import Front, open_front


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """No log lines between the tests' own output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content folder of both brands, written once."""
    root = tmp_path_factory.mktemp("content")
    write_content(root)
    return root


class FakeClock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def move(self, **by: float) -> None:
        """`clock.move(minutes=5)`."""
        self.moment += dt.timedelta(**by)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def front(tmp_path: Path, content: Path, clock: FakeClock) -> Iterator[Front]:
    """The pages, with a clock that stands."""
    with open_front(tmp_path, content, clock) as opened:
        yield opened

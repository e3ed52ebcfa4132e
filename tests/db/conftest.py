"""Databases of earlier versions, and filled ones, on both kinds."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.db.revisions import head
from tests.db.history import History
from tests.postgres import PostgresServer

Older = Callable[[str], str]


@pytest.fixture(scope="session")
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    """What copies of older databases are made from."""

    def server() -> PostgresServer:
        found: PostgresServer = request.getfixturevalue("postgres")
        return found

    return History(tmp_path_factory.mktemp("history"), server)


@pytest.fixture(params=["sqlite", "postgresql"])
def older_database(request: pytest.FixtureRequest, history: History, tmp_path: Path) -> Iterator[Older]:
    """`older_database("0001")`: the URL of a database of that revision with rows; on both kinds."""
    made: list[str] = []

    def make(revision: str) -> str:
        made.append(history.copy(request.param, revision, tmp_path))
        return made[-1]

    yield make
    for url in made:
        history.drop(url)


@pytest.fixture
def filled_database(older_database: Older) -> str:
    """The URL of a database of the newest schema with rows in every table; the test runs on both kinds."""
    return older_database(head())

"""The desk of a test."""

from pathlib import Path

import pytest

from tests.generation.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small brand, a brief and a SQLite database under a folder of the test."""
    return Desk.at(tmp_path)


@pytest.fixture
def stored_desk(tmp_path: Path, database: str) -> Desk:
    """The same with a database of each kind, for tests of what is stored and found again."""
    return Desk.at(tmp_path, database)

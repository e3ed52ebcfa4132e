"""The desk of a test."""

from pathlib import Path

import pytest

from tests.generation.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small brand, a brief and a database under a folder of the test."""
    return Desk.at(tmp_path)

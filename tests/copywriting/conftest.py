"""The desk of a copywriter's test."""

from pathlib import Path

import pytest

from tests.copywriting.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A small brand, a brief and a database under a folder of the test."""
    return Office.at(tmp_path)

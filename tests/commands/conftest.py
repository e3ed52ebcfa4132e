"""A house of content that the commands work in."""

from pathlib import Path

import pytest

from tests.release.published import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Content, database and cache of its own, named by the settings."""
    house = House.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(house.desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", house.desk.database)
    monkeypatch.setenv("COPYDESK_CONTENT_CACHE", str(house.cache.folder))
    return house

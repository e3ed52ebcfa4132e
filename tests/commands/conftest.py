"""Content that the commands work in."""

from pathlib import Path

import pytest

import app.main
from app.llm.scripted import ScriptedModel
from tests.commands.exporting import OWN, account
from tests.copywriting.office import Office
from tests.generation.desk import answering
from tests.release.published import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Content, database and cache of its own, named by the settings."""
    house = House.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(house.desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", house.desk.database)
    monkeypatch.setenv("COPYDESK_CONTENT_CACHE", str(house.cache.folder))
    return house


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose brief is answered, with an account at a sender."""
    office = Office.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    monkeypatch.setenv("COPYDESK_PERSON", "pat@fernhill.example")
    monkeypatch.setattr(app.main, "build_models", lambda settings: (ScriptedModel(answering()),))
    monkeypatch.chdir(tmp_path)
    account(office, OWN)
    return office

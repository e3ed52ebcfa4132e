"""Commands serve what was published, like every other process; a setting lets them serve the folder."""

import pytest
from click.testing import CliRunner, Result

import app.main
from app.cli import main
from app.db.store import DraftFilter
from app.llm.scripted import ScriptedModel
from tests.db.resolving import unresolved
from tests.generation.desk import answering
from tests.release.content import SEGMENT, dump
from tests.release.published import House


@pytest.fixture
def house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house of content, with a scripted model."""
    monkeypatch.setattr(app.main, "build_models", lambda settings: (ScriptedModel(answering()),))
    return house


def generate(house: House) -> Result:
    path = house.desk.root / "brief.yaml"
    dump(path, house.desk.brief)
    arguments = ["generate", str(path), "--out", str(house.desk.root / "out"), "--model", "scripted"]
    return CliRunner().invoke(main, arguments)


def summary_that_judged(house: House) -> str:
    """The hash of the published content that the last drafts name."""
    found = {draft.receipt.hashes.content for draft in house.store.drafts(DraftFilter())}
    assert len(found) == 1
    return found.pop()


def test_drafts_name_the_version_that_served_and_it_resolves(house: House) -> None:
    version = house.publish().version.hash
    house.edit("voice.yaml", {"tone": []})
    result = generate(house)
    assert result.exit_code == 0, result.output
    assert f"content: published version {version[:12]}" in result.output
    assert summary_that_judged(house) == version
    assert unresolved(house.store) == []


def test_an_edit_that_is_not_published_is_named_before_the_problem_that_it_explains(house: House) -> None:
    version = house.publish().version.hash
    assert "differs from it" not in generate(house).output
    dump(
        house.desk.content.brands / "fernhill" / "segments.yaml",
        {"segments": [SEGMENT, {**SEGMENT, "id": "loaf_club", "aliases": [], "name": "Loaf club"}]},
    )
    house.desk.brief["segments"] = ["loaf_club"]
    result = generate(house)
    assert result.exit_code == 2
    note = f"note: version {version[:12]} serves; the folder {house.desk.root} differs from it"
    assert result.output.index(note) < result.output.index("segment 'loaf_club' is not documented")


def test_before_anything_is_published_the_folder_answers(house: House) -> None:
    result = generate(house)
    assert result.exit_code == 0, result.output
    assert "published version" not in result.output
    assert summary_that_judged(house) == ""
    assert unresolved(house.store) == []


def test_a_setting_lets_the_folder_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.publish()
    monkeypatch.setenv("COPYDESK_CONTENT_FROM", "folder")
    house.edit("voice.yaml", {"tone": []})
    result = generate(house)
    assert result.exit_code == 2
    assert "brand/fernhill/voice.yaml" in result.output

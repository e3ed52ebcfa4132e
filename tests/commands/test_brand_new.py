"""`copydesk brand new` as a new user has it: made, checked, answered, and never over something."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.errors import ModelUnavailable
from app.llm.scripted import ScriptedModel
from app.settings import content_root
from tests.generation.small_model import SmallModel


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder of one's own with the brand acme in it."""
    folder = tmp_path / "mine"
    result = run("brand", "new", "acme", "--name", "Acme Tools", "--into", str(folder))
    assert result.exit_code == 0, result.output
    assert f"export COPYDESK_CONTENT={folder}" in result.output
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    monkeypatch.setenv("COPYDESK_DATABASE", f"sqlite:///{tmp_path / 'mine.db'}")
    return folder


def test_its_check_ends_with_ok_right_away(mine: Path) -> None:
    result = run("brand", "check", "acme")
    assert result.exit_code == 0, result.output
    assert "acme: ok" in result.output


def test_the_brief_gets_an_answer_for_every_slot(mine: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    brief = mine / "examples" / "acme_welcome.yaml"
    result = run("generate", str(brief), "--model", "scripted", "--out", str(out))
    assert result.exit_code == 0, result.output
    slots = json.loads((out / "summary.json").read_text("utf-8"))["slots"]
    assert slots
    assert all(slot["variants"] and not slot["held"] for slot in slots)
    outcomes = {slot["kind"]: slot["outcome"] for slot in slots}
    assert {outcomes[kind] for kind in ("subject", "hero", "cta")} <= {"generated", "reasked"}
    assert outcomes["footer"] == "reused"
    (page,) = out.glob("emails/*/*/email.html")
    assert "Acme Tools" in page.read_text("utf-8"), "the name stands where a logo would"


@pytest.mark.parametrize(
    "model", [SmallModel(error=ModelUnavailable("away")), ScriptedModel(lambda _: "nonsense")]
)
def test_also_where_a_model_writes_nothing_of_use(
    mine: Path, tmp_path: Path, model: SmallModel | ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.main.build_models", lambda _: (model,))
    out = tmp_path / "out"
    result = run("generate", str(mine / "examples" / "acme_welcome.yaml"), "--out", str(out))
    assert result.exit_code == 0, result.output
    slots = json.loads((out / "summary.json").read_text("utf-8"))["slots"]
    assert all(slot["variants"] for slot in slots)


def test_every_journey_has_a_brief_for_it(mine: Path, tmp_path: Path) -> None:
    for path in sorted((content_root() / "examples" / "starters").glob("[a-z]*.jinja")):
        journey = path.name.split(".")[0]
        result = run("brief", "new", journey, "--brand", "acme", "--out", str(tmp_path / f"{journey}.yaml"))
        assert result.exit_code == 0, result.output


def test_it_is_not_made_twice(mine: Path) -> None:
    before = {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()}
    for arguments in ((), ("--into", str(mine))):
        result = run("brand", "new", "acme", *arguments)
        assert result.exit_code == 2
        assert "there already" in result.output
    assert {path: path.read_bytes() for path in mine.rglob("*") if path.is_file()} == before


def test_a_second_brand_joins_the_first(mine: Path) -> None:
    assert run("brand", "new", "bolt", "--market", "GB").exit_code == 0
    result = run("brand", "check")
    assert result.exit_code == 0, result.output
    assert "acme: ok" in result.output
    assert "bolt: ok" in result.output


def test_a_bad_name_says_what_would_be_right(mine: Path) -> None:
    result = run("brand", "new", "Acme-Tools")
    assert result.exit_code == 2
    assert "such as acme_tools" in result.output


def test_an_empty_content_folder_says_how_one_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    result = run("brand", "new", "acme")
    assert result.exit_code == 2
    assert "lacks prompts" in result.output
    assert "copydesk brand new acme --into DIR" in result.output
    assert list(tmp_path.iterdir()) == []


def test_inside_the_installed_package_it_works_and_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "app"
    for part in ("brand/_packs", "prompts", "blocks", "examples"):
        shutil.copytree(content_root() / part, package / "_content" / part)
    monkeypatch.setattr("app.settings.PACKAGE", package)
    monkeypatch.setenv("COPYDESK_CONTENT", str(package / "_content"))
    result = run("brand", "new", "acme")
    assert result.exit_code == 0, result.output
    assert "an upgrade replaces it; with --into DIR" in result.output
    assert run("brand", "check", "acme").exit_code == 0

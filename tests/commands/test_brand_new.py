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


def test_it_says_which_spelling_and_packs_it_took(tmp_path: Path) -> None:
    american = run("brand", "new", "acme", "--into", str(tmp_path / "us")).output
    assert "copy for en-US in American spelling; rule packs: core, us_can_spam, us_cema, us_fda" in american
    british = run("brand", "new", "acme", "--market", "GB", "--into", str(tmp_path / "gb")).output
    assert "copy for en-GB in British spelling; rule packs: core, uk_cap\n" in british
    assert "note: the words" not in british
    german = run("brand", "new", "acme", "--market", "DE", "--into", str(tmp_path / "de")).output
    assert "copy for en-DE in British spelling; rule packs: core, eu_green, eu_" in german
    assert "note: the words of a new brand are English, and people in DE read de" in german


def test_its_spelling_list_holds_every_form_that_shops_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    assert run("brand", "new", "acme", "--locale", "en-GB", "--into", str(folder)).exit_code == 0
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    line = json.dumps(
        {"text": "Flavors and favorites, organized by theater and traveled to your gray center"}
    )
    output = CliRunner().invoke(main, ["check", "--brand", "acme"], input=line).output
    for right in ("flavours", "favourites", "organised", "theatre", "travelled", "grey", "centre"):
        assert f"is spelt '{right}' here" in output


def test_its_brief_reads_as_a_person_writes_it(tmp_path: Path) -> None:
    made = run("brand", "new", "acme", "--name", "Brindle & Crumb", "--into", str(tmp_path / "mine"))
    assert made.exit_code == 0, made.output
    brief = (tmp_path / "mine" / "examples" / "acme_welcome.yaml").read_text("utf-8")
    assert 'name: "Brindle & Crumb, welcome"\n' in brief


def test_text_with_a_colon_is_told_to_stand_in_quotes(mine: Path) -> None:
    voice = mine / "brand" / "acme" / "voice.yaml"
    text = voice.read_text("utf-8").replace("summary: Friendly and plain,", "summary: Friendly: plain,")
    voice.write_text(text, "utf-8")
    result = run("brand", "check", "acme")
    assert result.exit_code == 1
    assert "put the text in quotes, it holds a colon" in result.output


def test_a_word_that_the_dictionary_lacks_leads_to_the_brands_words(mine: Path) -> None:
    block = mine / "blocks" / "acme" / "hero" / "welcome.yaml"
    block.write_text(block.read_text("utf-8").replace("Find a lamp", "Find a qwzxlamp"), "utf-8")
    output = run("brand", "check", "acme").output
    assert "another word; names of yours go under `words` in voice.yaml" in output

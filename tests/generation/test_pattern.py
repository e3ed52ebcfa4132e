"""Where approved examples are too few for a small model, its user is told before it is asked, and after."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import app.main
from app.cli import main
from app.llm.scripted import ScriptedModel
from tests.generation.desk import Desk, answering
from tests.generation.small_model import SmallModel
from tests.release.content import item

ONE = (
    "1 approved cta block for winback in en-US; a small model needs about 6 that are alike in form: "
    "blocks/fernhill/cta/winback.yaml"
)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def with_blocks(desk: Desk, count: int) -> Desk:
    """The desk with a brief for the button alone, and so many approved ones, each about something."""
    desk.content.blocks["cta/winback"] = [
        item(f"cta_winback_{n}", "cta", message=f"thought {n}", copy={"label": f"See our {word}"})
        for n, word in enumerate(("boots", "coats", "packs", "maps", "socks", "hats")[:count])
    ]
    return desk.only("cta")


def generate(desk: Desk, model: SmallModel | ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("COPYDESK_CONTENT", str(desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", desk.database)
    monkeypatch.setattr(app.main, "build_models", lambda settings: (model,))
    return run("generate", str(desk.write()), "--out", str(desk.root / "out"))


def test_too_few_are_named_before_the_model_is_asked_and_where_slots_fell_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsure = SmallModel(logprobs=(-4.0, -4.0, -4.0))
    result = generate(with_blocks(desk, 1), unsure, monkeypatch)
    assert result.exit_code == 0, result.output
    assert result.stderr.index(f"note: {ONE}") < result.stderr.index("[1/1]")
    assert ONE in " ".join(result.stdout.split())


def test_enough_of_them_are_not_spoken_of(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    result = generate(with_blocks(desk, 6), SmallModel(), monkeypatch)
    assert "a small model needs" not in result.output


def test_blocks_without_a_thought_of_their_own_teach_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_blocks(desk, 6)
    del desk.content.blocks["cta/winback"][0]["message"]
    assert "note: 5 approved cta blocks for winback" in generate(desk, SmallModel(), monkeypatch).stderr


def test_a_model_that_reads_instructions_needs_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    result = generate(with_blocks(desk, 1), ScriptedModel(answering()), monkeypatch)
    assert "a small model needs" not in result.output


def test_a_new_brief_says_so_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "mine"
    assert run("brand", "new", "crumb", "--into", str(folder)).exit_code == 0
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    monkeypatch.delenv("COPYDESK_MODEL", raising=False)
    new = run("brief", "new", "replenishment", "--out", str(tmp_path / "box.yaml"))
    assert "note: no approved subject blocks for replenishment in en-US; a small model needs" in new.output
    assert "blocks/crumb/subject/replenishment.yaml" in new.output
    assert "note:" not in run("brief", "new", "welcome", "--out", str(tmp_path / "welcome.yaml")).output
    monkeypatch.setenv("COPYDESK_MODEL", "openai/gpt-4o-mini")
    assert "note:" not in run("brief", "new", "replenishment", "--out", str(tmp_path / "other.yaml")).output

"""The command line: what it loads, what it prints where, and what it writes."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

import app.console
import app.main
from app.cli import main
from app.errors import ModelTimeout
from app.llm.scripted import ScriptedModel
from tests.generation.desk import Desk, answering

HEAVY = (
    "litellm",
    "guardrails",
    "sqlmodel",
    "sqlalchemy",
    "pydantic_settings",
    "openai",
    "rich.progress",
    "mjml",
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that the command reads its content from."""
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    desk = Desk.at(tmp_path)
    monkeypatch.setenv("COPYDESK_DATABASE", desk.database)
    monkeypatch.chdir(tmp_path)
    return desk


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    """The model that the command asks."""
    model = ScriptedModel(answering())
    monkeypatch.setattr(app.main, "build_models", lambda settings: (model,))
    return model


def generate(desk: Desk, *options: str) -> Result:
    """`copydesk generate` on the desk's brief."""
    brief = str(desk.write())
    return CliRunner().invoke(main, ["generate", brief, "--out", str(desk.root / "out"), *options])


@pytest.mark.parametrize("arguments", [["--help"], ["generate", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom app.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as ended:\n    assert ended.code == 0\n"
        f"print('loaded:', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "loaded: []" in run.stdout


def test_every_command_has_help() -> None:
    for command in (
        "generate",
        "check",
        "demo",
        "brief",
        "brief status",
        "brand",
        "brand check",
        "brand seal",
        "model install",
    ):
        result = CliRunner().invoke(main, [*command.split(), "--help"])
        assert result.exit_code == 0
        assert len(result.output.splitlines()[2].strip()) > 20, command


def test_generate_writes_previews_a_summary_and_a_report(desk: Desk, scripted: ScriptedModel) -> None:
    result = generate(desk)
    assert result.exit_code == 0, result.output
    out = desk.root / "out"
    folder = out / "emails" / "en-US" / "weekend_hikers"
    for name in ("email.html", "email.txt", "email.mjml"):
        assert (folder / name).stat().st_size > 100
    summary = json.loads((out / "summary.json").read_text())
    assert [line["kind"] for line in summary["slots"]] == ["subject", "hero", "cta", "footer"]
    assert summary["outcomes"] == {"generated": 3, "reused": 1}
    assert f"report and previews: {out / 'index.html'}" in result.stdout
    assert (out / "index.html").is_file()
    text = (folder / "email.txt").read_text()
    assert text.startswith("PREVIEW - NOT APPROVED")
    assert "{" not in text


def test_values_are_formatted_in_the_preview_and_nowhere_in_the_summary(
    desk: Desk, scripted: ScriptedModel
) -> None:
    generate(desk)
    summary = json.loads((desk.root / "out" / "summary.json").read_text())
    copies = json.dumps([line["variants"] for line in summary["slots"]])
    assert "{product.name}" in copies
    assert "Ridgeline" not in copies


def test_in_a_pipe_each_slot_is_a_plain_line(desk: Desk, scripted: ScriptedModel) -> None:
    result = generate(desk)
    lines = [line for line in result.stderr.splitlines() if line.startswith("[")]
    assert [line.split("]")[0] for line in lines] == ["[1/4", "[2/4", "[3/4", "[4/4"]
    assert "\x1b" not in result.output
    assert "\r" not in result.output
    assert "━" not in result.stderr
    assert "+ Plan a walk" in result.stderr


def test_refused_lines_are_shown_with_the_reason(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = '{"variants": [{"label": "It heals colds [now]"}]}'
    model = ScriptedModel(lambda _: claim)
    monkeypatch.setattr(app.main, "build_models", lambda settings: (model,))
    desk.only("cta")
    result = generate(desk)
    assert "x It heals colds [now]  " in result.stderr
    assert "treats a body" in result.stderr
    assert "fell back - A guardrail refused every line the model wrote." in result.stderr


def test_on_a_terminal_there_is_a_progress_bar(
    desk: Desk, scripted: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(
        app.console,
        "Console",
        lambda **_: Console(file=screen, force_terminal=True, width=120, no_color=True),
    )
    assert generate(desk).exit_code == 0
    assert "4/4" in screen.getvalue()
    assert "━" in screen.getvalue()


def test_a_rerun_says_what_was_kept_and_asks_nothing(desk: Desk, scripted: ScriptedModel) -> None:
    generate(desk)
    asked = len(scripted.requests)
    result = generate(desk)
    assert result.stderr.count("(kept from an earlier run)") == 4
    assert len(scripted.requests) == asked
    generate(desk, "--retry", "all")
    assert len(scripted.requests) == 2 * asked


def test_retry_transient_asks_again_for_what_a_dead_model_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [ScriptedModel(lambda _: ModelTimeout("slow")), ScriptedModel(answering())]
    monkeypatch.setattr(app.main, "build_models", lambda settings: (models[0],))
    assert generate(desk).exit_code == 0
    models.pop(0)
    result = generate(desk, "--retry", "transient")
    assert result.stderr.count("(kept from an earlier run)") == 1
    assert len(models[0].requests) == 3


def test_warnings_are_printed(desk: Desk, scripted: ScriptedModel) -> None:
    desk.brief["must_say"] = ["wild garlic"]
    assert "note: en-US weekend_hikers: nothing says 'wild garlic'" in generate(desk).stdout


def test_an_unknown_example_brief_names_the_nearest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["demo", "--brief", "larkfell_welcom", "--model", "scripted"])
    assert result.exit_code == 2
    assert "did you mean 'larkfell_welcome'?" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_brand_names_the_nearest() -> None:
    for arguments in (
        ["brand", "check", "larkfel"],
        ["brand", "seal", "larkfel"],
        ["check", "--brand", "larkfel"],
    ):
        result = CliRunner().invoke(main, arguments, input="")
        assert result.exit_code == 2, arguments
        assert "did you mean 'larkfell'?" in result.stderr


def test_a_moment_that_is_none() -> None:
    result = CliRunner().invoke(main, ["check", "--as-of", "tomorrow"], input="")
    assert result.exit_code == 2
    assert "'tomorrow' is no moment" in result.stderr


def test_without_the_embedded_model_the_demo_says_so_and_uses_the_scripted_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    brief = desk.write()
    (desk.root / "examples").mkdir()
    (desk.root / "examples" / "hello.yaml").write_text(brief.read_text())
    (desk.root / "examples" / "scripted.yaml").write_text(
        "journeys: {winback: {cta: [{label: Plan a walk}]}}\n"
    )
    monkeypatch.setattr("app.llm.embedded.installed", lambda: False)
    result = CliRunner().invoke(main, ["demo", "--brief", "hello", "--out", "shown"])
    assert result.exit_code == 0, result.output
    assert "The embedded model is not installed (`copydesk model install`)" in result.stdout
    assert "Model: scripted" in result.stdout
    assert (desk.root / "shown" / "index.html").is_file()
    assert "cta: generated" in result.stderr

"""`copydesk check`: which locale judges, and what a line may hold."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.generation.check_lines import FIELDS, KEYS

LINE = json.dumps({"text": "Our favorite color"})


def check(*arguments: str, line: str = LINE) -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=line)


@pytest.fixture
def british(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A brand that writes en-GB alone."""
    folder = tmp_path / "mine"
    made = CliRunner().invoke(main, ["brand", "new", "crumb", "--locale", "en-GB", "--into", str(folder)])
    assert made.exit_code == 0, made.output
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    return "crumb"


def test_the_brands_first_locale_judges_lines_that_name_none(british: str) -> None:
    result = check("--brand", british)
    assert "'color' is spelt 'colour' here" in result.output


def test_a_language_is_the_brands_locale_in_it(british: str) -> None:
    assert "'color' is spelt 'colour' here" in check("--brand", british, "--locale", "en").output


def test_a_locale_that_the_brand_does_not_write_is_refused(british: str) -> None:
    result = check("--brand", british, "--locale", "en-US")
    assert result.exit_code == 2
    assert "brand 'crumb' does not write 'en-US'" in result.output
    assert "known: en-GB" in result.output


def test_without_a_brand_any_locale_may_be_named() -> None:
    assert check("--locale", "en-GB").exit_code in (0, 1)
    assert check().exit_code in (0, 1)


def test_the_help_names_every_key_and_field() -> None:
    shown = check("--help").output
    assert [key for key in KEYS if f"{key} " not in shown and f"`{key}`" not in shown] == []
    assert [field for field in FIELDS if field not in shown] == []


def test_the_facts_that_the_help_shows_can_be_read() -> None:
    facts = next(part for part in check("--help").output.split("such as ") if part.startswith('{"price"'))
    shown = json.loads(facts[: facts.index("}") + 1])
    line = json.dumps({"text": "It costs $39 now.", "facts": shown})
    assert json.loads(check(line=line).output)["verdict"] != "error"

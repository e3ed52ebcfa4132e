"""`copydesk brand check` and `brand seal` over a new brand: what its owner has to see, and in which order."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main

BRAND = "crumb"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def edit(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with a new British brand, and a database that is not there yet."""
    folder = tmp_path / "mine"
    result = run("brand", "new", BRAND, "--locale", "en-GB", "--into", str(folder))
    assert result.exit_code == 0, result.output
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    monkeypatch.setenv("COPYDESK_DATABASE", f"sqlite:///{tmp_path / 'mine.db'}")
    monkeypatch.setenv("COPYDESK_CONTENT_CACHE", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def welcome(content: Path) -> Path:
    return content / "blocks" / BRAND / "hero" / "welcome.yaml"


def write_irish(content: Path) -> None:
    """Another region of the same language, as docs/brand.md says."""
    files = [content / "brand" / BRAND / "brand.yaml", *(content / "blocks" / BRAND).rglob("*.yaml")]
    for path in files:
        edit(path, "locales: [en-GB]", "locales: [en-GB, en-IE]")


def test_words_of_the_starter_are_counted_and_are_no_problem(content: Path, welcome: Path) -> None:
    result = run("brand", "check", BRAND)
    assert result.exit_code == 0
    note, last = result.output.splitlines()
    assert note.startswith("note: 43 blocks and 30 CHANGE marks are still the starter's: brand/crumb/")
    assert last.startswith("crumb: ok")
    edit(welcome, "author: starter content of Copydesk", "author: Ada Baker")
    edit(welcome, "# CHANGE the things", "# The things")
    assert "note: 35 blocks and 29 CHANGE marks" in run("brand", "check", BRAND).output


def test_publishing_says_what_is_still_the_starters(content: Path) -> None:
    result = run("publish", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "  note: 43 blocks and 30 CHANGE marks are still the starter's" in result.output


def test_nothing_is_said_of_a_brand_whose_words_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COPYDESK_CONTENT", raising=False)
    assert "note:" not in run("brand", "check", "oatmere", "--as-of", "2026-11-27").output


def test_a_region_without_a_spelling_list_is_named(content: Path) -> None:
    write_irish(content)
    output = run("brand", "check", BRAND).output
    assert "note: en-IE has no spelling list: copy for en-IE is not held to the one of en-GB" in output
    voice = content / "brand" / BRAND / "voice.yaml"
    edit(voice, "spelling:\n", "spelling:\n  en-IE:\n    color: colour\n")
    assert "spelling list" not in run("brand", "check", BRAND).output


def test_problems_come_first_and_unsealed_blocks_in_one_line_a_file(content: Path, welcome: Path) -> None:
    write_irish(content)
    edit(welcome, "Find a lamp for long evenings", "Find the best lamp")
    lines = run("brand", "check", BRAND).output.splitlines()
    assert all("is refused by core_best" in line for line in lines[:2])
    unsealed = [line for line in lines if "after the" in line or "after it" in line]
    assert lines[2 : 2 + len(unsealed)] == unsealed
    assert len(unsealed) == len(list((content / "blocks" / BRAND).rglob("*.yaml")))
    buttons = next(line for line in unsealed if "cta/winback" in line)
    assert "2 blocks were changed after they were approved: cta_winback_new, cta_winback_offer" in buttons
    assert buttons.endswith("(once approved, `copydesk brand seal crumb`)")
    assert lines[-1].startswith("crumb: 16 problems (")


def test_new_and_changed_blocks_of_a_file_are_told_apart(content: Path, welcome: Path) -> None:
    text = welcome.read_text("utf-8")
    first, rest = text.split("hash: ", 1)
    welcome.write_text(f"{first}hash: unsealed}}{rest[rest.index(chr(10)) :]}", "utf-8")
    edit(welcome, "Find a mug for slow mornings", "Find a mug for slow days")
    output = run("brand", "check", BRAND).output
    assert "block 'hero_welcome_first' is not sealed; block 'hero_welcome_second' was changed after" in output


def test_sealing_lists_what_it_seals_and_keeps_quiet_about_the_rest(content: Path, welcome: Path) -> None:
    edit(welcome, "Find a lamp for long evenings", "Find a lamp for quiet evenings")
    result = run("brand", "seal", BRAND)
    assert result.exit_code == 0, result.output
    sealed, note, unrecorded, last = result.output.splitlines()
    assert sealed == "sealed hero_welcome_first (changed): blocks/crumb/hero/welcome.yaml:7"
    assert note.startswith("note: nobody has a role that approves for crumb, so who approved is what")
    assert unrecorded == "note: there is no database yet, so the audit does not tell of it"
    assert last == "1 block sealed"
    assert run("brand", "seal", BRAND).output == "0 blocks sealed\n"
    assert run("brand", "check", BRAND).exit_code == 0


def test_a_block_that_the_guardrails_refuse_is_not_sealed(content: Path, welcome: Path) -> None:
    edit(welcome, "Find a lamp for long evenings", "Find the best lamp")
    edit(welcome, "Find a mug for slow mornings", "Find a mug for slow days")
    before = welcome.read_text("utf-8")
    result = run("brand", "seal", BRAND)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("sealed hero_welcome_second (changed)")
    assert lines[1] == "not sealed hero_welcome_first:"
    assert "is refused by core_best" in lines[2]
    assert lines[-1] == "1 block sealed, 1 refused: reword them, then seal again"
    after = welcome.read_text("utf-8")
    assert [old == new for old, new in zip(before.splitlines(), after.splitlines(), strict=True)].count(
        False
    ) == 1


def test_a_brand_that_does_not_load_is_not_sealed(content: Path, welcome: Path) -> None:
    edit(content / "brand" / BRAND / "voice.yaml", "\ntone:", "\ntune:")
    edit(welcome, "Find a lamp for long evenings", "Find a lamp for quiet evenings")
    before = welcome.read_bytes()
    result = run("brand", "seal", BRAND)
    assert result.exit_code == 2
    assert "tune: unknown field 'tune'" in result.output
    assert "blocks/crumb: nothing was sealed" in result.output
    assert welcome.read_bytes() == before


def test_a_check_ends_with_the_version_that_serves_where_the_folder_differs(
    content: Path, welcome: Path, tmp_path: Path
) -> None:
    assert "serves" not in run("brand", "check", BRAND).output
    assert not (tmp_path / "mine.db").exists(), "a check makes no database"
    assert run("publish").exit_code == 0
    assert "serves" not in run("brand", "check", BRAND).output
    edit(welcome, "# CHANGE the things", "# The things")
    last = run("brand", "check", BRAND).output.splitlines()[-1]
    assert re.match(r"note: version [0-9a-f]{12} serves; the folder .*mine differs from it", last)
    assert last.endswith("`copydesk publish` lets it serve")

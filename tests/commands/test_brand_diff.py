"""`copydesk brand diff`: one word changed in brand/, and what of the approved would now fail."""

import copy
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests import factories
from tests.release.content import dump
from tests.release.published import BRAND, House

BAN = {**factories.CLAIMS[0], "id": "no_kit", "phrases": ["our kit"], "patterns": [], "exceptions": []}
BAN |= {"frames": [], "fails": ["See our kit."], "passes": ["See our boots."], "message": "calls it a kit"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def diff(*arguments: str) -> Result:
    return run("brand", "diff", *arguments, "--as-of", "2026-11-20")


def git(house: House, *arguments: str) -> None:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@fernhill.example", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(house.desk.root), *who, *arguments], check=True, capture_output=True)


def committed(house: House) -> None:
    git(house, "init", "-q")
    git(house, "add", ".")
    git(house, "commit", "-q", "-m", "as it was")


def ban(house: House) -> None:
    rules = [copy.deepcopy(rule) for rule in factories.CLAIMS] + [BAN]
    dump(house.desk.root / "brand" / BRAND / "claims.yaml", {"rules": rules})


def test_a_new_word_in_a_rule_shows_which_approved_copy_would_fail(house: House) -> None:
    committed(house)
    assert diff("HEAD").exit_code == 0
    ban(house)
    result = diff("HEAD")
    assert result.exit_code == 1
    assert f"~ brand/{BRAND}/claims.yaml" in result.stdout
    assert "would now fail (" in result.stdout
    assert "no_kit" in result.stdout
    assert "calls it a kit" in result.stdout
    git(house, "commit", "-q", "-a", "-m", "a ban")
    dump(house.desk.root / "brand" / BRAND / "claims.yaml", {"rules": list(factories.CLAIMS)})
    better = diff("HEAD")
    assert better.exit_code == 0
    assert "now passes (" in better.stdout


def test_for_programs_and_for_one_brand(house: House) -> None:
    committed(house)
    ban(house)
    found: dict[str, Any] = json.loads(diff("HEAD", "--json", "--brand", BRAND).stdout)
    (brand,) = found["brands"]
    assert "no_kit" in {item["rule"] for item in brand["now_fails"]}
    assert brand["owner"]
    assert found["files"]["changed"] == [f"brand/{BRAND}/claims.yaml"]


def test_a_published_version_is_a_revision_too(house: House) -> None:
    assert run("publish", "--as-of", "2026-11-20", "--by", "Ada Brand").exit_code == 0
    (version,) = json.loads(run("versions", "list", "--json").stdout)["versions"]
    ban(house)
    assert diff(version["hash"][:12]).exit_code == 1


def test_it_works_without_a_database_and_makes_none(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed(house)
    missing = tmp_path / "none.db"
    monkeypatch.setenv("COPYDESK_DATABASE", f"sqlite:///{missing}")
    assert diff("HEAD").exit_code == 0
    assert not missing.exists()


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "abcdef123456"])
def test_a_revision_that_nobody_knows(house: House, revision: str) -> None:
    committed(house)
    result = CliRunner().invoke(main, ["brand", "diff", "--", revision])
    assert result.exit_code == 2
    assert "such as HEAD, main" in result.output

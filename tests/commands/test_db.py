"""`copydesk db` from the command line: upgrade, backup, restore, check; and opening without migrating."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.db.engine import DEFAULT_OPTIONS, make_engine, parse
from app.db.revisions import head
from tests.db.history import REVISIONS, build
from tests.postgres import PostgresServer

Run = Callable[..., Result]


@pytest.fixture
def url(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COPYDESK_DATABASE", empty_database)
    return empty_database


@pytest.fixture
def run(url: str) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["db", *arguments])

    return call


def filled(url: str, revision: str) -> None:
    engine = make_engine(parse(url), DEFAULT_OPTIONS)
    build(engine, revision)
    engine.dispose()


def test_upgrade_says_from_where_to_where(run: Run, url: str) -> None:
    filled(url, REVISIONS[0])
    planned = run("upgrade", "--dry-run")
    assert planned.exit_code == 0
    assert f"would go from schema {REVISIONS[0]} to schema {head()}; nothing was changed" in planned.stdout
    assert [line.split()[0] for line in planned.stdout.splitlines()[:-1]] == REVISIONS[1:]
    assert f"schema {REVISIONS[0]}, this" in run("check").stdout.replace("revision", "schema")
    done = run("upgrade")
    assert f"went from schema {REVISIONS[0]} to schema {head()}" in done.stdout
    assert f"is at schema {head()} already" in run("upgrade").stdout
    assert run("check").stdout.endswith("\nok\n")


def test_upgrade_makes_a_new_database(run: Run, url: str) -> None:
    assert f"would go from no tables to schema {head()}" in run("upgrade", "--dry-run").stdout
    assert run("check").exit_code == 1
    assert f"went from no tables to schema {head()}" in run("upgrade").stdout
    assert run("check").exit_code == 0


def test_check_ends_with_1_and_says_what_to_do(run: Run, url: str) -> None:
    filled(url, REVISIONS[-2])
    result = run("check")
    assert result.exit_code == 1
    assert "schema: WRONG" in result.stdout
    assert "-> run `copydesk db upgrade`" in result.stdout
    assert result.stdout.endswith("\n1 problem\n")


def test_backup_and_restore(run: Run, url: str, tmp_path: Path, postgres: PostgresServer) -> None:
    filled(url, head())
    path = tmp_path / "backup.zip"
    backed = run("backup", str(path), "--portable")
    assert backed.exit_code == 0, backed.output
    assert re.search(rf"backup\.zip: [\d,]+ bytes, checked; schema {head()}: .*\d draft", backed.stdout)
    again = run("backup", str(path), "--portable")
    assert again.exit_code == 2
    assert "exists already" in again.stderr
    name = postgres.create()
    for target in (f"sqlite:///{tmp_path}/restored.db", postgres.url(name)):
        restored = run("restore", str(path), "--database", target)
        assert restored.exit_code == 0, restored.output
        assert " draft," in restored.stdout
        assert run("check", "--database", target).exit_code == 0
    full = run("restore", str(path))
    assert full.exit_code == 2
    assert "is not empty" in full.stderr
    postgres.drop(name)


def test_without_migrating_on_start_a_command_refuses_an_old_schema(
    run: Run, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(url, REVISIONS[0])
    monkeypatch.setenv("COPYDESK_MIGRATE_ON_START", "false")
    refused = CliRunner().invoke(main, ["people", "list"])
    assert refused.exit_code == 2
    assert f"has schema {REVISIONS[0]}, and this Copydesk needs schema {head()}" in refused.stderr
    assert "copydesk db upgrade" in refused.stderr
    assert run("upgrade").exit_code == 0
    assert CliRunner().invoke(main, ["people", "list"]).exit_code == 0


@pytest.mark.parametrize("command", ["check", "backup", "upgrade", "restore"])
def test_a_password_is_never_printed(command: str, tmp_path: Path) -> None:
    url = "postgresql://me:very-secret@127.0.0.1:1/copydesk"
    (tmp_path / "file").write_bytes(b"notes")
    path = {"backup": [str(tmp_path / "new")], "restore": [str(tmp_path / "file")]}.get(command, [])
    result = CliRunner().invoke(main, ["db", command, *path, "--database", url])
    assert result.exit_code in (1, 2)
    assert "127.0.0.1:1" in result.output or command == "restore"
    assert "very-secret" not in result.output
    assert "Traceback" not in result.output


def test_a_missing_file_is_not_made_by_looking_at_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    for command in (["check"], ["backup", str(tmp_path / "backup")]):
        result = CliRunner().invoke(main, ["db", *command, "--database", url])
        assert result.exit_code in (1, 2)
        assert "does not exist" in result.output
    assert list(tmp_path.iterdir()) == []

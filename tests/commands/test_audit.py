"""`copydesk audit`: what people did, its check offline, and the checkpoints that it is checked against."""

import json
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from app.cli import main
from app.db.audit import chain_head
from app.db.engine import DEFAULT_OPTIONS, make_engine, parse
from app.db.locking import writing

Run = Callable[..., Result]


@pytest.fixture
def run(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("COPYDESK_DATABASE", database)
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, env=environment)

    return call


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = make_engine(parse(database), DEFAULT_OPTIONS)
    yield engine
    engine.dispose()


@pytest.fixture
def people(run: Run) -> Run:
    """Three records: somebody added, given a role and a key."""
    for arguments in (
        ("people", "add", "cal@example.com", "--name", "Cal", "--role", "copywriter", "--brand", "larkfell"),
        ("keys", "create", "cal@example.com", "--name", "laptop"),
    ):
        assert run(*arguments).exit_code == 0
    return run


@pytest.fixture
def signed(people: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same with a key, its public half in public.pem, and a checkpoint of the three in marks.jsonl."""
    assert people("audit", "key", "new", "key.pem").exit_code == 0
    monkeypatch.setenv("COPYDESK_AUDIT_KEY", "key.pem")
    Path("public.pem").write_text(people("audit", "key", "public").stdout)
    made = people("audit", "checkpoint", "--out", "marks.jsonl")
    assert made.stdout.startswith("marks.jsonl: 3 records up to "), made.output
    monkeypatch.delenv("COPYDESK_AUDIT_KEY")
    return people


def change(engine: Engine, statement: str) -> None:
    with writing(engine).begin() as connection:
        connection.execute(text(statement))


VERIFY = ("audit", "verify", "--checkpoint", "marks.jsonl", "--public-key", "public.pem")


def test_what_people_did_is_listed(people: Run) -> None:
    found = json.loads(people("audit", "list", "--json").stdout)
    assert [item["action"] for item in found] == ["key.create", "person.grant", "person.add"]
    assert found[1]["data"] == {"roles": ["copywriter"]}
    (granted,) = json.loads(people("audit", "list", "--brand", "larkfell", "--json").stdout)
    assert granted["seq"] == 2
    assert "cal@example.com" not in json.dumps(found)
    table = people("audit", "list", "--subject", granted["subject"], "--since", "2020-01-01").stdout
    assert table.count(granted["subject"]) == 2
    assert "machine  person.grant" in table
    assert "roles copywriter" in table
    assert people("audit", "list", "--since", "2100-01-01").stdout == "nothing is recorded\n"
    assert people("audit", "list", "--since", "soon").exit_code == 2


def test_a_sound_chain_and_what_stays_open(people: Run) -> None:
    result = people("audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith("3 records in one chain, up to ")
    assert "without --checkpoint it stays open" in result.stdout


def test_a_sound_chain_with_its_checkpoint(signed: Run) -> None:
    signed("people", "disable", "cal@example.com")
    result = signed(*VERIFY)
    assert (result.exit_code, result.stdout.split(";")[0][:22]) == (0, "4 records in one chain")
    assert "the first 3 as signed on " in result.stdout


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_record SET actor = 'clock' WHERE seq = 2", "record 2 (person.grant of person "),
        ("DELETE FROM audit_record WHERE seq = 3", "the chain ends with record 2, and a checkpoint signed 3"),
        ("DELETE FROM audit_record", "the chain ends with record 0"),
    ],
)
def test_what_was_changed_is_named(signed: Run, engine: Engine, statement: str, words: str) -> None:
    change(engine, statement)
    result = signed(*VERIFY)
    assert result.exit_code == 1
    assert result.stdout.startswith("WRONG: ")
    assert words in result.stdout


def test_a_chain_that_was_written_anew_is_not_the_one_that_was_signed(signed: Run, engine: Engine) -> None:
    change(engine, "DELETE FROM audit_record")
    for _ in range(2):
        signed("people", "disable", "cal@example.com")
        signed("people", "disable", "--undo", "cal@example.com")
    assert signed("audit", "verify").exit_code == 0
    result = signed(*VERIFY)
    assert result.exit_code == 1
    assert "record 3 is not the one that a checkpoint signed" in result.stdout


def test_the_checkpoints_of_the_settings_count_without_being_named(
    people: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    people("audit", "key", "new", "key.pem")
    monkeypatch.setenv("COPYDESK_AUDIT_KEY", "key.pem")
    monkeypatch.setenv("COPYDESK_AUDIT_CHECKPOINTS", "kept/marks.jsonl")
    missing = people("audit", "verify")
    assert (missing.exit_code, "kept/marks.jsonl is not there" in missing.stderr) == (0, True)
    people("audit", "checkpoint")
    assert "the first 3 as signed on " in people("audit", "verify").stdout
    assert people("db", "backup", "older.zip", "--portable").exit_code == 0
    people("people", "disable", "cal@example.com")
    people("audit", "checkpoint")
    older = people("audit", "verify", "older.zip")
    assert (older.exit_code, "without --checkpoint" in older.stdout) == (0, True), "a backup is older"
    change(engine, "DELETE FROM audit_record WHERE seq = 4")
    cut = people("audit", "verify")
    assert (cut.exit_code, "a checkpoint signed 4" in cut.stdout) == (1, True)
    signed = people("audit", "checkpoint")
    assert (signed.exit_code, "nothing was signed" in signed.stderr) == (2, True)
    monkeypatch.delenv("COPYDESK_AUDIT_KEY")
    unseen = people("audit", "verify")
    assert (unseen.exit_code, "kept/marks.jsonl was not looked at" in unseen.stderr) == (0, True)


def test_checkpoints_by_another_key_or_changed_do_not_count(signed: Run, engine: Engine) -> None:
    signed("audit", "key", "new", "other.pem")
    lines = Path("marks.jsonl").read_text()
    signed("audit", "checkpoint", "--out", "marks.jsonl", COPYDESK_AUDIT_KEY="other.pem")
    result = signed(*VERIFY)
    assert result.exit_code == 1
    assert "line 2 of marks.jsonl is signed with the key " in result.stdout
    Path("other_public.pem").write_text(signed("audit", "key", "public", "other.pem").stdout)
    assert signed(*VERIFY, "--public-key", "other_public.pem").exit_code == 0, "after a rotation both count"
    Path("marks.jsonl").write_text(lines.replace('"count":3', '"count":2'))
    assert "line 1 of marks.jsonl does not have the signature of the key " in signed(*VERIFY).stdout
    Path("marks.jsonl").write_text(lines + '{"count": 3')
    result = signed(*VERIFY)
    assert (result.exit_code, "line 2 of marks.jsonl is no checkpoint" in result.stdout) == (1, True)
    signed("audit", "checkpoint", "--out", "marks.jsonl", COPYDESK_AUDIT_KEY="key.pem")
    assert Path("marks.jsonl").read_text().count("\n") == 3, "after a line that was cut off a new one begins"


def test_files_are_checked_without_settings(signed: Run, engine: Engine, tmp_path: Path) -> None:
    signed("db", "backup", "backup.zip", "--portable")
    files = ["backup.zip"]
    if engine.dialect.name == "sqlite":
        signed("db", "backup", "copy.db")
        files.append("copy.db")
    for name in files:
        result = signed(*VERIFY, name, COPYDESK_DATABASE=f"sqlite:///{tmp_path}/nothing.db")
        assert (result.exit_code, result.stdout[:22]) == (0, "3 records in one chain"), result.output
    assert not Path("nothing.db").exists()
    damaged = Path("backup.zip").read_bytes()
    Path("backup.zip").write_bytes(damaged[:-30])
    assert signed("audit", "verify", "backup.zip").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify", "--checkpoint", "marks.jsonl"), "cannot be believed without the key"),
        (("verify", "--public-key", "public.pem"), "--public-key is for checkpoints"),
        (("verify", "--checkpoint", "none.jsonl", "--public-key", "public.pem"), "none.jsonl cannot be read"),
        (("verify", "--checkpoint", "empty", "--public-key", "public.pem"), "empty holds no checkpoint"),
        (("verify", "--checkpoint", "marks.jsonl", "--public-key", "marks.jsonl"), "is no public key"),
        (("verify", "none.db"), "none.db cannot be read"),
        (("verify", "marks.jsonl"), "marks.jsonl is damaged"),
        (("verify", "--database", "sqlite:///none.db"), "none.db"),
        (("verify", "marks.jsonl", "--database", "sqlite:///none.db"), "not both"),
        (("checkpoint",), "no key is set to sign with"),
        (("key", "public"), "no key is set"),
        (("key", "public", "public.pem"), "public.pem can be read by others"),
        (("key", "new", "key.pem"), "key.pem exists already"),
        (("key", "new", "none/key.pem"), "none/key.pem cannot be written"),
    ],
)
def test_what_cannot_be_told_is_said(signed: Run, arguments: tuple[str, ...], words: str) -> None:
    Path("empty").write_text("\n")
    before = Path("key.pem").read_bytes()
    result = signed("audit", *arguments)
    assert (result.exit_code, words in result.output) == (2, True), result.output
    assert Path("key.pem").read_bytes() == before


def test_a_key_is_for_its_owner_alone(signed: Run) -> None:
    path = Path("key.pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    result = signed("audit", "checkpoint", COPYDESK_AUDIT_KEY="key.pem")
    assert (result.exit_code, "chmod 600 key.pem" in result.stderr) == (2, True)
    path.chmod(0o600)
    path.write_text("no key")
    assert "is no private key" in signed("audit", "checkpoint", COPYDESK_AUDIT_KEY="key.pem").stderr


def test_a_checkpoint_of_an_empty_chain_and_the_default_file(run: Run, engine: Engine) -> None:
    run("audit", "key", "new", "key.pem")
    assert run("audit", "checkpoint", COPYDESK_AUDIT_KEY="key.pem").exit_code == 0
    (line,) = Path("audit_checkpoints.jsonl").read_text().splitlines()
    with engine.connect() as connection:
        head = chain_head(connection)
    assert (json.loads(line)["count"], json.loads(line)["head"]) == (0, head.hash)
    marks = ("--checkpoint", "audit_checkpoints.jsonl")
    assert run("audit", "verify", *marks, COPYDESK_AUDIT_KEY="key.pem").exit_code == 0

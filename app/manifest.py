"""Listings of content files: which files count, and one hash for all of them.

A listing maps each file's path to the SHA-256 of its bytes. Its own hash is the SHA-256 of the listing,
written down in one way only: the same files have the same hash on every machine, whatever order or separators
its file system has, and the bytes behind the hash are a text that names the bytes of every file.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import TypeVar

from app.errors import ContentError, Problem, StorageError

PathT = TypeVar("PathT", bound=str | PurePath)

PLACES: dict[str, frozenset[str]] = {
    "brand": frozenset({".yaml", ".yml", ".png", ".jpg", ".svg"}),
    "prompts": frozenset({".jinja"}),
    "blocks": frozenset({".yaml", ".yml", ".mjml", ".css"}),
}
"""The folders that are content, and the endings of the files in them that count."""
LITTER = re.compile(r"\..*|.*~|#.*#|.*\.(?:swp|swo|bak|orig|rej|tmp|pyc)|__pycache__|Thumbs\.db|desktop\.ini")
"""Names that editors, version control and desktops leave behind; they are passed over without a word."""
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
"""What every part of a published path looks like: other names are not the same on every machine."""
MAX_FILE = 5_000_000
"""Bytes of one published file: an email's picture or a brand's longest list is far below."""
MAX_FILES = 20_000
"""Files of one published version."""


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def json_bytes(value: object) -> bytes:
    """A JSON value written down in one way only: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def canonical(entries: Mapping[PathT, str]) -> bytes:
    """A listing as it is hashed and stored: JSON with sorted posix paths and no spaces."""
    return json_bytes({_posix(path): digest for path, digest in entries.items()})


def _posix(path: str | PurePath) -> str:
    return path.as_posix() if isinstance(path, PurePath) else path


@dataclass(frozen=True, eq=False)
class Manifest:
    """The files of one piece of content as they were read. `sources` says where each of them lies."""

    entries: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, Path] = field(default_factory=dict)

    @property
    def canonical(self) -> bytes:
        """The text whose SHA-256 is `hash`."""
        return canonical(self.entries)

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the listing."""
        return sha256(self.canonical)

    def read(self, path: str) -> bytes:
        """The bytes of one file. Raises StorageError when they are no longer those that were listed."""
        try:
            data = self.sources[path].read_bytes()
        except OSError as error:
            raise StorageError(f"{path} cannot be read any more: {error.strerror}", _AGAIN) from error
        if sha256(data) != self.entries[path]:
            raise StorageError(f"{path} was changed since it was loaded", _AGAIN)
        return data

    def split(self, folder: str) -> tuple["Manifest", "Manifest"]:
        """The listing without the files under a folder, and that of these files alone."""
        inside = [path for path in self.entries if path.startswith(f"{folder}/")]
        outside = [path for path in self.entries if path not in inside]
        return self._only(outside), self._only(inside)

    def _only(self, paths: Iterable[str]) -> "Manifest":
        kept = list(paths)
        return Manifest(
            {path: self.entries[path] for path in kept}, {path: self.sources[path] for path in kept}
        )


_AGAIN = "try again: what serves is read anew within a second or so"


def collect(place: str, base: Path, *within: Path) -> Manifest:
    """The listing of a place of content that lies at `base`, or of the files and folders `within` it.

    Raises OSError for a file that cannot be read.
    """
    entries: dict[str, str] = {}
    sources: dict[str, Path] = {}
    for top in within or (base,):
        for file in [top] if top.is_file() else _files(top):
            if counts(place, file):
                path = f"{place}/{file.relative_to(base).as_posix()}"
                with file.open("rb") as opened:
                    entries[path] = hashlib.file_digest(opened, "sha256").hexdigest()
                sources[path] = file
    return Manifest(entries, sources)


def counts(place: str, file: Path) -> bool:
    """Whether a file is content by its ending, and not what an editor left behind."""
    return file.suffix in PLACES[place] and not LITTER.fullmatch(file.name)


def _files(top: Path) -> Iterator[Path]:
    """The files under a folder, litter aside; folders behind links are not entered."""
    for folder, names, files in os.walk(top):
        names[:] = [name for name in names if not LITTER.fullmatch(name)]
        yield from (path for name in files if (path := Path(folder, name)).is_file())


def stamp(root: Path) -> frozenset[tuple[str, int, int, int]]:
    """What tells, without reading any file, that nothing under a content folder has changed."""
    found = set()
    for place in PLACES:
        for file in _files(root / place):
            if counts(place, file):
                seen = file.stat()
                found.add((str(file), seen.st_mtime_ns, seen.st_size, seen.st_ino))
    return frozenset(found)


@dataclass
class Publishable:
    """Everything under a content folder that is published together, with the bytes as they were read once.

    `left_out` names files that no place takes; the version is made without them.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @cached_property
    def entries(self) -> dict[str, str]:
        """Each path with the SHA-256 of its bytes."""
        return {path: sha256(data) for path, data in self.files.items()}

    @property
    def hash(self) -> str:
        """The hash of the version that these files are."""
        return sha256(canonical(self.entries))


def read_publishable(root: Path) -> Publishable:
    """Read brand/, prompts/ and blocks/ under `root`. Raises ContentError with all that stands against it."""
    found = Publishable()
    for place in PLACES:
        base = root / place
        if base.is_symlink() or not base.is_dir():
            found.problems.append(Problem(f"{place}/", 0, 0, "", "is no folder", "a content folder has it"))
            continue
        _read_place(place, base, found, root.resolve())
    found.problems += _alike(found.files)
    if len(found.files) > MAX_FILES:
        found.problems.append(
            Problem(root.name, 0, 0, "", f"has {len(found.files)} files", f"at most {MAX_FILES}")
        )
    if found.problems:
        raise ContentError(sorted(found.problems, key=lambda item: item.file))
    found.files = dict(sorted(found.files.items()))
    return found


def _read_place(place: str, base: Path, found: Publishable, root: Path) -> None:
    def unreadable(error: OSError) -> None:
        where = Path(str(error.filename)).relative_to(base.parent).as_posix()
        found.problems.append(Problem(where, 0, 0, "", f"cannot be read: {error.strerror}"))

    for folder, names, files in os.walk(base, onerror=unreadable):
        names[:] = [name for name in names if not LITTER.fullmatch(name)]
        for name in list(names):
            path = Path(folder, name)
            if path.is_symlink():
                names.remove(name)
                shown = path.relative_to(base.parent).as_posix()
                message = "is a link to a folder, which is not followed"
                found.problems.append(Problem(shown, 0, 0, "", message, "the folder itself"))
        for name in files:
            path = Path(folder, name)
            shown = path.relative_to(base.parent).as_posix()
            if LITTER.fullmatch(name):
                continue
            if not counts(place, path):
                found.left_out.append(shown)
                continue
            _read_file(path, shown, found, root)


def _read_file(path: Path, shown: str, found: Publishable, root: Path) -> None:
    message, expected = "", ""
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
            message, expected = "is a link that leads out of the content folder", "the file itself"
        elif not path.is_file():
            message, expected = "is no ordinary file", "a file"
        elif path.stat().st_size > MAX_FILE:
            message = f"has {path.stat().st_size} bytes"
            expected = f"at most {MAX_FILE}: keep pictures small, emails load slowly"
        elif not all(NAME.fullmatch(part) for part in shown.split("/")):
            message = "has a name that is not the same on every machine"
            expected = "letters without accents, digits, '_', '-' and '.'"
        else:
            found.files[shown] = path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    if message:
        found.problems.append(Problem(_printable(shown), 0, 0, "", message, expected))


def _printable(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _alike(paths: Iterable[str]) -> Iterator[Problem]:
    """Paths that some file systems hold to be the same."""
    seen: dict[str, str] = {}
    for path in sorted(paths):
        key = unicodedata.normalize("NFC", path).casefold()
        if key in seen:
            yield Problem(path, 0, 0, "", f"differs from {seen[key]} in capitals only", "another name")
        seen[key] = path

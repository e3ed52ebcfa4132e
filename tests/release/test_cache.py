"""Published versions as folders: whole, verified, shared by processes, and swept up."""

import os
import time
from pathlib import Path

import pytest

from app.errors import StorageError
from app.manifest import canonical, sha256
from app.release.cache import UNUSED_SECONDS, ContentCache

FILES = {"brand/a/brand.yaml": b"id: a\n", "prompts/small/turn.jinja": b"{{ x }}"}
ENTRIES = {path: sha256(data) for path, data in FILES.items()}
DIGEST = sha256(canonical(ENTRIES))


@pytest.fixture
def cache(tmp_path: Path) -> ContentCache:
    return ContentCache(tmp_path / "deep" / "cache")


def put(cache: ContentCache) -> Path:
    return cache.put(DIGEST, ENTRIES, FILES.items())


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_version_lies_under_its_hash_with_its_files(cache: ContentCache) -> None:
    assert not cache.holds(DIGEST, ENTRIES)
    folder = put(cache)
    assert folder == cache.folder / DIGEST
    assert written(folder) == FILES
    assert cache.holds(DIGEST, ENTRIES)
    assert cache.folder.stat().st_mode & 0o077 == 0


def test_a_version_that_is_whole_is_not_written_again(cache: ContentCache) -> None:
    before = put(cache).stat().st_ino
    assert cache.put(DIGEST, ENTRIES, ()).stat().st_ino == before


@pytest.mark.parametrize("damage", ["changed", "missing", "more", "link", "file"])
def test_what_is_not_as_it_was_published_is_written_anew(cache: ContentCache, damage: str) -> None:
    folder = put(cache)
    victim = folder / "brand" / "a" / "brand.yaml"
    if damage == "changed":
        victim.write_text("id: b\n")
    elif damage == "missing":
        victim.unlink()
    elif damage == "more":
        (folder / "brand" / "a" / "claims.yaml").write_text("rules: []")
    elif damage == "link":
        victim.unlink()
        victim.symlink_to(folder / "prompts" / "small" / "turn.jinja")
    else:
        (folder / "brand" / "b").mkdir()
        (folder / "brand" / "b" / "brand.yaml").write_text("id: b")
    assert not cache.holds(DIGEST, ENTRIES)
    assert written(put(cache)) == FILES
    assert [path.name for path in cache.folder.iterdir() if path.is_dir()] == [DIGEST]


@pytest.mark.parametrize("files", [{**FILES, "brand/a/brand.yaml": b"other"}, dict(list(FILES.items())[:1])])
def test_files_that_are_not_those_of_the_listing_leave_nothing(
    cache: ContentCache, files: dict[str, bytes]
) -> None:
    with pytest.raises(StorageError, match=f"version {DIGEST[:12]} cannot be written"):
        cache.put(DIGEST, ENTRIES, files.items())
    assert list(cache.folder.iterdir()) == []


def test_a_half_written_version_is_never_read_and_swept_up_later(cache: ContentCache) -> None:
    put(cache)
    half = cache.folder / ".half-0123"
    half.mkdir()
    assert cache.sweep({DIGEST}) == []
    assert half.exists(), "another process may be writing it"
    os.utime(half, (0, 0))
    cache.sweep({DIGEST})
    assert not half.exists()


def test_a_version_that_nobody_uses_goes_and_those_in_use_stay(cache: ContentCache) -> None:
    folder = put(cache)
    old = time.time() - UNUSED_SECONDS - 60
    os.utime(cache.folder / f"{DIGEST}.used", (old, old))
    assert cache.sweep({DIGEST}) == []
    cache.used(DIGEST)
    assert cache.sweep(()) == [], "another process used it within the day"
    os.utime(cache.folder / f"{DIGEST}.used", (old, old))
    assert cache.sweep(()) == [DIGEST]
    assert not folder.exists()
    assert list(cache.folder.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match="cannot be written") as caught:
        put(ContentCache(tmp_path / "cache"))
    assert "COPYDESK_CONTENT_CACHE" in caught.value.hint

"""Listings of content: the same files have the same hash everywhere; what cannot be published is named."""

import json
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import ContentError, StorageError
from app.manifest import MAX_FILE, canonical, collect, read_publishable, sha256
from app.settings import content_root

PARTS = st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), min_size=1, max_size=4)
ENTRIES = st.dictionaries(PARTS.map("/".join), st.from_regex(r"[0-9a-f]{64}", fullmatch=True), max_size=8)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content folder with a few files."""
    for name, text in {
        "brand/fernhill/brand.yaml": "id: fernhill\n",
        "brand/fernhill/assets/logo.png": "picture",
        "brand/_packs/core.yaml": "rules: []\n",
        "prompts/small/turn.jinja": "{{ thought }}",
        "blocks/_layout/style.css": "a {}",
        "blocks/fernhill/cta/evergreen.yaml": "blocks: []\n",
    }.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "content"


def problems(root: Path) -> list[str]:
    with pytest.raises(ContentError) as caught:
        read_publishable(root)
    return [str(problem) for problem in caught.value.problems]


@given(ENTRIES, st.randoms())
def test_invariant_10_the_hash_depends_on_neither_order_nor_separators(
    entries: dict[str, str], random: Random
) -> None:
    shuffled = list(entries.items())
    random.shuffle(shuffled)
    windows = {PureWindowsPath(path.replace("/", "\\")): digest for path, digest in shuffled}
    posix = {PurePosixPath(path): digest for path, digest in shuffled}
    assert canonical(dict(shuffled)) == canonical(entries) == canonical(windows) == canonical(posix)
    assert json.loads(canonical(entries)) == entries


@given(ENTRIES, ENTRIES)
def test_different_listings_have_different_texts(one: dict[str, str], two: dict[str, str]) -> None:
    assert (canonical(one) == canonical(two)) == (one == two)


def test_the_hash_is_that_of_a_text_that_names_the_bytes_of_every_file(root: Path) -> None:
    manifest = collect("brand", root / "brand")
    assert manifest.hash == sha256(manifest.canonical)
    assert set(json.loads(manifest.canonical)) == set(manifest.entries)
    for path, digest in manifest.entries.items():
        assert sha256(manifest.read(path)) == digest
        assert (root / path).read_bytes() == manifest.read(path)


def test_a_part_of_a_place_has_the_paths_that_the_whole_has(root: Path) -> None:
    part = collect("brand", root / "brand", root / "brand" / "fernhill", root / "brand/_packs/core.yaml")
    assert part.entries == collect("brand", root / "brand").entries
    assert set(part.entries) <= set(read_publishable(root).entries)


def test_the_names_and_the_borders_of_files_count(tmp_path: Path) -> None:
    made = set()
    for number, files in enumerate(({"a": "xy", "b": ""}, {"a": "x", "b": "y"}, {"a": "xy", "c": ""})):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.yaml").write_text(text)
        made.add(collect("brand", folder).hash)
    assert len(made) == 3


@pytest.mark.parametrize(
    "litter",
    [
        "brand/fernhill/.voice.yaml.swp",
        "brand/fernhill/voice.yaml~",
        "brand/fernhill/#voice.yaml#",
        "brand/.DS_Store",
        "blocks/.git/config.yaml",
        "blocks/fernhill/Thumbs.db",
        "prompts/turn.jinja.orig",
    ],
)
def test_what_editors_leave_behind_changes_nothing(root: Path, litter: str) -> None:
    before = read_publishable(root).hash, collect("brand", root / "brand").hash
    (root / litter).parent.mkdir(exist_ok=True)
    (root / litter).write_text("litter")
    after = read_publishable(root)
    assert (after.hash, collect("brand", root / "brand").hash) == before
    assert after.left_out == []


def test_a_file_that_no_place_takes_is_named(root: Path) -> None:
    before = read_publishable(root).hash
    (root / "brand" / "fernhill" / "notes.docx").write_bytes(b"notes")
    (root / "prompts" / "README.md").write_text("how to")
    found = read_publishable(root)
    assert found.left_out == ["brand/fernhill/notes.docx", "prompts/README.md"]
    assert found.hash == before


def test_a_link_that_leads_out_of_the_folder_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("key: 1")
    (root / "brand" / "fernhill" / "voice.yaml").symlink_to(tmp_path / "secret.yaml")
    (found,) = problems(root)
    assert found.startswith("brand/fernhill/voice.yaml: is a link that leads out of the content folder")


def test_a_link_inside_the_folder_is_the_file_that_it_names(root: Path) -> None:
    (root / "brand" / "fernhill" / "assets" / "mark.png").symlink_to("logo.png")
    assert read_publishable(root).files["brand/fernhill/assets/mark.png"] == b"picture"


def test_links_to_folders_and_to_nothing_are_refused(root: Path) -> None:
    (root / "brand" / "again").symlink_to(root / "brand" / "fernhill")
    (root / "blocks" / "lost.yaml").symlink_to("nowhere.yaml")
    assert [line.split(" (")[0] for line in problems(root)] == [
        "blocks/lost.yaml: cannot be read: No such file or directory",
        "brand/again: is a link to a folder, which is not followed",
    ]


def test_a_huge_file_is_refused_and_not_read(root: Path) -> None:
    with (root / "brand" / "fernhill" / "assets" / "logo.png").open("wb") as file:
        file.truncate(MAX_FILE + 1)
    (found,) = problems(root)
    assert f"logo.png: has {MAX_FILE + 1} bytes" in found


def test_a_file_that_may_not_be_read_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "brand.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (found,) = problems(root)
    assert "brand/fernhill/brand.yaml: cannot be read: Permission denied" in found


def test_a_pipe_does_not_hang_the_command(root: Path) -> None:
    os.mkfifo(root / "blocks" / "pipe.yaml")
    assert problems(root) == ["blocks/pipe.yaml: is no ordinary file (a file)"]


def test_names_that_differ_between_machines_are_refused(root: Path) -> None:
    (root / "blocks" / "caf\u00e9.yaml").write_text("blocks: []")
    (root / "blocks" / "Offer.yaml").write_text("blocks: []")
    (root / "blocks" / "offer.yaml").write_text("blocks: []")
    found = problems(root)
    assert "differs from blocks/Offer.yaml in capitals only" in found[1]
    assert "has a name that is not the same on every machine" in found[0]


def test_a_folder_that_is_missing_is_named(root: Path) -> None:
    (root / "prompts" / "small" / "turn.jinja").unlink()
    (root / "prompts" / "small").rmdir()
    (root / "prompts").rmdir()
    assert problems(root) == ["prompts/: is no folder (a content folder has it)"]


def test_a_file_that_changed_since_it_was_listed_is_not_given_out(root: Path) -> None:
    manifest = collect("brand", root / "brand")
    (root / "brand" / "fernhill" / "brand.yaml").write_text("id: other\n")
    with pytest.raises(StorageError, match="was changed since it was loaded") as caught:
        manifest.read("brand/fernhill/brand.yaml")
    assert caught.value.retryable


def test_the_shipped_content_can_be_published_whole() -> None:
    found = read_publishable(content_root())
    assert found.left_out == []
    assert {path.split("/")[0] for path in found.files} == {"brand", "prompts", "blocks"}

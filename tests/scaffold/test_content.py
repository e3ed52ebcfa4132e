"""A content folder of one's own: what it gets, what it keeps, and what is said where something is missing."""

import os
from pathlib import Path

import pytest

from app.errors import StorageError, UsageError
from app.scaffold.content import check_usable, missing_parts, start_content
from app.settings import content_root

AGAIN = "copydesk brand new acme --into DIR"


def test_it_gets_what_every_brand_needs_and_no_brand(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "content"
    parts = start_content(folder, content_root())
    assert {"prompts", "brand/_packs", "blocks/_layout", "blocks/hero", "examples/starters"} <= set(parts)
    assert missing_parts(folder) == []
    check_usable(folder, AGAIN)
    assert [path.name for path in (folder / "brand").iterdir()] == ["_packs"]
    assert not (folder / "blocks" / "larkfell").exists()


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "prompts" / "small" / "turn.jinja"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", "utf-8")
    parts = start_content(tmp_path, content_root())
    assert "prompts" not in parts
    assert mine.read_text("utf-8") == "mine"
    assert start_content(tmp_path, content_root()) == []


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(UsageError, match="holds other things, such as holiday"):
        start_content(tmp_path, content_root())
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot be written"):
        start_content(tmp_path / "file" / "content", content_root())


@pytest.mark.parametrize("part", ["prompts", "brand/_packs", "blocks/_layout", "examples/starters"])
def test_a_folder_that_lacks_something_says_what(tmp_path: Path, part: str) -> None:
    start_content(tmp_path, content_root())
    for path in sorted((tmp_path / part).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with pytest.raises(UsageError) as caught:
        check_usable(tmp_path, AGAIN)
    assert caught.value.message == f"{tmp_path} lacks {part}, which every brand needs"
    assert AGAIN in caught.value.hint
    assert "COPYDESK_CONTENT" in caught.value.hint


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        check_usable(tmp_path / "nowhere", AGAIN)


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As site-packages may be; permission bits do not stop the user that tests may run as."""
    start_content(tmp_path, content_root())
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "blocks")
    with pytest.raises(UsageError) as caught:
        check_usable(tmp_path, AGAIN)
    assert caught.value.message == f"{tmp_path / 'blocks'} may not be written"
    assert AGAIN in caught.value.hint

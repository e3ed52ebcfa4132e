"""Sealing: the hash is written in its place, and nothing else in the file changes."""

from pathlib import Path

import pytest

from app.blocks.loader import load_blocks, seal
from app.errors import ContentError

BLOCK = """\
# What we say.  Keep it short.
blocks:
  - id: cta_one   # the first
    locales: [en-US]
    copy: {label: "See our kit"}
    author: Cal Copywriter
    approval:
      by: [Rae Reviewer]
      on: 2026-10-01
      review_by:   2027-10-01
      hash: unsealed   # copydesk writes this

  # and another
  - id: cta_two
    locales: [en-US]
    copy:
      label: >-
        Plan a walk
    author: Cal Copywriter
    approval: {by: [Rae Reviewer], on: 2026-10-01, review_by: 2027-10-01, hash: unsealed}
"""


def write(root: Path, text: str, place: str = "cta/evergreen.yaml") -> Path:
    path = root / "blocks" / "fernhill" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def sealed(root: Path) -> int:
    blocks = root / "blocks"
    count = seal(load_blocks(blocks, "fernhill", sealed=False), blocks)
    load_blocks(blocks, "fernhill")
    return count


def hashes(root: Path) -> list[str]:
    return [placed.block.content_hash() for placed in load_blocks(root / "blocks", "fernhill", sealed=False)]


def test_block_style_and_inline_style_keep_comments_and_formatting(tmp_path: Path) -> None:
    path = write(tmp_path, BLOCK)
    first, second = hashes(tmp_path)
    assert sealed(tmp_path) == 2
    expected = BLOCK.replace("hash: unsealed", f'hash: "{first}"', 1).replace(
        "hash: unsealed", f'hash: "{second}"'
    )
    assert path.read_text() == expected


def test_sealing_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, BLOCK)
    sealed(tmp_path)
    once = path.read_bytes()
    assert sealed(tmp_path) == 0
    assert path.read_bytes() == once


def test_only_what_changed_is_sealed_anew(tmp_path: Path) -> None:
    path = write(tmp_path, BLOCK)
    sealed(tmp_path)
    before = path.read_text()
    path.write_text(before.replace("Plan a walk", "Plan a short walk"))
    assert sealed(tmp_path) == 1
    assert path.read_text().splitlines()[:11] == before.splitlines()[:11]


@pytest.mark.parametrize(
    "style", ["unsealed", "'unsealed'", '"unsealed"', '"0123456789abcdef"', "0123456789abcdef"]
)
def test_every_way_of_writing_the_old_hash(tmp_path: Path, style: str) -> None:
    write(tmp_path, BLOCK.replace("hash: unsealed", f"hash: {style}"))
    assert sealed(tmp_path) == 2


def test_windows_line_ends_stay(tmp_path: Path) -> None:
    path = write(tmp_path, BLOCK.replace("\n", "\r\n"))
    assert sealed(tmp_path) == 2
    assert path.read_bytes().count(b"\r\n") == BLOCK.count("\n")
    assert path.read_bytes().replace(b"\r\n", b"").count(b"\n") == 0


def test_a_file_without_a_last_line_end(tmp_path: Path) -> None:
    path = write(tmp_path, BLOCK.rstrip())
    assert sealed(tmp_path) == 2
    assert path.read_text().endswith("}")


def test_several_blocks_on_one_line(tmp_path: Path) -> None:
    one = (
        "{id: %s, locales: [en-US], copy: {label: See our kit}, author: Cal, "
        "approval: {by: [Rae], on: 2026-10-01, review_by: 2027-10-01, hash: unsealed}}"
    )
    path = write(tmp_path, f"blocks: [{one % 'cta_one'}, {one % 'cta_two'}]\n")
    expected = hashes(tmp_path)
    assert sealed(tmp_path) == 2
    assert [text in path.read_text() for text in expected] == [True, True]
    assert path.read_text().index(expected[0]) < path.read_text().index(expected[1])


def test_json_is_yaml_too(tmp_path: Path) -> None:
    text = (
        '{"blocks": [{"id": "cta_one", "locales": ["en-US"], "author": "Cal",\n'
        '"copy": {"label": "See our kit"}, "approval": {"by": ["Rae"], "on": "2026-10-01",\n'
        '"review_by": "2027-10-01", "hash": "unsealed"}}]}\n'
    )
    write(tmp_path, text)
    assert sealed(tmp_path) == 1


def test_copy_that_speaks_of_a_hash_is_left_alone(tmp_path: Path) -> None:
    text = BLOCK.replace('copy: {label: "See our kit"}', 'copy: {label: "hash: browns"}')
    path = write(tmp_path, text)
    assert sealed(tmp_path) == 2
    assert 'label: "hash: browns"' in path.read_text()


def test_a_hash_that_is_not_written_on_one_line_is_refused_and_the_file_is_untouched(tmp_path: Path) -> None:
    text = BLOCK.replace("hash: unsealed   # copydesk writes this", "hash:\n        unsealed")
    path = write(tmp_path, text)
    with pytest.raises(ContentError, match=r"evergreen\.yaml:11:7: .*the hash cannot be written here"):
        sealed(tmp_path)
    assert path.read_text() == text


def test_blocks_in_several_files(tmp_path: Path) -> None:
    write(tmp_path, BLOCK)
    write(tmp_path, BLOCK.replace("cta_", "cta_winback_"), "cta/winback.yaml")
    assert sealed(tmp_path) == 4
    assert sealed(tmp_path) == 0

"""Reading approved content: blocks/<brand>/<kind>/<journey>.yaml, or evergreen.yaml for any journey."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.errors import ContentError, Problem
from app.yaml12 import Document, nearest, read

EVERGREEN = "evergreen"
UNSEALED = "unsealed"
_HASH = re.compile(r"([\"']?)hash\1\s*:\s*[\"']?[0-9a-z]+[\"']?")


class _BlockFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    blocks: Annotated[tuple[ApprovedBlock, ...], Field(min_length=1)]


@dataclass(frozen=True)
class PlacedBlock:
    """An approved block and where it stands, for messages about it."""

    block: ApprovedBlock
    document: Document
    index: int

    def problem(self, message: str, expected: str = "", *at: str | int) -> Problem:
        """A problem placed at the block, or at a field of it."""
        return self.document.problem(("blocks", self.index, *at), message, expected)


def load_blocks(root: Path, brand_id: str, *, sealed: bool = True) -> list[PlacedBlock]:
    """Every approved block of a brand. Raises ContentError with all problems at once.

    With `sealed`, a block whose recorded hash does not match its content is a problem.
    """
    problems: list[Problem] = []
    found: list[PlacedBlock] = []
    folder = root / brand_id
    for path in sorted(folder.rglob("*.y*ml")):
        document = read(path, str(Path(root.name) / path.relative_to(root)))
        found += _load_file(document, path.relative_to(folder), brand_id, problems)
    seen: dict[str, PlacedBlock] = {}
    for placed in found:
        if placed.block.id in seen:
            other = seen[placed.block.id].document.file
            problems.append(
                placed.problem(f"block '{placed.block.id}' also stands in {other}", "one id a block", "id")
            )
        seen[placed.block.id] = placed
        if sealed:
            problems += seal_problems(placed)
    if problems:
        raise ContentError(problems)
    return found


def _load_file(document: Document, place: Path, brand_id: str, problems: list[Problem]) -> list[PlacedBlock]:
    if document.problems:
        problems.extend(document.problems)
        return []
    parts = place.with_suffix("").parts
    if len(parts) != 2 or parts[0] not in KINDS or place.suffix != ".yaml":
        hint = nearest(parts[0], KINDS) if parts[0] not in KINDS else ""
        problems.append(Problem(document.file, 0, 0, "", "is not at <kind>/<journey>.yaml", hint))
        return []
    kind, journey = parts
    implied = {"brand": brand_id, "kind": kind, "journey": None if journey == EVERGREEN else journey}
    for index, item in enumerate(_items(document.data)):
        for name in implied.keys() & item.keys():
            at = ("blocks", index, name)
            problems.append(document.problem(at, f"'{name}' comes from the file's place", "leave it out"))
        item.update(implied)
    value, bad = document.build(_BlockFile)
    problems.extend(bad)
    placed = (
        [PlacedBlock(block, document, number) for number, block in enumerate(value.blocks)] if value else []
    )
    for entry in placed:
        problems.extend(_copy_problems(entry))
    return placed


def _items(data: Any) -> list[dict[str, Any]]:
    blocks = data.get("blocks") if isinstance(data, dict) else None
    return [item for item in blocks if isinstance(item, dict)] if isinstance(blocks, list) else []


def _copy_problems(placed: PlacedBlock) -> list[Problem]:
    fields = KINDS[placed.block.kind].schema.model_fields
    try:
        _ = placed.block.copy_model
    except ValidationError as error:
        found = []
        for item in error.errors():
            name = str(item["loc"][-1])
            if item["type"] == "missing":
                found.append(placed.problem(f"'{name}' is missing", "", "copy"))
            else:
                found.append(placed.problem(f"unknown field '{name}'", nearest(name, fields), "copy", name))
        return found
    return []


def seal_problems(placed: PlacedBlock) -> list[Problem]:
    """What is wrong with the hash that the approval recorded."""
    recorded, actual = placed.block.approval.hash, placed.block.content_hash()
    if recorded == actual:
        return []
    if recorded == UNSEALED:
        message = f"block '{placed.block.id}' is not sealed"
    else:
        message = f"block '{placed.block.id}' was changed after it was approved"
    hint = "have it approved again, then `copydesk brand seal`"
    return [placed.problem(message, hint, "approval", "hash")]


def seal(placed: list[PlacedBlock], root: Path) -> int:
    """Write the current content hash into every block whose recorded one differs; returns how many.

    Nothing else in the files changes. Raises ContentError for a hash that is not written on one line.
    """
    differing = [item for item in placed if seal_problems(item)]
    for item in differing:
        path = root.parent / item.document.file
        line, column = item.document.position(("blocks", item.index, "approval", "hash"))
        lines = path.read_bytes().decode("utf-8").splitlines(keepends=True)
        head, tail = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
        tail, written = _HASH.subn(f'hash: "{item.block.content_hash()}"', tail, count=1)
        if not written:
            problem = item.problem("the hash cannot be written here", 'hash: "..."', "approval", "hash")
            raise ContentError([problem])
        lines[line - 1] = head + tail
        path.write_bytes("".join(lines).encode("utf-8"))
    return len(differing)

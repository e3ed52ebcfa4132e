"""Reading approved content: blocks/<brand>/<kind>/<journey>.yaml, or evergreen.yaml for any journey.

Beside such a file may stand one for each further language, <journey>.<language>.yaml ("welcome.de.yaml");
its blocks have locales of that language only.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.errors import ContentError, Problem
from app.yaml12 import Document, nearest, read

EVERGREEN = "evergreen"
PLACE = "<kind>/<journey>.yaml or <kind>/<journey>.<language>.yaml"
UNSEALED = "unsealed"
_NAME = re.compile(r"([^.]+)(?:\.([a-z]{2}))?\.yaml")
_UNSAFE = re.compile(r"[^\w.@+-]")
_DAY = r"[ \t]*:[ \t]*[\"']?[0-9-]+[\"']?"
_VALUES = {
    "by": re.compile(r"([\"']?)by\1[ \t]*:[ \t]*(?:\[[^\]]*\]|(?:\r?\n[ \t]*-[^\r\n]*)+)"),
    "on": re.compile(rf"([\"']?)on\1{_DAY}"),
    "review_by": re.compile(rf"([\"']?)review_by\1{_DAY}"),
    "hash": re.compile(r"([\"']?)hash\1[ \t]*:[ \t]*[\"']?[0-9a-z]+[\"']?"),
}
"""The fields of an approval as they stand in a file."""
_QUOTED = r"\"(?:[^\"\\\r\n]|\\.)*\"|'(?:[^'\r\n]|'')*'"


class _BlockFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    blocks: Annotated[tuple[ApprovedBlock, ...], Field(min_length=1)]


@dataclass(frozen=True)
class PlacedBlock:
    """An approved block and where it stands, for messages about it."""

    block: ApprovedBlock
    document: Document
    index: int

    @property
    def line(self) -> int:
        """The line of the file at which the block begins."""
        return self.document.position(("blocks", self.index))[0]

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
    kind, named = place.parts[0], _NAME.fullmatch(place.name)
    if len(place.parts) != 2 or kind not in KINDS or named is None:
        hint = nearest(kind, KINDS) if kind not in KINDS else ""
        problems.append(Problem(document.file, 0, 0, "", f"is not at {PLACE}", hint))
        return []
    journey, language = named.groups()
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
        problems.extend(_language_problems(entry, language))
    return placed


def _items(data: Any) -> list[dict[str, Any]]:
    blocks = data.get("blocks") if isinstance(data, dict) else None
    return [item for item in blocks if isinstance(item, dict)] if isinstance(blocks, list) else []


def block_file(kind: str, journey: str | None, locale: str, main_locale: str) -> str:
    """Where a block for `locale` stands under blocks/<brand>/: a file for each language but the main one."""
    language = locale.split("-", maxsplit=1)[0]
    suffix = "" if language == main_locale.split("-", maxsplit=1)[0] else f".{language}"
    return f"{kind}/{journey or EVERGREEN}{suffix}.yaml"


def _language_problems(placed: PlacedBlock, language: str | None) -> list[Problem]:
    """Locales that do not belong into a file of one language."""
    return [
        placed.problem(
            f"'{locale}' has no place in a file for '{language}'",
            f"locales of '{language}' only",
            "locales",
            number,
        )
        for number, locale in enumerate(placed.block.locales)
        if language is not None and locale.split("-")[0] != language
    ]


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
    hint = "have it approved: `copydesk blocks approve`"
    return [placed.problem(message, hint, "approval", "hash")]


def seal(placed: list[PlacedBlock], root: Path) -> int:
    """Write the current content hash into every block whose recorded one differs; returns how many.

    Nothing else in the files changes. Raises ContentError for a hash that is not written on one line.
    """
    differing = [item for item in placed if seal_problems(item)]
    changes = [(item, {"hash": f'"{item.block.content_hash()}"'}) for item in differing]
    for path, data in _rewritten(changes, root).items():
        path.write_bytes(data)
    return len(differing)


def with_approvals(approved: Sequence[tuple[PlacedBlock, ApprovedBlock]], root: Path) -> dict[Path, bytes]:
    """The files once they say who wrote and approved blocks, when, until when, and the hash; nothing else
    changes.

    Each block as it stands there, and as it is approved. Raises ContentError for a value that does not stand
    there as it should.
    """
    return _rewritten([(item, _written(item.block, block)) for item, block in approved], root)


def _written(before: ApprovedBlock, after: ApprovedBlock) -> dict[str, str]:
    approval = after.approval
    hash_ = UNSEALED if approval.hash == UNSEALED else f'"{approval.hash}"'
    author = {} if after.author == before.author else {"author": _name(after.author)}
    return author | {
        "by": f"[{', '.join(map(_name, approval.by))}]",
        "on": f"{approval.on}",
        "review_by": f"{approval.review_by}",
        "hash": hash_,
    }


def _name(name: str) -> str:
    return json.dumps(name, ensure_ascii=False) if _UNSAFE.search(name) else name


def _rewritten(changes: Sequence[tuple[PlacedBlock, Mapping[str, str]]], root: Path) -> dict[Path, bytes]:
    """The files with other values in place of those of approvals and authors."""
    texts: dict[Path, str] = {}
    spans: dict[Path, list[tuple[int, int, str]]] = {}
    for item, values in changes:
        path = root.parent / item.document.file
        if path not in texts:
            texts[path] = path.read_bytes().decode("utf-8")
        for name, value in values.items():
            start, end = _span(item, name, texts[path])
            spans.setdefault(path, []).append((start, end, f"{name}: {value}"))
    for path, found in spans.items():
        for start, end, written in sorted(found, reverse=True):
            texts[path] = texts[path][:start] + written + texts[path][end:]
    return {path: text.encode("utf-8") for path, text in texts.items()}


def _span(item: PlacedBlock, name: str, text: str) -> tuple[int, int]:
    """Where a field stands in the text, with its value: the author of the block, or one of its approval."""
    at = (name,) if name == "author" else ("approval", name)
    line, column = item.document.position(("blocks", item.index, *at))
    start = sum(len(before) for before in text.splitlines(keepends=True)[: line - 1]) + column - 1
    pattern = _author(item.block.author) if name == "author" else _VALUES[name]
    found = pattern.match(text, start)
    if found is None:
        shown = {"by": "[...]", "hash": '"..."', "author": "ada@example.com"}.get(name, "2026-01-31")
        words = f"the {name.replace('_', ' ')} cannot be written here"
        raise ContentError([item.problem(words, f"{name}: {shown}", *at)])
    return found.span()


def _author(name: str) -> re.Pattern[str]:
    """An author as it stands in a file on one line: plain or in quotation marks."""
    plain = rf"{re.escape(name)}(?=[ \t]*(?:[\r\n,}}]|$|[ \t]#))"
    return re.compile(rf"([\"']?)author\1[ \t]*:[ \t]*(?:{_QUOTED}|{plain})")

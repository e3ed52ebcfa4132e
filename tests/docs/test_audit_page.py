"""docs/audit.md names every action that the code records, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.review.emails.registry import EMAIL_ACTIONS
from app.review.registry import ACTIONS

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"[a-z]+\.[a-z_]+")
RECORDING = {"AuditNote", "Deed"}
TELLING = {"Announcement", "announce", "tell"}
"""Calls whose events are told to people and webhooks, and are no records."""


def test_the_table_names_every_action() -> None:
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    table = page.split("## What people did")[1].split("copydesk audit list")[0]
    listed = [
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in NAME.findall(line.split("|")[1])
    ]
    assert len(listed) == len(set(listed))
    in_code = {name for path in (ROOT / "app").rglob("*.py") for name in _recorded(path)}
    in_code |= {f"draft.{name}" for name in ACTIONS} | {f"email.{name}" for name in EMAIL_ACTIONS}
    assert set(listed) == in_code


def _recorded(path: Path) -> Iterator[str]:
    """Names in a module that makes records, but for what it tells."""
    text = path.read_text(encoding="utf-8")
    if not any(f"{word}(" in text for word in RECORDING):
        return
    tree = ast.parse(text)
    told = {id(part) for node in ast.walk(tree) if _tells(node) for part in ast.walk(node)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)
    yield from (node.value for node in texts if isinstance(node.value, str) and NAME.fullmatch(node.value))


def _tells(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TELLING

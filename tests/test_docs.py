"""Lists in docs/ that say what the code says.

`COPYDESK_UPDATE_GOLDEN=1 pytest tests/test_docs.py` writes them anew.
"""

import ast
import inspect
import os
import re
from pathlib import Path
from typing import Any

import pytest

from app import settings as module
from app.brand.roles import ALLOWED, Scope
from app.http.problems import PROBLEM_TYPES
from app.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"


SETTINGS = """# Settings

Each is read from a variable `COPYDESK_<NAME>` or from a `.env` file in the working folder. `copydesk
serve` checks all of them at start: a value that does not fit, a name that is written wrongly and, outside
development, whatever is unsafe is refused in words. Secrets are never printed.

| variable | default | meaning |
| --- | --- | --- |
"""
PROBLEMS = """# Problems

Every error of the API is a problem detail (RFC 9457), `application/problem+json`. `type` is stable and
meant for programs; `detail`, `hint` and `errors` say what is wrong with this request. Where `retryable`
is true the same request may succeed later without anybody changing anything.

| type | status | title | when |
| --- | --- | --- | --- |
"""


def settings_page() -> str:
    """docs/settings.md."""
    meanings = field_docstrings()
    return SETTINGS + "".join(
        f"| `COPYDESK_{name.upper()}` | {default_of(name, field)} | {meanings[name]}{limits_of(field)} |\n"
        for name, field in Settings.model_fields.items()
    )


def field_docstrings() -> dict[str, str]:
    """What stands under each field of Settings."""
    (tree,) = [
        node for node in ast.parse(inspect.getsource(module)).body if getattr(node, "name", "") == "Settings"
    ]
    assert isinstance(tree, ast.ClassDef)
    found = {}
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr), f"{field.target.id} says nothing"
            assert isinstance(text.value, ast.Constant)
            found[field.target.id] = escaped(str(text.value.value))
    return found


def escaped(text: str) -> str:
    """The text in one line, as a cell of a table."""
    for character, written in (("|", "\\|"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(character, written)
    return " ".join(text.split())


def default_of(name: str, field: Any) -> str:
    if name == "content":
        return "the checkout, or what the wheel brings"
    value = field.get_default(call_default_factory=True)
    if hasattr(value, "get_secret_value"):
        value = value.get_secret_value()
    return "" if value in (None, "") else f"`{str(value).lower() if isinstance(value, bool) else value}`"


def limits_of(field: Any) -> str:
    """The least and the largest value, in words."""
    words = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    found = [
        f"{words[name]} {getattr(item, name)}"
        for item in field.metadata
        for name in words
        if getattr(item, name, None) is not None
    ]
    return f" {' and '.join(found).capitalize()}." if found else ""


def problems_page() -> str:
    """docs/problems.md."""
    return PROBLEMS + "".join(
        f"| `{kind.uri}` | {kind.status} | {kind.title} | {kind.meaning} |\n" for kind in PROBLEM_TYPES
    )


@pytest.mark.parametrize(("name", "page"), [("settings.md", settings_page), ("problems.md", problems_page)])
def test_a_page_says_what_the_code_says(name: str, page: Any) -> None:
    path = DOCS / name
    if os.environ.get("COPYDESK_UPDATE_GOLDEN") == "1":
        path.write_text(page(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == page()


def test_the_api_page_says_what_each_role_may() -> None:
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    (_, *scopes), _, *rows = ([cell.strip() for cell in line] for line in lines)
    assert scopes == list(Scope)
    told = {
        role.strip(): {scope for scope, cell in zip(scopes, cells, strict=True) if cell == "yes"}
        for names, *cells in rows
        for role in names.split(",")
    }
    assert told == {role.value: {scope.value for scope in allowed} for role, allowed in ALLOWED.items()}


def test_every_number_names_its_unit() -> None:
    """A number without a unit is a guess: bytes, seconds, requests, days and the like."""
    units = (
        r"bytes|seconds|minute|requests|hours|days|calls|tries|connections|lines|slots|variants"
        r"|megabytes|models?"
    )
    meanings = field_docstrings()
    without = [
        name
        for name, field in Settings.model_fields.items()
        if field.annotation in (int, float) and not re.search(units, f"{name} {meanings[name].lower()}")
    ]
    assert without == []

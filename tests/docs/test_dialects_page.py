"""docs/dialects.md shows the matrix as it is, and names every dialect."""

import os
from collections.abc import Iterator
from pathlib import Path

from app.dialects.dialect import Feature
from app.dialects.matrix import Cell, Column, matrix
from app.dialects.registry import DIALECTS
from tests.docs.test_brand_page import rows_of

PATH = Path(__file__).parents[2] / "docs" / "dialects.md"
BEGIN, END = "tests/docs/test_dialects_page.py -->\n", "<!-- end -->"


def shown() -> str:
    """The table, and below it what each dialect's cells say."""
    head = f"| feature | {' | '.join(DIALECTS)} |\n| --- |{' --- |' * len(DIALECTS)}\n"
    rows = (
        f"| {feature.value} | {' | '.join(mark(matrix()[name].features[feature]) for name in DIALECTS)} |\n"
        for feature in Feature
    )
    return f"\n{head}{''.join(rows)}\n" + "\n".join("\n".join(about(name)) + "\n" for name in DIALECTS) + "\n"


def mark(cell: Cell) -> str:
    return f"{cell.state.value}{' *' if cell.confirm else ''}"


def about(name: str) -> Iterator[str]:
    """What stands under one dialect's name."""
    column = matrix()[name]
    yield f"### {DIALECTS[name].name} (`{name}`)\n"
    yield f"Rendered by: {column.engine or 'nothing that installs'}. {column.note}".strip()
    if column.shims:
        yield f"Shims: {'; '.join(column.shims)}."
    yield from ("", *details(column), *sources(column))


def details(column: Column) -> Iterator[str]:
    for feature, cell in column.features.items():
        asked = f" To confirm: {cell.confirm}." if cell.confirm else ""
        source = f" Source: {cell.source}." if cell.source else ""
        why = f" {cell.why[0].upper()}{cell.why[1:]}." if cell.why else ""
        note = f" {cell.note}" if cell.note else ""
        if why or note or source:
            yield f"- {feature.value}, {cell.state.value}.{why}{note}{asked}{source}"


def sources(column: Column) -> Iterator[str]:
    for name, source in column.sources.items():
        yield f"- Source {name}: {source.address} ({source.date})"


def test_the_page_shows_the_matrix() -> None:
    page = PATH.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    old, _, after = rest.partition(END)
    if os.environ.get("COPYDESK_UPDATE_GOLDEN") == "1":
        PATH.write_text(f"{before}{BEGIN}{shown()}{END}{after}", "utf-8")
        old = shown()
    assert old == shown()


def test_the_page_names_every_dialect() -> None:
    listed = [row[0].strip("`") for row in rows_of("\n" + PATH.read_text("utf-8"), "# Sending platforms")]
    assert listed == list(DIALECTS)

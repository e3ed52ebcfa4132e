"""docs/brand.md says every field, its effect and where it may differ, as the models have it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_origin

import pytest
from pydantic import BaseModel

from app.blocks.approved import ApprovedBlock
from app.brand.effects import Effect
from app.brand.loader import FILES
from app.brand.overlays import LANGUAGE, MARKET, Entries, Fields, Named, Shape, Way, Wordings
from tests.content.leaves import models_in

PAGE = (Path(__file__).parents[2] / "docs" / "brand.md").read_text("utf-8")
WAYS = {Way.REPLACE: "replaced", Way.ADD: "added to", Way.NARROW: "narrower"}
IMPLIED = {"kind", "brand", "journey"}
"""Fields of a block that come from its file's place."""


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    return rows_of(PAGE, heading)


def rows_of(page: str, heading: str) -> list[list[str]]:
    """The same for any page."""
    section = page.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def leaves(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each field of a file as the page writes it, with its effect."""
    for name, info in model.model_fields.items():
        inside = models_in(info.annotation)
        many = "[]" if get_origin(info.annotation) is tuple else ""
        if inside:
            yield from leaves(inside[0], f"{prefix}{name}{many}.")
        else:
            (effect,) = [item for item in info.metadata if isinstance(item, Effect)]
            yield f"`{prefix}{name}`", effect.value


def way(shape: Shape | None, steps: list[str]) -> str:
    """How the field at `steps` may differ, in the words of the page."""
    if shape is None:
        return ""
    if isinstance(shape, Way):
        return WAYS[shape]
    if isinstance(shape, Named):
        return "added to, replaced"
    name = steps[0].removesuffix("[]")
    if isinstance(shape, Wordings):
        return "further wordings" if name in shape.fields else ""
    if isinstance(shape, Entries):
        return way(shape.fields, steps)
    assert isinstance(shape, Fields)
    return way(shape.fields.get(name), steps[1:])


def differs(file: str, field: str) -> str:
    steps = field.strip("`").split(".")
    language, market = (way(shapes.get(file), steps) for shapes in (LANGUAGE, MARKET))
    return language if language == market else f"{language}; in a market {market}"


@pytest.mark.parametrize("file", FILES)
def test_each_field_is_listed_with_its_effect_and_where_it_may_differ(file: str) -> None:
    expected = [[field, effect, differs(file, field)] for field, effect in leaves(FILES[file])]
    listed = rows(f"### {file}")
    assert [[field, effect, differ] for field, _, effect, differ in listed] == expected
    assert all(meaning for _, meaning, _, _ in listed)


def test_each_field_of_a_block_is_listed() -> None:
    fields = {info.alias or name for name, info in ApprovedBlock.model_fields.items()} - IMPLIED
    assert {cell[0].strip("`") for cell in rows("## Approved content")} == fields


def test_every_file_is_listed() -> None:
    listed = " ".join(cell[0] for cell in rows("## What lies where"))
    for file in FILES:
        assert f"`{file}`" in listed or file == "assets/manifest.yaml"


def test_files_that_the_page_names_exist() -> None:
    root = Path(__file__).parents[2]
    named = re.findall(r"examples/[a-z_]+\.yaml", PAGE)
    assert named
    assert all((root / name).is_file() for name in named if "acme" not in name)

"""docs/briefs.md lists every field of a brief and every kind of fact, as the models have them."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import yaml
from click.testing import CliRunner
from pydantic import BaseModel, TypeAdapter

from app.blocks.registry import KINDS
from app.brief.facts import Fact, Feed, FeedItem
from app.brief.models import Brief, Journey, SegmentRequest, SlotRequest, Target, Window
from app.cli import main
from tests.docs.test_brand_page import rows_of
from tests.generation.desk import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "briefs.md").read_text("utf-8")
COMMON = ("kind", "role", "value", "source")
"""Fields that every fact needs; the page says so in words."""


def rows(heading: str) -> list[list[str]]:
    return rows_of(PAGE, heading)


def fact_models() -> list[type[BaseModel]]:
    union, _ = get_args(Fact)
    return list(get_args(union))


def kinds_and_roles() -> Iterator[tuple[str, set[str]]]:
    """Each kind with the roles that a fact of it may have."""
    for model in fact_models():
        kinds = get_args(model.model_fields["kind"].annotation)
        roles = {role.value for role in get_args(model.model_fields["role"].annotation)}
        for kind in kinds:
            yield kind, roles if len(kinds) == 1 else roles & {kind}


@pytest.mark.parametrize(
    ("heading", "model"),
    [
        ("## The brief", Brief),
        ("### An entry of `segments`", SegmentRequest),
        ("### An entry of `slots`", SlotRequest),
        ("### An entry of `targets`", Target),
        ("### The feed", Feed),
    ],
)
def test_each_field_is_listed_in_its_order(heading: str, model: type[BaseModel]) -> None:
    listed = rows(heading)
    assert [row[0].strip("`") for row in listed] == list(model.model_fields)
    assert all(row[1] for row in listed)


@pytest.mark.parametrize(
    ("heading", "field", "names"),
    [
        ("## The brief", "journey", [journey.value for journey in Journey]),
        ("### An entry of `slots`", "kind", list(KINDS)),
        ("### An entry of `targets`", "window", list(Window.model_fields)),
        ("### The feed", "items", list(FeedItem.model_fields)),
    ],
)
def test_what_a_field_takes_is_named(heading: str, field: str, names: list[str]) -> None:
    (meaning,) = [row[1] for row in rows(heading) if row[0] == f"`{field}`"]
    assert [name for name in names if name not in meaning] == []


def test_each_kind_of_fact_is_listed_with_its_roles() -> None:
    listed = [(row[0].strip("`"), {role.strip(" `") for role in row[1].split(",")}) for row in FACTS]
    assert listed == list(kinds_and_roles())


def test_each_field_that_a_fact_may_have_is_listed() -> None:
    section = PAGE.split("There is no kind for free text", 1)[1].split("###", 1)[0]
    for model in fact_models():
        for name in model.model_fields:
            assert name in COMMON or f"`{name}`" in section or f"{name}: " in PAGE


def test_the_examples_are_facts() -> None:
    for kind, roles, value in (row[:3] for row in FACTS):
        shown = value.split("`")[1]
        more = {"currency": "GBP"} if "currency" in value else {}
        for role in roles.split(","):
            fact = {"kind": kind.strip("`"), "role": role.strip(" `"), "source": "x", **more}
            TypeAdapter(Fact).validate_python({**fact, "value": yaml.safe_load(shown)})


def test_an_unknown_kind_is_answered_with_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk.at(tmp_path)
    monkeypatch.setenv("COPYDESK_CONTENT", str(desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", desk.database)
    desk.target["facts"]["tip"] = {"kind": "text", "role": "name", "value": "Rest it", "source": "us"}
    result = CliRunner().invoke(main, ["generate", str(desk.write()), "--out", str(desk.root / "out")])
    assert result.exit_code == 2
    known = "known: code, date, deadline, money, name, percent, product, quantity, stock, url"
    assert "'text' is not known here" in result.output
    assert known in result.output


FACTS = rows("## Facts")[: len(list(kinds_and_roles()))]

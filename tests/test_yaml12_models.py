"""What a person reads when a file does not fit its model: the place, plain words, the nearest known name."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.errors import ContentError
from app.yaml12 import parse, read_as


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Colour(StrEnum):
    GREEN = "green"
    BROWN = "brown"


class Boot(_Strict):
    kind: Literal["boot"]
    size: int
    laces: str = "flat"


class Pack(_Strict):
    kind: Literal["pack"]
    litres: int
    pockets: int = 2


class Walk(_Strict):
    name: Annotated[str, StringConstraints(min_length=2, max_length=10)]
    day: dt.date = dt.date(2026, 11, 27)
    start: AwareDatetime | None = None
    miles: Annotated[float, Field(gt=0)] = 1.0
    price: Decimal = Decimal(1)
    wet: bool = False
    colour: Colour = Colour.GREEN
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]+$")] = "A"
    stops: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("top",)
    kit: dict[Annotated[str, StringConstraints(pattern=r"^[a-z]+$")], int] = {}
    gear: dict[str, Annotated[Boot | Pack, Field(discriminator="kind")]] = {}
    renamed: Annotated[str, Field(alias="copy")] = ""

    @model_validator(mode="after")
    def _sound(self) -> "Walk":
        if self.name == "bog":
            raise ValueError("nobody walks there")
        return self


class Walks(_Strict):
    walks: Annotated[tuple[Walk, ...], Field(min_length=1)]


def problems(text: str, model: type[BaseModel] = Walk) -> list[str]:
    document = parse(text, "w.yaml")
    assert document.problems == []
    value, found = document.build(model)
    assert (value is None) == bool(found)
    return [str(item) for item in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("nam: x", "w.yaml:2:1: nam: unknown field 'nam' (did you mean 'name'?)"),
        ("cpy: x", "w.yaml:2:1: cpy: unknown field 'cpy' (did you mean 'copy'?)"),
        ("day: soon", "w.yaml:2:1: day: should be a day (such as 2026-11-27)"),
        ("day: [1]", "w.yaml:2:1: day: should be a day (such as 2026-11-27)"),
        ("start: noon", "w.yaml:2:1: start: should be a moment (such as 2026-11-27T09:00:00+01:00)"),
        (
            "start: 2026-11-27T09:00:00",
            "w.yaml:2:1: start: should name its time zone (such as 2026-11-27T09:00:00+01:00)",
        ),
        ("miles: far", "w.yaml:2:1: miles: should be a number"),
        ("miles: 0", "w.yaml:2:1: miles: should be greater than 0"),
        ("price: cheap", "w.yaml:2:1: price: should be a number"),
        ("wet: very", "w.yaml:2:1: wet: should be true or false"),
        ("wet:", "w.yaml:2:1: wet: is empty (should be true or false)"),
        ("colour: gren", "w.yaml:2:1: colour: 'gren' is not known here (did you mean 'green'?)"),
        ("code: abc", "w.yaml:2:1: code: 'abc' is not written as it has to be here (the form ^[A-Z]+$)"),
        ("code: 12", "w.yaml:2:1: code: should be text (put it in quotes)"),
        ("code: true", "w.yaml:2:1: code: should be text (put it in quotes)"),
        ("code: [A]", "w.yaml:2:1: code: should be text"),
        ("stops: top", "w.yaml:2:1: stops: should be a list"),
        ("stops: {a: 1}", "w.yaml:2:1: stops: should be a list"),
        ("stops: []", "w.yaml:2:1: stops: should have more entries (at least 1 entry)"),
        ("stops: [a, b, c]", "w.yaml:2:1: stops: should have fewer entries (at most 2 entries)"),
        ("stops: [a, 2]", "w.yaml:2:12: stops.1: should be text (put it in quotes)"),
        ("kit: [rope]", "w.yaml:2:1: kit: should be a mapping of names to values"),
        ("kit: {rope: long}", "w.yaml:2:7: kit.rope: should be a whole number"),
        ("kit: {rope: 1.5}", "w.yaml:2:7: kit.rope: should be a whole number"),
        (
            "kit: {Rope: 1}",
            "w.yaml:2:7: kit.Rope: 'Rope' is not written as it has to be here (the form ^[a-z]+$)",
        ),
        ("gear: {a: {kind: boot}}", "w.yaml:2:8: gear.a: 'size' is missing"),
        ("gear: {a: {size: 3}}", "w.yaml:2:8: gear.a: 'kind' is missing"),
        (
            "gear: {a: {kind: bot}}",
            "w.yaml:2:12: gear.a.kind: 'bot' is not known here (did you mean 'boot'?)",
        ),
        (
            "gear: {a: {kind: pack, litres: 3, pocket: 1}}",
            "w.yaml:2:35: gear.a.pocket: unknown field 'pocket' (did you mean 'pockets'?)",
        ),
        (
            "gear: {a: {kind: pack, litres: 3, laces: 1}}",
            "w.yaml:2:35: gear.a.laces: unknown field 'laces' (did you mean 'litres'?)",
        ),
        ("gear: {boot: {kind: boot, size: big}}", "w.yaml:2:27: gear.boot.size: should be a whole number"),
    ],
)
def test_one_line_that_is_wrong(line: str, expected: str) -> None:
    assert problems(f"name: moor\n{line}\n") == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wet: true", "w.yaml:1:1: 'name' is missing"),
        ("name: x", "w.yaml:1:1: name: should not be so short (at least 2 characters)"),
        ("name: long way home", "w.yaml:1:1: name: should not be so long (at most 10 characters)"),
        ("name: bog", "w.yaml:1:1: nobody walks there"),
        ("name:", "w.yaml:1:1: name: is empty (should be text)"),
        ("- name: x", "w.yaml:1:1: should be a mapping of names to values"),
        ("only words", "w.yaml:1:1: should be a mapping of names to values"),
        ("", "w.yaml:1:1: is empty (should be a mapping of names to values)"),
        ("# a comment\n", "w.yaml:1:1: is empty (should be a mapping of names to values)"),
    ],
)
def test_a_file_that_is_wrong_as_a_whole(text: str, expected: str) -> None:
    assert problems(text) == [expected]


def test_all_problems_are_reported_at_once_each_at_its_place() -> None:
    text = (
        "walks:\n  - name: moor\n    wett: true\n  - nam: hill\n  - {name: bog}\n  - {name: fen, miles: -1}\n"
    )
    assert problems(text, Walks) == [
        "w.yaml:3:5: walks.0.wett: unknown field 'wett' (did you mean 'wet'?)",
        "w.yaml:4:5: walks.1: 'name' is missing",
        "w.yaml:4:5: walks.1.nam: unknown field 'nam' (did you mean 'name'?)",
        "w.yaml:5:5: walks.2: nobody walks there",
        "w.yaml:6:17: walks.3.miles: should be greater than 0",
    ]


def test_a_list_whose_only_entry_is_wrong_is_not_called_too_short() -> None:
    assert problems("walks: [{name: bog}]", Walks) == ["w.yaml:1:9: walks.0: nobody walks there"]
    assert problems("walks: []", Walks) == ["w.yaml:1:1: walks: should have more entries (at least 1 entry)"]


def test_the_same_name_twice_in_a_path_is_placed_at_the_inner_one() -> None:
    text = "name: moor\ngear:\n  gear: {kind: boot, size: 1}\n  kind:\n    kind: boot\n    size: big\n"
    assert problems(text) == ["w.yaml:6:5: gear.kind.size: should be a whole number"]


def test_a_part_of_a_file_can_be_built_on_its_own() -> None:
    document = parse("walks:\n  - name: moor\n  - name: fen\n    wet: maybe\n", "w.yaml")
    value, found = document.build(Walk, ("walks", 0))
    assert value is not None
    assert (value.name, found) == ("moor", [])
    value, found = document.build(Walk, ("walks", 1))
    assert value is None
    assert [str(item) for item in found] == ["w.yaml:4:5: walks.1.wet: should be true or false"]


class TestReadAs:
    def test_a_sound_file(self, tmp_path: Path) -> None:
        (tmp_path / "w.yaml").write_text("name: moor\nwet: true\n")
        value, document = read_as(tmp_path / "w.yaml", Walk)
        assert (value.name, value.wet) == ("moor", True)
        assert document.position(("wet",)) == (2, 1)

    def test_syntax_problems_come_before_the_model_is_asked(self, tmp_path: Path) -> None:
        (tmp_path / "w.yaml").write_text("name: moor\nname: fen\nwett: 1\n")
        with pytest.raises(ContentError) as caught:
            read_as(tmp_path / "w.yaml", Walk, "w.yaml")
        assert (
            str(caught.value) == "1 problem:\n  w.yaml:2:1: name: 'name' is given twice (keep one of the two)"
        )

    def test_every_problem_is_in_the_error(self, tmp_path: Path) -> None:
        (tmp_path / "w.yaml").write_text("wett: 1\nwet: maybe\n")
        with pytest.raises(ContentError) as caught:
            read_as(tmp_path / "w.yaml", Walk, "w.yaml")
        assert [problem.line for problem in caught.value.problems] == [1, 2, 1]
        assert str(caught.value).startswith("3 problems:\n  w.yaml:1:1: 'name' is missing\n")


VALUES = st.recursive(
    st.sampled_from(["x", "null", "true", "3", "1.5", "boot", "2026-11-27", "''"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(st.sampled_from(["kind", "size", "a", "name"]), inner, max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        )
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*Walk.model_fields, "copy", "other"]), VALUES, max_size=6))
def test_any_data_is_built_or_explained(data: dict[str, str]) -> None:
    text = "\n".join(f"{key}: {value}" for key, value in data.items())
    document = parse(text, "w.yaml")
    value, found = document.build(Walk)
    assert (value is None) == bool(found)
    lines = max(1, len(data))
    assert all(1 <= item.line <= lines and item.message and "Input" not in str(item) for item in found)

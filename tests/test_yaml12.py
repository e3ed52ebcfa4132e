"""Strict YAML: the 1.2 core schema, exact places, and nothing that a content file does not need."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.yaml12 import MAX_BYTES, MAX_DEPTH, nearest, parse, read, written

WORDS = st.text(alphabet=st.characters(exclude_categories=("C", "Zl", "Zp")), max_size=12)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(bool), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("No", "No"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("null", None),
        ("Null", None),
        ("~", None),
        ("", None),
        ("nil", "nil"),
        ("12", 12),
        ("-12", -12),
        ("+3", 3),
        ("08", 8),
        ("0o17", 15),
        ("0x1F", 31),
        ("017", 17),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("-1.5e3", -1500.0),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("2026-11-27", "2026-11-27"),
        ("2026-11-27T09:00:00Z", "2026-11-27T09:00:00Z"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("''", ""),
        ('"null"', "null"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_plain_value_is_read_by_the_core_schema(text: str, value: object) -> None:
    document = parse(f"key: {text}", "a.yaml")
    assert document.problems == []
    found = document.data["key"]
    assert (type(found), found) == (type(value), value)


def test_not_a_number_is_a_number() -> None:
    assert math.isnan(parse("key: .nan", "a.yaml").data["key"])


def test_block_text_is_text_whatever_it_says() -> None:
    assert parse("key: |\n  12\nother: >\n  no\n", "a.yaml").data == {"key": "12\n", "other": "no\n"}


def test_keys_are_text() -> None:
    assert parse("1: a\nno: b\nnull: c\n", "a.yaml").data == {"1": "a", "no": "b", "null": "c"}


def test_positions_of_keys_and_list_items() -> None:
    text = "# a comment\nname: x\nlist:\n  - one\n  -   two\n  - key: v\n    é🎉: [1, {b: 2}]\n"
    text += "last: {a: 1, b: 2}\n"
    document = parse(text, "a.yaml")
    assert document.positions == {
        (): (2, 1),
        ("name",): (2, 1),
        ("list",): (3, 1),
        ("list", 0): (4, 5),
        ("list", 1): (5, 7),
        ("list", 2): (6, 5),
        ("list", 2, "key"): (6, 5),
        ("list", 2, "é🎉"): (7, 5),
        ("list", 2, "é🎉", 0): (7, 10),
        ("list", 2, "é🎉", 1): (7, 13),
        ("list", 2, "é🎉", 1, "b"): (7, 14),
        ("last",): (8, 1),
        ("last", "a"): (8, 8),
        ("last", "b"): (8, 14),
    }


def test_a_path_that_is_not_in_the_file_is_placed_at_its_nearest_parent() -> None:
    document = parse("a:\n  b: [x]\n", "a.yaml")
    assert document.position(("a", "b", 7, "c")) == (2, 3)
    assert document.position(("z",)) == (1, 1)
    assert str(document.problem(("a", "b"), "is odd", "even")) == "a.yaml:2:3: a.b: is odd (even)"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1: a: 'a' is given twice (keep one of the two)"),
        ("a: {b: 1, b: 2}", "a.yaml:1:11: b: 'b' is given twice (keep one of the two)"),
        ("a: *b\n", "a.yaml:1:4: aliases are not allowed (write it out)"),
        ("a: &b 1\n", "a.yaml:1:4: anchors are not allowed (leave out '&b')"),
        ("a:\n  - &b {c: 1}\n", "a.yaml:2:5: anchors are not allowed (leave out '&b')"),
        ("&b a: 1\n", "a.yaml:1:1: anchors and tags are not allowed (the key alone)"),
        ("a: !!int '5'\n", "a.yaml:1:4: tags are not allowed (leave out 'tag:yaml.org,2002:int')"),
        ("a: ! 5\n", "a.yaml:1:4: tags are not allowed (leave out '!')"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here (one document a file)"),
        ("? [a, b]\n: c\n", "a.yaml:1:3: a key has to be plain text (a name)"),
        ("a: 'x\n", "a.yaml:2:1: broken YAML: found unexpected end of stream"),
        ("a: [1, 2\nb: 3\n", "a.yaml:2:2: broken YAML: did not find expected ',' or ']'"),
        ("a:\n\t- b\n", "a.yaml:2:1: broken YAML: found character that cannot start any token"),
        (
            "a: 1\n  b: 2\n",
            "a.yaml:2:4: broken YAML: mapping values are not allowed in this context "
            "(indent the line as those above it, or put a text of several lines in quotes)",
        ),
        (
            "a: Warm: and plain\n",
            "a.yaml:1:8: broken YAML: mapping values are not allowed in this context "
            "(put the text in quotes, it holds a colon)",
        ),
        ("ä: 1\nb: é\x07\n", "a.yaml:2:5: broken YAML: control characters are not allowed"),
        ("a: \ud800\n", "a.yaml:1:4: broken YAML: half of a character"),
    ],
)
def test_what_is_refused_and_where(text: str, problem: str) -> None:
    assert [str(item) for item in parse(text, "a.yaml").problems] == [problem]


def test_an_alias_refers_to_nothing_even_when_its_anchor_exists() -> None:
    document = parse("a: &x {k: 1}\nb: *x\n*x : c\n", "a.yaml")
    assert document.data == {"a": {"k": 1}, "b": None}
    assert [item.line for item in document.problems] == [1, 2, 3, 3]


def test_several_problems_of_one_file_come_together() -> None:
    document = parse("a: 1\na: 2\nb: *c\nd: {e: 1, e: 2}\n", "a.yaml")
    assert [item.line for item in document.problems] == [2, 3, 4]


def test_the_first_of_two_values_is_kept_with_its_place() -> None:
    document = parse("a: {x: 1}\na: {y: 2}\n", "a.yaml")
    assert document.data == {"a": {"x": 1}}
    assert document.position(("a", "x")) == (1, 5)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{b: "])
@pytest.mark.parametrize("times", [60, 200_000])
def test_deep_nesting_is_a_problem_and_not_the_end_of_the_process(opening: str, times: int) -> None:
    (problem,) = parse(opening * times, "a.yaml").problems
    assert problem.message == f"nested more than {MAX_DEPTH} deep"
    assert problem.line == 1
    assert problem.column > MAX_DEPTH


def test_nesting_up_to_the_limit_is_read() -> None:
    text = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert parse(text, "a.yaml").problems == []
    assert parse(f"[{text}]", "a.yaml").problems == []
    assert parse(f"[[{text}]]", "a.yaml").problems != []


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n", "---\n"])
def test_an_empty_file_holds_nothing(text: str) -> None:
    document = parse(text, "a.yaml")
    assert (document.data, document.problems) == (None, [])


class TestReading:
    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        (problem,) = read(tmp_path / "none.yaml", "none.yaml").problems
        assert str(problem) == "none.yaml: cannot be read: No such file or directory"

    def test_a_folder_in_place_of_a_file(self, tmp_path: Path) -> None:
        (problem,) = read(tmp_path, "folder").problems
        assert str(problem) == "folder: cannot be read: Is a directory"

    def test_a_file_that_is_not_utf8(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_bytes("name: é".encode("latin-1"))
        (problem,) = read(tmp_path / "a.yaml", "a.yaml").problems
        assert str(problem) == "a.yaml: is not UTF-8: unexpected end of data"

    def test_a_file_that_is_too_big(self, tmp_path: Path) -> None:
        (tmp_path / "a.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
        (problem,) = read(tmp_path / "a.yaml", "a.yaml").problems
        assert str(problem) == f"a.yaml: larger than {MAX_BYTES} bytes"
        (tmp_path / "a.yaml").write_bytes(b"#" * MAX_BYTES)
        assert read(tmp_path / "a.yaml").problems == []

    def test_the_name_shown_is_the_path_unless_another_is_given(self, tmp_path: Path) -> None:
        assert read(tmp_path / "a.yaml").problems[0].file == str(tmp_path / "a.yaml")


class TestNearest:
    def test_the_closest_known_name(self) -> None:
        assert nearest("weekend_hiker", ["weekend_hikers", "runners"]) == "did you mean 'weekend_hikers'?"

    def test_nothing_close_lists_what_is_known(self) -> None:
        assert nearest("xyz", ["b", "a"]) == "known: a, b"

    def test_a_long_list_is_cut(self) -> None:
        hint = nearest("?", [f"name_{n:02}" for n in range(13)])
        assert hint.startswith("known: name_00, ")
        assert hint.endswith("name_11, ...")

    def test_nothing_is_known(self) -> None:
        assert nearest("x", []) == ""


@given(st.text(max_size=80))
def test_any_text_gives_data_or_problems(text: str) -> None:
    document = parse(text, "a.yaml")
    for problem in document.problems:
        assert problem.line >= 1
        assert problem.column >= 1
    json.dumps(document.data)


@given(st.text(alphabet="-?:,[]{}#&*!|>'\"%@` \n\tab1.~", max_size=40))
def test_any_heap_of_marks_gives_data_or_problems(text: str) -> None:
    document = parse(text, "a.yaml")
    assert all(problem.message and problem.line for problem in document.problems)


@given(TREES)
def test_json_reads_as_the_same_data(tree: object) -> None:
    text = json.dumps(tree, ensure_ascii=False, indent=1)
    document = parse(text, "a.yaml")
    assert document.problems == []
    assert document.data == tree


@given(st.binary(max_size=60))
def test_any_bytes_in_a_file(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    document = read(path, "any.yaml")
    assert document.problems or document.data == parse(raw.decode(), "any.yaml").data


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.integers(0, 99), min_size=1, max_size=8)
)
def test_the_place_of_every_key(data: dict[str, int]) -> None:
    lines = [f"{'  ' if number else ''}{key}: {value}" for number, (key, value) in enumerate(data.items())]
    document = parse("top:\n  " + "\n".join(lines) + "\n", "a.yaml")
    assert document.data == {"top": data}
    for number, key in enumerate(data):
        assert document.positions["top", key] == (number + 2, 3)


@given(TREES)
def test_what_is_written_is_read_as_it_was(data: object) -> None:
    whole = {"data": data}
    document = parse(written(whole), "written.yaml")
    assert (document.problems, document.data) == ([], whole)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_and_read(text: str) -> None:
    assert parse(written({"a": [text]}), "written.yaml").data == {"a": [text]}


def test_texts_that_look_like_something_else_are_written_in_quotes() -> None:
    assert written({"a": ["no", "12", "null", "x: y", "a long text"]}) == (
        'a:\n  - no\n  - "12"\n  - "null"\n  - "x: y"\n  - a long text\n'
    )

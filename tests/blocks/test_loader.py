"""Approved blocks: what a file may hold, where it lies, and that nobody changed it after its approval."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.blocks.loader import PLACE, PlacedBlock, load_blocks
from app.blocks.registry import KINDS, REQUIRED
from app.errors import ContentError
from tests.release.content import COPY, Content, dump, item

BRAND = "fernhill"


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path).write()


def problems(content: Content, *, sealed: bool = True) -> list[str]:
    try:
        load_blocks(content.block_root, BRAND, sealed=sealed)
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    return []


def write(content: Content, place: str, *items: dict[str, Any]) -> Path:
    path = content.block_root / BRAND / place
    dump(path, {"blocks": list(items)})
    return path


def found(content: Content, block_id: str) -> PlacedBlock:
    blocks = load_blocks(content.block_root, BRAND)
    return next(placed for placed in blocks if placed.block.id == block_id)


def test_kind_brand_and_journey_come_from_the_place(content: Content) -> None:
    block = found(content, "hero_evergreen").block
    assert (block.brand, block.kind, block.journey, block.evergreen) == (BRAND, "hero", None, True)
    write(content, "hero/winback.yaml", item("hero_hello", "hero"))
    (block,) = [
        placed.block
        for placed in load_blocks(content.block_root, BRAND, sealed=False)
        if placed.block.id == "hero_hello"
    ]
    assert (block.journey, block.evergreen) == ("winback", False)


@pytest.mark.parametrize(("place", "journey"), [("winback.de", "winback"), ("evergreen.de", None)])
def test_a_file_for_one_language_stands_beside_the_other(
    content: Content, place: str, journey: str | None
) -> None:
    write(content, f"hero/{place}.yaml", item("hero_hallo", "hero", locales=["de-DE", "de-AT"]))
    (block,) = [
        placed.block
        for placed in load_blocks(content.block_root, BRAND, sealed=False)
        if placed.block.id == "hero_hallo"
    ]
    assert block.journey == journey
    assert block.written_in("de")
    assert not block.written_in("en")


def test_a_file_for_one_language_holds_no_other(content: Content) -> None:
    write(content, "hero/winback.de.yaml", item("hero_hallo", "hero", locales=["de-DE", "en-US"]))
    (problem,) = problems(content, sealed=False)
    place = f"blocks/{BRAND}/hero/winback.de.yaml:5:5: blocks.0.locales.1"
    assert problem == f"{place}: 'en-US' has no place in a file for 'de' (locales of 'de' only)"


def test_a_brand_without_blocks(content: Content) -> None:
    assert load_blocks(content.block_root, "nobody") == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("heroe/winback.yaml", f"is not at {PLACE} (did you mean 'hero'?)"),
        ("winback.yaml", f"is not at {PLACE} (known: cta, educational, "),
        ("hero/winback/first.yaml", f"is not at {PLACE}"),
        ("hero/winback.yml", f"is not at {PLACE}"),
        ("hero/winback.german.yaml", f"is not at {PLACE}"),
        ("hero/winback.de.fr.yaml", f"is not at {PLACE}"),
    ],
)
def test_a_file_in_a_wrong_place(content: Content, place: str, words: str) -> None:
    write(content, place, item("hero_hello", "hero"))
    (problem,) = problems(content)
    assert problem.startswith(f"blocks/{BRAND}/{place}: {words}")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"colour": "red"}, "15:3: blocks.0.colour: unknown field 'colour'"),
        ({"cpy": {"label": "x"}}, "15:3: blocks.0.cpy: unknown field 'cpy' (did you mean 'copy'?)"),
        ({"id": "Hello"}, "2:3: blocks.0.id: 'Hello' is not written as it has to be here"),
        ({"locales": []}, "3:3: blocks.0.locales: should have more entries (at least 1 entry)"),
        ({"copy": {}}, "6:3: blocks.0.copy: should have more entries (at least 1 entry)"),
        (
            {"copy": {"labl": "See our kit", "label": "See our kit"}},
            "unknown field 'labl' (did you mean 'label'?)",
        ),
        ({"copy": {"label": ""}}, "7:5: blocks.0.copy.label: should not be so short (at least 1 character)"),
        ({"copy": {"label": 5}}, "7:5: blocks.0.copy.label: should be text (put it in quotes)"),
        ({"author": "Rae Reviewer"}, "2:3: blocks.0: 'Rae Reviewer' wrote this block and cannot approve it"),
        ({"by": []}, "blocks.0.approval.by: should have more entries (at least 1 entry)"),
        ({"hash": "XYZ"}, "blocks.0.approval.hash: 'XYZ' is not written as it has to be here"),
        ({"on": "soon"}, "blocks.0.approval.on: should be a day (such as 2026-11-27)"),
        (
            {"on": dt.date(2026, 10, 2), "review_by": dt.date(2026, 10, 1)},
            "blocks.0.approval: review_by 2026-10-01 lies before the approval of 2026-10-02",
        ),
        ({"kind": "hero"}, "15:3: blocks.0.kind: 'kind' comes from the file's place (leave it out)"),
        ({"brand": "other"}, "15:3: blocks.0.brand: 'brand' comes from the file's place (leave it out)"),
        (
            {"journey": "welcome"},
            "15:3: blocks.0.journey: 'journey' comes from the file's place (leave it out)",
        ),
    ],
)
def test_what_a_block_may_not_hold(content: Content, changes: dict[str, Any], words: str) -> None:
    given = item("cta_hello", "cta", **{name: value for name, value in changes.items() if name != "kind"})
    write(content, "cta/winback.yaml", given | ({"kind": changes["kind"]} if "kind" in changes else {}))
    (problem,) = problems(content, sealed=False)
    assert problem.startswith(f"blocks/{BRAND}/cta/winback.yaml:")
    assert words in problem


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_is_needed(content: Content, kind: str) -> None:
    specs = KINDS[kind].schema.specs()
    copy = dict.fromkeys(specs, "Words for this field.")
    for name in specs if len(specs) > 1 else ():
        lacking = {other: text for other, text in copy.items() if other != name}
        path = write(content, f"{kind}/winback.yaml", {**item("new_block", "cta"), "copy": lacking})
        (problem,) = problems(content, sealed=False)
        line = path.read_text().splitlines().index("  copy:") + 1
        assert problem == f"blocks/{BRAND}/{kind}/winback.yaml:{line}:3: blocks.0.copy: '{name}' is missing"


@pytest.mark.parametrize(
    "text", ["", "blocks:\n", "blocks: []\n", "- id: x\n", "blocks: {id: x}\n", "blocks: [x]\n"]
)
def test_a_file_without_blocks(content: Content, text: str) -> None:
    path = content.block_root / BRAND / "cta" / "winback.yaml"
    path.write_text(text)
    (problem,) = problems(content)
    assert problem.startswith(f"blocks/{BRAND}/cta/winback.yaml:1:")


def test_an_id_that_stands_in_two_files(content: Content) -> None:
    write(content, "cta/winback.yaml", item("cta_evergreen", "cta"))
    words = "block 'cta_evergreen' also stands in blocks/fernhill/cta/evergreen.yaml (one id a block)"
    assert f"blocks/{BRAND}/cta/winback.yaml:2:3: blocks.0.id: {words}" in problems(content)


def test_all_problems_of_all_files_come_together(content: Content) -> None:
    write(content, "cta/winback.yaml", item("cta_one", "cta", colour="red"))
    write(content, "hero/welcome.yaml", item("hero_one", "hero", copy={"headline": "x"}))
    write(content, "nonsense/welcome.yaml", item("x_one", "cta"))
    (content.block_root / BRAND / "footer" / "welcome.yaml").write_text("blocks: [\n")
    assert [problem.split("/")[2] for problem in problems(content)] == [
        "cta",
        "footer",
        "hero",
        "nonsense",
        "hero",
    ]


class TestSeals:
    def change(self, content: Content, old: str, new: str) -> None:
        path = content.block_root / BRAND / "cta" / "evergreen.yaml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def test_a_sealed_block_loads(self, content: Content) -> None:
        placed = found(content, "cta_evergreen")
        assert placed.block.approval.hash == placed.block.content_hash()

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("See our kit", "See our kits"),
            ("id: cta_evergreen", "id: cta_evergreen_b"),
            ("- en-GB", "- en-CA"),
            ("Cal Copywriter", "Cas Copywriter"),
            ("Rae Reviewer", "Ray Reviewer"),
            ("2026-10-01", "2026-10-02"),
            ("2027-10-01", "2028-10-01"),
            ("  author:", "  message: see our kit\n  author:"),
            ("  author:", "  segments: [campers]\n  author:"),
            ("  author:", "  image: logo\n  author:"),
        ],
    )
    def test_invariant_5_a_change_of_anything_ends_the_approval(
        self, content: Content, old: str, new: str
    ) -> None:
        self.change(content, old, new)
        (problem,) = problems(content)
        assert "was changed after it was approved (have it approved: `copydesk blocks approve`)" in problem
        assert problem.startswith(f"blocks/{BRAND}/cta/evergreen.yaml:")
        assert ": blocks.0.approval.hash: block 'cta_evergreen" in problem

    def test_invariant_5_a_block_moved_to_another_journey_is_not_approved(self, content: Content) -> None:
        folder = content.block_root / BRAND / "cta"
        (folder / "evergreen.yaml").rename(folder / "winback.yaml")
        (problem,) = problems(content)
        assert "block 'cta_evergreen' was changed after it was approved" in problem

    def test_a_block_that_was_never_sealed(self, content: Content) -> None:
        write(content, "cta/winback.yaml", item("cta_hello", "cta"))
        (problem,) = problems(content)
        assert "winback.yaml:14:5: blocks.0.approval.hash: block 'cta_hello' is not sealed" in problem
        assert problems(content, sealed=False) == []

    def test_formatting_is_no_change(self, content: Content) -> None:
        self.change(content, "See our kit", '"See our kit" # the button')
        assert problems(content) == []


def test_the_kinds_that_an_email_needs() -> None:
    assert set(REQUIRED) == {"subject", "hero", "cta", "footer"}
    assert not KINDS["footer"].generated
    assert set(COPY) <= set(KINDS)

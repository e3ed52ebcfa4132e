"""Brand folders: each thing that may be wrong is refused at its line and column, in plain words."""

from typing import Any

import pytest

from app.brand.loader import ABSENT, brand_ids, load_brand
from app.brand.packs import load_packs
from app.errors import ContentError, UsageError
from tests import factories
from tests.brand.broken import Break, again, broken, line_of, place_of, problems, put
from tests.brand.faults import ONE_FAULT
from tests.content.small_brand import BRAND, FILES, SmallBrand
from tests.release.content import PACK_HEAD, PACK_RULE, dump


def test_the_small_brand_loads(small: SmallBrand) -> None:
    brand = load_brand(small.root / "brand", BRAND)
    assert brand.id == BRAND
    assert brand.segment("hikers").id == "weekend_hikers"
    assert [rule.id for rule in brand.claims] == [
        "pack_guarantee",
        "pack_promise",
        "cures",
        "best_ever",
        "heilt",
    ]
    assert brand.asset("hill") is not None
    assert brand.asset("lake") is None


@pytest.mark.parametrize("file", FILES)
def test_an_unknown_field_is_refused_in_every_file(small: SmallBrand, file: str) -> None:
    (found,) = broken(small, file, put("colour_of_sky", value="blue"))
    assert found.startswith(
        f"{place_of(small, file, 'colour_of_sky')}: colour_of_sky: unknown field 'colour_of_sky'"
    )


@pytest.mark.parametrize("file", [file for file in FILES if file not in ABSENT])
def test_every_file_is_needed(small: SmallBrand, file: str) -> None:
    (small.folder / file).unlink()
    assert problems(small) == [f"brand/{BRAND}/{file}: cannot be read: No such file or directory"]


def test_a_brand_may_have_no_claims_library(small: SmallBrand) -> None:
    (small.folder / "claims_library.yaml").unlink()
    assert load_brand(small.root / "brand", BRAND).library == ()


@pytest.mark.parametrize("file", FILES)
def test_an_empty_file_is_refused(small: SmallBrand, file: str) -> None:
    (small.folder / file).write_text("# later\n")
    assert problems(small) == [f"brand/{BRAND}/{file}:1:1: is empty (should be a mapping of names to values)"]


@pytest.mark.parametrize("name", ["voce.yaml", "segments.yml"])
def test_an_unknown_file(small: SmallBrand, name: str) -> None:
    (small.folder / name).write_text("a: 1\n")
    nearest = {"voce.yaml": "voice.yaml", "segments.yml": "segments.yaml"}[name]
    assert problems(small) == [f"brand/{BRAND}/{name}: unknown file (did you mean '{nearest}'?)"]


@pytest.mark.parametrize(
    ("file", "key", "field", "entry"),
    [
        ("compliance.yaml", "disclosures", "id", "free_terms"),
        ("variables.yaml", "variables", "name", "person.first_name"),
        ("never_infer.yaml", "rules", "id", "health"),
        ("offers.yaml", "offers", "id", "autumn_walks"),
        ("assets/manifest.yaml", "assets", "id", "logo"),
        ("claims.yaml", "rules", "id", "cures"),
        ("variables.yaml", "consents", "id", "personalisation"),
        ("variables.yaml", "lists", "id", "left_behind"),
    ],
)
def test_an_id_that_is_given_twice(small: SmallBrand, file: str, key: str, field: str, entry: str) -> None:
    count = len(small.files[file][key])
    (found,) = broken(small, file, again(key))
    place = place_of(small, file, f"{field}: {entry}", 2)
    assert found == f"{place}: {key}.{count}.{field}: '{entry}' is given twice (an id names one entry)"


@pytest.mark.parametrize(
    ("file", "change", "at", "words"),
    ONE_FAULT,
    ids=[f"{file}-{words[:40]}" for file, _, _, words in ONE_FAULT],
)
def test_one_fault_is_named_at_its_place(
    small: SmallBrand, file: str, change: Break, at: str, words: str
) -> None:
    (found,) = broken(small, file, change)
    place = place_of(small, file, at)
    assert found.startswith(f"{place}: {words}")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "asthma_walkers"),
        ("aliases", ["asthma"]),
        ("name", "Walkers with asthma"),
        ("purpose", "Help people who have asthma, slowly"),
        ("audience", "Asthma patients"),
        ("inclusion", "ticked 'asthma' in the preferences"),
    ],
)
def test_invariant_6_a_segment_may_not_be_built_on_a_trait_that_is_never_inferred(
    small: SmallBrand, field: str, value: Any
) -> None:
    (found,) = broken(small, "segments.yaml", put("segments", 1, field, value=value))
    place = place_of(small, "segments.yaml", "id:", 2)
    words = "segments.1: 'asthma' is about the reader's health, which is never inferred (another criterion)"
    assert found == f"{place}: {words}"


def test_a_trait_is_a_word_and_not_a_part_of_one(small: SmallBrand) -> None:
    change = put("segments", 1, "audience", value="readers of asthmatics quarterly")
    assert broken(small, "segments.yaml", change) == []


def test_all_problems_of_all_files_are_reported_at_once(small: SmallBrand) -> None:
    dump(small.folder / "voice.yaml", {**FILES["voice.yaml"], "persn": "we", "tone": ["calm"]})
    dump(small.folder / "offers.yaml", {"offers": [], "ofers": []})
    (small.folder / "brand.yaml").write_text("id: fernhill\nid: fernhill\n")
    (small.folder / "notes.yaml").write_text("a: 1\n")
    found = problems(small)
    assert [item.split(":", maxsplit=1)[0] for item in found] == [
        "brand/fernhill/brand.yaml",
        "brand/fernhill/voice.yaml",
        "brand/fernhill/voice.yaml",
        "brand/fernhill/offers.yaml",
        "brand/fernhill/notes.yaml",
    ]


def test_cross_checks_report_together(small: SmallBrand) -> None:
    small.files["contract.yaml"]["never_infer"] = ["helth"]
    small.files["assets/manifest.yaml"]["assets"][1]["width"] = 1
    small.files["voice.yaml"]["spelling"]["fr-FR"] = {"a": "b"}
    for file in ("contract.yaml", "assets/manifest.yaml", "voice.yaml"):
        dump(small.folder / file, small.files[file])
    assert len(problems(small)) == 3


class TestPictures:
    def test_a_file_that_is_no_png(self, small: SmallBrand) -> None:
        (small.folder / "assets" / "hill.png").write_bytes(b"<html>not a picture at all</html>")
        place = place_of(small, "assets/manifest.yaml", "file: hill.png")
        assert problems(small) == [f"{place}: assets.1.file: 'hill.png' is no PNG (a picture)"]

    def test_a_png_that_was_cut_off(self, small: SmallBrand) -> None:
        (small.folder / "assets" / "hill.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        assert "'hill.png' is no PNG" in problems(small)[0]


class TestPacks:
    def test_a_fault_in_a_pack_stands_at_the_pack(self, small: SmallBrand) -> None:
        dump(
            small.root / "brand" / "_packs" / "walking.yaml",
            {"pack": PACK_HEAD, "rules": [{**PACK_RULE, "severty": "warn"}]},
        )
        (found,) = problems(small)
        assert found.startswith("brand/_packs/walking.yaml:")
        assert "rules.0.severty: unknown field 'severty' (did you mean 'severity'?)" in found

    def test_a_fault_in_a_pack_does_not_hide_those_of_the_brand(self, small: SmallBrand) -> None:
        dump(small.root / "brand" / "_packs" / "walking.yaml", {"pack": PACK_HEAD, "rules": []})
        found = broken(small, "voice.yaml", put("tone", value=["calm"]))
        assert len(found) == 2

    def test_a_fault_in_another_pack_is_not_this_brands(self, small: SmallBrand) -> None:
        dump(small.root / "brand" / "_packs" / "swimming.yaml", {"pack": PACK_HEAD, "rules": []})
        assert problems(small) == []
        with pytest.raises(ContentError, match=r"_packs/swimming\.yaml:5:1: rules: should have more entries"):
            load_packs(small.root / "brand")

    def test_two_packs_with_the_same_rule(self, small: SmallBrand) -> None:
        dump(small.root / "brand" / "_packs" / "running.yaml", {"pack": PACK_HEAD, "rules": [PACK_RULE]})
        (found,) = broken(small, "brand.yaml", put("packs", value=["walking", "running"]))
        place = place_of(small, "brand.yaml", "running")
        first, second = (f"brand/_packs/{pack}.yaml" for pack in ("walking", "running"))
        line = line_of(small, "../_packs/running.yaml", "id:")
        words = (
            f"rule 'pack_guarantee' of pack 'running' at {second}:{line}:3 "
            f"stands at {first}:{line}:3 too (packs that differ)"
        )
        assert found == f"{place}: packs.1: {words}"

    def test_an_id_that_is_given_twice_in_a_pack(self, small: SmallBrand) -> None:
        dump(
            small.root / "brand" / "_packs" / "walking.yaml",
            {"pack": PACK_HEAD, "rules": [PACK_RULE, PACK_RULE]},
        )
        (found,) = problems(small)
        assert "rules.1.id: 'pack_guarantee' is given twice" in found


class TestNames:
    def test_brands_are_the_folders_that_are_not_hidden(self, small: SmallBrand) -> None:
        root = small.root / "brand"
        (root / ".git").mkdir()
        (root / "README.md").write_text("x")
        assert brand_ids(root) == [BRAND]
        assert brand_ids(small.root / "nowhere") == []

    def test_an_unknown_brand(self, small: SmallBrand) -> None:
        with pytest.raises(UsageError) as caught:
            load_brand(small.root / "brand", "fernhil")
        assert str(caught.value) == "there is no brand 'fernhil'\n  did you mean 'fernhill'?"

    def test_an_unknown_segment(self) -> None:
        with pytest.raises(UsageError, match="segment 'hiker' is not documented for brand 'fernhill'"):
            factories.make_brand().segment("hiker")

    def test_the_default_picture_is_the_one_for_the_most_specific_use(self, small: SmallBrand) -> None:
        brand = load_brand(small.root / "brand", BRAND)
        found = brand.asset_for("hero_winback", "hero")
        assert found is not None
        assert found.id == "hill"
        assert brand.asset_for("educational") is None


class TestHash:
    def test_any_byte_of_the_folder_or_its_packs_changes_the_hash(self, small: SmallBrand) -> None:
        root = small.root / "brand"
        seen = {load_brand(root, BRAND).hash}
        for path in (small.folder / "voice.yaml", root / "_packs" / "walking.yaml"):
            path.write_text(path.read_text(encoding="utf-8") + "# a comment\n", encoding="utf-8")
            seen.add(load_brand(root, BRAND).hash)
        (small.folder / "assets" / "lake.png").write_bytes(b"other")
        seen.add(load_brand(root, BRAND).hash)
        assert len(seen) == 4

    def test_another_pack_does_not(self, small: SmallBrand) -> None:
        root = small.root / "brand"
        before = load_brand(root, BRAND).hash
        dump(root / "_packs" / "running.yaml", {"pack": PACK_HEAD, "rules": [PACK_RULE]})
        assert load_brand(root, BRAND).hash == before


def test_the_lines_that_the_tests_look_for_are_counted_from_one(small: SmallBrand) -> None:
    assert line_of(small, "brand.yaml", "id:") == 1
    assert place_of(small, "segments.yaml", "id:") == "brand/fernhill/segments.yaml:2:3"

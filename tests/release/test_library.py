"""Loading a brand with its blocks: names are checked, and a broken brand harms no other."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.errors import ContentError, UsageError
from app.manifest import Manifest, collect
from app.release.library import Libraries
from tests import factories
from tests.release.content import COPY, SEGMENT, Content, dump, item


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path)


def refuse_marlow(place: str, base: Path, folder: Path) -> Manifest:
    if folder.name == "marlow":
        raise PermissionError(13, "Permission denied", str(folder))
    return collect(place, base, folder)


def problems_of(content: Content) -> list[str]:
    with pytest.raises(ContentError) as caught:
        content.load()
    return [str(problem) for problem in caught.value.problems]


def test_a_sound_brand_loads(content: Content) -> None:
    library = content.write().load()
    assert library.brand.id == "fernhill"
    assert len(library.blocks) == 4
    assert library.rulebook.brand is library.brand
    assert library.find("cta_evergreen") is not None
    assert library.find("nothing") is None


def test_the_hash_of_the_blocks_follows_their_bytes(content: Content) -> None:
    before = content.write().load().blocks_hash
    content.blocks["cta/evergreen"][0]["copy"] = {"label": "See our boots"}
    assert content.write().load().blocks_hash != before


@pytest.mark.parametrize(
    ("place", "changes", "expected"),
    [
        ("cta/winback", {"segments": ["hikerz"]}, "unknown segment 'hikerz' (did you mean 'hikers'?)"),
        ("cta/winbac", {}, "'winbac.yaml' is named after no journey (did you mean 'winback'?)"),
        ("cta/winback", {"locales": ["en-NZ"]}, "unknown locale of the brand 'en-NZ'"),
        ("hero/winback", {"image": "lgo"}, "unknown asset 'lgo' (did you mean 'logo'?)"),
        ("cta/winback", {"copy": {"label": "Go, {person.name}"}}, "unknown variable 'person.name'"),
        ("cta/winback", {"copy": {"label": "Go, {person.first_name}"}}, "is not allowed in cta"),
        ("cta/winback", {"copy": {"label": "Get {offer.discout}"}}, "no fact is called like 'offer.discout'"),
        ("cta/evergreen", {"copy": {"label": "Get {offer.discount}"}}, "an evergreen block holds no token"),
    ],
)
def test_names_that_do_not_exist(
    content: Content, place: str, changes: dict[str, Any], expected: str
) -> None:
    kind = place.split("/", maxsplit=1)[0]
    content.blocks.setdefault(place, []).append(item("extra_block", kind, **changes))
    content.write()
    (found,) = problems_of(content)
    assert expected in found
    assert found.startswith(f"blocks/fernhill/{place}.yaml:")
    assert int(found.split(":")[1]) > 1, "the problem is placed at its line"


def test_names_in_the_brands_own_files(content: Content) -> None:
    tiers = {
        "kinds": {"hero": "low", "herro": "low"},
        "journeys": {"winbck": "low"},
        "facts": {"cost": "low"},
    }
    content.files = {
        "contract.yaml": {**factories.CONTRACT, "tiers": tiers, "may_generate": ["hero", "footer"]},
        "variables.yaml": {"variables": [{**factories.VARIABLES[0], "kinds": ["heros"]}]},
        "compliance.yaml": {
            "disclosures": [{**factories.DISCLOSURES[1], "kinds": ["offers"], "journeys": ["winbak"]}]
        },
    }
    found = "\n".join(problems_of(content.write()))
    for words in (
        "unknown kind 'herro' (did you mean 'hero'?)",
        "unknown journey 'winbck'",
        "unknown role of a fact 'cost'",
        "unknown kind that a model may write 'footer'",
        "brand/fernhill/variables.yaml:",
        "unknown kind 'heros'",
        "unknown kind 'offers'",
        "unknown journey 'winbak'",
    ):
        assert words in found


def test_a_value_tier_without_a_rung(content: Content) -> None:
    offer = {
        "id": "autumn",
        "name": "Autumn",
        "starts": dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        "ends": dt.datetime(2026, 12, 1, tzinfo=dt.UTC),
        "cap_percent": 30,
        "code": "AUTUMN",
        "ladder": [{"tier": "standard", "percent": 10}],
    }
    content.files = {
        "offers.yaml": {"offers": [offer]},
        "segments.yaml": {
            "segments": [SEGMENT, {**SEGMENT, "id": "gold", "aliases": [], "value_tier": "standart"}]
        },
    }
    (found,) = problems_of(content.write())
    assert "no offer has a rung for the value tier 'standart' (did you mean 'standard'?)" in found


def test_invariant_4_each_required_kind_needs_an_evergreen_block_per_locale(content: Content) -> None:
    del content.blocks["footer/evergreen"]
    content.blocks["hero/evergreen"] = [item("hero_evergreen", "hero", locales=["en-US"])]
    content.blocks["cta/evergreen"][0]["segments"] = ["campers"]
    found = problems_of(content.write())
    assert [line.split(" (")[0] for line in found] == [
        "blocks/fernhill/hero/evergreen.yaml: no evergreen hero for en-GB that fits every segment",
        "blocks/fernhill/cta/evergreen.yaml: no evergreen cta for en-US that fits every segment",
        "blocks/fernhill/cta/evergreen.yaml: no evergreen cta for en-GB that fits every segment",
        "blocks/fernhill/footer/evergreen.yaml: no evergreen footer for en-US that fits every segment",
        "blocks/fernhill/footer/evergreen.yaml: no evergreen footer for en-GB that fits every segment",
    ]


def test_a_missing_evergreen_block_is_named_in_the_file_of_its_language(content: Content) -> None:
    content.files["brand.yaml"] = {**factories.IDENTITY, "locales": ["en-US", "en-GB", "de-DE"]}
    content.files["voice.yaml"] = {**factories.VOICE, "formality": "informal"}
    content.blocks["cta/evergreen.de"] = [item("cta_evergreen_de", "cta", locales=["de-DE"])]
    assert [line.split(" (")[0] for line in problems_of(content.write())] == [
        f"blocks/fernhill/{kind}/evergreen.de.yaml: no evergreen {kind} for de-DE that fits every segment"
        for kind in ("subject", "hero", "footer")
    ]


def test_invariant_5_a_block_that_was_changed_after_its_approval_is_not_loaded(content: Content) -> None:
    path = content.write().block_root / "fernhill" / "cta" / "evergreen.yaml"
    path.write_text(path.read_text().replace("See our kit", "See our new kit"))
    (found,) = problems_of(content)
    assert "block 'cta_evergreen' was changed after it was approved" in found
    unsealed = Libraries(content.brands, content.block_root, sealed=False)
    assert unsealed.faults == {}


def test_problems_of_brand_and_blocks_come_together(content: Content) -> None:
    content.files = {"voice.yaml": {**factories.VOICE, "tonne": "calm"}}
    content.blocks["cta/evergreen"][0]["colour"] = "red"
    found = problems_of(content.write(sealed=False))
    assert any("unknown field 'tonne'" in line for line in found)
    assert any("unknown field 'colour'" in line for line in found)


class TestLibraries:
    @pytest.fixture
    def other(self, content: Content) -> Content:
        content.write()
        return Content(content.root, brand_id="marlow")

    def test_invariant_4_a_broken_brand_is_disabled_and_the_others_serve(self, other: Content) -> None:
        other.files = {"voice.yaml": {"tone": []}}
        other.write()
        libraries = Libraries(other.brands, other.block_root)
        assert list(libraries.serving) == ["fernhill"]
        assert list(libraries.disabled) == ["marlow"]
        with pytest.raises(ContentError, match=r"marlow/voice\.yaml"):
            libraries.get("marlow")
        assert libraries.get("fernhill").brand.id == "fernhill"

    def test_invariant_4_the_last_valid_version_keeps_serving(self, other: Content) -> None:
        other.write()
        libraries = Libraries(other.brands, other.block_root)
        before, fine = libraries.get("marlow"), libraries.get("fernhill")
        dump(other.brands / "marlow" / "voice.yaml", {"tone": []})
        libraries.reload()
        assert libraries.get("marlow") is before
        assert libraries.get("fernhill").brand.hash == fine.brand.hash
        assert list(libraries.faults) == ["marlow"]
        assert libraries.disabled == {}
        other.write()
        libraries.reload()
        assert libraries.faults == {}
        assert libraries.get("marlow") is not before

    @pytest.mark.parametrize("fault", ["rule", "file"])
    def test_invariant_4_whatever_breaks_one_brand(
        self, other: Content, fault: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if fault == "rule":
            unfindable = {**factories.CLAIMS[0], "phrases": ["\u200b"]}
            other.files = {"claims.yaml": {"rules": [unfindable]}}
        else:
            monkeypatch.setattr("app.release.library.collect", refuse_marlow)
        other.write()
        libraries = Libraries(other.brands, other.block_root)
        assert list(libraries.serving) == ["fernhill"]
        (problem,) = libraries.disabled["marlow"]
        assert "rule 'cures'" in str(problem) if fault == "rule" else "cannot be read" in str(problem)

    def test_an_unknown_brand(self, other: Content) -> None:
        libraries = Libraries(other.brands, other.block_root)
        with pytest.raises(UsageError, match="no brand 'fernhil'") as caught:
            libraries.get("fernhil")
        assert "fernhill" in caught.value.hint


def test_the_copy_of_every_kind_is_valid_here() -> None:
    assert set(COPY) >= {"subject", "hero", "cta", "footer"}

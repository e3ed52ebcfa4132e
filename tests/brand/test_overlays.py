"""Overlays: a language lies over a market, a market over the global files, and nothing is silent."""

from pathlib import Path
from typing import Any

import pytest

from app.brand.overlays import Layer
from tests import factories
from tests.brand.overlaid import IN_GERMAN, IN_GERMANY, loaded, overlay, problems, with_german
from tests.content.small_brand import SmallBrand
from tests.release.content import PACK_HEAD, PACK_RULE, dump

NEW_RULE: dict[str, Any] = {
    **factories.CLAIMS[0],
    "id": "heilt_alles",
    "phrases": ["heilt alles"],
    "patterns": [],
    "exceptions": [],
    "fails": ["Der Tee heilt alles."],
    "passes": ["Der Tee ist gut."],
}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> SmallBrand:
    return with_german(SmallBrand.made(tmp_path_factory.mktemp("german")))


@pytest.fixture
def small(original: SmallBrand, tmp_path: Path) -> SmallBrand:
    return original.copied(tmp_path)


def test_a_language_lies_over_a_market_and_a_market_over_the_global_file(small: SmallBrand) -> None:
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"postal_address": "Hamburg", "why_received": "Post!"})
    overlay(small, f"{IN_GERMAN}/brand.yaml", {"why_received": "Weil du uns kennst."})
    brand = loaded(small)
    assert brand.identity.postal_address == factories.IDENTITY["postal_address"]
    german = brand.localised("de-DE", "DE").identity
    assert (german.postal_address, german.why_received) == ("Hamburg", "Weil du uns kennst.")
    assert brand.localised("en-GB", "DE").identity.why_received == "Post!"
    assert brand.localised("de-CH").identity.postal_address == factories.IDENTITY["postal_address"]
    assert brand.localised("en-US") is brand


def test_the_region_of_the_locale_is_the_market_unless_one_is_named(small: SmallBrand) -> None:
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"postal_address": "Hamburg"})
    brand = loaded(small)
    assert brand.localised("de-DE").identity.postal_address == "Hamburg"
    assert brand.localised("de-CH", "DE").identity.postal_address == "Hamburg"
    assert brand.localised("de-DE", "CH").identity.postal_address != "Hamburg"


def test_a_view_of_a_view_is_the_view_of_the_brand(small: SmallBrand) -> None:
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"postal_address": "Hamburg"})
    overlay(small, f"{IN_GERMAN}/brand.yaml", {"sells": "Zelte"})
    brand = loaded(small)
    german = brand.localised("de-DE")
    assert german.localised("de-DE", "DE") is german
    assert german.localised("en-US") is brand
    assert german.id == brand.id
    assert german.contract is brand.contract


def test_entries_are_matched_by_id_and_new_ones_follow(small: SmallBrand) -> None:
    overlay(
        small,
        f"{IN_GERMAN}/voice.yaml",
        {"avoid": [{"word": "unleash", "instead": "los"}, {"word": "Abenteurer", "why": "Kitsch"}]},
    )
    words = loaded(small).localised("de-DE").voice.avoid
    assert [(rule.word, rule.instead, rule.why) for rule in words] == [
        ("unleash", "los", "hype"),
        ("game-changer", "", "hype"),
        ("Abenteurer", "", "Kitsch"),
    ]


def test_a_rule_in_a_language_is_for_copy_in_it(small: SmallBrand) -> None:
    overlay(small, f"{IN_GERMAN}/claims.yaml", {"rules": [NEW_RULE]})
    brand = loaded(small)
    assert "heilt_alles" not in {rule.id for rule in brand.claims}
    (rule,) = [rule for rule in brand.localised("de-DE").claims if rule.id == "heilt_alles"]
    assert rule.languages == ("de",)


def test_a_further_wording_of_a_rule_takes_over_what_it_does_not_say(small: SmallBrand) -> None:
    wording = {"id": "cures", "phrases": ["macht gesund"], "fails": ["Macht gesund."], "passes": ["Gut."]}
    overlay(small, f"{IN_GERMAN}/claims.yaml", {"rules": [wording]})
    first, second = [rule for rule in loaded(small).localised("de-DE").claims if rule.id == "cures"]
    assert (first.languages, second.languages) == (("en",), ("de",))
    assert (second.category, second.message, second.source) == (first.category, first.message, first.source)
    assert second.exceptions == (), "exceptions belong to a wording, so that a new one excuses nothing old"


def test_a_trait_gets_a_wording_in_a_language(small: SmallBrand) -> None:
    wording = {"id": "health", "phrases": ["dein Asthma"], "fails": ["Trotz dein Asthma"], "passes": ["Los"]}
    overlay(small, f"{IN_GERMAN}/never_infer.yaml", {"rules": [wording]})
    found = [rule for rule in loaded(small).localised("de-DE").never_infer if rule.id == "health"]
    assert [rule.languages for rule in found] == [("en",), ("de",)]
    assert found[1].trait == found[0].trait


def test_a_market_may_extend_a_pack_that_the_others_do_not(small: SmallBrand) -> None:
    dump(
        small.root / "brand" / "_packs" / "germany.yaml",
        {"pack": PACK_HEAD, "rules": [{**PACK_RULE, "id": "german_guarantee", "languages": ["de"]}]},
    )
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"packs": ["germany"]})
    brand = loaded(small)
    assert brand.identity.packs == ("walking",)
    assert brand.localised("de-DE").identity.packs == ("walking", "germany")
    assert [r.id for r in brand.localised("de-DE").claims][1:3] == ["pack_promise", "german_guarantee"]


def test_the_hash_covers_overlays_and_the_languages_of_packs(small: SmallBrand) -> None:
    seen = {loaded(small).hash}
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"postal_address": "Hamburg"})
    seen.add(loaded(small).hash)
    dump(small.root / "brand" / "_packs" / "walking.de.yaml", {"rules": [{**PACK_RULE, "id": "garantie"}]})
    brand = loaded(small)
    seen.add(brand.hash)
    assert len(seen) == 3
    assert brand.localised("de-DE").hash == brand.hash
    assert [rule.languages for rule in brand.claims][1:3] == [("en",), ("de",)]


FAULTS: list[tuple[str, Any, str]] = [
    (
        f"{IN_GERMAN}/brand.yaml",
        {"why_recieved": "x"},
        "1:1: why_recieved: 'why_recieved' is nothing that a language can say differently (did you mean '",
    ),
    (
        f"{IN_GERMAN}/brand.yaml",
        {"owner": "Bo"},
        "1:1: owner: 'owner' is nothing that a language can say differently (known: ",
    ),
    (
        f"{IN_GERMANY}/brand.yaml",
        {"sells": factories.IDENTITY["sells"]},
        "1:1: sells: says what the",
    ),
    (f"{IN_GERMANY}/brand.yaml", {"sells": ""}, "1:1: sells: should not be so short (at least 1 character)"),
    (
        f"{IN_GERMANY}/brand.yaml",
        {"sells": None},
        "1:1: sells: is empty (something that differs, or leave it out)",
    ),
    (
        f"{IN_GERMANY}/brand.yaml",
        {"packs": ["walking"]},
        "2:3: packs.0: 'walking' is listed already (leave it out)",
    ),
    (f"{IN_GERMANY}/brand.yaml", {"packs": "walking"}, "1:1: packs: should be a list"),
    (
        f"{IN_GERMANY}/brand.yaml",
        {"packs": ["walkin"]},
        "2:3: packs.0: unknown pack 'walkin' (did you mean 'walking'?)",
    ),
    (f"{IN_GERMAN}/brand.yaml", ["x"], "1:1: should be a mapping of names to values"),
    (f"{IN_GERMAN}/brand.yaml", {}, "1:1: is empty (something that differs, or leave it out)"),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"punctuation": {"exclamation_marks": 2}},
        "2:3: punctuation.exclamation_marks: lets pass more than the brand's own 1 (the same or less)",
    ),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"punctuation": {"emoji": True}},
        "2:3: punctuation.emoji: lets pass more than the",
    ),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"avoid": [{"word": "unleash", "severity": "warn"}]},
        "3:3: avoid.0.severity: lets pass more than the brand's own",
    ),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"avoid": [{"word": "unleesh", "instead": "los"}]},
        "2:3: avoid.0.word: the brand's own file has no 'unleesh' (did you mean 'unleash'?; a new one also",
    ),
    (f"{IN_GERMAN}/voice.yaml", {"avoid": [{"instead": "los"}]}, "2:3: avoid.0: 'word' is missing"),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"avoid": [{"word": "unleash", "why": "a"}, {"word": "unleash", "why": "b"}]},
        "4:3: avoid.1.word: 'unleash' is given twice (one entry for each word)",
    ),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"avoid": [{"word": "Abenteuer", "why": 3}]},
        "3:3: avoid.0.why: should be text",
    ),
    (
        f"{IN_GERMAN}/voice.yaml",
        {"spelling": {"fr-FR": {"a": "b"}}},
        "2:3: spelling.fr-FR: 'fr-FR' is no locale of",
    ),
    (
        f"{IN_GERMANY}/voice.yaml",
        {"reading_grade_max": 12},
        "1:1: reading_grade_max: lets pass more than the",
    ),
    (
        f"{IN_GERMAN}/claims.yaml",
        {"rules": [{"id": "cures", "phrases": ["x"], "fails": ["x"], "passes": ["y"], "severity": "info"}]},
        "9:3: rules.0.severity: 'severity' is nothing that a language can say differently",
    ),
    (
        f"{IN_GERMAN}/claims.yaml",
        {"rules": [{**NEW_RULE, "languages": ["de"]}]},
        "rules.0.languages: 'languages' comes from the file's place (leave it out)",
    ),
    (
        f"{IN_GERMAN}/claims.yaml",
        {"rules": [{**NEW_RULE, "patterns": ["(a"]}]},
        "rules.0.patterns.0: bad RE2 pattern: missing )",
    ),
    (
        f"{IN_GERMAN}/claims.yaml",
        {"rules": [{**NEW_RULE, "id": "pack_guarantee"}]},
        "2:3: rules.0.id: 'pack_guarantee' is a rule of a pack already (another id)",
    ),
    (
        f"{IN_GERMAN}/never_infer.yaml",
        {"rules": [{"id": "helth", "trait": "x", "phrases": ["x"], "fails": ["x"], "passes": ["y"]}]},
        "2:3: rules.0.id: the brand's own file has no 'helth' (did you mean 'health'?)",
    ),
    (
        f"{IN_GERMAN}/compliance.yaml",
        {"disclosures": [{"id": "free_terms", "kinds": ["hero"]}]},
        "3:3: disclosures.0.kinds: 'kinds' is nothing that a language can say differently",
    ),
    (
        f"{IN_GERMANY}/compliance.yaml",
        {"disclosures": [{"id": "free_terms", "wordings": ["immer"]}]},
        "3:3: disclosures.0.wordings: lets pass more than the brand's own",
    ),
    (
        f"{IN_GERMAN}/variables.yaml",
        {"variables": [{"name": "person.first_nam", "fallback": "du"}]},
        "2:3: variables.0.name: the brand's own file has no 'person.first_nam' (did you mean 'person.first_",
    ),
    (
        f"{IN_GERMAN}/variables.yaml",
        {"variables": [{"name": "person.first_name", "meaning": "ob jemand asthma hat"}]},
        "3:3: variables.0.meaning: 'asthma' is about the reader's health, which is never inferred",
    ),
    (
        f"{IN_GERMAN}/assets/manifest.yaml",
        {"assets": [{"id": "hil", "alt": "Ein Berg"}]},
        "2:3: assets.0.id: the brand's own file has no 'hil' (did you mean 'hill'?)",
    ),
]


@pytest.mark.parametrize(("place", "data", "words"), FAULTS)
def test_a_fault_is_refused_at_its_place_in_the_overlay(
    small: SmallBrand, place: str, data: Any, words: str
) -> None:
    overlay(small, place, data)
    (found,) = problems(small)
    assert found.startswith(f"{place}:")
    assert words in found


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("languages/it/brand.yaml", "languages/it: is no language of the brand (known: de, en)"),
        ("languages/german/brand.yaml", "languages/german: is no language of the brand"),
        ("markets/UK/brand.yaml", "markets/UK: is no market of the brand (did you mean "),
        ("markets/de/brand.yaml", "markets/de: is no market of the brand"),
        ("markets/brand.yaml", "markets/brand.yaml: is no market of the brand"),
        (f"{IN_GERMAN}/contract.yaml", f"{IN_GERMAN}/contract.yaml: a language has no such file"),
        (
            f"{IN_GERMANY}/voce.yaml",
            f"{IN_GERMANY}/voce.yaml: a market has no such file (did you mean 'voice.yaml'?)",
        ),
        (
            f"{IN_GERMAN}/brand.yml",
            f"{IN_GERMAN}/brand.yml: a language has no such file (did you mean 'brand.yaml'?)",
        ),
    ],
)
def test_folders_and_files_that_nobody_knows(small: SmallBrand, place: str, words: str) -> None:
    overlay(small, place, {"sells": "Zelte"})
    (found,) = problems(small)
    assert found.startswith(words)


def test_broken_yaml_in_an_overlay(small: SmallBrand) -> None:
    path = overlay(small, f"{IN_GERMAN}/brand.yaml", {})
    path.write_text("sells: [\n")
    (found,) = problems(small)
    assert found.startswith(f"{IN_GERMAN}/brand.yaml:2:1: broken YAML")


def test_what_says_the_same_as_the_brand_may_still_differ_from_a_market(small: SmallBrand) -> None:
    overlay(small, f"{IN_GERMANY}/brand.yaml", {"sells": "Zelte"})
    overlay(small, f"{IN_GERMAN}/brand.yaml", {"sells": factories.IDENTITY["sells"]})
    assert loaded(small).localised("de-DE").identity.sells == factories.IDENTITY["sells"]


def test_the_form_of_address_is_needed_in_german(small: SmallBrand) -> None:
    small.change("voice.yaml", ("formality",), None)
    (found,) = problems(small)
    words = (
        "voice.yaml:1:1: 'formality' is missing for 'de' ('informal' or 'formal', in languages/de/voice.yaml)"
    )
    assert found == words
    overlay(small, f"{IN_GERMAN}/voice.yaml", {"formality": "formal"})
    assert loaded(small).localised("de-CH").voice.formality == "formal"


@pytest.mark.parametrize("layer", Layer)
def test_no_file_says_more_in_an_overlay_than_the_table_lets(layer: Layer, small: SmallBrand) -> None:
    place = {Layer.MARKET: IN_GERMANY, Layer.LANGUAGE: IN_GERMAN}[layer]
    for name in ("segments.yaml", "offers.yaml", "contract.yaml"):
        overlay(small, f"{place}/{name}", small.files[name])
    found = problems(small)
    assert len(found) == 3
    assert all(f"a {layer} has no such file" in line for line in found)

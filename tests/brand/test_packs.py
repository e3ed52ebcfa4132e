"""Heads of packs, scopes, qualifiers and overrides: what is refused, where, and what would be right."""

from typing import Any

import pytest

from app.brand.describe import describe
from app.brand.loader import load_brand
from app.errors import ContentError
from app.release.library import load_library
from tests.brand.broken import line_of, problems
from tests.content.small_brand import BRAND, PACKS, SmallBrand
from tests.release.content import PACK_HEAD, PACK_RULE, dump

WALKING = "../_packs/walking.yaml"


HEADS: list[tuple[dict[str, Any], str]] = [
    ({"markets": ["UKK"]}, "'UKK' is no market: did you mean 'UK'?"),
    ({"markets": ["us"]}, "'us' is no market"),
    (
        {"applies_from": "2027-01-01", "applies_until": "2026-01-01"},
        "'applies_from' is after 'applies_until'",
    ),
    ({"applies": "2027-01-01"}, "unknown field 'applies' (did you mean 'applies_"),
]


@pytest.mark.parametrize(("change", "words"), HEADS)
def test_a_head_that_is_not_right(small: SmallBrand, change: dict[str, Any], words: str) -> None:
    dump(small.folder / WALKING, {**PACKS[WALKING], "pack": {**PACK_HEAD, **change}})
    (found,) = problems(small)
    assert found.startswith("brand/_packs/walking.yaml:")
    assert words in found


def test_a_pack_without_a_head(small: SmallBrand) -> None:
    dump(small.folder / WALKING, {"rules": PACKS[WALKING]["rules"]})
    assert "pack" in problems(small)[0]
    assert "is missing" in problems(small)[0]


def test_a_pack_whose_main_file_is_gone(small: SmallBrand) -> None:
    dump(small.folder / "../_packs/walking.de.yaml", {"rules": [{**PACK_RULE, "id": "garantie"}]})
    (small.folder / WALKING).unlink()
    found = problems(small)
    assert "brand/_packs/walking.yaml: is not there (the file of the pack, with its head)" in found


RULES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"scope": {"fields": ["subjct"]}}, {}, "did you mean 'subject'?"),
    ({"scope": {"markets": ["XYZ"]}}, {}, "'XYZ' is no market"),
    ({"scope": {"markets": ["US"]}}, {"markets": ["EU"]}, "the pack does not apply in US (a part of EU)"),
    ({"effective_from": "2025-01-01"}, {"applies_from": "2026-01-01"}, "the pack applies from 2026-01-01"),
    ({"effective_until": "2027-01-01"}, {"applies_until": "2026-01-01"}, "the pack applies until 2026-01-01"),
    ({"qualifiers": [{"needs": "the part"}]}, {}, "needs 'wordings' or 'patterns'"),
    (
        {"qualifiers": [{"needs": "the part", "patterns": ["("]}]},
        {},
        "qualifiers.0.patterns.0: bad RE2 pattern",
    ),
]


@pytest.mark.parametrize(("rule", "head", "words"), RULES)
def test_a_rule_of_a_pack_that_is_not_right(
    small: SmallBrand, rule: dict[str, Any], head: dict[str, Any], words: str
) -> None:
    rules = [{**PACK_RULE, **rule}, *PACKS[WALKING]["rules"][1:]]
    dump(small.folder / WALKING, {"pack": {**PACK_HEAD, **head}, "rules": rules})
    (found,) = problems(small)
    assert found.startswith("brand/_packs/walking.yaml:")
    assert words in found


def test_a_rule_of_a_pack_gets_its_markets_and_days(small: SmallBrand) -> None:
    head = {**PACK_HEAD, "markets": ["EU"], "applies_from": "2026-01-01", "applies_until": "2027-12-31"}
    rules = [{**PACK_RULE, "scope": {"markets": ["FR"], "fields": ["cta"]}}, *PACKS[WALKING]["rules"][1:]]
    dump(small.folder / WALKING, {"pack": head, "rules": rules})
    first, second = load_brand(small.root / "brand", BRAND).packs[0].rules
    assert first.scope.markets == ("FR",)
    assert second.scope.markets == ("EU",)
    assert (str(second.effective_from), str(second.effective_until)) == ("2026-01-01", "2027-12-31")


SCOPES = [("kinds", "heroo", "hero"), ("journeys", "winbak", "winback"), ("locales", "en-UK", "en-US")]


@pytest.mark.parametrize(("name", "wrong", "right"), SCOPES)
def test_a_scope_names_what_there_is(small: SmallBrand, name: str, wrong: str, right: str) -> None:
    small.change("claims.yaml", ("rules", 1, "scope"), {name: [wrong]})
    with pytest.raises(ContentError) as caught:
        load_library(small.root / "brand", small.root / "blocks", BRAND)
    (found,) = [str(problem) for problem in caught.value.problems]
    assert f"rules.1.scope.{name}.0: unknown {name.removesuffix('s')} '{wrong}'" in found
    assert f"'{right}'" in found or right in found


def test_so_does_the_scope_of_a_rule_in_a_pack(small: SmallBrand) -> None:
    rules = [{**PACK_RULE, "scope": {"kinds": ["subjet"]}}, *PACKS[WALKING]["rules"][1:]]
    dump(small.folder / WALKING, {"pack": PACK_HEAD, "rules": rules})
    with pytest.raises(ContentError) as caught:
        load_library(small.root / "brand", small.root / "blocks", BRAND)
    (found,) = [str(problem) for problem in caught.value.problems]
    assert found.startswith("brand/_packs/walking.yaml:")
    assert "unknown kind 'subjet' (did you mean 'subject'?)" in found


OVERRIDE = {"rule": "pack_guarantee", "reason": "a game", "owner": "Lee Legal"}
OVERRIDES: list[tuple[list[dict[str, Any]], str]] = [
    ([{**OVERRIDE, "rule": "pack_garantee", "severity": "warn"}], "did you mean 'pack_guarantee'?"),
    ([{**OVERRIDE, "rule": "best_ever", "severity": "block"}], "'best_ever' is a rule of this file"),
    ([OVERRIDE], "changes nothing: needs 'severity', 'exceptions' or 'scope'"),
    ([{**OVERRIDE, "severity": "block"}], "rule 'pack_guarantee' has the severity 'block' already"),
    (
        [{**OVERRIDE, "severity": "warn"}, {**OVERRIDE, "severity": "info"}],
        "'pack_guarantee' is changed twice",
    ),
    ([{"rule": "pack_guarantee", "severity": "warn", "owner": "Lee"}], "'reason' is missing"),
    ([{"rule": "pack_guarantee", "severity": "warn", "reason": "a game"}], "'owner' is missing"),
]


@pytest.mark.parametrize(("overrides", "words"), OVERRIDES)
def test_an_override_that_is_not_right(
    small: SmallBrand, overrides: list[dict[str, Any]], words: str
) -> None:
    small.change("claims.yaml", ("overrides",), overrides)
    (found,) = problems(small)
    line = line_of(small, "claims.yaml", "overrides:")
    assert int(found.split(":")[1]) >= line
    assert words in found


@pytest.mark.parametrize(
    ("head", "scope", "words"),
    [
        ({"markets": ["EU"]}, {"markets": ["US"]}, "does not hold in US, and an override does not widen it"),
        ({}, {"fields": ["cta"]}, "does not look there, and an override does not widen it"),
    ],
)
def test_an_override_does_not_widen_a_rule(
    small: SmallBrand, head: dict[str, Any], scope: dict[str, Any], words: str
) -> None:
    rules = [{**PACK_RULE, "scope": {"fields": ["body"]}}, *PACKS[WALKING]["rules"][1:]]
    dump(small.folder / WALKING, {"pack": {**PACK_HEAD, **head}, "rules": rules})
    small.change("claims.yaml", ("overrides",), [{**OVERRIDE, "scope": scope}])
    (found,) = problems(small)
    assert "brand/fernhill/claims.yaml:" in found
    assert words in found


def test_an_override_changes_the_rule_and_is_said(small: SmallBrand) -> None:
    change = {**OVERRIDE, "severity": "warn", "exceptions": ["guaranteed rain"], "scope": {"fields": ["cta"]}}
    small.change("claims.yaml", ("overrides",), [change])
    brand = load_brand(small.root / "brand", BRAND)
    rule = next(rule for rule in brand.claims if rule.id == "pack_guarantee")
    assert (rule.severity.value, rule.exceptions, rule.scope.fields) == (
        "warn",
        ("guaranteed rain",),
        ("cta",),
    )
    assert brand.packs[0].rules[0].severity.value == "block"
    (line,) = [line for line in describe(brand) if line.startswith("override")]
    assert line == (
        "override of pack rule pack_guarantee: severity warn; leaves alone: guaranteed rain; "
        "only fields cta; because: a game; answered for by Lee Legal"
    )


def test_no_overlay_overrides(small: SmallBrand) -> None:
    dump(small.folder / "markets/GB/claims.yaml", {"overrides": [{**OVERRIDE, "severity": "warn"}]})
    (found,) = problems(small)
    assert "'overrides' is nothing that a market can say differently" in found

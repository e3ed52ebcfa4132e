"""The matrix says of every dialect and every feature how well it is proven, and no more than the tests do."""

from pathlib import Path

import pytest

from app.dialects import matrix as module
from app.dialects.dialect import Feature
from app.dialects.matrix import State, features_of, matrix, unconfirmed, unproven
from app.dialects.nodes import Page, PageLink, Place, Show
from app.dialects.registry import DIALECTS
from app.errors import ContentError
from tests.dialects import cases
from tests.dialects.engines import ENGINES
from tests.dialects.test_engines import proven, shown

CELLS = [(dialect, feature) for dialect in DIALECTS for feature in Feature]
QUALITIES = {Feature.BLANK, Feature.PADDING, Feature.ESCAPE_TEXT}
"""What a platform may lack although a template goes out: the export warns, or asks the account to confirm."""
PAGES = {Feature(page.value) for page in Page}


def test_every_dialect_has_a_column_and_every_column_a_dialect() -> None:
    assert set(matrix()) == set(DIALECTS)


@pytest.mark.parametrize(("dialect", "feature"), CELLS)
def test_a_cell_says_what_the_tests_show(dialect: str, feature: Feature) -> None:
    cell = matrix()[dialect].features[feature]
    engines = [engine for engine in ENGINES if engine.dialect == dialect]
    if cell.state in (State.ENGINE, State.SHIMS):
        assert engines
        assert all(feature in proven(engine) for engine in engines)
    if cell.state is State.REFUSED:
        assert all(feature not in proven(engine) for engine in engines)


def test_the_shims_are_those_of_the_tests() -> None:
    for engine in ENGINES:
        assert matrix()[engine.dialect].shims == engine.shims


def test_what_uses_another_engine_than_the_platform_says_shims() -> None:
    own = {"jinja", "listmonk"}
    for dialect, column in matrix().items():
        states = {cell.state for cell in column.features.values()}
        assert (State.ENGINE in states) == (dialect in own)


@pytest.mark.parametrize("engine", ENGINES, ids=[type(engine).__name__ for engine in ENGINES])
def test_where_0_counts_as_no_value_the_matrix_says_so(engine: object) -> None:
    (one,) = [each for each in ENGINES if each is engine]
    note = matrix()[one.dialect].features[Feature.VARIABLE].note
    shown_as = shown(one)["variable", "zero", None]
    assert shown_as == f"<p>Hello {'friend' if '0 counts as no value' in note else '0'}!</p>"


def test_the_features_of_a_template_are_found() -> None:
    found = features_of(cases.TEMPLATES["conditions_nested"])
    assert found == {
        Feature.VARIABLE,
        Feature.FALLBACK,
        Feature.BLANK,
        Feature.PADDING,
        Feature.ESCAPE_TEXT,
        Feature.CONDITION,
        Feature.COMPARISON,
    }
    assert features_of((PageLink(Page.UNSUBSCRIBE, Place.ATTRIBUTE),)) == {Feature.UNSUBSCRIBE}
    assert Feature.FALLBACK not in features_of((Show("person.city", "", Place.URL),))
    every = frozenset().union(*map(features_of, cases.TEMPLATES.values()))
    assert every == set(Feature)


def test_an_export_warns_of_what_is_not_proven() -> None:
    doubts = unproven("sendgrid", {Feature.LOOP, Feature.BLANK, Feature.VARIABLE})
    assert [doubt.feature for doubt in doubts] == [Feature.BLANK, Feature.LOOP]
    assert str(doubts[1]) == (
        "sendgrid, loop: unverified, the source names no @index, which limits the loop: send a test"
    )
    assert unproven("jinja", set(Feature)) == []


def test_an_unverified_unsubscribe_is_refused_until_it_is_confirmed() -> None:
    (doubt,) = unconfirmed("customerio", {Feature.UNSUBSCRIBE, Feature.LOOP})
    assert doubt.feature is Feature.UNSUBSCRIBE
    assert "the account may confirm that unsubscribe_url gives the address" in str(doubt)
    assert unconfirmed("customerio", {Feature.UNSUBSCRIBE}, {Feature.UNSUBSCRIBE}) == []
    assert unconfirmed("braze", {Feature.UNSUBSCRIBE}) == []


@pytest.mark.parametrize("dialect", ["mailchimp", "mautic"])
def test_values_that_are_not_escaped_are_refused_until_the_account_says_that_they_are_clean(
    dialect: str,
) -> None:
    wanted = features_of(cases.TEMPLATES["variable"])
    assert [doubt.feature for doubt in unconfirmed(dialect, wanted)] == [Feature.BLANK, Feature.ESCAPE_TEXT]
    assert unconfirmed(dialect, wanted, {Feature.BLANK, Feature.ESCAPE_TEXT}) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("    loop: {state: engine}\n", "no cell for"),
        ("    loop: {state: unverified}\n", "'why' belongs to"),
        ("    loop: {state: source}\n", "names it"),
        ("    loop: {state: perhaps}\n", "'perhaps' is not known here"),
        ("    lop: {state: engine}\n", "lop"),
        ("    loop: {state: engine, colour: red}\n", "unknown field 'colour'"),
    ],
)
def test_a_matrix_that_says_too_little_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wrong: str, said: str
) -> None:
    path = tmp_path / "matrix.yaml"
    path.write_text("jinja:\n  engine: Jinja2\n  features:\n" + wrong, encoding="utf-8")
    monkeypatch.setattr(module, "FILE", path)
    with pytest.raises(ContentError, match=said):
        module.matrix.__wrapped__()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_refused_feature_is_refused_in_print_or_a_quality_that_the_export_speaks_of(dialect: str) -> None:
    from tests.dialects.test_printing import refused_features

    cells = matrix()[dialect].features
    refused = {feature for feature, cell in cells.items() if cell.state is State.REFUSED}
    assert refused - QUALITIES == refused_features(dialect) - PARTLY.get(dialect, set())
    asked = {feature for feature, cell in cells.items() if cell.confirm}
    assert asked <= QUALITIES | PAGES | PROGRAMMABLE.get(dialect, set())


PROGRAMMABLE = {"hubspot": {Feature.VARIABLE, Feature.CONDITION, Feature.COMPARISON, Feature.SEGMENT}}
"""What needs a setting of the account's to work at all."""
PARTLY = {
    "hubspot": {Feature.COMPARISON},
    "iterable": {Feature.COMPARISON, *PAGES},
    "listmonk": {Feature.COMPARISON},
    "mailchimp": {Feature.COMPARISON},
    "mautic": {Feature.FALLBACK},
    "salesforce": {Feature.COMPARISON, Feature.LOOP},
    "sendgrid": {Feature.COMPARISON, *PAGES},
}
"""What a dialect does, though not for every text and not everywhere; the notes of the matrix say so."""

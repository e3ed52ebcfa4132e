"""The confidence score: documented components, bounds, renormalising, thresholds by kind and tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.contract import DecisionContract
from app.brand.tiers import Tier
from app.llm.scripted import ScriptedModel
from app.scoring import confidence as module
from app.scoring.confidence import (
    LOGPROB_BEST,
    LOGPROB_WORST,
    WEIGHTS,
    Evidence,
    confidence,
    content_words,
    vocabulary_of,
)
from app.verdicts.decisions import Confidence, Outcome
from tests import factories
from tests.generation.desk import LINES, Desk, answering, slot

FULL = Evidence(
    fields={"subject": "Come back outside", "preheader": "Take the long way home."},
    mean_logprob=(LOGPROB_BEST + LOGPROB_WORST) / 2,
    message="come back outside",
    must_say=(),
    vocabulary=vocabulary_of(["Come outside and take the long way."]),
    rivals=("Pack light and leave early.",),
    warnings=0,
)

texts = st.text(max_size=60)
evidence = st.builds(
    Evidence,
    fields=st.dictionaries(st.sampled_from(["subject", "preheader"]), texts, min_size=1),
    mean_logprob=st.none() | st.floats(-20, 0),
    message=texts,
    must_say=st.lists(texts, max_size=3).map(tuple),
    vocabulary=st.frozensets(st.text(min_size=1, max_size=8), max_size=10),
    rivals=st.lists(texts, max_size=4).map(tuple),
    warnings=st.integers(0, 50),
)


def changed(**values: object) -> Confidence:
    """The score of FULL with some evidence replaced."""
    return confidence(Evidence(**{**FULL.__dict__, **values}), 0.5)


def test_every_component_is_documented_with_its_weight() -> None:
    documented = dict(
        line.split()[:2]
        for line in (module.__doc__ or "").splitlines()
        if line.strip() and line.split()[0] in WEIGHTS
    )
    assert {name: float(weight) for name, weight in documented.items()} == WEIGHTS
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_with_all_evidence_every_component_is_shown_with_its_own_weight() -> None:
    parts = confidence(FULL, 0.5).parts
    assert {name: weight for name, (_, weight) in parts.items()} == pytest.approx(WEIGHTS)


@given(evidence=evidence, threshold=st.floats(0, 1))
def test_the_score_and_its_parts_stay_in_bounds_and_add_up(evidence: Evidence, threshold: float) -> None:
    found = confidence(evidence, threshold)
    assert 0 <= found.score <= 1
    assert all(0 <= value <= 1 and 0 < weight <= 1 for value, weight in found.parts.values())
    assert sum(weight for _, weight in found.parts.values()) == pytest.approx(1, abs=0.01)
    assert sum(value * weight for value, weight in found.parts.values()) == pytest.approx(
        found.score, abs=0.01
    )
    assert set(found.parts) <= set(WEIGHTS)
    assert found.sufficient is (found.score >= threshold)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"mean_logprob": None}, "model_probability"),
        ({"vocabulary": frozenset()}, "voice_fit"),
        ({"message": "", "must_say": ()}, "brief_coverage"),
        ({"rivals": ()}, "distinctness"),
    ],
)
def test_a_missing_component_is_dropped_and_the_others_keep_their_proportion(
    values: dict[str, object], missing: str
) -> None:
    parts = changed(**values).parts
    assert set(parts) == set(WEIGHTS) - {missing}
    rest = 1 - WEIGHTS[missing]
    for name, (_, weight) in parts.items():
        assert weight == pytest.approx(WEIGHTS[name] / rest, abs=0.001)


@pytest.mark.parametrize(
    ("name", "worse"),
    [
        ("model_probability", {"mean_logprob": LOGPROB_WORST}),
        ("voice_fit", {"vocabulary": vocabulary_of(["come and go"])}),
        ("brief_coverage", {"message": "wild garlic soup in the snow"}),
        ("distinctness", {"rivals": ("Come back outside",)}),
        ("warnings", {"warnings": 2}),
    ],
)
def test_each_component_lowers_the_score_by_itself(name: str, worse: dict[str, object]) -> None:
    good, bad = changed(), changed(**worse)
    assert bad.parts[name][0] < good.parts[name][0]
    assert bad.score < good.score
    others = set(WEIGHTS) - {name}
    assert {n: bad.parts[n] for n in others} == {n: good.parts[n] for n in others}


def test_a_missed_must_say_lowers_the_coverage() -> None:
    missed = changed(must_say=("{offer.discount}", "wild garlic", "snow shoes"))
    assert missed.parts["brief_coverage"][0] < changed().parts["brief_coverage"][0]


def test_words_count_by_their_stem_and_tokens_are_left_out() -> None:
    assert content_words("The walks and {product.name}") == content_words("walking")


def contract(**values: object) -> DecisionContract:
    return DecisionContract.model_validate({**factories.CONTRACT, **values})


def test_the_threshold_is_the_tiers_and_a_kind_can_only_raise_it() -> None:
    found = contract(confidence_by_kind={"hero": 0.55, "cta": 0.1})
    assert found.threshold("subject", Tier.LOW) == 0.4
    assert found.threshold("hero", Tier.LOW) == 0.55
    assert found.threshold("hero", Tier.RESTRICTED) == 0.7
    assert found.threshold("cta", Tier.LOW) == 0.4


@pytest.mark.parametrize(("threshold", "outcome"), [(0.0, Outcome.GENERATED), (1.0, Outcome.FELL_BACK)])
def test_the_threshold_of_the_tier_decides_and_is_kept(
    desk: Desk, threshold: float, outcome: Outcome
) -> None:
    """The hero states a product, and the contract puts copy with a product into another tier."""
    desk.contract["tiers"]["facts"] = {"product": "elevated"}
    desk.contract["confidence"]["elevated"] = threshold
    desk.contract["reasks"] = 0
    lines = [line for line in LINES["hero"] if "{product.name}" in line["body"]]
    answer = slot(desk.only("hero").run(ScriptedModel(answering({"hero": lines}))), "hero").answer
    assert answer.decision.outcome is outcome
    if outcome is Outcome.GENERATED:
        assert answer.decision.confidence is not None
        assert answer.decision.confidence.threshold == threshold
    else:
        assert "is under 1.00" in answer.refused[0].why

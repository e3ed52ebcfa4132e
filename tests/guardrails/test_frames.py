"""Frames find an effect and what it is said of near one another, whatever stands between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.models import ClaimRules, Frame
from app.guardrails.fold import shadows
from app.guardrails.frames import MOST_PLACES, Frames
from app.guardrails.matcher import Matcher, Wording

RELIEF = (("goodbye to", "heal*", "no more", "ease*"), ("knee*", "pain"))


def found(text: str, **given: object) -> list[str]:
    frame = Frame.model_validate({"groups": RELIEF, **given})
    spans = Frames([[frame]]).search(text, {}).get(0, [])
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "stretch"),
    [
        ("say goodbye to aching knees", ["goodbye to aching knees"]),
        ("knees that heal overnight", ["knees that heal"]),
        ("no more knee trouble", ["no more knee"]),
        ("it heals. your knees", []),
        ("it heals your 2.5 year old knees", ["heals your 2.5 year old knees"]),
        ("it heals, or so they say in the village, knees", []),
        ("wheal knees", []),
        ("a kneeling bench that eases", ["kneeling bench that eases"]),
        ("pain", []),
        ("", []),
    ],
)
def test_words_of_each_group_near_one_another(text: str, stretch: list[str]) -> None:
    assert found(text) == stretch


@pytest.mark.parametrize(
    "text",
    [
        "it does not heal knees",
        "this will never ease your pain",
        "a cream without promises to heal knees",
        "there is no evidence that magnets heal knees",
        "the myth of stones that heal knees",
        "it heals no knees",
        "knees that this will not heal",
    ],
)
def test_a_negation_or_a_disclaimer_before_it_turns_it_round(text: str) -> None:
    assert found(text) == []
    assert len(found(text, negated=True)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "it not only heals knees",
        "no doubt it heals knees",
        "no. it heals knees",
        "not sure? heal knees",
        "don't wait, heal your knees",
        "it never fails to heal knees",
        "no other balm heals knees",
        "why not heal your knees",
        "no risk: heal your knees",
        "who says it won't heal knees",
    ],
)
def test_what_only_looks_like_a_negation_does_not(text: str) -> None:
    assert len(found(text)) == 1


def test_the_order_of_the_groups_counts_where_it_is_asked_for() -> None:
    assert found("knees that heal", ordered=True) == []
    assert found("heal knees", ordered=True) == ["heal knees"]


def test_sentences_are_bridged_where_it_is_asked_for() -> None:
    assert found("it heals. your knees", across=True) == ["heals. your knees"]
    assert found("it heals. your knees. " + "one two three " * 3 + "heal", across=True) == [
        "heals. your knees"
    ]


def test_a_group_takes_over_lists_by_their_names() -> None:
    rule = {
        "id": "relief",
        "category": "health_claim",
        "family": "legal",
        "frames": [{"groups": [["ease*", "$gone"], ["$body"]]}],
        "message": "m",
        "suggestion": "s",
        "source": "s",
        "fails": ["f"],
        "passes": ["p"],
    }
    words = {"gone": ["goodbye to", "no more"], "body": ["knee*"]}
    (built,) = ClaimRules.model_validate({"words": words, "rules": [rule]}).rules
    assert built.frames[0].groups == (("ease*", "goodbye to", "no more"), ("knee*",))
    with pytest.raises(ValueError, match="names no list under 'words'"):
        ClaimRules.model_validate({"rules": [rule]})


def test_distance_is_counted_from_the_first_to_the_last_word() -> None:
    assert found("heal one two three knees", within=5) == ["heal one two three knees"]
    assert found("heal one two three knees", within=4) == []


def test_one_word_does_not_stand_for_two_groups() -> None:
    frame = Frame(groups=(("knee", "pain"), ("knee", "pain")))
    assert Frames([[frame]]).search("knee", {}) == {}
    assert Frames([[frame]]).search("knee pain", {}) == {0: [(0, 9)]}


def test_places_that_overlap_are_one_and_their_number_is_bounded() -> None:
    assert found("heal heal knees knees") == ["heal heal knees"]
    assert len(found("heal knees. " * 100)) == MOST_PLACES


def test_a_word_inside_an_exception_does_not_count() -> None:
    rule = Wording(id="r", message="m", exceptions=("knee socks",), frames=(Frame(groups=RELIEF),))
    matcher = Matcher([rule])
    assert matcher.hits(shadows("knee socks that ease the day")) == ()
    assert len(matcher.hits(shadows("Knee socks that ease your pain"))) == 1


@given(st.text(st.sampled_from("heal knees.!? no\n"), max_size=200))
def test_every_stretch_lies_in_one_sentence_and_in_the_text(text: str) -> None:
    for stretch in found(text):
        assert stretch.strip()
        assert "\n" not in stretch
        assert len(stretch.split()) <= 8

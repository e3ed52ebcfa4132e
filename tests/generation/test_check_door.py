"""The check door: one verdict a line, in order, whatever the line holds."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brand.models import Variable
from app.brand.segments import Segment
from app.errors import UsageError
from app.generation import check_door
from app.generation.check_door import CATEGORIES, CheckDoor, Tally, format_text
from app.guardrails.rulebook import RuleBook
from tests.factories import AS_OF, CITY, make_brand
from tests.release.content import SEGMENT

DOOR = CheckDoor(RuleBook.of(make_brand()), "en-US", "US", AS_OF)
PACKS = CheckDoor(RuleBook.of_packs(()), "en-US", None, AS_OF)
CONTRACT = {"id", "verdict", "findings", "unchecked"}
FINDING = {"rule", "category", "family", "severity", "start", "end", "message", "suggestion"}


def ask(door: CheckDoor = DOOR, **line: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(door.check(json.dumps(line)).as_json())
    assert set(answer) == CONTRACT
    assert all(set(item) == FINDING for item in answer["findings"])
    return answer


def test_the_line_of_the_contract() -> None:
    answer = ask(id="a", text="The boots cure colds, it cures all", field="body", facts={})
    assert answer["id"] == "a"
    assert answer["verdict"] == "fail"
    (finding,) = [item for item in answer["findings"] if item["category"] == "health_claim"]
    assert finding["severity"] == "block"
    assert "The boots cure colds, it cures all"[finding["start"] : finding["end"]] == "cures"


def test_without_facts_grounding_is_unchecked_and_only_warns() -> None:
    answer = ask(id=1, text="Save 20% today", field="subject")
    assert "grounding" in answer["unchecked"]
    values = [item for item in answer["findings"] if item["rule"] == "values"]
    assert {item["severity"] for item in values} == {"warn"}
    assert "grounding" not in ask(id=1, text="Hello there", facts={})["unchecked"]


def test_with_an_empty_sheet_every_value_is_ungrounded() -> None:
    assert ask(id=1, text="Save 20% on boots", field="subject", facts={})["verdict"] == "fail"
    assert (
        ask(id=1, text="Save 20% on boots", field="subject", facts={"percent_off": 20})["verdict"] == "pass"
    )


def test_categories_that_nothing_judges_are_named() -> None:
    unchecked = set(ask(id=1, text="Hello there", facts={})["unchecked"])
    assert {"earnings_claim", "guarantee"} <= unchecked <= set(CATEGORIES)
    judged = {"health_claim", "ungrounded_number", "sensitive_inference", "url_not_allowed", "pii_leak"}
    assert not judged & unchecked
    alone = set(ask(PACKS, id=1, text="Hello there", facts={})["unchecked"])
    assert "health_claim" in alone
    elsewhere = set(ask(id=1, text="Hallo daar", locale="nl-NL", facts={})["unchecked"])
    assert {"testimonial_fabricated", "competitor_disparagement"} <= elsewhere
    assert "sensitive_inference" not in elsewhere


def test_a_language_without_rules_is_not_run() -> None:
    answer = ask(id=1, text="Jetzt kaufen", locale="fr-FR", facts={})
    assert answer["verdict"] == "not_run"
    assert any("gave no answer" in item["message"] for item in answer["findings"])


def test_allowed_variables_pass_in_both_forms() -> None:
    facts = {"allowed_vars": ["first_name"]}
    assert ask(id=1, text="Hello {{ first_name }}", facts=facts)["verdict"] == "pass"
    assert ask(id=1, text="Hello, {person.first_name}", facts=facts)["verdict"] == "pass"
    assert ask(id=1, text="Hello {{ last_name }}", facts=facts)["verdict"] == "fail"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("nope", "no line of JSON"),
        ("[]", "must be an object"),
        ('{"id": 1}', "'text' is missing"),
        ('{"id": 1, "text": 5}', "'text' must be text"),
        ('{"id": 1, "text": "a", "text": "b"}', "stands twice"),
        ('{"id": 1, "txt": "a"}', "unknown key 'txt'"),
        ('{"id": 1, "text": "a", "field": "title"}', "is no field"),
        ('{"id": 1, "text": "a", "locale": "xx"}', "is no locale"),
        ('{"id": 1, "text": "a", "market": "usa"}', "is no market"),
        ('{"id": 1, "text": "a", "segment": "nobody"}', "unknown segment"),
        ('{"id": 1, "text": "a", "facts": []}', "must be an object"),
        ('{"id": 1, "text": "a", "facts": {"prise": 1}}', "did you mean 'price'"),
        ("[" * 100_000, "no line of JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error(line: str, words: str) -> None:
    result = DOOR.check(line, 7)
    answer = result.as_dict()
    assert answer["verdict"] == "error"
    assert words in answer["findings"][0]["message"]
    assert "grounding" in answer["unchecked"]
    assert words in format_text(result)


def test_a_stream_keeps_its_order_and_goes_on_after_a_bad_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_door, "MAX_LINE", 200)
    good = b'{"id": %d, "text": "Hello there", "facts": {}}\n'
    stream = io.BytesIO(
        b"\xef\xbb\xbf"
        + good % 1
        + b"nope\n\n"
        + b"x" * 1000
        + b"\n"
        + b"\xff\n"
        + good % 2
        + (good % 3).strip()
    )
    results = list(DOOR.check_stream(stream))
    tally = Tally()
    for result in results:
        tally.add(result)
    assert [(item.id, item.verdict.value) for item in results] == [
        (1, "pass"),
        (None, "error"),
        (None, "error"),
        (None, "error"),
        (2, "pass"),
        (3, "pass"),
    ]
    assert [item.line for item in results] == [1, 2, 4, 5, 6, 7]
    assert tally.status == 1


def test_the_exit_status_is_0_when_all_pass() -> None:
    tally = Tally()
    assert tally.status == 0
    tally.add(DOOR.check('{"id": 1, "text": "Hello there", "facts": {}}'))
    assert tally.status == 0


def test_the_stream_is_read_line_by_line() -> None:
    class Watched(io.BytesIO):
        asked = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            Watched.asked += 1
            return super().readline(size)

    lines = b'{"id": 1, "text": "Hello there"}\n' * 50
    results = DOOR.check_stream(Watched(lines))
    next(results)
    assert Watched.asked == 1


@pytest.mark.parametrize(
    ("segment", "verdict"), [("weekend_hikers", "pass"), ("campers", "fail"), (None, "pass")]
)
def test_a_segment_without_the_consent_gets_no_line_with_the_variable(
    segment: str | None, verdict: str
) -> None:
    given = {"weekend_hikers": ["personalisation"], "campers": []}
    segments = {
        name: Segment.model_validate({**SEGMENT, "id": name, "aliases": [], "consents": consents})
        for name, consents in given.items()
    }
    brand = make_brand(variables={"person.city": Variable.model_validate(CITY)}, segments=segments)
    door = CheckDoor(RuleBook.of(brand), "en-US", "US", AS_OF)
    facts = {"allowed_vars": ["city"]}
    answer = ask(door, id=1, text="A quiet walk near {{ city }}", segment=segment, facts=facts)
    assert answer["verdict"] == verdict
    why = [item["message"] for item in answer["findings"] if item["category"] == "unapproved_variable"]
    assert why == (
        [
            "{{ city }} may not be used without consent: "
            "segment campers lacks consent personalisation for person.city"
        ]
        if verdict == "fail"
        else []
    )


def test_bad_options_are_usage_errors() -> None:
    with pytest.raises(UsageError, match="no locale"):
        CheckDoor(RuleBook.of_packs(()), "english", None, AS_OF)


def test_the_text_format_cannot_move_the_cursor() -> None:
    shown = format_text(DOOR.check(json.dumps({"id": 1, "text": "Hi \x1b[2J there", "facts": {}})))
    assert "\x1b" not in shown
    assert "injection_markup" in shown


@given(st.text(max_size=120))
def test_any_text_gets_a_verdict_and_spans_inside_it(text: str) -> None:
    answer = ask(id=1, text=text, facts={})
    assert answer["verdict"] in {"pass", "fail", "not_run"}, answer
    for item in answer["findings"]:
        assert 0 <= item["start"] <= item["end"] <= len(text)


@given(st.text(max_size=60))
def test_any_line_gets_an_answer(line: str) -> None:
    assert set(json.loads(DOOR.check(line).as_json())) == CONTRACT
    DOOR.check(line).as_json().encode()

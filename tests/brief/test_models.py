"""The brief: what is refused and where, and facts of a target that cannot all be true."""

import copy
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.brief.facts import Feed
from app.brief.models import Brief, Journey, Target, Window, as_of_default, contradictions
from app.errors import ContentError
from app.yaml12 import read_as
from tests.content.small_brand import BRIEF
from tests.release.content import dump

SEND = "2026-11-20T09:00:00+00:00"


def refused(tmp_path: Path, path: tuple[str | int, ...], value: object) -> str:
    """The one problem of the brief with `value` at `path`."""
    data = copy.deepcopy(BRIEF)
    place: Any = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    dump(tmp_path / "b.yaml", data)
    with pytest.raises(ContentError) as caught:
        read_as(tmp_path / "b.yaml", Brief, "b.yaml")
    (problem,) = caught.value.problems
    return str(problem)


def test_a_sound_brief() -> None:
    brief = Brief.model_validate(BRIEF)
    assert brief.journey is Journey.WINBACK
    assert [item.id for item in brief.segments] == ["hikers"]
    assert brief.slots[0].variants == 2
    assert as_of_default(brief.targets[0]) == dt.datetime.fromisoformat(SEND)


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("jorney",), "x", "b.yaml:65:1: jorney: unknown field 'jorney' (did you mean 'journey'?)"),
        (("journey",), "winbak", "b.yaml:5:1: journey: 'winbak' is not known here (did you mean 'winback'?)"),
        (("id",), "Autumn 1", "b.yaml:1:1: id: 'Autumn 1' is not written as it has to be here"),
        (("message",), "", "b.yaml:8:1: message: should not be so short (at least 1 character)"),
        (("segments",), [], "b.yaml:10:1: segments: should have more entries (at least 1 entry)"),
        (("segments",), "hikers", "b.yaml:10:1: segments: should be a list"),
        (("segments",), ["hikers", "hikers"], "segment 'hikers' is listed twice"),
        (("segments",), ["hikers", {"id": "hikers", "message": "x"}], "segment 'hikers' is listed twice"),
        (
            ("segments",),
            [{"id": "hikers", "mesage": "x"}],
            "unknown field 'mesage' (did you mean 'message'?)",
        ),
        (("slots", 1, "kind"), "subject", "slot 'subject' is listed twice"),
        (("slots", 0, "variants"), 0, "b.yaml:14:3: slots.0.variants: should be greater than or equal to 1"),
        (("slots", 0, "variants"), 11, "slots.0.variants: should be less than or equal to 10"),
        (
            ("slots", 0, "reuse"),
            "always",
            "slots.0.reuse: 'always' is not known here (known: never, offer, prefer)",
        ),
        (
            ("slots", 0, "on_fallback"),
            "hald",
            "slots.0.on_fallback: 'hald' is not known here (did you mean 'hold'?)",
        ),
        (("targets", 1, "locale"), "en-US", "target 'en-US' is listed twice"),
        (
            ("targets", 0, "locale"),
            "english",
            "targets.0.locale: 'english' is not written as it has to be here",
        ),
        (("targets", 0, "market"), "USA", "targets.0.market: 'USA' is not written as it has to be here"),
        (("targets", 0, "links"), {}, "targets.0.links: should have more entries (at least 1 entry)"),
        (
            ("targets", 0, "links", "home"),
            "http://x.example",
            "targets.0.links.home: 'http://x.example' is not",
        ),
        (
            ("targets", 0, "links", "home"),
            "https://x.example/{a.b}",
            "targets.0.links.home: 'https://x.example/",
        ),
        (
            ("targets", 0, "window", "time_zone"),
            "Europe/Londn",
            "targets.0.window.time_zone: 'Europe/Londn' is no IANA time zone, such as Europe/London",
        ),
        (("targets", 0, "window", "time_zone"), "../../etc/passwd", "is no IANA time zone"),
        (("targets", 0, "window", "time_zone"), "", "is no IANA time zone"),
        (("targets", 0, "window", "send_at"), "2026-11-20T09:00:00", "should name its time zone"),
        (("targets", 0, "window", "send_at"), "0.5", "a moment is written like 2026-11-27T09:00:00+01:00"),
        (("targets", 0, "window", "send_at"), 1_795_000_000, "a moment is written like"),
        (("targets", 0, "window", "send_at"), "next Friday", "a moment is written like"),
        (
            ("targets", 0, "facts"),
            {"price": {"kind": "code", "role": "code", "value": "X", "source": "s"}},
            "targets.0.facts.price: 'price' is not written as it has to be",
        ),
        (("targets", 0, "facts"), {"a.price": {}}, "targets.0.facts.a.price: 'kind' is missing"),
        (
            ("targets", 0, "facts"),
            {"a.price": {"kind": "mony"}},
            "targets.0.facts.a.price.kind: 'mony' is not known here (did you mean 'money'?)",
        ),
        (
            ("targets", 0, "facts"),
            {"a.off": {"kind": "percent", "role": "discount", "value": 20, "source": "s", "vlue": 1}},
            "unknown field 'vlue' (did you mean 'value'?)",
        ),
        (
            ("targets", 0, "facts"),
            {"a.off": {"kind": "percent", "role": "price", "value": 20, "source": "s"}},
            "targets.0.facts.a.off.role: 'price' is not known here",
        ),
        (
            ("targets", 0, "facts"),
            {"a.code": {"kind": "code", "role": "product", "value": "X", "source": "s"}},
            "targets.0.facts.a.code: a fact of kind 'code' has the role 'code', not 'product'",
        ),
    ],
)
def test_what_a_brief_may_not_hold(
    tmp_path: Path, path: tuple[str | int, ...], value: object, problem: str
) -> None:
    found = refused(tmp_path, path, value)
    assert problem in found
    assert found.startswith("b.yaml:")
    assert int(found.split(":")[1]) >= 1


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/New_York"])
def test_zones_that_exist(zone: str) -> None:
    assert Window.model_validate({"send_at": SEND, "time_zone": zone}).time_zone == zone


def test_a_number_in_place_of_segments_is_explained() -> None:
    with pytest.raises(ValidationError, match="valid tuple"):
        Brief.model_validate({**BRIEF, "segments": 5})


def money(role: str, value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "money", "role": role, "value": value, "currency": "USD", "source": "s", **more}


def deadline(value: str, **more: Any) -> dict[str, Any]:
    return {"kind": "deadline", "role": "ends", "value": value, "source": "s", **more}


def starts(value: str) -> dict[str, Any]:
    return {"kind": "date", "role": "starts", "value": value, "source": "s"}


def target(facts: dict[str, Any], zone: str = "UTC") -> Target:
    window = {"send_at": SEND, "time_zone": zone}
    links = {"home": "https://fernhill.example/"}
    return Target.model_validate(
        {"locale": "en-US", "market": "US", "window": window, "links": links, "facts": facts}
    )


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({}, []),
        ({"p.price": money("price", "129"), "p.was_price": money("was_price", "159")}, []),
        (
            {"p.price": money("price", "159"), "p.was_price": money("was_price", "129")},
            [(("facts", "p.price"), "price 159 is not below was_price 129 ('p.was_price')")],
        ),
        (
            {"p.price": money("price", "129"), "p.was_price": money("was_price", "129")},
            [(("facts", "p.price"), "price 129 is not below was_price 129 ('p.was_price')")],
        ),
        ({"p.price": money("price", "159"), "q.was_price": money("was_price", "129")}, []),
        (
            {"p.price": money("price", "129"), "p.was_price": money("was_price", "159", currency="EUR")},
            [(("facts", "p.price"), "is in USD, 'p.was_price' in EUR")],
        ),
        ({"o.ends": deadline("2026-11-20T09:00:01+00:00")}, []),
        (
            {"o.ends": deadline("2026-11-20T08:59:00+00:00")},
            [(("facts", "o.ends"), "ended 2026-11-20 08:59, before the email is sent")],
        ),
        (
            {"p.price": money("price", "129", valid_until="2026-11-19T00:00:00+00:00")},
            [(("facts", "p.price"), "is not valid when the email is sent")],
        ),
        (
            {"p.price": money("price", "129", valid_from="2026-11-21T00:00:00+00:00")},
            [(("facts", "p.price"), "is not valid when the email is sent")],
        ),
        ({"o.starts": starts("2026-12-01"), "o.ends": deadline("2026-12-01T10:00:00+00:00")}, []),
        (
            {"o.starts": starts("2026-12-02"), "o.ends": deadline("2026-12-01T10:00:00+00:00")},
            [(("facts", "o.ends"), "ends before 'o.starts' starts")],
        ),
        ({"a.starts": starts("2026-12-02"), "o.ends": deadline("2026-12-01T10:00:00+00:00")}, []),
    ],
)
def test_contradictions(facts: dict[str, Any], found: list[tuple[tuple[str, ...], str]]) -> None:
    assert [(path, message) for path, message, _ in contradictions(target(facts))] == found
    assert all(expected for _, _, expected in contradictions(target(facts)))


def test_a_price_in_the_feed_has_to_hold_when_the_email_is_sent() -> None:
    made = target({})
    for until, found in (("2026-11-20T09:00:00+00:00", 0), ("2026-11-20T08:59:00+00:00", 1)):
        item = {
            "name": "Fell Sock",
            "price": money("price", "18", valid_until=until),
            "link": "https://fernhill.example/sock",
        }
        given = {"source": "shop", "observed_at": "2026-11-20T08:00:00+00:00", "items": [item]}
        feed = Feed.model_validate(given)
        problems = contradictions(made.model_copy(update={"feed": feed}))
        assert [path for path, _, _ in problems] == [("feed", "items", 0, "price")] * found


def test_the_day_of_an_end_is_the_readers_day() -> None:
    facts = {"o.starts": starts("2026-12-02"), "o.ends": deadline("2026-12-02T03:00:00+00:00")}
    assert contradictions(target(facts)) == []
    assert len(contradictions(target(facts, "America/New_York"))) == 1


def test_the_sheet_of_a_target() -> None:
    made = target({"p.price": money("price", "129")}, "America/New_York")
    sheet = made.fact_sheet()
    assert (sheet.locale, sheet.time_zone) == ("en-US", "America/New_York")
    assert sheet.render("p.price") == "$129"

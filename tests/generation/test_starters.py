"""Starter briefs for brands that nobody here has seen, at any time of the year."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.models import Brief, Journey
from app.errors import ContentError, UsageError
from app.generation.starters import AHEAD, GOOD_DAYS, home_zone, next_send, starter, suiting
from app.release.library import ContentLibrary
from app.settings import content_root
from app.yaml12 import parse
from tests.release.content import SEGMENT, Content

STARTERS = content_root() / "examples" / "starters"
NOW = dt.datetime(2026, 11, 27, 15, 30, tzinfo=dt.UTC)
ZONES = st.sampled_from(["America/New_York", "Europe/London", "Asia/Kolkata", "Pacific/Auckland", "UTC"])


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path)


def written(library: ContentLibrary, journey: str = "cart_reminder", root: Path = STARTERS) -> Brief:
    text = starter(library, root, journey, now=NOW, file="brief.yaml").text
    brief, problems = parse(text, "brief.yaml").build(Brief)
    assert brief is not None, problems
    return brief


@pytest.mark.parametrize("journey", Journey)
def test_a_small_brand_without_offers_or_pictures_gets_a_brief_that_passes(
    content: Content, journey: Journey
) -> None:
    brief = written(content.write().load(), journey.value)
    assert brief.journey is journey
    assert brief.segments[0].id == "weekend_hikers"
    assert brief.targets[0].window.time_zone == "America/New_York"


def test_a_brand_with_suppression_segments_only_has_nobody_to_write_to(content: Content) -> None:
    content.files["segments.yaml"] = {"segments": [{**SEGMENT, "layer": "suppression"}]}
    with pytest.raises(UsageError, match="nobody to write to"):
        written(content.write().load())


def test_a_word_of_the_names_counts_more_than_one_of_the_inclusion(content: Content) -> None:
    told = {**SEGMENT, "id": "told_us", "aliases": [], "inclusion": "put something in the cart"}
    named = {**SEGMENT, "id": "cart_people", "aliases": []}
    content.files["segments.yaml"] = {"segments": [SEGMENT, told, named]}
    brand = content.write().load().brand
    assert [s.id for s in suiting(brand, Journey.CART_REMINDER)] == ["cart_people"]
    content.files["segments.yaml"] = {"segments": [SEGMENT, told]}
    brand = content.write().load().brand
    assert [s.id for s in suiting(brand, Journey.CART_REMINDER)] == ["told_us"]


def test_words_of_the_template_that_the_brand_bans_are_reported_at_their_line(
    content: Content, tmp_path: Path
) -> None:
    root = tmp_path / "starters"
    root.mkdir()
    for path in STARTERS.iterdir():
        text = path.read_text("utf-8")
        (root / path.name).write_text(text.replace("something for lunch breaks", "that cures you"), "utf-8")
    with pytest.raises(ContentError) as caught:
        written(content.write().load(), root=root)
    (problem,) = caught.value.problems
    assert problem.file == "brief.yaml"
    assert problem.line > 1
    assert "message" in problem.field


@pytest.mark.parametrize(
    ("broken", "words"),
    [("{% if %}", "winback.yaml.jinja:1:1"), ("{{ nobody }}", "'nobody' is undefined")],
)
def test_a_template_that_cannot_be_read_is_named(
    content: Content, tmp_path: Path, broken: str, words: str
) -> None:
    (tmp_path / "winback.yaml.jinja").write_text(broken)
    with pytest.raises(ContentError, match=words):
        written(content.write().load(), "winback", tmp_path)


@given(st.integers(0, 60 * 24 * 365 * 4), ZONES)
def test_the_send_date_is_a_good_morning_that_leaves_time(minutes: int, zone: str) -> None:
    now = NOW + dt.timedelta(minutes=minutes)
    send = next_send(now, ZoneInfo(zone))
    assert send.weekday() in GOOD_DAYS
    assert (send.hour, send.minute) == (9, 0)
    assert AHEAD <= send.astimezone(dt.UTC) - now <= AHEAD + dt.timedelta(days=5, hours=2)


@given(st.integers(0, 60 * 24 * 365 * 4), ZONES)
def test_a_feed_that_was_observed_now_is_fresh_on_the_send_date(minutes: int, zone: str) -> None:
    now = NOW + dt.timedelta(minutes=minutes)
    frame = (STARTERS / "_frame.yaml.jinja").read_text("utf-8")
    lifetime = dt.timedelta(hours=int(frame.split("lifetime_hours: ")[1].split()[0]))
    observed = now.replace(minute=0)
    assert next_send(now, ZoneInfo(zone)).astimezone(dt.UTC) - observed <= lifetime


def offers_of(offsets: list[str]) -> list[dict[str, object]]:
    ladder = [{"tier": "standard", "percent": 5}]
    return [
        {
            "id": f"offer_{number}",
            "name": "An offer",
            "starts": f"2026-11-20T00:00:00{offset}",
            "ends": f"2027-01-20T00:00:00{offset}",
            "cap_percent": 10,
            "code": "OFFER",
            "ladder": ladder,
        }
        for number, offset in enumerate(offsets)
    ]


@pytest.mark.parametrize(
    ("offsets", "market", "zone"),
    [
        ([], "US", "America/New_York"),
        (["-08:00"], "US", "America/Los_Angeles"),
        (["-06:00", "-06:00", "-05:00"], "US", "America/Chicago"),
        (["-05:00"], "GB", "Europe/London"),
        ([], "XX", "UTC"),
    ],
)
def test_the_zone_is_the_one_whose_clock_the_offers_keep(
    content: Content, offsets: list[str], market: str, zone: str
) -> None:
    content.files["offers.yaml"] = {"offers": offers_of(offsets)}
    assert home_zone(content.write().load().brand, market).key == zone

"""`copydesk brief new`: a brief with comments for each journey and brand, which is answered as it is."""

import datetime as dt
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from app.brand.loader import brand_ids
from app.brief.models import Brief, Journey
from app.cli import main
from app.generation.plan import load_brief, plan
from app.release.library import ContentLibrary, load_library
from app.settings import content_root

ROOT = content_root()
BRANDS = ("larkfell", "oatmere")


def new(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["brief", "new", *arguments])


@pytest.fixture(scope="module", params=BRANDS)
def library(request: pytest.FixtureRequest) -> ContentLibrary:
    return load_library(ROOT / "brand", ROOT / "blocks", request.param)


@pytest.mark.parametrize("journey", Journey)
def test_a_new_brief_plans_without_a_problem(
    library: ContentLibrary, journey: Journey, tmp_path: Path
) -> None:
    path = tmp_path / "brief.yaml"
    brand = library.brand
    result = new(journey.value, "--brand", brand.id, "--out", str(path))
    assert result.exit_code == 0, result.output
    assert str(path) in result.output
    brief, document = load_brief(path, brand_ids(ROOT / "brand"))
    jobs = plan(brief, document, library)
    assert (brief.brand, brief.journey) == (brand.id, journey)
    assert {job.kind.id for job in jobs} >= {"subject", "hero", "cta", "footer"}
    _send_date_lies_ahead(brief, library)
    _slots_offer_a_choice_where_a_model_may_write(brief, library)
    _what_is_invented_says_so(brief, path)


def _send_date_lies_ahead(brief: Brief, library: ContentLibrary) -> None:
    window = brief.targets[0].window
    local = window.send_at.astimezone(ZoneInfo(window.time_zone))
    ahead = window.send_at - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=2) < ahead < dt.timedelta(days=9)
    assert (local.hour, local.minute) == (9, 0)
    assert brief.targets[0].locale == library.brand.identity.locales[0]
    feed = brief.targets[0].feed
    assert feed is None or feed.fresh_at(window.send_at)


def _slots_offer_a_choice_where_a_model_may_write(brief: Brief, library: ContentLibrary) -> None:
    written = library.brand.contract.may_generate
    assert {slot.kind: slot.variants for slot in brief.slots} == {
        slot.kind: 2 if slot.kind in written else 1 for slot in brief.slots
    }


def _what_is_invented_says_so(brief: Brief, path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.count("CHANGE") > 4
    target = brief.targets[0]
    assert {fact.source for fact in target.facts.values()} <= {"SAMPLE"}
    items = target.feed.items if target.feed else ()
    assert all(item.name.startswith("Sample ") for item in items)
    assert all(item.price.source == "SAMPLE" for item in items)


@pytest.mark.parametrize(
    ("journey", "segment"),
    [
        ("welcome", "new_subscribers"),
        ("onboarding", "new_members"),
        ("browse_abandonment", "pack_browsers"),
        ("cart_reminder", "cart_holders"),
        ("replenishment", "care_buyers"),
        ("post_purchase", "recent_buyers"),
        ("back_in_stock", "item_waiters"),
        ("winback", "lapsed_buyers"),
        ("newsletter", "newsletter_readers"),
    ],
)
def test_the_segments_suit_the_journey(journey: str, segment: str, tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    assert new(journey, "--brand", "larkfell", "--out", str(path)).exit_code == 0
    brief, _ = load_brief(path, ["larkfell"])
    assert brief.segments[0].id == segment


def test_without_out_the_file_is_named_after_brand_and_journey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert new("welcome", "--brand", "oatmere").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["oatmere_welcome.yaml"]


def test_a_file_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "brief.yaml"
    path.write_text("mine")
    result = new("welcome", "--brand", "oatmere", "--out", str(path))
    assert result.exit_code == 2
    assert "exists already" in result.output
    assert path.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "brief.yaml"
    result = new("welcome", "--brand", "oatmere", "--out", str(path))
    assert result.exit_code == 2
    assert f"{path} cannot be written" in result.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["card_reminder", "--brand", "larkfell"], "did you mean 'cart_reminder'?"),
        (["welcome", "--brand", "larkfel"], "did you mean 'larkfell'?"),
        (["welcome"], "say which: --brand larkfell or --brand oatmere"),
        (["../welcome", "--brand", "larkfell"], "there is no journey '../welcome'"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(
    arguments: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = new(*arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_every_journey() -> None:
    shown = CliRunner().invoke(main, ["brief", "new", "--help"]).output
    assert [journey for journey in Journey if journey.value not in shown] == []


def test_a_journey_without_a_starter_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "content"
    for name in ("brand", "blocks", "prompts", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "examples" / "starters" / "winback.yaml.jinja").unlink()
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    result = new("winback", "--brand", "oatmere", "--out", str(tmp_path / "brief.yaml"))
    assert result.exit_code == 2
    assert "examples/starters/winback.yaml.jinja: there is no such starter" in result.output

"""Whoever works on a target works under the words and rules of its language and market."""

import json
from pathlib import Path

import pytest

from app.brief.models import Target
from app.emails.models import FilledSlot
from app.emails.preview import compose_preview, render_preview
from app.errors import ContentError
from app.generation.check_door import CheckDoor
from app.release.content import SlotContent
from app.release.coverage import prove_coverage
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary
from app.settings import content_root
from tests.release.content import AS_OF, COPY, Content, dump, query

SHOUT = {"avoid": [{"word": "rucksack", "instead": "pack", "why": "too British"}]}
ADDRESS = "Fernhill, 2 Moor Lane, Leeds LS1 4AB"


@pytest.fixture
def content(tmp_path: Path) -> Content:
    content = Content(tmp_path)
    content.files["markets/GB/voice.yaml"] = SHOUT
    content.files["markets/GB/brand.yaml"] = {"postal_address": ADDRESS}
    return content.write()


@pytest.fixture
def library(content: Content) -> ContentLibrary:
    return content.load()


def test_the_rules_of_a_view_are_compiled_once(library: ContentLibrary) -> None:
    british = library.localised("en-GB")
    assert british.rulebook is library.localised("en-GB", "GB").rulebook
    assert british.brand.identity.postal_address == ADDRESS
    assert british.blocks is library.blocks
    assert library.localised("en-US") is library


@pytest.mark.parametrize(("locale", "market", "refused"), [("en-US", None, False), ("en-US", "GB", True)])
def test_a_judge_judges_by_the_view_of_its_place(
    library: ContentLibrary, locale: str, market: str | None, refused: bool
) -> None:
    content = SlotContent("hero", {**COPY["hero"], "headline": "A rucksack for a long day"}, None)
    report = LibraryJudge(library, locale, market=market)(content, facts=query().facts, as_of=AS_OF)
    assert any("rucksack" in finding.message for finding in report.blocking) is refused


def test_each_block_is_judged_in_each_of_its_locales(content: Content) -> None:
    content.blocks["hero/evergreen"][0]["copy"] = {**COPY["hero"], "headline": "A rucksack for long days"}
    found = [str(problem) for problem in prove_coverage(content.write().load(), as_of=AS_OF)]
    assert len([line for line in found if "rucksack" in line]) == 1
    assert any("block 'hero_evergreen' in en-GB is refused by voice" in line for line in found)
    assert "no evergreen hero for en-GB passes the guardrails" in "\n".join(found)


def test_the_check_door_judges_each_line_by_its_own_place(library: ContentLibrary) -> None:
    door = CheckDoor(library.rulebook, "en-US", None, AS_OF)
    line = {"id": 1, "text": "A rucksack for a long day", "facts": {}}
    answers = [
        door.check(json.dumps({**line, **place})) for place in ({}, {"market": "GB"}, {"locale": "en-GB"})
    ]
    assert [answer.verdict.value for answer in answers] == ["pass", "fail", "fail"]


@pytest.mark.parametrize(("market", "shown"), [("GB", True), ("US", False)])
def test_an_email_has_the_address_of_its_market(library: ContentLibrary, market: str, shown: bool) -> None:
    target = Target.model_validate(
        {
            "locale": "en-US",
            "market": market,
            "window": {"send_at": AS_OF},
            "links": {"home": "https://fernhill.example/"},
        }
    )
    slots = [FilledSlot(kind="footer", copy_fields=COPY["footer"])]
    mail = compose_preview(
        library.brand, "welcome", "x", target, target.fact_sheet(), slots, partials=content_root() / "blocks"
    )
    assert (ADDRESS in render_preview(mail).text) is shown


def test_an_overlay_that_cannot_be_compiled_disables_the_brand(content: Content) -> None:
    dump(
        content.brands / "fernhill" / "markets" / "US" / "voice.yaml",
        {"avoid": [{"word": "\u200b", "why": "nothing is left of it"}]},
    )
    with pytest.raises(ContentError, match="holds nothing that can be found in a text"):
        content.load()

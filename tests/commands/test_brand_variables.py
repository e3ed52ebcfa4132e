"""`copydesk brand variables`: who uses what about a reader, on which grounds, and what nobody uses."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests import factories
from tests.copywriting.listing import LEFT
from tests.db.factories import make_draft, make_record, make_run
from tests.generation.desk import Desk
from tests.release.content import SEGMENT, item

CLUB = {**factories.CITY, "name": "person.club", "consent": "stories", "kinds": ["educational"]}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A brand with three variables, two of which wait for a consent; nobody uses the third."""
    desk = Desk.at(tmp_path)
    files = desk.content.files
    files["variables.yaml"] = {
        "consents": list(factories.CONSENTS),
        "variables": [*factories.VARIABLES, factories.CITY, CLUB],
    }
    files["segments.yaml"] = {
        "segments": [
            {**SEGMENT, "consents": ["personalisation"]},
            {**SEGMENT, "id": "campers", "aliases": []},
            {**SEGMENT, "id": "complaint", "aliases": [], "layer": "suppression"},
        ]
    }
    files["compliance.yaml"] = {"disclosures": [{**factories.DISCLOSURES[0], "triggers": ["{person.city}"]}]}
    desk.content.blocks["cta/winback"] = [
        item("cta_city", "cta", copy={"label": "Walk in {person.city}"}, twin="cta_near"),
        item("cta_near", "cta", copy={"label": "Walk near home"}),
    ]
    desk.write()
    monkeypatch.setenv("COPYDESK_CONTENT", str(desk.root))
    monkeypatch.setenv("COPYDESK_DATABASE", desk.database)
    return desk


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["brand", "variables", *arguments])


def as_json(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    (found,) = json.loads(result.stdout)
    return dict(found)


def by_name(found: dict[str, Any], name: str) -> dict[str, Any]:
    return dict(next(entry for entry in found["variables"] if entry["name"] == name))


def test_each_variable_has_its_grounds_its_users_and_its_limits(desk: Desk) -> None:
    city = by_name(as_json(run("fernhill", "--format", "json")), "person.city")
    assert city["purpose"] == "show walks that are near"
    assert (city["basis"], city["consent"]) == ("consent", "personalisation")
    assert city["fallback"] == "your town"
    assert (city["kinds"], city["prompt_kinds"]) == (["hero", "cta"], ["hero", "cta"])
    assert (city["segments"], city["lacking"]) == (["weekend_hikers"], ["campers"]), "suppression aside"
    file = "blocks/fernhill/cta/winback.yaml"
    lines = (desk.root / file).read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "id: cta_city" in text)
    assert city["blocks"] == [{"id": "cta_city", "file": file, "line": line, "twin": "cta_near"}]
    assert city["disclosures"] == ["free_terms"]


def test_kinds_that_no_model_writes_have_no_prompt(desk: Desk) -> None:
    club = by_name(as_json(run("fernhill", "--format", "json")), "person.club")
    assert (club["kinds"], club["prompt_kinds"]) == (["educational"], [])


def test_what_needs_no_consent_is_for_every_segment(desk: Desk) -> None:
    name = by_name(as_json(run("--format", "json")), "person.first_name")
    assert (name["segments"], name["lacking"]) == (["weekend_hikers", "campers"], [])


def test_consents_say_who_lacks_them_and_unused_variables_are_named(desk: Desk) -> None:
    found = as_json(run("fernhill", "--format", "json"))
    first, second = found["consents"]
    assert (first["id"], first["variables"]) == ("personalisation", ["person.city"])
    assert (first["segments"], first["lacking"]) == (["weekend_hikers"], ["campers"])
    assert (second["segments"], second["lacking"]) == ([], ["weekend_hikers", "campers"])
    assert found["unused"] == ["person.first_name", "person.club"]


def test_without_a_database_drafts_are_not_counted_and_none_is_made(desk: Desk) -> None:
    result = run("fernhill", "--format", "json")
    assert by_name(as_json(result), "person.city")["drafts"] is None
    assert "stored drafts were not looked at" in result.stderr
    assert not (desk.root / "desk.db").exists()


def test_stored_drafts_count_as_use(desk: Desk) -> None:
    store = desk.store()
    record = make_record(store.start_run(make_run()))
    store.save_slot(record, [make_draft(copy_fields={"label": "Hello {person.first_name}"})])
    store.close()
    found = as_json(run("fernhill", "--format", "json"))
    assert by_name(found, "person.first_name")["drafts"] == 1
    assert found["unused"] == ["person.club"]


def test_the_text_for_people_says_the_same(desk: Desk) -> None:
    result = run("fernhill")
    assert result.exit_code == 0
    told = " ".join(result.stdout.split())
    for words in (
        "fernhill: 3 variables, 2 consents",
        "{person.city} meaning the town that the reader lives in purpose show walks that are near",
        "basis consent 'personalisation'",
        "may get it weekend_hikers may not campers",
        "blocks/fernhill/cta/winback.yaml:2 cta_city, twin cta_near",
        "prompts of no kind: no model is told of it",
        "may get it every segment",
        "consent stories wording 'Send me stories of other walkers'",
        "given by none lacking in weekend_hikers, campers",
        "nobody uses: person.first_name, person.club",
    ):
        assert words in told


def test_lists_say_their_grounds_who_may_not_get_them_and_who_keeps_them(desk: Desk) -> None:
    listed = {**LEFT, "basis": "consent", "consent": "personalisation"}
    desk.content.files["variables.yaml"]["lists"] = [listed]
    desk.write()
    told = " ".join(run("fernhill").stdout.split())
    for words in (
        "3 variables, 2 consents, 1 list",
        "list left_behind, up to 2 items meaning the things that the reader put into the cart",
        "basis consent 'personalisation' may get it weekend_hikers may not campers",
        "accounts none",
        "needed for person.city, left_behind",
    ):
        assert words in told
    (found,) = as_json(run("fernhill", "--format", "json"))["lists"]
    assert (found["id"], found["lacking"]) == ("left_behind", ["campers"])


def test_an_unknown_brand_is_refused_with_the_nearest(desk: Desk) -> None:
    result = run("fernhil")
    assert result.exit_code == 2
    assert "did you mean 'fernhill'?" in result.output

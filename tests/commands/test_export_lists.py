"""Products of a list that the platform keeps: asked for by a brief, mapped by an account, exported."""

import email
import email.policy
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import app.main
from app.dialects.dialect import Feature
from app.dialects.matrix import matrix
from app.dialects.registry import DIALECTS
from app.llm.scripted import ScriptedModel
from tests.commands.exporting import (
    BRIEF,
    OWN,
    PREFERENCES,
    account,
    approved,
    choose,
    confirming,
    export,
    on,
    run,
)
from tests.copywriting.listing import LEFT, listing
from tests.copywriting.office import BY, Office
from tests.dialects import cases
from tests.dialects.engines import ENGINES, Engine
from tests.dialects.test_engines import IDS, same
from tests.generation.desk import answering

FOLDER = Path("out/en-US/weekend_hikers")
IMAGE = "https://images.fernhill.example/mail/logo.png"
CALLED = {"name": "title", "link": "url", "image": "picture", "price": "cost"}
"""What the account calls the fields of an item."""
NO_LOOP = {"hubspot", "mailchimp", "mautic"}


def placed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Commands work in this office, whose account keeps the list in `basket`."""
    root = office.desk.root
    monkeypatch.setenv("COPYDESK_CONTENT", str(root))
    monkeypatch.setenv("COPYDESK_DATABASE", office.desk.database)
    monkeypatch.setenv("COPYDESK_PERSON", "pat@fernhill.example")
    monkeypatch.setattr(app.main, "build_models", lambda settings: (ScriptedModel(answering()),))
    monkeypatch.chdir(root)
    account(office, OWN + mapped("basket"))
    return office


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """An office whose brief shows what readers left in the cart."""
    office = Office.at(tmp_path)
    listing(office)
    return placed(office, monkeypatch)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The same with everything chosen, for tests that change the account alone."""
    office = Office.at(tmp_path_factory.mktemp("office"))
    listing(office)
    with pytest.MonkeyPatch.context() as monkeypatch:
        chosen(placed(office, monkeypatch))
    return office


@pytest.fixture
def office(shared: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    shutil.rmtree(shared.desk.root / "out", ignore_errors=True)
    return placed(shared, monkeypatch)


def mapped(path: str, fields: dict[str, str] | None = None) -> str:
    return f"lists: {json.dumps({'left_behind': {'path': path, 'fields': fields or CALLED}})}\n"


def chosen(office: Office) -> None:
    for kind, draft in approved(office).items():
        choose(kind, "--draft", draft)
    choose("recommendations", "--block", "picks_evergreen")
    assert choose("footer", "--block", "footer_evergreen").exit_code == 0


def at(platform: str, path: str, first_name: str) -> str:
    """The account at a platform, which confirms all that it may be asked to."""
    asked = [feature.value for feature, cell in matrix()[platform].features.items() if cell.confirm]
    text = on(platform, PREFERENCES, mapped(path), *([confirming(*asked)] if asked else []))
    return text.replace("person.first_name: first_name", f"person.first_name: {json.dumps(first_name)}")


def items() -> list[dict[str, str | None]]:
    """The sample items as a platform has them: the bare one with a blank, an empty and a null field."""
    first, _, third = LEFT["samples"]
    bare = {"title": " ", "url": "", "picture": None}
    return [
        {CALLED[field]: IMAGE if field == "image" else value for field, value in first.items()},
        bare,
        {CALLED[field]: value for field, value in third.items()},
    ]


def preview(name: str) -> tuple[str, str]:
    """The page and the plain text of a preview."""
    message = email.message_from_bytes(
        (FOLDER / f"previews/{name}.eml").read_bytes(), policy=email.policy.default
    )
    body = message.get_body(("plain",))
    assert body is not None
    return (FOLDER / f"previews/{name}.html").read_text(encoding="utf-8"), str(body.get_content())


GIVEN: dict[str, tuple[str, dict[str, Any]]] = {
    "several": ("known", {"basket": items()}),
    "one": ("one_item", {"basket": items()[:1]}),
    "none": ("no_items", {"basket": []}),
    "null": ("no_items", {"basket": None}),
    "absent": ("no_items", {}),
}
"""What a reader's list holds, and the preview that is the same."""


@pytest.mark.parametrize("engine", ENGINES, ids=IDS)
def test_the_platform_shows_the_preview_whatever_the_list_holds(office: Office, engine: Engine) -> None:
    names = engine.names
    path, first_name = names.lists[cases.BASKET].path, names.variables[cases.FIRST]
    account(office, at(engine.dialect, path, first_name))
    result = export()
    if engine.dialect in NO_LOOP:
        assert result.exit_code == 2
        assert "cannot do this (loop)" in result.output
        return
    assert result.exit_code == 0, result.output
    html, text = ((FOLDER / name).read_text(encoding="utf-8") for name in ("email.html", "email.txt"))
    given = [engine.given({**data, "first_name": "Jo"}, None) for _, data in GIVEN.values()]
    if engine.dialect == "sendgrid":  # it takes white space for a value, as its matrix says
        given = json.loads(json.dumps(given).replace('" "', '""'))
    pages = engine.render([(html, data, False) for data in given])
    texts = engine.render([(text, data, True) for data in given])
    for (name, _), page, words in zip(GIVEN.values(), pages, texts, strict=True):
        shown, read = preview(name)
        assert same(page) == same(shown)
        assert words.split() == read.split()


@pytest.mark.parametrize("platform", sorted(NO_LOOP))
def test_a_platform_without_loops_refuses_with_the_reason(office: Office, platform: str) -> None:
    account(office, at(platform, "contact.items" if platform == "hubspot" else "items", "first_name"))
    result = export()
    assert result.exit_code == 2
    assert matrix()[platform].features[Feature.LOOP].why in result.output
    assert not Path("out").exists()


def test_every_platform_is_tried_or_refuses() -> None:
    tried = {engine.dialect for engine in ENGINES} | NO_LOOP
    assert set(DIALECTS) - tried == {"salesforce"}


def test_salesforce_loops_over_a_rowset_and_warns_that_nobody_proved_it(office: Office) -> None:
    account(office, at("salesforce", "@basket", "First Name"))
    result = export()
    assert result.exit_code == 0, result.output
    html = (FOLDER / "email.html").read_text(encoding="utf-8")
    assert "%%[ IF RowCount(@basket) > 0 THEN ]%%" in html
    assert "Field(@item,'title')" in html
    assert matrix()["salesforce"].features[Feature.LOOP].why in result.output
    account(office, at("salesforce", "basket", "First Name"))
    assert "an attribute holds no list" in export().output


def test_previews_show_a_full_list_one_item_and_none(office: Office) -> None:
    assert export().exit_code == 0
    full, one, none, unknown = (preview(name) for name in ("known", "one_item", "no_items", "unknown"))
    heading = "Picked for your days outside"
    for page, text in (full, one):
        assert heading in page
        assert heading in text
    assert ("$84.00" in full[0], "Something you chose" in full[0], "Enamel mug" in full[0]) == (
        True,
        True,
        False,
    )
    assert 'href="https://fernhill.example/p/tent?size=2&amp;colour=moss"' in full[0]
    assert "Something you chose" not in one[0]
    assert '* Tents & "mats", $84.00\nhttps://fernhill.example/p/tent?size=2&colour=moss\n' in full[1]
    assert "* Something you chose\nhttps://fernhill.example/cart\n" in full[1]
    for page, text in (none, unknown):
        assert heading not in page
        assert heading not in text
        assert "Picked" not in page
    tree = [re.sub(r">[^<]+<", "><", page) for page, _ in (none, unknown)]
    assert tree[0] == tree[1]


def test_the_package_says_what_the_account_has_to_fill_in(office: Office) -> None:
    export()
    note = (FOLDER / "HANDOFF.md").read_text(encoding="utf-8")
    assert "left_behind, in `basket`; of each item `picture` (image), `url` (link), `title` (name)" in note
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["lists"] == {"weekend_hikers recommendations": "left_behind"}
    assert (FOLDER / "images/logo.png").is_file()


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ("", "platforms/own.yaml has no lists.left_behind: where the account keeps the list"),
        (
            mapped("basket", {"name": "title", "link": "url", "image": "picture"}),
            "platforms/own.yaml has no lists.left_behind.fields.price: what the account calls it",
        ),
        (mapped("bas ket"), "Jinja2 has no property 'bas ket'"),
        (mapped("basket", {**CALLED, "name": "it's"}), "items of a list at Jinja2 have no property 'it's'"),
    ],
)
def test_what_the_account_does_not_map_refuses_the_export(office: Office, lists: str, expected: str) -> None:
    account(office, OWN + lists)
    result = export()
    assert result.exit_code == 2
    assert expected in " ".join(result.output.split())
    assert not Path("out").exists()


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        (mapped("basket").replace("left_behind", "left_behnd"), "'left_behnd' is no list of the brand"),
        (mapped("basket", {"nam": "title"}), "items of 'left_behind' have no 'nam'"),
    ],
)
def test_brand_check_knows_the_lists_of_an_account(office: Office, lists: str, expected: str) -> None:
    account(office, OWN + lists)
    result = run("brand", "check", "fernhill")
    assert result.exit_code != 0
    assert expected in result.output
    assert "did you mean" in result.output
    assert re.search(r"platforms/own\.yaml:\d+:\d+", result.output)


@pytest.mark.parametrize("change", [("basket", "cart"), ('"title"', '"name"')])
def test_what_an_account_says_of_a_list_has_its_effect(office: Office, change: tuple[str, str]) -> None:
    assert export().exit_code == 0
    before = (FOLDER / "email.html").read_text(encoding="utf-8")
    account(office, (OWN + mapped("basket")).replace(*change))
    assert export().exit_code == 0
    assert (FOLDER / "email.html").read_text(encoding="utf-8") != before


def test_the_matrix_renders_a_list_full_with_one_item_bare_and_empty(fresh: Office) -> None:
    fresh.generate()
    for kind in ("subject", "hero", "cta"):
        fresh.approve(fresh.chosen(kind))
    result = run("brief", "matrix", BRIEF)
    assert result.exit_code == 0, result.output
    assert result.output.endswith(" renders, 0 with a fault\n")
    rendered = int(re.findall(r"([\d,]+) of", result.output)[0].replace(",", ""))
    assert rendered % 4 == 0


def test_an_export_becomes_stale_when_the_products_come_from_elsewhere(fresh: Office) -> None:
    chosen(fresh)
    export()
    assert run("exports", BRIEF).output.startswith("holds")
    fresh.desk.slots["recommendations"].pop("products_from")
    fresh.keep(BY)
    shown = run("exports", BRIEF).output
    assert "its products come from a feed now and came from left_behind" in shown


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        (
            {},
            {"products_from": "left_behnd"},
            "'left_behnd' is no list of the brand (did you mean 'left_behind'?)",
        ),
        (
            {"basis": "consent", "consent": "personalisation"},
            {},
            "segment weekend_hikers lacks consent personalisation",
        ),
    ],
)
def test_a_list_that_the_brief_cannot_have_is_refused_with_its_line(
    fresh: Office, changes: dict[str, Any], more: dict[str, Any], expected: str
) -> None:
    fresh.desk.content.files["variables.yaml"]["lists"] = [{**LEFT, **changes}]
    fresh.desk.slots["recommendations"].update(more)
    result = run("generate", str(fresh.write()), "--out", "out")
    assert result.exit_code == 2
    shown = " ".join(result.output.split())
    assert expected in shown
    assert "slots[3].products_from" in shown or "products_from" in shown


def test_generate_previews_the_block_with_the_samples(fresh: Office) -> None:
    result = run("generate", str(fresh.desk.write()), "--out", "out")
    assert result.exit_code == 0, result.output
    (page,) = Path("out").glob("emails/*/*/email.html")
    html, text = page.read_text(encoding="utf-8"), page.with_suffix(".txt").read_text(encoding="utf-8")
    for words in ("Picked for your days outside", "Something you chose", "$84.00"):
        assert words in html
        assert words in text
    assert "Enamel mug" not in html


def test_a_list_stands_in_a_kind_that_shows_products_and_without_a_feed(fresh: Office) -> None:
    fresh.desk.slots["hero"]["products_from"] = "left_behind"
    fresh.desk.target["feed"] = {
        "source": "shop",
        "observed_at": "2026-11-20T08:00:00+00:00",
        "items": [
            {
                "name": "Mug",
                "link": "https://fernhill.example/mug",
                "price": {
                    "kind": "money",
                    "role": "price",
                    "value": "9",
                    "currency": "USD",
                    "source": "shop",
                },
            }
        ],
    }
    shown = " ".join(run("generate", str(fresh.write()), "--out", "out").output.split())
    assert "a 'hero' shows no products" in shown
    assert "the products come from 'left_behind', so that nothing would show this feed" in shown

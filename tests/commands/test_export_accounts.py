"""What an account says, and what each platform gets."""

import re
import shutil
from pathlib import Path

import pytest

from app.copywriting.handoff import names_of
from app.dialects.dialect import Feature
from app.dialects.matrix import State, matrix, unproven
from app.dialects.nodes import Page, PageLink, Place
from app.dialects.printing import Printer
from app.dialects.registry import DIALECTS, dialect
from tests.commands.exporting import (
    BRIEF,
    OWN,
    PREFERENCES,
    account,
    all_chosen,
    conditional,
    confirming,
    export,
    on,
    run,
)
from tests.copywriting.office import Office


def test_an_unknown_account_is_named_with_the_nearest(office: Office) -> None:
    office.generate()
    result = run("export", BRIEF, "--account", "owm", "--out", "out")
    assert result.exit_code == 2
    assert "did you mean 'own'?" in result.output


def exported(office: Office) -> dict[str, bytes]:
    """All files of an export that do not name its id and moment."""
    shutil.rmtree("out", ignore_errors=True)
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    return {
        path.name: re.sub(rb"Exported \|.*", b"", path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


@pytest.mark.parametrize(
    ("change", "file"),
    [
        (("footer: copydesk", "footer: platform"), "email.html"),
        (("name: Our own sender", "name: The sender"), "HANDOFF.md"),
        (("images.fernhill", "pictures.fernhill"), "HANDOFF.md"),
        (("audience: Hikers", "audience: Walkers"), "HANDOFF.md"),
        (("source: fernhill", "source: shop"), "email.html"),
        (("variant: true", "variant: false"), "email.html"),
        (("variant: true", "variant: true, medium: letter"), "email.html"),
    ],
)
def test_what_an_account_says_has_its_effect(office: Office, change: tuple[str, str], file: str) -> None:
    all_chosen(office)
    before = exported(office)
    account(office, OWN.replace(*change))
    after = exported(office)
    assert before[file] != after[file]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("id: own", "id: other"), "is 'other', the file is 'own'"),
        (("person.first_name: first_name", "person.frist_name: x"), "'person.frist_name' is no variable"),
        (("weekend_hikers:", "weekend_hiker:"), "'weekend_hiker' is no segment"),
        (("footer: copydesk", "footer: nobody"), "'nobody' is not known here"),
        (("property: group, value: weekend_hikers", "property: group"), "property and value stand together"),
    ],
)
def test_a_fault_of_an_account_is_named_with_its_place(
    office: Office, change: tuple[str, str], expected: str
) -> None:
    office.write()
    account(office, OWN.replace(*change))
    result = run("brand", "check", "fernhill")
    assert result.exit_code != 0
    assert expected in result.output
    assert re.search(r"platforms/own\.yaml:\d+:\d+", result.output)


@pytest.mark.parametrize("platform", DIALECTS)
def test_the_same_approved_content_goes_to_every_platform(office: Office, platform: str) -> None:
    all_chosen(office)
    asked = [feature.value for feature, cell in matrix()[platform].features.items() if cell.confirm]
    account(office, on(platform, PREFERENCES, *([confirming(*asked)] if asked else [])))
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    html = (folder / "email.html").read_text(encoding="utf-8")
    unknown = (folder / "previews/unknown.html").read_text(encoding="utf-8")
    tag = html[html.index("text-decoration:underline") - 200 :].split('href="')[1].split('"')[0]
    assert "https://preview.example/unsubscribe" not in html
    # Go's templates drop comments that no tag holds, those for Outlook among them.
    held = re.sub(r"\{\{ Safe `(.*?)` \}\}", r"\1", html, flags=re.DOTALL)
    assert unknown.replace("https://preview.example/unsubscribe", tag, 1) == held
    note = (folder / "HANDOFF.md").read_text(encoding="utf-8")
    for doubt in unproven(platform, [Feature.UNSUBSCRIBE]):
        assert doubt.cell.why in note


FIRST_NAME = {
    "customerio": "customer.first_name",
    "hubspot": "contact.firstname",
    "keila": "contact.first_name",
    "listmonk": "Subscriber.FirstName",
    "mailchimp": "FNAME",
}
"""What the first name is called where it has another path than with us."""


@pytest.mark.parametrize("platform", DIALECTS)
def test_no_file_of_a_package_holds_a_mark_of_our_own(office: Office, platform: str) -> None:
    """Whoever takes the MJML as the source of the email sends what is in it."""
    cells = matrix()[platform].features
    if cells[Feature.CONDITION].state is not State.REFUSED:
        named = {"variable": "person.first_name"}
        conditional(office, "hero", shown_when=named, otherwise="hero_evergreen")
    all_chosen(office)
    asked = [feature.value for feature, cell in cells.items() if cell.confirm]
    told = on(platform, PREFERENCES, *([confirming(*asked)] if asked else []))
    path = FIRST_NAME.get(platform, "first_name")
    account(office, told.replace("person.first_name: first_name", f"person.first_name: {path}"))
    result = export()
    assert result.exit_code == 0, result.output
    folder = Path("out/en-US/weekend_hikers")
    paths = [path for path in folder.rglob("*.*") if path.suffix != ".png"]
    files = {path.name: path.read_text(encoding="utf-8") for path in paths}
    assert [name for name, text in files.items() if "cdmark" in text or ".invalid/" in text] == []
    printed = Printer(dialect(platform), names_of(office.copydesk.library("fernhill").brand.accounts["own"]))
    unsubscribe = printed.print((PageLink(Page.UNSUBSCRIBE, Place.ATTRIBUTE),))
    assert unsubscribe in files["email.mjml"]
    assert unsubscribe in files["email.html"]


def test_an_unproven_unsubscribe_is_refused_until_somebody_confirms_it(office: Office) -> None:
    all_chosen(office)
    account(office, on("customerio", PREFERENCES))
    result = export()
    assert result.exit_code == 2
    assert "has to confirm what nobody has proven" in result.output
    assert "unsubscribe" in result.output
    assert not Path("out").exists()
    account(office, on("customerio", PREFERENCES, confirming("unsubscribe")))
    assert export().exit_code == 0


def test_what_a_platform_cannot_do_is_refused_with_the_reason(office: Office) -> None:
    all_chosen(office)
    account(office, on("braze"))
    result = export()
    assert result.exit_code == 2
    assert "Braze cannot do this (preferences)" in result.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (on("klavio"), "there is no dialect 'klavio' (did you mean 'klaviyo'?)"),
        (on("jinja", confirming("unsubscrib")), "'unsubscrib' is no feature"),
    ],
)
def test_brand_check_knows_platforms_and_their_features(office: Office, text: str, expected: str) -> None:
    office.write()
    account(office, text)
    result = run("brand", "check", "fernhill")
    assert result.exit_code != 0
    assert expected in " ".join(result.output.split())


def test_a_segment_that_the_account_does_not_name_refuses_the_export(office: Office) -> None:
    all_chosen(office)
    account(office, "\n".join(line for line in OWN.splitlines() if "weekend_hikers" not in line))
    result = export()
    assert result.exit_code == 2
    assert "does not say what it calls the segment 'weekend_hikers'" in result.output
    assert not Path("out").exists()

"""An export is stale once the same export would have other files, whatever the change was."""

from collections.abc import Callable

import pytest

from app.yaml12 import read
from tests import factories
from tests.commands.exporting import BRIEF, OWN, account, all_chosen, conditional, export, run, two_segments
from tests.copywriting.office import BY, Office
from tests.release.content import dump


def moved(office: Office) -> None:
    """The brand has another address."""
    path = office.desk.root / "brand" / "fernhill" / "brand.yaml"
    dump(path, {**read(path).data, "postal_address": "Fernhill, 9 Other Street, Portland, OR 97209"})


def renamed(office: Office) -> None:
    """The account keeps the first name elsewhere."""
    account(office, OWN.replace("person.first_name: first_name", "person.first_name: given_name"))


def rehosted(office: Office) -> None:
    """The account keeps pictures elsewhere."""
    account(office, OWN.replace("images.fernhill.example", "pictures.fernhill.example"))


def retold(office: Office) -> None:
    """The brief shows the hero to others, which ends its approval."""
    named = {"variable": "person.first_name", "equals": "Jo"}
    conditional(office, "hero", shown_when=named, otherwise="hero_evergreen")
    office.keep(BY)


def remapped(office: Office) -> None:
    """The account tells a segment otherwise."""
    account(office, OWN.replace("property: group, value: trail_runners", "property: group, value: runners"))


OTHERWISE = "exported today it would have another email.html"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        *((change, OTHERWISE) for change in (moved, renamed, rehosted)),
        (retold, "is not approved but in_review"),
    ],
)
def test_an_export_is_stale_once_it_would_be_another(
    office: Office, change: Callable[[Office], None], expected: str
) -> None:
    logo = {**factories.ASSETS["assets"][0], "use": ["logo"]}
    office.desk.content.files["assets/manifest.yaml"] = {**factories.ASSETS, "assets": [logo]}
    named = {"variable": "person.first_name"}
    conditional(office, "hero", shown_when=named, otherwise="hero_evergreen")
    all_chosen(office)
    assert export().exit_code == 0
    assert run("exports", BRIEF).output.startswith("holds")
    change(office)
    result = run("exports", BRIEF)
    assert result.exit_code == 1
    assert expected in " ".join(result.output.split())


def test_an_export_for_several_segments_is_stale_when_the_account_tells_them_otherwise(
    office: Office,
) -> None:
    two_segments(office)
    assert export("--together").exit_code == 0
    assert run("exports", BRIEF).output.startswith("holds")
    remapped(office)
    assert OTHERWISE in " ".join(run("exports", BRIEF).output.split())


def test_what_the_account_cannot_say_any_more_is_stale_with_the_reason(office: Office) -> None:
    conditional(office, "hero", shown_when={"variable": "person.first_name"}, otherwise="hero_evergreen")
    all_chosen(office)
    assert export().exit_code == 0
    account(office, OWN.replace("{person.first_name: first_name}", "{}"))
    result = run("exports", BRIEF)
    assert result.exit_code == 1
    assert "it would not be exported any more: " in result.output
    assert "person.first_name" in result.output

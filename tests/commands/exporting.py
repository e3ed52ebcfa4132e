"""What tests of `choose` and `export` do: an account, approved drafts, choices."""

from click.testing import CliRunner, Result

from app.cli import main
from tests.copywriting.office import Office

BRIEF = "fernhill_hello"
PLACE = ("--locale", "en-US", "--segment", "weekend_hikers")
OWN = """\
id: own
platform: jinja
name: Our own sender
footer: copydesk
images: https://images.fernhill.example/mail/
variables: {person.first_name: first_name}
segments:
  weekend_hikers: {audience: Hikers, property: group, value: weekend_hikers}
  trail_runners: {audience: Runners, property: group, value: trail_runners}
tracking: {source: fernhill, variant: true}
"""
PREFERENCES = "preferences: https://fernhill.example/choose"


def account(office: Office, text: str, name: str = "own") -> None:
    folder = office.desk.root / "brand" / "fernhill" / "platforms"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def choose(kind: str, *what: str) -> Result:
    return run("choose", BRIEF, *PLACE, "--slot", kind, *what)


def approved(office: Office) -> dict[str, str]:
    """The brief answered and one draft of each kind approved: their ids by kind."""
    office.generate()
    found = {}
    for kind in ("subject", "hero", "cta"):
        found[kind] = office.approve(office.chosen(kind)).id
    return found


def all_chosen(office: Office) -> dict[str, str]:
    drafts = approved(office)
    for kind, draft in drafts.items():
        assert "nobody has chosen" not in choose(kind, "--draft", draft).output.split(kind)[1].split("\n")[0]
    assert choose("footer", "--block", "footer_evergreen").exit_code == 0
    return drafts


def export(*more: str) -> Result:
    return run("export", BRIEF, "--account", "own", "--out", "out", *more)


def two_segments(office: Office) -> None:
    """A brief of two segments, each with copy of its own chosen."""
    office.brief["segments"] = ["weekend_hikers", "trail_runners"]
    office.generate()
    for number, segment in enumerate(("weekend_hikers", "trail_runners")):
        for kind in ("subject", "hero", "cta"):
            draft = office.approve(office.slots()["en-US", segment, kind].candidates[number].draft)
            place = ("--locale", "en-US", "--segment", segment, "--slot", kind)
            run("choose", BRIEF, *place, "--draft", draft.id)
        place = ("--locale", "en-US", "--segment", segment, "--slot", "footer")
        run("choose", BRIEF, *place, "--block", "footer_evergreen")


def conditional(office: Office, kind: str, **more: object) -> None:
    office.desk.slots[kind].update(more)


def on(platform: str, *more: str) -> str:
    """The account at another platform."""
    lines = [line for line in OWN.splitlines() if not line.startswith("platform:")]
    return "\n".join([*lines, f"platform: {platform}", *more]) + "\n"


def confirming(*features: str) -> str:
    entries = ", ".join(f"{{feature: {name}, by: pat@fernhill.example, on: 2026-11-20}}" for name in features)
    return f"confirmed: [{entries}]"

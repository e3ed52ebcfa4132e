"""`copydesk email`: finished emails, checked before they are sent."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.commands.common import as_json, settings_from

if TYPE_CHECKING:
    from app.emails.qa.report import QaReport


@click.group()
def email() -> None:
    """Finished emails: check them before they are sent."""


@email.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--brand", "brand_id", help="Whose hosts and address count; by default the brand of the run.")
@click.option("--locale", help="The language expected; by default the folder's, or what the HTML says.")
@click.option("--subject", help="The subject line, for an .html file.")
@click.option("--preheader", help="The preheader; by default the hidden words that the HTML begins with.")
@click.option(
    "--text",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The plain-text part, for an .html file.",
)
@click.option("--transactional", is_flag=True, help="The email needs no unsubscribe link.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
def email_check(  # noqa: PLR0917  # one parameter an option
    path: Path,
    brand_id: str | None,
    locale: str | None,
    subject: str | None,
    preheader: str | None,
    text: Path | None,
    transactional: bool,
    form: str,
) -> None:
    """Check a folder that `copydesk generate` or `copydesk export` wrote, an .html file or an .eml file.

    Of an export the previews are checked: its page holds the tags of a platform.

    Every rule has a severity and a source: docs/email_checks.md lists them. Rules that lack what they need,
    such as --brand for the hosts that links may lead to, are named as not checked.

    Exit status 0 without errors, 1 when a finding is an error, 2 for bad usage.
    """
    from app.emails.qa.report import check_email
    from app.main import finished_emails

    given = _given(subject, preheader, text, transactional)
    found = finished_emails(settings_from(), path, brand_id, locale, given)
    reports = {name: check_email(item) for name, item in found.items()}
    if form == "json":
        click.echo(as_json([_plain(name, report) for name, report in reports.items()]))
    else:
        _print(reports)
    sys.exit(0 if all(report.passes for report in reports.values()) else 1)


def _given(
    subject: str | None, preheader: str | None, text: Path | None, transactional: bool
) -> dict[str, object]:
    """The parts of the email that options give, by the names that EmailUnderTest has for them."""
    from app.errors import UsageError

    given: dict[str, object] = {"subject": subject, "preheader": preheader}
    if text is not None:
        try:
            given["text"] = text.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{text} cannot be read", "a text file in UTF-8") from error
    given["marketing"] = False if transactional else None
    return {name: value for name, value in given.items() if value is not None}


def _plain(name: str, report: "QaReport") -> dict[str, object]:
    return {"email": name, "passes": report.passes, **report.model_dump(mode="json")}


def _print(reports: "dict[str, QaReport]") -> None:
    from app.emails.qa.report import lines_of

    for number, (name, report) in enumerate(reports.items()):
        if len(reports) > 1:
            click.echo(f"{'' if number == 0 else chr(10)}{name}")
        for line in lines_of(report):
            click.echo(line)

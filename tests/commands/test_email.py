"""`copydesk email check`: folders of a run, pages and messages, for people and for programs."""

import json
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.brand.brand import Brand
from app.cli import main
from app.emails.preview import render_preview, write_preview
from app.emails.qa.email import EmailUnderTest
from tests.emails.qa.clean import SHOP, sent_email
from tests.emails.sample import all_slots, preview_of, sample_brand


def check(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["email", "check", *map(str, arguments)])


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    return sample_brand(tmp_path_factory.mktemp("brand"))


@pytest.fixture(scope="module")
def sent(brand: Brand) -> EmailUnderTest:
    return sent_email(brand)


@pytest.fixture
def run(brand: Brand, tmp_path: Path) -> Path:
    """What `copydesk generate` leaves, for two segments; its brand is one of the content."""
    rendered = render_preview(preview_of(brand, all_slots()))
    for segment in ("walkers", "campers"):
        write_preview(rendered, tmp_path / "run" / "emails" / "en-US" / segment)
    (tmp_path / "run" / "summary.json").write_text('{"brand": "larkfell"}', "utf-8")
    return tmp_path / "run"


def page_of(email: EmailUnderTest, folder: Path) -> Path:
    page = folder / "page.html"
    page.write_text(email.html, "utf-8")
    return page


def message_of(email: EmailUnderTest, path: Path, *, subject: str | None = None) -> Path:
    message = EmailMessage()
    message["Subject"] = subject or email.subject
    message.set_content(email.text or "")
    message.add_alternative(email.html, subtype="html")
    path.write_bytes(message.as_bytes())
    return path


def test_a_run_is_checked_email_by_email_by_its_brand(run: Path) -> None:
    result = check(run, "--format", "json")
    emails = json.loads(result.output)
    assert [email["email"] for email in emails] == ["en-US campers", "en-US walkers"]
    rules = {finding["rule"] for finding in emails[0]["findings"]}
    assert {
        "mandatory.no_address",
        "links.placeholder_host",
    } <= rules  # Fernhill's hosts are none of Larkfell
    assert result.exit_code == 1
    assert [item["rule"] for item in emails[0]["unchecked"]] == [
        "mandatory.no_one_click",
        "text_part.facts_differ",
    ]


def test_without_a_brand_the_run_is_clean_but_for_what_needs_one(run: Path) -> None:
    (run / "summary.json").unlink()
    result = check(run)
    assert "not checked for want of facts, headers, link_hosts, postal_address" in result.output
    assert "links.placeholder_host" in result.output
    assert result.exit_code == 1


def test_a_page_is_checked_with_what_is_given(sent: EmailUnderTest, tmp_path: Path) -> None:
    page, plain = page_of(sent, tmp_path), tmp_path / "page.txt"
    plain.write_text(sent.text or "", "utf-8")
    given = ("--subject", "New boots,, and a pot", "--text", plain, "--locale", "de-DE", "--format", "json")
    (report,) = json.loads(check(page, *given).output)
    rules = {finding["rule"] for finding in report["findings"]}
    assert {"leftovers.doubled_marks", "page.other_language"} <= rules
    assert not any(rule.startswith("text_part.") for rule in rules)
    (bare,) = json.loads(check(page, "--format", "json").output)
    assert {"inbox.subject_cut", "text_part.link_missing"} <= {item["rule"] for item in bare["unchecked"]}


def test_a_page_with_a_preheader_of_its_own(sent: EmailUnderTest, tmp_path: Path) -> None:
    result = check(
        page_of(sent, tmp_path), "--preheader", "Something that is not in the page at all, and long."
    )
    assert "The HTML does not begin with the preheader" in result.output


def test_a_message_brings_subject_text_and_pictures(sent: EmailUnderTest, tmp_path: Path) -> None:
    (report,) = json.loads(check(message_of(sent, tmp_path / "a.eml"), "--format", "json").output)
    wanting = {need for item in report["unchecked"] for need in item["needs"]}
    assert wanting == {"facts", "images", "link_hosts", "locale", "postal_address"}
    assert {finding["rule"] for finding in report["findings"]} <= {
        "links.placeholder_host",
        "mandatory.no_one_click",
        "clients.unknown_to_some",
    }
    spoilt = message_of(replace(sent, text="Buy"), tmp_path / "b.eml", subject="Hello , you")
    assert "text_part.link_missing" in check(spoilt).output
    assert "leftovers.broken_greeting" in check(spoilt).output


def test_a_clean_email_ends_with_0_and_a_warning_alone_does_too(sent: EmailUnderTest, tmp_path: Path) -> None:
    html = sent.html.replace(SHOP, "https://www.larkfell-shop.com").replace("www.fernhill.example.", "us.")
    page = page_of(replace(sent, html=html), tmp_path)
    result = check(
        page, "--subject", "A line that is far too long for any inbox on earth, phones and desktops alike"
    )
    assert "warning subject: The subject has" in result.output
    assert result.output.endswith("0 errors, 1 warning, 2 info\n")
    assert result.exit_code == 0


def test_an_order_confirmation_needs_no_way_out(sent: EmailUnderTest, tmp_path: Path) -> None:
    html = sent.html.replace("Unsubscribe", "Your orders").replace("/mail/unsubscribe", "/mail/orders")
    page = page_of(replace(sent, html=html), tmp_path)
    assert "mandatory.no_unsubscribe" in check(page).output
    assert "mandatory.no_unsubscribe" not in check(page, "--transactional").output


def test_bad_usage_is_named(sent: EmailUnderTest, run: Path, tmp_path: Path) -> None:
    page, empty = page_of(sent, tmp_path), tmp_path / "empty"
    empty.mkdir()
    notes = tmp_path / "notes.md"
    notes.write_text("x", "utf-8")
    latin = tmp_path / "latin.html"
    latin.write_bytes(b"<p>caf\xe9</p>")
    plain = tmp_path / "plain.eml"
    plain.write_bytes(b"Subject: x\r\n\r\nwords\r\n")
    for arguments, words in (
        ((empty,), "no email.html under"),
        ((notes,), "notes.md is no email"),
        ((latin,), "is not UTF-8"),
        ((plain,), "has no HTML part"),
        ((page, "--brand", "larkfel"), "there is no brand 'larkfel'"),
        ((page, "--brand", "larkfell", "--locale", "it-IT"), "does not write 'it-IT'"),
        ((page, "--text", latin), "cannot be read"),
        ((run, "--subject", "x"), "holds 2 emails"),
        ((tmp_path / "gone.html",), "does not exist"),
    ):
        result = check(*arguments)
        assert (result.exit_code, words in result.output) == (2, True), (arguments, result.output)

"""Every example brief runs to previews, and what would stop an email is found before a model is asked."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.settings import content_root

EXAMPLES = sorted(path for path in (content_root() / "examples").glob("*.yaml") if path.stem != "scripted")


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the content folders that a test may break."""
    folder = tmp_path / "content"
    for name in ("brand", "blocks", "prompts", "examples"):
        shutil.copytree(content_root() / name, folder / name)
    monkeypatch.setenv("COPYDESK_CONTENT", str(folder))
    return folder


def generate(brief: Path, out: Path) -> tuple[int, str]:
    arguments = ["generate", str(brief), "--model", "scripted", "--out", str(out)]
    result = CliRunner().invoke(main, [*arguments, "--database", f"sqlite:///{out.parent / 'test.db'}"])
    return result.exit_code, result.output


@pytest.mark.parametrize("brief", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_brief_ends_in_previews(brief: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    status, output = generate(brief, out)
    assert status == 0, output
    pages = list(out.glob("emails/*/*/email.html"))
    assert pages
    assert all("Preview - not approved" in page.read_text("utf-8") for page in pages)
    assert (out / "index.html").is_file()
    checked = CliRunner().invoke(main, ["email", "check", str(out), "--format", "json"])
    emails = json.loads(checked.output)
    assert len(emails) == len(pages)
    faults = [
        (email["email"], item) for email in emails for item in email["findings"] if item["severity"] != "info"
    ]
    assert faults == []
    assert checked.exit_code == 0


def test_a_value_in_a_subject_stands_in_title_and_preheader_as_plain_text(tmp_path: Path) -> None:
    brief = content_root() / "examples" / "larkfell_winback_offer.yaml"
    assert generate(brief, tmp_path / "out")[0] == 0
    page = (tmp_path / "out/emails/en-US/lapsed_buyers/email.html").read_text("utf-8")
    title = page.split("<title>")[1].split("</title>")[0]
    assert "%" in title
    assert "<span" not in title


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("blocks/hero/hero.mjml", None, "no email can be composed"),
        ("blocks/_layout/layout.mjml", None, "no email can be composed"),
        ("blocks/cta/cta.mjml", "<script>alert(1)</script>", "no email can be composed"),
        ("prompts/small/turn.jinja", None, "prompts/small/turn.jinja: the template is missing"),
        ("prompts/capable/system.jinja", "{% if %}", "prompts/capable/system.jinja:1:1"),
        ("prompts/journeys/winback.jinja", None, "prompts/journeys/winback.jinja: the journey has no prompt"),
    ],
)
def test_broken_templates_are_found_before_a_model_is_asked(
    content: Path, tmp_path: Path, file: str, text: str | None, words: str
) -> None:
    path = content / file
    if text is None:
        path.unlink()
    else:
        path.write_text(text, "utf-8")
    checked = CliRunner().invoke(main, ["brand", "check", "larkfell", "--as-of", "2026-11-27"])
    assert checked.exit_code == 1
    assert words in checked.output
    status, output = generate(EXAMPLES[0], tmp_path / "out")
    assert status == 2
    assert words in output
    assert not (tmp_path / "test.db").exists()


def test_one_email_that_cannot_be_rendered_does_not_take_the_others_along(
    content: Path, tmp_path: Path
) -> None:
    partial = content / "blocks" / "hero" / "hero.mjml"
    trap = "{% if 'details' in block.fields.headline.plain %}<script></script>{% endif %}"
    partial.write_text(partial.read_text("utf-8") + trap, "utf-8")
    status, output = generate(content / "examples" / "larkfell_browse_abandonment.yaml", tmp_path / "out")
    written = list((tmp_path / "out").glob("emails/*/*/email.html"))
    assert status == 2
    assert 0 < len(written) < 3
    assert "the other emails are written" in output


@pytest.mark.parametrize("name", ["scripted", "nope", "../examples/oatmere_welcome"])
def test_only_example_briefs_are_offered_to_the_demo(name: str) -> None:
    result = CliRunner().invoke(main, ["demo", "--brief", name])
    assert result.exit_code == 2
    assert "there is no example brief" in result.output


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_that_would_not_last_is_refused(url: str, tmp_path: Path) -> None:
    arguments = [
        "generate",
        str(EXAMPLES[0]),
        "--model",
        "scripted",
        "--out",
        str(tmp_path),
        "--database",
        url,
    ]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "name a file" in result.output

"""What mjml-python made is compared with what went in: nothing more, nothing less, nothing different."""

import mjml as mrml
import pytest

from app.brand.brand import Brand
from app.emails.output_check import check_html
from app.emails.preview import render_preview
from app.errors import RenderError
from tests.emails.sample import all_slots, preview_of


@pytest.fixture(scope="module")
def email(brand: Brand) -> tuple[str, str]:
    rendered = render_preview(preview_of(brand, all_slots()))
    return rendered.html, rendered.mjml


def test_what_was_rendered_passes(email: tuple[str, str]) -> None:
    check_html(*email)
    check_html(email[0].replace("friend", "Maria"))
    with pytest.raises(RenderError, match="holds <script>"):
        check_html(email[0].replace("friend", "<script>", 1))


def test_marks_that_stand_together_are_joined() -> None:
    marks = (f"<mj-raw>cdmark0123456789abcdefn{number}end</mj-raw>" for number in range(3))
    mjml = (
        '<mjml lang="en" dir="ltr"><mj-head></mj-head><mj-body>'
        + "\n".join(marks)
        + "<mj-section><mj-column><mj-text>a</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    html = mrml.mjml2html(mjml, disable_comments=True, fonts={})
    check_html(html, mjml)
    with pytest.raises(RenderError, match="other words"):
        check_html(html.replace("n1end", "n2end"), mjml)


ADDED = {
    "MJML": "<mj-foo>",
    "an image": '<img alt="" src="https://x.example/a.png">',
    "an image without alt": '<img src="https://x.example/a.png">',
    "a script": "<script></script>",
    "a form": "<form></form>",
    "a link": '<a href="https://x.example/">a</a>',
    "an upper case element": "<IMG>",
    "a comment": "<!-- note -->",
    "a processing instruction": "<?php x ?>",
    "a heading": "<h1>a</h1>",
    "words": "<p>more words</p>",
    "an open tag": "<p",
    "a stray end of a tag": "a > b",
    "a handler": '<p onclick="x"></p>',
    "an unquoted attribute": "<p class=x></p>",
    "an unknown attribute": '<p srcdoc="x"></p>',
    "a style that fetches": '<p style="background:url(https://x.example)"></p>',
    "a sheet that fetches": "<style>a { background: url(x) }</style>",
    "a refresh": '<meta http-equiv="refresh" content="0" />',
    "a background": '<td background="http://x.example/a.png"></td>',
}


@pytest.mark.parametrize("added", ADDED.values(), ids=list(ADDED))
def test_what_the_mjml_did_not_hold_is_refused(email: tuple[str, str], added: str) -> None:
    html, mjml = email
    with pytest.raises(RenderError):
        check_html(html.replace("</body>", f"{added}</body>"), mjml)


@pytest.mark.parametrize(
    ("whole", "changed"),
    [
        ('alt="Fernhill"', 'alt="Fern\\u{a0}hill"'),
        ('alt="Fernhill"', 'alt="Fern\\"hill"'),
        ('alt="Fernhill"', 'alt="Fern hill"'),
        ('alt="Fernhill"', 'alt=""'),
        ("?from=email&#38;page=2", "?from=email"),
        ("images/logo.png", "images/logo2.png"),
        ("a walk.", "a wa\\nlk."),
        ("<strong>Preview", "Preview"),
        ("a { text-decoration-thickness: 1px;", "a {"),
    ],
)
def test_what_came_out_otherwise_is_refused(email: tuple[str, str], whole: str, changed: str) -> None:
    html, mjml = email
    assert whole in html
    with pytest.raises(RenderError, match=r"came out|links to|holds"):
        check_html(html.replace(whole, changed, 1), mjml)


@pytest.mark.parametrize("value", ["a\nb", "a\u00a0b", "a\\b", "a\u00adb"])
def test_the_corruption_of_attributes_is_seen(value: str) -> None:
    """Without numeric references these come out of mjml-python as something else."""
    mjml = (
        '<mjml lang="en" dir="ltr"><mj-head></mj-head><mj-body><mj-section><mj-column>'
        f'<mj-image src="https://x.example/a.png" alt="{value}" width="10px"></mj-image>'
        "</mj-column></mj-section></mj-body></mjml>"
    )
    html = mrml.mjml2html(mjml, disable_comments=True, fonts={})
    with pytest.raises(RenderError, match="corrupted tag"):
        check_html(html, mjml)

"""The allow-list refuses what mjml-python would pass on, and the output check what it would corrupt."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.emails.allow_list import MAX_CHARS, MAX_DEPTH, MAX_PROBLEMS, check_mjml, mjml_problems
from app.emails.escape import escaped
from app.emails.mjml_render import mjml_to_html
from app.emails.style_sheet import style_sheet_problems
from app.errors import RenderError
from tests.emails.reading import Page
from tests.emails.sample import PARTIALS

TEMPLATES = sorted(PARTIALS.glob("*/*.mjml"))


def document(inside: str, head: str = "") -> str:
    return (
        f'<mjml lang="en" dir="ltr"><mj-head>{head}</mj-head><mj-body><mj-section>'
        f"<mj-column>{inside}</mj-column></mj-section></mj-body></mjml>"
    )


def text(inside: str) -> str:
    return document(f"<mj-text>{inside}</mj-text>")


def image(src: str, alt: str = "x") -> str:
    return document(f'<mj-image src="{src}" alt="{alt}" width="10px"></mj-image>')


def test_what_is_allowed_passes() -> None:
    check_mjml(text('<h1 style="margin:0;font-size:12px">A <strong>b</strong></h1>'), preview=False)
    check_mjml(image("https://img.example.com/a.png"), preview=False)
    check_mjml(text('<a href="mailto:a@b.example">x</a>'), preview=False)
    check_mjml(image("images/a.png"), preview=True)


REFUSED = {
    "unknown element": document("<mj-foo></mj-foo>"),
    "script": text("<script>alert(1)</script>"),
    "iframe": text('<iframe src="https://x.example"></iframe>'),
    "upper case": document("<MJ-TEXT>x</MJ-TEXT>"),
    "include": document('<mj-include path="/etc/passwd"></mj-include>'),
    "raw in the body": document("<mj-raw></mj-raw>"),
    "text in the body": '<mjml lang="en" dir="ltr"><mj-body><mj-text>x</mj-text></mj-body></mjml>',
    "section in a column": document("<mj-section></mj-section>"),
    "words in a column": document("words"),
    "unknown attribute": text('<span onclick="x">a</span>'),
    "unknown attribute of MJML": document('<mj-text onload="x">a</mj-text>'),
    "bad colour": document('<mj-text color="red;background:url(https://evil.example)">a</mj-text>'),
    "style with url": text('<span style="background-color:url(https://x.example)">a</span>'),
    "style position": text('<span style="position:fixed">a</span>'),
    "javascript": text('<a href="javascript:alert(1)">a</a>'),
    "javascript in references": text('<a href="&#106;avascript:alert(1)">a</a>'),
    "data": image("data:image/png;base64,AAAA"),
    "http": image("http://x.example/a.png"),
    "relative image": image("images/a.png"),
    "user in the address": text('<a href="https://a:b@x.example/">a</a>'),
    "no host": text('<a href="https:///x">a</a>'),
    "link without target": text("<a>a</a>"),
    "image without alt": document('<mj-image src="https://x.example/a.png" width="1px"></mj-image>'),
    "no language": "<mjml><mj-body></mj-body></mjml>",
    "comment": text("<!-- note -->"),
    "CDATA": text("<![CDATA[x]]>"),
    "instruction": "<?php x ?>" + text("x"),
    "document type": '<!DOCTYPE mjml [<!ENTITY a "b">]>' + text("x"),
    "entity": text("a&nbsp;b"),
    "unclosed": document("<mj-text>x"),
    "two titles": document("", "<mj-title>a</mj-title><mj-title>b</mj-title>"),
    "no body": '<mjml lang="en" dir="ltr"><mj-head></mj-head></mjml>',
    "two roots": text("x") + text("y"),
    "self-closing": document('<mj-image src="https://x.example/a.png" alt="" width="1px"/>'),
    "single quotes": text("<span style='color:#000000'>a</span>"),
    "doubled attribute": text('<span style="margin:0" style="padding:0">a</span>'),
    "raw letter in an attribute": image("https://x.example/a.png", "caf\u00e9"),
    "backslash in an attribute": image("https://x.example/a.png", "a\\b"),
    "line break in an attribute": image("https://x.example/a.png", "a\nb"),
    "control character in an attribute": image("https://x.example/a.png", "a&#7;b"),
    "import in the style sheet": document("", "<mj-style>@import 'x';</mj-style>"),
    "url in the style sheet": document("", "<mj-style>a { background: url(x) }</mj-style>"),
    "element in the style sheet": document("", "<mj-style>a<span></span></mj-style>"),
    "refresh": document("", '<mj-raw><meta http-equiv="refresh" content="0" /></mj-raw>'),
    "font": document("", '<mj-font name="x" href="https://x.example/f.css"></mj-font>'),
    "too deep": text("<strong><em>" * MAX_DEPTH + "</em></strong>" * MAX_DEPTH),
    "too many": text("<em></em>" * 2000),
    "too long": text("x" * MAX_CHARS),
    "deep enough to crash": "<mj-section>" * 9_500,
    "half a character": text("\ud800"),
}


@pytest.mark.parametrize("mjml", REFUSED.values(), ids=list(REFUSED))
def test_what_is_not_allowed_is_refused(mjml: str) -> None:
    with pytest.raises(RenderError):
        check_mjml(mjml, preview=False)


def places(mjml: str) -> list[tuple[int, int]]:
    return [(problem.line, problem.column) for problem in mjml_problems(mjml, preview=False)]


def test_each_problem_has_its_line_and_column() -> None:
    mjml = text('é</mj-text>\n  <mj-foo></mj-foo>\n<mj-text><span onclick="x">\n \ud83d</span>')
    assert places(mjml.replace("\ud83d", "<b>x</b>")) == [(2, 3), (3, 10), (4, 2)]
    assert places(mjml) == [(4, 2)]
    assert places(document("\n  some &#38; more words\nand more")) == [(2, 3), (3, 1)]
    assert places(text("\n\n é<script>x</script>")) == [(3, 3)]
    assert places(text("\n  <a href='https://x.example'>x</a>")) == [(2, 3)]
    assert places(text("x")[:-3]) == [(1, len(text("x")) - len("</mjml"))]


def test_all_problems_are_told_at_once() -> None:
    mjml = text('\n<span onclick="x" style="position:fixed">a</span>\n<a href="javascript:x">b</a><i>c</i>')
    with pytest.raises(RenderError) as told:
        check_mjml(mjml, preview=False)
    message = str(told.value)
    assert "line 2, column 1: <span> may not have onclick" in message
    assert 'line 2, column 1: <span style="position:fixed">' in message
    assert "line 3, column 1: <a href" in message
    assert "line 3, column 29: <i> is not allowed" in message
    assert len(mjml_problems(text("<i>x</i>" * 200), preview=False)) == MAX_PROBLEMS


STYLE_SHEETS = {
    "import": "@import 'x';",
    "charset": '@charset "x";',
    "font face": "@font-face { font-family: x; }",
    "keyframes": "@keyframes x { from { color: #000000; } }",
    "another media": "@media print { a { color: #000000; } }",
    "url": "a { background: url(x) }",
    "url with an escape": "a { background: u\\72l(x) }",
    "address": "a { background: //x.example/a.png }",
    "expression": "a { width: expression(alert(1)) }",
    "binding": "a { -moz-binding: none }",
    "behavior": "a { behavior: none }",
    "position": "a { position: fixed }",
    "content": "a { content: 'x' }",
    "attribute selector": "a[href] { color: #000000; }",
    "no declaration": "a { color }",
    "empty value": "a { color: ; }",
    "not closed": "a { color: #000000;",
    "closed twice": "a { color: #000000; } }",
    "nested": "a { b { color: #000000; } }",
    "media in media": "@media screen and (max-width: 400px) { @media (prefers-color-scheme: dark) { } }",
    "words after": "a { color: #000000; } b",
    "comment": "/* a */",
    "too long": "a { color: #000000; }" * 1000,
}


@pytest.mark.parametrize("css", STYLE_SHEETS.values(), ids=list(STYLE_SHEETS))
def test_the_style_sheet_holds_plain_rules_only(css: str) -> None:
    assert style_sheet_problems(css)
    with pytest.raises(RenderError):
        check_mjml(document("", f"<mj-style>{css}</mj-style>"), preview=False)


def test_problems_of_the_style_sheet_have_their_place() -> None:
    css = (
        "a { color: red; }\n@media (prefers-color-scheme: dark) {\n  b, .cd > p:first-child { top: 1px; }\n}"
    )
    (problem,) = style_sheet_problems(css)
    assert (problem.line, problem.column) == (3, 28)
    assert places(document("", f"\n<mj-style>{css}</mj-style>")) == [(4, 28)]
    first = css.replace("color", "top", 1)
    assert places(document("", f"\n<mj-style>{first}</mj-style>"))[0] == (2, 15)
    assert not style_sheet_problems(css.replace("top", "margin-top"))


def test_a_preview_shows_no_remote_image() -> None:
    with pytest.raises(RenderError, match="local images only"):
        check_mjml(image("https://x.example/a.png"), preview=True)
    with pytest.raises(RenderError):
        check_mjml(image("images/../../secret.png"), preview=True)
    mark = f"https://cdmark{'0a' * 8}n003end.invalid/"
    check_mjml(image(mark), preview=True)  # is filled in with a local one
    for almost in (f"{mark}a.png", mark.replace("invalid", "example"), mark.replace("https", "http")):
        with pytest.raises(RenderError):
            check_mjml(image(almost), preview=True)


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=60)
)
def test_any_words_come_through_whole(words: str) -> None:
    """In an attribute, in a title and in text, some of which mjml-python corrupts."""
    safe = escaped(words)
    mjml = document(
        f'<mj-image src="https://x.example/a.png" alt="{safe}" width="10px"></mj-image>'
        f"<mj-text>|{safe}|</mj-text>",
        f"<mj-title>{safe}</mj-title>",
    )
    check_mjml(mjml, preview=False)
    html, _ = mjml_to_html(mjml)
    page = Page(html)
    assert page.images[0]["alt"] == words
    assert f"|{words}|" in page.words


def test_a_large_email_is_a_warning() -> None:
    small, large = (mjml_to_html(text("x" * size))[1] for size in (1_000, 110_000))
    assert small == ()
    assert "cuts it off" in large[0]


def test_what_mjml_refuses_is_a_render_error() -> None:
    with pytest.raises(RenderError, match="mjml-python refused"):
        mjml_to_html("<mjml>")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_templates_are_right_for_other_parsers(path: Path) -> None:
    """Explicit closing tags and numeric entities only: builders read them as HTML and as XML."""
    source = path.read_text(encoding="utf-8")
    tags = re.sub(r"\{[%{].*?[%}]\}", "", source, flags=re.DOTALL)
    assert re.findall(r"&(?!#[0-9]+;)", tags) == []
    assert [tag for tag in re.findall(r"<([a-z0-9-]+)[^<>]*/>", tags) if tag != "meta"] == []
    assert source.isascii()
    assert "safe" not in re.findall(r"\w+", source)

"""The parts that rules stand on: the tree, style sheets, the cascade, colours, hosts, image files."""

import struct

import pytest

from app.emails.qa.colours import colour_in, over
from app.emails.qa.css import declarations_of, parse_stylesheet
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.hosts import belongs, looks_like, registrable
from app.emails.qa.pixels import size_of
from app.emails.qa.selectors import parse_selector
from app.emails.qa.styles import DARK, LIGHT, PHONE
from app.emails.qa.tree import parse_html
from tests.emails.sample import png


def test_elements_know_their_line_and_column() -> None:
    document = parse_html('<!doctype html>\n<p>one <b\nclass="x y">two</b></p>')
    bold = document.all("b")[0]
    assert (bold.line, bold.column, bold.words) == (2, 8, "two")
    assert bold.classes == {"x", "y"}
    assert document.doctype == "doctype html"


def test_left_out_end_tags_and_stray_ones_do_no_harm() -> None:
    document = parse_html("<ul><li>a<li>b</ul></div><p>c<p>d<table><tr><td>e<td>f<tr><td>g</table>h")
    assert [item.words for item in document.all("li", "p", "td")] == ["a", "b", "c", "d", "e", "f", "g"]
    assert document.root.words.endswith("h")


def test_comments_are_left_out_and_what_they_hide_from_others_is_kept() -> None:
    document = parse_html("<!--[if mso]><p>a</p><![endif]--><!--[if !mso]><!--><p>b</p><!--<![endif]-->")
    assert document.root.words == "b"


def test_a_style_sheet_is_rules_with_places_and_media() -> None:
    sheet = parse_stylesheet(
        '/* x */ a, .b > td { color: red !important; background: url("a;b{}.png") }\n'
        "@import url(x.css);\n@media (max-width: 479px) { .c { width: 10px } }\n.d { margin: 0 }",
        7,
        20,
    )
    first, inside, last = sheet.rules
    assert first.selectors == ("a", ".b > td")
    assert [(item.name, item.value, item.important) for item in first.declarations] == [
        ("color", "red", True),
        ("background", 'url("a;b{}.png")', False),
    ]
    assert (first.line, first.column, inside.line, last.line) == (7, 28, 9, 10)
    assert (inside.media, inside.conditional, last.media, last.conditional) == (
        ("(max-width: 479px)",),
        True,
        (),
        False,
    )
    assert [(rule.name, rule.line) for rule in sheet.at_rules] == [("import", 8), ("media", 9)]


@pytest.mark.parametrize(
    "css", ["", "}", "a {", "a { color: red", "@media x { a { b: c }", "a { b: 'c }", "@", ";;{}{}"]
)
def test_a_broken_style_sheet_is_read_as_far_as_it_goes(css: str) -> None:
    assert parse_stylesheet(css, 1, 1) is not None


def test_a_declaration_may_hold_the_marks_that_end_one() -> None:
    found = declarations_of("background:url(data:image/png;base64,AA==);color:#fff;;x")
    assert [(item.name, item.value) for item in found] == [
        ("background", "url(data:image/png;base64,AA==)"),
        ("color", "#fff"),
    ]


@pytest.mark.parametrize(
    ("selector", "matched"),
    [
        ("td", "abc"),
        ("*", "abc"),
        (".k td", "abc"),
        (".k > tr > td", "abc"),
        (".k > td", ""),
        ("td.x", "b"),
        ("td:first-child", "a"),
        ("td:last-child", "c"),
        ("td:nth-child(2)", "b"),
        ("td:nth-child(odd)", "ac"),
        ("td:nth-child(-n+2)", "ab"),
        ("td + td", "bc"),
        (".x ~ td", "c"),
        ("[data-q]", "c"),
        ('td[data-q="1"]', "c"),
        ("td[data-q^='2']", ""),
        ("#i td", "abc"),
        ("td:hover", ""),
        ("td::before", ""),
        ("td:not(.x)", ""),
        (":root td", ""),
    ],
)
def test_selectors_pick_what_browsers_pick(selector: str, matched: str) -> None:
    document = parse_html('<table class="k" id="i"><tr><td>a<td class="x">b<td data-q="1">c</table>')
    parsed = parse_selector(selector)
    assert "".join(item.words for item in document.all("td") if parsed and parsed.matches(item)) == matched


PAGE = """<html><head><style>
p { color: #111111; font-size: 2em } .a { color: #222222 } #b { color: #333333 }
p { color: #444444 !important }
.hid { display: none }
@media (prefers-color-scheme: dark) {
.a { color: #eeeeee !important }
body { background: #000000 }
}
@media only screen and (max-width: 479px) { .a { font-size: 12px } }
@media print { .a { color: #999999 !important } }
</style></head><body style="font-size:10px">
<p class="a" id="b" style="color:#555555;line-height:1.5">x <a href="/">y</a></p>
<div class="hid">z <b>q</b></div>
<div style="line-height:20px"><span style="font-size:30px">w</span></div>
</body></html>"""


def test_the_cascade_follows_importance_specificity_and_order() -> None:
    email = EmailUnderTest(html=PAGE)
    paragraph, link, bold, span = (email.document.all(tag)[0] for tag in ("p", "a", "b", "span"))
    assert (email.light.of(paragraph).colour, email.dark.of(paragraph).colour) == ("#444444", "#eeeeee")
    assert (email.light.of(paragraph).size, email.phone.of(paragraph).size) == (20, 12)
    assert (email.light.of(paragraph).line, email.phone.of(paragraph).line) == (30, 18)
    assert (email.light.of(paragraph).ground, email.dark.of(paragraph).ground) == ("#ffffff", "#000000")
    assert email.light.of(link).colour == "#0000ee"
    assert email.light.of(bold).hidden
    assert email.light.of(bold).bold
    assert email.light.of(span).line == 20


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("screen", "light dark phone"),
        ("print", ""),
        ("print, (min-width: 600px)", "light dark"),
        ("only screen and (max-width: 479px)", "phone"),
        ("(prefers-color-scheme: light)", "light phone"),
        ("screen and (prefers-color-scheme:dark)", "dark"),
        ("(hover: hover)", ""),
        ("not screen", ""),
    ],
)
def test_media_queries(query: str, shown: str) -> None:
    assert " ".join(screen.name for screen in (LIGHT, DARK, PHONE) if screen.shows(query)) == shown


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#fff", ("#ffffff", 1.0)),
        ("#ABCDEF", ("#abcdef", 1.0)),
        ("#00000080", ("#000000", 128 / 255)),
        ("rgb(255, 0, 10)", ("#ff000a", 1.0)),
        ("rgba(0 0 0 / 50%)", ("#000000", 0.5)),
        ("hsl(120, 100%, 50%)", ("#00ff00", 1.0)),
        ("no-repeat url(x.png) Tomato", ("#ff6347", 1.0)),
        ("transparent", ("#000000", 0.0)),
        ("inherit", None),
        ("rgb(1, 2)", None),
        ("var(--red-500)", None),
    ],
)
def test_colours(value: str, colour: tuple[str, float] | None) -> None:
    assert colour_in(value) == colour


def test_a_transparent_colour_lets_its_ground_through() -> None:
    assert over(("#000000", 0.5), "#ffffff") == "#808080"
    assert over(("#123456", 1.0), "#ffffff") == "#123456"


HOSTS = ("www.larkfell.com", "larkfell.com", "shop.oatmere.co.uk")


@pytest.mark.parametrize(
    "host",
    [
        "larkfell.com",
        "a.larkfell.com",
        "www.larkfell.com",
        "help.shop.oatmere.co.uk",
        "www.quarry.com",
        "facebook.com",
    ],
)
def test_an_honest_host_poses_as_none(host: str) -> None:
    assert looks_like(host, HOSTS) == ""


@pytest.mark.parametrize(
    "host", ["larkfe11.com", "larkfell.net", "larkfell-sale.com", "oatmere.co.uk.x.com", "oatrnere.com"]
)
def test_a_host_that_poses_as_the_brands_is_named(host: str) -> None:
    assert looks_like(host, HOSTS) in HOSTS


def test_whose_a_host_is() -> None:
    assert belongs("a.larkfell.com", HOSTS)
    assert not belongs("notlarkfell.com", HOSTS)
    assert registrable("a.b.oatmere.co.uk") == "oatmere.co.uk"


def test_image_files_say_their_size() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 30, 40) + b"\x01"
    assert size_of(png(12, 7, (1, 2, 3))) == (12, 7)
    assert size_of(b"GIF89a" + struct.pack("<HH", 5, 6)) == (5, 6)
    assert size_of(jpeg) == (40, 30)
    assert size_of(b"<svg/>") is None
    assert size_of(b"\xff\xd8\xff") is None

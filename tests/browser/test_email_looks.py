"""How `copydesk email check` works out looks, against Chromium: colours, sizes and what is hidden."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from app.brand.brand import Brand
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.styles import Look, Styles
from app.emails.qa.tree import Element
from tests.emails.qa.clean import preview_email, style
from tests.emails.sample import sample_brand

LOOKS = """() => [...document.body.querySelectorAll('*')].map((element) => {
    const style = getComputedStyle(element)
    let behind = element, ground = 'rgba(0, 0, 0, 0)'
    while (behind && ground === 'rgba(0, 0, 0, 0)') {
        ground = getComputedStyle(behind).backgroundColor
        behind = behind.parentElement
    }
    let hidden = false
    for (let node = element; node; node = node.parentElement) {
        const own = getComputedStyle(node)
        hidden = hidden || own.display === 'none' || own.visibility === 'hidden'
    }
    const bold = parseInt(style.fontWeight) >= 700
    return [element.localName, style.color, ground, parseFloat(style.fontSize), bold, hidden,
        style.lineHeight === 'normal' ? 0 : parseFloat(style.lineHeight), parseFloat(style.paddingTop)]
})"""
EXTRA = """ h2 { font-style: italic } .cd-ink { letter-spacing: 1px }
 div > a[href^="https"] { font-weight: bold }
 td:nth-child(2) ~ td, .cd-paper td + td { color: rgb(10, 20, 30) } #none td { color: red }
 .cd-muted div { color: hsl(200, 50%, 30%) } @media (max-width: 400px) {
 .cd-ink div { font-size: 1.25em; padding: 2px 4px } } """


@pytest.fixture(scope="module")
def brand(tmp_path_factory: pytest.TempPathFactory) -> Brand:
    return sample_brand(tmp_path_factory.mktemp("brand"))


def colour(words: str) -> str:
    """#rrggbb of what Chromium says."""
    red, green, blue = (int(part) for part in re.findall(r"\d+", words)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


@pytest.mark.parametrize(
    "change", [lambda email: email, lambda email: style(email, EXTRA)], ids=["sample", "more rules"]
)
@pytest.mark.parametrize(
    ("width", "scheme", "styles_of"),
    [
        (600, "light", lambda email: email.light),
        (600, "dark", lambda email: email.dark),
        (375, "light", lambda email: email.phone),
    ],
    ids=["desktop", "dark", "phone"],
)
def test_every_element_looks_as_in_chromium(  # noqa: PLR0917  # one a parameter
    chromium: Browser,
    brand: Brand,
    change: Callable[[EmailUnderTest], EmailUnderTest],
    width: int,
    scheme: str,
    styles_of: Callable[[EmailUnderTest], Styles],
) -> None:
    email = change(preview_email(brand))
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(email.html)
    seen = page.evaluate(LOOKS)
    page.close()
    styles = styles_of(email)
    own = [node for node in email.body.walk() if isinstance(node, Element) and node is not email.body]
    assert [element.tag for element in own] == [row[0] for row in seen]
    for element, row in zip(own, seen, strict=True):
        look = styles.of(element)
        assert _shown(look) == _expected(row), (element, row)
        assert row[6] == 0 or abs(look.line - row[6]) < 0.1, (element, row)  # 0 is `normal`


def _shown(look: Look) -> tuple[object, ...]:
    return (look.colour, look.ground, round(look.size, 1), look.bold, look.hidden, round(look.side("top"), 1))


def _expected(row: list[object]) -> tuple[object, ...]:
    _, ink, ground, size, bold, hidden, _, top = row
    return (
        colour(str(ink)),
        colour(str(ground)),
        round(float(str(size)), 1),
        bold,
        hidden,
        round(float(str(top)), 1),
    )

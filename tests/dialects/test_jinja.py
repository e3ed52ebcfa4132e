"""Jinja2's tags, rendered by Jinja2."""

from typing import Any

import jinja2
import pytest

from app.dialects.filling import PAGES, fill
from app.dialects.nodes import Page
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from tests.dialects import cases

ENGINES = [
    jinja2.Environment(autoescape=False, keep_trailing_newline=True),  # noqa: S701 - tags escape by themselves
]
URLS = {
    "unsubscribe_url": PAGES[Page.UNSUBSCRIBE],
    "view_in_browser_url": PAGES[Page.VIEW_IN_BROWSER],
    "preferences_url": PAGES[Page.PREFERENCES],
}


@pytest.mark.parametrize("group", cases.SEGMENTS)
@pytest.mark.parametrize("data", cases.DATA.values(), ids=cases.DATA)
@pytest.mark.parametrize("template", cases.TEMPLATES.values(), ids=cases.TEMPLATES)
def test_the_engine_shows_what_the_preview_shows(template: Any, data: Any, group: str | None) -> None:
    printed = Printer(dialect("jinja"), cases.NAMES).print(template)
    for engine in ENGINES:
        got = engine.from_string(printed).render({**cases.given(data, group), **URLS})
        assert _same(got) == _same(fill(template, cases.person(data, group)))


def _same(html: str) -> str:
    """Engines write quotes by different references: &#39; and &#x27;, &#34; and &quot;."""
    return html.replace("&#x27;", "&#39;").replace("&#34;", "&quot;")

"""A whole rendered email goes through every dialect and every engine unchanged but for its tags."""

import pytest

from app.dialects.filling import fill
from app.dialects.nodes import Literal, Nodes, Page, PageLink, Place, Show
from app.dialects.printing import Printer
from app.dialects.registry import DIALECTS, dialect
from app.emails.preview import render_preview
from tests.dialects import cases
from tests.dialects.engines import ENGINES, Engine
from tests.dialects.test_engines import IDS
from tests.dialects.test_printing import names_of
from tests.emails.sample import all_slots, preview_of, sample_brand


@pytest.fixture(scope="module")
def email(tmp_path_factory: pytest.TempPathFactory) -> Nodes:
    """An email with conditions for Outlook, a variable at its top and a link to unsubscribe at its end."""
    brand = sample_brand(tmp_path_factory.mktemp("brand") / "fernhill")
    html = render_preview(preview_of(brand, all_slots())).html
    assert "<!--[if mso" in html
    body = html.index(">", html.index("<body")) + 1
    end = html.index("</body>")
    return (
        Literal(html[:body] + "<p>Hello "),
        Show(cases.FIRST, "friend", Place.TEXT),
        Literal("!</p>" + html[body:end] + '<a href="'),
        PageLink(Page.UNSUBSCRIBE, Place.ATTRIBUTE),
        Literal('">x</a>' + html[end:]),
    )


@pytest.mark.parametrize("engine", ENGINES, ids=IDS)
def test_the_engine_changes_nothing_but_tags(engine: Engine, email: Nodes) -> None:
    printed = Printer(dialect(engine.dialect), engine.names).print(email)
    (rendered,) = engine.render([(printed, engine.given({"first_name": "Jo"}, None), False)])
    assert rendered == fill(email, cases.person({"first_name": "Jo"}, None))


@pytest.mark.parametrize("platform", sorted(set(DIALECTS) - {engine.dialect for engine in ENGINES}))
def test_what_no_engine_renders_holds_the_email_as_it_is(platform: str, email: Nodes) -> None:
    printed = Printer(dialect(platform), names_of(platform)).print(email)
    for node in email:
        if isinstance(node, Literal):
            assert node.text in printed

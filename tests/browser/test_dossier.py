"""The page for a lawyer in a browser: nothing runs, nothing is loaded, and it fits a phone and paper."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.copywriting.dossier import dossier
from app.copywriting.dossier_page import dossier_html
from app.review.actions.comment import CommentOrder
from app.review.emails.actions.request_changes import ChangesOrder
from tests.copywriting.reviewed import Reviewed

HOSTILE = 'Come outside <script>alert(1)</script><img src="https://tracker.example/p.gif"> <form>'
AT = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The receipt of a draft whose words are an attack, as are those that were said in its review."""
    folder = tmp_path_factory.mktemp("dossier")
    reviewed = Reviewed.at(folder / "office")
    reviewed.go()
    reviewed.email()
    reviewed.act("cal", "comment", CommentOrder(text=HOSTILE))
    reviewed.act_on_email("cal", "withdraw")
    reviewed.act_on_email("cal", "submit")
    reviewed.act_on_email("lea", "request_changes", ChangesOrder(text=HOSTILE))
    given = reviewed.draft.receipt.approvers[0]
    reviewed.forge(given.model_copy(update={"by": HOSTILE, "role": HOSTILE, "shown": {HOSTILE: HOSTILE}}))
    reviewed.edit(HOSTILE)
    office = reviewed.office
    html = dossier_html(dossier(office.store, reviewed.draft, engine="0.1.0", at=AT))
    path = folder / "receipt.html"
    path.write_text(html, encoding="utf-8")
    office.store.close()
    return path


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_nothing_is_loaded_and_it_fits(page: Path, chromium: Browser, width: int) -> None:
    opened = chromium.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("dialog", lambda _: asked.append("a dialog"))
    opened.goto(page.as_uri())
    assert asked == [page.as_uri()]
    assert opened.evaluate("document.scripts.length + document.images.length + document.forms.length") == 0
    assert HOSTILE in opened.inner_text("header")
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.locator("h1").count() == 1
    for link in opened.locator("nav a").all():
        assert opened.locator(str(link.get_attribute("href"))).count() == 1
    for table in opened.locator("table").all():
        assert table.locator("th[scope=col]").count() > 0
    assert HOSTILE in opened.inner_text("section[aria-labelledby=review]")
    assert HOSTILE in opened.inner_text("section[aria-labelledby=emails]")
    for name in ("Answers and findings", "Waivers", "Approvals"):  # what counts is never beside the window
        region = opened.get_by_role("region", name=name, exact=True)
        assert region.evaluate("region => region.scrollWidth <= region.clientWidth"), name
        assert all(cell.get_attribute("data-is") for cell in region.locator("td").all())
    opened.close()


def test_on_paper_nothing_is_cut_off(page: Path, chromium: Browser) -> None:
    opened = chromium.new_page(viewport={"width": 680, "height": 960})
    opened.goto(page.as_uri())
    opened.emulate_media(media="print")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 680
    assert not opened.locator("nav").is_visible() or not opened.locator("nav ul").is_visible()
    opened.close()

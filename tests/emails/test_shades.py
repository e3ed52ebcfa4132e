"""Pictures with a variant for dark mail programs: both are in the email, one is shown."""

import re
from pathlib import Path

import pytest

from app.brand.brand import Brand
from app.emails.models import FilledSlot
from app.emails.preview import render_preview, write_preview
from app.emails.qa.models import Severity
from app.emails.qa.report import check_email
from tests.emails.qa.clean import preview_email, sent_email
from tests.emails.sample import all_slots, preview_of, sample_feed, sample_slot
from tests.emails.shades import SHADED, shaded_brand


def html_of(brand: Brand, slots: list[FilledSlot] | None = None) -> str:
    return render_preview(preview_of(brand, slots or all_slots())).html


def cells(html: str, css: str) -> list[str]:
    """The pictures in cells of a class."""
    return re.findall(rf'<td[^>]*class="[^"]*{css}[^"]*"[^>]*>(?:(?!</td>).)*?src="images/([^"]*)"', html)


def test_both_files_are_in_the_email_each_in_a_cell_of_its_own(brand: Brand) -> None:
    html = html_of(shaded_brand(brand))
    assert set(cells(html, "cd-light-only")) == {f"{name}.png" for name in SHADED}
    assert set(cells(html, "cd-dark-only")) == {f"{name}_dark.png" for name in SHADED}
    assert ".cd-dark-only { display: none; }" in html


def test_without_a_dark_file_nothing_is_hidden(brand: Brand) -> None:
    html = html_of(brand)
    assert "_dark.png" not in html
    assert cells(html, "cd-light-only") == []
    assert "display: table-cell" not in html


def test_a_logo_without_a_dark_file_stays_where_another_picture_has_one(brand: Brand) -> None:
    html = html_of(shaded_brand(brand, ("hero",)))
    assert cells(html, "cd-light-only") == ["hero.png"]
    assert ".cd-logo { background:" in html


def test_the_dark_file_has_the_same_words_and_the_same_link(brand: Brand) -> None:
    slot = sample_slot("hero").model_copy(update={"link": "https://www.fernhill.example/hills"})
    html = html_of(shaded_brand(brand), [slot])
    tags = re.findall(
        r'<a href="([^"]*)"[^>]*><img alt="([^"]*)"[^>]* src="images/hero(?:_dark)?\.png"', html
    )
    assert len(tags) == 2
    assert len(set(tags)) == 1


@pytest.mark.parametrize("count", [1, 3, 4])
def test_products_have_dark_pictures_too(brand: Brand, count: int) -> None:
    slot = sample_slot("recommendations").model_copy(update={"feed": sample_feed(count)})
    html = html_of(shaded_brand(brand), [slot])
    assert len(cells(html, "cd-dark-only")) == len(cells(html, "cd-light-only")) == count


def test_both_files_are_written_beside_a_preview(brand: Brand, tmp_path: Path) -> None:
    rendered = render_preview(preview_of(shaded_brand(brand), all_slots()))
    paths = write_preview(rendered, tmp_path)
    assert {f"{name}_dark.png" for name in SHADED} <= {path.name for path in paths.images}


@pytest.mark.parametrize("email_of", [preview_email, sent_email])
def test_the_checks_find_nothing_more(brand: Brand, email_of: object) -> None:
    assert callable(email_of)
    before, after = (check_email(email_of(each)) for each in (brand, shaded_brand(brand)))
    rules = {finding.rule for finding in before.findings}
    assert [f for f in after.findings if f.severity is not Severity.INFO and f.rule not in rules] == []

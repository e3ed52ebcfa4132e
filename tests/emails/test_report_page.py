"""The report page: complete, escaped, and without anything from elsewhere."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.emails.report_page import pieces, report_html, write_report
from app.errors import StorageError
from tests.emails.sample_report import REFUSED, sample_run


def test_everything_is_on_the_page() -> None:
    html = report_html(sample_run("weekend_walkers", "new_subscribers"))
    for word in (
        "Autumn welcome",
        "Weekend walkers",
        "New subscribers",
        "Approved fallback",
        "Generated, re-asked",
        "Approved copy reused",
        "Left out",
        "Held for a person",
        "Say what the product does.",
        "the contract asks for 0.60",
        "Voice fit",
        "3 more refused",
        "12,345",
        "Two segments became identical.",
        'href="weekend_walkers/email.txt"',
    ):
        assert word in html
    assert html.count('<iframe sandbox="allow-same-origin" src="weekend_walkers/email.html"') == 2


def test_nothing_comes_from_elsewhere_and_nothing_runs() -> None:
    html = report_html(sample_run("a"))
    assert re.findall(r"https?://|url\(|@import|<script|<link|allow-scripts", html) == []
    assert "default-src 'none'" in html


def test_hostile_words_stay_words() -> None:
    run = sample_run("a")
    line = REFUSED[0].model_copy(
        update={"text": "<script>x</script>", "suggestion": "<img src=x>", "end": 400}
    )
    slot = run.segments[0].slots[0].model_copy(update={"refused": (line,)})
    segment = run.segments[0].model_copy(update={"slots": (slot,), "subject": "<b>", "name": '"><i>'})
    html = report_html(run.model_copy(update={"segments": (segment,), "brief": "</title><s>"}))
    assert not re.search(r"<script|<img|<b>&|<i>|<s>", html)
    assert "&lt;script&gt;" in html


def test_files_are_relative() -> None:
    segment = sample_run("a").segments[0].model_dump()
    for path in ("javascript:alert(1)", "/etc/passwd", "../x", "https://x.example/"):
        with pytest.raises(ValidationError):
            type(sample_run("a").segments[0]).model_validate({**segment, "html": path})


def test_pieces_cover_the_text() -> None:
    text = "Only {product.stock} left of {product.name}"
    cut = pieces(text, 0, 26)
    assert "".join(piece.text for piece in cut) == text
    assert [piece.text for piece in cut if piece.token] == ["{product.stock}", "{product.name}"]
    assert "".join(piece.text for piece in cut if piece.marked) == text[:26]
    assert pieces("") == []


def test_page_is_written(tmp_path: Path) -> None:
    path = write_report(sample_run("a"), tmp_path / "run")
    assert path == tmp_path / "run" / "index.html"
    assert path.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    with pytest.raises(StorageError):
        write_report(sample_run("a"), path)

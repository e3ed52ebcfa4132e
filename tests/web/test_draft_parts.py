"""What the page of a draft is made of: marks in a text, differing words, inbox lines, an email in a frame."""

from pathlib import Path

import pytest

from app.emails.models import ImageFile, RenderedPreview
from app.verdicts.reports import Severity
from app.web.draft_page.differences import runs_between
from app.web.draft_page.email import as_seen
from app.web.draft_page.inbox import CLIENTS, rows_of
from app.web.draft_page.look import band_of
from app.web.draft_page.marking import Span, pieces_of, shown

BLOCK, WARN = Severity.BLOCK, Severity.WARN


def value_of(token: str) -> str:
    return {"offer.discount": "20%"}.get(token, f"{{{token}}}")


def marked(text: str, *spans: tuple[int, int, Severity]) -> list[tuple[str, str, tuple[int, ...]]]:
    found = [Span(number, *span) for number, span in enumerate(spans, 1)]
    return [
        (piece.text, piece.severity.value if piece.severity else "", piece.ending)
        for piece in pieces_of(text, found, value_of)
    ]


def test_a_text_without_findings_is_one_piece() -> None:
    assert marked("Come outside") == [("Come outside", "", ())]
    assert marked("") == []


def test_overlapping_findings_are_cut_where_one_begins_or_ends() -> None:
    assert marked("abcdef", (0, 4, WARN), (2, 6, BLOCK)) == [
        ("ab", "warn", ()),
        ("cd", "block", (1,)),
        ("ef", "block", (2,)),
    ]


def test_a_finding_inside_another_and_two_on_the_same_words() -> None:
    assert marked("abcdef", (0, 6, WARN), (2, 4, BLOCK), (2, 4, WARN)) == [
        ("ab", "warn", ()),
        ("cd", "block", (2, 3)),
        ("ef", "warn", (1,)),
    ]


def test_a_token_is_read_as_its_value_and_never_cut() -> None:
    text = "Save {offer.discount} now"
    assert marked(text, (7, 10, BLOCK)) == [("Save ", "", ()), ("20%", "block", (1,)), (" now", "", ())]
    (token,) = [piece for piece in pieces_of(text, [], value_of) if piece.token]
    assert (token.text, token.token) == ("20%", "offer.discount")
    assert shown("{offer.discount} and {what.ever}", value_of) == "20% and {what.ever}"


@pytest.mark.parametrize("span", [(3, 3), (6, 6), (5, 90), (90, 95)])
def test_a_span_without_length_or_beyond_the_text_still_shows(span: tuple[int, int]) -> None:
    pieces = marked("abcdef", (*span, WARN))
    assert "".join(text for text, _, _ in pieces) == "abcdef"
    assert [ending for _, _, ending in pieces if ending] == [(1,)]


def test_words_that_went_stand_before_those_that_came() -> None:
    runs = [(run.sort, run.text) for run in runs_between("Come back outside now", "Come home outside now")]
    assert runs == [
        ("same", "Come "),
        ("removed", "back"),
        ("added", "home"),
        ("same", " outside now"),
    ]
    assert runs_between("", "new")[0].sort == "added"


def test_an_inbox_cuts_what_does_not_fit() -> None:
    rows = rows_of("s" * 60, "p" * 95)
    cut = {row.client: (len(row.subject.cut), len(row.preheader.cut)) for row in rows}
    assert cut == {"desktop": (0, 0), "phone": (12, 5), "narrow_phone": (27, 55)}
    assert [row.subject.seen + row.subject.cut for row in rows] == ["s" * 60] * len(CLIENTS)


@pytest.mark.parametrize(("value", "band"), [(0.0, "low"), (0.34, "middle"), (0.67, "high"), (1.0, "high")])
def test_three_bands(value: float, band: str) -> None:
    assert band_of(value) == band


def email(folder: Path) -> RenderedPreview:
    (folder / "logo.png").write_bytes(b"picture")
    html = (
        '<meta name="color-scheme" content="light dark" />'
        '<meta http-equiv="Content-Security-Policy" content="img-src http://127.0.0.1:*" />'
        "<style>@media (prefers-color-scheme: dark) { p { color: white } }</style>"
        '<img src="images/logo.png" alt="Fernhill">'
    )
    image = ImageFile(source=folder / "logo.png", name="logo.png")
    return RenderedPreview(subject="", preheader="", mjml="", html=html, text="", images=(image,))


def test_a_frame_has_its_pictures_in_it_and_no_policy_but_its_header(tmp_path: Path) -> None:
    html = as_seen(email(tmp_path), "desktop")
    assert 'src="data:image/png;base64,cGljdHVyZQ=="' in html
    assert "http" not in html
    assert "images/" in as_seen(email(tmp_path), "images_off")


def test_dark_is_dark_whatever_the_machine_prefers(tmp_path: Path) -> None:
    light, dark = as_seen(email(tmp_path), "desktop"), as_seen(email(tmp_path), "dark")
    assert "@media (max-width: 0)" in light
    assert 'content="light"' in light
    assert "@media (min-width: 0)" in dark
    assert 'content="dark"' in dark


def test_a_picture_that_is_gone_is_no_error(tmp_path: Path) -> None:
    found = email(tmp_path)
    (tmp_path / "logo.png").unlink()
    assert 'src="data:,"' in as_seen(found, "desktop")

"""Where in HTML a tag of a template stands."""

import pytest

from app.dialects.nodes import Place
from app.dialects.position import Position


@pytest.mark.parametrize(
    ("html", "place"),
    [
        ("", Place.TEXT),
        ("<p>a", Place.TEXT),
        ("<p>5 < 6 ", Place.TEXT),
        ("<!doctype html><p>", Place.TEXT),
        ("<style>a > b {}</style>", Place.TEXT),
        ("<p>it's ", Place.TEXT),
        ('<a title="', Place.ATTRIBUTE),
        ('<a title="a > b', Place.ATTRIBUTE),
        ("<a title='a \"", Place.ATTRIBUTE),
        ('<a title="x" ', Place.ATTRIBUTE),
        ('<a title="x">', Place.TEXT),
        ("<!--[if mso]><td ", Place.TEXT),
        ("<!--[if !mso]><!--><p ", Place.ATTRIBUTE),
        ('<!--[if mso]><td width="5><![endif]--><p>', Place.TEXT),
    ],
)
def test_the_place_is_known(html: str, place: Place) -> None:
    whole, pieces = Position(), Position()
    whole.read(html)
    assert whole.place is place
    cut = html.rfind(" ") + 1
    pieces.read(html[:cut])
    pieces.read(html[cut:])
    assert pieces == whole


def test_a_comment_is_known_until_it_ends() -> None:
    position = Position()
    position.read("<p><!--[if mso]><b>")
    assert position.in_comment
    position.read("</b><![endif]-->")
    assert not position.in_comment


@pytest.mark.parametrize(
    ("html", "query"),
    [
        ('<a href="https://x.example/', False),
        ('<a href="https://x.example/?a=', True),
        ('<a href="https://x.example/?a=b"', False),
        ('<a href="https://x.example/?a=b" title="', False),
        ("<p>who?", False),
    ],
)
def test_the_query_of_an_address_is_known(html: str, query: bool) -> None:
    position = Position()
    position.read(html)
    assert position.query is query
    position.read("b")
    assert position.query is query

"""Whatever content holds, wherever it stands: a clear error or harmless words, and the process lives on."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from app.emails.escape import one_line
from tests.emails.hostile import LINK_PLACES, PLACES, WORD_PLACES, Renderer
from tests.emails.reading import Page

# What mjml-python passes on, corrupts, or dies of, and ways out of an attribute, a title or a style.
MARKUP = {
    "unknown MJML": "<mj-foo>x</mj-foo>",
    "chart": "<mj-chart></mj-chart>",
    "misspelled MJML": "<mj-txt>x</mj-txt>",
    "upper case": "<MJ-TEXT>x</MJ-TEXT>",
    "script": "<script>alert(1)</script>",
    "script with a comparison": "<script>if(a<b)alert(1)</script>",
    "paragraph": "<p>open",
    "closed paragraph": "</p>",
    "iframe": '<iframe src="https://evil.example"></iframe>',
    "unquoted": "<img src=a> <a href=x>",
    "void": '<br> <hr> <img src="a">',
    "crossed": "<b>x</i>",
    "less": "a < b",
    "heart": "we <3 you",
    "comment": "<!-- a -- b -->",
    "conditional comment": "<!--[if mso]> <b>x</b> <![endif]-->",
    "CDATA": "<![CDATA[ <b>x</b> ]]>",
    "CDATA end": "]]>",
    "php": "<?php echo 1 ?>",
    "document type": '<!DOCTYPE mjml [<!ENTITY a "aaaa">]>',
    "entity": "&a; &unknown; &amp; &#60;script&#62; &lt;b&gt;",
    "ampersand": "a & b",
    "include": '<mj-include path="/etc/passwd" /> <mj-include path="../../etc/passwd"></mj-include>',
    "html attributes": '<mj-html-attributes><mj-selector path=".a"></mj-selector></mj-html-attributes>',
    "raw": '</mj-text><mj-raw><img src="x" onerror="alert(3)"/></mj-raw><mj-text>',
    "head": "</mj-title></mj-head><mj-body><mj-raw><script>alert(1)</script></mj-raw>",
    "handler": '<b onclick="alert(1)">x</b>',
    "out of an attribute": 'a" onmouseover=alert(1) z="',
    "out of an attribute, single": "a' onmouseover='alert(1)",
    "out of an attribute into a script": '"><script>alert(1)</script><a href="',
    "out of the style": "</style><script>alert(1)</script>",
    "jinja": "<b>{{ 7*7 }}</b>",
    "css": "red;background:url(https://evil.example/track)",
    "css block": "} body { background: url(https://evil.example) } .a {",
}
LETTERS = {
    "line breaks": "a\nb\r\nc\rd",
    "tab": "a\tb",
    "backslash": "a\\b \\n \\u{a0} \\",
    "quotes": "say \"x\" and 'y' \u201cz\u201d",
    "spaces": "a\u00a0b\u202fc\u2009d\u3000e\u2028f\u2029g",
    "joiners": "a\u200db\u200bc\u00add\ufeffe",
    "marks": "e\u0301 a\u0308\u0304 \u0301",
    "emoji": "\U0001f3d4\ufe0f \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
    "right to left": "\u05d0\u05d1 \u202egnp.exe \u2066x\u2069",
    "NUL": "a\x00b",
    "escape": "a\x1b[31mb",
    "C1": "a\x85b",
    "half a character": "a\ud800b",
    "no character": "a\ufffeb\uffff",
    "no character beyond": "a\U0010ffffb\ufdd0",
    "private use": "\ue000\U000f0000\U0010fffd",
    "zero width only": "\u200b\u200b",
    "blank": " \t\n ",
    "one letter": "x",
    "a mark of a template": "cdmark0123456789abcdefn0end",
}
SYNTAX = {
    "Liquid": "{{ 7*7 }} {% if x %}a{% endif %}",
    "Mailchimp": "*|UNSUB|*",
    "Salesforce": "%%=v(@n)=%% %%[ set @a ]%%",
    "Mailjet": "[[UNSUB_LINK_EN]] {{var:name}}",
    "ActiveCampaign": "%FIRSTNAME%",
    "Braze": "{{${first_name}}}",
    "Mautic": "{contactfield=firstname|x}",
    "ERB": "<%= x %>",
    "listmonk": "https://a.example@TrackLink",
    "token without a fact": "{offer.nothing}",
}
SIZE = {
    "nested deep enough to crash": "<b>" * 9_500,
    "nested sections": "<mj-section>" * 3_000,
    "very long": "x" * 300_000,
    "long word": "x" * 5_000,
    "many marks": "a" + "\u0301" * 5_000,
    "many braces": "{" * 20_000,
    "many quotes": '"' * 10_000,
}
ADDRESSES = {
    "javascript": "javascript:alert(1)",
    "javascript in capitals": "JaVaScRiPt:alert(1)",
    "javascript with a tab": "java\tscript:alert(1)",
    "javascript in references": "&#106;avascript:alert(1)",
    "space before": " javascript:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "vbscript": "vbscript:x",
    "file": "file:///etc/passwd",
    "http": "http://www.fernhill.example/",
    "no scheme": "//evil.example/",
    "relative": "evil",
    "user": "https://www.fernhill.example@evil.example/",
    "quote": 'https://www.fernhill.example/"onclick="x',
    "tag": "https://www.fernhill.example/<script>",
    "backslash": "https://www.fernhill.example\\@evil.example/",
    "line break": "https://www.fernhill.example/\nx",
    "no break space": "https://www.fernhill.example/\u00a0x",
    "letters of another script": "https://www.fernhill.example/caf\u00e9",
    "template": "https://www.fernhill.example/{{ x }}",
    "port": "https://www.fernhill.example:99999999/",
    "brackets": "https://[::1/",
    "empty": "",
}
HOSTILE = {**MARKUP, **LETTERS, **SYNTAX, **SIZE, **ADDRESSES}


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    with Renderer(environment=os.environ) as process:
        yield process


@pytest.fixture(scope="module")
def plain(renderer: Renderer) -> "Shape":
    """The email with ordinary words in each place."""
    return Shape(renderer(dict.fromkeys(WORD_PLACES, "ordinary words"))["html"])


class Shape:
    """What a browser would make of the HTML: its elements in order, with the names of their attributes."""

    def __init__(self, html: str) -> None:
        tree = lxml_html.document_fromstring(html.encode())
        nodes = list(tree.iter(lxml_html.etree.Element))
        self.elements = [(str(node.tag), tuple(sorted(str(name) for name in node.attrib))) for node in nodes]
        self.links = {str(node.get("href")) for node in nodes if node.get("href")}
        self.tags = Page(html).tags
        self.words = Page(html).words


def harmless(made: dict[str, Any], plain: Shape, words: dict[str, str]) -> bool:
    """Whether it was rendered; fails unless that or a clear error is what came of it."""
    assert "crash" not in made, f"{made['crash']} on {words!r}"
    if "error" in made:
        assert len(made["error"]) > 10
        assert "Traceback" not in made["error"]
        return False
    shape = Shape(made["html"])
    assert shape.elements == plain.elements, repr(words)
    assert shape.tags == plain.tags, repr(words)
    assert all(link.startswith(("https://", "mailto:", "links.html#")) for link in shape.links), repr(words)
    assert "\n" not in made["subject"]
    return True


def test_hostile_content_is_refused_or_harmless(
    renderer: Renderer, plain: Shape, long_count: Callable[[int, int], int]
) -> None:
    """In one place at a time; an ordinary run takes every fifth place, for each input other ones."""
    everything = len(PLACES) * len(HOSTILE)
    step = everything // long_count(everything // 5, everything)
    for number, hostile in enumerate(HOSTILE.values()):
        for place in PLACES[number % step :: step]:
            words = dict.fromkeys(WORD_PLACES, "ordinary words") | {place: hostile}
            made = renderer(words)
            if harmless(made, plain, words) and place not in LINK_PLACES:
                assert place in WORD_PLACES or "ordinary words" in made["text"]


def test_an_exported_template_is_as_harmless(long_count: Callable[[int, int], int]) -> None:
    """The same on the way to a platform; an ordinary run takes every twelfth place."""
    everything = len(PLACES) * len(HOSTILE)
    step = everything // long_count(everything // 12, everything)
    shown = 0
    with Renderer(environment=os.environ, exported=True) as renderer:
        plain = Shape(renderer(dict.fromkeys(WORD_PLACES, "ordinary words"))["html"])
        for number, hostile in enumerate(HOSTILE.values()):
            for place in PLACES[number % step :: step]:
                words = dict.fromkeys(WORD_PLACES, "ordinary words") | {place: hostile}
                shown += harmless(renderer(words), plain, words)
    assert shown, "nothing was rendered, so nothing was shown"


@pytest.mark.parametrize("hostile", MARKUP.values(), ids=list(MARKUP))
def test_markup_stays_words(renderer: Renderer, plain: Shape, hostile: str) -> None:
    """All places at once: what an email may say, it says as it was written."""
    words = {place: f"before {hostile} after" for place in WORD_PLACES if place != "segment name"}
    made = renderer(words | {"segment name": "x"})
    if harmless(made, plain, words):
        seen = Shape(made["html"]).words
        assert seen.count(f"before {hostile} after") >= len(words) - 4
    else:
        assert "template syntax" in made["error"]


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
@pytest.mark.parametrize("place", LINK_PLACES)
def test_dangerous_addresses_are_refused(renderer: Renderer, place: str, address: str) -> None:
    made = renderer({place: address})
    if address.endswith("caf\u00e9"):
        assert "https://www.fernhill.example/caf&#233;" in made["html"]
    else:
        assert "error" in made, repr(address)


@pytest.mark.parametrize("syntax", SYNTAX.values(), ids=list(SYNTAX))
def test_no_place_for_words_takes_template_syntax(renderer: Renderer, syntax: str) -> None:
    for place in WORD_PLACES:
        made = renderer({place: syntax})
        assert "error" in made, f"{syntax} as {place}"


def test_rendering_is_deterministic() -> None:
    """Twice in a process, and in processes that order sets and dictionaries differently."""
    words = {"hero.body": "Some “words” & more \U0001f3d4", "alt": 'a "picture"\u00a0here'}
    found = []
    for seed in ("1", "2", "3"):
        with Renderer(seed, os.environ) as process:
            found += [process(words), process(words)]
    assert "html" in found[0]
    assert all(made == found[0] for made in found)


PIECES = st.one_of(
    st.sampled_from([piece[:200] for piece in HOSTILE.values() if piece]),
    st.text(max_size=30),
    st.text(st.sampled_from("<>&\"'\\/{}%*|[]=;:() -!?#@\n\t\u00a0aZ0"), max_size=30),
    st.characters(codec=None, exclude_categories=()),
)
CONTENT = st.dictionaries(
    st.sampled_from(PLACES), st.lists(PIECES, min_size=1, max_size=6).map("".join), min_size=1, max_size=4
)


def test_generated_content_is_refused_or_harmless(
    long_count: Callable[[int, int], int], renderer: Renderer, plain: Shape
) -> None:
    rendered = 0

    @settings(
        max_examples=long_count(300, 10_000),
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(CONTENT)
    def check(generated: dict[str, str]) -> None:
        nonlocal rendered
        words = dict.fromkeys(WORD_PLACES, "ordinary words") | generated
        made = renderer(words)
        if harmless(made, plain, words):
            rendered += 1
            seen = " ".join(Page(made["html"]).words.split())
            for place, text in generated.items():
                if place.startswith(("hero.", "footer.", "proof.")) and "{" not in text:
                    assert " ".join(one_line(text).split()) in seen, repr(text)

    check()
    assert rendered, "nothing was rendered, so nothing was shown"

"""What every dialect holds to, and what those without an engine print."""

import re

import pytest

from app.dialects.dialect import Dialect, Feature, Names, Unsupported
from app.dialects.nodes import (
    Each,
    Equals,
    HasValue,
    InSegment,
    Literal,
    Nodes,
    Page,
    PageLink,
    Place,
    Show,
    When,
)
from app.dialects.printing import Printer
from app.dialects.registry import DIALECTS, dialect
from app.errors import UsageError
from tests.dialects import cases

FORMS = {
    "braze": "custom_attribute.{}",
    "customerio": "customer.{}",
    "hubspot": "contact.{}",
    "keila": "contact.{}",
    "listmonk": "Subscriber.Attribs.{}",
}


def names_of(platform: str) -> Names:
    if platform == "mailchimp":
        paths = {cases.FIRST: "FNAME", cases.CITY: "CITY"}
        members = {"trail_runners": ("GROUP", "trail_runners"), "family_campers": ("GROUP", "campers")}
        return Names(paths, members, cases.lists_at("BASKET"))
    if platform == "salesforce":
        paths = {cases.FIRST: "First Name", cases.CITY: "City"}
        members = {"trail_runners": ("Group", "trail_runners"), "family_campers": ("Group", "campers")}
        return Names(paths, members, cases.lists_at("@basket"))
    return cases.names(FORMS.get(platform, "{}"))


def printed(platform: str, nodes: Nodes, place: Place = Place.TEXT) -> str:
    return Printer(dialect(platform), names_of(platform)).print(nodes, place)


def refused_features(platform: str) -> set[Feature]:
    """Every feature for which a template of the cases is refused."""
    found = set()
    for name, nodes in cases.TEMPLATES.items():
        try:
            printed(platform, nodes, Place.PLAIN if name in cases.PLAIN else Place.TEXT)
        except Unsupported as refused:
            found.add(refused.feature)
    return found


@pytest.mark.parametrize("platform", DIALECTS)
def test_tags_in_attributes_hold_no_quote_and_no_tag_holds_what_html_reads(platform: str) -> None:
    tried = 0
    for name, nodes in cases.TEMPLATES.items():
        try:
            text = printed(platform, nodes, Place.PLAIN if name in cases.PLAIN else Place.TEXT)
        except Unsupported:
            continue
        if name in cases.PLAIN or name == "comment":
            continue
        tried += 1
        attributes = re.findall(r'="(.*?)">', text, re.DOTALL)
        assert len(attributes) == text.count('">'), text
        without = re.sub(r"</?[a-z]+( [a-z]+=\"[^\"]*\")?>", "", text)
        assert "<" not in without, text
    assert tried >= 6


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("braze", "Hi {{x}}"),
        ("customerio", "{% if %}"),
        ("hubspot", "{# x #}"),
        ("iterable", "[[feed]]"),
        ("jinja", "{{ x }}"),
        ("keila", "{{ x }}"),
        ("klaviyo", "{% x %}"),
        ("listmonk", "{{ . }}"),
        ("mailchimp", "*|FNAME|*"),
        ("mautic", "{unsubscribe_url}"),
        ("mautic", "{contactfield=x}"),
        ("salesforce", "50%%"),
        ("sendgrid", "{{{x}}}"),
    ],
)
def test_text_that_looks_like_a_tag_is_refused(platform: str, text: str) -> None:
    shown = f"<p>{text}</p>"
    with pytest.raises(Unsupported, match=r"would read '.*' in the text as a tag"):
        printed(platform, (Literal(shown),))
    if platform not in ("jinja", "mautic", "salesforce"):
        with pytest.raises(Unsupported):
            printed(platform, (Show(cases.FIRST, text, Place.TEXT),))


@pytest.mark.parametrize("platform", DIALECTS)
def test_styles_and_ordinary_text_are_no_tags(platform: str) -> None:
    text = "<style>@media (max-width:480px){.a{color:red}}#b{width:100%}</style><p>50% off, [new] {x} a*b</p>"
    expected = text.replace("{x}", "")
    assert printed(platform, (Literal(expected),)) == expected


@pytest.mark.parametrize(
    ("platform", "path"),
    [
        ("braze", "custom_attribute.${x}"),
        ("customerio", "first_name"),
        ("hubspot", "contact.first name"),
        ("iterable", "first name"),
        ("jinja", "a|b"),
        ("keila", "subscriber.name"),
        ("klaviyo", "it's"),
        ("listmonk", "Attribs.city"),
        ("mailchimp", "fname"),
        ("mautic", "First"),
        ("salesforce", "it's"),
        ("sendgrid", "a b"),
    ],
)
def test_a_path_that_the_platform_cannot_have_is_refused(platform: str, path: str) -> None:
    nodes = (Show("x", "", Place.TEXT),)
    with pytest.raises(UsageError, match="has no property") as refused:
        Printer(dialect(platform), Names({"x": path})).print(nodes)
    assert refused.value.hint.startswith("such as ")


@pytest.mark.parametrize(
    ("platform", "name", "expected"),
    [
        ("mailchimp", "variable", "<p>Hello *|IF:FNAME|**|FNAME|**|ELSE:|*friend*|END:IF|*!</p>"),
        ("mailchimp", "comparison", "*|IF:CITY=Ely|*<p>same</p>*|ELSE:|*<p>other</p>*|END:IF|*"),
        (
            "mailchimp",
            "segment",
            "*|IF:GROUP=trail_runners|*<p>Run</p>*|ELSE:|**|IF:GROUP=campers|*<p>Camp</p>*|ELSE:|*<p>Walk</p>"
            "*|END:IF|**|END:IF|*",
        ),
        ("mailchimp", "unsubscribe", '<a href="*|UNSUB|*">x</a>'),
        ("mautic", "variable", "<p>Hello {contactfield=first_name|friend}!</p>"),
        ("mautic", "no_fallback", "<p>Hello {contactfield=first_name}!</p>"),
        ("mautic", "fallback_signs", "<p>{contactfield=first_name|you &amp; yours, it&#x27;s fine}</p>"),
        ("mautic", "unsubscribe", '<a href="{unsubscribe_url}">x</a>'),
        (
            "salesforce",
            "plain_signs",
            "For %%=Iif(Empty(Trim(AttributeValue('First Name'))),'you & yours, it''s \"fine\"',"
            "Trim(AttributeValue('First Name')))=%%!",
        ),
        (
            "salesforce",
            "comparison_apostrophe",
            "%%[ IF Trim(AttributeValue('City')) == 'King''s Lynn' THEN ]%%<p>same</p>"
            "%%[ ELSE ]%%<p>other</p>%%[ ENDIF ]%%",
        ),
        (
            "salesforce",
            "url",
            "<a href=\"https://www.larkfell.example/?c=%%=Iif(Empty(Trim(AttributeValue('City'))),'home',"
            "URLEncode(Trim(AttributeValue('City')),1,1))=%%\">x</a>",
        ),
        (
            "salesforce",
            "loop_pages",
            "%%[ IF RowCount(@basket) > 0 THEN FOR @i = 1 TO RowCount(@basket) DO "
            'SET @item = Row(@basket,@i) IF 1 >= @i THEN ]%%<a href="%%unsub_center_url%%">x</a>'
            "%%[ ENDIF NEXT @i ]%%%%[ ENDIF ]%%",
        ),
    ],
)
def test_what_no_engine_renders_is_printed_as_the_sources_say(
    platform: str, name: str, expected: str
) -> None:
    place = Place.PLAIN if name in cases.PLAIN else Place.TEXT
    assert printed(platform, cases.TEMPLATES[name], place) == expected


def test_ampscript_escapes_every_sign_of_html() -> None:
    text = printed("salesforce", cases.TEMPLATES["attribute"])
    for sign, reference in (
        ("'&'", "&amp;"),
        ("Char(60)", "&lt;"),
        ("Char(62)", "&gt;"),
        ("Char(34)", "&quot;"),
        ("Char(39)", "&#x27;"),
    ):
        assert f",{sign},'{reference}')" in text
    assert text.index("&amp;") < text.index("&lt;")


@pytest.mark.parametrize("platform", ["braze", "listmonk"])
def test_tags_in_comments_are_refused_where_they_would_be_lost(platform: str) -> None:
    nodes = (Literal("<!--[if mso]><p>"), Show(cases.FIRST, "x", Place.TEXT), Literal("</p><![endif]-->"))
    with pytest.raises(Unsupported, match="inside HTML comments"):
        printed(platform, nodes)
    assert "first_name" in printed("customerio", nodes)


def test_what_never_holds_is_refused() -> None:
    for value in ("", " Ely"):
        with pytest.raises(UsageError, match="nothing is ever equal to"):
            printed("jinja", (When(Equals(cases.CITY, value), (Literal("x"),)),))


def test_unknown_names_are_refused_with_the_nearest_one() -> None:
    with pytest.raises(UsageError, match="does not say where") as refused:
        printed("jinja", (Show("person.cty", "x", Place.TEXT),))
    assert refused.value.hint == "did you mean 'person.city'?"
    with pytest.raises(Unsupported, match="tells the segment 'new'") as unknown:
        printed("jinja", (When(InSegment("new"), (Literal("x"),)),))
    assert unknown.value.feature is Feature.SEGMENT
    with pytest.raises(UsageError) as platform:
        dialect("klavio")
    assert platform.value.hint == "did you mean 'klaviyo'?"


def test_loops_that_would_overwrite_one_another_are_refused() -> None:
    with pytest.raises(Unsupported, match="the loop around it"):
        printed("salesforce", (Each(cases.BASKET, (Each(cases.BASKET, (Literal("x"),), 1),), 1),))


@pytest.mark.parametrize("platform", ["iterable", "listmonk"])
def test_a_value_in_the_path_of_an_address_is_refused_where_it_would_be_wrong(platform: str) -> None:
    link = (Literal('<a href="https://x.example/'), Show(cases.CITY, "a", Place.URL), Literal('/?b=c">x</a>'))
    with pytest.raises(Unsupported) as refused:
        printed(platform, link)
    assert refused.value.feature is Feature.ESCAPE_URL
    assert "city" in printed("customerio", link)


def test_listmonk_keeps_comments_and_gives_pages_in_loops_the_whole_data() -> None:
    assert printed("listmonk", (Literal("<p><!--[if mso]>a<![endif]--></p>"),)) == (
        "<p>{{ Safe `<!--[if mso]>a<![endif]-->` }}</p>"
    )
    page = (PageLink(Page.UNSUBSCRIBE, Place.TEXT),)
    assert printed("listmonk", page) == "{{ UnsubscribeURL }}"
    assert "{{ UnsubscribeURL $ }}" in printed("listmonk", (Each(cases.BASKET, page, 1),))


def test_quotes_are_single_inside_attributes_only() -> None:
    test = When(Equals(cases.CITY, "Ely"), (Literal("x"),))
    assert '{{#ifEq city "Ely"}}' in printed("iterable", (test,))
    assert "{{#ifEq city 'Ely'}}" in printed("iterable", (Literal('<a title="'), test, Literal('">')))
    apostrophe = When(Equals(cases.CITY, "King's Lynn"), (Literal("x"),))
    assert '"King\'s Lynn"' in printed("sendgrid", (apostrophe,))
    with pytest.raises(Unsupported, match="inside an attribute"):
        printed("sendgrid", (Literal('<a title="'), apostrophe, Literal('">')))


def test_properties_of_the_reader_are_reached_from_inside_blocks() -> None:
    city = Show(cases.CITY, "", Place.TEXT)
    inside = When(HasValue(cases.FIRST), (city,))
    assert "{{#if @root.city}}{{@root.city}}" in printed("sendgrid", (inside,))
    loops = Each(cases.BASKET, (Each("item.parts", (city,), 1),), 1)
    assert "../../city" in printed("iterable", (loops,))


class Bare(Dialect):
    id = "bare"
    name = "Bare"


def test_a_dialect_answers_for_everything() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Bare()  # type: ignore[abstract]

"""What looks like a defect and is none."""

import time
from dataclasses import replace

import pytest

from app.brand.brand import Brand
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.report import check_email
from tests.emails.qa.clean import HTML_UTM, SHOP, both, extra, html, said, sent_email, style
from tests.emails.qa.planting import Change, hero, hero_alt, link_to, reads, subject, tracked
from tests.emails.qa.test_planted import found


@pytest.fixture(scope="module")
def clean(brand: Brand) -> EmailUnderTest:
    return sent_email(brand)


@pytest.mark.parametrize(
    "words",
    [
        "Nothing is null and void here: none of us would say so, and the workshop is open.",
        "At 7.30 p.m. the workshop closes... and opens at 8 again, in No. 5.",
        "Hello, dear reader! Hi there, Jo. Is it worth it? Yes! It is (really).",
        "We mend 100% of our boots; see the list below, or ask (politely) at the desk.",
        "Prices run from 5 to 10, and U.S. sizes are in the list of our workshop.",
        "And then . . . the toast, with butter, in the workshop (see below).",
        "Thanks to everybody who wrote, and welcome back to those who come again.",
    ],
)
def test_ordinary_copy_has_no_finding(words: str, clean: EmailUnderTest) -> None:
    assert found(said(clean, words)) - found(clean) == {}


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("a decorative picture", hero_alt("")),
        ("a host's subdomain", tracked("https://shop.www.fernhill.example/new")),
        ("a link that says where it leads", reads("Read more about our boots")),
        ("a subject of 50 characters", subject("x" * 50)),
        (
            "a link in a sentence is as low as its line",
            lambda e: extra(
                e,
                f' See <a href="{SHOP}/p/0?a=1&#38;b=2&amp;{HTML_UTM}"'
                ' style="color:#1d2b24;font-size:14px;line-height:18px">our list</a> of them.',
            ),
        ),
        (
            "large light text",
            lambda e: extra(
                e, '<div style="font-size:30px;line-height:40px;color:#808080">Packed here</div>'
            ),
        ),
        (
            "flex where it may be missing",
            lambda e: style(e, " @media (min-width: 480px) { .x { display: flex } }"),
        ),
        ("a space that fills a paragraph", lambda e: extra(e, "<p>&#8202;</p>")),
        ("a data table", lambda e: extra(e, "<table><tr><th>Boot</th><td>Packed</td></tr></table>")),
        (
            "a picture by mail",
            lambda e: replace(
                hero('src="https://img.fernhill.example/hero.png"', 'src="cid:hero"')(e),
                images={**(e.images or {}), "cid:hero": next(iter((e.images or {}).values()))},
            ),
        ),
        (
            "an address of mail",
            lambda e: both(
                html(e, "Choose what you get", "Choose what you get"),
                f"{SHOP}/mail/preferences",
                "mailto:mail@fernhill.example",
            ),
        ),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_what_is_right_has_no_finding(what: str, change: Change, clean: EmailUnderTest) -> None:
    assert found(change(clean)) - found(clean) == {}


def test_a_mail_about_an_order_needs_no_way_out(clean: EmailUnderTest) -> None:
    plain = both(clean, "Unsubscribe", "Your orders")
    plain = both(plain, "/mail/unsubscribe", "/mail/orders")
    rules = {
        item.rule for item in check_email(replace(plain, marketing=False, unsubscribe_label=None)).findings
    }
    assert not any(rule.startswith("mandatory.") for rule in rules)


def test_rules_that_lack_what_they_need_are_named(clean: EmailUnderTest) -> None:
    bare = EmailUnderTest(html=clean.html)
    lacking = {item.rule: item.needs for item in check_email(bare).unchecked}
    assert lacking["links.host_not_allowed"] == ("link_hosts",)
    assert lacking["text_part.facts_differ"] == ("text", "facts")
    assert lacking["page.other_language"] == ("locale",)
    assert "page.no_language" not in lacking


def test_a_reserved_host_is_made_up_unless_it_is_the_brands(clean: EmailUnderTest) -> None:
    rules = {item.rule for item in check_email(replace(clean, link_hosts=None)).findings}
    assert "links.placeholder_host" in rules


@pytest.mark.parametrize(
    "page", ["", "<", "<html", "words", "<a href='https://[::1'>x</a>", "<p" * 500, "<table><td>"]
)
def test_any_page_gets_a_report(page: str) -> None:
    assert not check_email(EmailUnderTest(html=page)).passes


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 20_000,
        "<p>" + "a" * 100_000,
        "<p>" + "1 " * 50_000,
        "<p>" + "( " * 50_000,
        "<p>" + "{{" * 50_000,
        '<p style="width:' + "1" * 100_000 + 'x">',
        "<style>" + "a{" * 50_000,
        "<style>" + "a b > c:nth-child(" * 5_000 + "</style><a>",
        '<img alt="' + "a_" * 50_000 + '!">',
        '<a href="https://' + "a." * 50_000 + '">x</a>',
    ],
    ids=lambda page: page[:20],
)
def test_a_hostile_page_takes_no_longer_than_its_length(page: str) -> None:
    began = time.perf_counter()
    check_email(EmailUnderTest(html=page, text=page, link_hosts=("fernhill.example",), locale="en-US"))
    assert time.perf_counter() - began < 10


def test_findings_point_at_line_and_column(clean: EmailUnderTest) -> None:
    broken = link_to("")(replace(clean, html=f"\n\n{clean.html}"))
    finding = next(item for item in check_email(broken).findings if item.rule == "links.leads_nowhere")
    line = broken.html.splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].startswith('<a href=""')

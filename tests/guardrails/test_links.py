"""Addresses in copy: supplied ones pass, others do not, and nothing poses as one of them."""

import pytest

from app.guardrails.links import GUARDRAIL
from tests.guardrails.people import blocked

SHOP = {"urls": ["https://fernhill.example/tents"]}
PASSES = (
    "See https://fernhill.example/tents?size=2.",
    "fernhill.example, open all day",
    "Fernhill.example/boots!",
    "From 9 a.m. to 5 p.m., e.g. on Monday, etc.",
    "Built with Node.js and ASP.NET.",
    "Open readme.md or photo.mov.",
    "Dry feet.It works.",
    "A polka dot shop window",
    "Wait...what?",
    "The U.S.A., St.Pauls and No.5 in 3.5mm",
    "Build 4.2.0.11",
)
FAILS = (
    ("See fernhil.example/tents", "fernhil.example/tents"),
    ("See www.other.test.", "www.other.test"),
    ("Open https://fernhill.example.deals.test/a now", "https://fernhill.example.deals.test/a"),
    ("http://fernhill.example/tents", "http://fernhill.example/tents"),
    ("https://fernhill.example:8443/tents", "https://fernhill.example:8443/tents"),
    ("Go to other dot com today", "other dot com"),
    ("fernhill[dot]shop has it", "fernhill[dot]shop"),
    ("Tap bit.ly/3xYz", "bit.ly/3xYz"),
    ("ftp://fernhill.example/a", "ftp://fernhill.example/a"),
    ("192.168.0.1:8080/login", "192.168.0.1:8080/login"),
    ("https://fernhill.example/?next=https%3A%2F%2Fother.test", None),
    ("ｏｔｈｅｒ．ｃｏｍ", "ｏｔｈｅｒ．ｃｏｍ"),
    ("other。com", "other。com"),
)
DECEIVE = (
    "javascript:alert(1)",
    "data:text/html;base64,AAAA",
    "file:///etc/passwd",
    "https://fernhill.example@other.test/x",
    "Visit fеrnhill.example today",
    "Visit xn--fernhll-bya.example",
    "hxxps://fernhill.example",
    "other[.]com",
)


@pytest.mark.parametrize("text", PASSES)
def test_supplied_addresses_and_what_only_looks_like_one_pass(text: str) -> None:
    assert blocked(GUARDRAIL, text, SHOP) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_other_addresses_are_refused(text: str, words: str | None) -> None:
    assert blocked(GUARDRAIL, text, SHOP) == [words or text]


@pytest.mark.parametrize("text", DECEIVE)
@pytest.mark.parametrize("facts", [None, SHOP])
def test_an_address_that_deceives_is_refused_even_where_nothing_was_supplied(
    text: str, facts: dict[str, list[str]] | None
) -> None:
    assert blocked(GUARDRAIL, text, facts)


def test_without_facts_an_ordinary_address_is_not_judged() -> None:
    assert blocked(GUARDRAIL, "See https://other.test/a and müller.de") == []


@pytest.mark.parametrize(
    ("policy", "text", "passes"),
    [
        ("exact", "fernhill.example/tents", True),
        ("exact", "https://fernhill.example/tents/", True),
        ("exact", "fernhill.example/tents?utm_source=mail", False),
        ("exact", "fernhill.example/boots", False),
        ("path, utm allowed", "fernhill.example/tents?utm_source=mail&utm_medium=x", True),
        ("path, utm allowed", "fernhill.example/tents?u=x", False),
        ("path, utm allowed", "fernhill.example/boots", False),
        ("scheme and host", "fernhill.example/boots?u=x", True),
    ],
)
def test_the_policy_says_how_much_of_an_address_counts(policy: str, text: str, passes: bool) -> None:
    assert (blocked(GUARDRAIL, text, {**SHOP, "url_policy": policy}) == []) == passes

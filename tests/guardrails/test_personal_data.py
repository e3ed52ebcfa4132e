"""Personal data in copy, and the numbers that only look like it."""

import pytest

from app.guardrails.personal_data import GUARDRAIL
from tests.guardrails.people import blocked

BRAND = {
    "phones": ["+44 20 7946 0958"],
    "emails": ["hello@fernhill.example"],
    "address": "Fernhill, 3 Quay Street, Hull HU1 1AA",
}
PASSES = (
    "The gate code for the club changes weekly.",
    "Mr. Keane's marmalade, thick cut.",
    "Maureen at the till wraps gifts.",
    "ISBN 978-3-16-148410-0",
    "EAN 5012345678900 is on the base.",
    "Serial 1234 5678 9012 3456",
    "Model AB 12 34 56 C",
    "Build 4.2.0.11 fixes the display.",
    "Call 0800 123 4567",
    "Call us on 020 7946 0958",
    "Find us at 12 Bridge Street, Bath",
    "Mail hello@fernhill.example",
    "Find us at fernhill dot example",
    "Our brand was born on 4 July 1976.",
    "Password game night, and a pin for your coat",
    "1 2 3 4 5 6 7 8 9 10 11 12 13",
    "Founded 1886, rebuilt 1999-2004",
    "An account of 1066 and all that",
)
FAILS = (
    ("Joan Mercer's appointment is on Monday.", None),
    ("Gate code 4482, ring twice.", None),
    ("Mr Okafor at number 12 took it in.", None),
    ("Kate's mobile is 07911 123456.", None),
    ("Mail anna.k@gmail.com today", "anna.k@gmail.com"),
    ("anna [at] gmail [dot] com", "anna [at] gmail [dot] com"),
    ("tom dot barker at outlook dot com", "tom dot barker at outlook dot com"),
    ("Your card 5555 5555 5555 4444", "5555 5555 5555 4444"),
    ("Your card ending in 4242", "card ending in 4242"),
    ("IBAN DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
    ("SSN 078-05-1120", "078-05-1120"),
    ("NI number QQ 12 34 56 C", "QQ 12 34 56 C"),
    ("DNI 12345678Z", None),
    ("Passport 533380006 expires", None),
    ("Your PIN is 4821.", "PIN is 4821"),
    ("Your password is hunter2", "password is hunter2"),
    ("Kontonummer 12345678", None),
    ("Account 31926819", None),
    ("Signed in from 198.51.100.23", "198.51.100.23"),
    ("Born 12.11.1979? A present.", "Born 12.11.1979"),
    ("Née le 4 mai 1985", None),
    ("Text Tom on 07700 900456", "07700 900456"),
    ("Your mobile +44 7700 900123 is saved", "+44 7700 900123"),
    ("On its way to 4 Privet Lane, Bath", "4 Privet Lane"),
    ("Order #448812 for Sarah Jenkins", "Order #448812"),
    ("Car reg AB12 CDE is outside", None),
)


@pytest.mark.parametrize("text", PASSES)
def test_articles_versions_and_desks_pass(text: str) -> None:
    assert blocked(GUARDRAIL, text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_data_of_a_person_is_refused(text: str, words: str | None) -> None:
    found = blocked(GUARDRAIL, text)
    assert found
    assert words is None or words in found


@pytest.mark.parametrize(
    "text",
    [
        "Ring 020 7946 0958",
        "Ring +44 (0)20 7946 0958 today",
        "Mail hello@fernhill.example",
        "Fernhill, 3 Quay Street, Hull HU1 1AA. Visit us.",
    ],
)
def test_the_brands_own_contact_data_passes(text: str) -> None:
    assert blocked(GUARDRAIL, text, BRAND) == []


@pytest.mark.parametrize("text", ["Ring 020 7946 0999", "Mail hello@fernhil.example"])
def test_contact_data_that_was_not_supplied_is_refused(text: str) -> None:
    assert blocked(GUARDRAIL, text, BRAND)

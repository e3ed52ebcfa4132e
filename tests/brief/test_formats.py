"""Values as readers of each locale expect them: golden values, written out so that a new CLDR shows."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from app.brief.facts import FactSheet

BERLIN = ZoneInfo("Europe/Berlin")
NB, NARROW = "\u00a0", "\u202f"
"""No-break space and narrow no-break space: they keep a value on one line."""
FACTS: dict[str, dict[str, object]] = {
    "whole": {"kind": "money", "role": "price", "value": "1299"},
    "cents": {"kind": "money", "role": "price", "value": "1299.50"},
    "small": {"kind": "money", "role": "price", "value": "0.50"},
    "percent": {"kind": "percent", "role": "discount", "value": "20"},
    "part": {"kind": "percent", "role": "discount", "value": "12.5"},
    "first": {"kind": "date", "role": "starts", "value": dt.date(2026, 12, 1)},
    "march": {"kind": "date", "role": "event_date", "value": dt.date(2026, 3, 11)},
    "ends": {"kind": "deadline", "role": "ends", "value": dt.datetime(2026, 12, 6, 23, 30, tzinfo=dt.UTC)},
    "count": {"kind": "quantity", "role": "quantity", "value": "12345"},
}
GOLDEN: dict[str, tuple[str, dict[str, str]]] = {
    "en-US": (
        "USD",
        {
            "whole": "$1,299",
            "cents": "$1,299.50",
            "small": "$0.50",
            "percent": "20%",
            "part": "12.5%",
            "first": "December 1",
            "march": "March 11",
            "ends": "December 7",
            "count": "12,345",
        },
    ),
    "en-GB": (
        "GBP",
        {
            "whole": "£1,299",
            "cents": "£1,299.50",
            "small": "£0.50",
            "percent": "20%",
            "part": "12.5%",
            "first": "1 December",
            "march": "11 March",
            "ends": "7 December",
            "count": "12,345",
        },
    ),
    "de-DE": (
        "EUR",
        {
            "whole": f"1.299{NB}€",
            "cents": f"1.299,50{NB}€",
            "small": f"0,50{NB}€",
            "percent": f"20{NB}%",
            "part": f"12,5{NB}%",
            "first": "1. Dezember",
            "march": "11. März",
            "ends": "7. Dezember",
            "count": "12.345",
        },
    ),
    "fr-FR": (
        "EUR",
        {
            "whole": f"1{NARROW}299{NB}€",
            "cents": f"1{NARROW}299,50{NB}€",
            "small": f"0,50{NB}€",
            "percent": f"20{NB}%",
            "part": f"12,5{NB}%",
            "first": "1er décembre",
            "march": "11 mars",
            "ends": "7 décembre",
            "count": f"12{NARROW}345",
        },
    ),
    "de-CH": (
        "CHF",
        {
            "whole": f"CHF{NB}1’299",
            "cents": f"CHF{NB}1’299.50",
            "small": f"CHF{NB}0.50",
            "percent": "20%",
            "part": "12.5%",
            "first": "1. Dezember",
            "march": "11. März",
            "ends": "7. Dezember",
            "count": "12’345",
        },
    ),
    "fr-CA": (
        "CAD",
        {
            "whole": f"1{NB}299{NB}$",
            "cents": f"1{NB}299,50{NB}$",
            "small": f"0,50{NB}$",
            "percent": f"20{NB}%",
            "part": f"12,5{NB}%",
            "first": "1er décembre",
            "march": "11 mars",
            "ends": "7 décembre",
            "count": f"12{NB}345",
        },
    ),
}


@pytest.mark.parametrize(
    ("locale", "name", "shown"),
    [(locale, name, shown) for locale, (_, values) in GOLDEN.items() for name, shown in values.items()],
)
def test_a_value_reads_as_its_locale_writes_it(locale: str, name: str, shown: str) -> None:
    money = {"currency": GOLDEN[locale][0]} if FACTS[name]["kind"] == "money" else {}
    fact = {**FACTS[name], **money, "source": "test"}
    sheet = FactSheet.model_validate({"locale": locale, "time_zone": BERLIN.key, "facts": {"x.value": fact}})
    assert sheet.render("x.value") == shown


def test_every_locale_has_a_value_of_every_sort() -> None:
    assert all(values.keys() == FACTS.keys() for _, values in GOLDEN.values())

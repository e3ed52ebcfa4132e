"""Currencies and units as copy writes them; each unit with the one it is compared in."""

from decimal import Decimal

CURRENCIES = {
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "quid", "p", "pence", "penny"), "GBP"),
    **dict.fromkeys(("$", "usd", "us$", "dollar", "dollars", "bucks", "cent", "cents", "¢"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "EUR"),
    **dict.fromkeys(("¥", "jpy", "yen"), "JPY"),
}
SUBUNITS = frozenset({"p", "pence", "penny", "cent", "cents", "¢"})
SCALE = {"k": 1000, "m": 1_000_000, "bn": 1_000_000_000}
UNITS: dict[str, tuple[str, Decimal]] = {}
for _names, _unit, _factor in (
    ("h hr hrs hour hours", "min", "60"),
    ("min mins minute minutes", "min", "1"),
    ("s sec secs second seconds", "s", "1"),
    ("day days", "day", "1"),
    ("week weeks", "day", "7"),
    ("month months", "day", "30"),
    ("year years yr yrs", "year", "1"),
    ("kg kilo kilos kilogram kilograms", "g", "1000"),
    ("g gram grams", "g", "1"),
    ("mg", "g", "0.001"),
    ("oz ounce ounces", "oz", "1"),
    ("lb lbs", "lb", "1"),
    ("l litre litres liter liters", "ml", "1000"),
    ("ml", "ml", "1"),
    ("pint pints", "pint", "1"),
    ("gallon gallons", "gallon", "1"),
    ("km kilometre kilometres kilometer kilometers", "mm", "1000000"),
    ("m metre metres meter meters", "mm", "1000"),
    ("cm", "mm", "10"),
    ("mm", "mm", "1"),
    ("mile miles", "mile", "1"),
    ("inch inches", "inch", "1"),
    ("ft foot feet", "ft", "1"),
):
    UNITS.update(dict.fromkeys(_names.split(), (_unit, Decimal(_factor))))

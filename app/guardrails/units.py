"""Currencies and units as copy writes them, folded; each unit with the one it is compared in."""

from decimal import Decimal

CURRENCIES = {
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "quid", "p", "pence", "penny"), "GBP"),
    **dict.fromkeys(("pfund", "livre sterling", "livres sterling"), "GBP"),
    **dict.fromkeys(("$", "usd", "us$", "dollar", "dollars", "bucks", "cent", "cents", "¢"), "USD"),
    **dict.fromkeys(("€", "eur", "euro", "euros", "eurocent", "centime", "centimes"), "EUR"),
    **dict.fromkeys(("¥", "jpy", "yen"), "JPY"),
    **dict.fromkeys(
        ("chf", "franken", "fr", "rappen", "franc", "francs", "franc suisse", "francs suisses"), "CHF"
    ),
    **dict.fromkeys(("cad", "dollar canadien", "dollars canadiens"), "CAD"),
}
SUBUNITS = frozenset(
    ["p", "pence", "penny", "cent", "cents", "¢", "eurocent", "centime", "centimes", "rappen"]
)
SCALE = {"k": 1000, "m": 1_000_000, "bn": 1_000_000_000}
Units = dict[str, tuple[str, Decimal]]


def _units(*lines: str) -> Units:
    """Names of units: each line holds the unit that they are compared in, its factor, and the names."""
    found: Units = {}
    for line in lines:
        unit, factor, *names = line.split()
        found.update(dict.fromkeys(names, (unit, Decimal(factor))))
    return found


_SHORT = (
    "min 60 h hr hrs",
    "min 1 min",
    "s 1 s sec",
    "g 1000 kg",
    "g 1 g",
    "g 0.001 mg",
    "ml 1000 l",
    "ml 1 ml",
    "mm 1000000 km",
    "mm 1000 m",
    "mm 10 cm",
    "mm 1 mm",
)
ENGLISH = _units(
    *_SHORT,
    "min 60 hour hours",
    "min 1 mins minute minutes",
    "s 1 secs second seconds",
    "day 1 day days",
    "day 7 week weeks",
    "day 30 month months",
    "year 1 year years yr yrs",
    "g 1000 kilo kilos kilogram kilograms",
    "g 1 gram grams",
    "oz 1 oz ounce ounces",
    "lb 1 lb lbs",
    "ml 1000 litre litres liter liters",
    "pint 1 pint pints",
    "gallon 1 gallon gallons",
    "mm 1000000 kilometre kilometres kilometer kilometers",
    "mm 1000 metre metres meter meters",
    "mile 1 mile miles",
    "inch 1 inch inches",
    "ft 1 ft foot feet",
)
GERMAN = _units(
    *_SHORT,
    "min 60 std stunde stunden",
    "min 1 minute minuten",
    "s 1 sek sekunde sekunden",
    "day 1 tag tage tagen tages",
    "day 7 woche wochen",
    "day 30 monat monate monaten monats",
    "year 1 jahr jahre jahren jahres",
    "g 1000 kilo kilos kilogramm",
    "g 1 gramm",
    "ml 1000 liter litern",
    "ml 1 milliliter",
    "mm 1000000 kilometer kilometern",
    "mm 1000 meter metern",
    "mm 10 zentimeter zentimetern",
    "mm 1 millimeter millimetern",
    "mile 1 meile meilen",
    "inch 1 zoll",
)
FRENCH = _units(
    *_SHORT,
    "min 60 heure heures",
    "min 1 minute minutes",
    "s 1 seconde secondes",
    "day 1 jour jours",
    "day 7 semaine semaines",
    "day 30 mois",
    "year 1 an ans annee annees",
    "g 1000 kilo kilos kilogramme kilogrammes",
    "g 1 gramme grammes",
    "ml 1000 litre litres",
    "ml 1 millilitre millilitres",
    "mm 1000000 kilometre kilometres",
    "mm 1000 metre metres",
    "mm 10 centimetre centimetres",
    "mm 1 millimetre millimetres",
    "inch 1 pouce pouces",
)
UNITS: Units = {**GERMAN, **FRENCH, **ENGLISH}
"""The units of all languages; no name means different things in two of them."""

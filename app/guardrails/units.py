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


_TECHNICAL = (
    "w 1 w watt watts",
    "w 1000 kw kilowatt kilowatts",
    "wh 1 wh watt-hour watt-hours",
    "wh 1000 kwh kilowatt-hour kilowatt-hours",
    "v 1 v volt volts",
    "mah 1 mah",
    "lm 1 lm lumen lumens",
    "celsius 1 °c c celsius",
    "fahrenheit 1 °f f fahrenheit",
    "gb 1 gb gig gigs gigabyte gigabytes",
    "gb 1000 tb terabyte terabytes",
    "mb 1 mb megabyte megabytes",
    "mbps 1 mbps mbit/s",
    "mbps 1000 gbps gbit/s",
    "hz 1 hz hertz",
    "hz 1000 khz",
    "hz 1000000 mhz",
    "hz 1000000000 ghz",
    "mp 1 mp megapixel megapixels",
    "rpm 1 rpm",
    "psi 1 psi",
    "btu 1 btu",
    "gsm 1 gsm",
    "tog 1 tog togs",
    "g 0.000001 mcg",
    "a 1 amp amps",
    "db 1 db decibel decibels",
    "kcal 1 kcal calorie calories",
    "kcal 0.239 kj",
    "kmh 1 km/h kmh kph",
    "kmh 1.609 mph",
)
"""Units of data sheets; a degree sign folds away."""
_SHORT = (
    *_TECHNICAL,
    "min 60 h hr hrs",
    "min 1 min",
    "s 1 s sec",
    "g 1000 kg",
    "g 1 g",
    "g 0.001 mg",
    "ml 1000 l",
    "ml 10 cl",
    "ml 100 dl",
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
    "day 1 day days sleeps",
    "day 7 week weeks wk wks",
    "day 14 fortnight fortnights",
    "month 1 month months mth mths",
    "month 12 year years yr yrs",
    "g 1000 kilo kilos kilogram kilograms",
    "g 1 gram grams gramme grammes",
    "g 0.001 milligram milligrams",
    "g 1000000 tonne tonnes",
    "g 28.35 oz ounce ounces",
    "g 453.6 lb lbs",
    "ml 1000 litre litres liter liters",
    "ml 1 millilitre millilitres milliliter milliliters",
    "ml 10 centilitre centilitres",
    "pint 1 pint pints",
    "gallon 1 gallon gallons",
    "mm 1000000 kilometre kilometres kilometer kilometers",
    "mm 1000 metre metres meter meters",
    "mm 10 centimetre centimetres centimeter centimeters",
    "mm 1 millimetre millimetres millimeter millimeters",
    "mm 914.4 yard yards yd yds",
    "mm 1609344 mile miles mi",
    "mm 25.4 inch inches",
    "mm 304.8 ft foot feet",
)
GERMAN = _units(
    *_SHORT,
    "min 60 std stunde stunden",
    "min 1 minute minuten",
    "s 1 sek sekunde sekunden",
    "day 1 tag tage tagen tages",
    "day 7 woche wochen",
    "month 1 monat monate monaten monats",
    "month 12 jahr jahre jahren jahres",
    "g 1000 kilo kilos kilogramm",
    "g 1 gramm",
    "ml 1000 liter litern",
    "ml 1 milliliter",
    "mm 1000000 kilometer kilometern",
    "mm 1000 meter metern",
    "mm 10 zentimeter zentimetern",
    "mm 1 millimeter millimetern",
    "mm 1609344 meile meilen",
    "mm 25.4 zoll",
)
FRENCH = _units(
    *_SHORT,
    "min 60 heure heures",
    "min 1 minute minutes",
    "s 1 seconde secondes",
    "day 1 jour jours",
    "day 7 semaine semaines",
    "month 1 mois",
    "month 12 an ans annee annees",
    "g 1000 kilo kilos kilogramme kilogrammes",
    "g 1 gramme grammes",
    "ml 1000 litre litres",
    "ml 1 millilitre millilitres",
    "mm 1000000 kilometre kilometres",
    "mm 1000 metre metres",
    "mm 10 centimetre centimetres",
    "mm 1 millimetre millimetres",
    "mm 25.4 pouce pouces",
)
UNITS: Units = {**GERMAN, **FRENCH, **ENGLISH, "in": ENGLISH["inch"], '"': ENGLISH["inch"]}
"""The units of all languages; no name means different things in two of them."""
IMPERIAL = frozenset(map(Decimal, ("1609344", "914.4", "25.4", "304.8", "28.35", "453.6", "1.609")))
"""The factors of units that are not metric."""
SAME_SPAN = {("day", "month"): 30, ("min", "day"): 1440, ("s", "min"): 60}
"""How many of the first unit one of the second is."""

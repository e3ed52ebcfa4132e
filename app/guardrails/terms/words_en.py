"""English names of days, periods and places in a row, with what each stands for."""

NAMED_DAYS = {
    "new year": 1231,
    "the new year": 1231,
    "christmas": 1225,
    "christmas eve": 1224,
    "christmas day": 1225,
    "boxing day": 1226,
    "new year's eve": 1231,
    "new years eve": 1231,
    "new year's day": 101,
    "valentine's day": 214,
    "halloween": 1031,
    "bonfire night": 1105,
}
"""Days with a name: 100 times the month and the day."""
NTH = {"second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6}
PERIODS = {
    "daily": 1,
    "nightly": 1,
    "weekly": 7,
    "fortnightly": 14,
    "monthly": 30,
    "quarterly": 91,
    "yearly": 365,
    "annually": 365,
    "day": 1,
    "night": 1,
    "week": 7,
    "fortnight": 14,
    "month": 30,
    "quarter": 91,
    "year": 365,
}

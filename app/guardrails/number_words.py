"""English number words as digits, with the way back: "Twenty-eight pounds" becomes "28 pounds".

Idioms ("second to none", "one of us") are blanked first, so that what is left counts something. `one` alone
counts only before a unit, and ordinals only in fractions and dates.
"""

import functools
import re
from collections.abc import Callable
from decimal import Decimal
from importlib.resources import files

from app.guardrails.gate import Gate
from app.guardrails.plain_fold import Folded

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
)
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
_SMALL = {word: number for number, word in enumerate(_TO_NINETEEN.split())}
_TENS = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), start=2)}
_BIG = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}
_FRACTIONS = {
    "half": Decimal("0.5"),
    "third": Decimal(1) / 3,
    "quarter": Decimal("0.25"),
    "fourth": Decimal("0.25"),
    "fifth": Decimal("0.2"),
    "eighth": Decimal("0.125"),
    "tenth": Decimal("0.1"),
}
UNIT_WORDS = (
    r"(?:hours?|minutes?|mins?|seconds?|days?|weeks?|months?|years?|pounds?|quid|dollars?|bucks|euros?"
    r"|pence|cents?"
    r"|per ?cent|percent|%|litres?|liters?|pints?|gallons?|grams?|kilos?|kilograms?|ounces?|oz|metres?"
    r"|meters?"
    r"|miles?|yards?|kilometres?|kilometers?|centimetres?|centimeters?|millimetres?|millimeters?"
    r"|millilitres?|milliliters?|inch(?:es)?|feet|foot|watts?|volts?|amps?|degrees?|calories?|mph|cm|mm|km|kg|ml)"
)
NUMBER_EDGE = "".join(rf"(?<!\b\d{{{count}}}[.,])" for count in range(1, 7))
"""Not behind "1," or "1,234.": a number is tried from its first digit, not from every group of it."""
NUMBER = r"\d{1,24}+(?:[.,]\d{1,23}+){0,11}"
"""A number with groups; digits beyond these are read one run at a time."""
_CARDINAL = "|".join([*_SMALL, *_TENS, *_BIG, "dozen"])
_ANY = re.compile(
    rf"\b(?:an? )?(?:half an? )?(?:{_CARDINAL})(?:(?:[ -]"
    rf"|(?:(?<=hundred)|(?<=thousand)|(?<=million)),? and )(?:{_CARDINAL}))*\b(?:s\b)?"
)
_ONE = re.compile(r"^one$|^zero$")
_COUNTED = re.compile(rf"^[ -](?:working |whole |full |more )?{UNIT_WORDS}(?![a-z])")
_COUNTED_ONE = re.compile(
    r"^ (?:left|remains?)\b|^ (?:for|in) (?:every|the price|\d|two|three|four|five|six|seven|eight|nine"
    r"|ten|twenty)\b"
    r"|^[a-z ]{0,20}\bget\b"
)
_ONE_FOR = re.compile(r"^ (?:for|in)\b")
_PRONOUN = re.compile(r"\b(?:the|this|that|which|another)(?: [a-z]{2,12})? $")
"""Before a "one" that stands for a thing named earlier: "the right one for long runs"."""
_DEAL = re.compile(
    r"\b(?:two|three|four|five|[2-9])(?: \w+)? for (?:the price of )?$|\b(?:two|three|four|five|[2-9])-for-$"
)
_NEAR = 80
"""Characters around a number word that say what it counts."""
_HUNDRED = re.compile(rf"\b{NUMBER_EDGE}({NUMBER}) (hundred|thousand|million|billion)\b")
_SLANG = re.compile(r"\b(?:a )?(tenners?|fivers?|grand)\b")
_AND_HALF = re.compile(rf"\b(an?|one|\d{{1,15}}+) ({UNIT_WORDS}) and a half\b")
_PART_OF = re.compile(
    rf"\b(?:(an?|one|two|three|2|3)[ -])?(half|thirds?|quarters?) (?:of )?an? ({UNIT_WORDS})(?![a-z])"
)
_HALF_A = re.compile(rf"\bhalf an? ({UNIT_WORDS}|dozen|million|thousand)(?![a-z])")
_A_UNIT = re.compile(
    r"\b(?<!\bjust )(?<!\btake )(?<!\bfor )(?:an?|one)(?= (?:hour|minute|metre|meter|litre|liter|mile|kilo)\b"
    r"(?! (?:of (?!battery|charge|use|play|light|runtime|cooking)|to yourself|ago|away)))"
    rf"|(?:(?<=\bholds )|(?<=\bweighs )|(?<=\bcarries )|(?<=\blasts )|(?<=\bmeasures )|(?<=\bholding )"
    rf"|(?<=\bbeen )|(?<=\bwithin ))an?(?= {UNIT_WORDS}(?![a-z]))"
    r"|(?<![\d%£$€] )\b(?<!\bper )an?(?= fortnight\b)"
    rf"|\b(?:an?|one) (?:whole |full |entire |solid )(?={UNIT_WORDS}(?![a-z]))"
    r"|\b(?:an?|one)(?= (?:week|fortnight|month|year|decade) (?:from now|ago|away|old|to go|since)\b)"
    r"|\b(?:an?|one)(?= (?:week|fortnight|month|year)(?: of|'s) (?!your|my|our|the))"
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth"),
    *("eighteenth", "nineteenth", "twentieth"),
)
_ORDINAL_DAY = re.compile(
    rf"\b(?:(twenty|thirty)[ -])?({'|'.join(_ORDINALS)})"
    r"(?= of (?:january|february|march|april|may|june|july|august|september|october|november|december)\b)"
)
_SHARED_SCALE = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (and|to|or) "
    r"(?=(?:two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) (hundred|thousand|million)\b)"
)
"""Two numbers with one scale: "two to four hundred"."""
_MORE_HALF = re.compile(r"(?<![\d.,])(\d{1,3}) and a half(?= [a-z])")
_AGES = re.compile(
    r"\b((?:under|over)[ -])(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|sixteen"
    r"|eighteen)e?s\b"
)
"""Many who are called by their years: "under-threes"."""
_POINT = re.compile(r"(?<![\d.,])(\d{1,3}) point (\d)(?: (\d)(?![\d.,]))?(?![\d%])")
_GROUPED_MONEY = re.compile(r"(?<=[£$€])\d{1,3}(?: \d{3}){1,4}+(?!\d)")


@functools.cache
def idioms(language: str) -> re.Pattern[str]:
    """The phrases of a language in which a number word counts nothing."""
    text = files("app.guardrails").joinpath(f"data/number_idioms_{language}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    ordered = sorted(lines, key=len, reverse=True)
    return re.compile(r"\b(?<!-)(?:" + "|".join(map(re.escape, ordered)) + r")\b(?!-)")


def number_of(words: str) -> Decimal:
    """The value of a run of number words, such as "two hundred and fifty"."""
    total, current = Decimal(0), Decimal(0)
    halved = words.startswith(("half a ", "half an ", "a half "))
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "dozen":
            current = (current or Decimal(1)) * 12
        elif word == "hundred":
            current = (current or Decimal(1)) * 100
        elif word in _BIG:
            total += (current or Decimal(1)) * _BIG[word]
            current = Decimal(0)
    return (total + current) / 2 if halved else total + current


Rewrite = Callable[[re.Match[str]], str | None]
"""What stands instead of a match; None leaves it as it is."""


class Rewriter:
    """Steps that write number words as digits, one after the other. Build it once a language."""

    def __init__(self, *steps: tuple[re.Pattern[str], Rewrite]) -> None:
        self.steps = steps
        self.gate = Gate([pattern for pattern, _ in steps])

    def rewritten(self, text: str) -> Folded:
        """The text after all steps, with the way back; a step may find what an earlier one wrote."""
        copy = Folded(text, range(len(text)), text)
        passed = self.gate.passed(text)
        for number, (_, new) in enumerate(self.steps):
            if number not in passed:
                continue
            edits = [
                (*match.span(), written)
                for match in self.gate.matches_of(number, copy.text)
                if (written := new(match)) is not None
            ]
            if edits:
                copy = copy.edited(edits)
                passed = self.gate.passed(copy.text)
        return copy


GROUPED = re.compile(r"(?<![\d.,'])\d{1,3}(?:[ ']\d{3}){1,4}+(?!\d)")
"""A number whose thousands are set apart by blanks or apostrophes, as in French and Swiss copy."""


def ungrouped(match: re.Match[str]) -> str:
    """The digits of a grouped number, written together."""
    return re.sub(r"[ ']", "", match[0])


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _cardinal(match: re.Match[str]) -> str | None:
    words = match[0]
    bare = words.removeprefix("a ").removeprefix("an ")
    if words.endswith("s") or (bare in _BIG and words == bare):
        return None
    if _ONE.match(bare) and not _counts(match):
        return None
    return plain(number_of(words))


def _counts(match: re.Match[str]) -> bool:
    """Whether a single "one" stands before a unit or in a deal, and so says how many."""
    start, after = match.start(), match.string[match.end() : match.end() + _NEAR]
    before = match.string[max(0, start - _NEAR) : start]
    if _ONE_FOR.match(after) and _PRONOUN.search(before):
        return False
    if _COUNTED.match(after) or _COUNTED_ONE.match(after):
        return True
    return _DEAL.search(before) is not None


def _ordinal_day(match: re.Match[str]) -> str:
    tens = {"twenty": 20, "thirty": 30}.get(match[1] or "", 0)
    return f"{tens + _ORDINALS.index(match[2]) + 1}th"


def _scaled(match: re.Match[str]) -> str:
    first = int(match[1]) if match[1].isdigit() else _SMALL[match[1]]
    return f"{first * _BIG[match[3]]} {match[2]} "


def _part(match: re.Match[str]) -> str:
    count = {"two": 2, "2": 2, "three": 3, "3": 3}.get(match[1] or "", 1)
    share = _FRACTIONS[match[2].removesuffix("s") if match[2] != "half" else "half"]
    return f"{plain(round(count * share, 4))} {match[3]}"


def _multiple(match: re.Match[str]) -> str | None:
    if match[1].count(".") > 1 or len(match[1]) > 12:
        return None
    return plain(Decimal(match[1].replace(",", "")) * _BIG[match[2]])


@functools.cache
def _steps() -> Rewriter:
    return Rewriter(
        (idioms("en"), lambda match: "_" * len(match[0])),
        (_GROUPED_MONEY, ungrouped),
        (_AGES, lambda m: f"{m[1]}{plain(number_of(m[2]))}s"),
        (_SLANG, lambda m: {"tenner": "10 pounds", "fiver": "5 pounds"}.get(m[1])),
        (_PART_OF, _part),
        (_HALF_A, lambda m: f"0.5 {m[1]}" if m[1] not in _BIG and m[1] != "dozen" else None),
        (_SHARED_SCALE, _scaled),
        (_ORDINAL_DAY, _ordinal_day),
        (_ANY, _cardinal),
        (_POINT, lambda m: f"{m[1]}.{m[2]}{m[3] or ''}"),
        (_AND_HALF, lambda m: f"{int(m[1]) if m[1].isdigit() else 1}.5 {m[2]}"),
        (_MORE_HALF, lambda match: f"{match[1]}.5"),
        (_A_UNIT, lambda match: "1 " if match[0].endswith(" ") else "1"),
        (_HUNDRED, _multiple),
    )


def with_digits(text: str) -> Folded:
    """The folded text with idioms blanked and number words as digits."""
    return _steps().rewritten(text)

"""French number words as digits, with the way back: "vingt euros" becomes "20 euros".

`un` and `une` are the article as well, and `neuf` also means new: `un` counts before a unit that nobody owns
("une heure"), `neuf` before a noun in the plural.
"""

import functools
import re
from decimal import Decimal

from app.guardrails.number_words import GROUPED, Rewriter, idioms, plain, ungrouped
from app.guardrails.plain_fold import Folded

_SMALL = {"zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7}
_SMALL |= {"huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14}
_SMALL |= {"quinze": 15, "seize": 16, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50}
_SMALL |= {"soixante": 60, "septante": 70, "quatre-vingt": 80, "quatre-vingts": 80, "huitante": 80}
_SMALL |= {"octante": 80, "nonante": 90}
_BIG = {"cent": 100, "cents": 100, "mille": 1000}
_NAMES = "|".join(sorted([*_SMALL, *_BIG], key=len, reverse=True))
_NAME = rf"(?>{_NAMES})"
"""Atomic, since "quatre-vingt" is one name and two: tried both ways, a long run would take for ever."""
_RUN = re.compile(rf"(?<![\w-])(?!(?<=pour )cents?\b){_NAME}(?:(?:-et-| et |-| ){_NAME})*(?![\w-])")
_PART = re.compile(_NAMES)
_ALONE = frozenset({"un", "une", "zero"})
_PLURAL = re.compile(
    r"^ (?:(?:[a-z]+[sx]|fois|mois|ans|euros?|pour cent"
    r"|%)\b)(?<! dans)(?<! sans)(?<! sous)(?<! vers)(?<! depuis)"
    r"(?<! apres)(?<! mais)(?<! plus)(?<! puis)(?<! alors)(?<! nous)(?<! vous)(?<! tous)(?<! toujours)"
    r"(?<! les)"
    r"(?<! des)(?<! nos)(?<! vos)(?<! ses)(?<! ces)(?<! pas)(?<! tres)(?<! jamais)(?<! aux)"
)
_OF_TIME = r"(?:heures?|minutes?|jours?|semaines?|mois|ans?|annees?|litres?|metres?|kilos?)"
_A_UNIT = re.compile(r"\bune?(?= (?:heure|minute|metre|litre|kilo)\b)")
_ABOUT = {"dizaine": 10, "douzaine": 12, "quinzaine": 15, "vingtaine": 20, "trentaine": 30, "centaine": 100}
_ABOUT |= {"quarantaine": 40, "cinquantaine": 50}
_COLLECTIVE = re.compile(rf"\b(demi-)?(?:une |un )?(demi-)?({'|'.join(_ABOUT)})\b")
_MILLIONS = re.compile(r"\b(?:(\d{1,6})|un) (million|milliard)s?\b")
_HALF_A = re.compile(r"\b(?:une? )?demie?[ -](?=(?:heure|journee|litre|douzaine|kilo)s?\b)")
_AND_HALF = re.compile(rf"\b(\d{{1,6}}|une?) ({_OF_TIME}) et demie?\b")
_QUARTER = re.compile(r"\b(?:(trois|3) |un )quarts? d'heure\b")


def number_of(words: str) -> int:
    """The value of a run of French number words, folded."""
    total = current = 0
    for name in _PART.findall(words):
        if name == "mille":
            total, current = total + (current or 1) * 1000, 0
        elif name in _BIG:
            current = (current or 1) * 100
        else:
            current += _SMALL[name]
    return total + current


def _cardinal(match: re.Match[str]) -> str | None:
    if match[0] in _ALONE:
        return None
    if match[0] == "neuf" and _PLURAL.match(match.string[match.end() : match.end() + 24]) is None:
        return None
    return str(number_of(match[0]))


def _collective(match: re.Match[str]) -> str:
    return plain(Decimal(_ABOUT[match[3]]) / (2 if match[1] or match[2] else 1))


def _million(match: re.Match[str]) -> str:
    return plain(Decimal(match[1] or 1) * (1_000_000 if match[2] == "million" else 1_000_000_000))


@functools.cache
def _steps() -> Rewriter:
    return Rewriter(
        (idioms("fr"), lambda match: "_" * len(match[0])),
        (GROUPED, ungrouped),
        (_QUARTER, lambda match: "0.75 heure" if match[1] else "0.25 heure"),
        (_COLLECTIVE, _collective),
        (_HALF_A, lambda _: "0.5 "),
        (_RUN, _cardinal),
        (_AND_HALF, lambda match: f"{match[1] if match[1].isdigit() else 1}.5 {match[2]}"),
        (_A_UNIT, lambda _: "1"),
        (_MILLIONS, _million),
    )


def with_digits(text: str) -> Folded:
    """The folded text with idioms blanked and number words as digits."""
    return _steps().rewritten(text)

"""Somebody with a full name in copy, next to what only their files or their neighbours know.

A name counts where its first word is a given name, or neither word is one of the language; a person of the
brand, whose name was supplied, may be named.
"""

import re

from app.guardrails.first_names import is_first_name
from app.guardrails.lexicon import is_word
from app.guardrails.personal_copy import TITLE, Copy

_FULL = re.compile(r"(?<![\w-])[A-Z][a-zà-ÿ'’-]{1,20} (?:Mc|O['’])?[A-Z][a-zà-ÿ'’-]{1,20}(?![\w-])")
"""A first and last name as they are written."""
_BEASTS = re.compile(
    r"\b(?:cat|dog|hen|goat|duck|pony|parrot|rabbit|mouse|ghost|dragon|fox|bear|witch|elf|gnome)\b"
)
"""Who may live behind the mill without anybody's leave."""
_YOUNGEST, _OLDEST = 2015, 1920
"""Years of birth of people who may be alive and old enough to be on a list."""
FEWEST_DIALLED = 9
"""Digits of the shortest number that rings a phone from anywhere in a country."""
_MONTHS = re.compile(
    r"\d (?:jan|feb|mar(?:ch)?$|apr|may$|jun|jul|aug|sep|oct|nov|dec|mon|tues|wednes|thurs|fri|satur"
    r"|sun|st$|nd$)"
)
"""What stands behind a day or a place of a race rather than a house number."""


def is_somebodys(name: str, copy: Copy) -> bool:
    """Whether a full name as written is a person's that nobody supplied."""
    words = name.removesuffix("'s").removesuffix("’s").split()
    if len(words) < 2 or copy.is_ours(" ".join(words[:2])):
        return False
    if not all(word[:1].isupper() for word in words[:2]):
        return False
    return is_first_name(words[0]) or not (is_word(words[0].lower()) or is_word(words[1].lower()))


def behind_a_name(match: re.Match[str], copy: Copy) -> bool:
    """Whether somebody's name stands right before, as on a list of guests."""
    lead = re.search(
        r"([A-Z][\w'’-]+ [A-Z][\w'’-]+)[ ,:(–—-]{1,4}$", copy.seen(match.start() - 48, match.start())
    )
    return lead is not None and is_somebodys(lead[1], copy)


def condition(match: re.Match[str], copy: Copy) -> bool:
    """Whether the sentence names somebody before it says what ails them."""
    before = re.split(r"[.!?]\s", copy.seen(match.start() - 110, match.start()))[-1]
    return any(is_somebodys(found[0], copy) for found in _FULL.finditer(before))


def dwells(match: re.Match[str], copy: Copy) -> bool:
    """Whether a person with a name lives there; beasts and tales aside."""
    shown = copy.seen(match.start(), match.end()).split(" live")[0]
    names = [word for word in shown.split() if word[:1].isupper() and is_first_name(word)]
    beast = _BEASTS.search(copy.before(match, 30))
    return bool(names) and not beast and not any(copy.is_ours(name) for name in names)


def born_on(match: re.Match[str], copy: Copy) -> bool:
    """Whether a full name stands before a day on which somebody alive could be born."""
    found = _FULL.match(copy.seen(match.start(), match.end()))
    year = re.search(r"(\d{4})\D*$", match[0])
    alive = year is None or _OLDEST <= int(year[1]) <= _YOUNGEST
    return alive and found is not None and is_somebodys(found[0], copy)


def at_number(match: re.Match[str], copy: Copy) -> bool:
    """Whether the words are somebody's name and the street, with its capital, behind the number."""
    shown = copy.seen(match.start(), match.end())
    found, street = _FULL.match(shown), re.search(r"\d[a-d]? ([^\W\d_])[^\d]*$", shown)
    if found is None or street is None or not street[1].isupper() or _MONTHS.search(match[0]):
        return False
    return is_somebodys(found[0], copy)


def file_on(match: re.Match[str], copy: Copy) -> bool:
    """Whether a file is about somebody: the last two words are a name."""
    shown = copy.seen(match.start(), match.end())
    return TITLE.search(shown) is not None or is_somebodys(" ".join(shown.split()[-2:]), copy)

"""Words for deadlines, languages and what demands a tier."""

import datetime as dt
import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from app.brand.tiers import Tier
from app.web.labels import load_labels

_KIND = re.compile(r"\bit is a block of the kind (\w+)")
_JOURNEY = re.compile(r"\bthe journey is (\w+)")
_TIER = re.compile(rf"\btier ({'|'.join(Tier)})\b")
_ROLE = re.compile(r"\bit states a fact of the role (\w+)")


def from_now(moment: dt.datetime, now: dt.datetime) -> str:
    """How far off a moment is: `in 3 hours`, `2 days ago`."""
    seconds = (moment - now).total_seconds()
    minutes = max(1, round(abs(seconds) / 60))
    if minutes < 60:
        amount = _count(minutes, "minute")
    elif minutes < 48 * 60:
        amount = _count(round(minutes / 60), "hour")
    else:
        amount = _count(round(minutes / 1440), "day")
    return f"in {amount}" if seconds > 0 else f"{amount} ago"


@lru_cache(maxsize=256)
def language_name(locale: str) -> str:
    """A locale in English; as it is where nobody knows it."""
    try:
        return Locale.parse(locale, sep="-").get_display_name("en") or locale
    except (ValueError, UnknownLocaleError):
        return locale


def reason_words(reason: str) -> str:
    """What demands a tier, without names of the code: `raised risk: it states the discount`."""
    labels = load_labels()
    tier, colon, words = reason.partition(": ")
    if colon and labels.has("tier", tier):
        reason = f"{labels('tier', tier)}: {words}"
    reason = _KIND.sub(lambda match: f"it is the {named('kind', match[1])} of an email", reason)
    reason = _JOURNEY.sub(lambda match: f"the journey is {named('journey', match[1])}", reason)
    return _ROLE.sub(lambda match: f"it states the {match[1].replace('_', ' ')}", reason)


def tiers_in_words(text: str) -> str:
    """What review says of tiers, in the words that people know them by."""
    labels = load_labels()
    return _TIER.sub(lambda match: f"copy with {labels('tier', match[1])}", text)


def named(group: str, name: str) -> str:
    """The label of a name; the name itself, with spaces, where files know more names than labels.yaml."""
    labels = load_labels()
    return labels(group, name) if labels.has(group, name) else name.replace("_", " ")


def _count(amount: int, unit: str) -> str:
    return f"{amount} {unit}{'' if amount == 1 else 's'}"

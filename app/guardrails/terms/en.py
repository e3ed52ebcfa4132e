"""English words around values."""

import re
from decimal import Decimal

from app.guardrails.number_words import with_digits
from app.guardrails.terms import readers as read
from app.guardrails.terms.frame import Terms, compiled
from app.guardrails.units import ENGLISH
from app.guardrails.value_kinds import Bound, Found, Kind, Use

_MONTHS = read.numbered(
    "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep"
    "|october oct|november nov|december dec"
)
_WEEKDAYS = read.numbered(
    "monday mon|tuesday tues tue|wednesday wed|thursday thurs thu|friday fri|saturday sat|sunday sun"
)
_MONTH, _WEEKDAY, _UNIT = (read.alternatives(names) for names in (_MONTHS, _WEEKDAYS, ENGLISH))
_N = read.N
_W = rf"(?:(?P<w>{_WEEKDAY})\b\.?,? )?"
_BEFORE_DAY = (
    r"(?:until|till|by|before|ends?|ending|closes?|closing|on|this|next|from|starts?|opens?|through"
    r"|see you|every)"
)
_CURRENCY_WORD = r"(?P<c>pounds?|quid|dollars?|bucks|euros?|pence|penny|cents?|gbp|usd|eur|yen|p|¢|[£$€¥])"
_SHARES = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10, "halves": 50}
_date = read.date(_MONTHS, _WEEKDAYS)


def _share_off(match: re.Match[str], _language: str) -> Found:
    count = int(match[1]) if (match[1] or "").isdigit() else 1
    share = _SHARES[match[2].removesuffix("s")]
    amount = Decimal(66 if (count, share) == (2, 33) else count * share)
    return Kind.PERCENT, amount, "%", None, Use.SAVING


def _buy_get(match: re.Match[str], _language: str) -> Found:
    bought = Decimal(1 if match[1] == "one" else int(match[1]))
    extra = Decimal(match[2]) if (match[2] or "").isdigit() else Decimal(1)
    return Kind.MULTIBUY, bought + extra, "", bought, Use.SAVING


def _day_delivery(match: re.Match[str], _language: str) -> Found:
    return Kind.QUANTITY, Decimal(0 if match[1] == "same" else 1), "day", None, Use.PLAIN


TERMS = Terms(
    digits=with_digits,
    readers=compiled(
        *read.links(r"co\.uk|"),
        (read.ISO_DATE, _date),
        (
            rf"\b{_W}(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{_MONTH})\b\.?(?:,?"
            rf" (?P<y>\d{{4}}))?",
            _date,
        ),
        (
            rf"\b{_W}(?P<mon>{_MONTH})\b\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,?"
            rf" (?P<y>\d{{4}}))?",
            _date,
        ),
        (rf"\b(?P<mon>{_MONTH})\b (?P<y>\d{{4}})\b", _date),
        *read.SLASHED,
        *read.PHONE,
        (
            r"\b(\d{1,3}) (?:[a-z]+ ){0,3}for (?:the price of )?(\d{1,3})\b(?! (?:hours?|minutes?|days?"
            r"|weeks?|months?"
            r"|years?|people|of)\b)",
            read.multibuy,
        ),
        (r"\bbogof?\b|\b(?:buy|get) 1 (?:[a-z]+ )?(?:and )?get (?:1|one)\b|\btwofer\b", read.two_for_one),
        (
            r"\b(?:buy|take) (\d{1,2}|one)\b[^.!?]{0,30}?\bget (?:the )?(?:(\d{1,2}) |one |a |second |third "
            r"|fourth "
            r"|next |another )(?:[a-z]+ )?(?:free|on us|half price|for nothing)",
            _buy_get,
        ),
        *read.SIGNED_MONEY,
        (rf"\b{read.AMOUNT}[ -]?{_CURRENCY_WORD}(?![\w])", read.money),
        (rf"\b{_N}\s?(?:%|percent\b|per ?cent\b|per-cent\b|pct\b)", read.percent),
        (
            r"\b(?:(an?|one|\d) ?-?)?(half|third|quarter|fifth|tenth)s?[ -](?:off|price|less"
            r"|cheaper)\b",
            _share_off,
        ),
        (r"\b(?:()(halves)|(?:prices? ()(half)d))\b(?= the price)", _share_off),
        (r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?(?P<ap>am|pm)\b", read.clock),
        (r"\b(\d{1,2}) o'clock\b", read.hour),
        *read.CLOCK,
        (r"\bhalf past (\d{1,2})\b", read.half_past),
        (r"(?<![\d.,])(\d{1,24}+\.\d{1,24}+)() (?:out of|/) ?(?:5|10)\b", read.number),
        (r"\b(?:until|till|at|by|from|before) (\d{1,2})(?: o'clock)?(?=[.,;!?](?: |$)|$)", read.hour),
        (
            r"(?<![\d.,])(\d{1,4}) (?:in|out of) (?:every )?(\d{1,4})\b(?! (?:hours?|minutes?|days?|weeks?"
            r"|months?)\b)",
            read.ratio,
        ),
        (rf"\b{_N}(?:x| times) (?:faster|lighter|stronger|warmer|quicker|longer|more|as|the)\b", read.times),
        (r"\b(same|next)[ -]day (?:delivery|shipping|dispatch)\b", _day_delivery),
        (r"\bhalf the (?:time|weight|size|price|cost|work)\b", read.of_unit(2, "times")),
        (rf"\b{_N}(?:[ -](?:working|business|whole|full|more))?[ -]?({_UNIT})\b(?!-)", read.quantity),
        (rf"\b{_BEFORE_DAY} ({_WEEKDAY})\b(?!s)", read.weekday(_WEEKDAYS)),
        *read.BARE,
    ),
    saving_before=re.compile(
        r"\b(?:save|saves|saved|saving|savings|keep|discount|knock|knocked|take|extra|reduced by|cut by"
        r"|markdown|less"
        r"|cheaper by)\b[^.!?;]{0,24}$"
    ),
    saving_after=re.compile(
        r"^[ -]?(?:off|discount|saving|savings|reduction|cheaper|markdown|rebate)\b|^[ -]?less\b(?! \w"
        r"| than half)"
    ),
    was_before=re.compile(
        r"\b(?:was|were|rrp|msrp|original|instead of|down from|formerly|previously|originally|usually"
        r"|normally|worth|before|not)"
        r":?(?: priced)?(?: at)? ?$|\blowest price[^.!?]{0,30}$"
    ),
    threshold_before=re.compile(
        r"\b(?:spend|spending|orders?(?: of)?|baskets?|purchases?|when you spend|minimum)(?: of| over"
        r"| above)? ?$"
        r"|\b(?:orders?|pens|spend|baskets?|purchases?|anything|everything|items?|off)(?: \w+)? (?:over|above"
        r"|of|from|an?) ?$"
    ),
    threshold_after=re.compile(r"^-? ?(?:shop|spend|order|minimum|basket)\b"),
    bounds=(
        (Bound.UP_TO, re.compile(r"\b(?:up to|as much as|at most|max(?:imum)?|until) ?(?:an? )?$")),
        (
            Bound.OVER,
            re.compile(r"\b(?:over|more than|above|upwards of|nearly|almost|close to|beyond) ?(?:an? )?$"),
        ),
        (Bound.UNDER, re.compile(r"\b(?:under|below|less than) ?(?:an? )?$")),
        (Bound.FROM, re.compile(r"\b(?:from|at least|starting at|minimum|no less than) ?(?:an? )?$")),
    ),
    range_before=re.compile(r"\d\s?(?:%|per ?cent)? ?(?:to|-|and) ?$"),
    range_after=re.compile(r"^ ?(?:to|-|and) ?\d+(?:[.,]\d+)?\s?(?:%|per ?cent)"),
    named_code=re.compile(r"(?i:\b(?:code|coupon|voucher)\b[: ]+[\"'\u201c]?)([A-Z0-9]{4,20})\b"),
    deadline=re.compile(
        r"\b(?:until|till|by|before|ends?|ending|closes?|closing|only|expires?|last day is|through"
        r"|finish(?:es)?)"
        r" (?:at |this |next )?(?:today|tonight|tomorrow|midnight|noon|the end of (?:the day|the week"
        r"|the month|today)"
        r"|this (?:week|weekend|month)|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january"
        r"|february|march"
        r"|april|may|june|july|august|september|october|november|december)\b"
        r"|\b(?:january|february|april|june|july|august|september|october|november|december) only\b"
    ),
    relative=re.compile(
        r"\b(?:closes?|closing|ends?|ending|until|till|last day is) (today|tonight|tomorrow)\b"
    ),
    tomorrow=frozenset({"tomorrow"}),
    cheaper=re.compile(
        r"\b(?:on sale|in (?:the|our) sale|sale (?:now|is|ends|starts|prices?)|(?:summer|winter|spring|autumn"
        r"|fall|flash"
        r"|clearance) sale|special (?:offers?|prices?|deals?)|price (?:drops?|cuts?)|(?:mark|price) ?downs?"
        r"|reduced (?:to|prices?)|prices? (?:slashed|reduced|cut)|(?:low|lower|lowest) prices?|discount(?:s"
        r"|ed)?"
        r"|save (?:today|now|big|money|up to|more|on (?:your|our|all|every|everything|the|any))|savings"
        r"|start saving"
        r"|bargains?|clearance|cheaper|(?:best|great|big|hot|exclusive|amazing) deals?|cut-price|money off"
        r"|cash ?back"
        r"|offer(?:s)? (?:ends?|just)|limited(?:-| )time offers?|discount code|promo(?:tion)? code|voucher"
        r"|prices? (?:dropped|down|falling))\b"
    ),
    reduced=re.compile(
        r"\b(?:reduced|cut|down|dropped|lowered|slashed) to\b|\blower prices?\b|\bmark ?downs?\b"
    ),
    sale=re.compile(
        r"\b(?:off|save|saving|savings|sale|discount|discounted|reduced|free|deal|half price|for less"
        r"|lowest price)\b"
    ),
)

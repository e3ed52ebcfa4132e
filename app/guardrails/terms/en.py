"""English words around values."""

import re
from decimal import Decimal

from app.guardrails.number_words import with_digits
from app.guardrails.terms import readers as read
from app.guardrails.terms import words_en as words
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
    r"(?:until|till|'?til|by|before|ends?|ending|closes?|closing|on|this|next|from|starts?|opens?|through"
    r"|see you|every|on the|shuts?|finish(?:es)?|wraps up|expires?|runs out|stops?|midnight|noon|lasts?)"
)
_ORDINALS = read.numbered(
    "first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    "|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
) | {"thirtieth": 30, "fortieth": 40, "fiftieth": 50, "hundredth": 100}
_CHEAP = r"(?:half[ -]price|half off|at half(?: the)? price|for half)"
_CURRENCY_WORD = r"(?P<c>pounds?|quid|dollars?|bucks|euros?|pence|penny|cents?|gbp|usd|eur|yen|p|¢|[£$€¥])"
_CURRENCIES = r"pounds?|quid|dollars?|bucks|euros?|pence|penny|cents?|gbp|usd|eur|yen"
_SHARES = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "sixth": 16, "eighth": 12, "tenth": 10}
_SHARES |= {"halve": 50}
_SHARE = (
    r"(?:an? )?(?:further |extra |whole |full |cool |straight )?(?:(an?|one|\d)[ -])?"
    r"(half|third|quarter|fifth|sixth|eighth|tenth)s?"
)
"""A share in words: how many, and of what."""
_NTH_NAME = read.alternatives(words.NTH)
_date = read.date(_MONTHS, _WEEKDAYS)


def _share_off(match: re.Match[str], _language: str) -> Found:
    count = int(match[1]) if (match[1] or "").isdigit() else 1
    share = _SHARES[match[2].removesuffix("s")]
    amount = Decimal(66 if (count, share) == (2, 33) else count * share)
    return Kind.PERCENT, amount, "%", None, Use.SAVING


def _share(match: re.Match[str], language: str) -> Found:
    kind, amount, unit, other, _ = _share_off(match, language)
    return kind, amount, unit, other, Use.PLAIN


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
            rf"\b{_W}(?P<mon>{_MONTH})\b\.? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d|[.,]\d"
            rf"|\s?%)(?:,?"
            rf" (?P<y>\d{{4}}))?",
            _date,
        ),
        (rf"\b(?P<mon>{_MONTH})\b (?P<y>\d{{4}})\b", _date),
        (
            rf"\b(?:until|till|before) (?:the )?(?:start of |beginning of )?(?P<mon>{_MONTH})\b(?! \d"
            rf"|[ -]the)",
            _date,
        ),
        (rf"\b(?:last day|end) of (?P<mon>{_MONTH})\b", read.last_of(_MONTHS)),
        (
            rf"\b(?:until|till|ends|ends on|closes|closes on|closing|expires|expires on|finishes"
            rf"|shuts on|through)"
            rf" (?P<name>{read.alternatives(words.NAMED_DAYS)})(?!\w)",
            read.day_of_year(words.NAMED_DAYS),
        ),
        (
            r"\b(?:at|from|until|till|to|and|by|before|ends?|closes?)"
            r" (?:12 )?(?P<name>noon|midday|midnight)\b",
            read.turn_of_day,
        ),
        (
            r"\b(?:on|until|till|by|from|through|ends|before|to) (?:the )?(\d{1,2})(?:st|nd|rd|th)\b"
            r"(?! (?:of|anniversary|birthday|floor|century|edition|generation|street|avenue))",
            read.day_of_month,
        ),
        (
            rf"\b(?P<w>{_WEEKDAY}),? (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)\b(?! (?:of )?(?:{_MONTH})\b)",
            read.weekday_of_month(_WEEKDAYS),
        ),
        (r"\bthe (\d{1,2})(?:st|nd|rd|th)\b(?=[,.;!?)]| to be| at|$)", read.day_of_month),
        (
            r"\b(tomorrow)\b(?=[^.!?]{0,40} (?:starts?|begins?|opens?|launch(?:es)?|kicks off|goes live"
            r"|lands)\b)",
            read.relative_day({"tomorrow": 1}),
        ),
        (
            r"\b(?:join us|starts?|starting|opens?|opening|begins?|kicks off|launch(?:es)?|see you"
            r"|happening|live)"
            r" (today|tonight|tomorrow)\b",
            read.relative_day({"today": 0, "tonight": 0, "tomorrow": 1}),
        ),
        (r"(?<![\d.,])(?P<d>\d{1,2})[.-](?P<mm>\d{1,2})[.-](?P<y>\d{4}|\d\d)\b(?![.\d-])", _date),
        (r"(?<![\d.,])(\d{1,24}+\.\d{1,24}+)() ?(?:out of|/) ?(?:5|10)\b", read.number),
        (
            r"\b(?:at|the|by|from|until|till|before|after) (?P<h>\d{1,2})\.(?P<m>[0-5]\d)\b"
            r"(?! ?(?:%|per|pc|p\b|gbp|kg|km|m\b|l\b))",
            read.clock,
        ),
        (r"\b24/7\b", read.of_unit(24, "hours a day")),
        (r"\bopen (?:all (?:night|day)|day and night)\b", read.of_unit(24, "hours a day")),
        (r"\b24 hours a day\b|\b(?:round|around) the clock\b", read.of_unit(24, "hours a day")),
        (r"(?<![\d/])(\d)/(\d{1,2})[ -]?(?:off|price|less|cheaper)\b", read.fraction_off),
        (
            rf"\b(?:save|saves|saving) {_SHARE}\b"
            r"(?= on\b| off\b| when\b| at\b| today\b| this\b| with\b|[.!,:]|$)",
            _share_off,
        ),
        (r"\bpay (?:just |only )?half\b(?! (?:an?|now|up|in|at|today)\b)", read.saved(50)),
        *read.SLASHED,
        *read.PHONE,
        (
            rf"(?<![£$€.,])\b(\d{{1,3}})(?:[ -](?!(?:{_CURRENCIES})\b)[a-z]+){{0,3}}"
            r"[ -]?for[ -]?(?:the price of )?(\d{1,3})\b"
            r"(?! (?:hours?|minutes?|days?|weeks?|months?|years?|people|of|guests|persons|adults|children)\b)"
            rf"(?![\d.,]*[ -]?(?:%|[£$€]|(?:{_CURRENCIES})\b))",
            read.multibuy,
        ),
        (
            r"\b(?:buy|take|get|pick|stay|book|order|hire|rent|join|come) (?:for )?(\d{1,2})\b[^.!?]{0,20}?"
            r"\bpay (?:only |just )?for (?:only |just )?(\d{1,2})\b",
            read.multibuy,
        ),
        (
            rf"\b(?:buy|take) (?:1|one)\b[^.!?]{{0,30}}?\b(?:get|the) (?:1|one|a|another|second|2nd|next)"
            rf"[^.!?]{{0,20}}? (?:{_CHEAP}|(?:at )?(?P<p>\d{{1,2}}) ?(?:%|percent|per cent) off)",
            read.next_reduced,
        ),
        (
            rf"\b(?:second|2nd|(?P<n>\d)(?:rd|th)) (?:[a-z]+ )?(?:is |at |for )?"
            rf"(?:{_CHEAP}|(?:at )?(?P<p>\d{{1,2}}) ?(?:%|percent|per cent) off)",
            read.next_reduced,
        ),
        (
            rf"\b(?:minus |save |get |with )?(?:(?P<p>\d{{1,2}}) ?(?:%|percent|per cent)|half(?: price)?)"
            rf"(?: off| on){{1,2}} (?:the|your|every|a|any) (?P<nth>{_NTH_NAME})\b",
            read.nth_reduced(words.NTH),
        ),
        (
            rf"\b(?:the|your|every|a|get one|get the) (?P<nth>{_NTH_NAME})(?: [a-z]+){{0,2}}? (?:is |at "
            rf"|for )*(?:{_CHEAP}|(?P<p>\d{{1,2}}) ?(?:%|percent|per cent) off"
            r"|(?P<q>\d{1,2}) ?(?:%|percent|per cent) of (?:the|its) (?:price|cost))",
            read.nth_reduced(words.NTH),
        ),
        (
            rf"\b{_N} ?(?:%|percent|per cent) of (?:the|its|their) (?:usual |normal |full "
            rf"|old |ticket |list |shop |retail |original |marked |tag )?(?:price|cost)\b",
            read.of_the_price,
        ),
        (r"\bhalf (?:of )?what\b", read.saved(50)),
        (r"\b(\d{1,2}|one) parts? (?:[a-z]+ )?to (\d{1,2}|one)\b(?: parts?)?", read.parts),
        (r"(?:(?<=\bunder[ -])|(?<=\bover[ -]))(\d{1,2}())(?:'?s)\b", read.number),
        (r"\bwithin (?:the|an) hour\b", read.of_unit(60, "min")),
        (r"\bbogof?\b|\b(?:buy|get) 1 (?:[a-z]+ )?(?:and )?get (?:1|one)\b|\btwofer\b", read.two_for_one),
        (
            r"\b(?:buy|take) (\d{1,2}|one)\b[^.!?]{0,30}?\b(?:get )?(?:the )?"
            r"(?:(\d{1,2}) |one |a |second |third "
            r"|fourth |next |another )(?:[a-z]+ )?(?:is )?(?:free|on us|for nothing)",
            _buy_get,
        ),
        (r"\bsecond (?:[a-z]+ )?(?:is )?(?:free|on us|for nothing)\b", read.two_for_one),
        (r"\b(?:every |the )?third (?:[a-z]+ )?(?:is )?(?:free|on us|for nothing)\b", read.three_for_two),
        *read.SIGNED_MONEY,
        (
            r"\b(?P<n>\d{1,6}) (?P<c>pounds?|quid|dollars?"
            r"|euros?),? (?:and )?(?P<sub>\d\d)\b(?: (?:pence|p|cents?))?"
            r"(?! ?(?:%|per|[a-z]))",
            read.money_and_part,
        ),
        (rf"\b{read.AMOUNT}[ -]?{_CURRENCY_WORD}(?![\w])", read.money),
        (rf"\b{_N}\s?(?:%|percent\b|per ?cent\b|per-cent\b|pct\b|pc\b)", read.percent),
        (rf"\b{_N}(?=(?: ?- ?| to )\d{{1,3}}(?:[.,]\d{{1,2}})? ?(?:%|percent\b|per ?cent\b))", read.percent),
        (
            r"\b(?:cut|reduced|slashed|slash|down|lowered|dropped|drop|less) (?:prices )?(?:by|in) "
            rf"{_SHARE}\b",
            _share_off,
        ),
        (r"\b(?:double|triple|twice the) (?:your |the )?(?:discounts?|savings?)\b", read.saved(0)),
        (
            rf"\b{_SHARE}[ -](?:off|price|less|cheaper|comes off|knocked off|taken off)\b",
            _share_off,
        ),
        (r"\b(\d|an?|one)[ -](third|quarter|fifth|sixth|eighth|tenth)s\b", _share),
        (
            rf"\b{_SHARE} of (?:the|our|its|all|every|this|these|last|those|everything)\b"
            r"(?! (?:way|time|battle|fun|size|day|year|week|month|world|story|price|cost|people|job"
            r"|pleasure|joy|night|morning|afternoon|weight|work)\b)",
            _share,
        ),
        (r"\b(?:()(halves)|(?:prices? ()(half)d))\b(?= the price)", _share_off),
        (r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? ?(?P<ap>[ap](?:m\b|\.m\b))", read.clock),
        (r"\b(\d{1,2}) o'clock\b", read.hour),
        *read.CLOCK,
        (r"\bhalf past (\d{1,2})\b", read.half_past),
        (r"\b(?:from|at|until|till|to|by|before|for) half (\d{1,2})\b(?! ?(?:off|price))", read.half_past),
        (
            r"\b(?:at|from|until|till|by) (\d{1,2})(?= in the (?:morning|afternoon|evening)| at night"
            r"| sharp| tonight"
            r"| on the dot)",
            read.hour,
        ),
        (
            r"\b(?P<q>quarter|(?<=at )\d{1,2}|\d{1,2}(?= minutes? to| past| minutes? past))(?: minutes?)?"
            r" (?P<side>to|past) (?P<h>\d{1,2})\b"
            r"(?=[.,;!?)]| (?:on|in|and|at|sharp|every|each|tonight|today|tomorrow)\b|$)",
            read.before_or_past,
        ),
        (r"\b(?:until|till|at|by|from|before) (\d{1,2})(?: o'clock)?(?=[.,;!?](?: |$)|$)", read.hour),
        (
            r"(?<![\d.,])(\d{1,4}) (?:in|out of) (?:every )?(\d{1,4})\b(?! (?:hours?|minutes?|days?|weeks?"
            r"|months?)\b)",
            read.ratio,
        ),
        (rf"\b{_N}(?:x| times) (?:faster|lighter|stronger|warmer|quicker|longer|more|as|the)\b", read.times),
        (r"\b(same|next)[ -]day (?:delivery|shipping|dispatch)\b", _day_delivery),
        (
            r"\b(?:delivered|dispatched|shipped|delivery|arrives?) (?:the )?(same|next)[ -]day\b",
            _day_delivery,
        ),
        (r"\b(twice|double|triple|thrice) (?:as (?!nice)|the )", read.multiplied),
        (r"\b(doubles|triples|double|triple) (?:your|the|its|their) (?!take|check)", read.multiplied),
        (r"\b(?:life-?time|lifelong|life-long) (?:warranty|guarantee)\b", read.of_unit(1, "lifetime")),
        (
            rf"\b({read.alternatives(_ORDINALS)})"
            r"[ -](?:generation|anniversary|birthday|edition|consecutive|floor|shop|store|branch|album"
            r"|title)\b",
            read.ordinal(_ORDINALS),
        ),
        (
            rf"\b({read.alternatives(read.MANY)}) of "
            r"(?!ways|reasons|times|miles|stars|thanks|little|memories)",
            read.many,
        ),
        (r"\bhalf the (?:price|cost)\b", read.saved(50)),
        (r"\bhalf the (?:time|weight|size|work)\b", read.of_unit(2, "times")),
        (rf"\b{_N}\+?(?:[ -](?:working|business|whole|full|more))?[ -]?({_UNIT})(?!\w)", read.quantity),
        (
            rf"\b{_N}(?=(?: ?- ?| to )\d{{1,6}}(?:[.,]\d{{1,3}})?(?:[ -](?:working"
            rf"|business))?[ -]?({_UNIT})(?!\w))",
            read.quantity,
        ),
        (r"(?<![\d.,])(\d{1,3}(?:\.\d)?) ?(in(?=$|[,;.)])|\"(?=[ ,;.)]|$))", read.quantity),
        (
            rf"\b(?:(?P<next>next)|{_BEFORE_DAY})(?: (?:this|(?P<later>next)))? (?P<w>{_WEEKDAY})\b(?!s)",
            read.weekday(_WEEKDAYS),
        ),
        (rf"\b(?P<w>{_WEEKDAY})(?: is|'s) (?:the|your|our) (?:last|final)\b", read.weekday(_WEEKDAYS)),
        (
            r"\b(daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annually)\b"
            r"|(?<=\d )(?:a|per|each|every) (day|night|week|fortnight|month|quarter|year)\b",
            read.period(words.PERIODS),
        ),
        *read.BARE,
    ),
    saving_before=re.compile(
        r"\b(?:(?:get|claim|take) (?:my|your)|save|saves|saved|saving|savings|keep|pocket|discounts?|knock"
        r"|knocked(?! down to)|extra|reduced by|cut by|markdown|less(?! than)|cheaper by)\b:?[^.!?;:]{0,24}$"
        r"|\btake (?:an? |another |a further |up to |off |an extra )?$"
    ),
    saving_after=re.compile(
        r"^[ -]?(?:off|discount|saved|saving|savings|reduction|cheaper|markdown|rebate|cash ?back|back)\b"
        r"|^ less than (?:last|before|usual|the|it|rrp|normal)\b|^[ -]?less\b(?! \w| than half)"
    ),
    was_before=re.compile(
        r"\b(?:was|were|rrp|msrp|original|original price|list price|regular price|full price|instead of"
        r"|down from|formerly|previously|originally|usually|normally|used to (?:be|cost)|usual price"
        r"|worth|in place of|rather than|compared (?:with|to)|before|not"
        r"|(?:reduced|cut|slashed|dropped|lowered|marked down|discounted) from)"
        r":?(?: priced)?(?: at)?(?: of)?(?: just| only)? ?\(?$"
    ),
    was_after=re.compile(r"^ ?(?:down|reduced|cut|slashed) to\b|^ (?:it|they) (?:used|once)\b|^ ?rrp\b"),
    lowest_before=re.compile(r"\blowest (?:\w+ )?price[^.!?]{0,40}$|\b30[ -]day (?:low|lowest)[^.!?]{0,20}$"),
    starts_before=re.compile(
        r"\b(?:starts?|starting|begins?|beginning|opens?|opening|launch(?:es|ing)?|kicks off|from|since)"
        r"(?: on| at| this| next){0,2} ?(?:the )?$"
    ),
    ends_before=re.compile(
        r"\b(?:ends?|ending|until|till|'til|til|closes?|closing|expires?|expiring|through|finish(?:es)?|ended"
        r"|shuts?|shutting|stops?|wraps? up|comes? down|goes? back up|runs? out|lasts? (?:to|until)"
        r"|last day(?: is)?)(?: on| at| this| next| midnight| noon| midday| close on){0,3} ?(?:the )?$"
    ),
    more_after=re.compile(r"^\+(?!\d)|^ ?(?:and|or) (?:more|over|up|above)\b"),
    threshold_before=re.compile(
        r"\b(?:spend|spending|orders?(?: of)?|baskets?|purchases?|when you spend|minimum)(?: of| over"
        r"| above)? ?$|\b(?:orders?|pens|spend|baskets?|purchases?|anything|everything|items?|off"
        r"|free)(?: \w+)? (?:over|above|of|from|an?) ?$"
    ),
    threshold_after=re.compile(r"^-? ?(?:shop|spend|order|minimum|basket)\b"),
    bounds=(
        (
            Bound.UP_TO,
            re.compile(
                r"\b(?:up to|within|inside|no more than|as (?:much|many|long|far"
                r"|high) as|anything up to|at most|max(?:imum)?|until) ?(?:an? )?$"
            ),
        ),
        (
            Bound.OVER,
            re.compile(
                r"\b(?:over|more than|above|upwards of|north of|beyond|exceeding|in excess of) ?(?:an? )?$"
            ),
        ),
        (
            Bound.NEARLY,
            re.compile(
                r"\b(?:nearly|almost|close to|(?:just )?shy of|(?:just )?short of|approaching"
                r"|getting on for|nigh on) ?(?:an? )?$"
            ),
        ),
        (
            Bound.ABOUT,
            re.compile(
                r"\b(?:about|around|roughly|some|circa|approximately|approx\.?|or so"
                r"|something like) ?(?:an? )?$"
            ),
        ),
        (Bound.UNDER, re.compile(r"\b(?:under|below|less than|fewer than)[ -]?(?:an? )?$")),
        (
            Bound.FROM,
            re.compile(
                r"\b(?:from|at least|start(?:s|ing)? (?:at|from)|minimum|no less than|no fewer than"
                r"|as (?:little|low|few) as)(?: only| just| as little as| as low as)? ?(?:an? )?$"
            ),
        ),
    ),
    range_before=re.compile(r"\d\s?(?:%|per ?cent)? ?(?:to|-|and) ?$"),
    range_after=re.compile(r"^ ?(?:to|-|and) ?\d+(?:[.,]\d+)?\s?(?:%|per ?cent)"),
    named_code=re.compile(
        r"(?i:\b(?:code|coupon|voucher)\b[: ]+[\"'\u201c]?|\b(?:use|enter|apply|quote) )([A-Z0-9]{4,20})\b"
    ),
    deadline=re.compile(
        r"\b(?:until|till|by|before|ends?|ending|closes?|closing|only|expires?|last day is|through"
        r"|finish(?:es)?)"
        r" (?:at |this |next )?(?:today|tonight|tomorrow|midnight|noon|the end of (?:the day|the week"
        r"|the month|today)"
        r"|this (?:week|weekend|month)|monday|tuesday|wednesday|thursday|friday|saturday|sunday|january"
        r"|february|march|april|may|june|july|august|september|october|november|december)\b"
        r"|\b(?:january|february|april|june|july|august|september|october|november|december) only\b"
    ),
    cheaper=re.compile(
        r"\b(?:(?<!go )(?<!goes )(?<!went )(?<!now )(?<!are )on sale(?! (?:on|from|at|until|since) )"
        r"|in (?:the|our) sale|sale (?:now|is|ends|starts|prices?)|(?:summer|winter|spring|autumn"
        r"|fall|flash"
        r"|clearance) sale|special (?:offers?|prices?|deals?)|price (?:drops?|cuts?)|(?:mark|price) ?downs?"
        r"|reduced (?:to|prices?)|prices? (?:slashed|reduced|cut)|(?:low|lower|lowest) prices?|discount(?:s"
        r"|ed)?"
        r"|save (?:today|now|big|money|up to|more|on (?:your|our|all|every|everything|the|any))|savings"
        r"|start saving"
        r"|(?<!for a )(?<!hard )(?<!into the )bargains?|clearance|cheaper|(?<!no )(?:best|great|big|hot"
        r"|exclusive|amazing) deals?|cut-price|money off"
        r"|cash ?back"
        r"|discount code|promo(?:tion)? code|voucher"
        r"|prices? (?:dropped|down|falling))\b"
    ),
    reduced=re.compile(
        r"\b(?:reduced|cut|dropped|lowered|slashed) to\b(?! (?:order|length|size|fit|measure|shape|your)\b)"
        r"|\bdown to (?:just |only )?(?:[£$€{]|\d[\d.,]* ?(?:pounds?|quid|dollars?|euros?|pence|p)\b)"
        r"|\blower prices?\b|\bmark ?downs?\b"
    ),
    sale=re.compile(
        r"\b(?:off|save|saving|savings|sale|discount|discounted|reduced|free|deal|half price|for less"
        r"|cash ?back"
        r"|lowest price)\b"
    ),
    minus_saves=True,
)

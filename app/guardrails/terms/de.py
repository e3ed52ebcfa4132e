"""German words around values. Folding has taken umlauts: "für" reads "fur", "günstiger" reads "gunstiger"."""

import re
from decimal import Decimal

from app.guardrails.terms import readers as read
from app.guardrails.terms.frame import Terms, compiled
from app.guardrails.terms.numbers_de import with_digits
from app.guardrails.units import GERMAN
from app.guardrails.value_kinds import Bound, Found, Kind, Use

_MONTHS = read.numbered(
    "januar janner jan|februar feber feb|marz mrz|april apr|mai|juni jun|juli jul|august aug"
    "|september sept sep"
    "|oktober okt|november nov|dezember dez"
)
_WEEKDAYS = read.numbered("montag|dienstag|mittwoch|donnerstag|freitag|samstag sonnabend|sonntag")
_MONTH, _WEEKDAY, _UNIT = (read.alternatives(names) for names in (_MONTHS, _WEEKDAYS, GERMAN))
_N = read.N
_W = rf"(?:(?P<w>{_WEEKDAY}),? (?:den |dem |der )?)?"
_CURRENCY_WORD = r"(?P<c>euros?|eurocent|cents?|eur|us-dollar|dollar|usd|gbp|pfund|franken|chf|rappen|[£$€¥])"
_CLOTH = r"(?:rabatt|nachlass|weniger|gunstiger|billiger|reduziert|ersparnis)"
_TO = r"(?:bis|-|und)"
_SPAN = r"(?:woche|wochenende|monat|jahr|saison)"
_DAY = (
    rf"(?:heute(?: abend| nacht)?|morgen|mitternacht|mittag|monatsende|wochenende|quartalsende|jahresende"
    rf"|ende (?:der woche|des monats|des tages|der saison)|diese[mnrs]? {_SPAN}|{_WEEKDAY}|{_MONTH})"
)
_date = read.date(_MONTHS, _WEEKDAYS)
_SHARES = {"halfte": 50, "drittel": 33, "viertel": 25, "funftel": 20, "zehntel": 10}


def _money(match: re.Match[str], language: str) -> Found | None:
    """Here a cent is one of a euro."""
    found = read.money(match, language)
    if found is None or match["c"] not in ("cent", "cents"):
        return found
    return (found[0], found[1], "EUR", found[3], found[4])


def _share_off(match: re.Match[str], _language: str) -> Found:
    count = int(match[1]) if (match[1] or "").isdigit() else 1
    share = _SHARES[match[2]]
    amount = Decimal(66 if (count, share) == (2, 33) else count * share)
    return Kind.PERCENT, amount, "%", None, Use.SAVING


def _numeric_date(match: re.Match[str], _language: str) -> Found | None:
    day, month = int(match[1]), int(match[2])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    year = Decimal(match[3]) if match[3] else None
    return Kind.DATE, Decimal(100 * month + day), "", year, Use.PLAIN


TERMS = Terms(
    digits=with_digits,
    readers=compiled(
        *read.links("de|at|ch|"),
        (read.ISO_DATE, _date),
        (rf"\b{_W}(?P<d>\d{{1,2}})\.? (?P<mon>{_MONTH})\b\.?(?: (?P<y>\d{{4}}))?", _date),
        (rf"\b(?P<mon>{_MONTH})\b (?P<y>\d{{4}})\b", _date),
        (r"(?<![\d.,])(\d{1,2})\.(\d{1,2})\.(?:(\d{4})\b|(?!\d))", _numeric_date),
        *read.SLASHED,
        *read.PHONE,
        (rf"\b(\d{{1,3}}) (?:[a-z]+ ){{0,3}}(?:zum preis von|fur) (\d{{1,3}})\b(?! (?:{_UNIT})\b)(?! ?[€%])"
         r"(?! (?:euro|cent|prozent|personen|leute))", read.multibuy),
        (r"\b(?:nimm|nehmt|kauf|kaufen|nehmen)\w* (?:sie )?(\d{1,2})(?: \w+)?,? (?:und )?(?:nur )?"
         r"(?:be)?zahl\w* (?:sie )?(?:nur )?(\d{1,2})\b", read.multibuy),
        (r"\b(?:kauf\w* )?(\d{1,2})(?: kaufen,? (?:und )?|, bekomm\w* | ?\+ ?)(\d{1,2}) (?:gratis"
         r"|geschenkt|kostenlos)\b",
         read.bought_and_free),
        (r"\b(\d{1,2}) (?:kaufen|nehmen|bestellen),? (?:nur )?(\d{1,2}) (?:be)?zahlen\b", read.multibuy),
        (r"\b(?:kauf\w*|nimm) 1,? (?:und )?(?:bekomm\w*|erhalt\w*|nimm) 1\b|\b1\+1 gratis\b"
         r"|\b(?:das|der|die) zweite (?:[a-z]+ )?(?:gratis|geschenkt|kostenlos|umsonst)\b", read.two_for_one),
        *((pattern, _money) for pattern, _ in read.SIGNED_MONEY),
        (rf"\b{read.AMOUNT}(?:,-)?[ -]?{_CURRENCY_WORD}(?![\w])", _money),
        (rf"\b{_N}[ -]?(?:%|prozent\b)", read.percent),
        (rf"\b(?:zum |fur den |zu )?halbe[mnrs]? preis(?:es)?\b|\b(?:fur|um|zur"
         rf"|auf) (?:die )?halfte\b(?= {_CLOTH}"
         r"| gesenkt| des preises)|\bfur die halfte\b", read.saved(50)),
        (rf"\b(?:(eine?n?|\d) )?(halfte|drittel|viertel|funftel|zehntel) {_CLOTH}\b", _share_off),
        (r"\b(?P<h>\d{1,2})(?:[:.](?P<m>\d\d))? uhr\b", read.clock),
        *read.CLOCK,
        (r"\b(?:um|ab|bis|vor|nach|gegen) (\d{1,2})(?=[.,;!?](?: |$)|$)", read.hour),
        (r"(?<![\d.,])(\d{1,4}) (?:von|aus) (\d{1,4})\b(?! ?[€%])", read.ratio),
        (rf"\b{_N}(?:x|mal| mal) so \w+", read.times),
        (r"\b(dutzende|hunderte|tausende|millionen) (?:von )?(?!wegen|danke)[a-z]{4}", read.many),
        (r"\bdoppelt so \w+", read.of_unit(2, "times")),
        (r"\blieferung am (?:selben|gleichen) tag\b", read.of_unit(0, "day")),
        (r"\blieferung am nachsten tag\b|\bmorgen bei (?:dir|ihnen)\b", read.of_unit(1, "day")),
        (rf"\b{_N}(?:[ -](?:volle?n?|ganzen?|weiteren?|gute))?[ -]?({_UNIT})\b(?!-)", read.quantity),
        (rf"\b(?:(?P<next>nachsten)|bis(?: zum| einschliesslich)?|am|ab|vor(?: dem)?|endet|diesen|kommenden"
         rf"|jeden|seit|von)(?: (?P<later>nachsten|kommenden))? (?P<w>{_WEEKDAY})\b(?!s)",
         read.weekday(_WEEKDAYS)),
        *read.BARE,
    ),
    saving_before=re.compile(
        r"\b(?:ersparnis|rabatt|nachlass|preisvorteil): ?$|"
        r"\b(?:spar(?:e|en|st|t)?|gespart|ersparnis|rabatt|nachlass|reduziert um|um|gunstiger um|billiger um"
        r"|gutschein|gutschrift|zusatzlich|extra|minus|abzuglich|preisvorteil|sicher\w*)\b[^.!?;:]{0,24}$"
    ),
    saving_after=re.compile(
        r"^[ -]?(?:rabatt|nachlass|ersparnis|sparen|gespart|gunstiger|billiger|reduziert|weniger|preisvorteil"
        r"|gutschein|auf|unter uvp)\b"
    ),
    was_before=re.compile(
        r"\b(?:statt|anstatt|vorher|fruher|bisher|ursprunglich|uvp|zuvor|sonst|normalerweise|war|waren"
        r"|kostete|reduziert von|gesenkt von"
        r"|alter preis|listenpreis|unverbindliche preisempfehlung):?(?: noch| nur)? ?$"
    ),
    was_after=re.compile(r"(?!)"),
    lowest_before=re.compile(
        r"\bniedrigste[rn]? (?:\w+ )?preis[^.!?]{0,40}$|\b30-tage-bestpreis[^.!?]{0,20}$"
    ),
    starts_before=re.compile(r"\b(?:ab(?: dem)?|startet|start|beginnt|von|seit)(?: am| den| dem)? ?$"),
    ends_before=re.compile(
        r"\b(?:bis(?: zum| einschliesslich)?|endet|enden|schliesst|letzter tag(?: ist)?)"
        r"(?: am| den| dem| der| zum| diesen| nachsten| kommenden){0,3} ?$"
    ),
    more_after=re.compile(r"^\+(?!\d)|^ ?(?:und|oder) mehr\b"),
    threshold_before=re.compile(
        r"\b(?:bestell(?:ung|ungen|wert)|einkauf(?:swert)?|warenwert|mindestbestellwert|versandkostenfrei)\b"
        r"[^.!?;]{0,12}$"
    ),
    threshold_after=re.compile(
        r"^ ?(?:bestellwert|einkaufswert|mindestbestellwert|warenwert|warenkorb|einkauf)\b"
    ),
    bounds=(
        (Bound.UP_TO, re.compile(r"\b(?:bis zu|bis|maximal|hochstens|max\.?) ?-? ?$")),
        (Bound.OVER, re.compile(r"\b(?:uber|mehr als|gut) ?$")),
        (Bound.NEARLY, re.compile(r"\b(?:fast|beinahe|knapp|nahezu) ?$")),
        (Bound.ABOUT, re.compile(r"\b(?:rund|etwa|circa|ca\.?|ungefahr) ?$")),
        (Bound.UNDER, re.compile(r"\b(?:unter|weniger als) ?$")),
        (Bound.FROM, re.compile(r"\b(?:ab|mindestens|schon ab|bereits ab) ?$")),
    ),
    range_before=re.compile(rf"\d\s?(?:%|prozent)? ?{_TO} ?$"),
    range_after=re.compile(rf"^ ?{_TO} ?\d+(?:[.,]\d+)?\s?(?:%|prozent)"),
    named_code=re.compile(
        r"(?i:\b(?:code|gutscheincode|rabattcode|gutschein)\b[: ]+[\"'\u201e\u201c]?)([A-Z0-9]{4,20})\b"
    ),
    deadline=re.compile(
        r"\b(?:nur|bis|noch|endet|enden|schliesst|lauft|gultig|vor|spatestens|letzter tag(?: ist)?)"
        rf"(?: nur| noch| bis| zum| zu| einschliesslich| am| im| den| ab)* {_DAY}\b"
        r"|\b(?:heute|morgen) ist (?:der letzte tag|schluss)\b|\bnur (?:noch )?(?:wenige|ein paar) "
        r"(?:stunden|tage|minuten)\b"
    ),
    cheaper=re.compile(
        r"\b(?:rabatte?n?|rabattiert\w*|rabatt(?:code|aktion)s?|reduziert(?:e[mnrs]?)?(?! auf das)|sale"
        r"|ausverkauf"
        r"|(?:raumungs|schluss)verkauf|sonderangebote?n?|(?:sonder|aktions|angebots|spar|tief|tiefst"
        r"|schnappchen)"
        r"preise?n?|preisnachlass\w*|preissenkung(?:en)?|preissturz|preisvorteile?|schnappchen"
        r"|dauertiefpreise?"
        r"|im angebot|gutschein(?:code)?e?s?|herabgesetzt\w*"
        r"|(?:jetzt|noch|deutlich|viel|einfach|wieder) (?:gunstiger|billiger)|(?:gunstiger|billiger) "
        r"(?:als|geworden|zu haben|einkaufen|shoppen)|spar(?:e|en|st|t)? (?:jetzt|heute|kraftig|bares|geld"
        r"|viel"
        r"|bis zu|beim|auf|bei|mit dem code)|jetzt sparen|geld sparen|ersparnisse?|nachlass|zum halben preis"
        r"|niedrige(?:re)?n? preise?n?|kleinen? preis\w*)\b"
    ),
    reduced=re.compile(
        r"\b(?:reduziert|gesenkt|herabgesetzt|heruntergesetzt) (?:auf|von)\b|\bpreissenkung(?:en)?\b"
        r"|\bniedrigere[rn]? preise?\b"
    ),
    sale=re.compile(
        r"\b(?:rabatt|spar\w*|sale|reduziert|gratis|kostenlos|gunstiger|halbe[mnrs]? preis|nachlass"
        r"|niedrigster preis)\b"
    ),
    minus_saves=True,
)  # fmt: skip

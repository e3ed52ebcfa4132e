"""French words around values. Folding has taken accents: "réduction" reads "reduction", "à" reads "a"."""

import re
from decimal import Decimal

from app.guardrails.terms import readers as read
from app.guardrails.terms.frame import Terms, compiled
from app.guardrails.terms.numbers_fr import with_digits
from app.guardrails.units import FRENCH
from app.guardrails.value_kinds import Bound, Found, Kind, Use

_MONTHS = read.numbered(
    "janvier janv|fevrier fevr|mars|avril avr|mai|juin|juillet juil|aout|septembre sept|octobre oct"
    "|novembre nov|decembre dec"
)
_WEEKDAYS = read.numbered("lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche")
_MONTH, _WEEKDAY, _UNIT = (read.alternatives(names) for names in (_MONTHS, _WEEKDAYS, FRENCH))
_N = read.N
_CURRENCY_WORD = (
    r"(?P<c>euros?|eur|centimes?|cents?|dollars? canadiens?|dollars?|usd|cad|gbp|livres? sterling"
    r"|francs? suisses?"
    r"|francs?|chf|[£$€¥])"
)
_CLOTH = r"(?:de reduction|de remise|de rabais|moins cher|en moins|de moins)"
_DAY = (
    rf"(?:aujourd'hui|ce soir|cette nuit|demain|minuit|midi|la fin (?:de la semaine|du mois|de la journee)"
    rf"|fin du mois|fin de semaine|cette semaine|ce week-end|ce mois-ci|{_WEEKDAY}|{_MONTH})"
)
_CLOCK = r"(?P<h>\d{1,2}) ?h(?: ?(?P<m>\d\d))?\b"
_SHARES = {"moitie": 50, "tiers": 33, "quart": 25, "cinquieme": 20, "dixieme": 10}
_date = read.date(_MONTHS, _WEEKDAYS)


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


TERMS = Terms(
    digits=with_digits,
    readers=compiled(
        *read.links("fr|be|ch|"),
        (read.ISO_DATE, _date),
        (rf"\b(?:(?P<w>{_WEEKDAY}) )?(?P<d>\d{{1,2}})(?:er)? (?P<mon>{_MONTH})\b\.?(?: (?P<y>\d{{4}}))?",
         _date),
        (rf"\b(?P<mon>{_MONTH})\b (?P<y>\d{{4}})\b", _date),
        *read.SLASHED,
        *read.PHONE,
        (rf"\b(\d{{1,3}}) (?:[a-z]+ ){{0,3}}pour (?:le prix de )?(\d{{1,3}})\b(?! (?:{_UNIT})\b)(?! ?[€%])"
         r"(?! (?:euros?|pour cent|personnes?))", read.multibuy),
        (r"\b(\d{1,2}) (?:[a-z]+ )?achete(?:e|s|es)?,? (?:et )?(\d{1,2}) paye", read.multibuy),
        (r"\b(\d{1,2}) (?:[a-z]+ )?achetee?s?,? ?(?:=|\+|et )? ?(\d{1,2}) (?:[a-z]+ )?(?:offert|gratuit)",
         read.bought_and_free),
        (r"\b1 (?:[a-z]+ )?achetee?s?,? (?:=|et )?1 (?:[a-z]+ )?(?:offert|gratuit)"
         r"|\b(?:le|la) (?:deuxieme|seconde?|2e) (?:[a-z]+ )?(?:offert|gratuit)", read.two_for_one),
        *((pattern, _money) for pattern, _ in read.SIGNED_MONEY),
        (rf"\b{read.AMOUNT}[ -]?{_CURRENCY_WORD}(?![\w])", _money),
        (rf"\b{_N}\s?(?:%|pour cent\b|pourcents?\b)", read.percent),
        (r"\b(?:a |pour )?(?:la )?moitie (?:du )?prix\b|\bdemi-tarif\b|\bpour la moitie\b", read.saved(50)),
        (rf"\b(?:(une?|\d) )?(moitie|tiers|quart|cinquieme|dixieme)s? {_CLOTH}\b", _share_off),
        (rf"(?:(?<=\ba )|(?<=\bde )|(?<=\bdes )|(?<=\bavant )|(?<=\bvers )"
         rf"|(?<=jusqu'a )){_CLOCK}", read.clock),
        *read.CLOCK,
        (r"\b(?P<h>\d{1,2}) ?h ?(?P<m>\d\d)\b", read.clock),
        (r"\b(\d{1,2}) heures(?= (?:du matin|du soir|precises))", read.hour),
        (r"(?<![\d.,])(\d{1,4}) (?:sur) (\d{1,4})\b(?! ?[€%])", read.ratio),
        (rf"\b{_N} fois (?:plus|moins)\b", read.times),
        (r"\bdeux fois plus\b|\bdouble (?:du|de la) \w+", read.of_unit(2, "times")),
        (r"\blivraison (?:le jour meme)\b", read.of_unit(0, "day")),
        (r"\blivraison le lendemain\b|\blivre demain\b", read.of_unit(1, "day")),
        (rf"\b{_N}(?:[ -](?:bonnes?|bons?|petites?|longues?))?[ -]?({_UNIT})\b(?!-)", read.quantity),
        (rf"\b(?:jusqu'au?|avant|des|ce|le|chaque|d'ici|a partir de|depuis|finit"
         rf"|se termine) (?P<w>{_WEEKDAY})\b(?P<next> prochain)?(?!s)",
         read.weekday(_WEEKDAYS)),
        *read.BARE,
    ),
    saving_before=re.compile(
        r"\b(?:economis\w+|economies? de|remise|reduction|rabais|gagne[zr]?|moins|baisse de|reduits? de"
        r"|profite[zr]?"
        r"|beneficie[zr]?|obtene[zr]|extra|supplementaires?|bon de)\b[^.!?;]{0,24}$"
    ),
    saving_after=re.compile(
        r"^ ?(?:de (?:remise|reduction|rabais|moins)|d'economies?|offerts?|sur (?!\d)|en moins"
        r"|moins chere?s?)\b"
        r"|^ sur\b"
    ),
    was_before=re.compile(
        r"\b(?:au lieu de|avant|auparavant|prix initial|prix barre|valeur(?: de)?|etait|coutait|ancien prix"
        r"|prix conseille|prix public|contre):?(?: a)? ?$"
    ),
    was_after=re.compile(r"(?!)"),
    lowest_before=re.compile(r"\bprix le plus bas[^.!?]{0,40}$"),
    starts_before=re.compile(r"\b(?:a partir d[ue]|des|commence(?:nt)?|debute(?:nt)?|ouvre)(?: le| ce)? ?$"),
    ends_before=re.compile(
        r"\b(?:jusqu'au?|se termine(?:nt)?|finit|prend fin|expire(?:nt)?|fin"
        r"|dernier jour)(?: le| ce| au| :){0,2} ?$"
    ),
    more_after=re.compile(r"^\+(?!\d)|^ ?(?:et|ou) plus\b"),
    threshold_before=re.compile(r"\b(?:commandes?|achats?|panier)\b[^.!?;]{0,20}$"),
    threshold_after=re.compile(r"^ ?(?:d'achats?|de commande|minimum|de panier)\b"),
    bounds=(
        (Bound.UP_TO, re.compile(r"\b(?:jusqu'a|maximum|au maximum|au plus) ?-? ?$")),
        (Bound.OVER, re.compile(r"\b(?:plus de|au-dela de) ?$")),
        (Bound.NEARLY, re.compile(r"\b(?:pres de|presque) ?$")),
        (Bound.ABOUT, re.compile(r"\b(?:environ) ?$")),
        (Bound.UNDER, re.compile(r"\b(?:moins de|sous) ?$")),
        (Bound.FROM, re.compile(r"\b(?:a partir de|des|au moins|minimum) ?$")),
    ),
    range_before=re.compile(r"\d\s?(?:%|pour cent)? ?(?:a|-|et) ?$"),
    range_after=re.compile(r"^ ?(?:a|-|et) ?\d+(?:[.,]\d+)?\s?(?:%|pour cent)"),
    named_code=re.compile(
        r"(?i:\b(?:code(?: promo)?|bon|coupon)\b[: ]+[\"'\u00ab\u201c]?\s?)([A-Z0-9]{4,20})\b"
    ),
    deadline=re.compile(
        r"\b(?:jusqu'a|jusqu'au|avant|d'ici|seulement|plus que|se termine(?:nt)?|finit|expire(?:nt)?"
        rf"|prend fin|fin|dernier jour(?: :| est)?)(?: le| la| ce| cette| ces| a| au| jusqu'a)* ?{_DAY}(?!\w)"
        r"|\b(?:aujourd'hui|ce soir|ce week-end|cette semaine) (?:seulement|uniquement)\b"
        r"|\bplus que (?:quelques|un) (?:heures?|jours?|minutes?)\b|\bdernier jour\b"
    ),
    cheaper=re.compile(
        r"\b(?:soldes?|soldee?s?|promotions?|promos?|remises?(?! en| a)|rabais|prix (?:reduits?|casses?"
        r"|barres?"
        r"|en baisse|minis?|bas|plus bas|doux)|baisses? (?:des?|du) prix|bonnes? affaires?|moins cheres?"
        r"|petits? prix|economisez|economise|faites des economies|codes? promo|bons? d'achat"
        r"|bons? de reduction"
        r"|ventes? flash|offres? (?:speciales?|limitees?|se termine(?:nt)?|exclusives?)|destockage"
        r"|liquidation"
        r"|moitie"
        r" prix|demi-tarif|tarifs? reduits?|(?:une|des|de|votre|ta|la|vos) reductions?(?! (?:du|de la|des"
        r"|de l')))\b"
    ),
    reduced=re.compile(
        r"\b(?:prix (?:reduits?|baisses?|casses?|ramenes?) (?:a|de)|passes? de|baissee?s? a|reduite?s? a)\b"
        r"|\bprix plus bas\b|\bbaisses? (?:des?|du) prix\b"
    ),
    sale=re.compile(
        r"\b(?:remise|reduction|rabais|solde\w*|promo\w*|economis\w+|gratuit\w*|offert\w*|moins cher"
        r"|moitie prix"
        r"|prix le plus bas)\b"
    ),
    minus_saves=True,
)  # fmt: skip

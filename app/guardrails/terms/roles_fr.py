"""French wordings around the tokens of facts."""

import re

from app.brief.facts import Role
from app.guardrails.terms.roles import NEVER, Roles, Wording, wording

_VAGUE = r"\b(?:jusqu'a|au moins|plus de|moins de|presque|pres de|environ|quelque|au-dela de|autour de) ?"
_UNIT_AFTER = r" (?:piece|la piece|la paire|par|l'unite|chacune?)\b"
_SAVED = (
    r"\b(?:economise[zr]?|remise de|reduction de|rabais de|baisse de|reduite?s? de|remise immediate de"
    r"|profite[zr]? de|beneficie[zr]? de|gagne[zr]?) ?"
)
_OFF = r" (?:de (?:reduction|remise|rabais|moins)|d'economies?|en moins|moins chere?s?|offerts?|sur)\b"
_PRICE_BEFORE = (
    r"(?:^|[:(,.;\u2013-]|\b(?:a|a seulement|pour|pour seulement|au prix de|coute|coutent|est a|sont a"
    r"|maintenant"
    r"|maintenant a|seulement|prix|et|vaut|des maintenant a)) ?\"?"
)
_END_BEFORE = (
    r"(?:\bjusqu'au|\bavant le|\bjusqu'au soir du|\bse termine le|\bse terminent le|\bfinit le|\bprend fin le"
    r"|\bexpire le|\bvalable jusqu'au|\bfin le|\bdernier jour :?(?: le)?|\bdernier jour est le|\bd'ici le"
    r"|\bd'ici au|\bs'arrete le) ?"
)

_WORDINGS: dict[Role, Wording] = {
    Role.DISCOUNT: wording(
        _SAVED,
        _OFF,
        _VAGUE + r"|\b(?:a partir de|des|seulement|coute|pour seulement) ?",
        _UNIT_AFTER + r"| d'achats?\b",
        "{0} de remise",
    ),
    Role.SAVING: wording(_SAVED, _OFF, _VAGUE + r"|\ba partir de ?", _UNIT_AFTER, "\u00e9conomisez {0}"),
    Role.PRICE: wording(
        _PRICE_BEFORE,
        _UNIT_AFTER,
        _VAGUE + r"|" + _SAVED + r"|\b(?:au lieu de|des|a partir de|etait|avant) ?",
        r" ?(?:de (?:remise|reduction|rabais|moins)|d'economies?|en moins|moins cher)\b",
        "\u00e0 {0}",
    ),
    Role.WAS_PRICE: wording(
        r"\b(?:au lieu de|avant|auparavant|prix initial|prix barre|prix conseille|etait a|etait|contre"
        r"|ancien prix)"
        r"(?: :| a| de)? ?",
        r" (?:avant|auparavant)\b",
        _VAGUE + r"|" + _SAVED + r"|\b(?:maintenant|seulement) ?",
        r" ?(?:de (?:remise|reduction)|moins cher)\b",
        "au lieu de {0}",
    ),
    Role.FROM_PRICE: wording(
        r"\b(?:des|a partir de|a partir de seulement|prix des) ?",
        NEVER,
        _SAVED + r"|\b(?:au lieu de|jusqu'a) ?",
        r" ?(?:de (?:remise|reduction)|d'achats?)\b",
        "\u00e0 partir de {0}",
    ),
    Role.ENDS: wording(
        _END_BEFORE,
        r" (?:est le dernier jour|inclus)\b",
        _SAVED + r"|\b(?:a partir du|depuis le|des le|commence le|debute le) ?",
        r" ?(?:de (?:remise|reduction))\b",
        "jusqu'au {0}",
    ),
    Role.STARTS: wording(
        r"\b(?:a partir du|depuis le|des le|commence le|debute le|commencent le|demarre le|le|du) ?",
        r" (?:commence|debute)\b",
        _SAVED + r"|(?:\bjusqu'au|\bavant le|\bse termine le) ?",
        r" ?(?:de (?:remise|reduction))\b",
        "\u00e0 partir du {0}",
    ),
    Role.EVENT_DATE: wording(
        r"(?:^|[:(,\u2013-]|\b(?:le|est le|du|date|pour le|rendez-vous le)) ?",
        r"(?:[,:)]| (?:est|a)\b)",
        _SAVED + r"|(?:\bjusqu'au|\bavant le|\bse termine le) ?",
        r" ?(?:de (?:remise|reduction))\b",
        "le {0}",
    ),
    Role.CODE: wording(
        r"\b(?:code|code promo|coupon|avec|saisis|saisissez|entre|entrez|utilise"
        r"|utilisez)(?: est)?(?: le)?(?: code)?"
        r" ?:? ?[\"'(\u00ab]? ?",
        r"[\"'\u00bb]? (?:a la caisse|dans (?:le|votre|ton) panier|au moment de payer|lors de la commande)\b",
        _SAVED + r"|(?:\bpour seulement|\bjusqu'au|\bau lieu de|\bavant le) ?",
        r" ?(?:de (?:remise|reduction)|piece)\b",
        "avec le code {0}",
    ),
    Role.QUANTITY: wording(
        r".*", r".*", r"[$\u20ac\u00a3] ?|" + _VAGUE, r" ?(?:%|pour cent\b|[.!?,;:]|$)", "{0} couleurs"
    ),
    Role.STOCK: wording(
        r"\b(?:plus que|il reste|reste|restent|seulement|les) ?",
        r" (?:en stock|restantes?|restants?|disponibles?)\b",
        r"[$\u20ac\u00a3] ?|" + _VAGUE,
        r" ?(?:%|pour cent\b|de remise\b)",
        "il en reste {0}",
    ),
}

ROLES = Roles(
    wordings=_WORDINGS,
    name_wrong_before=re.compile(
        r"(?:\bjusqu'au|\bavant le|\bse termine le|\bcode|\bau lieu de|\bcoute|\bseulement"
        r"|\beconomise[zr]?) ?$"
    ),
    name_wrong_after=re.compile(r"^ ?(?:%|de (?:remise|reduction)\b|pour cent\b|moins cher\b)|^[a-z]"),
    name_kept=re.compile(NEVER),
    name_example="parle de {0}",
    reduced_to=re.compile(r"\b(?:reduite?s?|baissee?s?|ramenee?s?) a ?(?:seulement )?$|\bpasse a ?$"),
)

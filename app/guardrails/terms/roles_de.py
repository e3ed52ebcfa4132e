"""German wordings around the tokens of facts."""

import re

from app.brief.facts import Role
from app.guardrails.terms.roles import NEVER, Roles, Wording, wording

_VAGUE = (
    r"\b(?:bis zu|mindestens|uber|mehr als|unter|weniger als|fast|beinahe|nahezu|rund|etwa|ca\.?|knapp"
    r"|circa) ?"
)
_UNIT_AFTER = r" (?:pro|je|das stuck|das paar|pro paar|pro stuck)\b"
_SAVED = (
    r"\b(?:spar(?:e|en|st|t)?(?: dir| sie| euch| jetzt)?|rabatt von|nachlass von|preisvorteil von"
    r"|ersparnis von) ?"
)
_OFF = (
    r" (?:rabatt|nachlass|preisnachlass|ersparnis|gunstiger|reduziert|weniger|preisvorteil|sparen|gespart"
    r"|auf)\b"
)
_PRICE_BEFORE = (
    r"(?:^|[:(,.;\u2013-]|\b(?:fur|fur nur|zu|zum preis von|jetzt|jetzt nur|jetzt fur|jetzt zu|nur|kostet"
    r"|kosten"
    r"|bei|schon fur|ist|und|preis ist|bezahlst du|zahlst du|zahlen sie|betragt)) ?\"?"
)
_END_BEFORE = (
    r"\b(?:bis|bis zum|bis einschliesslich|bis inklusive|bis spatestens|endet am|enden am|endet|schliesst am"
    r"|lauft bis|lauft bis zum|laufen bis|vor dem|gultig bis|gultig bis zum|spatestens am"
    r"|letzter tag(?: ist)?(?: der)?:?|gilt bis|gilt bis zum|ende:) ?"
)

_WORDINGS: dict[Role, Wording] = {
    Role.DISCOUNT: wording(
        _SAVED, _OFF, _VAGUE + r"|\b(?:ab|nur|kostet|kosten|fur) ?", _UNIT_AFTER, "{0} Rabatt"
    ),
    Role.SAVING: wording(_SAVED, _OFF, _VAGUE + r"|\bab ?", _UNIT_AFTER, "spare {0}"),
    Role.PRICE: wording(
        _PRICE_BEFORE,
        _UNIT_AFTER,
        _VAGUE + r"|" + _SAVED + r"|\b(?:statt|anstatt|ab|uvp|um|fruher|vorher) ?",
        r" ?(?:rabatt|gunstiger|nachlass|gespart|sparen|weniger|ersparnis)\b",
        "f\u00fcr {0}",
    ),
    Role.WAS_PRICE: wording(
        r"\b(?:statt|anstatt|vorher|fruher|bisher|ursprunglich|uvp|zuvor|war|kostete|nicht)(?: noch"
        r"| nur)?:? ?",
        r" (?:vorher|fruher|zuvor|bisher)\b",
        _VAGUE + r"|" + _SAVED + r"|\b(?:jetzt|nur noch) ?",
        r" ?(?:rabatt|gunstiger|nachlass|weniger)\b",
        "statt {0}",
    ),
    Role.FROM_PRICE: wording(
        r"\b(?:ab|schon ab|bereits ab|ab nur|preise ab) ?",
        NEVER,
        _SAVED + r"|\b(?:statt|bis zu) ?",
        r" ?(?:rabatt|gunstiger|nachlass)\b",
        "ab {0}",
    ),
    Role.ENDS: wording(
        _END_BEFORE,
        r" (?:endet|ist schluss|ist der letzte tag)\b",
        _SAVED + r"|\b(?:ab|ab dem|seit|seit dem|beginnt am|startet am|von|vom) ?",
        r" ?(?:rabatt|gunstiger)\b",
        "bis {0}",
    ),
    Role.STARTS: wording(
        r"\b(?:ab|ab dem|seit|seit dem|beginnt am|startet am|beginnen am|los am|am|vom|von) ?",
        r" (?:geht es los|beginnt|startet)\b",
        _SAVED + r"|\b(?:bis|bis zum|endet am|vor dem) ?",
        r" ?(?:rabatt|gunstiger)\b",
        "ab {0}",
    ),
    Role.EVENT_DATE: wording(
        r"(?:^|[:(,\u2013-]|\b(?:am|ist am|fur den|ist der|der|datum|termin)) ?",
        r"(?:[,:)]| (?:ist|um)\b)",
        _SAVED + r"|\b(?:bis|bis zum|vor dem|endet am|ab) ?",
        r" ?(?:rabatt|gunstiger)\b",
        "am {0}",
    ),
    Role.CODE: wording(
        r"\b(?:code|gutscheincode|rabattcode|gutschein|mit|eingeben|gib|verwende|nutze|nutzen sie"
        r"|verwenden sie"
        r"|geben sie)(?: lautet| ist| den| dem)?(?: code)?:? ?[\"'(]?",
        r"[\"']? (?:an der kasse|im warenkorb|eingeben|einlosen|ein|beim bezahlen|beim bestellen)\b",
        _SAVED + r"|\b(?:fur nur|bis|statt|um) ?",
        r" ?(?:rabatt|pro|gunstiger)\b",
        "mit dem Code {0}",
    ),
    Role.QUANTITY: wording(
        r".*", r".*", r"[$\u20ac\u00a3] ?|" + _VAGUE, r" ?(?:%|prozent\b|rabatt\b|[.!?,;:]|$)", "{0} Farben"
    ),
    Role.STOCK: wording(
        r"\b(?:nur|nur noch|noch|die letzten|letzte|sind) ?",
        r" (?:auf lager|ubrig|verfugbar|stuck)\b",
        r"[$\u20ac\u00a3] ?|" + _VAGUE,
        r" ?(?:%|prozent\b|rabatt\b)",
        "noch {0} auf Lager",
    ),
}

ROLES = Roles(
    wordings=_WORDINGS,
    name_wrong_before=re.compile(
        r"\b(?:bis|bis zum|endet am|code|statt|kostet|fur nur|nur noch|spar(?:e|en|st|t)?) ?$"
    ),
    name_wrong_after=re.compile(r"^ ?(?:%|rabatt\b|nachlass\b|prozent\b|gunstiger\b|pro stuck\b)|^[a-z]"),
    name_kept=re.compile(NEVER),
    name_example="schreib \u00fcber {0}",
    reduced_to=re.compile(r"\b(?:reduziert|gesenkt|herabgesetzt|heruntergesetzt) auf ?(?:nur )?$"),
)

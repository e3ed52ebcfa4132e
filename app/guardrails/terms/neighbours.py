"""Spanish, Italian, Dutch and Portuguese words around values: discounts, former prices, days.

Numbers in words and units of these languages are not written down yet, so that `values` does not pass such
copy; but a figure is read with its use, and "60 % de descuento" is a discount that facts give or do not give.
Folding has taken accents: "até" reads "ate".
"""

import re
from dataclasses import dataclass, replace

from app.guardrails.terms import en
from app.guardrails.terms import readers as read
from app.guardrails.terms.frame import Terms, compiled
from app.guardrails.value_kinds import Kind, Use


@dataclass(frozen=True, eq=False)
class NeighbourTerms(Terms):
    """Value words with what stands behind a percentage that is a discount: "35 % en sillines"."""

    share_of: re.Pattern[str] = re.compile(r"(?!)")

    def use(self, kind: Kind, before: str, after: str) -> Use:
        """What a value is used for; a percentage on goods is a saving."""
        use = super().use(kind, before, after)
        return Use.SAVING if use is Use.PLAIN and kind is Kind.PERCENT and self.share_of.match(after) else use


@dataclass(frozen=True)
class _Words:
    """The words of one language, as alternatives."""

    months: str
    weekdays: str
    saves: str
    """Before a saving, a few words between."""
    saved: str
    """Right after a saving."""
    share_of: str
    was: str
    """Right before a former price."""
    now: str
    """Right after a former price, before the new one."""
    ends: str
    starts: str
    up_to_day: str = "de|del|di"
    """Between a day and its month, or a month and its year."""


_WORDS = {
    "es": _Words(
        "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre setiembre|octubre|noviembre|diciembre",
        "lunes|martes|miercoles|jueves|viernes|sabado|domingo",
        r"ahorr\w+|descuentos?|rebaj\w+|dto|bonificacion|vale de|cupon de|te quitamos|te descontamos",
        r"de (?:descuento|rebaja|ahorro|dto|bonificacion)|menos|mas barat\w+|dto",
        r"en\b(?! (?:peso|volumen|total|masa|materia\w*))",
        r"antes|en lugar de|en vez de|precio anterior|precio original|costaban?|valian?|tachado",
        r"por|ahora|hoy",
        r"hasta el|hasta|termina el|acaba el|antes del|fin el",
        r"desde el|a partir del|empieza el",
    ),
    "it": _Words(
        "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
        "lunedi|martedi|mercoledi|giovedi|venerdi|sabato|domenica",
        r"risparmi\w*|scont\w+|ribass\w+|buono da|buono di|ti togliamo|meno care? del",
        r"di (?:sconto|risparmio|ribasso)|in meno|meno|di riduzione",
        r"(?:su|sull[aeo']|sugli|sui|sul)\b(?! (?:totale|peso|volume))",
        r"invece di|anziche|prima|al posto di|prezzo precedente|prezzo pieno|costavan?o?|di listino",
        r"ora|adesso|oggi|a soli",
        r"fino al|fino a|entro il|scade il|termina il",
        r"dal|a partire dal|inizia il",
    ),
    "nl": _Words(
        "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
        "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
        r"bespaar\w*|kortingen?|korting van|afgeprijsd|besparing|voordeel van|tegoed van|kortingsbon",
        r"(?:extra )?korting\w*|goedkoper|voordeel|minder|besparing",
        r"op\b(?! (?:gewicht|volume|het totaal))",
        r"was|in plaats van|eerst|normaal|adviesprijs|vroeger|voorheen|kostte",
        r"voor|nu",
        r"tot en met|tot|uiterlijk|eindigt op|t/m|voor",
        r"vanaf|start op|begint op",
    ),
    "pt": _Words(
        "janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
        "segunda-feira|terca-feira|quarta-feira|quinta-feira|sexta-feira|sabado|domingo",
        r"poup\w+|economi[zs]\w+|descont\w+|rebaix\w+|abatimento|vale de|cupao de|tiramos",
        r"de (?:desconto|poupanca|reducao|abatimento)|menos|mais barat\w+|off",
        r"(?:em|nos?|nas?)\b(?! (?:peso|volume|total|composicao))",
        r"antes|em vez de|ao inves de|preco anterior|preco original|custavam?|era|eram",
        r"por|agora|hoje",
        r"ate (?:ao? )?(?:dia )?|termina a|acaba a|antes de",
        r"a partir de|desde|comeca a",
    ),
}


def _terms(words: _Words) -> NeighbourTerms:
    months, weekdays = read.numbered(words.months), read.numbered(words.weekdays)
    month, weekday = read.alternatives(months), read.alternatives(weekdays)
    day = read.date(months, weekdays)
    between = rf"(?:(?:{words.up_to_day}) )?"
    base = {name: getattr(en.TERMS, name) for name in en.TERMS.__dataclass_fields__}
    return replace(
        NeighbourTerms(**base),
        readers=(
            *compiled(
                (
                    rf"\b(?:(?P<w>{weekday}),? )?(?P<d>\d{{1,2}})\.? {between}(?P<mon>{month})\b"
                    rf"(?: {between}(?P<y>\d{{4}}))?",
                    day,
                ),
            ),
            *en.TERMS.readers,
        ),
        saving_before=re.compile(rf"\b(?:{words.saves})\b[^.!?;]{{0,24}}$|(?:^|[.!?:] )(?:menos|meno) ?$"),
        saving_after=re.compile(rf"^ ?(?:{words.saved})\b"),
        was_before=re.compile(rf"\b(?:{words.was}):?(?: (?:a|da|de|por))? ?$"),
        was_after=re.compile(rf"^ ?(?:{words.now})(?: (?:solo|so|slechts|apenas))? (?=[€$£]? ?\d)"),
        starts_before=re.compile(rf"\b(?:{words.starts})(?: (?:{weekday}),?)? ?$"),
        ends_before=re.compile(rf"\b(?:{words.ends})(?: (?:{weekday}),?)? ?$"),
        share_of=re.compile(rf"^ ?(?:{words.share_of})"),
        minus_saves=True,
    )


TERMS: dict[str, Terms] = {language: _terms(words) for language, words in _WORDS.items()}
"""The languages whose discounts and days are read, and no more."""

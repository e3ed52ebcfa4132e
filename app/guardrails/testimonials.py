"""Testimonials: no quote, rating, endorsement or press mention that was not supplied.

A quote counts with somebody who is said to have said it; a supplied one passes word for word, whatever quotes
and dashes stand round it. The wordings without quotes are data/testimonials_<language>.yaml.
"""

import re
from collections.abc import Iterable, Iterator

from app.guardrails.concessions import concessions
from app.guardrails.first_names import is_first_name
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.guardrails.matcher import Spans
from app.guardrails.other_companies import is_proper
from app.guardrails.supplied_words import repeated, words_only
from app.guardrails.word_frames import frames
from app.verdicts.reports import Family, Finding

KIND = "testimonials"
LANGUAGES = frozenset({"en", "de", "fr", "es"})
Span = tuple[int, int]
_OPEN, _CLOSE = "\"“”„«‹‘'", "\"“”»›’'"
_NAME = r"[A-ZÀ-Þ][\wà-ÿ'’.-]{0,30}"
_SAYS = (
    r"(?:says|said|writes|wrote|raves|raved|tells us|told us|reports|agrees|adds|added|put it|puts it"
    r"|explains|reckons"
    r"|swears|declares|declared|gushes|gushed|beams|laughs|laughed|admits|admitted|recalls|confesses|shares"
    r"|enthuses"
    r"|commented|comments|exclaims|insists|promises us|sagt|sagte|schreibt|schrieb|meint|findet"
    r"|dit|a dit"
    r"|écrit|affirme|raconte|dice|dijo|escribe|opina)"
)
_PERSON = (
    r"(?:verified|rider|customer|buyer|reader|reviewer|shopper|owner|user|client|fan|member|guest|tester"
    r"|doctor"
    r"|expert|kundin|kunde|käufer\w*|leser\w*|nutzer\w*|cliente?|acheteu\w+|lectrice|lecteur"
    r"|comprador\w*|dj|critic"
    r"|chef|vet|dentist|mum|mom|dad|mother|father|nurse|coach|stylist|neighbou?r)s?\b"
)
_QUOTE = rf"[{_OPEN}][^\"“”„«»\n]{{2,400}}+[{_CLOSE}]"
_IN_QUOTES = re.compile(r"[\"“„«][^\"“”„«»\n]{2,400}+[\"”“»]")
_QUOTED = (
    re.compile(
        rf"{_QUOTE}\s{{0,3}}[-–—~|,(]{{1,3}}\s{{0,3}}(?:{_NAME}"
        rf"|[^.!?\n]{{0,30}}\b{_PERSON})[^.!?\n]{{0,60}}"
    ),
    re.compile(
        rf"{_QUOTE}[,.]?\s{{0,3}}{_SAYS} (?:(?!our\b|the\b|he\b|she\b|unser\w*\b|der\b|die\b|notre\b"
        rf"|nuestr\w+\b)"
        rf"[\w'’.-]{{1,30}} ?){{1,5}}"
    ),
    re.compile(rf"{_QUOTE}[.!?]?\s{{1,3}}{_NAME}(?: {_NAME})?, (?:{_NAME}(?: {_NAME})?|(?:aged )?\d\d)\.?$"),
    re.compile(
        rf"\b{_NAME}(?: {_NAME})?,? (?:{_SAYS}|calls it|nennt es|l'appelle|lo llama)\s?:?,?\s?{_QUOTE}"
    ),
)
_ALONE = re.compile(rf"\s*{_QUOTE}\s*")
"""A line that is nothing but a quote."""
_VOICE = re.compile(
    r"\b(?:i|i'm|i've|i'd|my|me|mine|we|we've|our|us|never|ever|best|love|loved|amazing|perfect|fantastic"
    r"|brilliant"
    r"|favou?rite|recommend|worth|obsessed|game.?changer|life.?chang\w+|ich|mein\w*|wir|nie|je|mon|ma|mes"
    r"|jamais|mi"
    r"|nunca)\b"
)
"""Words of somebody who speaks of what they bought."""
_INTRODUCED = re.compile(
    rf"\b(?:{_PERSON}|{_NAME}(?: from [\w ]{{2,30}}| in [\w ]{{2,30}}|, [\w ]{{2,30}},?)?) ?[\w ,'’]{{0,30}}?"
    rf"\b(?:{_SAYS}|called (?:it|us|our[\w ’'-]{{0,30}}|this)|calls (?:it|us|our[\w ’'-]{{0,30}}|this)"
    rf"|described (?:it|us|our[\w ’'-]{{0,30}}) as|word for it|words|verdict|review)\s?[:,]?\s?{_QUOTE}"
)
"""A speaker, a word of saying, and what they are said to have said."""
_THING = re.compile(r"(?:The|A|This|That|It|Its|Our) (?:[a-z-]+ ){1,4}(?:says|said|reads)\b")
"""A label or a sign that says something."""
_HEARD = re.compile(
    r"\b(?:[Oo]verheard|[Pp]ostcard|[Ll]etter|[Tt]ext|[Nn]ote|[Cc]omment|[Hh]eard|[Mm]essage|[Ee]mail"
    r"|[Tt]weet|[Rr]eview"
    rf"|[Ii]nbox|[Vv]erdict|[Ff]eedback)\b[^.!?\n\"“„«]{{0,40}}[:,] ?{_QUOTE}"
)
"""Words that are said to have been heard or received."""
_TITLED = re.compile(
    rf"\b(?:Dr|Prof|Professor|Doctor|Chef|Nurse|Dame|Sir|Lady|Lord|Coach|Captain|Princess|Prince"
    rf"|Duchess)\.? {_NAME}"
    r"(?: [A-Z][\w'’-]+)?[^.!?\n]{0,60}?\b(?:recommend|trust|use|swear|love|wear|prescribe|approve|endorse"
    r"|praise|rave"
    r"|call|say|choose|chose|pick|keep|insist|rate|backs|backed|told|drink|eat|vouch|give|prefer)\w*"
)
"""A person with a title who is said to stand behind it."""
_KEEPS = re.compile(
    rf"\b(?:[Tt]he|[Oo]ur|[Tt]his|[Tt]hat|[Ss]ame) [\w -]{{3,40}}? ({_NAME}(?: [A-Z][\w'’-]+)?) (?:always "
    rf"|never |also |once )?"
    r"(?:keeps|wears|wore|uses|used|swears by|packs|drinks|reaches for|can['’]t live without|takes|carries"
    r"|carried"
    r"|eats|sleeps in|was seen|was spotted|has in|loves|travels with|leaves home without|chose|chooses"
    r"|asks for|trains in)\b"
)
"""The thing that somebody with a name is said to have."""
_OUTLET = re.compile(
    rf"\b(?!(?:We|I|They|You|He|She|It|Our|Someone|Everyone|People|This|That|Who|My|Her"
    rf"|His)\b)((?:The )?{_NAME} {_NAME}"
    rf"(?: {_NAME})?) (?:calls|called|named|dubbed|described|voted|hailed|crowned|rated|ranked|raved) (?:us"
    rf"|our|it|this|them)\b"
)
"""A paper or a person that is said to have named it."""
_UNQUOTED = re.compile(
    rf"(?<=[.!?…])\s?[-–—~]{{1,2}}\s?{_NAME}(?: {_NAME})?"
    rf"(?:, (?:{_NAME}|\d{{2}}|{_PERSON})[^.!?\n]{{0,40}})$"
)
"""A name with a place or a role at the end, after what it is said to have said."""
_SAID = re.compile(
    rf", {_SAYS} (?:your|a|an|one|another|every|ein\w*|une?|tu|su) (?:[\w-]+ ){{0,2}}{_PERSON}",
    re.IGNORECASE,
)
_ENDORSED = re.compile(
    rf"\b({_NAME} {_NAME}) (?:has been|have been|'s been|loves|swears by|recommends|endorses|trusts|uses"
    rf"|wears|keeps"
    r"|never travels without|can['’]t (?:get enough|live without|stop)|is a fan|is obsessed|(?:has been"
    r"|was) (?:spotted|seen)"
    r"|wears ours"
    r"|schwört auf|empfiehlt|liebt|recommande|adore|recomienda|adora)\b[^.!?\n]{0,60}"
)
_WITNESS = re.compile(
    rf"\b({_NAME})(?: {_NAME})?(?: (?:from|in|of) [A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?,?"
    r"|, (?:an?|who|from|in|aged|(?:mother|father|mum|mom|dad) of|\d\d)\b[^.!?,\n]{0,40},|, [A-Z]\w+,)"
    r" (?:now |still |always |recently |even |just )?"
    rf"(?:{_SAYS}|calls?|called|wears|wore|uses|used|loves|loved|swears|swore|bought|ordered|switched|sleeps"
    r"|slept|lost|gave|keeps|kept|hasn['’]t|never|can['’]t|couldn['’]t|won['’]t|wouldn['’]t|noticed|rates"
    r"|rated|gives|reckons|thinks|found|sent us|emailed|messaged|thanked|tells|told)\b"
)
"""Somebody with a name and a home, an age or a trade, who is said to have used or praised it."""
_FAN = re.compile(
    rf"\b({_NAME})(?: {_NAME})? (?:(?:always |never |still |now |secretly )?(?:wears|wore|uses|loves|adores"
    r"|swears by|drinks|eats|sleeps (?:in|on)|cooks with|recommends|trusts|chose|chooses|packs|keeps|has|owns"
    r"|bought|ordered|raves about|is a fan of|can['’]t live without|is obsessed with|(?:was|were|has been)"
    r" (?:photographed|seen|spotted|pictured|snapped|filmed)) (?:[\w-]+ ){0,3}?"
    r"(?:it|ours|them|these|this|one of (?:our|ours|these)|our)"
    r"|(?:calls|called|dubbed|named|rated|voted) (?:it|us|ours|them|these|this|our [\w-]+) (?:the|an?)"
    r"|(?:cried|laughed|wept|smiled) when)\b"
    rf"|\b(?:[Tt]he|[Oo]ur|[Tt]his|[Tt]hese) [\w -]{{3,40}}? ({_NAME}) {_NAME} (?:won['’]t|can['’]t|never"
    rf"|always|refuses"
    r"|calls|eats|drinks|signs|reads|cooks|wakes|naps|sleeps|takes|plays|rides|drives|wears|orders|asks"
    r"|swears)\b"
)
"""Somebody with a name who is said to use it or to like it."""
_FAME = re.compile(
    r"\b(?:worn|used|loved|chosen|trusted|approved|recommended|endorsed|favou?red|backed|tested|praised"
    r"|adored|owned|eaten|drunk|enjoyed|requested|carried|hailed|spotted|seen|photographed) (?:by|on|with)"
    rf" (?:chef |actor |singer |presenter |footballer |model |designer |actress )?({_NAME} {_NAME})"
    rf"|\b({_NAME} {_NAME})['’]s? (?:favou?rite|go-to|secret|choice|pick|must-have|obsession)\b"
)
"""A full name of which it is said that it stands behind it."""
_PRESS = re.compile(
    r"\b(?:[Ff]eatured|[Ss]een|[Rr]eviewed|[Mm]entioned|[Pp]raised|[Hh]eard|[Pp]rofiled|[Tt]ipped) (?:in"
    r"|on|by) "
    r"(?:the |The )?([A-ZÀ-Þ][\w'’&.-]{1,30})"
)
_STARS = re.compile(r"[★⭐🌟✭]{3,}")
_RATING = re.compile(
    r"\b(?:(?:rated|rating|score[ds]?|bewertet mit|bewertung|note|noté|valorad\w+ con|puntuación)"
    r"(?: of| at|:| a| de)? \d(?:[.,]\d)?|\d(?:[.,]\d)? ?(?:/ ?5\b|out of (?:5|five)|von 5|sur 5|de 5)"
    r"|(?<!to )(?:\d(?:[.,]\d)?|five|four)[ -]?stars?(?! (?:hotel|hostel|guide|map|sign|jump|general|gazing"
    r"|sky|skies|night|view|rating))"
    r"|\d(?:[.,]\d)? ?(?:sterne|étoiles|estrellas))\b",
    re.IGNORECASE,
)


PATTERNS = (
    *_QUOTED,
    _INTRODUCED,
    _HEARD,
    _TITLED,
    _KEEPS,
    _OUTLET,
    _UNQUOTED,
    _SAID,
    _ENDORSED,
    _WITNESS,
    _FAN,
    _FAME,
    _PRESS,
    _STARS,
    _RATING,
)
"""Everything that is looked for in the text as it stands, capitals and quotes included."""
_GATE = Gate(PATTERNS)


def _passed(piece: Piece, _context: Context) -> dict[re.Pattern[str], int]:
    return {PATTERNS[number]: number for number in _GATE.passed(piece.text)}


def _found(pattern: re.Pattern[str], piece: Piece, context: Context) -> Iterable[re.Match[str]]:
    """The matches of one of `PATTERNS`."""
    number = piece.once("testimonial patterns", context, _passed).get(pattern)
    return () if number is None else _GATE.matches_of(number, piece.text)


def _quotes(piece: Piece, context: Context) -> Iterator[tuple[Span, bool]]:
    """Words with a speaker, and whether they are a quote that was supplied with that speaker."""
    given = [words_only(text) for text in _supplied(context)]
    for pattern in _QUOTED:
        for match in _found(pattern, piece, context):
            quote = re.search(_QUOTE, match[0])
            said, rest = (quote[0], match[0].replace(quote[0], "")) if quote else (match[0], "")
            who = {fold(name).text for name in re.findall(_NAME, rest)}
            if not who or not who <= context.rulebook.own_words:
                supplied = any(words_only(said) in text and who <= set(text.split()) for text in given)
                yield match.span(), supplied
    alone = _ALONE.fullmatch(piece.text)
    spoken = [alone] if alone and _VOICE.search(piece.folded.text) else []
    for match in (*spoken, *_found(_INTRODUCED, piece, context), *_found(_HEARD, piece, context)):
        quote = re.search(_QUOTE, match[0])
        if _THING.match(match[0]) and not re.search(_PERSON, match[0]):
            continue
        words = words_only(quote[0]) if quote else ""
        yield match.span(), not words or any(words in text for text in given)
    for pattern in (_UNQUOTED, _SAID):
        for match in _found(pattern, piece, context):
            yield match.span(), False


def _is_somebody(name: str, context: Context) -> bool:
    """Whether a word with a capital is the name of a person that nobody supplied."""
    return is_first_name(name) and not (is_proper(name, context) or name in context.names)


def _endorsed(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _found(_TITLED, piece, context):
        yield match.span(), "is an endorsement that was not supplied"
    for pattern in (_WITNESS, _FAN):
        for match in _found(pattern, piece, context):
            if _is_somebody(next(name for name in match.groups() if name), context):
                yield match.span(), "speaks for somebody whose words were not supplied"
    for match in _found(_FAME, piece, context):
        if _is_somebody((match[1] or match[2]).split()[0], context):
            yield match.span(), "is an endorsement that was not supplied"
    for pattern in (_KEEPS, _OUTLET):
        for match in _found(pattern, piece, context):
            if not any(is_proper(word, context) or word in context.names for word in match[1].split()):
                yield match.span(), "is an endorsement that was not supplied"


def _mentions(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _found(_PRESS, piece, context):
        if not (is_proper(match[1], context) or is_proper(match[1].removesuffix("s"), context)) and fold(
            match[1]
        ).text not in ("our", "this", "every"):
            yield match.span(), "is a mention that was not supplied"
    for match in _found(_ENDORSED, piece, context):
        if not any(is_proper(word, context) for word in match[1].split()):
            yield match.span(), "is an endorsement that was not supplied"
    yield from _endorsed(piece, context)
    for match in _found(_STARS, piece, context):
        yield match.span(), "is a rating that was not supplied"
    for match in _found(_RATING, piece, context):
        if not _is_rated(match[0], context):
            yield match.span(), "is a rating that was not supplied"


def _is_rated(shown: str, context: Context) -> bool:
    """Whether a supplied rating has the same figure."""
    figure = re.search(r"\d(?:[.,]\d)?", shown)
    wanted = figure[0].replace(",", ".") if figure else "5"
    statements = (*_supplied(context), *(context.facts.statements if context.facts else ()))
    figures = {f.replace(",", ".") for text in statements for f in re.findall(r"\d(?:[.,]\d)?", text)}
    return wanted in figures


_WITH_FIGURES = frozenset({"figures", "rating", "applause"})
_WITH_CROWDS = frozenset({"noticed_by", "press_said"})
"""Rules that a supplied count excuses where the words hold it: "loved by more than a thousand reviewers"."""
"""Rules that are silent where something supplied has the same figure."""
_COUNTS = {"four": "40", "six": "60", "seven": "70", "eight": "80", "nine": "90"}
"""What a part of ten is in per cent."""


def _is_counted(piece: Piece, context: Context, span: Span) -> bool:
    """Whether something supplied has a figure that stands in a count of people or reviews, or one that the
    words round it make the same ("over 4,000" of 4,213, "four in five" of 80%).
    """
    if context.facts is not None and concessions(piece, context).states(span):
        return True
    shown = piece.text[slice(*span)]
    facts = context.facts.statements if context.facts else ()
    given = "\n".join((*_supplied(context), *facts)).replace(",", "").lower()
    figures = re.findall(r"\d+(?:\.\d)?", shown.replace(",", ""))
    words = [word for word in shown.lower().split() if word in _COUNTS]
    parts = [part for word in words for part in (_COUNTS[word], _COUNTS[word][0])]
    sought = [*figures, *words, *parts]
    sought += [figure.removesuffix("0") for figure in figures if len(figure) == 2 and figure.endswith("0")]
    return any(re.search(rf"(?<![\d.]){re.escape(item)}(?!\d)", given) for item in sought)


def _excused(rule: str, piece: Piece, context: Context, span: Span) -> bool:
    if rule in _WITH_CROWDS:
        return context.facts is not None and concessions(piece, context).states(span)
    return rule in _WITH_FIGURES and _is_counted(piece, context, span)


def _supplied(context: Context) -> tuple[str, ...]:
    return (*context.extras.testimonials, *context.extras.approved_claims)


def supplied_quotes(piece: Piece, context: Context) -> Spans:
    """Where the copy repeats a supplied testimonial or claim word for word."""
    given = _supplied(context)
    if not given:
        return Spans()
    quoted = [span for span, supplied in _quotes(piece, context) if supplied]
    return Spans([*repeated(piece.folded, given), *quoted])


def _led_up_to(piece: Piece, context: Context) -> Iterator[Span]:
    """The words that lead up to a supplied quote, where they name nobody but the one who is supplied."""
    given = _supplied(context)
    names = {word for text in given for word in fold(text).text.replace(",", " ").split()}
    wordings = [words_only(text) for text in given]
    for match in _IN_QUOTES.finditer(piece.text) if given else ():
        start, end = match.span()
        if not any(words_only(match[0]) in wording for wording in wordings):
            continue
        lead = re.search(r"[^.!?\n]{0,80}[\"“„«]?$", piece.text[:start])
        begins = lead.start() if lead else start
        said = re.findall(_NAME, piece.text[begins:start])[1:]
        if all(fold(name).text in names for name in said):
            yield begins, end


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every quote, rating, endorsement or mention that was not supplied."""
    quoted = supplied_quotes(piece, context)
    known = Spans([*zip(quoted.starts, quoted.furthest, strict=True), *_led_up_to(piece, context)])
    hint = "leave it out, or supply it and repeat it word for word"
    worded = frames(KIND, context.language).hits(piece.shadows)
    found = [
        *(
            (span, "is a quote that was not supplied")
            for span, supplied in _quotes(piece, context)
            if not supplied
        ),
        *_mentions(piece, context),
        *(
            (hit.span, hit.rule.message)
            for hit in worded
            if not _excused(hit.rule.id, piece, context, hit.span)
        ),
    ]
    stated = concessions(piece, context)
    for span, message in found:
        if not known.cover(*span) and not stated.gives_way("testimonial_fabricated", span):
            yield GUARDRAIL.finding(piece, span, f"'{piece.text[slice(*span)]}' {message}", hint)


GUARDRAIL = Guardrail(
    id="testimonials",
    family=Family.FACT,
    categories=("testimonial_fabricated",),
    summary="No quote, rating, endorsement or press mention that was not supplied word for word",
    source="FTC rule on reviews and testimonials, 16 CFR 465; CAP 3.45; UCPD Annex I no. 23b and 23c",
    check=check,
    languages=LANGUAGES,
)

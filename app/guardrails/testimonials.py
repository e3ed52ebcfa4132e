"""Testimonials: no quote, rating, endorsement or press mention that was not supplied.

A quote counts with somebody who is said to have said it; a supplied one passes word for word, whatever quotes
and dashes stand round it. The wordings without quotes are data/testimonials_<language>.yaml.
"""

import re
from collections.abc import Iterator

from app.guardrails.concessions import concessions
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
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
    rf"|described (?:it|us|our[\w ’'-]{{0,30}}) as|word for it|words?|verdict|review)\s?[:,]?\s?{_QUOTE}"
)
"""A speaker, a word of saying, and what they are said to have said."""
_TITLED = re.compile(
    rf"\b(?:Dr|Prof|Professor|Doctor|Chef|Nurse|Dame|Sir|Lady|Lord|Coach|Captain|Princess|Prince"
    rf"|Duchess)\.? {_NAME}"
    r"(?: [A-Z][\w'’-]+)?[^.!?\n]{0,60}?\b(?:recommend|trust|use|swear|love|wear|prescribe|approve|endorse"
    r"|praise|rave"
    r"|call|say|choose|chose|pick|keep|insist|rate|back|told|drink|eat|vouch|give|prefer)\w*"
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
_PRESS = re.compile(
    r"\b(?:[Ff]eatured|[Ss]een|[Rr]eviewed|[Mm]entioned|[Pp]raised|[Hh]eard|[Pp]rofiled|[Tt]ipped) (?:in"
    r"|on|by) "
    r"(?:the |The )?([A-ZÀ-Þ][\w'’&.-]{1,30})"
)
_STARS = re.compile(r"[★⭐🌟✭]{3,}")
_RATING = re.compile(
    r"\b(?:(?:rated|rating|score[ds]?|bewertet mit|bewertung|note|noté|valorad\w+ con|puntuación)"
    r"(?: of| at|:| a| de)? \d(?:[.,]\d)?|\d(?:[.,]\d)? ?(?:/ ?5\b|out of (?:5|five)|von 5|sur 5|de 5)"
    r"|(?:\d(?:[.,]\d)?|five|four)[ -]?stars?(?! (?:hotel|hostel|guide|map|sign|jump|general|gazing))"
    r"|\d(?:[.,]\d)? ?(?:sterne|étoiles|estrellas))\b",
    re.IGNORECASE,
)


def _quotes(piece: Piece, context: Context) -> Iterator[tuple[Span, bool]]:
    """Words with a speaker, and whether they are a quote that was supplied with that speaker."""
    given = [words_only(text) for text in _supplied(context)]
    for pattern in _QUOTED:
        for match in pattern.finditer(piece.text):
            quote = re.search(_QUOTE, match[0])
            said, rest = (quote[0], match[0].replace(quote[0], "")) if quote else (match[0], "")
            who = {fold(name).text for name in re.findall(_NAME, rest)}
            if not who or not who <= context.rulebook.own_words:
                supplied = any(words_only(said) in text and who <= set(text.split()) for text in given)
                yield match.span(), supplied
    alone = _ALONE.fullmatch(piece.text)
    spoken = [alone] if alone and _VOICE.search(piece.folded.text) else []
    for match in (*spoken, *_INTRODUCED.finditer(piece.text)):
        quote = re.search(_QUOTE, match[0])
        words = words_only(quote[0]) if quote else ""
        yield match.span(), not words or any(words in text for text in given)
    for pattern in (_UNQUOTED, _SAID):
        for match in pattern.finditer(piece.text):
            yield match.span(), False


def _endorsed(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _TITLED.finditer(piece.text):
        yield match.span(), "is an endorsement that was not supplied"
    for pattern in (_KEEPS, _OUTLET):
        for match in pattern.finditer(piece.text):
            if not any(is_proper(word, context) or word in context.names for word in match[1].split()):
                yield match.span(), "is an endorsement that was not supplied"


def _mentions(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _PRESS.finditer(piece.text):
        if not (is_proper(match[1], context) or is_proper(match[1].removesuffix("s"), context)) and fold(
            match[1]
        ).text not in ("our", "this", "every"):
            yield match.span(), "is a mention that was not supplied"
    for match in _ENDORSED.finditer(piece.text):
        if not any(is_proper(word, context) for word in match[1].split()):
            yield match.span(), "is an endorsement that was not supplied"
    yield from _endorsed(piece, context)
    for match in _STARS.finditer(piece.text):
        yield match.span(), "is a rating that was not supplied"
    for match in _RATING.finditer(piece.text):
        if not _is_rated(match[0], context):
            yield match.span(), "is a rating that was not supplied"


def _is_rated(shown: str, context: Context) -> bool:
    """Whether a supplied rating has the same figure."""
    figure = re.search(r"\d(?:[.,]\d)?", shown)
    wanted = figure[0].replace(",", ".") if figure else "5"
    statements = (*_supplied(context), *(context.facts.statements if context.facts else ()))
    figures = {f.replace(",", ".") for text in statements for f in re.findall(r"\d(?:[.,]\d)?", text)}
    return wanted in figures


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


def _supplied(context: Context) -> tuple[str, ...]:
    return (*context.extras.testimonials, *context.extras.approved_claims)


def supplied_quotes(piece: Piece, context: Context) -> Spans:
    """Where the copy repeats a supplied testimonial or claim word for word."""
    given = _supplied(context)
    if not given:
        return Spans()
    quoted = [span for span, supplied in _quotes(piece, context) if supplied]
    return Spans([*repeated(piece.folded, given), *quoted])


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every quote, rating, endorsement or mention that was not supplied."""
    known = supplied_quotes(piece, context)
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
            if hit.rule.id != "figures" or not _is_counted(piece, context, hit.span)
        ),
    ]
    for span, message in found:
        if not known.cover(*span):
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

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
from app.guardrails.testimonial_patterns import (
    ALONE,
    BY_A_ROLE,
    ENDORSED,
    EVEN,
    FAME,
    FAN,
    HEARD,
    IN_QUOTES,
    INTRODUCED,
    KEEPS,
    NAME,
    NO_PERSON,
    OUTLET,
    PATTERNS,
    PERSON,
    PRESS,
    PUT,
    QUOTE,
    QUOTED,
    RATED_BY,
    RATING,
    SAID,
    SIGNED,
    STARS,
    TELLS,
    THING,
    TITLED,
    UNQUOTED,
    VOICE,
    WITNESS,
)
from app.guardrails.word_frames import frames
from app.verdicts.reports import Family, Finding

KIND = "testimonials"
LANGUAGES = frozenset({"en", "de", "fr", "es"})
Span = tuple[int, int]
_GATE = Gate(PATTERNS)


def _passed(piece: Piece, _context: Context) -> dict[int, int]:
    """The patterns that may match, by identity: hashing a pattern takes longer than a search."""
    return {id(PATTERNS[number]): number for number in _GATE.passed(piece.text)}


def _found(pattern: re.Pattern[str], piece: Piece, context: Context) -> Iterable[re.Match[str]]:
    """The matches of one of `PATTERNS`."""
    number = piece.once("testimonial patterns", context, _passed).get(id(pattern))
    return () if number is None else _GATE.matches_of(number, piece.text)


def _is_title(said: str, rest: str) -> bool:
    """Whether a few words in single quotes before a comma name a thing ("'Blue Lagoon', Stockport")."""
    single = said[:1] in "‘'‚‹" and rest.lstrip().startswith(",")
    return (
        single
        and len(said.split()) < 4
        and not re.search(r"[.!?]\W*$", said)
        and not VOICE.search(fold(said).text)
    )


def _quotes(piece: Piece, context: Context) -> Iterator[tuple[Span, bool]]:
    """Words with a speaker, and whether they are a quote that was supplied with that speaker."""
    given = [words_only(text) for text in _supplied(context)]
    for pattern in (*QUOTED, SIGNED, BY_A_ROLE):
        for match in _found(pattern, piece, context):
            quote = re.search(QUOTE, match[0])
            said, rest = (quote[0], match[0].replace(quote[0], "")) if quote else (match[0], "")
            if _is_title(said, rest):
                continue
            who = {word for name in re.findall(NAME, rest) for word in words_only(name).split()}
            if not who or not who <= context.rulebook.own_words:
                supplied = any(words_only(said) in text and who <= set(text.split()) for text in given)
                yield match.span(), supplied
    alone = ALONE.fullmatch(piece.text)
    spoken = [alone] if alone and VOICE.search(piece.folded.text) else []
    for match in (*spoken, *_found(INTRODUCED, piece, context), *_found(HEARD, piece, context)):
        quote = re.search(QUOTE, match[0])
        if THING.match(match[0]) and not re.search(PERSON, match[0]):
            continue
        words = words_only(quote[0]) if quote else ""
        yield match.span(), not words or any(words in text for text in given)
    for pattern in (UNQUOTED, SAID):
        for match in _found(pattern, piece, context):
            yield match.span(), False


def _is_somebody(name: str, context: Context) -> bool:
    """Whether a word with a capital is the name of a person that nobody supplied."""
    return is_first_name(name) and not (is_proper(name, context) or name in context.names)


def _endorsed(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _found(TITLED, piece, context):
        yield match.span(), "is an endorsement that was not supplied"
    for pattern in (WITNESS, FAN):
        for match in _found(pattern, piece, context):
            if _is_somebody(next(name for name in match.groups() if name), context):
                yield match.span(), "speaks for somebody whose words were not supplied"
    yield from _told(piece, context)
    for match in _found(FAME, piece, context):
        if _is_somebody((match[1] or match[2]).split()[0], context):
            yield match.span(), "is an endorsement that was not supplied"
    yield from _kept(piece, context)


def _kept(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for pattern in (KEEPS, OUTLET):
        for match in _found(pattern, piece, context):
            if not any(is_proper(word, context) or word in context.names for word in match[1].split()):
                yield match.span(), "is an endorsement that was not supplied"


def _told(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _found(TELLS, piece, context):
        if is_first_name(match[1]) and not is_proper(match[1], context):
            yield match.span(), "speaks for somebody whose words were not supplied"
    for match in _found(EVEN, piece, context):
        known = is_proper(match[1], context) or match[1] in context.names
        if not known and fold(match[1]).text not in NO_PERSON:
            yield match.span(), "speaks for somebody whose words were not supplied"
    for match in _found(RATED_BY, piece, context):
        yield match.span(), "is a judgement that was not supplied"


def _mentions(piece: Piece, context: Context) -> Iterator[tuple[Span, str]]:
    for match in _found(PRESS, piece, context):
        if not (is_proper(match[1], context) or is_proper(match[1].removesuffix("s"), context)) and fold(
            match[1]
        ).text not in ("our", "this", "every"):
            yield match.span(), "is a mention that was not supplied"
    for match in _found(ENDORSED, piece, context):
        if not any(is_proper(word, context) for word in match[1].split()):
            yield match.span(), "is an endorsement that was not supplied"
    yield from _endorsed(piece, context)
    for match in _found(STARS, piece, context):
        yield match.span(), "is a rating that was not supplied"
    for match in _found(RATING, piece, context):
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
    names = {word for text in given for word in words_only(text).split()}
    wordings = [words_only(text) for text in given]
    for match in IN_QUOTES.finditer(piece.text) if given else ():
        start, end = match.span()
        if not any(words_only(match[0]) in wording for wording in wordings):
            continue
        lead = re.search(r"[^.!?\n]{0,80}[\"“„«]?$", piece.text[:start])
        begins = lead.start() if lead else start
        said = re.findall(NAME, piece.text[begins:start])[1:]
        if all(_plain_name(name) in names for name in said):
            yield begins, end
        behind = PUT.match(piece.text, end)
        if behind and all(_plain_name(name) in names for name in re.findall(NAME, behind[1])):
            yield start, behind.end()


def _plain_name(name: str) -> str:
    """A name as it is compared: folded, without its genitive."""
    return re.sub(r"(?:['’]s?|\.)$", "", fold(name).text)


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

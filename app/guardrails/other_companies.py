"""Names of other companies, which a model brings along from its training.

A listed name counts in any copy: it refuses generated copy and warns about human copy, where a name may be
meant. In generated copy a capital in the middle of a sentence is a name as well, where the language writes
nouns small, unless the brand, the facts or the calendar know it: a product's name enters only by its token.
"""

import dataclasses
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale

from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.frames import on_edges
from app.guardrails.matcher import Matcher, Spans, Wording
from app.guardrails.rulebook import words_of
from app.guardrails.terms import lexicon_de
from app.tokens import TOKEN
from app.verdicts.reports import Family, Finding, Severity

AMBIGUOUS = "*"
_WORD = re.compile(r"[^\W\d_](?:[\w'’&.-]*\w)?")
_BEGINNING = re.compile(r"(?:^|[.!?:…•|/\n–—-])[\s\"'“”‘’(\[]*$")
_OCCASIONS = ("black friday", "cyber monday", "giving tuesday", "new year's eve", "new year")
SMALL_NOUNS = frozenset({"en", "fr"})
"""Languages in which a capital in the middle of a sentence is a name: German writes every noun with one, and
there only the list of companies counts."""
_TITLE_SHARE = 0.75
_NOT_TITLED = frozenset(
    {"the", "and", "for", "with", "from", "your", "our", "that", "this", "into", "over", "are"}
)


def _lines(name: str) -> list[str]:
    text = (files("app.guardrails") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _companies() -> Matcher[Wording]:
    return Matcher([_company(line) for line in _lines("companies.txt")])


def _company(line: str) -> Wording:
    name = line.rstrip(AMBIGUOUS)
    return Wording(
        id=line,
        phrases=(name,),
        message=f"'{name}' is another company or its product",
        suggestion="leave the name out",
    )


@cache
def _proper_words(language: str) -> frozenset[str]:
    """Folded words that carry a capital in this language and name no company."""
    locale = Locale(language)
    calendar = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
    calendar += [
        *locale.months["format"]["abbreviated"].values(),
        *locale.days["format"]["abbreviated"].values(),
    ]
    named = [*locale.territories.values(), *locale.languages.values()]
    own = _lines(f"proper_words_{language}.txt") if language != "en" else []
    return words_of([*calendar, *map(str, named), *_lines("proper_words.txt"), *own])


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Listed names first; then, in generated copy, capitals that nobody accounts for."""
    hits = _companies().hits(piece.shadows[:1])
    if not hits and not context.tokens_only:
        return
    capitals = _mid_sentence(piece.text)
    titled = _title_case(piece.text)
    stated = _known_spans(piece, context)
    known = Spans(stated)
    severity = Severity.BLOCK if context.tokens_only else Severity.WARN
    found: list[tuple[int, int]] = []
    for hit in hits:
        words = piece.text[hit.start : hit.end]
        if known.cover(hit.start, hit.end) or not _written_as_name(words, hit.rule.phrases[0]):
            continue
        if hit.rule.id.endswith(AMBIGUOUS) and (
            titled or hit.start not in capitals or _noun(words, context.language)
        ):
            continue
        found.append(hit.span)
        yield GUARDRAIL.finding(piece, hit.span, hit.rule.message, hit.rule.suggestion, severity=severity)
    if context.tokens_only and context.language in SMALL_NOUNS and not titled:
        yield from _unknown(piece, context, capitals, Spans([*stated, *found]))


def companies_named(piece: Piece, context: Context) -> tuple[tuple[int, int], ...]:
    """Where the copy names a listed company, the brand's own names aside; words that are also words need a
    capital in the middle of a sentence.
    """
    hits = _companies().hits(piece.shadows[:1])
    if not hits:
        return ()
    capitals, titled = _mid_sentence(piece.text), _title_case(piece.text)
    own = Spans(_known_spans(piece, dataclasses.replace(context, competitors=frozenset())))
    found = []
    for hit in hits:
        words = piece.text[hit.start : hit.end]
        if own.cover(hit.start, hit.end) or not _written_as_name(words, hit.rule.phrases[0]):
            continue
        if not hit.rule.id.endswith(AMBIGUOUS) or (not titled and hit.start in capitals):
            found.append(hit.span)
    return tuple(found)


def is_proper(word: str, context: Context) -> bool:
    """Whether a word carries its capital for another reason than naming a company: the calendar, places,
    in German any noun.
    """
    folded = fold(word).text.removesuffix("'s")
    named = folded in _proper_words(context.language) or folded in context.rulebook.own_words
    return named or _noun(word, context.language)


def _noun(words: str, language: str) -> bool:
    """Whether the word is an ordinary noun of a language in which every noun has a capital."""
    return language == "de" and lexicon_de.is_word(words.lower())


def _unknown(piece: Piece, context: Context, capitals: dict[int, str], known: Spans) -> Iterator[Finding]:
    proper, own = _proper_words(context.language), context.rulebook.own_words
    for start, word in capitals.items():
        folded = fold(word).text
        stem = folded.removesuffix("'s") if context.language == "en" else folded.rsplit("'", 1)[-1]
        single = stem.removesuffix("s")
        if len(word) < 2 or word.isupper() or folded.startswith("i'"):
            continue
        if not (proper.isdisjoint((folded, stem, single)) and own.isdisjoint((folded, stem, single))):
            continue
        if all(part in proper for part in stem.split("-")):
            continue
        if not known.cover(start, start + len(stem)):
            message = f"'{word}' reads as a name that neither the brand nor the facts know"
            yield GUARDRAIL.finding(
                piece, (start, start + len(word)), message, "name products by their token only"
            )


def _written_as_name(words: str, name: str) -> bool:
    """Whether the copy writes the words as a name: 'uber' and 'ups' are words, 'Uber' and 'UPS' are not."""
    if name.isupper() and len(name) <= 5:
        return words.isupper()
    return words[:1].isupper() or (not name[:1].isupper() and any(c.isupper() for c in words))


def _words(text: str) -> list[re.Match[str]]:
    """The words of the text that stand outside of tokens."""
    return list(_WORD.finditer(TOKEN.sub(lambda match: " " * len(match[0]), text)))


@lru_cache(maxsize=64)  # two guardrails ask for the same text
def _mid_sentence(text: str) -> dict[int, str]:
    """Words with a capital that do not begin a sentence, by their position."""
    found = {}
    for match in _words(text)[1:]:
        if not match[0][0].isupper():
            continue
        before = text[max(0, match.start() - 12) : match.start()]
        if _BEGINNING.search(before) is None:
            found[match.start()] = match[0]
    return found


@lru_cache(maxsize=64)
def _title_case(text: str) -> bool:
    """Whether most words that title case would capitalise have a capital, the first aside."""
    words = [m[0] for m in _words(text)[1:] if len(m[0]) > 2 and m[0].lower() not in _NOT_TITLED]
    capitals = sum(word[0].isupper() for word in words)
    return len(words) > 1 and capitals / len(words) >= _TITLE_SHARE


@lru_cache(maxsize=64)
def _folded(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(fold(name).text for name in names)


def _known_spans(piece: Piece, context: Context) -> list[tuple[int, int]]:
    """Where the copy states a name that it may state."""
    folded = piece.folded
    spans = []
    supplied = _folded(context.names | context.competitors)
    for name in (*context.rulebook.allowed_company_names, *supplied):
        start = folded.text.find(name) if name else -1
        while start >= 0:
            if on_edges(folded.text, start, start + len(name)):
                spans.append(folded.span(start, start + len(name)))
            start = folded.text.find(name, start + len(name))
    return spans


GUARDRAIL = Guardrail(
    id="other_companies",
    family=Family.BRAND,
    categories=("other_company",),
    summary="No names of other companies, and in generated copy no names that nobody supplied",
    source="data/companies.txt; CAP code 3.33 to 3.42 on comparisons",
    check=check,
)

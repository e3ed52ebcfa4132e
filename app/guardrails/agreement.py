"""Words around tokens hold for every value and every reader: articles, adjectives, plurals, participles.

A token stands for a value that nobody who writes the copy knows. English `a` and `an` depend on its first
sound; German and French articles, adjectives and possessives on the gender and number of a product's name;
French elision on its first letter; a noun behind a count on whether it is one; French participles on the
reader.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.brief.facts import QuantityFact, Role
from app.guardrails.frame import Context, Guardrail, Piece
from app.tokens import PERSON, TOKEN, Token, tokens_in
from app.verdicts.reports import Family, Finding, Severity

Fault = tuple[tuple[int, int], str, str]
FIRST_NAME = f"{PERSON}first_name"
_NAMES = frozenset({Role.PRODUCT, Role.NAME})
_BEFORE = 60
"""Characters before a token in which an article that belongs to it may stand."""


@dataclass(frozen=True)
class _Words:
    """The words of one language that bend with what follows.

    `before` ends at a token and holds the words that depend on it; `any_token` says that values of every sort
    count, and not only names and what readers have set. `name` is for first names.
    `plural` and `singular` begin after a count and match what is wrong for one, or for more than one.
    """

    before: re.Pattern[str]
    hint: str
    any_token: bool = False
    name: re.Pattern[str] = re.compile(r"(?!)")
    plural: re.Pattern[str] = re.compile(r"(?!)")
    singular: re.Pattern[str] = re.compile(r"(?!)")
    count_hint: str = ""
    reader: re.Pattern[str] = re.compile(r"(?!)")


_BENT = r"(?:[a-zäöüß]+(?:e|en|er|es|em) ){0,2}"
_GERMAN_ARTICLE = (
    r"(?:der|die|das|den|dem|des|eine?[nmrs]?|k?eine?[nmrs]?|(?:dein|mein|sein|unser|euer|eur|ihr)(?:e[nmrs]?)?"
    r"|(?:dies|jen|jed|welch|manch|solch)e[nmrs]?|zum|zur|im|am|vom|beim|ins|ans)"
)
_GERMAN_ADJECTIVE = (
    r"(?:neu|alt|best|schön|leicht|leichter|warm|robust|beliebt|klein|groß|kompakt|bewährt|aktuell|lieb)"
    r"(?:e[nmrs]?)"
)
_FRENCH_ARTICLE = (
    r"(?:(?:le|la|les|un|une|des|du|de la|de|que|au|aux|à la|ce|cet|cette|ces|mon|ma|mes|ton|ta|tes"
    r"|son|sa|ses|jusque|lorsque|puisque|presque) |(?:l|d|qu|jusqu|lorsqu|puisqu)['’])"
)
_FRENCH_ADJECTIVE = (
    r"(?:nouvel|nouveau|nouvelle|beau|bel|belle|vieux|vieil|petite?|grande?|bon|bonne|léger|légère|cher|chère"
    r"|premier|première|dernier|dernière)s?"
)
_YOU = r"(?:vous (?:êtes|serez|étiez|seriez)|tu (?:es|seras|étais|serais)|êtes-vous|es-tu|soyez|sois)"
_PARTICIPLE = (
    r"(?:[^\W\d_]+(?:ée?s?|ie?s?|ue?s?)|prête?s?|inscrite?s?|seule?s?|contente?s?|heureu(?:x|se|ses)"
    r"|curieu(?:x|se|ses)|satisfaite?s?|couverte?s?|ravie?s?|nouveau|nouvelle|fort|forte)"
)
_EPICENE = r"(?!\s?[·.(]\s?e)(?![\w·])"
_NOT_BENT = (
    r"(?!(?:ici|aussi|oui|vous|plus|peu|midi|lundi|mardi|mercredi|jeudi|vendredi|samedi|ainsi|parmi|sous|dessus"
    r"|nous|tous)\b)"
)

WORDS: dict[str, _Words] = {
    "en": _Words(
        before=re.compile(r"\b(?:an?) $", re.IGNORECASE),
        hint="write 'the', or leave the article out",
        any_token=True,
        plural=re.compile(r"^ (?:more )?(?:[a-z]+[^su\W]s\b(?<!less)|are\b|were\b|have\b|remain\b)"),
        singular=re.compile(r"^ (?:more )?(?:is|was|has|remains)\b"),
        count_hint="put the count after the noun: 'colours: {0}'",
    ),
    "de": _Words(
        before=re.compile(
            rf"(?:(?<!\w){_GERMAN_ARTICLE} {_BENT}|(?<!\w){_GERMAN_ADJECTIVE} )$", re.IGNORECASE
        ),
        hint="put a noun between them: 'der Rucksack {0}', or leave article and adjective out",
        name=re.compile(r"(?<!\w)(?:lieber?|liebste[rs]?|werter?|geehrte[rs]?) $", re.IGNORECASE),
        plural=re.compile(
            r"^ (?!(?:Stunden|Stück|Mal)\b)[A-ZÄÖÜ]\w*(?:en|s)\b|^ (?:sind|waren|haben|bleiben)\b"
        ),
        singular=re.compile(r"^ (?:ist|war|hat|bleibt)\b"),
        count_hint="put the count after the noun: 'Farben: {0}'",
    ),
    "fr": _Words(
        before=re.compile(
            rf"(?<!\w)(?:{_FRENCH_ARTICLE}(?:{_FRENCH_ADJECTIVE} )?|{_FRENCH_ADJECTIVE} )$", re.IGNORECASE
        ),
        hint="put a noun between them: 'le sac {0}', or leave article and adjective out",
        name=re.compile(r"(?<!\w)(?:cher|chère|de|que|d['’]|qu['’]) ?$", re.IGNORECASE),
        plural=re.compile(r"^ (?!(?:fois|mois)\b)[a-zéèêà]+[sx]\b|^ (?:sont|étaient|ont|restent)\b"),
        singular=re.compile(r"^ (?:est|était|a|reste)\b"),
        count_hint="put the count after the noun: 'coloris : {0}'",
        reader=re.compile(
            rf"(?<!\w){_YOU} (?:(?:bien|déjà|toujours|enfin|tout|toute|si|très|presque) )?"
            rf"({_NOT_BENT}{_PARTICIPLE}{_EPICENE})",
            re.IGNORECASE,
        ),
    ),
}
"""The languages that are judged."""


def _is_name(token: Token, context: Context) -> bool:
    """Whether the token stands for a name, or for what a reader has set: its gender and first letter vary."""
    if token.is_variable:
        return token.name != FIRST_NAME
    fact = context.facts.facts.get(token.name) if context.facts else None
    return fact is not None and fact.role in _NAMES


def _bent(text: str, token: Token, words: _Words, context: Context) -> Iterator[Fault]:
    before = text[max(0, token.start - _BEFORE) : token.start]
    shown = "{" + token.name + "}"
    pattern = words.name if token.name == FIRST_NAME and not words.any_token else words.before
    if pattern is words.before and not words.any_token and not _is_name(token, context):
        return
    match = pattern.search(before)
    if match is not None:
        start = token.start - len(before) + match.start()
        span = (start, token.end)
        named = token.name == FIRST_NAME
        message = f"'{match[0].strip()}' depends on the value of {shown}"
        hint = "leave it out, and address the reader by name alone" if named else words.hint.format(shown)
        yield span, message, hint


def _counted(text: str, token: Token, words: _Words, context: Context) -> Iterator[Fault]:
    fact = context.facts.facts.get(token.name) if context.facts else None
    if not isinstance(fact, QuantityFact):
        return
    after = text[token.end : token.end + _BEFORE]
    changes = fact.role is Role.STOCK
    wrong = words.plural.match(after) if changes or fact.value == 1 else None
    wrong = wrong or (words.singular.match(after) if changes or fact.value != 1 else None)
    if wrong is not None:
        shown = "{" + token.name + "}"
        value = "any stock" if changes else f"{fact.value:f}"
        message = f"'{shown}{wrong[0]}' is not right for {value}"
        yield (token.start, token.end + wrong.end()), message, words.count_hint.format(shown)


def _reader(text: str, words: _Words) -> Iterator[Fault]:
    for match in words.reader.finditer(text):
        message = f"'{match[1]}' says whether the reader is a woman or a man"
        yield match.span(), message, "say it with a verb or a noun that fits everybody"


def _faults(piece: Piece, context: Context) -> Iterator[Fault]:
    words = WORDS[context.language]
    text = piece.text.replace("\u00a0", " ").replace("\u202f", " ")
    checks: tuple[Callable[[str, Token, _Words, Context], Iterator[Fault]], ...] = (_bent, _counted)
    for token in tokens_in(text):
        for check_token in checks:
            yield from check_token(text, token, words, context)
    yield from _reader(TOKEN.sub(lambda match: "x" * len(match[0]), text), words)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Each word that would be wrong for another value or another reader."""
    severity = Severity.BLOCK if context.tokens_only else Severity.WARN
    for span, message, hint in _faults(piece, context):
        yield GUARDRAIL.finding(piece, span, message, hint, severity=severity)


GUARDRAIL = Guardrail(
    id="agreement",
    family=Family.BRAND,
    categories=("agreement",),
    summary="Articles, adjectives, plurals and participles hold for every value of a token and every reader",
    source="house rule; German and French inflection, CLDR plural rules",
    check=check,
    languages=frozenset(WORDS),
)

"""Cheap grammar faults that small models make: broken ends, doubled words, loops, clashes, apologies.

Each rule is a pattern over folded text with tokens masked, or a small function. They are chosen to be silent
on approved copy: a fault that a person may write on purpose (a sentence without a verb) has no rule.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from app.blocks.kind import Shape
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import masked
from app.guardrails.terms import grammar_de, grammar_en, grammar_fr
from app.guardrails.terms.grammar import Grammar
from app.verdicts.reports import Family, Finding, Severity

Span = tuple[int, int]
_WORD = re.compile(r"\{x+\}|[^\W_]+(?:['-][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?:;\n]+[.!?:;]*")
_NAME = re.compile(r"\{person\.first_name\}")
_GREETING_SPACE = 40
_LOOSE = " \"'"
_PAIRS = (("(", ")"), ("[", "]"), ("\u201c", "\u201d"))
_LOOP_WORDS = 3
_SHORT = 2
_LONG_TEXT = 20
"""Words with a meaning from which on one of them may stand once more."""
_LINE_SHAPES = frozenset({Shape.LINE, Shape.LABEL})
_LINE_FIELDS = frozenset({"subject", "headline", "cta"})
GRAMMARS = {"en": grammar_en.GRAMMAR, "de": grammar_de.GRAMMAR, "fr": grammar_fr.GRAMMAR}


def _severity(context: Context) -> Severity:
    return Severity.BLOCK if context.tokens_only else Severity.WARN


def _patterns(text: str, grammar: Grammar, *, raw: bool) -> Iterator[tuple[Span, str, str]]:
    for rule, match in grammar.faulty(text, raw=raw):
        yield match.span(), rule.message.format(match[0].strip()), rule.hint


def _ends(text: str, words: Sequence[re.Match[str]], grammar: Grammar) -> Iterator[tuple[Span, str, str]]:
    """Sentences that break off; the words of the text do not reach over the end of a sentence."""
    ends = [word.end() for word in words]
    for sentence in _SENTENCE.finditer(text):
        place = bisect_right(ends, sentence.end()) - 1
        if place < 0 or ends[place] <= sentence.start():
            continue
        last = words[place]
        span = last.span()
        before = text[sentence.start() : last.end()].strip()
        stranded = last[0] in grammar.stranded and not grammar.stranded_after.search(before)
        if stranded or grammar.ends_open.search(before):
            yield span, f"the sentence breaks off after '{last[0]}'", "finish the sentence"


@lru_cache(maxsize=20_000)
def _stem(word: str, grammar: Grammar) -> str:
    """What is compared of a word; empty for one that may stand as often as it likes."""
    if word in grammar.function_words or len(word) <= _SHORT or word.startswith("{"):
        return ""
    for ending in grammar.endings:
        if word.endswith(ending) and len(word) - len(ending) > _SHORT:
            return word.removesuffix(ending)
    return word


def _content(words: Iterable[re.Match[str]], grammar: Grammar) -> list[tuple[str, re.Match[str]]]:
    return [(stem, match) for match in words if (stem := _stem(match[0], grammar))]


def _loops(
    text: str, words: Sequence[re.Match[str]], grammar: Grammar, *, line: bool
) -> Iterator[tuple[Span, str, str]]:
    """A word three times, a phrase twice, or in one line a word twice."""
    fewest = 2 if line else _LOOP_WORDS
    found = _content(words, grammar)
    counts = Counter([word for word, _ in found])
    if max(counts.values(), default=0) >= fewest:
        single = grammar.paired.sub(lambda match: match[1] + " " * (len(match[0]) - len(match[1])), text)
        found = _content(_WORD.finditer(single), grammar)
        counts = Counter([word for word, _ in found])
    most = fewest + (len(found) > _LONG_TEXT)
    for word, match in found if max(counts.values(), default=0) >= most else ():
        if counts[word] >= most:
            shown = text[match.start() : match.end()]
            yield match.span(), f"'{shown}' stands here {counts[word]} times", "say it once"
            return
    said = [word[0] for word in words]
    grams = list(zip(said, said[1:], said[2:], strict=False))
    seen: set[tuple[str, ...]] = set()
    for index, gram in enumerate(grams if len(set(grams)) < len(grams) else ()):
        if sum(word not in grammar.function_words for word in gram) < 2:
            continue
        if gram in seen:
            span = (words[index].start(), words[index + 2].end())
            yield span, f"'{' '.join(gram)}' is repeated", "say it once"
            return
        seen.add(gram)


def _marks(text: str) -> Iterator[tuple[Span, str, str]]:
    for left, right in _PAIRS:
        if text.count(left) != text.count(right):
            at = max(text.find(left), text.find(right))
            yield (at, at + 1), f"'{left}' and '{right}' do not pair", "open and close it, or leave it out"
    if text.count('"') % 2:
        at = text.rfind('"')
        yield (at, at + 1), "a quotation mark has no partner", "open and close it, or leave it out"


def _vocative(text: str, grammar: Grammar) -> Iterator[tuple[Span, str, str]]:
    """A first name addresses the reader: at an edge of the line or between commas, or after a greeting."""
    for match in _NAME.finditer(text):
        end, after = match.start(), match.end()
        while end and text[end - 1] in _LOOSE:
            end -= 1
        while after < len(text) and text[after] in _LOOSE:
            after += 1
        opens = not end or text[end - 1] in ",.!?:;(-"
        opens = opens or grammar.greeting.search(text, max(0, end - _GREETING_SPACE), end) is not None
        closes = after == len(text) or text[after] in ",.!?:;)-"
        if not (opens and closes):
            hint = "put it at the start or the end, set off by a comma"
            yield match.span(), "the reader's name stands in the middle of a clause", hint


_ARTICLE = re.compile(r"\b(an?) ([a-z][a-z'-]*|[0-9]+)")
_SOUNDS_LIKE_CONSONANT = re.compile(r"(?:one|once|uni(?!n|m)|use|usu|eu|ut[ie]|ubi|ufo|uk|us\b|u-)")
_SILENT_H = re.compile(r"(?:hour|honest|honou?r|heir)")
_LETTERS = re.compile(r"(?:8|11|18|80)(?:\D|$)|8")


def _wrong_article(article: str, word: str) -> bool:
    if len(word) == 1:
        return False
    vowel = word[0] in "aeiou" and not _SOUNDS_LIKE_CONSONANT.match(word)
    vowel = vowel or _SILENT_H.match(word) is not None or _LETTERS.match(word) is not None
    return vowel != (article == "an")


def _articles(piece: Piece, context: Context) -> Iterator[tuple[Span, str, str]]:
    """`a` and `an` before what really follows, tokens filled; spans are of the original copy."""
    reported: set[Span] = set()
    for longest in (True, False) if "{" in piece.text else (True,):
        filled = context.rendered(piece, longest=longest) if "{" in piece.text else None
        folded = fold(filled.text) if filled else piece.folded
        for match in _ARTICLE.finditer(folded.text):
            if _wrong_article(match[1], match[2]):
                span = folded.span(*match.span())
                span = filled.span(*span) if filled else span
                right = "a" if match[1] == "an" else "an"
                if span not in reported:
                    reported.add(span)
                    yield span, f"'{match[0]}' needs '{right}'", f"write '{right}', or 'the'"


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every fault, in the order of the rules."""
    folded = piece.folded
    text = masked(folded.text)
    line = piece.spec.shape in _LINE_SHAPES if piece.spec else piece.field in _LINE_FIELDS
    severity = _severity(context)
    grammar = GRAMMARS[context.language]
    words = list(_WORD.finditer(text))
    found = [
        *_patterns(text, grammar, raw=False),
        *_ends(text, words, grammar),
        *_loops(text, words, grammar, line=line),
        *_marks(text),
        *_vocative(folded.text, grammar),
    ]
    for span, message, hint in _patterns(masked(piece.text), grammar, raw=True):
        yield GUARDRAIL.finding(piece, span, message, hint, severity=severity)
    for span, message, hint in found:
        yield GUARDRAIL.finding(piece, folded.span(*span), message, hint, severity=severity)
    for span, message, hint in _articles(piece, context) if grammar.articles else ():
        yield GUARDRAIL.finding(piece, span, message, hint, severity=severity)


GUARDRAIL = Guardrail(
    id="grammar_ends",
    family=Family.BRAND,
    categories=("broken_copy",),
    summary="Sentences end, words are not doubled, nothing loops, articles fit, nobody apologises.",
    source="faults measured in samples of the embedded model",
    check=check,
    languages=frozenset(GRAMMARS),
)

"""Length and shape of a field, judged as rendered with the longest and the shortest allowed values."""

import functools
import re
from collections.abc import Iterator

from app.blocks.kind import FieldSpec, Shape
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.guardrails.lexicon import word_list
from app.tokens import TOKEN
from app.verdicts.reports import Family, Finding, Severity

SANE = {"subject": 78, "preheader": 140, "headline": 90, "cta": 40, "body": 5000}
"""Most characters of a field that fills no block, by the front door's field names: a warning over it."""
ONE_LINE = frozenset({"subject", "preheader", "headline", "cta"})
MOST_SENTENCES = 3
_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*|(?<![^\s\w])[^\s\w]*[$\u20ac\u00a3%][^\s]*")
_LABEL_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
LABELS = {
    "en": ("begin with what the reader does: See, Find, Explore", False),
    "de": ("say what the reader does: Entdecke die Jacken, Mehr erfahren", True),
    "fr": ("begin with what the reader does: Voir, D\u00e9couvrir, Trouver", False),
}
"""Per language an example of what passes, and whether the verb may also end the label, as German infinitives
do."""
_BREAK = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
_ABBREVIATED = {
    "en": r"e\.g i\.e vs Dr Mr Mrs St",
    "de": r"z\.\s?B d\.\s?h u\.\s?a bzw usw ca Nr Dr St inkl evtl ggf",
    "fr": r"p\.\s?ex etc M Mme env",
}
"""Words that end with a full stop in the middle of a sentence."""
_CLOSED = re.compile(r"[.!?\u2026](?:[\"'\u201c\u201d\u2019\u00bb)]|\s\u00bb)*$")
_FULL_STOP = re.compile(r"(?:\.|\u2026)(?:[\"'\u201c\u201d\u2019\u00bb)]|\s\u00bb)*$")
_ANY_MARK = re.compile(r"[.!?,;:\u2026]$")
_FIRST = re.compile(r"^(?:[\"'\u201c\u2018\u201e\u00ab(\[]\s?)*")
Fault = tuple[tuple[int, int], str, str]


@functools.cache
def cta_verbs(language: str) -> frozenset[str]:
    """The verbs of buttons in a language."""
    return word_list(f"cta_verbs_{language}.txt")


def count_words(text: str) -> int:
    """Words as a reader counts them; a price or a percentage is one."""
    return len(_WORD.findall(text))


@functools.cache
def _ends(language: str) -> re.Pattern[str]:
    """Where sentences end, abbreviations aside."""
    words = _ABBREVIATED.get(language, _ABBREVIATED["en"]).split()
    closing = r"(?:[\"'\u201c\u201d\u2019\u00bb)]|\s\u00bb)*+"
    return re.compile(rf"\b(?:{'|'.join(words)})\.|[.!?\u2026]{{1,16}}+{closing}(?=\s|$)")


def sentences(text: str, language: str = "en") -> int:
    """Sentences of a text whose tokens are still in it; what follows the last mark counts as one."""
    bare = TOKEN.sub("x", text).strip()
    marks = [match for match in _ends(language).finditer(bare) if not match[0][0].isalnum()]
    tail = bare[marks[-1].end() :].strip() if marks else bare
    return len(marks) + bool(tail)


def _size(piece: Piece, spec: FieldSpec, context: Context) -> Iterator[Fault]:
    whole = (0, len(piece.text))
    longest = context.rendered(piece, longest=True).text.strip()
    shortest = context.rendered(piece, longest=False).text.strip()
    filled = " with the longest values" if longest != shortest else ""
    if len(longest) > spec.max_chars:
        message = f"the {spec.label} has {len(longest)} characters{filled}, at most {spec.max_chars} fit"
        yield whole, message, "shorten it"
    if len(shortest) < spec.min_chars:
        message = f"the {spec.label} has {len(shortest)} characters, at least {spec.min_chars} are needed"
        yield whole, message, "say a little more"
    low, high = spec.words
    if count_words(longest) > high:
        yield (
            whole,
            f"the {spec.label} has {count_words(longest)} words{filled}, at most {high} fit",
            "use fewer words",
        )
    if count_words(shortest) < low:
        yield (
            whole,
            f"the {spec.label} has {count_words(shortest)} words, at least {low} are needed",
            "say a little more",
        )


def _line(text: str, spec: FieldSpec, language: str) -> Iterator[Fault]:
    end = len(text.rstrip())
    if _FULL_STOP.search(text.rstrip()):
        yield (end - 1, end), f"a {spec.label} has no full stop at the end", "leave the full stop out"
    if sentences(text, language) > MOST_SENTENCES - 1:
        yield (
            (0, len(text)),
            f"a {spec.label} is one line, this has {sentences(text, language)} sentences",
            "keep one",
        )


def _label(text: str, context: Context) -> Iterator[Fault]:
    end = len(text.rstrip())
    if _ANY_MARK.search(text.rstrip()):
        yield (end - 1, end), "a button label has no mark at the end", "leave the mark out"
    words = list(_LABEL_WORD.finditer(text))
    if not words:
        return
    if context.language not in LABELS:
        raise NotJudged(f"no verbs of buttons are known in the language '{context.language}'")
    hint, ends = LABELS[context.language]
    verbs = cta_verbs(context.language)
    allowed = [words[0], *([words[-1]] if ends else [])]
    if not any(word[0].lower().replace("\u2019", "'") in verbs for word in allowed):
        place = "has a verb at its beginning or end" if ends else "begins with a verb"
        yield words[0].span(), f"a button label {place}, '{words[0][0]}' is none", hint


def _sentences(text: str, spec: FieldSpec, most: int, language: str) -> Iterator[Fault]:
    whole = (0, len(text))
    stripped = text.rstrip()
    if stripped and not _CLOSED.search(stripped):
        yield (
            (len(stripped) - 1, len(stripped)),
            f"the {spec.label} has no final mark",
            "end with a full stop",
        )
    count = sentences(text, language)
    if count > most:
        wanted = "one sentence" if most == 1 else f"at most {most} sentences"
        yield whole, f"the {spec.label} has {count} sentences, it holds {wanted}", f"keep {wanted}"


def _shape(piece: Piece, spec: FieldSpec, context: Context) -> Iterator[Fault]:
    text = piece.text
    if spec.shape is Shape.LINE:
        yield from _line(text, spec, context.language)
    elif spec.shape is Shape.LABEL:
        yield from _label(text, context)
    else:
        most = 1 if spec.shape is Shape.SENTENCE else MOST_SENTENCES
        yield from _sentences(text, spec, most, context.language)
    for match in _BREAK.finditer(text):
        yield match.span(), f"the {spec.label} has a line break", "write it in one line"
    start = len(_FIRST.match(text.lstrip())[0]) + len(text) - len(text.lstrip())  # type: ignore[index]
    if start < len(text) and text[start].islower() and not _own_word(text[start:], context):
        yield (
            (start, start + 1),
            f"the {spec.label} begins with a small letter",
            "begin with a capital letter",
        )


def _own_word(text: str, context: Context) -> bool:
    first = _WORD.match(text)
    return first is not None and first[0].lower() in context.rulebook.own_words


def _sane(piece: Piece) -> Iterator[Finding]:
    limit = SANE.get(piece.field, SANE["body"])
    if len(piece.text) > limit:
        message = f"{len(piece.text)} characters are long for a {piece.field}; about {limit} are shown"
        yield GUARDRAIL.finding(
            piece, (limit, len(piece.text)), message, "shorten it", severity=Severity.WARN
        )
    if piece.field in ONE_LINE:
        for match in _BREAK.finditer(piece.text):
            yield GUARDRAIL.finding(
                piece,
                match.span(),
                f"a {piece.field} is one line",
                "write it in one line",
                severity=Severity.WARN,
            )


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """The limits of the field's spec; without one, only what no inbox would show."""
    if not piece.text.strip():
        yield GUARDRAIL.finding(piece, (0, len(piece.text)), "the text is empty", "write something")
    elif piece.spec is None:
        yield from _sane(piece)
    else:
        faults = [*_size(piece, piece.spec, context), *_shape(piece, piece.spec, context)]
        for span, message, hint in faults:
            yield GUARDRAIL.finding(piece, span, message, hint)


GUARDRAIL = Guardrail(
    id="length_shape",
    family=Family.BRAND,
    categories=("length",),
    summary="Fields keep their length and form with the longest and shortest values they may be filled with.",
    source="block kinds; inboxes show about 33 to 48 characters of a subject on phones",
    check=check,
)

"""Length and shape of a field, judged as rendered with the longest and the shortest allowed values."""

import functools
import re
from collections.abc import Iterator

from app.blocks.kind import FieldSpec, Shape
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.lexicon import word_list
from app.tokens import TOKEN
from app.verdicts.reports import Family, Finding, Severity

SANE = {"subject": 78, "preheader": 140, "headline": 90, "cta": 40, "body": 5000}
"""Most characters of a field that fills no block, by the front door's field names: a warning over it."""
ONE_LINE = frozenset({"subject", "preheader", "headline", "cta"})
MOST_SENTENCES = 3
_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*|(?<![^\s\w])[^\s\w]*[$\u20ac\u00a3%][^\s]*")
_BREAK = re.compile(r"[\r\n\v\f\x85\u2028\u2029]")
_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bSt)[.!?\u2026]{1,16}+[\"'\u201d\u2019)]*+(?=\s|$)"
)
_CLOSED = re.compile(r"[.!?\u2026][\"'\u201d\u2019)]*$")
_FULL_STOP = re.compile(r"(?:\.|\u2026)[\"'\u201d\u2019)]*$")
_ANY_MARK = re.compile(r"[.!?,;:\u2026]$")
_FIRST = re.compile(r"^[\"'\u201c\u2018(\[]*")
Fault = tuple[tuple[int, int], str, str]


@functools.cache
def cta_verbs() -> frozenset[str]:
    """The imperatives that a button may begin with."""
    return word_list("cta_verbs_en.txt")


def count_words(text: str) -> int:
    """Words as a reader counts them; a price or a percentage is one."""
    return len(_WORD.findall(text))


def sentences(text: str) -> int:
    """Sentences of a text whose tokens are still in it; what follows the last mark counts as one."""
    bare = TOKEN.sub("x", text).strip()
    marks = list(_END.finditer(bare))
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


def _line(text: str, spec: FieldSpec) -> Iterator[Fault]:
    end = len(text.rstrip())
    if _FULL_STOP.search(text.rstrip()):
        yield (end - 1, end), f"a {spec.label} has no full stop at the end", "leave the full stop out"
    if sentences(text) > MOST_SENTENCES - 1:
        yield (0, len(text)), f"a {spec.label} is one line, this has {sentences(text)} sentences", "keep one"


def _label(text: str, context: Context) -> Iterator[Fault]:
    end = len(text.rstrip())
    if _ANY_MARK.search(text.rstrip()):
        yield (end - 1, end), "a button label has no mark at the end", "leave the mark out"
    first = re.match(r"\s*([^\W\d_]+(?:['\u2019][^\W\d_]+)?)", text)
    if context.language != "en" or first is None:
        return
    if first[1].lower().replace("\u2019", "'") not in cta_verbs():
        hint = "begin with what the reader does: See, Find, Explore"
        yield first.span(1), f"a button label begins with a verb, '{first[1]}' is none", hint


def _sentences(text: str, spec: FieldSpec, most: int) -> Iterator[Fault]:
    whole = (0, len(text))
    stripped = text.rstrip()
    if stripped and not _CLOSED.search(stripped):
        yield (
            (len(stripped) - 1, len(stripped)),
            f"the {spec.label} has no final mark",
            "end with a full stop",
        )
    count = sentences(text)
    if count > most:
        wanted = "one sentence" if most == 1 else f"at most {most} sentences"
        yield whole, f"the {spec.label} has {count} sentences, it holds {wanted}", f"keep {wanted}"


def _shape(piece: Piece, spec: FieldSpec, context: Context) -> Iterator[Fault]:
    text = piece.text
    if spec.shape is Shape.LINE:
        yield from _line(text, spec)
    elif spec.shape is Shape.LABEL:
        yield from _label(text, context)
    else:
        yield from _sentences(text, spec, 1 if spec.shape is Shape.SENTENCE else MOST_SENTENCES)
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

"""Values in copy: by token and in the right role, or, in human copy, as the facts say.

Copy that is stored with tokens (generated, approved) may hold no raw value at all, right or wrong: digits of
any script, amounts, percentages, deadlines, links, codes, numbers in words. Human copy is compared with the
facts; without facts its findings only warn.
"""

import re
import unicodedata
from collections.abc import Iterator

from app.guardrails.claim_wording import permitted
from app.guardrails.concessions import concessions
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, NotJudged, Piece
from app.guardrails.matcher import masked
from app.guardrails.numbers import TERMS, terms_of, values_in
from app.guardrails.supplied import Supplied
from app.guardrails.value_kinds import CHEAPER, RELATIVE, Kind, Use, Value
from app.guardrails.value_roles import token_faults
from app.tokens import tokens_in
from app.verdicts.reports import Family, Finding, Severity

Span = tuple[int, int]
_DISCOUNT = "price_discount_ungrounded"
_NUMBER = "ungrounded_number"
_LEFT = frozenset({Kind.NUMBER, Kind.QUANTITY})
"""Kinds in which time or stock is left, which `urgency` counts from the offer's end and stock."""
_MOST_LISTED = 5
_SIGNS = frozenset("%\u2030\u066a\ufe6a\uff05\u00a4")
_ASCII_SIGN = re.compile(r"[0-9$%]")
_ANY_SENTENCE_VALUE = {Kind.LINK: "put the link on the button", Kind.CODE: "use the token of the code"}


def _is_digit(character: str) -> bool:
    category = unicodedata.category(character)
    return category.startswith("N") or character in _SIGNS or category == "Sc"


def _outside_tokens(text: str) -> Iterator[tuple[int, str]]:
    inside = {i for token in tokens_in(text) for i in range(token.start, token.end)}
    return ((index, character) for index, character in enumerate(text) if index not in inside)


def _marked(text: str, spans: list[Span]) -> bytearray:
    """A flag for each character: whether it lies in one of the spans."""
    flags = bytearray(len(text) + 1)
    for start, end in spans:
        flags[start:end] = b"\x01" * (end - start)
    return flags


def _raw_signs(text: str, taken: list[Span]) -> Iterator[Span]:
    """Runs of digits and currency or percent signs that no value has claimed."""
    if text.isascii() and not _ASCII_SIGN.search(text):
        return
    start = end = -2
    claimed = _marked(text, taken)
    for index, character in _outside_tokens(text):
        if claimed[index] or not _is_digit(character):
            continue
        if index != end:
            if start >= 0:
                yield start, end
            start = index
        end = index + 1
    if start >= 0:
        yield start, end


def _raw(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every value that is written out although the copy holds tokens."""
    text = piece.text
    taken: list[Span] = []
    hint = "use the fact's token, or leave the value out"
    for value in values_in(text, context.locale):
        if value.kind is Kind.PERIOD or value.unit == RELATIVE:
            continue
        taken.append((value.start, value.end))
        shown = text[value.start : value.end]
        cheaper = value.use in (*CHEAPER, Use.THRESHOLD)
        yield GUARDRAIL.finding(
            piece,
            (value.start, value.end),
            f"'{shown}' is a {value.kind.value} written out",
            _ANY_SENTENCE_VALUE.get(value.kind, hint),
            category=_DISCOUNT if cheaper else _NUMBER,
        )
    for span in _raw_signs(text, taken):
        yield GUARDRAIL.finding(piece, span, f"'{text[slice(*span)]}' is a value written out", hint)
    folded, terms = piece.folded, terms_of(context.locale)
    shown, claimed = masked(folded.text), _marked(text, taken)
    for match in terms.deadline.finditer(shown) if 0 in terms.words.passed(shown) else ():
        span = folded.span(*match.span())
        if not any(claimed[slice(*span)]):
            yield GUARDRAIL.finding(piece, span, f"'{text[slice(*span)]}' is a deadline written out", hint)


def _stored(piece: Piece, context: Context) -> Iterator[Finding]:
    yield from _raw(piece, context)
    for token, message, hint in token_faults(piece.text, context):
        yield GUARDRAIL.finding(piece, (token.start, token.end), message, hint)


def _severity(context: Context) -> Severity:
    return Severity.WARN if context.facts is None else Severity.BLOCK


def _instead(value: Value, supplied: Supplied) -> str:
    """What would pass: the values of the same kind that the facts give."""
    given: set[str] = set()
    match value.kind:
        case Kind.PERCENT:
            given = {f"{share:f}%" for share in supplied.discounts}
            given |= {f"up to {share:f}%" for share in supplied.highest}
        case Kind.MONEY:
            given = {f"{amount:f} {unit} ({use.value})" for use, _, amount, unit in supplied.money}
        case Kind.DATE | Kind.WEEKDAY:
            given = {f"{day:%A} {day.isoformat()}" for day, _ in supplied.days}
        case Kind.CODE:
            given = set(supplied.names)
    listed = ", ".join(sorted(given)[:_MOST_LISTED])
    return f"the facts give {listed}" if listed else "state a value that the facts give, or leave it out"


def _is_approved(piece: Piece, context: Context, span: Span) -> bool:
    """Whether the figure belongs to a claim of the library that is said as it was approved."""
    entry = permitted(piece, context, span, GUARDRAIL.id, _NUMBER)
    return entry is not None and not entry.wrong


def _human(piece: Piece, context: Context, supplied: Supplied) -> Iterator[Finding]:
    text, facts = piece.text, concessions(piece, context)
    for value, known in facts.values:
        if known or _is_approved(piece, context, (value.start, value.end)):
            continue
        if value.kind in _LEFT and facts.shown_true((value.start, value.end)):
            continue
        shown = text[value.start : value.end]
        saving = value.use in CHEAPER
        use = f" as a {value.use.value}" if value.use is not Use.PLAIN else ""
        yield GUARDRAIL.finding(
            piece,
            (value.start, value.end),
            f"'{shown}': the facts do not give this {value.kind.value}{use}",
            _instead(value, supplied),
            category=_DISCOUNT if saving else _NUMBER,
            severity=_severity(context),
        )


def _other_mailboxes(piece: Piece, context: Context) -> Iterator[Finding]:
    """Mail addresses beside the ones that were supplied."""
    known = {fold(email).text for email in context.extras.emails}
    if not known:
        return
    for value in values_in(piece.text, context.locale):
        if value.kind is Kind.LINK and "@" in value.shown and fold(value.shown).text not in known:
            yield GUARDRAIL.finding(
                piece,
                (value.start, value.end),
                f"'{value.shown}': the facts do not give this address",
                f"the facts give {', '.join(sorted(known)[:_MOST_LISTED])}",
                severity=_severity(context),
            )


def _cheaper(piece: Piece, context: Context, supplied: Supplied) -> Iterator[Finding]:
    """Words that promise a lower price, where nothing supplied makes anything cheaper."""
    folded = piece.folded
    text = masked(folded.text)
    terms = terms_of(context.locale)
    passed = terms.words.passed(text)
    if not passed:
        return
    checks = ((terms.cheaper, supplied.has_discount), (terms.reduced, supplied.has_reduction))
    for span in {match.span() for pattern, given in checks if not given for match in pattern.finditer(text)}:
        if re.search(rf"\b{re.escape(text[slice(*span)])}\b", supplied.prose):
            continue
        where = folded.span(*span)
        if supplied.last_days and "sale" in text[slice(*span)]:  # what ends on a supplied day is supplied
            continue
        yield GUARDRAIL.finding(
            piece,
            where,
            f"'{piece.text[slice(*where)]}' promises a lower price that the facts do not give",
            "leave it out, or supply the discount or the former price",
            category=_DISCOUNT,
            severity=_severity(context),
        )


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Raw values and tokens in a wrong role, or values that the facts do not support.

    In a language whose words for values nobody wrote down, copy without findings is not judged.
    """
    supplied, human = context.supplied, not context.tokens_only
    found = list(_human(piece, context, supplied)) if human else list(_stored(piece, context))
    found += _other_mailboxes(piece, context) if human else ()
    found += _cheaper(piece, context, supplied)
    if not found and context.language not in TERMS:
        raise NotJudged(f"values in words are not known in the language '{context.language}'")
    yield from found


GUARDRAIL = Guardrail(
    id="values",
    family=Family.FACT,
    categories=(_NUMBER, _DISCOUNT),
    summary="Values stand in copy by token and in the right role; in human copy they are what the facts say.",
    source="house rule: words, never values; 16 CFR 233; CAP 3.17; Directive 98/6/EC art. 6a",
    check=check,
)

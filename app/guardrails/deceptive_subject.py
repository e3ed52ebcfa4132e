"""Deceptive subjects: an advertisement poses as no reply, invoice, alert, prize or private note.

Prefixes of replies and forwarded mail are known in every language (data/reply_prefixes.txt); the wordings are
data/deceptive_subject_<language>.yaml. A transactional message may say what it is about.
"""

import re
from collections.abc import Iterator
from functools import cache

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.lexicon import word_list
from app.guardrails.word_frames import frames
from app.verdicts.reports import Family, Finding

KIND = "deceptive_subject"
FIELDS = frozenset({"subject", "preheader"})
"""What is seen before the message is opened."""
LANGUAGES = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})


@cache
def _prefix() -> re.Pattern[str]:
    words = "|".join(sorted(word_list("reply_prefixes.txt"), key=len, reverse=True))
    return re.compile(
        rf"^[\W_]{{0,6}}(?:\[[^\]]{{0,30}}\] ?)?(?:{words}) ?(?:[\[(]?\d{{1,2}}[\])]?)? ?:(?! ?\d)"
    )


_LETTERS = {"it": re.compile(r"^\W{0,3}[ir] ?:"), "pt": re.compile(r"^\W{0,3}(?:res|enc) ?:")}
"""Prefixes that are words or lists elsewhere."""


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """A false prefix, and every wording that poses as another kind of message."""
    if context.transactional or piece.field not in FIELDS:
        return
    own = _LETTERS.get(context.language)
    match = _prefix().match(piece.folded.text) or (own.match(piece.folded.text) if own else None)
    if match:
        span = piece.folded.span(*match.span())
        message = f"'{piece.text[slice(*span)]}' poses as a reply or a forwarded message"
        yield GUARDRAIL.finding(piece, span, message, "say what the message holds, without the prefix")
    for hit in frames(KIND, context.language).hits(piece.shadows):
        message = f"'{piece.text[slice(*hit.span)]}' {hit.rule.message}"
        yield GUARDRAIL.finding(piece, hit.span, message, hit.rule.suggestion)


GUARDRAIL = Guardrail(
    id="deceptive_subject",
    family=Family.LEGAL,
    categories=("deceptive_subject",),
    summary="The subject of an advertisement poses as no reply, invoice, alert, prize or private note",
    source="CAN-SPAM, 15 USC 7704(a)(2); UCPD Annex I nos. 21 and 31; CAP 2.1",
    check=check,
    languages=LANGUAGES,
)

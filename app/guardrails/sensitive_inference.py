"""Sensitive inference: copy tells nobody what it has concluded about their health, faith, family or money.

The wordings are frames (data/sensitive_inference_<language>.yaml): a cue that speaks to one reader ("because
you are", "with your", "people like you") next to a word for a trait. A topic that is offered to everybody
("if you live with arthritis") passes, and so does what the reader has set in the profile.
"""

import re
from collections.abc import Iterator

from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.frames import on_edges
from app.guardrails.word_frames import elsewhere, frames, general
from app.verdicts.reports import Family, Finding

KIND = "sensitive_inference"
LANGUAGES = frozenset({"en", "de", "fr", "es", "it", "nl", "pt"})
_BEFORE = 60
"""Characters before a wording in which a word may make the sentence one for anybody."""
_SENTENCE = 160
"""Characters on either side of a wording that are looked at for the rest of its sentence."""
_SHORT = 9
"""Words of the longest question that only asks after a trait."""
_STOP = re.compile(r"[.!?;](?=\s|$)|\n")


def _is_known(words: str, context: Context) -> bool:
    """Whether the profile, which the reader has set, says it."""
    for value in context.extras.profile.values():
        for item in re.split(r"[,;/]", fold(value).text):
            start = words.find(item.strip()) if item.strip() else -1
            if start >= 0 and on_edges(words, start, start + len(item.strip())):
                return True
    return False


def _sentence(text: str, span: tuple[int, int]) -> str:
    """The sentence round a span, as far as `_SENTENCE` characters on either side."""
    before = _STOP.split(text[max(0, span[0] - _SENTENCE) : span[0]])[-1]
    return before + text[span[0] : span[1]] + _STOP.split(text[span[1] : span[1] + _SENTENCE])[0]


def _is_question(text: str, span: tuple[int, int]) -> bool:
    """Whether a span begins its sentence, and the sentence is a short question."""
    sentence = _sentence(text, span)
    rest = text[span[1] : span[1] + _SENTENCE]
    end = _STOP.search(rest)
    begins = sentence.lstrip(" \"'“‘").startswith(text[span[0] : span[1]])
    return begins and end is not None and rest[end.start()] == "?" and len(sentence.split()) <= _SHORT


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every wording that tells the reader a trait."""
    speaks_of_anybody, otherwise = general(KIND, context.language), elsewhere(KIND, context.language)
    furthest = -1
    for hit in frames(KIND, context.language).hits(piece.shadows):
        before = piece.folded.part(hit.start - _BEFORE, hit.start)
        shown = piece.text[hit.start : hit.end]
        if hit.start < furthest or (not hit.rule.always and speaks_of_anybody.search(before)):
            continue
        if hit.rule.asks and not _is_question(piece.text, hit.span):
            continue
        if hit.rule.frames and otherwise.search(fold(_sentence(piece.text, hit.span)).text):
            continue
        if _is_known(fold(shown + piece.text[hit.end : hit.end + _BEFORE]).text, context):
            continue
        furthest = hit.end
        yield GUARDRAIL.finding(piece, hit.span, f"'{shown}' {hit.rule.message}", hit.rule.suggestion)


GUARDRAIL = Guardrail(
    id="sensitive_inference",
    family=Family.LEGAL,
    categories=("sensitive_inference",),
    summary="Copy does not tell readers what was concluded about their health, faith, family, money or job",
    source="GDPR articles 9 and 22; DSA article 26(3); platform rules on personal attributes",
    check=check,
    languages=LANGUAGES,
)

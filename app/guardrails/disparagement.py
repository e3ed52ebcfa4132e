"""Disparagement: copy runs down no rival, whether it names one or only means one.

A rival (a supplied competitor, a listed company, "the other guys", a name that the copy attacks) counts
together with a word that runs it down or a claim to be better. Compatibility passes, and so does a comparison
that an approved claim makes. The words are data/disparagement_<language>.yaml.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.guardrails.matcher import Hit, Matcher, Wording
from app.guardrails.other_companies import companies_named, is_proper
from app.guardrails.word_frames import FrameRule, frames
from app.verdicts.reports import Family, Finding

KIND = "disparagement"
LANGUAGES = frozenset({"en", "de", "fr", "es"})
BESIDE = 32
"""Characters between a rival and a word that speaks of it from one side."""
AROUND = 90
"""The same for a word that runs down whatever is near."""
Span = tuple[int, int]
_STOP = re.compile(r"[.!?](?:\s|$)")
_ATTACKED = re.compile(
    r"(?:\b[Uu]nlike|\b(?:[Ss]ick|[Tt]ired) of|\b[Ff]ed up with|\b[Dd]itch|\b[Gg]oodbye,?|\bthat'?s"
    r"|\b[Aa]nders als|\b[Cc]ontrairement à|\b[Aa] diferencia de) ((?:[A-Z][\w&'’]+"
    r"|[A-Z]{2,})(?: [A-Z][\w&]+)?)"
    r"|\b([A-Z][\w&]+) (?:can't even|can’t even|wishes|could never|shoppers are|customers are|users are)\b"
)
"""A name that the copy attacks, whoever it is."""
_ATTACK = Gate([_ATTACKED])


@lru_cache(maxsize=256)
def _named(competitors: frozenset[str]) -> Matcher[Wording]:
    return Matcher([Wording(id=name, message="", phrases=(name,)) for name in sorted(competitors)])


def _rivals(piece: Piece, context: Context, cues: list[Hit[FrameRule]]) -> Iterator[tuple[Span, bool]]:
    """Where a rival stands, and whether it was supplied as one."""
    for hit in _named(context.competitors).hits(piece.shadows) if context.competitors else ():
        yield hit.span, True
    for span in companies_named(piece, context):
        yield span, False
    for cue in cues:
        if cue.rule.id == "rival":
            yield cue.span, False
    for match in _ATTACK.matches_of(0, piece.text) if _ATTACK.passed(piece.text) else ():
        group = 1 if match[1] else 2
        if not is_proper(match[group].split()[0], context) and match[group] not in context.names:
            yield match.span(group), False


def _speaks_of(cue: Hit[FrameRule], rival: Span, text: str, *, supplied: bool) -> bool:
    """Whether a word runs down the rival: it stands on the right side of it, near enough."""
    side = cue.rule.id
    between = text[rival[1] : cue.start] if cue.start >= rival[1] else text[cue.end : rival[0]]
    if side == "before":
        return cue.start < rival[0] and cue.end - rival[0] <= 0 and _near(between, BESIDE)
    if side == "after":
        return cue.start >= rival[1] - 1 and _near(between, BESIDE) and "," not in between
    return len(between) <= AROUND and (supplied or not _STOP.search(between))


def _near(between: str, most: int) -> bool:
    return len(between) <= most and not _STOP.search(between)


def _is_approved(cue: str, rival: str, context: Context) -> bool:
    """Whether an approved claim makes the same comparison."""
    claims = (fold(claim).text for claim in context.extras.approved_claims)
    return any(fold(cue).text.strip() in claim and fold(rival).text in claim for claim in claims)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a rival is run down, once a rival."""
    cues = list(frames(KIND, context.language).hits(piece.shadows))
    if not cues and not _ATTACKED.search(piece.text):
        return
    text, seen = piece.text, set()
    for rival, supplied in _rivals(piece, context, cues):
        for cue in cues:
            if cue.rule.id == "rival" or rival in seen:
                continue
            if not _speaks_of(cue, rival, text, supplied=supplied):
                continue
            if _is_approved(text[slice(*cue.span)], text[slice(*rival)], context):
                continue
            seen.add(rival)
            span = min(cue.start, rival[0]), max(cue.end, rival[1])
            message = f"'{text[slice(*span)]}' {cue.rule.message}"
            yield GUARDRAIL.finding(piece, span, message, cue.rule.suggestion)


GUARDRAIL = Guardrail(
    id="disparagement",
    family=Family.LEGAL,
    categories=("competitor_disparagement",),
    summary="No rival, named or meant, is run down; a fair comparison stands in an approved claim",
    source="Lanham Act s. 43(a); CAP 3.33 to 3.42; Directive 2006/114/EC article 4",
    check=check,
    languages=LANGUAGES,
)

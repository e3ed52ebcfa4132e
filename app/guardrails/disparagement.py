"""Disparagement: copy runs down no rival, whether it names one or only means one.

A rival (a supplied competitor, a listed company, "the other guys", a name that the copy attacks) counts
together with a word that runs it down or a claim to be better. Compatibility passes, and so does a comparison
that an approved claim makes. The words are data/disparagement_<language>.yaml.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.guardrails.first_names import is_first_name
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.guardrails.lexicon import is_word
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
IN_ONE_BREATH = 60
"""The same for a word that runs down only a rival with a name."""
_HINT = "say what you do, and leave the rival out; a sourced comparison belongs into approved_claims"
_NO_CUES = frozenset({"rival", "class", "neutral", "contrast", "fits"})
_COMPARING = frozenset({"before", "named"})
"""Rules whose words may compare by figures that facts supply ("340 g, compared with 410 g for ...")."""
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_FEWEST_FIGURES = 2
Span = tuple[int, int]
_STOP = re.compile(r"[.!?](?:\s|$)")
_ATTACKED = re.compile(
    r"(?:\b[Uu]nlike|\b(?:[Ss]ick|[Tt]ired) of|\b[Ff]ed up with|\b[Dd]itch|\b[Gg]oodbye,?|\bthat'?s"
    r"|\b[Aa]nders als|\b[Cc]ontrairement à|\b[Aa] diferencia de) ((?:[A-Z][\w&'’]+"
    r"|[A-Z]{2,})(?: [A-Z][\w&]+)?)"
    r"|\b([A-Z][\w&]+) (?:can't even|can’t even|wishes|could never|shoppers are|customers are|users are)\b"
)
"""A name that the copy attacks, whoever it is."""
_RIVAL_NAME = r"([A-Z][\w&’-]*[a-z][\w&’-]*(?: (?:&|and) [A-Z][\w’-]+)?(?: [A-Z][\w’-]+)?)"
_LED = re.compile(
    r"(?:\b[Uu]nlike|\b[Gg]raduate from|\b(?:[Mm]oved?|[Rr]efugees?|[Ee]scaped?|[Rr]escued?) from"
    r"|\b[Cc]ompared (?:with|to)|\b[Cc]opy us all you like,|\b[Ff]riends don['’]t let friends \w+"
    r"|\b[Pp]eople (?:are )?(?:leaving|left|quit)|\b(?:[Mm]ove over|[Ss]orry|[Ww]atch out|[Ss]tep aside"
    r"|[Tt]ake that"
    r"|[Bb]ye(?:-bye)?|[Gg]oodbye|[Nn]ice try|[Yy]our move),?"
    r"|\b(?:[Bb]etter|[Cc]heaper|[Ff]aster|[Cc]leaner|[Ss]tronger|[Ss]afer|[Ff]resher|[Ww]armer|[Kk]inder"
    r"|[Ll]ighter|more \w+"
    r"|less \w+) than(?: anything)?|\b[Bb]eats?(?: whatever they \w+ at| anything (?:from|at|by))?"
    r"|\b[Ww]hat (?:does|do|did)|\b(?:[Cc]ustomers|[Bb]uyers|[Uu]sers|[Oo]wners|[Vv]ictims|[Ss]urvivors) of"
    r"|\b[Ss]top (?:buying|paying|using|trusting)|\b[Ii]nstead of|\b[Rr]ather than|\b[Ff]ed up with"
    r"|\b(?:[Ss]ick|[Tt]ired) of)"
    rf" {_RIVAL_NAME}"
)
"""A name that a word of attack leads up to."""
_ANSWERED = re.compile(
    rf"\b{_RIVAL_NAME}['’]?s? [^.!?\n]{{3,60}}(?:[.!?;:]| [-–—]|, (?:but|while))+ ?(?:but |while )?"
    r"(?:[Oo]urs|[Nn]ot (?:us|ours|here)|[Ww]e (?:don['’]t|never|won['’]t|do\b|didn['’]t))\b"
    rf"|\b{_RIVAL_NAME}['’]s? (?:\w+ )?(?:leaks?|dies? young|cracks?|shrinks?|falls? apart|got wet"
    rf"|let (?:you|them) down"
    r"|raised (?:its|their) prices|lies|lied|cheats?|cuts? corners|overcharges?|rips? you off|copied (?:us"
    r"|our)|stole our"
    r"|customers (?:keep|are|deserve|wish|know)|won['’]t (?:tell|say|last|like)|would (?:hate|rather|love)"
    r"|wishes)\b"
)
"""A name of which something is said that the brand's own answers: "Harrow's knives go blunt. Ours don't"."""
_ATTACK = Gate([_ATTACKED])
_NAMES = Gate([_LED, _ANSWERED])
_NOBODY = frozenset(
    [
        "mum",
        "mom",
        "dad",
        "mother",
        "father",
        "grandma",
        "granny",
        "nan",
        "gran",
        "grandad",
        "santa",
        "god",
        "i",
        "i'm",
        "i've",
        "our",
        "we",
        "the",
        "this",
        "that",
        "your",
        "my",
        "his",
        "her",
        "their",
        "its",
        "it",
        "you",
        "they",
        "he",
        "she",
        "these",
        "those",
        "every",
        "all",
        "some",
        "most",
        "no",
        "not",
        "in",
        "on",
        "at",
        "for",
        "from",
        "with",
        "and",
        "but",
        "or",
        "if",
        "when",
        "what",
        "who",
        "why",
        "how",
        "here",
        "there",
    ]
)
"""Words with a capital that are no company, wherever they stand."""


@lru_cache(maxsize=256)
def _named(competitors: frozenset[str]) -> Matcher[Wording]:
    return Matcher([Wording(id=name, message="", phrases=(name,)) for name in sorted(competitors)])


@dataclass(frozen=True)
class _Rival:
    """A rival in the copy: named, meant ("the big chains"), or the class of things that rivals sell."""

    span: Span
    kind: str
    supplied: bool = False


def _rivals(piece: Piece, context: Context, cues: list[Hit[FrameRule]]) -> Iterator[_Rival]:
    for hit in _named(context.competitors).hits(piece.shadows) if context.competitors else ():
        yield _Rival(hit.span, "named", supplied=True)
    for span in companies_named(piece, context):
        yield _Rival(span, "named")
    for cue in cues:
        if cue.rule.id in ("rival", "class"):
            yield _Rival(cue.span, cue.rule.id)
    for match in _ATTACK.matches_of(0, piece.text) if _ATTACK.passed(piece.text) else ():
        group = 1 if match[1] else 2
        if not is_proper(match[group].split()[0], context) and match[group] not in context.names:
            yield _Rival(match.span(group), "named")


def _speaks_of(cue: Hit[FrameRule], rival: _Rival, text: str) -> bool:
    """Whether a word runs down the rival: it stands on the right side of it, near enough."""
    side, (start, end) = cue.rule.id, rival.span
    between = text[end : cue.start] if cue.start >= end else text[cue.end : start]
    if rival.kind == "class" and side != "around":
        return False
    if side == "before":
        return cue.start < start and cue.end - start <= 0 and _near(between, BESIDE)
    if side == "after":
        return cue.start >= end - 1 and _near(between, BESIDE) and "," not in between
    if side == "taunt":
        # A taunt counts near a supplied rival or one that is meant by a description, over a full stop too.
        return (rival.supplied or rival.kind in ("rival", "named")) and len(between) <= AROUND
    if side == "named":
        return rival.kind == "named" and _near(between, IN_ONE_BREATH)
    return len(between) <= AROUND and (rival.supplied or not _STOP.search(between))


def _attacked(piece: Piece, context: Context) -> Iterator[Span]:
    """Where an unknown name is attacked outright."""
    for _, match in _NAMES.matches(piece.text):
        name = next(group for group in match.groups() if group)
        first = name.split()[0].removesuffix("'s").removesuffix("’s")
        folded = fold(first).text
        at_start = match.start() == match.start(match.lastindex or 1)
        if folded in _NOBODY or is_proper(first, context) or is_first_name(first):
            continue
        if any(folded in fold(claim).text for claim in context.extras.approved_claims):
            continue
        if not {name, first} & context.names and not (at_start and name == first and is_word(folded)):
            yield match.span()


def _near(between: str, most: int) -> bool:
    return len(between) <= most and not _STOP.search(between)


def _is_approved(cue: str, rival: str, context: Context) -> bool:
    """Whether an approved claim makes the same comparison."""
    claims = (fold(claim).text for claim in context.extras.approved_claims)
    return any(fold(cue).text.strip() in claim and fold(rival).text in claim for claim in claims)


def _fits(cue: Hit[FrameRule], cues: list[Hit[FrameRule]], text: str) -> bool:
    """Whether a word only says of what a product fits and what it does not ("they won't fit Vertuo")."""
    return any(
        other.rule.id == "fits" and other.start - 1 <= cue.start and cue.end <= other.end + 1
        for other in cues
    ) or (cue.rule.id == "named" and bool(_AS_WELL.search(text[max(0, cue.start - 12) : cue.end])))


def _is_its_noun(cue: Hit[FrameRule], rival: _Rival, cues: list[Hit[FrameRule]]) -> bool:
    """Whether a word right behind a name belongs to what a product fits ("fits Brantley chargers")."""
    if cue.rule.id != "after" or not 0 <= cue.start - rival.span[1] <= 1:
        return False
    return any(other.rule.id == "fits" and 0 <= rival.span[0] - other.end <= 1 for other in cues)


_AS_WELL = re.compile(
    r"\b(?:as well as|and|or|plus|alongside|like) (?:in |on |for |with )?(?:ours?|our own)\b", re.IGNORECASE
)


def _by_figures(rival: _Rival, text: str, context: Context) -> bool:
    """Whether the sentence compares by supplied figures alone, one of them supplied as the rival's."""
    if context.facts is None:
        return False
    begins = max((stop.end() for stop in _STOP.finditer(text, 0, rival.span[0])), default=0)
    stop = _STOP.search(text, rival.span[1])
    figures = set(_FIGURE.findall(text[begins : stop.start() if stop else len(text)]))
    name = fold(text[slice(*rival.span)]).text
    statements = [fold(item).text for item in context.facts.statements]
    given = {figure for item in statements for figure in _FIGURE.findall(item)}
    theirs = {figure for item in statements if name in item for figure in _FIGURE.findall(item)}
    return len(figures) >= _FEWEST_FIGURES and figures <= given and bool(figures & theirs)


def _against(rival: _Rival, cues: list[Hit[FrameRule]], text: str, context: Context) -> Hit[FrameRule] | None:
    """The first word that runs the rival down."""
    plain = any(
        cue.rule.id in ("neutral", "fits")
        and _near(text[min(cue.end, rival.span[1]) : max(cue.start, rival.span[0])], IN_ONE_BREATH)
        for cue in cues
    )
    for cue in cues:
        if cue.rule.id in _NO_CUES or (plain and cue.rule.id == "named"):
            continue
        if (
            _fits(cue, cues, text)
            or _is_its_noun(cue, rival, cues)
            or (cue.rule.id in _COMPARING and _by_figures(rival, text, context))
        ):
            continue
        if not _speaks_of(cue, rival, text):
            continue
        if not _is_approved(text[slice(*cue.span)], text[slice(*rival.span)], context):
            return cue
    return None


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every place where a rival is run down, once a rival."""
    cues = list(frames(KIND, context.language).hits(piece.shadows))
    text = piece.text
    outright = list(_attacked(piece, context)) if context.language == "en" else []
    for span in outright:
        yield GUARDRAIL.finding(piece, span, f"'{text[slice(*span)]}' attacks a name", _HINT)
    if outright or (not cues and not _ATTACKED.search(text)):
        return
    seen: set[Span] = set()
    found = [(cue.span, cue.rule) for cue in cues if cue.rule.id == "contrast"]
    for rival in _rivals(piece, context, cues):
        cue = _against(rival, cues, text, context) if rival.span not in seen else None
        if cue is not None:
            seen.add(rival.span)
            span = min(cue.start, rival.span[0]), max(cue.end, rival.span[1])
            found.append((span, cue.rule))
    for span, rule in found:
        yield GUARDRAIL.finding(piece, span, f"'{text[slice(*span)]}' {rule.message}", rule.suggestion)


GUARDRAIL = Guardrail(
    id="disparagement",
    family=Family.LEGAL,
    categories=("competitor_disparagement",),
    summary="No rival, named or meant, is run down; a fair comparison stands in an approved claim",
    source="Lanham Act s. 43(a); CAP 3.33 to 3.42; Directive 2006/114/EC article 4",
    check=check,
    languages=LANGUAGES,
)

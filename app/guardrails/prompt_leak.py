"""Prompt leakage: words of the model about its work, or of its instructions, that ended up in the copy.

The wordings come from what models of all sizes were seen to write around an answer; each has a near miss
among the tests that ordinary copy uses.
"""

import re
from collections.abc import Iterator
from functools import cache

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Matcher, Wording
from app.verdicts.reports import Family, Finding

_LABEL = (
    r"(?:subject(?: line)?|preheader|pre-header|preview(?: text)?|headline|header|title|body(?: copy)?|copy"
    r"|cta|button(?: label)?|call to action|hero|tone|target audience|audience|output|answer|response|email"
    r"|rewrite)"
)
_PART = (
    r"(?:subject lines?|headlines?|taglines?|preheaders?|ctas?|variants?|variations?|options for|rewrites?"
    r"|(?:hero|subject|email|cta|body|ad|marketing|hero block) (?:copy|text|lines?)|revised versions?)"
)
_NUMBER = r"(?:\d{1,2}|[a-e]|one|two|three)"
_LABEL_DE = (
    r"(?:betreff(?:zeile)?|preheader|vorschautext|uberschrift|titel|text|fliesstext|button"
    r"|zielgruppe|ausgabe)"
)
_PART_DE = r"(?:betreffzeilen?|uberschriften?|preheader|varianten?|versionen|vorschlage?|formulierungen)"
_LABEL_FR = r"(?:objet|ligne d'objet|pre-?en-tete|preheader|titre|texte|corps|bouton|cible|reponse)"
_PART_FR = r"(?:lignes? d'objet|objets|titres|variantes?|versions|propositions?|formulations)"
_WORDINGS = (
    Wording(
        id="opening",
        message="is the model's answer to its prompt",
        patterns=(
            r"^\W{0,3}(?:sure|certainly|of course|absolutely|great|okay|ok|got it|no problem)(?: thing)?"
            r"[,!.:;-]+ ?(?:here(?:'s| is| are)|below|i(?:'ll| can| have|'ve)\b|let me)",
            rf"\b(?:here(?:'s| is| are)|below (?:is|are))\b.{{0,30}}\b{_PART}\b",
            rf"\b{_PART}\b.{{0,20}}\b(?:you (?:requested|asked for)|as requested|you wanted)\b",
        ),
    ),
    Wording(
        id="self",
        message="is the model speaking about itself",
        patterns=(
            r"\bas an? (?:large )?(?:ai|language model|artificial intelligence|chatbot|virtual assistant)\b",
            r"\bi(?: can(?:no|')t|(?:'m| am) (?:unable|not able) to|'m sorry, but i)"
            r" (?:create|write|generate|provide|produce|help with|assist|fulfil+|comply|access)",
            r"\bi(?:'ve| have) (?:avoided|(?:re)?written|included|drafted|crafted|removed|kept|used)\b",
            r"\bi don't have access to\b",
            r"\bmy (?:training data|knowledge cutoff|instructions)\b",
        ),
    ),
    Wording(
        id="label",
        message="is a label of the answer",
        patterns=(
            rf"^[\W_]{{0,6}}{_LABEL}[*_]{{0,3}} ?:",
            rf"\*\*{_LABEL}[*_]{{0,3}} ?:",
            r"(?:^|[/|] ?)\W{0,3}(?:option|variant|version|variation|alternative|draft|example|line)"
            rf" {_NUMBER}\*{{0,2}} ?(?:[:.)]|-(?: |$))",
            r"\((?:about |approx\.? |~)?\d{1,4} (?:characters?|chars|words?|tokens?)\)",
            r"\bword count ?:|\bcharacter count ?:",
        ),
    ),
    Wording(
        id="offer_to_change",
        message="is the model offering to change its answer",
        patterns=(
            r"\bwould you like me to\b|\blet me know if (?:you(?:'d| would) like|this|these|any)\b",
            r"\bfeel free to (?:adjust|edit|modify|customi[sz]e|tweak|replace)\b",
            r"\bi hope (?:this helps|these help)\b",
        ),
    ),
    Wording(
        id="instruction",
        message="repeats an instruction or a working note",
        patterns=(
            r"\b(?:per|as per|following|based on|according to|in line with) (?:the|your) "
            r"(?:brief|guidelines|instructions?|prompt|request|style guide)\b",
            r"\b(?:your|the|these) (?:brand )?(?:guidelines|instructions?|prompt|style guide) "
            r"(?:ask|say|require|state)s?\b",
            r"\byou are an? .{0,40}\b(?:copywriter|assistant|language model|chatbot)\b",
            rf"\b(?:write|generate|create|return|output) (?:an?|one|the|exactly|only|\d) .{{0,20}}"
            rf"\b(?:{_PART}|hero block|json)\b",
            r"\bfixme\b|\btodo ?:|\btbd ?:|\blegal to (?:confirm|check|approve)\b",
            r"\bnote to (?:editor|self|legal)\b",
            r"\bmust not be mentioned\b|\bdo not mention\b|\bmust_say\b",
            r"\bmax(?:imum)? \d+ (?:characters|words)\b",
        ),
    ),
    Wording(
        id="format",
        message="is the format of an answer",
        patterns=(
            r"'{3}|<\||\|>|\[/?inst\]|<</?sys>>",
            r"</?(?:think|thinking|reasoning|assistant|system|user|answer|output|response|s)>",
            r'^\W{0,2}[\[{].{0,20}"\w+" ?:',
            r"^(?:assistant|system|user|human|ai) ?:",
        ),
    ),
    Wording(
        id="german",
        message="is the model speaking, or a label of its answer",
        patterns=(
            r"^\W{0,3}(?:gerne?|naturlich|klar|selbstverstandlich|sicher)[,!.:;-]+ ?hier (?:ist|sind"
            r"|kommen|kommt)",
            rf"\bhier (?:ist|sind|kommt|kommen) .{{0,30}}\b{_PART_DE}\b",
            r"\bals (?:ki|sprachmodell|kunstliche intelligenz|chatbot)\b",
            r"\bich (?:kann (?:leider )?(?:keine|nicht)|habe (?:\w+ ){0,4}(?:verfasst|geschrieben"
            r"|vermieden|formuliert))",
            rf"^[\W_]{{0,6}}{_LABEL_DE}[*_]{{0,3}} ?:",
            rf"(?:^|[/|] ?)\W{{0,3}}(?:variante|version|vorschlag|entwurf|option"
            rf"|beispiel) {_NUMBER}\*{{0,2}} ?[:.)]",
            r"\((?:ca\.? |etwa )?\d{1,4} (?:zeichen|worter|woerter)\)",
            r"\b(?:gemass|laut|nach) (?:dem|den|der|ihren|deinen) (?:briefing|vorgaben|anweisungen"
            r"|richtlinien|prompt)\b",
        ),
    ),
    Wording(
        id="french",
        message="is the model speaking, or a label of its answer",
        patterns=(
            r"^\W{0,3}(?:bien sur|certainement|avec plaisir|d'accord)[ ,!.:;-]+ ?(?:voici|ci-dessous)",
            rf"\bvoici .{{0,30}}\b{_PART_FR}\b",
            r"\ben tant (?:que|qu')(?: ?une?)? ?(?:ia|intelligence artificielle|modele de langage"
            r"|assistant)\b",
            r"\bje (?:ne peux pas|suis incapable de|n'ai pas acces)\b|\bj'ai (?:redige|ecrit|evite"
            r"|respecte)\b",
            rf"^[\W_]{{0,6}}{_LABEL_FR}[*_]{{0,3}} ?:",
            rf"(?:^|[/|] ?)\W{{0,3}}(?:variante|version|proposition|option"
            rf"|exemple) {_NUMBER}\*{{0,2}} ?[:.)]",
            r"\((?:environ )?\d{1,4} (?:caracteres|mots)\)",
            r"\b(?:selon|conformement a|d'apres) (?:le|la|les|vos|tes) (?:brief|consignes|instructions"
            r"|directives)\b",
        ),
    ),
    Wording(
        id="bracket",
        message="is a gap for somebody to fill in",
        patterns=(r"\[ ?(?:insert|placeholder|add|your)\b",),
    ),
)
_QUOTED = re.compile(r"\s*[\"“„«']([^\"“”„«»]+)[\"”“»']\s*\Z")
_LISTED = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.)])\s+")


@cache
def _matcher() -> Matcher[Wording]:
    return Matcher(_WORDINGS)


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Talk of the model, labels, echoes of the prompt; in generated copy also list marks and outer quotes."""
    for hit in _matcher().hits(piece.shadows):
        words = piece.text[hit.start : hit.end]
        yield GUARDRAIL.finding(piece, hit.span, f"'{words}' {hit.rule.message}", "give only the copy itself")
    if context.tokens_only:
        yield from _wrapping(piece)


def _wrapping(piece: Piece) -> Iterator[Finding]:
    listed = _LISTED.match(piece.text)
    if listed and listed.end() > 0:
        yield GUARDRAIL.finding(
            piece, listed.span(), "the line begins with a list mark", "give only the copy itself"
        )
    quoted = _QUOTED.match(piece.text)
    if quoted and "'" not in piece.text[:1] + quoted[1]:
        yield GUARDRAIL.finding(
            piece, (0, len(piece.text)), "the whole line stands in quotes", "leave the quotes out"
        )


GUARDRAIL = Guardrail(
    id="prompt_leak",
    family=Family.BRAND,
    categories=("prompt_leak",),
    summary="No model talk, answer labels, prompt echoes or answer formats in copy",
    source="observed answers of small and large models",
    check=check,
)

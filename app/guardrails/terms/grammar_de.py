"""German faults of small models and hasty hands. Umlauts are folded: "für" reads "fur"."""

import re

from app.guardrails.lexicon import word_list
from app.guardrails.terms.grammar import BEGINS_WITH_MARK, TOKENS_IN_A_ROW, TWO_MARKS, Grammar, fault

_MODAL_FOLLOWS = (
    r"[^.!?:;]{0,60}\b(?:mochtest|konntest|solltest|wolltest|kannst|willst|sollst|musst|darfst|magst|wirst)\b"
)
"""In a subordinate clause the infinitive stands before its verb: "wie weit du gehen möchtest"."""

GRAMMAR = Grammar(
    faults=(
        fault(
            r"\b([a-z']{1,40}+) \1\b(?![-'])",
            "'{}' is doubled",
            "say it once",
            *("die die", "der der", "das das", "sie sie", "sehr sehr", "ganz ganz", "so so", "lange lange"),
        ),
        TOKENS_IN_A_ROW,
        fault(
            r"\beine?[mnrs]? (?:aber|ist|sind|du|wir|eine?[mnrs]?)\b",
            "after the article in '{}' a noun is missing",
            "finish the phrase",
        ),
        fault(
            r"\bdu (?:ist|sind|hat|haben|wird|werden|kann|konnen|will|wollen|mussen)\b"
            rf"|\bdu (?:gehen|finden|machen)\b(?!{_MODAL_FOLLOWS})"
            r"|\bwir (?:bist|ist|hast|hat|wird|kann|kannst|bin)\b",
            "'{}' does not agree",
            "let verb and pronoun agree",
        ),
        fault(r"\bihr seit\b", "'{}' should be 'ihr seid'", "ihr seid"),
        fault(r"\bseid (?:gestern|heute|langem|jahren|kurzem|jeher)\b", "'{}' should be 'seit'", "seit"),
        fault(
            r"\b(?:besser|mehr|leichter|warmer|schneller|grosser|kleiner|langer|ruhiger) wie\b",
            "'{}' should be 'als'",
            "als",
        ),
        fault(
            r"\b(?:entschuldig\w*|verzeih\w*|leider|wir bedauern|tut uns leid|sorry|unser fehler)\b",
            "'{}' is an apology that nobody asked for",
            "leave it out",
        ),
        fault(r"[a-z0-9}] +[,.!?;:](?=\s|$)", "'{}' has a space before the mark", "leave the space out"),
        TWO_MARKS,
        BEGINS_WITH_MARK,
    ),
    function_words=word_list("function_words_de.txt"),
    endings=("en", "er", "es", "em", "e", "n", "s"),
    paired=re.compile(r"\b(\w+),? (?:fur|um|an|zu|bei|in|auf|und|oder|nach) \1\b"),
    ends_open=re.compile(
        r"(?:^|[\s,])(?:und|oder|weil|wenn|dass|ob|einem|im|am|zum|zur|beim|vom|ins|ans|fur|ohne"
        r"|deine[nm]?|unsere[nm]?"
        r"|sowie)$"
    ),
    greeting=re.compile(
        r"(?:^|[\s,])(?:hi|hallo|hey|moin|servus|willkommen|danke|guten (?:morgen|tag|abend)|fur dich|tschuss"
        r"|bis bald|schon, dass du da bist)\s*$"
    ),
)

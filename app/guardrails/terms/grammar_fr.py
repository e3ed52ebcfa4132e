"""French faults of small models and hasty hands. Rules about elision read the copy with its accents."""

import re

from app.guardrails.lexicon import word_list
from app.guardrails.terms.grammar import (
    BEGINS_WITH_MARK,
    TOKENS_IN_A_ROW,
    TWO_MARKS,
    Grammar,
    fault,
    raw_fault,
)

_VOWEL = r"[aeiouàâéèêëîïôûùœ]"
_NO_ELISION = r"(?!(?:onz|oui|ouistiti|un\b|une\b|ululement|uhlan))"

GRAMMAR = Grammar(
    faults=(
        fault(
            r"\b([a-z']{1,40}+) \1\b(?![-'])",
            "'{}' is doubled",
            "say it once",
            *("nous nous", "vous vous", "tres tres", "bien bien", "si si", "la la"),
        ),
        TOKENS_IN_A_ROW,
        raw_fault(
            rf"(?<![\w-])(?:le|la|de|je|me|te|se|ne|que|jusque|lorsque|puisque) {_NO_ELISION}(?={_VOWEL})\w+",
            "'{}' lacks its elision",
            "write it with an apostrophe, as in l'air",
        ),
        raw_fault(
            r"(?<!\w)(?:de|à) les? (?!\w+(?:er|ir|re)\b)\w+", "'{}' is drawn together", "du, des, au or aux"
        ),
        raw_fault(r"\bsi ils?\b", "'{}' should be 's'il'", "s'il"),
        fault(
            r"\bvous (?:es|est|as|ont|sont|va|vas|vont|peux|peut|veux|veut)\b"
            r"|\btu (?:est|avez|etes|va|peut|veut|sommes|sont|ont)\b|\bnous (?:sont|ont|est|va)\b"
            r"|(?<!\bvous )\bnous (?:avez|etes)\b",
            "'{}' does not agree",
            "let verb and pronoun agree",
        ),
        fault(
            r"\b(?:desolee?s?|navree?s?|nous regrettons|malheureusement|excusez|excuse-nous|nos excuses"
            r"|pardon)\b",
            "'{}' is an apology that nobody asked for",
            "leave it out",
        ),
        fault(r"[a-z0-9}] +[,.](?=\s|$)", "'{}' has a space before the mark", "leave the space out"),
        TWO_MARKS,
        BEGINS_WITH_MARK,
    ),
    function_words=word_list("function_words_fr.txt"),
    endings=("es", "s", "x", "e"),
    paired=re.compile(r"\b(\w+),? (?:par|a|apres|pour|et|ou|en|de) \1\b"),
    ends_open=re.compile(
        r"(?:^|[\s,])(?:et|mais|car|de|du|des|le|les|au|aux|dans|chez|par|vos|ton|ta|tes|nos"
        r"|(?<!\ble )(?<!\bla )(?:votre|notre)"
        r"|cette|ces"
        r"|lorsque|parce que|parce|tres)$"
    ),
    greeting=re.compile(
        r"(?:^|[\s,])(?:bonjour|salut|coucou|bonsoir|merci|bienvenue|pour toi|pour vous|a bientot"
        r"|au revoir)\s*$"
    ),
)

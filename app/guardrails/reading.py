"""How hard a paragraph reads: the Flesch-Kincaid grade.

Source: J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom, "Derivation of New Readability Formulas",
Naval Technical Training Command, Research Branch Report 8-75, 1975: grade = 0.39 words/sentence + 11.8
syllables/word - 15.59. The formula is for English.
"""

import re
from functools import lru_cache

FEWEST_WORDS = 12
"""Below this many words the figure says more about single words than about the writing."""
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_SENTENCE_END = re.compile(r"(?<![.!?])[.!?]++(?=[\s\"')]|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^le]|[aeiouy]l)e$|[^td]ed$|[^sxzgci]es$")
_SPLIT = re.compile(
    r"i(?:a|o(?!u)|um|et|en[ct])|[^q]ua|eo|[aeiou]y?ing|[aeo]y[aeo]|crea[^klms]|eum|[a-z][^aeiou]ea$"
)
_JOINED = re.compile(r"[tcsg]i(?:a|o(?!u))|[gp]eo|[tc]ien[ct]|every|evening|iest$")


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """Syllables of an English word in lower case: groups of vowels, without silent endings."""
    letters = word.split("'", maxsplit=1)[0]
    count = len(_VOWELS.findall(letters))
    count += len(_SPLIT.findall(letters)) - len(_JOINED.findall(letters))
    if count > 1 and _SILENT.search(letters):
        count -= 1
    return max(1, count)


def grade(text: str) -> float | None:
    """The Flesch-Kincaid grade of a folded text; None for fewer than `FEWEST_WORDS` words."""
    words = _WORD.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    sentences = max(1, len(_SENTENCE_END.findall(text)))
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / sentences + 11.8 * per_word - 15.59

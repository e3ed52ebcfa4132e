"""How hard a paragraph reads, as a school grade, by a formula that was made for its language.

English: J. P. Kincaid, R. P. Fishburne, R. L. Rogers, B. S. Chissom, "Derivation of New Readability
Formulas", Naval Technical Training Command, Research Branch Report 8-75, 1975: grade = 0.39 words/sentence
+ 11.8 syllables/word - 15.59.
German: R. Bamberger, E. Vanecek, "Lesen - Verstehen - Lernen - Schreiben", 1984, first Wiener Sachtextformel:
grade = 0.1935 MS + 0.1672 SL + 0.1297 IW - 0.0327 ES - 0.875, with the shares in per cent of words of three
syllables and more (MS), of more than six letters (IW), of one syllable (ES), and words/sentence (SL).
French: L. Kandel, A. Moles, "Application de l'indice de Flesch à la langue française", 1958: ease = 207
- 1.015 words/sentence - 73.6 syllables/word, read as a grade by R. Flesch's own table (The Art of Readable
Writing, 1949).
"""

import itertools
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


_LETTERS = re.compile(r"[^\W\d_]+")
_GERMAN_VOWELS = re.compile(r"[aeiouyäöü]+")
_FRENCH_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
_FRENCH_SILENT = re.compile(r"[^aeiouyàâäéèêëîïôöùûüœæ](?:e|es|ent)$")
_TRIPHTHONG = 3
_LONG_WORD = 6
_EASE = ((90, 5.0), (80, 6.0), (70, 7.0), (60, 8.5), (50, 11.0), (30, 14.0), (0, 16.0))
"""Reading ease and the grade that reads it."""


@lru_cache(maxsize=20_000)
def _german_syllables(word: str) -> int:
    groups = _GERMAN_VOWELS.findall(word)
    return max(1, sum(2 if len(group) >= _TRIPHTHONG else 1 for group in groups))


@lru_cache(maxsize=20_000)
def _french_syllables(word: str) -> int:
    count = len(_FRENCH_VOWELS.findall(word))
    return max(1, count - (count > 1 and _FRENCH_SILENT.search(word) is not None))


def _german(words: list[str], sentences: int) -> float:
    syllable_counts = [_german_syllables(word) for word in words]
    share = 100 / len(words)
    many = share * sum(count >= _TRIPHTHONG for count in syllable_counts)
    one = share * sum(count == 1 for count in syllable_counts)
    long = share * sum(len(word) > _LONG_WORD for word in words)
    return 0.1935 * many + 0.1672 * len(words) / sentences + 0.1297 * long - 0.0327 * one - 0.875


def _french(words: list[str], sentences: int) -> float:
    per_word = sum(map(_french_syllables, words)) / len(words)
    ease = 207 - 1.015 * len(words) / sentences - 73.6 * per_word
    for (high, low_grade), (low, high_grade) in itertools.pairwise(_EASE):
        if ease >= high:
            return low_grade
        if ease >= low:
            return low_grade + (high_grade - low_grade) * (high - ease) / (high - low)
    return _EASE[-1][1]


_FORMULAS = {"de": _german, "fr": _french}
LANGUAGES = frozenset({"en", *_FORMULAS})
"""The languages that have a formula."""


def grade_in(language: str, text: str) -> float | None:
    """The grade of a text in lower case, accents kept; None for too few words to say one."""
    if language == "en":
        return grade(text)
    words = _LETTERS.findall(text)
    if len(words) < FEWEST_WORDS:
        return None
    return _FORMULAS[language](words, max(1, len(_SENTENCE_END.findall(text))))

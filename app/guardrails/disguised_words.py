"""Words that are spelt to be read by people and missed by rules: by signs, by slips, by look-alikes."""

import re
from collections.abc import Iterator
from functools import lru_cache

from app.guardrails.lexicon import commonness, is_word
from app.guardrails.plain_fold import Edit, Folded, foreign_look_alike
from app.guardrails.respelling import SIGNS, letters_for_signs, spellings, unsigned

_TOKEN = re.compile(rf"[a-z'{re.escape(''.join(sorted(SIGNS)))}]{{1,40}}")
_TRAILING = "!'+"
_SPLIT = re.compile(r"[-_.*~]{1,3}")
_WORD = re.compile(r"[^\W\d_]{3,40}(?:'[^\W\d_]{1,20})?")
_FOREIGN = re.compile(r"[^\W\d_]{3,40}")
_FEWEST = 3
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")


def _tokens(text: str) -> list[tuple[int, int]]:
    """Runs of letters and signs, without the punctuation at their ends."""
    found = []
    for match in _TOKEN.finditer(text):
        inside = _SPLIT.match(text, match.end()) is not None
        token = match[0] if inside else match[0].rstrip(_TRAILING)
        start = match.start() + len(token) - len(token := token.lstrip("'"))
        if token:
            found.append((start, start + len(token)))
    return found


def _is_mixed(token: str) -> bool:
    """Whether signs and letters stand in one token, or signs alone that no number has ("|0$$")."""
    if token.replace("'", "").isalpha():
        return False
    return any(map(str.isalpha, token)) or (len(token) >= _FEWEST and not token.strip("$€£").isdigit())


def letters_for_words(copy: Folded) -> list[Edit]:
    """Letters for the digits and signs in words; numbers stay."""
    return [edit for edit, mixed in _signs_undone(copy.text) if mixed]


def letters_for_all(copy: Folded) -> list[Edit]:
    """Letters for digits and signs in words, and in numbers that read as words beside them ("15" is)."""
    found = _signs_undone(copy.text)
    return [edit for edit, _ in found] if any(mixed for _, mixed in found) else []


@lru_cache(maxsize=16)
def _signs_undone(text: str) -> tuple[tuple[Edit, bool], ...]:
    """Each token that reads as a word, and whether it holds letters or could be no number."""
    return tuple(_without_signs(text))


def _without_signs(text: str) -> Iterator[tuple[Edit, bool]]:
    tokens = _tokens(text)
    taken = -1
    for index, (start, end) in enumerate(tokens):
        if index <= taken:
            continue
        token = text[start:end]
        word = unsigned(token) if _is_mixed(token) else ""
        if index + 1 < len(tokens) and (whole := _across(text, (start, end), tokens[index + 1], word)):
            taken = index + 1
            yield (start, tokens[taken][1], whole), True
        elif word := word or (letters_for_signs(token) if _is_mixed(token) else ""):
            yield (start, end, word), True
        elif token[0] in SIGNS and not any(map(str.isalpha, token)) and (word := unsigned(token)):
            yield (start, end, word), False


def _across(text: str, left: tuple[int, int], right: tuple[int, int], read: str) -> str:
    """The word that two tokens are with a hyphen or the like between them ("fu-11y"); the left is `read`."""
    first, second = text[slice(*left)], text[slice(*right)]
    whole = first + second
    if len(whole) <= _FEWEST or not _is_mixed(whole) or not _SPLIT.fullmatch(text, left[1], right[0]):
        return ""
    word = unsigned(whole)
    apart = commonness(read or first) and (unsigned(second) or commonness(second))
    return word if commonness(word) and not apart else ""


def slips_undone(copy: Folded) -> list[Edit]:
    """Letters that were repeated, and neighbouring letters that were swapped, put right."""
    return _respelt(copy.text, 0)


def slips_undone_otherwise(copy: Folded) -> list[Edit]:
    """The same, with the second likeliest word where there are several ("deiting": "editing", "dieting")."""
    return _respelt(copy.text, 1)


def _respelt(text: str, choice: int) -> list[Edit]:
    found = []
    for match in _WORD.finditer(text):
        words = spellings(match[0])
        word = words[min(choice, len(words) - 1)] if words else _STRETCHED.sub(r"\1", match[0])
        if word != match[0]:
            found.append((match.start(), match.end(), word))
    return found


def look_alike_words(copy: Folded) -> list[Edit]:
    """Words of another script in which every letter passes for a Latin one, and that are English then."""
    if copy.text.isascii():
        return []
    found = []
    for match in _FOREIGN.finditer(copy.text):
        likes = [
            character if character.isascii() else foreign_look_alike(character) for character in match[0]
        ]
        if not match[0].isascii() and all(likes) and is_word("".join(likes)):
            found.append((match.start(), match.end(), "".join(likes)))
    return found

"""The way back from values to tokens: text that people edited with the values filled in.

A token is found again by its value. Where that is not certain, because a value was changed or dropped, or
stands more often than its token did, nothing is guessed: the text is refused with the reason, and the way out
is to write the token itself.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from app.tokens import fill_mapped, tokens_in

_WAY_OUT = "write {} where it belongs"


class Unclear(Exception):
    """Which words stand for a token is not certain; `hint` says what would be."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True)
class _Sought:
    """A token that has to be found again: so many times, with word edges where the original has them."""

    name: str
    value: str
    count: int
    edge_before: bool
    edge_after: bool

    @property
    def token(self) -> str:
        return "{" + self.name + "}"


def same_text(text: str) -> str:
    """Text as it is compared: spreadsheets change spaces and line ends, and that is no edit."""
    return " ".join(_spaces(text).split())


def tokens_again(edited: str, original: str, value_of: Callable[[str], str]) -> str:
    """`edited` with tokens where the values of the tokens of `original` stand.

    Tokens that somebody wrote as such stay what they are. Raises Unclear.
    """
    sought = _sought(original, value_of, Counter(token.name for token in tokens_in(edited)))
    twins = Counter(_spaces(item.value) for item in sought)
    taken: list[tuple[int, int, str]] = [(token.start, token.end, "") for token in tokens_in(edited)]
    for item in sorted(sought, key=lambda item: -len(item.value)):
        if not item.value.strip():
            raise Unclear(f"{item.token} shows nothing here", _WAY_OUT.format(item.token))
        if twins[_spaces(item.value)] > 1:
            names = ", ".join(other.token for other in sought if other.value == item.value)
            raise Unclear(f"'{item.value}' stands for several tokens: {names}", _WAY_OUT.format(names))
        places = [span for span in _places(edited, item) if not _overlaps(span, taken)]
        _require(item, len(places))
        taken += [(start, end, item.token) for start, end in places]
    for start, end, token in sorted(taken, reverse=True):
        if token:
            edited = edited[:start] + token + edited[end:]
    return edited


def _sought(original: str, value_of: Callable[[str], str], typed: Counter[str]) -> list[_Sought]:
    """The tokens of the original that nobody has written as such."""
    names = Counter(token.name for token in tokens_in(original))
    return [
        _Sought(name, value_of(name), count - typed[name], *_edges(original, name, value_of))
        for name, count in names.items()
        if count > typed[name]
    ]


def _edges(original: str, name: str, value_of: Callable[[str], str]) -> tuple[bool, bool]:
    """Whether each token of this name ends a word on its left, and on its right, in the filled original."""
    filled = fill_mapped(original, value_of)
    spans = [
        (filled.origins.index((token.start, token.end)), token)
        for token in tokens_in(original)
        if token.name == name and (token.start, token.end) in filled.origins
    ]
    edges = [_is_edge(filled.text, start, start + len(value_of(name))) for start, _ in spans]
    return all(before for before, _ in edges), all(after for _, after in edges)


def _places(text: str, item: _Sought) -> list[tuple[int, int]]:
    """Every place, also overlapping ones, where the value stands with the edges that it had."""
    folded, value = _spaces(text), _spaces(item.value)
    found = []
    for match in re.finditer(f"(?={re.escape(value)})", folded):
        start, end = match.start(), match.start() + len(value)
        before, after = _is_edge(folded, start, end)
        if (before or not item.edge_before) and (after or not item.edge_after):
            found.append((start, end))
    return found


def _require(item: _Sought, found: int) -> None:
    if found == item.count:
        return
    if found < item.count:
        words = f"'{item.value}', the value of {item.token}, was changed or dropped"
        raise Unclear(words, f"leave the value as it is, or {_WAY_OUT.format(item.token)}")
    some = "one of them is" if item.count == 1 else f"{item.count} of them are"
    words = f"'{item.value}' stands {found} times, and {some} {item.token}"
    raise Unclear(words, _WAY_OUT.format(item.token))


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int, str]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end, _ in taken)


def _is_edge(text: str, start: int, end: int) -> tuple[bool, bool]:
    before = start == 0 or not (text[start - 1].isalnum() and text[start : start + 1].isalnum())
    after = end >= len(text) or not (text[end].isalnum() and text[end - 1 : end].isalnum())
    return before, after


def _spaces(text: str) -> str:
    """Every kind of space as the plain one, character by character."""
    return "".join(" " if unicodedata.category(c) == "Zs" or c in "\t\r\n" else c for c in text)

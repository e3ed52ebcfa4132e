"""Typed tokens inside copy: `{offer.discount}` is a fact, `{person.first_name}` a merge variable.

Copy is text with tokens, and nothing else in it may look like template syntax. What a token stands for is
known only when the copy is rendered; the model never sees or writes the value.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

PERSON = "person."
TOKEN = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+)\}")
TokenName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]


@dataclass(frozen=True)
class Token:
    """One token in a text: its name, and the span of characters it takes, braces included."""

    name: str
    start: int
    end: int

    @property
    def is_variable(self) -> bool:
        """Whether the value belongs to the recipient (merge variable) rather than to the campaign (fact)."""
        return self.name.startswith(PERSON)


@dataclass(frozen=True)
class Filled:
    """Copy with its tokens replaced, and the way back from each character to the copy it came from."""

    text: str
    origins: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the unfilled copy that produced characters `start` to `end` of `text`."""
        if not self.origins:
            return 0, 0
        last = len(self.origins) - 1
        return self.origins[min(start, last)][0], self.origins[min(max(end - 1, start), last)][1]


def tokens_in(text: str) -> list[Token]:
    """Every token of `text`, in order."""
    return [Token(match[1], match.start(), match.end()) for match in TOKEN.finditer(text)]


def token_names(text: str) -> set[str]:
    """The names of the tokens in `text`."""
    return {token.name for token in tokens_in(text)}


def fill(text: str, values: Mapping[str, str]) -> str:
    """Replace each token by its value. Raises KeyError with the name of a token that has none."""
    return TOKEN.sub(lambda match: values[match[1]], text)


def fill_mapped(text: str, value_of: Callable[[str], str]) -> Filled:
    """Replace each token by `value_of(name)` and keep, for every character, where it came from."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    position = 0
    for token in tokens_in(text):
        pieces.append(text[position : token.start])
        origins += _each(position, token.start)
        value = value_of(token.name)
        pieces.append(value)
        origins.extend([(token.start, token.end)] * len(value))
        position = token.end
    pieces.append(text[position:])
    origins += _each(position, len(text))
    return Filled("".join(pieces), tuple(origins))


def _each(start: int, end: int) -> Iterable[tuple[int, int]]:
    """The span of every single character."""
    return zip(range(start, end), range(start + 1, end + 1), strict=True)


def words_only(text: str, placeholder: str = " ") -> str:
    """The text with each token replaced by `placeholder`: what the model itself wrote."""
    return TOKEN.sub(placeholder, text)

"""Style sheets and style attributes as rules and declarations, as far as emails use them."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_NESTING = frozenset({"media", "supports", "layer", "container"})
_QUOTES = re.compile(r"[(\"']")
_PAIRS = {"(": ")", '"': '"', "'": "'"}


@dataclass(frozen=True)
class Declaration:
    """`name: value`, the name in lower case."""

    name: str
    value: str
    important: bool = False


@dataclass(frozen=True)
class AtRule:
    """`@name words`, with or without a block. `line` and `column` are in the document."""

    name: str
    words: str
    line: int
    column: int


@dataclass(frozen=True)
class StyleRule:
    """Selectors with their declarations, and the media queries around them."""

    selectors: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    media: tuple[str, ...]
    conditional: bool
    """Whether it lies in any at-rule: what mail programs do not know is left out there without harm."""
    line: int
    column: int


@dataclass(frozen=True)
class StyleSheet:
    """One style element."""

    rules: tuple[StyleRule, ...]
    at_rules: tuple[AtRule, ...]


@lru_cache(maxsize=4096)
def declarations_of(text: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute or of a block."""
    found = []
    for part in _split(text, ";"):
        name, colon, value = part.partition(":")
        if colon and name.strip():
            value = value.strip()
            important = value.lower().endswith("!important")
            value = value[: -len("!important")].rstrip() if important else value
            found.append(Declaration(name.strip().lower(), value, important))
    return tuple(found)


def parse_stylesheet(text: str, line: int, column: int, media: str = "") -> StyleSheet:
    """The rules of a style sheet that begins at this line and column; `media` is around all of them."""
    text = _COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    place = _Places(text, line, column)
    rules: list[StyleRule] = []
    at_rules: list[AtRule] = []
    around = [("media", media)] if media else []
    outer = len(around)
    for start, head, end, body in _statements(text):
        if end == "}":
            del around[max(outer, len(around) - 1) :]
        elif head.startswith("@"):
            name, _, words = head[1:].partition(" ")
            name = name.split("(")[0].lower()
            at_rules.append(AtRule(name, words.strip(), *place.of(start)))
            if end == "{" and body is None:
                around.append((name, words.strip()))
        elif end == "{" and body is not None:
            selectors = tuple(part.strip() for part in _split(head, ","))
            queries = tuple(words for name, words in around if name == "media")
            inside = len(around) > outer
            rules.append(StyleRule(selectors, declarations_of(body), queries, inside, *place.of(start)))
    return StyleSheet(tuple(rules), tuple(at_rules))


def _statements(text: str) -> Iterator[tuple[int, str, str, str | None]]:
    """Start, head and end of each statement; the body of a block that holds declarations."""
    position = start = 0
    while (end := _next(text, position, "{};")) < len(text):
        head = text[start:end]
        first = start + len(head) - len(head.lstrip())
        head, body = " ".join(head.split()), None
        position = end + 1
        if text[end] == "{" and not (head.startswith("@") and _name(head) in _NESTING):
            close = _block_end(text, position)
            body, position = text[position:close], close + 1
        yield first, head, text[end], body
        start = position


def _name(head: str) -> str:
    return re.split(r"[^a-z-]", head[1:].lower(), maxsplit=1)[0]


def _block_end(text: str, position: int) -> int:
    depth = 1
    while (position := _next(text, position, "{}")) < len(text):
        depth += 1 if text[position] == "{" else -1
        if not depth:
            return position
        position += 1
    return len(text)


def _next(text: str, position: int, signs: str) -> int:
    """Where the next of `signs` stands outside quotation marks and brackets; the length without one."""
    while position < len(text):
        sign = text[position]
        if sign in signs:
            return position
        if sign in _PAIRS:
            close = text.find(_PAIRS[sign], position + 1)
            position = len(text) if close < 0 else close
        position += 1
    return len(text)


def _split(text: str, sign: str) -> list[str]:
    if not _QUOTES.search(text):
        return [part for part in text.split(sign) if part.strip()]
    parts, start = [], 0
    while (end := _next(text, start, sign)) < len(text):
        parts.append(text[start:end])
        start = end + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


class _Places:
    """Line and column of an offset."""

    def __init__(self, text: str, line: int, column: int) -> None:
        self.starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.line, self.column = line, column

    def of(self, offset: int) -> tuple[int, int]:
        row = bisect_right(self.starts, offset) - 1
        column = offset - self.starts[row] + (self.column if row == 0 else 1)
        return self.line + row, column

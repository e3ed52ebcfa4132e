"""What a reader sees of a text in which markup or direction hides words: an HTML mail renders both.

Character references are decoded (HTML Living Standard, 13.5, by Python's own table), tags and comments taken
out, and runs under a right-to-left override turned round (Unicode UAX 9). The result is folded again, since a
character reference can stand for a look-alike or an invisible character.
"""

import html
import re
from collections.abc import Iterator

from app.guardrails.plain_fold import Edit, Folded, fold

_RENDERS = re.compile(r"<[a-zA-Z/!?]|&[#a-zA-Z]|\u202e")
_REFERENCE = re.compile(
    r"&(?:#0*(?P<decimal>[0-9]{1,8})|#[xX]0*(?P<hex>[0-9a-fA-F]{1,6})|[a-zA-Z][a-zA-Z0-9]{1,31});?"
)
_ROUNDS = 3
"""How often references are decoded: "&amp;#101;" is one that was encoded twice."""
_TAG_START = re.compile(r"<[a-zA-Z/!?]")
_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"</?(?:br|hr|p|div|li|[uo]l|h[1-6]|t[rdh]|table|section|blockquote)\b", re.IGNORECASE)
_OVERRIDE = "\u202e"
_OPENS = frozenset("\u202a\u202b\u202d\u202e")
_CLOSES = "\u202c"
_PARAGRAPH = frozenset("\n\r\x85\u2029")
_DEEPEST = 16
"""Overrides inside one another that are followed; UAX 9 allows 125, and no reader could tell."""


def rendered(plain: Folded) -> tuple[Folded, ...]:
    """The text as it is shown, folded; none where markup and direction hide nothing.

    A second copy leaves out also the tags that break a line, for a word with such a tag inside.
    """
    raw = Folded(plain.source, tuple(range(len(plain.source))), plain.source)
    copies = _shown(raw)
    # once more, for markup that was itself written in wide letters or with invisible characters inside
    copies += tuple(again for copy in copies or (plain,) for again in _shown(copy))
    return tuple(copy for copy in copies if copy.text != plain.text)


def _shown(raw: Folded) -> tuple[Folded, ...]:
    if not _RENDERS.search(raw.text):
        return ()
    for _ in range(_ROUNDS):
        raw = raw.edited(_decoded(raw.text))
    tags = list(_tags(raw.text))
    breaks = [(start, end, " " if _BREAK.match(raw.text, start) else "") for start, end, _ in tags]
    copies = [raw.edited(edits) for edits in (breaks, tags)]
    return tuple(_refolded(_turned(copy)) for copy in (copies if breaks != tags else copies[:1]))


def _decoded(text: str) -> Iterator[Edit]:
    for match in _REFERENCE.finditer(text):
        code = int(match["decimal"] or "0") or int(match["hex"] or "0", 16)
        shown = html.unescape(f"&#{code};" if code else match[0])
        if shown != match[0]:
            yield match.start(), match.end(), shown


def _tags(text: str) -> Iterator[Edit]:
    """Tags and comments, each as an edit that leaves it out. What is not closed is text."""
    position, closes = 0, True
    for match in _TAG_START.finditer(text):
        start, end = match.start(), -1
        if start < position:
            continue
        if closes and text.startswith("<!--", start):
            end = text.find("-->", start + 2)  # the standard ends "<!-->" at once
            closes, end = end >= 0, end + 3 if end >= 0 else -1
        if end < 0 and (tag := _TAG.match(text, start)):
            end = tag.end()
        if end >= 0:
            position = end
            yield start, end, ""


def _turned(copy: Folded) -> Folded:
    """The copy with each run under a right-to-left override in the order in which it is shown."""
    if _OVERRIDE not in copy.text:
        return copy
    order = _shown_order(copy.text)
    return Folded(
        "".join(copy.text[index] for index in order),
        tuple(copy.origins[index] for index in order),
        copy.source,
        tuple(copy.end_of(index) for index in order),
        turned=True,
    )


def _shown_order(text: str) -> list[int]:
    """The characters' indexes as they are shown; an embedded run moves as one with the run around it."""
    runs: list[tuple[bool, list[list[int]]]] = [(False, [])]
    too_deep = 0

    def close() -> None:
        reverse, units = runs.pop()
        runs[-1][1].append([index for unit in (reversed(units) if reverse else units) for index in unit])

    for index, character in enumerate(text):
        if character in _OPENS and len(runs) > _DEEPEST:
            too_deep += 1
        elif character in _OPENS:
            runs.append((character == _OVERRIDE, []))
        elif character == _CLOSES and too_deep:
            too_deep -= 1
        elif character == _CLOSES and len(runs) > 1:
            close()
        elif character in _PARAGRAPH:
            too_deep = 0
            while len(runs) > 1:
                close()
            runs[-1][1].append([index])
        else:
            runs[-1][1].append([index])
    while len(runs) > 1:
        close()
    return [index for unit in runs[0][1] for index in unit]


def _refolded(copy: Folded) -> Folded:
    again = fold(copy.text)
    return Folded(
        again.text,
        tuple(copy.origins[index] for index in again.origins),
        copy.source,
        tuple(copy.end_of(index) for index in again.origins),
        copy.turned,
    )

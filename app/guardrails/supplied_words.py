"""What copy repeats word for word of what was supplied: testimonials and approved claims."""

import re
from collections.abc import Iterable

from app.guardrails.fold import Folded, fold

_WORD = re.compile(r"[^\W_]+(?:[.,'][^\W_]+)*")


def words_only(text: str) -> str:
    """The folded words of a text with one space between them: quotes and dashes do not count."""
    return " ".join(_WORD.findall(fold(text).text))


def repeated(folded: Folded, supplied: Iterable[str]) -> list[tuple[int, int]]:
    """Spans of the original text that repeat something supplied, with the signs round them."""
    words = list(_WORD.finditer(folded.text))
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    length = 0
    for number, word in enumerate(words):
        starts[length], ends[length + len(word[0])] = number, number
        length += len(word[0]) + 1
    joined = " ".join(word[0] for word in words)
    found = []
    for text in supplied:
        wanted = words_only(text)
        start = joined.find(wanted) if wanted else -1
        while start >= 0:
            first, last = starts.get(start), ends.get(start + len(wanted))
            if first is not None and last is not None:
                begin = words[first - 1].end() if first else 0
                end = words[last + 1].start() if last + 1 < len(words) else len(folded.text)
                found.append(folded.span(begin, end))
            start = joined.find(wanted, start + len(wanted))
    return found

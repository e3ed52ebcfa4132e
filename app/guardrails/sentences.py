"""Where a sentence begins and ends, for what has to stand near a claim."""

import re

Span = tuple[int, int]
_END = re.compile(r"[.!?;\n](?=\s|$)")


def sentence_round(text: str, span: Span) -> Span:
    """The sentence, or sentences, in which a span lies, as indexes of characters, without the last sign."""
    start = max((match.end() for match in _END.finditer(text, 0, span[0])), default=0)
    match = _END.search(text, max(span[0], span[1] - 1))
    return start, match.start() if match else len(text)

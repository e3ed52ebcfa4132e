"""What in copy is no words: tokens, addresses, markup, entities. Every part is read once, in linear time."""

import re

from app.guardrails.gate import Gate

_SKIPPED = re.compile(
    r"(?<!\{)\{++[^{}]*+\}++|\b\w{1,20}://\S+|(?<!\S)[^\s@]{1,200}@\S+"
    r"|(?<![a-z0-9.-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}"
    r"\.(?:com|org|net|co|uk|io|de|fr|ch|at|example|test)\b\S*"
    r"|&[a-z]+;|&#\w+;|<[^<>]*>",
    re.IGNORECASE,
)


_GATE = Gate([_SKIPPED])


def blank_wordless(text: str, *, tokens: bool = True) -> str:
    """The text with spaces for what is no words, at the same length; without `tokens` those are kept."""
    if not _GATE.passed(text):
        return text

    def blank(match: re.Match[str]) -> str:
        return match[0] if not tokens and match[0].startswith("{") else " " * len(match[0])

    return _SKIPPED.sub(blank, text)

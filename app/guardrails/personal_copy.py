"""Copy as the checks for personal data read it: folded, with the original, and what was supplied."""

import re
from dataclasses import dataclass

from app.guardrails.fold import Folded, fold
from app.guardrails.frame import Context
from app.guardrails.personal_words import NAME

_NEAR = 40
"""Characters before a number in which a word says what it is."""
TITLE = re.compile(r"(?:Mr|Mrs|Ms|Miss|Mx|Dr)\b")
"""What stands before a surname and says that a person has it."""


@dataclass(frozen=True)
class Copy:
    """The copy as the checks read it: folded, with the original for capitals, and what was supplied."""

    original: str
    folded: Folded
    text: str
    context: Context
    supplied: str
    """Everything that was supplied, folded, one thing a line."""

    def before(self, match: re.Match[str], length: int = _NEAR) -> str:
        """What stands before a match."""
        return self.text[max(0, match.start() - length) : match.start()]

    def seen(self, start: int, end: int) -> str:
        """Characters of the folded text as they stand in the original."""
        first, last = self.folded.span(max(start, 0), end)
        return self.original[first:last] if end > max(start, 0) else ""

    def names_a_person(self, match: re.Match[str]) -> bool:
        """Whether a first and last name stand near a match."""
        sides = (
            self.seen(match.start() - _NEAR, match.start()),
            self.seen(match.end(), min(match.end() + _NEAR, len(self.text))),
        )
        return any(not self.is_ours(found[0]) for side in sides for found in NAME.finditer(side))

    def is_ours(self, name: str) -> bool:
        """Whether a name was supplied, or is the brand's."""
        words = set(fold(name).text.split())
        return bool(words & self.context.rulebook.own_words) or fold(name).text in self.supplied

"""What `grammar_ends` needs of a language, over folded text with tokens masked as {xxx}."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from app.guardrails.gate import Gate


@dataclass(frozen=True)
class Fault:
    """A pattern that is a fault wherever it matches, except where the match is in `allowed`.

    `raw` patterns read the copy as it is written, since folding takes accents that tell words apart.
    """

    pattern: re.Pattern[str]
    message: str
    hint: str
    allowed: frozenset[str] = frozenset()
    raw: bool = False


def fault(pattern: str, message: str, hint: str, *allowed: str) -> Fault:
    """A fault over folded text."""
    return Fault(re.compile(pattern), message, hint, frozenset(allowed))


def raw_fault(pattern: str, message: str, hint: str) -> Fault:
    """A fault over the copy as it is written."""
    return Fault(re.compile(pattern, re.IGNORECASE), message, hint, raw=True)


@dataclass(frozen=True, eq=False)
class Grammar:
    """The rules of one language. `function_words` may be repeated; `endings` are taken off before words are
    compared; `paired` are words that are doubled on purpose ("step by step").
    """

    faults: tuple[Fault, ...]
    function_words: frozenset[str]
    endings: tuple[str, ...]
    paired: re.Pattern[str]
    ends_open: re.Pattern[str]
    """What a sentence cannot end with."""
    greeting: re.Pattern[str]
    """What may stand directly before the reader's name."""
    stranded: frozenset[str] = field(default_factory=frozenset)
    """Words that may end a sentence only after `stranded_after`."""
    stranded_after: re.Pattern[str] = re.compile(r"(?!)")
    articles: bool = False
    """Whether a and an are checked against what follows them."""

    @cached_property
    def _gates(self) -> dict[bool, tuple[tuple[Fault, ...], Gate]]:
        parted = {raw: tuple(rule for rule in self.faults if rule.raw is raw) for raw in (True, False)}
        return {raw: (rules, Gate([rule.pattern for rule in rules])) for raw, rules in parted.items()}

    def faulty(self, text: str, *, raw: bool) -> Iterator[tuple[Fault, re.Match[str]]]:
        """Every match of a fault in the copy as it is written (`raw`) or in the folded text."""
        rules, gate = self._gates[raw]
        for number, match in gate.matches(text):
            if match[0] not in rules[number].allowed:
                yield rules[number], match


TOKENS_IN_A_ROW = fault(r"\{x+\},? \{x+\}(?= \{)", "'{}' strings tokens together", "put words between them")
TWO_MARKS = fault(
    r",\s*[.,!?;:]|[;:]\s*[.,;:!?]|(?<![.])\.[,;:!?]|[!?],", "'{}' are two marks in a row", "keep one"
)
BEGINS_WITH_MARK = fault(r"^\s*[,.;:!?)]", "the text begins with '{}'", "begin with a word")

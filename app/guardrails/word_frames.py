"""Wordings as frames over word lists: "because you are <adjective>" with the adjectives in one place.

A file in data/ holds `lists` of words (RE2 alternatives over folded text) and `rules` that name a list
in angle brackets. So a list is written once, and every frame speaks of all of it.
"""

import functools
import re

from pydantic import BaseModel, ConfigDict, Field

from app.guardrails.data_files import is_there, read_data
from app.guardrails.frame import NotJudged
from app.guardrails.matcher import Matcher

_NAMED = re.compile(r"<([a-z_]+)>")


class FrameRule(BaseModel):
    """One kind of wording. `always` rules count even in a sentence that speaks in general ("if you ...")."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    message: str
    suggestion: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = Field(min_length=1)
    exceptions: tuple[str, ...] = ()
    always: bool = False


class FrameFile(BaseModel):
    """The word lists of one language and the frames over them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lists: dict[str, tuple[str, ...]] = {}
    general: str = ""
    """What makes a sentence speak of anybody, as an RE2 alternative; empty where nothing does."""
    rules: tuple[FrameRule, ...]


@functools.cache
def frame_file(kind: str, language: str) -> FrameFile:
    """The file of a kind in a language. Raises NotJudged when there is none."""
    name = f"{kind}_{language}.yaml"
    if not is_there(name):
        raise NotJudged(f"there is no wording in the language '{language}'")
    return read_data(name, FrameFile)


@functools.cache
def frames(kind: str, language: str) -> Matcher[FrameRule]:
    """The frames of a kind in a language, ready to look through texts."""
    file = frame_file(kind, language)
    groups = {name: "(?:" + "|".join(words) + ")" for name, words in file.lists.items()}

    def filled(pattern: str) -> str:
        while _NAMED.search(pattern):  # a list may name another
            pattern = _NAMED.sub(lambda match: groups[match[1]], pattern)
        return pattern

    return Matcher(
        [
            rule.model_copy(update={"patterns": tuple(filled(pattern) for pattern in rule.patterns)})
            for rule in file.rules
        ]
    )


@functools.cache
def general(kind: str, language: str) -> re.Pattern[str]:
    """What makes the sentence before a wording speak of anybody."""
    words = frame_file(kind, language).general
    return re.compile(rf"\b(?:{words})\b[^.!?;]*$") if words else re.compile(r"(?!)")

"""Wordings as frames over word lists: "because you are <adjective>" with the adjectives in one place.

A file in data/ holds `lists` of words (RE2 alternatives over folded text) and `rules` that name a list
in angle brackets. So a list is written once, and every frame speaks of all of it. Where a wording is open,
`frames` name groups of plain `words` that stand near one another, as the frames of the claim rules do; a
group takes over a list by `$name`, and a list another.
"""

import functools
import re
from collections.abc import Iterable, Iterator

from pydantic import BaseModel, ConfigDict, model_validator

from app.brand.models import Frame
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
    patterns: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    exceptions: tuple[str, ...] = ()
    always: bool = False
    asks: bool = False
    """Whether it counts only in a short question that begins with it ("Behind on the rent again?")."""

    @model_validator(mode="after")
    def _detects_something(self) -> "FrameRule":
        if not (self.phrases or self.patterns or self.frames):
            raise ValueError("needs 'phrases', 'patterns' or 'frames'")
        return self


class FrameFile(BaseModel):
    """The word lists of one language and the frames over them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lists: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    """Plain words and beginnings of words (`heal*`) for the groups of frames."""
    general: str = ""
    """What makes a sentence speak of anybody, as an RE2 alternative; empty where nothing does."""
    elsewhere: str = ""
    """What makes a sentence speak of something else wherever it stands in it, as an alternative."""
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
            rule.model_copy(
                update={
                    "patterns": tuple(filled(pattern) for pattern in rule.patterns),
                    "frames": tuple(_with_words(frame, file) for frame in rule.frames),
                }
            )
            for rule in file.rules
        ]
    )


def _with_words(frame: Frame, file: FrameFile) -> Frame:
    groups = tuple(tuple(dict.fromkeys(_spelled_out(group, file))) for group in frame.groups)
    return frame.model_copy(update={"groups": groups})


def _spelled_out(group: Iterable[str], file: FrameFile) -> Iterator[str]:
    """The entries of a group with the lists that it names. Raises KeyError for a list that is not there."""
    for entry in group:
        if entry.startswith("$"):
            yield from _spelled_out(file.words[entry[1:]], file)
        else:
            yield entry


@functools.cache
def general(kind: str, language: str) -> re.Pattern[str]:
    """What makes the sentence before a wording speak of anybody."""
    words = frame_file(kind, language).general
    return re.compile(rf"\b(?:{words})\b[^.!?;]*$") if words else re.compile(r"(?!)")


@functools.cache
def elsewhere(kind: str, language: str) -> re.Pattern[str]:
    """What makes the sentence of a wording speak of something else than its reader."""
    words = frame_file(kind, language).elsewhere
    return re.compile(rf"\b(?:{words})\b") if words else re.compile(r"(?!)")

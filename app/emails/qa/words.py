"""The word lists of data/words.yaml."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from app.errors import ContentError
from app.yaml12 import parse

ModelT = TypeVar("ModelT", bound=BaseModel)
ByLanguage = Mapping[str, tuple[str, ...]]


class Words(BaseModel):
    """What data/words.yaml holds; its comments say what each list is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vague_links: ByLanguage
    unsubscribe: ByLanguage
    greetings: ByLanguage
    salutations: ByLanguage
    placeholders: ByLanguage
    shorteners: tuple[str, ...]
    placeholder_hosts: tuple[str, ...]
    placeholder_endings: tuple[str, ...]


def read_list(name: str, model: type[ModelT]) -> ModelT:
    """A YAML file of data/ as `model`. Raises ContentError when the file is not what it should be."""
    text = files("app.emails.qa").joinpath("data", name).read_text(encoding="utf-8")
    document = parse(text, f"data/{name}")
    built, problems = document.build(model)
    if built is None or document.problems:
        raise ContentError([*document.problems, *problems])
    return built


@cache
def words() -> Words:
    """The lists."""
    return read_list("words.yaml", Words)


def of_language(lists: ByLanguage, locale: str | None) -> tuple[str, ...]:
    """The words for a locale: those of its language, of English, and those for any language."""
    language = (locale or "").split("-")[0].lower()
    return tuple(dict.fromkeys(word for key in ("any", "en", language) for word in lists.get(key, ())))


@cache
def one_of(given: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the words as words of their own, letters of either case."""
    joined = "|".join(re.escape(word) for word in sorted(given, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)

"""What a dialect is: one sending platform's way to write the nodes of a template."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NoReturn

from app.dialects.nodes import Equals, HasValue, Page, Place
from app.errors import UsageError


class Feature(StrEnum):
    """What templates need of a platform; the matrix says for each dialect how well it is proven."""

    VARIABLE = "variable"
    FALLBACK = "fallback"
    """The fallback stands in for a value that is absent, null or empty."""
    BLANK = "blank"
    """It stands in for white space alone, too."""
    PADDING = "padding"
    """White space around a value is taken off before it is shown or compared."""
    ESCAPE_TEXT = "escape_text"
    ESCAPE_ATTRIBUTE = "escape_attribute"
    ESCAPE_URL = "escape_url"
    CONDITION = "condition"
    """Something is shown only where a variable has a value."""
    COMPARISON = "comparison"
    """Something is shown only where a variable has a certain value."""
    SEGMENT = "segment"
    """Something is shown to one segment only."""
    LOOP = "loop"
    """Something is shown for each item of a list, and something else where there is none."""
    UNSUBSCRIBE = "unsubscribe"
    VIEW_IN_BROWSER = "view_in_browser"
    PREFERENCES = "preferences"
    SUBJECT = "subject"
    """Variables stand in the subject, too."""


class Unsupported(UsageError):
    """The platform cannot do what the template needs. `feature` says what."""

    def __init__(self, dialect: str, feature: Feature, why: str) -> None:
        super().__init__(f"{dialect} cannot do this ({feature.value}): {why}")
        self.feature = feature
        self.why = why


@dataclass(frozen=True)
class ListNames:
    """What one account calls a list and the fields of its items."""

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Names:
    """The names that one account has for things: paths of properties by variable and by list, and for each
    segment the property and the value that tell its members, where the platform can test one.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    lists: Mapping[str, ListNames] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """Where in a template a tag stands."""

    place: Place
    """TEXT between the tags of HTML, ATTRIBUTE or URL inside a quoted attribute, PLAIN outside of HTML."""
    nested: bool = False
    """Whether it stands inside a condition or a loop."""
    loops: int = 0
    """How many loops it stands in."""
    query: bool = False
    """Whether it stands in the query of an address, after a `?`."""


@dataclass(frozen=True)
class Fork:
    """The tags of a condition: before what is shown where it holds, between, and after the rest."""

    begin: str
    otherwise: str
    end: str


@dataclass(frozen=True)
class Loop:
    """The tags of a loop: before what is shown for each item, after it, before what stands instead of an
    empty list, and at the end.
    """

    begin: str
    after: str
    otherwise: str
    end: str


class Dialect(ABC):
    """One platform's merge tags. Paths come from the account; a dialect makes tags of them and knows nothing
    of brands. All tags have to stand in HTML as they are: none holds a double quote inside an attribute, and
    none holds a `<`, which MJML would read.

    The arguments called `value` are expressions in the platform's own words, made by `property` or `field`.
    """

    id: ClassVar[str]
    name: ClassVar[str]
    comments: ClassVar[bool] = True
    """Whether tags inside HTML comments, such as conditions for Outlook, do what they do elsewhere."""

    @abstractmethod
    def property(self, path: str, spot: Spot) -> str:
        """The expression for a property of the reader. Raises UsageError for a path that cannot be one."""

    @abstractmethod
    def field(self, name: str) -> str:
        """The expression for a property of the current item of the innermost loop. Raises UsageError for a
        name that cannot be one.
        """

    @abstractmethod
    def show(self, value: str, fallback: str, spot: Spot) -> str:
        """A value, white space around it taken off and escaped for its place, or the fallback."""

    @abstractmethod
    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        """The tags of a condition: the value being there, or being equal to another one."""

    @abstractmethod
    def some(self, value: str, spot: Spot) -> Fork:
        """The tags of a condition: the list being there and holding anything."""

    @abstractmethod
    def each(self, value: str, most: int, spot: Spot) -> Loop:
        """The tags of a loop over the first `most` items of a list."""

    @abstractmethod
    def page(self, page: Page, spot: Spot) -> str:
        """The address of a page of the platform's own."""

    @abstractmethod
    def literal(self, text: str, place: Place) -> str:
        """Text that the platform shall leave as it is. Raises Unsupported where it would read a tag in it."""

    def refuse(self, feature: Feature, why: str) -> NoReturn:
        """Raise Unsupported for this dialect."""
        raise Unsupported(self.name, feature, why)

    def refuse_tags_in(self, text: str, tags: re.Pattern[str]) -> None:
        """Refuse text in which the platform would find one of these tags, or the beginning of one at its end,
        where a tag follows.
        """
        found = tags.search(text)
        if found:
            self.refuse(Feature.VARIABLE, f"it would read '{found[0]}' in the text as a tag of its own")

    def no_such_path(self, path: str, right: str) -> NoReturn:
        """Refuse a path of the account that cannot be one of this platform's."""
        raise UsageError(f"{self.name} has no property '{path}'", f"such as {right}")

    def no_such_field(self, name: str, right: str) -> NoReturn:
        """Refuse a property of items that cannot be one of this platform's."""
        raise UsageError(f"items of a list at {self.name} have no property '{name}'", f"such as {right}")

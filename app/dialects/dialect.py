"""What a dialect is: one sending platform's way to write the nodes of a template."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, NoReturn

from app.dialects.nodes import Page, Place, Test
from app.errors import UsageError


class Feature(StrEnum):
    """What templates need of a platform; the matrix says for each dialect how well it is proven."""

    VARIABLE = "variable"
    FALLBACK = "fallback"
    """The fallback stands in for a value that is absent, null or empty."""
    BLANK = "blank"
    """It stands in for white space alone, too."""
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


@dataclass(frozen=True)
class Names:
    """The names that one account has for things: paths of properties by variable, and for each segment the
    property and the value that tell its members, where the platform can test one.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Fork:
    """The tags of a condition: before what is shown where it holds, between, and after the rest."""

    begin: str
    otherwise: str
    end: str


@dataclass(frozen=True)
class Loop:
    """The tags around what is shown for each item, and around what stands instead of an empty list."""

    begin: str
    otherwise: str
    end: str
    item: str
    """How the current item is called: the path of its fields begins so; empty where fields stand bare."""


class Dialect(ABC):
    """One platform's merge tags. Paths come from the account; a dialect makes tags of them and knows nothing
    of brands. All tags have to stand in HTML as they are: none holds a double quote inside an attribute.
    """

    id: ClassVar[str]
    name: ClassVar[str]

    @abstractmethod
    def show(self, path: str, fallback: str, place: Place) -> str:
        """The value at a path, white space around it taken off and escaped for its place, or the fallback."""

    @abstractmethod
    def when(self, test: Test, path: str) -> Fork:
        """The tags of a condition on the property at `path`: its having a value, or being equal to one."""

    @abstractmethod
    def each(self, path: str, most: int) -> Loop:
        """The tags of a loop over the list at a path."""

    @abstractmethod
    def page(self, page: Page, place: Place) -> str:
        """The address of a page of the platform's own."""

    def literal(self, text: str, place: Place) -> str:
        """Text that the platform leaves as it is. Raises Unsupported where it would read a tag in it."""
        return text

    def refuse(self, feature: Feature, why: str) -> NoReturn:
        """Raise Unsupported for this dialect."""
        raise Unsupported(self.name, feature, why)

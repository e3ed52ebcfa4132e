"""Where in HTML one stands after the text that was read so far: between tags, inside one, or in a comment."""

import re
from dataclasses import dataclass, replace

from app.dialects.nodes import Place

_NEXT = {
    "text": re.compile("<!--|<(?=[A-Za-z/])"),
    "tag": re.compile("[\"'>]"),
    '"': re.compile('"'),
    "'": re.compile("'"),
    "comment": re.compile("-->"),
}
"""For each state the sign that ends it."""


@dataclass
class Position:
    """Reads HTML piece by piece. Tags of a template are not read: they stand where they are put."""

    state: str = "text"
    query: bool = False
    """Whether the quoted attribute that one stands in had a `?`."""

    def read(self, html: str) -> None:
        """Go on over this text."""
        at = 0
        while found := _NEXT[self.state].search(html, at):
            self.state = self._after(found[0])
            self.query = False
            at = found.end()
        self.query = self.query or (self.state in ("'", '"') and "?" in html[at:])

    def copy(self) -> "Position":
        """The same place, to come back to."""
        return replace(self)

    @property
    def place(self) -> Place:
        """ATTRIBUTE inside a tag of HTML, TEXT elsewhere."""
        return Place.TEXT if self.state in ("text", "comment") else Place.ATTRIBUTE

    @property
    def in_comment(self) -> bool:
        """Whether a comment has begun and not ended."""
        return self.state == "comment"

    def _after(self, sign: str) -> str:
        match self.state:
            case "text":
                return "comment" if sign == "<!--" else "tag"
            case "tag":
                return "text" if sign == ">" else sign
            case "comment":
                return "text"
            case _:
                return "tag"

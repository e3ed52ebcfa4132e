"""listmonk: Go's templates with the functions of Sprig.

Sources: knadh/listmonk, models/campaigns.go (the body is html/template, which escapes by itself for the place
where a value stands; the subject is text/template) and models/common.go (the functions' shorthand is given
the dot, which a loop changes: inside one they are given `$`). html/template takes HTML comments away, those
for Outlook as well; `Safe` puts them back.
"""

import re

from app.dialects.dialect import Dialect, Feature, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page, Place

_TAGS = re.compile(r"\{\{|\{\Z")
_PATH = re.compile(r"Subscriber(\.[A-Za-z_]\w*)+")
_FIELD = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PAGES = {
    Page.UNSUBSCRIBE: "UnsubscribeURL",
    Page.VIEW_IN_BROWSER: "MessageURL",
    Page.PREFERENCES: "ManageURL",
}


class Listmonk(Dialect):
    """The tags of listmonk. Strings stand in backquotes, where nothing is an escape."""

    id = "listmonk"
    name = "listmonk"
    comments = False

    def property(self, path: str, spot: Spot) -> str:
        if not _PATH.fullmatch(path):
            self.no_such_path(path, "Subscriber.FirstName or Subscriber.Attribs.city")
        return f"$.{path}"

    def field(self, name: str) -> str:
        if not _FIELD.fullmatch(name):
            self.no_such_field(name, "name or product.name")
        return f"$item.{name}"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        if spot.place is Place.URL and not spot.query:
            self.refuse(Feature.ESCAPE_URL, "before the ? of an address, Go lets signs such as / through")
        instead = self.literal(shown(fallback, spot.place), spot.place)
        other = f"{{{{ else }}}}{instead}" if instead else ""
        return f"{{{{ with {_trimmed(value)} }}}}{{{{ . }}}}{other}{{{{ end }}}}"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        condition = _trimmed(value)
        if isinstance(test, Equals):
            condition = f"eq ({condition}) {self._quoted(test.value)}"
        return Fork(f"{{{{ if {condition} }}}}", "{{ else }}", "{{ end }}")

    def some(self, value: str, spot: Spot) -> Fork:
        return Fork(f"{{{{ if {value} }}}}", "{{ else }}", "{{ end }}")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        begin = f"{{{{ range $i, $item := {value} }}}}{{{{ if lt $i {most} }}}}"
        return Loop(begin, "{{ end }}", "{{ else }}", "{{ end }}")

    def page(self, page: Page, spot: Spot) -> str:
        return f"{{{{ {_PAGES[page]} $ }}}}" if spot.loops else f"{{{{ {_PAGES[page]} }}}}"

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, _TAGS)
        return text if place is Place.PLAIN else _COMMENT.sub(self._kept, text)

    def _kept(self, comment: re.Match[str]) -> str:
        return f"{{{{ Safe {self._quoted(comment[0])} }}}}"

    def _quoted(self, text: str) -> str:
        if re.search('[`"<]' if not text.startswith("<!--") else "`", text):
            self.refuse(Feature.COMPARISON, f"its tags cannot hold the text {text!r}")
        return f"`{text}`"


def _trimmed(value: str) -> str:
    """The value as a text without white space around it; nothing for one that is absent or null."""
    return f"trim (ternary `` (toString {value}) (kindIs `invalid` {value}))"

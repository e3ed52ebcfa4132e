"""Jinja2, for a sender of one's own. Autoescape is taken to be off: every value is escaped by its tag.

Source: the template designer documentation of Jinja 3.1 (filters default, trim, escape, urlencode).
"""

from app.dialects.dialect import Dialect, Fork, Loop
from app.dialects.nodes import Equals, Page, Place, Test

_PAGES = {
    Page.UNSUBSCRIBE: "unsubscribe_url",
    Page.VIEW_IN_BROWSER: "view_in_browser_url",
    Page.PREFERENCES: "preferences_url",
}


class Jinja(Dialect):
    """The tags of Jinja2."""

    id = "jinja"
    name = "Jinja2"

    def show(self, path: str, fallback: str, place: Place) -> str:
        value = f"{_trimmed(path)} or {_quoted(fallback)}"
        match place:
            case Place.PLAIN:
                return f"{{{{ {value} }}}}"
            case Place.URL:
                return f"{{{{ ({value})|urlencode|replace('/', '%2F') }}}}"
            case Place.TEXT | Place.ATTRIBUTE:
                return f"{{{{ ({value})|e }}}}"

    def when(self, test: Test, path: str) -> Fork:
        condition = _trimmed(path)
        if isinstance(test, Equals):
            condition += f" == {_quoted(test.value)}"
        return Fork(f"{{% if {condition} %}}", "{% else %}", "{% endif %}")

    def each(self, path: str, most: int) -> Loop:
        begin = f"{{% for item in (({path}) or [])[:{most}] %}}"
        return Loop(begin, "{% else %}", "{% endfor %}", "item")

    def page(self, page: Page, place: Place) -> str:
        name = _PAGES[page]
        return f"{{{{ {name} }}}}" if place is Place.PLAIN else f"{{{{ {name}|e }}}}"


def _trimmed(path: str) -> str:
    return f"({path}|default('', true)|string|trim)"


def _quoted(text: str) -> str:
    """A string in single quotes, so that it can stand in an attribute; apostrophes by their code."""
    inner = text.replace("\\", "\\\\").replace("'", "\\x27").replace('"', "\\x22")
    return f"'{inner}'"

"""Salesforce Marketing Cloud Engagement: AMPscript.

Source: the AMPscript reference (developer.salesforce.com): string constants in single quotes, which are
doubled inside; Trim, Empty, Iif, Replace, Char, URLEncode, AttributeValue, RowCount, Row, Field. No function
escapes for HTML, so that the signs are replaced one by one. A list is a rowset in a variable that the account
sets.
"""

import re

from app.dialects.dialect import Dialect, Feature, Fork, Loop, Spot
from app.dialects.filling import shown
from app.dialects.nodes import Equals, HasValue, Page, Place

_TAGS = re.compile(r"%%|\A%|%\Z")
_ATTRIBUTE = re.compile(r"[A-Za-z_][\w ]*")
_ROWSET = re.compile(r"@[A-Za-z_]\w*")
_SIGNS = (
    ("'&'", "&amp;"),
    ("Char(60)", "&lt;"),
    ("Char(62)", "&gt;"),
    ("Char(34)", "&quot;"),
    ("Char(39)", "&#x27;"),
)
_PAGES = {
    Page.UNSUBSCRIBE: "%%unsub_center_url%%",
    Page.VIEW_IN_BROWSER: "%%view_email_url%%",
    Page.PREFERENCES: "%%profile_center_url%%",
}


class Salesforce(Dialect):
    """The tags of AMPscript."""

    id = "salesforce"
    name = "Salesforce Marketing Cloud"

    def property(self, path: str, spot: Spot) -> str:
        if _ROWSET.fullmatch(path):
            return path
        if not _ATTRIBUTE.fullmatch(path):
            self.no_such_path(path, "First Name, the name of an attribute, or for a list a variable: @basket")
        return f"AttributeValue('{path}')"

    def field(self, name: str) -> str:
        if not _ATTRIBUTE.fullmatch(name):
            self.no_such_field(name, "Product Name, the name of a column")
        return f"Field(@item,'{name}')"

    def show(self, value: str, fallback: str, spot: Spot) -> str:
        value = f"Trim({value})"
        instead = self._quoted(shown(fallback, spot.place), Feature.FALLBACK)
        return f"%%=Iif(Empty({value}),{instead},{_escaped(value, spot.place)})=%%"

    def when(self, test: HasValue | Equals, value: str, spot: Spot) -> Fork:
        value = f"Trim({value})"
        if isinstance(test, HasValue):
            condition = f"NOT Empty({value})"
        else:
            if re.search('["<]', test.value):
                self.refuse(Feature.COMPARISON, f"the tag could not stand in an attribute: {test.value!r}")
            condition = f"{value} == {self._quoted(test.value, Feature.COMPARISON)}"
        return Fork(f"%%[ IF {condition} THEN ]%%", "%%[ ELSE ]%%", "%%[ ENDIF ]%%")

    def some(self, value: str, spot: Spot) -> Fork:
        self._refuse_attribute(value)
        return Fork(f"%%[ IF RowCount({value}) > 0 THEN ]%%", "%%[ ELSE ]%%", "%%[ ENDIF ]%%")

    def each(self, value: str, most: int, spot: Spot) -> Loop:
        if spot.loops:
            self.refuse(Feature.LOOP, "its variables would be those of the loop around it")
        self._refuse_attribute(value)
        begin = (
            f"%%[ IF RowCount({value}) > 0 THEN FOR @i = 1 TO RowCount({value}) DO "
            f"SET @item = Row({value},@i) IF {most} >= @i THEN ]%%"
        )
        return Loop(begin, "%%[ ENDIF NEXT @i ]%%", "%%[ ELSE ]%%", "%%[ ENDIF ]%%")

    def page(self, page: Page, spot: Spot) -> str:
        return _PAGES[page]

    def literal(self, text: str, place: Place) -> str:
        self.refuse_tags_in(text, _TAGS)
        return text

    def _refuse_attribute(self, value: str) -> None:
        if not value.startswith("@"):
            self.refuse(
                Feature.LOOP, "an attribute holds no list: name a variable with a rowset, such as @basket"
            )

    def _quoted(self, text: str, feature: Feature) -> str:
        if "%%" in text or "]%" in text or "=%" in text:
            self.refuse(feature, f"AMPscript would read a tag in {text!r}")
        return "'" + text.replace("'", "''") + "'"


def _escaped(value: str, place: Place) -> str:
    match place:
        case Place.PLAIN:
            return value
        case Place.URL:
            return f"URLEncode({value},1,1)"
        case Place.TEXT | Place.ATTRIBUTE:
            for sign, reference in _SIGNS:
                value = f"Replace({value},{sign},'{reference}')"
            return value

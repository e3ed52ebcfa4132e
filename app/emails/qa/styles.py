"""What an element looks like on one screen: the cascade, and what is inherited, as far as the rules ask."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.emails.qa.colours import colour_in, over
from app.emails.qa.css import Declaration, StyleRule, declarations_of
from app.emails.qa.selectors import Selector, Specificity, parse_selector
from app.emails.qa.tree import Document, Element

_FEATURE = re.compile(r"\(\s*([a-z-]+)\s*:\s*([a-z0-9.]+)\s*\)")
_LENGTH = re.compile(r"(-?(?:\d+(?:\.\d*)?|\.\d+))(px|pt|em|rem|%|vw)?")
_SIZES = {"xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24, "xx-large": 32}
_TAG_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h5": 0.83, "h6": 0.67, "small": 0.83}
_BOLD = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th"})
NORMAL = 1.2
"""The height of a line, of the size of its letters, where nothing says it."""
_SIDES = ("top", "right", "bottom", "left")


@dataclass(frozen=True)
class Screen:
    """Where an email is looked at. `width` is in CSS pixels."""

    name: str
    width: int
    dark: bool

    def shows(self, query: str) -> bool:
        """Whether a media query holds here; a feature that is not known does not."""
        return any(self._holds(part.strip()) for part in query.lower().split(","))

    def _holds(self, query: str) -> bool:
        return all(self._condition(part.strip()) for part in re.split(r"\s+and\s+", query))

    def _condition(self, part: str) -> bool:
        if part.removeprefix("only ") in ("screen", "all", ""):
            return True
        found = _FEATURE.fullmatch(part)
        if found is None:
            return False
        name, value = found[1], found[2]
        if name == "prefers-color-scheme":
            return value == ("dark" if self.dark else "light")
        pixels = length(value, 16, self.width)
        tests = {
            "max-width": lambda: self.width <= (pixels or 0),
            "min-width": lambda: self.width >= (pixels or 0),
        }
        return name in tests and tests[name]()


LIGHT = Screen("light", 600, dark=False)
DARK = Screen("dark", 600, dark=True)
PHONE = Screen("phone", 375, dark=False)


@dataclass(frozen=True)
class Look:
    """One element as it looks. Lengths are in CSS pixels; `line` is the height of a line of text."""

    own: Mapping[str, str]
    colour: str
    ground: str | None
    """The colour behind its text; None where a picture may lie there."""
    size: float
    line: float
    factor: float | None
    """Of the size, which the lines of what lies in it are high; None where that is fixed in pixels."""
    bold: bool
    hidden: bool

    def side(self, name: str) -> float:
        """A padding, such as "top"."""
        return length(self.own.get(f"padding-{name}", ""), self.size) or 0.0


class Styles:
    """The looks of a document's elements on one screen."""

    def __init__(self, document: Document, rules: Iterable[StyleRule], screen: Screen) -> None:
        self.screen = screen
        self._rules = _Index(rules, screen)
        self._looks: dict[Element, Look] = {}
        dark = screen.dark and _is_prepared(document, self._rules)
        ink, paper = ("#ffffff", "#121212") if dark else ("#000000", "#ffffff")
        self._link = "#9e9eff" if dark else "#0000ee"
        self._above = Look({}, ink, paper, 16, 16 * NORMAL, NORMAL, bold=False, hidden=False)
        for element in document.all():
            above = self._looks.get(element.parent, self._above) if element.parent else self._above
            self._looks[element] = self._look(element, above)

    def of(self, element: Element) -> Look:
        """How the element looks."""
        return self._looks.get(element, self._above)

    def _look(self, element: Element, above: Look) -> Look:
        own = _expanded(self._rules.declared(element))
        size = _size(element, own, above.size)
        ground = _ground(own, above.ground)
        colour = colour_in(own.get("color", ""))
        line, factor = _line(own, size, above)
        return Look(
            own=own,
            colour=over(colour, ground or "#ffffff") if colour else self._inherited(element, above),
            ground=ground,
            size=size,
            line=line,
            factor=factor,
            bold=_bold(element, own, above.bold),
            hidden=_hidden(own, above.hidden),
        )

    def _inherited(self, element: Element, above: Look) -> str:
        """The colour of an element that declares none: a link is blue then."""
        return self._link if element.tag == "a" and "href" in element.attrs else above.colour


def length(value: str, size: float, whole: float = 0) -> float | None:
    """A length in pixels; `size` is what an em is, `whole` what 100% are. None for `auto` and the like."""
    found = _LENGTH.fullmatch(value.strip().lower())
    if found is None:
        return None
    units = {"pt": 4 / 3, "em": size, "rem": 16, "%": whole / 100, "vw": whole / 100}
    return float(found[1]) * units.get(found[2] or "", 1)


class _Index:
    """The rules that hold on a screen, by what their last step asks for."""

    def __init__(self, rules: Iterable[StyleRule], screen: Screen) -> None:
        self.by_key: dict[str, list[tuple[Selector, int, StyleRule]]] = defaultdict(list)
        for order, rule in enumerate(rules):
            if not all(screen.shows(query) for query in rule.media):
                continue
            for text in rule.selectors:
                selector = parse_selector(text)
                if selector is not None:
                    self.by_key[_key(selector)].append((selector, order, rule))

    def declared(self, element: Element) -> list[Declaration]:
        """The declarations for an element, the strongest last."""
        keys = (*(f".{name}" for name in element.classes), element.tag, "*")
        found: list[tuple[bool, Specificity, int, Declaration]] = [
            (False, (0, 0, 0), -1, item) for item in _presentational(element)
        ]
        for key in keys:
            for selector, order, rule in self.by_key.get(key, ()):
                if selector.matches(element):
                    found += [(d.important, selector.specificity, order, d) for d in rule.declarations]
        inline = declarations_of(element.attrs.get("style", ""))
        found += [(item.important, (9999, 0, 0), 0, item) for item in inline]
        return [item for *_, item in sorted(found, key=lambda each: each[:3])]


def _key(selector: Selector) -> str:
    last = selector.steps[-1]
    return f".{min(last.classes)}" if last.classes else (last.tag or "*")


def _presentational(element: Element) -> Sequence[Declaration]:
    found = [Declaration("display", "none")] if "hidden" in element.attrs else []
    names = {"bgcolor": "background-color", "width": "width", "height": "height"}
    if element.tag == "font":
        names = {**names, "color": "color"}
    return [
        *found,
        *(Declaration(to, element.attrs[name]) for name, to in names.items() if name in element.attrs),
    ]


def _expanded(declared: Iterable[Declaration]) -> dict[str, str]:
    """By name, with the shorthands that rules ask for taken apart."""
    own: dict[str, str] = {}
    for item in declared:
        if item.name == "padding":
            own |= _padding(item.value.split() or ["0"])
        elif item.name == "background":
            own["background-color"] = item.value if colour_in(item.value) else "transparent"
            own["background-image"] = item.value if "url(" in item.value or "gradient(" in item.value else ""
        elif item.name == "font":
            own |= _font(item.value)
        else:
            own[item.name] = item.value
    return own


def _padding(values: Sequence[str]) -> dict[str, str]:
    order = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1)}.get(len(values), (0, 1, 2, 3))
    picked = (values[place] for place in order)
    return {f"padding-{side}": value for side, value in zip(_SIDES, picked, strict=True)}


def _font(value: str) -> dict[str, str]:
    parts = {"font-weight": "bold"} if re.search(r"\b(bold|[6-9]00)\b", value) else {}
    for word in value.split():
        size, _, line = word.partition("/")
        if not size.isdigit() and length(size, 16):
            return {**parts, "font-size": size, **({"line-height": line} if line else {})}
    return parts


def _size(element: Element, own: Mapping[str, str], above: float) -> float:
    value = own.get("font-size", "").strip().lower()
    if value in _SIZES:
        return float(_SIZES[value])
    known = length(value, above, above) if value else None
    return known if known is not None else above * _TAG_SIZES.get(element.tag, 1.0)


def _line(own: Mapping[str, str], size: float, above: Look) -> tuple[float, float | None]:
    value = own.get("line-height", "").strip().lower()
    if not value or value == "inherit":
        return (above.line, None) if above.factor is None else (above.factor * size, above.factor)
    if re.fullmatch(r"\d*\.?\d+", value):
        return float(value) * size, float(value)
    fixed = length(value, size, size)
    return (size * NORMAL, NORMAL) if fixed is None else (fixed, None)


def _bold(element: Element, own: Mapping[str, str], above: bool) -> bool:
    value = own.get("font-weight", "").strip()
    if not value or value == "inherit":
        return above or element.tag in _BOLD
    return value in ("bold", "bolder") or (value.isdigit() and int(value) >= 700)


def _ground(own: Mapping[str, str], above: str | None) -> str | None:
    colour = colour_in(own.get("background-color", ""))
    if own.get("background-image", "none") not in ("", "none"):
        return None
    if colour is None or colour[1] == 0:
        return above
    return colour[0] if above is None and colour[1] >= 1 else (over(colour, above) if above else None)


def _hidden(own: Mapping[str, str], above: bool) -> bool:
    cut = own.get("max-height") in ("0", "0px") and "hidden" in own.get("overflow", "")
    gone = own.get("display") == "none" or own.get("visibility") == "hidden" or own.get("opacity") == "0"
    return above or cut or gone


def _is_prepared(document: Document, rules: _Index) -> bool:
    """Whether the email says that it has colours for dark mode, so that undeclared ones turn dark."""
    meta = any(
        item.attrs.get("name", "").lower() == "color-scheme" and "dark" in item.attrs.get("content", "")
        for item in document.all("meta")
    )
    html = document.first("html")
    declared = rules.declared(html) if html else []
    return meta or any(item.name == "color-scheme" and "dark" in item.value for item in declared)

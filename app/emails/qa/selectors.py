"""CSS selectors against elements. What is not understood matches nothing."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.emails.qa.tree import Element

Specificity = tuple[int, int, int]
_PART = re.compile(
    r"""
    (?P<tag>^[a-z][\w-]*|^\*)
    | \#(?P<id>[\w-]+)
    | \.(?P<class>[\w-]+)
    | \[\s*(?P<attr>[\w:-]+)\s*(?:(?P<op>[~|^$*]?=)\s*["']?(?P<value>[^"'\]]*)["']?\s*)?\]
    | :(?P<pseudo>[a-z-]+)(?:\((?P<arg>[^()]*)\))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_STEPS = re.compile(r"(?:\s*([>+~])\s*|\s+)(?![^()\[\]]*[)\]])")
_NTH = re.compile(r"(?:([+-]?\d*)n)?\s*([+-]?\s*\d+)?")


@dataclass(frozen=True)
class Compound:
    """One step of a selector: what one element has to be."""

    tag: str
    ids: tuple[str, ...]
    classes: frozenset[str]
    attrs: tuple[tuple[str, str, str], ...]
    pseudos: tuple[tuple[str, str], ...]

    def matches(self, element: Element) -> bool:
        """Whether the element is what this step asks for."""
        return (
            self.tag in ("", "*", element.tag)
            and all(element.attrs.get("id") == name for name in self.ids)
            and self.classes <= element.classes
            and all(_has(element, *attr) for attr in self.attrs)
            and all(_is(element, *pseudo) for pseudo in self.pseudos)
        )


@dataclass(frozen=True)
class Selector:
    """A parsed selector: its steps, and how each hangs on the one before it."""

    steps: tuple[Compound, ...]
    hung: tuple[str, ...]
    specificity: Specificity

    def matches(self, element: Element) -> bool:
        """Whether the selector picks the element."""
        return self.steps[-1].matches(element) and self._before(element, len(self.steps) - 2)

    def _before(self, element: Element, step: int) -> bool:
        if step < 0:
            return True
        how, wanted = self.hung[step], self.steps[step]
        if how == ">":
            candidates = [element.parent] if element.parent else []
        elif how == " ":
            candidates = [node for node in element.ancestors() if node is not element]
        else:
            earlier = element.parent.elements[: element.place - 1] if element.parent else []
            candidates = [*earlier[-1:]] if how == "+" else [*reversed(earlier)]
        return any(wanted.matches(node) and self._before(node, step - 1) for node in candidates)


@lru_cache(maxsize=4096)
def parse_selector(text: str) -> Selector | None:
    """The selector, or None when it holds what no rule here needs (pseudo-elements, :hover, :not)."""
    text = text.strip()
    hung = tuple(found[1] or " " for found in _STEPS.finditer(text))
    steps = [_compound(part) for part in _STEPS.sub("\0", text).split("\0")]
    known = [step for step in steps if step is not None]
    if not known or len(known) != len(steps) or len(hung) != len(steps) - 1:
        return None
    classes = sum(len(step.classes) + len(step.attrs) + len(step.pseudos) for step in known)
    tags = sum(step.tag not in ("", "*") for step in known)
    return Selector(tuple(known), hung, (sum(len(step.ids) for step in known), classes, tags))


def _compound(text: str) -> Compound | None:
    position, parts = 0, []
    while position < len(text):
        found = _PART.match(text, position)
        if found is None or found.end() == position:
            return None
        parts.append(found)
        position = found.end()
    if not parts:
        return None
    pseudos = tuple((part["pseudo"].lower(), part["arg"] or "") for part in parts if part["pseudo"])
    if any(name not in _PSEUDOS for name, _ in pseudos):
        return None
    return Compound(
        tag=next((part["tag"].lower() for part in parts if part["tag"]), ""),
        ids=tuple(part["id"] for part in parts if part["id"]),
        classes=frozenset(part["class"] for part in parts if part["class"]),
        attrs=tuple((p["attr"].lower(), p["op"] or "", p["value"] or "") for p in parts if p["attr"]),
        pseudos=pseudos,
    )


_PSEUDOS = frozenset({"root", "link", "first-child", "last-child", "nth-child"})


def _is(element: Element, name: str, argument: str) -> bool:
    if name == "root":
        return element.tag == "html"
    if name == "link":
        return element.tag == "a" and "href" in element.attrs
    if name == "last-child":
        return element.parent is not None and element.parent.elements[-1] is element
    return element.place == 1 if name == "first-child" else _nth(argument, element.place)


def _nth(argument: str, place: int) -> bool:
    words = {"odd": "2n+1", "even": "2n"}.get(argument.strip(), argument.strip())
    found = _NTH.fullmatch(words)
    if found is None:
        return False
    step = 0 if found[1] is None else int(found[1] + "1" if found[1] in ("", "+", "-") else found[1])
    first = int((found[2] or "0").replace(" ", ""))
    return place == first if step == 0 else (place - first) % step == 0 and (place - first) // step >= 0


def _has(element: Element, name: str, how: str, value: str) -> bool:
    held = element.attrs.get(name)
    if held is None:
        return False
    tests = {
        "": True,
        "=": held == value,
        "~=": value in held.split(),
        "|=": held == value or held.startswith(f"{value}-"),
        "^=": held.startswith(value),
        "$=": held.endswith(value),
        "*=": value in held,
    }
    return tests[how]

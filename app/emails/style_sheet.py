"""The check of the style sheet of an email: plain rules with known properties, in @media blocks or outside.

Mail programs throw away a whole sheet for one thing that they do not know, and what a sheet can fetch or
cover is a way in. So selectors, properties and values have an allow-list of their own.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_CHARS = 12_000
_CONDITION = re.compile(
    r"@media (?:only )?(?:screen and )?"
    r"\((?:(?:max|min)-width: ?[0-9]{2,4}px|prefers-color-scheme: ?(?:dark|light))\)"
)
_SELECTOR = re.compile(r"[A-Za-z0-9.:#>~+*(), \n_-]{1,300}")
_PROPERTIES = re.compile(
    r"background(?:-color)?|border(?:-(?:color|radius|style|width))?|clear|color|color-scheme|display|float|"
    r"font-(?:family|size|style|weight)|height|letter-spacing|line-height|(?:margin|padding)"
    r"(?:-(?:top|right|bottom|left))?|(?:max-|min-)?width|overflow|supported-color-schemes|text-align|"
    r"text-decoration(?:-thickness)?|text-underline-offset|text-wrap|vertical-align|white-space|word-break"
)
_NUMBER = r"-?(?:[0-9]{1,4}(?:\.[0-9]{1,4})?|\.[0-9]{1,4})(?:px|em|%)?"
_WORD = rf"(?:#[0-9a-f]{{3,8}}|{_NUMBER}|[a-z-]{{1,30}}|'[a-z0-9 -]{{1,40}}')"
_VALUE = re.compile(rf"{_WORD}(?:,? {_WORD}){{0,9}}(?: !important)?", re.IGNORECASE)
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class StyleProblem:
    """What is wrong in a style sheet; line and column count from 1."""

    line: int
    column: int
    message: str
    expected: str


@lru_cache(maxsize=64)
def style_sheet_problems(css: str) -> tuple[StyleProblem, ...]:
    """Everything in `css` that an email's style sheet may not hold."""
    if len(css) > MAX_CHARS:
        return (StyleProblem(1, 1, f"the style sheet has {len(css)} characters", f"at most {MAX_CHARS}"),)
    return tuple(_Sheet(css).problems)


class _Sheet:
    """One reading from brace to brace: at most rules inside @media."""

    def __init__(self, css: str) -> None:
        self.css = css
        self.problems: list[StyleProblem] = []
        media, rule, position = False, False, 0
        for brace in _BRACE.finditer(css):
            before = css[position : brace.start()]
            if brace[0] == "{":
                if rule:
                    self.wrong(brace.start(), "a block within a rule", "rules within @media only")
                elif before.strip().startswith("@"):
                    self.condition(before, position, nested=media)
                    media = True
                else:
                    self.selector(before, position)
                    rule = True
            elif rule:
                self.declarations(before, position)
                rule = False
            elif media and not before.strip():
                media = False
            else:
                self.wrong(brace.start(), "a brace that closes nothing, or words before it", "rules")
            position = brace.end()
        if media or rule or css[position:].strip():
            self.wrong(min(position, len(css) - 1), "the style sheet does not end after a rule", "a }")

    def condition(self, text: str, position: int, *, nested: bool) -> None:
        if nested or not _CONDITION.fullmatch(text.strip()):
            self.wrong(
                self.first(text, position), f"{text.strip()[:60]!r}", "@media with a width or a scheme"
            )

    def selector(self, text: str, position: int) -> None:
        if not _SELECTOR.fullmatch(text.strip()):
            self.wrong(self.first(text, position), f"selector {text.strip()[:60]!r}", "names and classes")

    def declarations(self, text: str, position: int) -> None:
        for declaration in text.split(";"):
            stripped = declaration.strip()
            if stripped:
                name, _, value = stripped.partition(":")
                if not _PROPERTIES.fullmatch(name.rstrip()):
                    self.wrong(self.first(declaration, position), f"property {name[:60]!r}", "a known one")
                elif not _VALUE.fullmatch(value.strip()):
                    self.wrong(
                        self.first(declaration, position),
                        f"{name}: {value.strip()[:60]!r}",
                        "colours, lengths and words; no url(), no escapes",
                    )
            position += len(declaration) + 1

    def first(self, text: str, position: int) -> int:
        return position + len(text) - len(text.lstrip())

    def wrong(self, position: int, what: str, expected: str) -> None:
        line = self.css.count("\n", 0, position) + 1
        column = position - self.css.rfind("\n", 0, position)
        self.problems.append(StyleProblem(line, column, f"the style sheet holds {what}", expected))

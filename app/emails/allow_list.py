"""The check of composed MJML before mjml-python sees it, since that validates nothing and can crash.

Two readings have to agree. A regular expression demands the plainest possible tags (double quotes, printable
ASCII, explicit closing); expat then checks elements, nesting and decoded values against MJML_ELEMENTS. expat
reads iteratively, and a document type, the only way to define entities, is refused, so nothing can expand.
"""

import re
from functools import lru_cache
from xml.parsers import expat

from app.emails.allow_list_rules import (
    ANYTHING,
    MARK,
    MJML_ELEMENTS,
    ONCE,
    VALUES,
    Element,
    link_problem,
)
from app.emails.style_sheet import style_sheet_problems
from app.errors import Problem, RenderError

MAX_CHARS = 200_000
MAX_DEPTH = 12
MAX_ELEMENTS = 1_500
MAX_PROBLEMS = 20
"""So many are told at once; a document that is wrong throughout needs no longer list."""
_TAG = re.compile(r"<[^<>]*>?")
_PLAIN_TAG = re.compile(r'<(?:[a-z][a-z0-9-]*(?:\s+[a-z-]+="[ !#-\[\]-~]*")*\s*/?|/[a-z][a-z0-9-]*)>')
_VOID = frozenset({"meta"})
_FILE = "MJML"


class MjmlRefused(RenderError):
    """MJML that holds what it may not; `problems` say all of it, each with line and column."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first, *others = problems
        super().__init__("\n  ".join([_told(first), *(f"{_told(p)} ({p.expected})" for p in others)]))
        self.hint = first.expected


def _told(problem: Problem) -> str:
    where = f"MJML line {problem.line}, column {problem.column}: " if problem.line else "MJML: "
    return where + problem.message


def check_mjml(mjml: str, *, preview: bool) -> None:
    """Raise MjmlRefused with everything that is not allowed. A preview may link to files beside it."""
    problems = mjml_problems(mjml, preview=preview)
    if problems:
        raise MjmlRefused(problems)


def mjml_problems(mjml: str, *, preview: bool) -> tuple[Problem, ...]:
    """What is not allowed, in the order of the document and at most MAX_PROBLEMS of it."""
    if len(mjml) > MAX_CHARS:
        return (_problem(0, 0, f"has {len(mjml)} characters", f"at most {MAX_CHARS}"),)
    found = _tag_problems(mjml)
    if len(found) < MAX_PROBLEMS:
        read = _Checker(preview).run(mjml)
        seen = {(problem.line, problem.column) for problem in found}
        found += [problem for problem in read if (problem.line, problem.column) not in seen]
    found.sort(key=lambda problem: (problem.line, problem.column))
    return tuple(found[:MAX_PROBLEMS])


def _problem(line: int, column: int, message: str, expected: str) -> Problem:
    return Problem(_FILE, line, column, "", message, expected)


def _tag_problems(mjml: str) -> list[Problem]:
    """Tags that are not written in the one plain way."""
    if all(_tag_problem(tag) is None for tag in set(_TAG.findall(mjml))):
        return []
    found: list[Problem] = []
    for match in _TAG.finditer(mjml):
        wrong = _tag_problem(match[0])
        if wrong is not None and len(found) < MAX_PROBLEMS:
            before = mjml[: match.start()]
            found.append(_problem(before.count("\n") + 1, len(before) - before.rfind("\n"), *wrong))
    return found


def _tag_problem(tag: str) -> tuple[str, str] | None:
    if not _PLAIN_TAG.fullmatch(tag):
        return f"tag {tag[:80]!r}", 'name="value" with numeric character references'
    if tag.endswith("/>") and tag[1:].split(maxsplit=1)[0].rstrip("/>") not in _VOID:
        return f"tag {tag[:80]!r} closes itself", "an explicit closing tag"
    return None


@lru_cache(maxsize=4_096)
def _attribute_problems(
    name: str, attributes: tuple[tuple[str, str], ...], preview: bool
) -> tuple[tuple[str, str], ...]:
    """What is wrong with the attributes of an element, each with what would be right."""
    element = MJML_ELEMENTS[name]
    names = {attribute for attribute, _ in attributes}
    found = [
        (f"<{name}> has no {required}", "required") for required in element.required if required not in names
    ]
    for attribute, value in attributes:
        rule = element.attributes.get(attribute)
        if rule is None:
            allowed = ", ".join(sorted(element.attributes))
            found.append((f"<{name}> may not have {attribute}", f"allowed: {allowed}"))
        elif rule in ("link", "image"):
            problem = link_problem(value, preview=preview, image=rule == "image")
            if problem:
                found.append((f'<{name} {attribute}="{value[:80]}">: {problem}', "https or mailto"))
        elif not VALUES[rule].fullmatch(value):
            found.append((f'<{name} {attribute}="{value[:80]}"> is not allowed', f"a {rule}"))
    return tuple(found)


class _Stop(Exception):  # control flow, like StopIteration
    """There is no use in reading on."""


class _Checker:
    """Reads a document with expat and keeps what is wrong with it."""

    def __init__(self, preview: bool) -> None:
        self.preview = preview
        self.problems: list[Problem] = []
        self.open: list[tuple[str, Element]] = []
        self.once: set[str] = set()
        self.count = 0
        self.style: list[str] = []
        self.style_at = (0, 0)
        self.words_at = 0  # the last line with words where none may stand: each line is told once
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = False  # so that words have their place, and not that of what comes after
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse("a document type")
        self.parser.EntityDeclHandler = self.refuse("an entity")
        self.parser.CommentHandler = self.refuse("a comment")
        self.parser.ProcessingInstructionHandler = self.refuse("a processing instruction")
        self.parser.StartCdataSectionHandler = self.refuse("a CDATA section")

    def run(self, mjml: str) -> list[Problem]:
        try:
            self.parser.Parse(mjml.encode("utf-8"), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            message = f"the MJML is not well-formed: {reason}"
            self.problems.append(_problem(error.lineno, error.offset + 1, message, "closed elements"))
        except UnicodeEncodeError as error:
            line = mjml.count("\n", 0, error.start) + 1
            column = error.start - mjml.rfind("\n", 0, error.start)
            self.problems.append(_problem(line, column, "half a character", "whole characters"))
        except _Stop:
            pass
        else:
            if "mj-body" not in self.once:
                self.wrong("the email has no <mj-body>", "one mj-body")
        return self.problems

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            self.wrong("too many elements, or too deep", f"{MAX_ELEMENTS} elements, depth {MAX_DEPTH}")
            raise _Stop
        element = MJML_ELEMENTS.get(name)
        if element is None:
            self.wrong(f"<{name}> is not allowed", "see allow_list_rules.py")
            self.open.append((name, ANYTHING))
            return
        allowed = self.open[-1][1].children if self.open else frozenset({"mjml"})
        if name not in allowed and not (self.open and self.open[-1][1] is ANYTHING):
            self.wrong(f"<{name}> may not stand here", f"allowed: {', '.join(sorted(allowed)) or 'nothing'}")
        if name in ONCE:
            if name in self.once:
                self.wrong(f"<{name}> stands here a second time", "one in an email")
            self.once.add(name)
        for message, expected in _attribute_problems(name, tuple(attributes.items()), self.preview):
            self.wrong(message, expected)
        if name == "mj-style":  # has no attributes, so the sheet begins right after
            column = self.parser.CurrentColumnNumber + 1 + len("<mj-style>")
            self.style_at = (self.parser.CurrentLineNumber, column)
        self.open.append((name, element))

    def text(self, data: str) -> None:
        name, element = self.open[-1]
        if name == "mj-style":
            self.style.append(data)
        elif name == "mj-raw" and MARK.fullmatch(data):
            return
        elif data.strip() and not element.text and self.parser.CurrentLineNumber != self.words_at:
            self.words_at = self.parser.CurrentLineNumber
            before = len(data) - len(data.lstrip())
            column = self.parser.CurrentColumnNumber + 1 + before
            message = f"words directly in <{name}>"
            self.add(_problem(self.words_at, column, message, "words stand in mj-text or mj-button"))

    def end(self, name: str) -> None:
        self.open.pop()
        if name == "mj-style" and self.style:
            line, column = self.style_at
            for wrong in style_sheet_problems("".join(self.style)):
                at = column + wrong.column - 1 if wrong.line == 1 else wrong.column
                self.add(_problem(line + wrong.line - 1, at, wrong.message, wrong.expected))
            self.style.clear()

    def refuse(self, what: str) -> "_Refusal":
        return _Refusal(self, what)

    def wrong(self, message: str, expected: str) -> None:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        self.add(_problem(line, column, message, expected))

    def add(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MAX_PROBLEMS:
            raise _Stop


class _Refusal:
    """An expat handler that refuses whatever it is called for, and ends the reading."""

    def __init__(self, checker: _Checker, what: str) -> None:
        self.checker = checker
        self.what = what

    def __call__(self, *_: object) -> None:
        self.checker.wrong(f"{self.what} is not allowed", "elements and words only")
        raise _Stop

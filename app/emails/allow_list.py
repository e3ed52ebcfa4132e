"""The check of composed MJML before mjml-python sees it, since that validates nothing and can crash.

Two readings have to agree. A regular expression demands the plainest possible tags (double quotes, printable
ASCII, explicit closing); expat then checks elements, nesting and decoded values against MJML_ELEMENTS. expat
reads iteratively, and a document type, the only way to define entities, is refused, so nothing can expand.
"""

import re
from xml.parsers import expat

from app.emails.allow_list_rules import MARK, MJML_ELEMENTS, STYLE_SHEET, VALUES, Element, link_problem
from app.errors import RenderError

MAX_CHARS = 200_000
MAX_DEPTH = 12
MAX_ELEMENTS = 1_500
_TAG = re.compile(r"<[^<>]*>?")
_PLAIN_TAG = re.compile(r'<(?:[a-z][a-z0-9-]*(?:\s+[a-z-]+="[ !#-\[\]-~]*")*\s*/?|/[a-z][a-z0-9-]*)>')
_VOID = frozenset({"meta"})


def check_mjml(mjml: str, *, preview: bool) -> None:
    """Raise RenderError for the first thing that is not allowed. A preview may link to files beside it."""
    if len(mjml) > MAX_CHARS:
        raise RenderError(f"the MJML has {len(mjml)} characters", f"at most {MAX_CHARS}")
    for match in _TAG.finditer(mjml):
        if not _PLAIN_TAG.fullmatch(match[0]):
            hint = 'name="value" with numeric character references'
            raise RenderError(
                f"line {mjml.count(chr(10), 0, match.start()) + 1}: tag {match[0][:80]!r}", hint
            )
        if match[0].endswith("/>") and match[0][1:].split()[0].rstrip("/>") not in _VOID:
            raise RenderError(f"tag {match[0][:80]!r} closes itself", "an explicit closing tag")
    _Checker(preview).run(mjml)


class _Checker:
    def __init__(self, preview: bool) -> None:
        self.preview = preview
        self.open: list[tuple[str, Element]] = []
        self.count = 0
        self.style: list[str] = []
        self.parser = expat.ParserCreate(encoding="utf-8")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.refuse("a document type")
        self.parser.EntityDeclHandler = self.refuse("an entity")
        self.parser.CommentHandler = self.refuse("a comment")
        self.parser.ProcessingInstructionHandler = self.refuse("a processing instruction")
        self.parser.StartCdataSectionHandler = self.refuse("a CDATA section")

    def run(self, mjml: str) -> None:
        try:
            self.parser.Parse(mjml.encode("utf-8"), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise RenderError(f"line {error.lineno}: the MJML is not well-formed: {reason}") from error
        except UnicodeEncodeError as error:
            raise RenderError("the MJML holds half a character") from error

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise self.error("too many elements, or too deep", f"{MAX_ELEMENTS} elements, depth {MAX_DEPTH}")
        element = MJML_ELEMENTS.get(name)
        if element is None:
            raise self.error(f"<{name}> is not allowed", "see allow_list_rules.py")
        allowed = self.open[-1][1].children if self.open else frozenset({"mjml"})
        if name not in allowed:
            raise self.error(
                f"<{name}> may not stand here", f"allowed: {', '.join(sorted(allowed)) or 'nothing'}"
            )
        for attribute in element.required:
            if attribute not in attributes:
                raise self.error(f"<{name}> has no {attribute}", "required")
        for attribute, value in attributes.items():
            self.attribute(name, element, attribute, value)
        self.open.append((name, element))

    def attribute(self, name: str, element: Element, attribute: str, value: str) -> None:
        rule = element.attributes.get(attribute)
        if rule is None:
            raise self.error(
                f"<{name}> may not have {attribute}", f"allowed: {', '.join(sorted(element.attributes))}"
            )
        if rule in ("link", "image"):
            problem = link_problem(value, preview=self.preview, image=rule == "image")
            if problem:
                raise self.error(f'<{name} {attribute}="{value[:80]}">: {problem}', "https or mailto")
        elif not VALUES[rule].fullmatch(value):
            raise self.error(f'<{name} {attribute}="{value[:80]}"> is not allowed', f"a {rule}")

    def text(self, data: str) -> None:
        name, element = self.open[-1]
        if name == "mj-style":
            self.style.append(data)
        elif name == "mj-raw" and MARK.fullmatch(data):
            return
        elif data.strip() and not element.text:
            raise self.error(f"words directly in <{name}>", "words stand in mj-text or mj-button")

    def end(self, name: str) -> None:
        self.open.pop()
        if name == "mj-style":
            if not STYLE_SHEET.fullmatch("".join(self.style)):
                raise self.error(
                    "the style sheet holds something other than plain rules", "no url(), @import, \\"
                )
            self.style.clear()

    def refuse(self, what: str) -> "_Refusal":
        return _Refusal(self, what)

    def error(self, message: str, hint: str) -> RenderError:
        return RenderError(f"MJML line {self.parser.CurrentLineNumber}: {message}", hint)


class _Refusal:
    """An expat handler that refuses whatever it is called for."""

    def __init__(self, checker: _Checker, what: str) -> None:
        self.checker = checker
        self.what = what

    def __call__(self, *_: object) -> None:
        raise self.checker.error(f"{self.what} is not allowed", "elements and words only")

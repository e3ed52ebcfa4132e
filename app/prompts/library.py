"""Prompt templates: files under prompts/, strict, sandboxed, and hashed as one set."""

import hashlib
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from app.errors import ContentError, Problem

TEMPLATES = ("capable/system", "capable/request", "capable/reask", "small/system", "small/turn")
"""The templates that generation asks for."""


class PromptLibrary:
    """Renders templates by name ("capable/system"). A template may see only what its context model has."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(root),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )
        self.hash = self._hash()

    @property
    def names(self) -> list[str]:
        """Every template, without its suffix."""
        return sorted(
            p.relative_to(self._root).with_suffix("").as_posix() for p in self._root.rglob("*.jinja")
        )

    def render(self, name: str, context: BaseModel) -> str:
        """The template filled with the context. Raises ContentError with the template's file and line."""
        values = {field: getattr(context, field) for field in type(context).model_fields}
        try:
            return self._environment.get_template(f"{name}.jinja").render(values).strip()
        except TemplateNotFound as error:
            problem = Problem(f"prompts/{name}.jinja", 0, 0, "", "there is no such template")
            raise ContentError([problem]) from error
        except TemplateError as error:
            line = getattr(error, "lineno", None) or _line_of(error, name)
            problem = Problem(f"prompts/{name}.jinja", line, 1, "", str(error.message or error))
            raise ContentError([problem]) from error

    def problems(self) -> list[Problem]:
        """Templates that are missing or that Jinja2 cannot read, each with its line."""
        found = [
            Problem(f"prompts/{name}.jinja", 0, 0, "", "the template is missing", "every one is asked for")
            for name in TEMPLATES
            if name not in self.names
        ]
        for name in self.names:
            try:
                self._environment.get_template(f"{name}.jinja")
            except TemplateSyntaxError as error:
                found.append(Problem(f"prompts/{name}.jinja", error.lineno, 1, "", str(error.message)))
        return found

    def _hash(self) -> str:
        total = hashlib.sha256()
        for name in self.names:
            total.update(name.encode() + b"\0" + (self._root / f"{name}.jinja").read_bytes() + b"\0")
        return total.hexdigest()


def _line_of(error: BaseException, name: str) -> int:
    """The line of the template in which an undefined name was met, taken from the traceback."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(f"{name}.jinja"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line

"""Prompt templates: files under prompts/, strict, sandboxed, and hashed as one set."""

from collections.abc import Callable, Iterator
from pathlib import Path

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from pydantic import BaseModel

from app.brief.models import Journey
from app.errors import ContentError, Problem
from app.manifest import collect
from app.yaml12 import nearest

TEMPLATES = (
    "capable/system",
    "capable/request",
    "capable/reask",
    "capable/redo",
    "small/system",
    "small/turn",
    "languages/de",
    "languages/fr",
)
"""The templates that generation asks for."""
JUDGE_TEMPLATES = ("judge/system", "judge/request", "judge/controls")
"""The templates of the model that judges, needed where one is set up."""
JOURNEYS = "journeys"
"""The folder with a text for each journey, which the request to a capable model includes."""


class PromptLibrary:
    """Renders templates by name ("capable/system"). A template may see only what its context model has.

    The files are read once: what a receipt names by `hash` is what was rendered, whatever is edited later.
    What the model that judges is asked with is listed apart, in `judge`: it changes nothing that is written.
    """

    def __init__(self, root: Path) -> None:
        everything = collect("prompts", root)
        self.manifest, self.judge = everything.split("prompts/judge")
        self._texts: dict[str, tuple[str, str]] = {}
        self._unreadable: list[Problem] = []
        for path, file in everything.sources.items():
            try:
                text = everything.read(path).decode("utf-8")
            except UnicodeDecodeError as error:
                self._unreadable.append(Problem(path, 0, 0, "", f"is not UTF-8: {error.reason}"))
            else:
                self._texts[file.relative_to(root).as_posix()] = (text, str(file))
        self._environment = SandboxedEnvironment(
            loader=FunctionLoader(self._source),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )

    @property
    def hash(self) -> str:
        """SHA-256 of the listing of the templates that copy is written with."""
        return self.manifest.hash

    @property
    def names(self) -> list[str]:
        """Every template, without its suffix."""
        return sorted(name.removesuffix(".jinja") for name in self._texts)

    def render(self, name: str, context: BaseModel) -> str:
        """The template filled with the context. Raises ContentError with the template's file and line."""
        values = {field: getattr(context, field) for field in type(context).model_fields}
        try:
            return self._environment.get_template(f"{name}.jinja").render(values).strip()
        except TemplateNotFound as error:
            problem = Problem(f"prompts/{error.name}", 0, 0, "", "there is no such template")
            raise ContentError([problem]) from error
        except TemplateError as error:
            line = getattr(error, "lineno", None) or _line_of(error, name)
            problem = Problem(f"prompts/{name}.jinja", line, 1, "", str(error.message or error))
            raise ContentError([problem]) from error

    def judge_problems(self) -> list[Problem]:
        """Templates of the judge that are missing or say nothing."""
        hint = "the judge is asked with it; take it from Copydesk's own prompts/judge"
        return [
            Problem(f"prompts/{name}.jinja", 0, 0, "", "the template is missing or empty", hint)
            for name in JUDGE_TEMPLATES
            if not self._texts.get(f"{name}.jinja", ("",))[0].strip()
        ]

    def problems(self) -> list[Problem]:
        """Templates that are missing, that Jinja2 cannot read, or that belong to no journey."""
        found = list(self._unreadable)
        found += [
            Problem(f"prompts/{name}.jinja", 0, 0, "", "the template is missing", "every one is asked for")
            for name in TEMPLATES
            if f"prompts/{name}.jinja" not in self.manifest.entries
        ]
        found += self._journey_problems()
        for name in self.names:
            try:
                self._environment.get_template(f"{name}.jinja")
            except TemplateSyntaxError as error:
                found.append(Problem(f"prompts/{name}.jinja", error.lineno, 1, "", str(error.message)))
        return found

    def _journey_problems(self) -> Iterator[Problem]:
        """Each journey needs a text, and a text that no journey includes would never be read by a model."""
        known = {f"{JOURNEYS}/{journey.value}.jinja": journey.value for journey in Journey}
        for name in known:
            message = ""
            if f"prompts/{name}" not in self.manifest.entries:
                message = "the journey has no prompt"
            elif name in self._texts and not self._texts[name][0].strip():
                message = "the journey's prompt says nothing"
            if message:
                hint = "what the moment is about, what the reader wants, and what must not be said"
                yield Problem(f"prompts/{name}", 0, 0, "", message, hint)
        for name in self.names:
            if name.startswith(f"{JOURNEYS}/") and f"{name}.jinja" not in known:
                hint = nearest(name.rsplit("/", 1)[-1], known.values())
                yield Problem(f"prompts/{name}.jinja", 0, 0, "", "there is no such journey", hint)

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """What Jinja2 asks for: text, file name for tracebacks, and that it stays as it is."""
        found = self._texts.get(name)
        return (*found, lambda: True) if found is not None else None


def _line_of(error: BaseException, name: str) -> int:
    """The line of the template in which an undefined name was met, taken from the traceback."""
    trace, line = error.__traceback__, 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(f"{name}.jinja"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line

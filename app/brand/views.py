"""A brand's overlays: markets/<XX>/ and languages/<xx>/, read, checked, and laid over the global files.

Every combination is built when the brand loads, so that none fails later; files that no overlay of
a combination touches are shared between the views.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale
from pydantic import BaseModel

from app.brand.models import VoiceGuide
from app.brand.overlay_check import overlay_problems
from app.brand.overlays import FOLDERS, SHAPES, Layer, View, merge, with_wordings
from app.brand.reading import build
from app.errors import Problem
from app.yaml12 import Document, nearest, read

FORMAL_LANGUAGES = frozenset({"de", "fr"})
"""Languages in which copy has to decide how to address its reader, and the guardrails know both ways."""
GLOBAL: View = ("", "")
_YAML = (".yaml", ".yml")
_MARKET = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True)
class Overlay:
    """One folder under markets/ or languages/, with its files by name."""

    layer: Layer
    name: str
    documents: Mapping[str, Document]

    @property
    def view(self) -> View:
        """The view in which this overlay alone lies over the global files."""
        return (self.name, "") if self.layer is Layer.LANGUAGE else ("", self.name)


def read_overlays(
    folder: Path, shown: str, locales: tuple[str, ...], problems: list[Problem]
) -> list[Overlay]:
    """Every overlay under a brand's folder, markets first; what has no place there is a problem."""
    found = []
    for layer, place in FOLDERS.items():
        for path in sorted((folder / place).iterdir()) if (folder / place).is_dir() else ():
            if path.name.startswith(".") or not (path.is_dir() or path.suffix in _YAML):
                continue
            where = f"{shown}/{place}/{path.name}"
            hint = _unknown_name(layer, path.name, locales)
            if hint:
                problems.append(Problem(where, 0, 0, "", f"is no {layer} of the brand", hint))
                continue
            documents = dict(_files(path, where, layer, problems))
            if documents:
                found.append(Overlay(layer, path.name, documents))
    return found


def _unknown_name(layer: Layer, name: str, locales: tuple[str, ...]) -> str:
    """What would be right where a folder's name is not; empty when it is."""
    languages = sorted({locale.split("-")[0] for locale in locales})
    if layer is Layer.LANGUAGE:
        return "" if name in languages else nearest(name, languages)
    territories = [code for code in map(str, Locale("en").territories) if _MARKET.fullmatch(code)]
    return "" if name in territories else nearest(name, territories)


def _files(path: Path, where: str, layer: Layer, problems: list[Problem]) -> Iterator[tuple[str, Document]]:
    for file in sorted(path.rglob("*.y*ml")):
        name = file.relative_to(path).as_posix()
        if name not in SHAPES[layer]:
            message = f"a {layer} has no such file"
            problems.append(Problem(f"{where}/{name}", 0, 0, "", message, nearest(name, SHAPES[layer])))
            continue
        document = read(file, f"{where}/{name}")
        problems.extend(document.problems)
        if not document.problems:
            yield name, document


@dataclass
class Views:
    """The views of one brand: the global files with the overlays that a language and a market have."""

    base: Mapping[str, Document]
    models: Mapping[str, type[BaseModel]]
    overlays: list[Overlay] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _documents: dict[tuple[str, View], Document] = field(default_factory=dict)
    _parts: dict[tuple[str, View], BaseModel | None] = field(default_factory=dict)

    def check(self) -> bool:
        """Check every overlay file; whether all of them may be laid over the global ones."""
        for layer in Layer:
            before = len(self.problems)
            overlays = [item for item in self.overlays if item.layer is layer]
            lower = [] if layer is Layer.MARKET else [item for item in self.overlays if item not in overlays]
            for overlay in overlays:
                for name, document in overlay.documents.items():
                    others = [self.document(name, item.view) for item in lower if name in item.documents]
                    self.problems += overlay_problems(document, layer, name, self.base[name], others)
            if len(self.problems) > before:
                return False
        return True

    @property
    def names(self) -> list[View]:
        """Every combination of a language and a market with overlays, the global view first."""
        languages = ["", *(item.name for item in self.overlays if item.layer is Layer.LANGUAGE)]
        markets = ["", *(item.name for item in self.overlays if item.layer is Layer.MARKET)]
        return [(language, market) for language in languages for market in markets]

    def document(self, file: str, view: View) -> Document:
        """A file as the view has it."""
        key = file, self._narrowed(file, view)
        if key not in self._documents:
            document = self.base[file]
            for overlay in self._of(key[1]):
                language = overlay.name if overlay.layer is Layer.LANGUAGE else None
                shape = SHAPES[overlay.layer][file]
                whole = with_wordings(overlay.documents[file], self.base[file], shape, language)
                document = merge(document, whole, shape)
            self._documents[key] = document
        return self._documents[key]

    def part(self, file: str, view: View) -> BaseModel | None:
        """The parsed file as the view has it; None, with its problems noted, where it is not right."""
        key = file, self._narrowed(file, view)
        if key not in self._parts:
            found: list[Problem] = []
            self._parts[key] = build(self.document(*key), self.models[file], found)
            self.problems += [problem for problem in found if problem not in self.problems]
        return self._parts[key]

    def touching(self, view: View, file: str) -> bool:
        """Whether the file has another form in this view than in those that hold less; the global one has."""
        return self._narrowed(file, view) == view

    def _of(self, view: View) -> list[Overlay]:
        """The overlays of a view, the market before the language."""
        order = (("", view[1]), (view[0], ""))
        return [item for wanted in order for item in self.overlays if item.view == wanted != GLOBAL]

    def _narrowed(self, file: str, view: View) -> View:
        """The view without the overlays that lack this file."""
        having = {item.view for item in self._of(view) if file in item.documents}
        return view[0] if (view[0], "") in having else "", view[1] if ("", view[1]) in having else ""

    def formality(self, locales: tuple[str, ...]) -> Iterator[Problem]:
        """Languages with two forms of address in which the voice does not say which one it uses."""
        for language in sorted({locale.split("-")[0] for locale in locales} & FORMAL_LANGUAGES):
            view = (language if (language, "") in self.names else "", "")
            voice = self.part("voice.yaml", view)
            if isinstance(voice, VoiceGuide) and voice.formality is None:
                where = self.document("voice.yaml", view)
                hint = f"'informal' or 'formal', in languages/{language}/voice.yaml"
                yield where.problem((), f"'formality' is missing for '{language}'", hint)

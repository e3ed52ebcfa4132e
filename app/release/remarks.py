"""Remarks about a brand that holds: nothing fails, and yet its owner may have meant something else."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from app.blocks.approved import STARTER
from app.release.library import ContentLibrary

_MARK = re.compile(r"#.*\bCHANGE\b(?! marks)")
"""A comment of the starter that asks for words of one's own; the one that explains the marks is none."""
SHOWN_FILES = 4


def remarks(library: ContentLibrary) -> list[str]:
    """What a person should know about the brand before anything is sent, each in one line."""
    return [*_starter(library), *_spelling(library)]


def _starter(library: ContentLibrary) -> Iterator[str]:
    """Words of the starter that nobody has made the brand's own yet."""
    blocks = Counter(placed.document.file for placed in library.blocks if placed.block.author == STARTER)
    own = f"brand/{library.brand.id}/"
    files = {path: file for path, file in library.brand.manifest.sources.items() if path.startswith(own)}
    marks = _marks({**files, **library.blocks_manifest.sources})
    nouns = (("block", blocks.total()), ("CHANGE mark", marks.total()))
    found = [f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in nouns if count]
    if found:
        verb = "is" if blocks.total() + marks.total() == 1 else "are"
        where = list(dict.fromkeys([*marks, *blocks]))
        more = f" and {len(where) - SHOWN_FILES} more files" if len(where) > SHOWN_FILES else ""
        yield f"{' and '.join(found)} {verb} still the starter's: {', '.join(where[:SHOWN_FILES])}{more}"


def _marks(files: Mapping[str, Path]) -> Counter[str]:
    """How many marks each file has; a file that went away meanwhile has none."""
    found: Counter[str] = Counter()
    for path, file in files.items():
        if file.suffix in (".yaml", ".yml"):
            try:
                count = len(_MARK.findall(file.read_text("utf-8")))
            except (OSError, UnicodeDecodeError):
                continue
            found.update({path: count} if count else {})
    return found


def _spelling(library: ContentLibrary) -> Iterator[str]:
    """Locales whose spelling nobody checks, though that of another region of their language is checked."""
    locales = library.brand.identity.locales
    listed = {locale: library.localised(locale).brand.voice.spelling for locale in locales}
    for locale in locales:
        language = locale.split("-")[0]
        others = [name for name in listed[locale] if name.split("-")[0] == language]
        if others and locale not in others:
            yield (
                f"{locale} has no spelling list: copy for {locale} is not held to the one of {others[0]}; "
                f"add {locale} under `spelling` in brand/{library.brand.id}/voice.yaml"
            )

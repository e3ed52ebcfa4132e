"""A content folder: brand/, blocks/, prompts/ and examples/, and how one of one's own begins.

Prompts, packs, layouts and starter briefs are copied from the content that came along; the words of the
scripted model are neutral ones from the template, since those that came along speak of the sample brands.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from app.errors import StorageError, UsageError

TEMPLATE = Path(__file__).with_name("template")
SHARED = ("prompts", "brand/_packs", "blocks/_layout", "examples/starters")
"""What every brand needs and none owns; the layouts of the kinds of blocks come on top."""
SCRIPT = "examples/scripted.yaml"
_OWN = frozenset({"brand", "blocks", "prompts", "examples"})


def missing_parts(content: Path) -> list[str]:
    """What the folder lacks of that which every brand needs."""
    return [part for part in SHARED if not (content / part).is_dir() or not any((content / part).iterdir())]


def start_content(folder: Path, source: Path) -> list[str]:
    """Copy prompts, packs, layouts and starters from `source` into `folder`; returns the parts, in order.

    What is there already stays as it is. Raises UsageError when the folder holds other things, and
    StorageError when it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strange = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
        if strange and not _OWN.intersection(strange):
            raise UsageError(f"{folder} holds other things, such as {strange[0]}", "a new or an empty folder")
        copied = [part for part in _parts(source) if _copied(source / part, folder / part)]
        own = [part for part in (SCRIPT,) if _copied(TEMPLATE / part, folder / part)]
        return copied + own
    except OSError as error:
        raise StorageError(f"{folder} cannot be written: {error.strerror}", "another folder") from error


def _parts(source: Path) -> Iterator[str]:
    yield from SHARED
    for folder in sorted((source / "blocks").iterdir()):
        if (folder / f"{folder.name}.mjml").is_file():
            yield f"blocks/{folder.name}"


def _copied(source: Path, target: Path) -> bool:
    if target.exists() or not source.exists():
        return False
    files = [path for path in source.rglob("*") if path.is_file()] if source.is_dir() else [source]
    for path in files:  # without their modes: an installed package may be read-only
        place = target / path.relative_to(source) if path != source else target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return True


def check_usable(content: Path, again: str) -> None:
    """Raise UsageError when a brand cannot be added to the folder; `again` is the command that can do it."""
    hint = f"`{again}` starts a content folder of your own; then set COPYDESK_CONTENT to it"
    if not content.is_dir():
        raise UsageError(f"there is no folder {content}, which COPYDESK_CONTENT names", hint)
    missing = missing_parts(content)
    if missing:
        raise UsageError(f"{content} lacks {', '.join(missing)}, which every brand needs", hint)
    for part in ("brand", "blocks", "examples"):
        if not os.access(content / part, os.W_OK):
            raise UsageError(f"{content / part} may not be written", hint)

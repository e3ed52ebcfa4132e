"""Which content serves now: one state of brand/, prompts/ and blocks/, and where it came from.

Whoever answers a request asks once and works with that answer to its end, so that a new version never
mixes with an old one.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.prompts.library import PromptLibrary
from app.release.library import Libraries


@dataclass(frozen=True)
class Serving:
    """The content of one moment. `root` holds brand/, prompts/ and blocks/.

    `version` is the hash of the published version, empty where a folder serves directly; `why` says in
    words for people why this one serves.
    """

    root: Path
    libraries: Libraries
    prompts: PromptLibrary
    version: str
    why: str

    @property
    def partials(self) -> Path:
        """The folder of the MJML files."""
        return self.root / "blocks"


class Contents(Protocol):
    """Where the content that serves is asked for."""

    def now(self) -> Serving:
        """The content that serves at this moment."""
        ...


class FolderContents:
    """A folder that serves as it was when it was read: for one machine, and before anything is published."""

    def __init__(self, root: Path) -> None:
        self._serving = Serving(
            root=root,
            libraries=Libraries(root / "brand", root / "blocks"),
            prompts=PromptLibrary(root / "prompts"),
            version="",
            why=f"nothing is published, so the folder {root} serves",
        )

    def now(self) -> Serving:
        """The folder's content."""
        return self._serving

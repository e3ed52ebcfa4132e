"""A content folder, a database and a cache of its own, to publish from and to serve with."""

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.db.content import ContentStore, Published
from app.db.store import Store
from app.manifest import read_publishable
from app.release.cache import ContentCache
from app.release.published import PublishedContents
from app.release.serving import Serving
from tests import factories
from tests.generation.desk import Desk
from tests.release.content import dump

BRAND = "fernhill"


@dataclass
class House:
    """One installation: `desk` holds the folder, `store` the database, `cache` the versions as files."""

    desk: Desk
    store: Store
    cache: ContentCache

    @classmethod
    def at(cls, root: Path) -> "House":
        """A house under `root`, with its brand written and nothing published."""
        desk = Desk.at(root / "content")
        desk.write()
        return cls(desk, desk.store(), ContentCache(root / "cache"))

    @property
    def content(self) -> ContentStore:
        """The published versions."""
        return ContentStore(self.store.engine)

    def contents(self, **options: Any) -> PublishedContents:
        """What a process that starts now serves by."""
        return PublishedContents(self.content, self.cache, self.desk.root, **options)

    def edit(self, file: str, changes: dict[str, Any]) -> None:
        """Change keys of a brand file, as an editor would."""
        before: dict[str, Any] = {"voice.yaml": factories.VOICE, "brand.yaml": factories.IDENTITY}[file]
        after = {**copy.deepcopy(before), **changes}
        if file == "brand.yaml":
            after |= {"packs": ["walking"]}
        dump(self.desk.content.brands / BRAND / file, after)

    def publish(self, note: str = "") -> Published:
        """Publish the folder without judging it."""
        move = self.content.serving()
        files = read_publishable(self.desk.root).files
        expected = move.version if move is not None else None
        return self.content.publish(files, author="Ada Brand", note=note, expected=expected)

    def roll_back(self, digest: str) -> None:
        """Move the pointer to a stored version."""
        move = self.content.serving()
        expected = move.version if move is not None else None
        self.content.move(digest, by="Ada Brand", why="back", expected=expected)


def summary_of(serving: Serving) -> str:
    """What tells two states of the brand apart."""
    return serving.libraries.get(BRAND).brand.voice.summary

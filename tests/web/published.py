"""The pages over published content, with everybody of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from app.db.content import ContentStore
from app.db.sessions import SessionRows
from app.generation.draft_facts import DraftFacts
from app.manifest import read_publishable
from app.outputs import rendering_problems
from app.release.approved_drafts import StoredDrafts
from app.release.cache import ContentCache
from app.release.published import PublishedContents
from app.release.publishing import Judging, Publisher
from app.sign_in.passwords import Passwords
from app.sign_in.sessions import Sessions
from app.web.app import create_web
from tests.api.house import OURS, add_people, make_service, write_content
from tests.web.front import Front

AUTHOR = "ada@example.com"


@dataclass
class Press(Front):
    """The pages, the folder that is published from, and what publishes."""

    folder: Path
    publisher: Publisher

    def edit(self, file: str, brand: str = OURS, **changes: Any) -> None:
        """Change keys of a brand file."""
        path = self.folder / "brand" / brand / file
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        path.write_text(yaml.safe_dump({**data, **changes}, allow_unicode=True), encoding="utf-8")

    def publish(self, note: str) -> str:
        """Publish the folder without judging it; returns the hash."""
        return publish(self.publisher.store, self.folder, note)

    @property
    def summary(self) -> str:
        """What tells two states of the brand apart."""
        self.service.contents.refresh()
        return self.service.contents.now().library(OURS).brand.voice.summary


def publish(store: ContentStore, folder: Path, note: str) -> str:
    """Publish a folder without judging it."""
    move = store.serving()
    expected = move.version if move is not None else None
    done = store.publish(read_publishable(folder).files, author=AUTHOR, note=note, expected=expected)
    return done.version.hash


@contextmanager
def open_press(root: Path) -> Iterator[Press]:
    """A press under `root` with its first version published."""
    folder = root / "content"
    folder.mkdir(parents=True)
    write_content(folder)
    service = make_service(folder, database=f"sqlite:///{root / 'press.db'}")
    add_people(service.people)
    store, cache = ContentStore(service.store.engine), ContentCache(root / "cache")
    publish(store, folder, "the first one")
    judging = Judging(
        approved=StoredDrafts(service.store),
        facts_of=DraftFacts(service.store.engine),
        rendering=lambda library, serving: rendering_problems(library, serving.partials),
    )
    publisher = Publisher(store, cache, judging)
    service = replace(service, contents=PublishedContents(store, cache, folder), publisher=publisher)
    sessions = Sessions.by(service.settings, SessionRows(service.store.engine))
    passwords = Passwords.by(service.settings, service.store.engine)
    yield Press(service, create_web(service), sessions, passwords, folder, publisher)
    service.store.close()

"""The content that serves, what publishes it, and how long stored bytes are kept, as the settings say."""

import datetime as dt
import os
from pathlib import Path

from app.db.content import ContentStore
from app.db.retention import Pruned, Retention
from app.db.store import Store
from app.errors import StorageError
from app.generation.draft_facts import DraftFacts
from app.outputs import rendering_problems
from app.release.approved_drafts import StoredDrafts
from app.release.cache import ContentCache
from app.release.published import PublishedContents
from app.release.publishing import Judging, Publisher
from app.release.serving import FolderContents
from app.release.standing import NothingApproved
from app.settings import Settings


def content_cache(settings: Settings) -> ContentCache:
    """Where published versions are laid out as files. Raises StorageError when no folder can be named."""
    if settings.content_cache is not None:
        return ContentCache(settings.content_cache)
    try:
        own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError as error:
        raise StorageError(
            "this user has no home folder to keep published content in", "set COPYDESK_CONTENT_CACHE"
        ) from error
    return ContentCache(own / "copydesk" / "content")


def open_contents(
    settings: Settings, store: Store, *, production: bool = False
) -> FolderContents | PublishedContents:
    """The content that serves, as the settings say. Raises StorageError when no version can be used.

    Its `refresh` follows the pointer, or the files of the folder; a Watcher calls it in a running service.
    """
    if settings.content_from == "folder":
        why = f"the settings let the folder {settings.content} serve"
        advice = ("the folder serves although this is production: other machines may serve something else",)
        return FolderContents(settings.content, why=why, faults=advice if production else ())
    cache = content_cache(settings)
    return PublishedContents(ContentStore(store.engine), cache, settings.content, production=production)


def open_publisher(settings: Settings, store: Store) -> Publisher:
    """What publishes and rolls back, judging with the store's approved drafts and their facts."""
    return Publisher(ContentStore(store.engine), content_cache(settings), open_judging(store))


def open_judging(store: Store | None) -> Judging:
    """What content is judged with: the store's approved drafts and their facts, or none without a store."""
    return Judging(
        approved=StoredDrafts(store) if store is not None else NothingApproved(),
        facts_of=DraftFacts(store.engine) if store is not None else lambda _draft, _brand: None,
        rendering=lambda library, serving: rendering_problems(library, serving.partials),
    )


def prune(settings: Settings, store: Store, *, dry_run: bool = False) -> dict[str, Pruned]:
    """Take away stored bytes that the settings let go by now. Raises StorageError."""
    return Retention(store.engine).prune(
        calls_days=settings.retain_calls_days,
        receipts_days=settings.retain_receipts_days,
        now=dt.datetime.now(dt.UTC),
        dry_run=dry_run,
    )

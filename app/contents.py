"""The content folder and the content that serves, as the settings say.

The folder is checked and sealed here, published, and what was published serves.
"""

import datetime as dt
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from app.brand.claims_library import running_out
from app.brand.describe import overrides
from app.brand.loader import brand_ids
from app.db.audit import MACHINE
from app.db.block_approvals import BlockApprovals
from app.db.content import ContentStore
from app.db.engine import existing_database, is_there
from app.db.people import People
from app.db.retention import Pruned, Retention
from app.db.seals import Seal, Seals
from app.db.store import Store
from app.errors import ContentError, Problem, StorageError
from app.generation.draft_facts import DraftFacts
from app.manifest import read_publishable
from app.outputs import rendering_problems
from app.prompts.library import PromptLibrary
from app.release.approved_drafts import StoredDrafts
from app.release.block_standing import BlockReview
from app.release.cache import ContentCache
from app.release.coverage import check_brand, unsealed_problems
from app.release.library import load_library
from app.release.published import ContentRoot, PublishedContents, published_root
from app.release.publishing import Judging, Publisher
from app.release.remarks import remarks
from app.release.sealing import Sealing, seal_passing
from app.release.serving import FolderContents
from app.release.spared import Sparing
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


def unpublished(settings: Settings) -> str:
    """What to say where a published version serves and the content folder differs from it; else empty.

    A database that does not exist yet is not made for this, and one that cannot be read says nothing.
    """
    url = settings.database.get_secret_value()
    try:
        if settings.content_from == "folder" or not is_there(url):
            return ""
        with existing_database(url) as engine:
            move = ContentStore(engine).serving()
    except StorageError:
        return ""
    if move is None or _is(settings.content, move.version):
        return ""
    return (
        f"version {move.version[:12]} serves; the folder {settings.content} differs from it: "
        "`copydesk publish` lets it serve"
    )


def _is(folder: Path, version: str) -> bool:
    """Whether the folder holds the files of this version; one that cannot be published is no version."""
    try:
        return read_publishable(folder).hash == version
    except ContentError:
        return False


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


def prune(
    settings: Settings, store: Store, *, dry_run: bool = False, actor: str = MACHINE
) -> dict[str, Pruned]:
    """Take away stored bytes that the settings let go by now. Raises StorageError."""
    return Retention(store.engine, actor).prune(
        calls_days=settings.retain_calls_days,
        receipts_days=settings.retain_receipts_days,
        deliveries_days=settings.retain_deliveries_days,
        now=dt.datetime.now(dt.UTC),
        dry_run=dry_run,
    )


@dataclass(frozen=True)
class BrandCheck:
    """What a check of a brand found: problems, remarks that are none, and what was looked at in words."""

    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    counts: str


def check_brand_folder(settings: Settings, brand_id: str, as_of: dt.datetime) -> BrandCheck:
    """Check a brand's files, examples, blocks and coverage; blocks that wait for their seal come last."""
    root = settings.content
    problems = check_brand(root / "brand", root / "blocks", brand_id, as_of=as_of, sealed=False)
    problems += PromptLibrary(root / "prompts").problems()
    waiting = unsealed_problems(root / "blocks", brand_id)
    try:
        library = load_library(root / "brand", root / "blocks", brand_id, sealed=False)
    except ContentError:
        return BrandCheck((*problems, *waiting), (), "not loaded")
    problems += rendering_problems(library, root / "blocks")
    unread = ""
    try:
        review = block_review(settings, brand_id)
        problems += list(review.problems(library, as_of)) if review is not None else []
    except StorageError as error:
        unread = f"{brand_id}: who approved its blocks could not be looked up: {error.message}"
    claims, traits, blocks = library.brand.claims, library.brand.never_infer, library.blocks
    examples = sum(len(rule.fails) + len(rule.passes) for rule in claims)
    examples += sum(len(rule.fails) + len(rule.passes) for rule in traits)
    counts = f"{len(claims)} claim rules, {examples} rule examples, {len(blocks)} approved blocks"
    entries = dict.fromkeys(claim for view in library.brand.everywhere for claim in view.library)
    expiring = (
        f"{brand_id}: the approved claim '{claim.id}' may be made until {claim.expires} ({claim.owner})"
        for claim in running_out(tuple(entries), as_of.date())
    )
    notes = (*([unread] if unread else []), *remarks(library), *overrides(library.brand), *expiring)
    return BrandCheck((*problems, *waiting), notes, counts)


def seal_brand(settings: Settings, brand_id: str, *, by: str = "") -> Sealing:
    """Seal the approved blocks of a brand that pass as of now, and record it where there is a database.

    `by` is the email of the person who does it; empty for the machine. Raises UsageError for an unknown
    brand, NotFound for an unknown person, ContentError when the brand does not load.
    """
    root = settings.content
    try:
        library = load_library(root / "brand", root / "blocks", brand_id, sealed=False)
    except ContentError as error:
        hint = "the problems above first: blocks are judged before they are sealed"
        nothing = Problem(f"blocks/{brand_id}", 0, 0, "", "nothing was sealed", hint)
        raise ContentError([*error.problems, nothing]) from error
    at = dt.datetime.now(dt.UTC)
    url = settings.database.get_secret_value()
    if not is_there(url):
        return replace(seal_passing(library, root / "blocks", at), recorded=False)
    with existing_database(url) as engine:
        person_id = People(engine).get(by).person.id if by else ""
        review = _review_in(settings, engine, brand_id)
        sealing = seal_passing(library, root / "blocks", at, review)
        seals = [
            Seal(placed.block.id, placed.block.content_hash(), placed.block.approval.hash)
            for placed in sealing.sealed
        ]
        Seals(engine).record(brand_id, seals, person_id, reviewed=review is not None)
    return sealing


def sparing_of(settings: Settings, engine: Engine) -> Sparing:
    """What is spared from approval because it served before anybody could approve."""

    def serving() -> ContentRoot:
        if settings.content_from == "folder":
            return ContentRoot(settings.content)
        return published_root(ContentStore(engine), content_cache(settings), settings.content)

    return Sparing(BlockApprovals(engine), serving)


def block_review(settings: Settings, brand_id: str) -> BlockReview | None:
    """The approvals of a brand's blocks by people; None while nobody could ever approve for it.

    A database that does not exist yet is not made for this. Raises StorageError for one that cannot be read.
    """
    url = settings.database.get_secret_value()
    if not is_there(url):
        return None
    with existing_database(url) as engine:
        return _review_in(settings, engine, brand_id)


def _review_in(settings: Settings, engine: Engine, brand_id: str) -> BlockReview | None:
    review = sparing_of(settings, engine).review(brand_id)
    return review if review.in_force else None


def unapproved_blocks(settings: Settings, as_of: dt.datetime) -> list[Problem]:
    """Sealed blocks of all brands of the folder that lack the approval of the brand's people.

    Brands that do not load are left to those who judge them.
    """
    root = settings.content
    found: list[Problem] = []
    for brand_id in brand_ids(root / "brand"):
        review = block_review(settings, brand_id)
        if review is not None:
            with suppress(ContentError):
                library = load_library(root / "brand", root / "blocks", brand_id)
                found += review.problems(library, as_of)
    return found


def record_spared(settings: Settings, engine: Engine) -> None:
    """Record what is spared of each brand of the folder, before another version of it may serve."""
    sparing = sparing_of(settings, engine)
    brands = brand_ids(settings.content / "brand")
    sparing.record([row for row in map(sparing.of, brands) if row is not None])


@contextmanager
def granting(settings: Settings, engine: Engine, brand: str, roles: Collection[str]) -> Iterator[None]:
    """Give roles inside: what served before anybody could approve is known from then on.

    Raises ContentError for blocks that cannot be read, before any role is given.
    """
    sparing = sparing_of(settings, engine)
    try:
        rows = sparing.before(brand, roles)
    except ContentError as error:
        hint = "the problems above first: what serves before anybody can approve is recorded now"
        raise ContentError(
            [*error.problems, Problem("blocks", 0, 0, "", "no role was given", hint)]
        ) from error
    yield
    sparing.record(rows)

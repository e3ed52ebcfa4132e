"""Published versions: what each changed, which one serves, comparing two, and going back."""

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import APIRouter, Form, Query, Request, Response

from app.brand.roles import EVERY_BRAND, PersonRole
from app.caller import Caller
from app.db.blobs import BlobStore
from app.db.content import ContentStore
from app.db.service_tables import ContentVersion, ServingMove
from app.errors import Conflict, NotFound, NotPermitted, UsageError
from app.release.publishing import FileChanges, Proposal, Publisher
from app.web.deps import BrandDep, SignedIn, VisitDep
from app.web.rolling_back import Question, RollBacks, Work
from app.web.visit import Visit

router = APIRouter()
SHOWN = 50
"""Versions and moves that the page lists."""
MAY = frozenset({PersonRole.BRAND_OWNER, PersonRole.OPERATOR})
WAITED = 2.0
"""Seconds for which a page waits for what is being worked out before it says that it is."""
MOST_DIFFERENCES = 40
MOST_LINES = 400
LONGEST_WHY = 300
ONE, ALL = "brand", "all"
_OTHER = "Another version serves by now than the one that you saw. Look at what would change now."
_AGAIN = "What it would change is worked out anew. Look at it, and confirm it once more."
_SHARED = ("brand/_packs/", "prompts/")
Hash = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True)
class Row:
    """A version as its brand sees it. `changes` None: nothing of this brand differs from the one before."""

    version: ContentVersion
    changes: FileChanges | None
    first: bool
    serves: bool

    @property
    def short(self) -> str:
        """The digits that people see."""
        return self.version.hash[:12]


@dataclass(frozen=True)
class Difference:
    """One file in which two versions differ, with lines as `diff` prints them."""

    path: str
    what: str
    lines: tuple[str, ...]
    more: int


@router.get("/brands/{brand}/library/versions")
def versions(visit: VisitDep, caller: SignedIn, brand: BrandDep) -> Response:
    """The versions, newest first, and when each served."""
    store = _store(visit)
    if store is None:
        return visit.show("versions.html.jinja", brand=brand, rows=None, moves=[], may=False, serving="")
    found, move = store.versions(SHOWN + 1), store.serving()
    serving = move.version if move is not None else ""
    return visit.show(
        "versions.html.jinja",
        brand=brand,
        rows=list(_rows(found, brand, serving)),
        moves=list(_moves(store, brand)),
        may=may_roll_back(caller, brand),
        serving=serving,
    )


@router.get("/brands/{brand}/library/versions/compare")
def compare_versions(visit: VisitDep, brand: BrandDep, old: Hash, new: Hash) -> Response:
    """The files of the brand, and those of all brands, in which two versions differ. Raises NotFound."""
    store = _store(visit)
    before, after = _version(store, old), _version(store, new)
    mine = _of(before.manifest, brand), _of(after.manifest, brand)
    changes = FileChanges.between(*mine)
    differences = list(_differences(BlobStore(visit.service.store.engine), mine[0], mine[1], changes))
    return visit.show(
        "versions_compare.html.jinja",
        brand=brand,
        before=before,
        after=after,
        differences=differences[:MOST_DIFFERENCES],
        more=max(0, _count(changes) - MOST_DIFFERENCES),
    )


@router.get("/brands/{brand}/library/versions/{version}/roll-back")
def roll_back_page(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    version: str,
    scope: Annotated[str, Query(pattern="^(brand|all)$")] = ONE,
) -> Response:
    """What going back would change, and what would then fail. Raises NotFound, NotPermitted."""
    return _confirm(visit, caller, brand, version, scope)


@router.post("/brands/{brand}/library/versions/{version}/roll-back")
def roll_back(
    *,
    visit: VisitDep,
    caller: SignedIn,
    brand: BrandDep,
    version: str,
    scope: Annotated[str, Form(pattern="^(brand|all)$")] = ONE,
    seen: Annotated[str, Form(max_length=64)] = "",
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Let the version serve, from the next fetch on. Whoever was quicker is told what changed meanwhile."""
    publisher, wanted = _allowed(visit, caller, brand, version, scope)
    words = " ".join(why.split())
    if not words or len(words) > LONGEST_WHY:
        problem = f"Say why, in at most {LONGEST_WHY} characters."
        return _confirm(visit, caller, brand, version, scope, why=why, problem=problem)
    key = _key(publisher, brand, wanted, scope)
    proposal = _roll_backs(visit.request).finished(key)
    if proposal is None or (proposal.serving or "") != seen:
        problem = _OTHER if key.serving != seen else _AGAIN
        return _confirm(visit, caller, brand, version, scope, why=why, problem=problem)
    if proposal.unusable:
        raise Conflict("this version cannot serve: without what is missing nothing can be sent")
    try:
        _move(publisher, brand, wanted, scope, proposal, by=caller.email, why=words)
    except Conflict as error:
        return _confirm(
            visit, caller, brand, version, scope, why=why, problem=f"Nothing was changed: {error}"
        )
    visit.service.contents.refresh()
    return visit.go(f"/brands/{brand}/library/versions", said="rolled_back", version=wanted.hash[:12])


def may_roll_back(caller: Caller, brand: str) -> bool:
    """Whether the person may let an earlier state of the brand serve."""
    return bool(MAY & caller.roles(brand))


def _move(
    publisher: Publisher,
    brand: str,
    wanted: ContentVersion,
    scope: str,
    proposal: Proposal,
    *,
    by: str,
    why: str,
) -> None:
    """As `copydesk rollback` does: one brand goes back as a new version beside which all else stays."""
    if scope == ALL:
        publisher.roll_back(proposal, by=by, why=why)
    else:
        note = f"brand {brand} as in {wanted.hash[:12]}: {why}"
        publisher.publish(publisher.with_brand_of(brand, wanted), proposal, author=by, note=note)


def _allowed(
    visit: Visit, caller: Caller, brand: str, version: str, scope: str
) -> tuple[Publisher, ContentVersion]:
    """Raises NotPermitted, and NotFound for a version that there is not or that lacks the brand."""
    if not may_roll_back(caller, brand):
        raise NotPermitted("only a brand owner or an operator rolls back", "ask one of them")
    everywhere = caller.identity.roles.get(EVERY_BRAND, frozenset())
    if scope == ALL and not MAY & everywhere:
        raise NotPermitted("this would change other brands too", "go back with this brand alone")
    publisher = visit.service.publisher
    wanted = _version(_store(visit), version)
    if publisher is None or not _own(wanted.manifest, brand):
        raise NotFound(f"there is no version '{version[:64]}' of this brand")
    return publisher, wanted


def _confirm(
    visit: Visit, caller: Caller, brand: str, version: str, scope: str, *, why: str = "", problem: str = ""
) -> Response:
    publisher, wanted = _allowed(visit, caller, brand, version, scope)
    work = _work(visit, publisher, brand, wanted, scope)
    if work.error is not None:
        raise work.error
    proposal = work.proposal
    changes = proposal.brands if proposal is not None else ()
    response = visit.show(
        "roll_back.html.jinja",
        brand=brand,
        wanted=wanted,
        scope=scope,
        may_all=bool(MAY & caller.identity.roles.get(EVERY_BRAND, frozenset())),
        proposal=proposal,
        changes=[item for item in changes if scope == ALL or item.brand == brand],
        files=_visible(proposal, brand, scope) if proposal is not None else None,
        unusable=proposal.unusable if proposal is not None else [],
        why=why,
        problem=problem,
        longest=LONGEST_WHY,
        status=409 if problem else 200,
    )
    if proposal is None and not problem:
        response.headers["refresh"] = "3"
    return response


def _work(visit: Visit, publisher: Publisher, brand: str, wanted: ContentVersion, scope: str) -> Work:
    def propose() -> Proposal:
        as_of = dt.datetime.now(dt.UTC)
        if scope == ALL:
            return publisher.propose_stored(wanted, as_of)
        return publisher.propose(publisher.with_brand_of(brand, wanted), as_of)

    key = _key(publisher, brand, wanted, scope)
    return _roll_backs(visit.request).work(key, propose, WAITED)


def _key(publisher: Publisher, brand: str, wanted: ContentVersion, scope: str) -> Question:
    """The same question on the same day, while the same version serves, has the same answer."""
    move = publisher.store.serving()
    day = dt.datetime.now(dt.UTC).date().isoformat()
    return Question(brand if scope == ONE else "", wanted.hash, move.version if move is not None else "", day)


def _roll_backs(request: Request) -> RollBacks:
    return cast(RollBacks, request.app.state.roll_backs)


def _store(visit: Visit) -> ContentStore | None:
    """The published versions; None where a folder serves."""
    if visit.service.publisher is None or not visit.serving.version:
        return None
    return visit.service.publisher.store


def _version(store: ContentStore | None, shortened: str) -> ContentVersion:
    """Raises NotFound."""
    try:
        if store is not None:
            return store.find(shortened)
    except UsageError:
        pass
    raise NotFound(f"there is no version '{shortened[:64]}'", "the list of versions names them")


def _rows(found: list[ContentVersion], brand: str, serving: str) -> Iterator[Row]:
    for index, version in enumerate(found[:SHOWN]):
        before = found[index + 1].manifest if index + 1 < len(found) else None
        changes = FileChanges.between(_of(before or {}, brand), _of(version.manifest, brand))
        yield Row(version, changes if _count(changes) else None, before is None, version.hash == serving)


def _moves(store: ContentStore, brand: str) -> Iterator[tuple[ServingMove, bool]]:
    """The moves of the pointer, each with whether anything of this brand changed by it."""
    manifests: dict[str, dict[str, str]] = {}
    for move in store.moves(SHOWN):
        for digest in (move.version, move.previous or ""):
            if digest and digest not in manifests:
                manifests[digest] = _of(store.find(digest).manifest, brand)
        before = manifests[move.previous] if move.previous else {}
        yield move, before != manifests[move.version]


def _own(manifest: Mapping[str, str], brand: str) -> bool:
    return any(path.startswith(f"brand/{brand}/") for path in manifest)


def _of(manifest: Mapping[str, str], brand: str) -> dict[str, str]:
    """The files that concern a brand: its own, and those of all brands. Others stay unseen."""
    return {path: digest for path, digest in manifest.items() if _concerns(path, brand)}


def _concerns(path: str, brand: str) -> bool:
    if path.startswith((f"brand/{brand}/", f"blocks/{brand}/", *_SHARED)):
        return True
    return path.startswith("blocks/") and path.endswith(".mjml")


def _visible(proposal: Proposal, brand: str, scope: str) -> FileChanges:
    if scope == ALL:
        return proposal.changes
    return FileChanges(
        **{
            name: tuple(path for path in paths if _concerns(path, brand))
            for name, paths in proposal.changes.model_dump().items()
        }
    )


def _count(changes: FileChanges) -> int:
    return len(changes.added) + len(changes.changed) + len(changes.removed)


def _differences(
    blobs: BlobStore, old: Mapping[str, str], new: Mapping[str, str], changes: FileChanges
) -> Iterator[Difference]:
    listed = [("added", path) for path in changes.added]
    listed += [("changed", path) for path in changes.changed]
    listed += [("removed", path) for path in changes.removed]
    chosen = listed[:MOST_DIFFERENCES]
    bytes_of = blobs.find_all([side[path] for _, path in chosen for side in (old, new) if path in side])
    for what, path in chosen:
        before, after = (_text(bytes_of[side[path]].data) if path in side else "" for side in (old, new))
        if before is None or after is None:
            yield Difference(path, what, (), 0)
            continue
        found = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
        lines = list(found)[2:]
        yield Difference(path, what, tuple(lines[:MOST_LINES]), max(0, len(lines) - MOST_LINES))


def _text(data: bytes | None) -> str | None:
    """A file's text; None for a picture, or for bytes that are gone."""
    try:
        return data.decode("utf-8") if data is not None and b"\0" not in data else None
    except UnicodeDecodeError:
        return None

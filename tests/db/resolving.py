"""Walks everything stored and looks up every hash that a receipt, a run or a call names."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session

from app.db.blobs import BlobStore, Resolution
from app.db.store import Store
from app.db.tables import Draft, ModelCall, Run
from app.manifest import sha256

LISTINGS = ("brand", "prompt", "blocks", "content", "judge")


def named_hashes(store: Store) -> Iterator[tuple[str, str]]:
    """Where a hash is named, and the hash."""
    with Session(store.engine) as session:
        drafts = list(session.execute(select(Draft)).scalars())
        runs = list(session.execute(select(Run)).scalars())
        calls = list(session.execute(select(ModelCall)).scalars())
    for draft in drafts:
        where = f"draft {draft.kind} {draft.origin.value} {draft.id}"
        for name, digest in draft.receipt.hashes.model_dump().items():
            yield f"{where}: {name}", digest
        if draft.receipt.judgements is not None:
            yield f"{where}: judge", draft.receipt.judgements.prompt
        yield f"{where}: copy", draft.content_hash
        for call in draft.receipt.calls:
            yield f"{where}: request", call.request
            yield f"{where}: answer", call.answer
        for edit in draft.receipt.edits:
            yield f"{where}: before an edit", edit.before
            yield f"{where}: after an edit", edit.after
    for run in runs:
        for name, digest in run.hashes.model_dump().items():
            yield f"run {run.id}: {name}", digest
    for row in calls:
        yield f"call {row.outcome.value}: request", row.request_hash
        yield f"call {row.outcome.value}: answer", row.answer_hash


def unresolved(store: Store) -> list[str]:
    """Every named hash whose bytes are not stored, or do not have it; also those inside listings."""
    blobs = BlobStore(store.engine)
    lost = []
    for where, digest in named_hashes(store):
        if not digest:
            continue
        found = blobs.find(digest)
        if found.resolution is not Resolution.KEPT or found.data is None or sha256(found.data) != digest:
            lost.append(f"{where}: {digest[:12]} {found.words}")
        elif where.rpartition(": ")[2] in LISTINGS:
            listed = json.loads(found.data)
            assert listed, where
            states = blobs.states(listed.values())
            lost += [
                f"{where}: {path}" for path, item in listed.items() if states[item] is not Resolution.KEPT
            ]
    return lost

"""What a receipt names by hash, together with the bytes behind each of the hashes.

Whoever stores a receipt stores these blobs in the same transaction, so that every hash on it resolves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.brand.contract import DecisionContract
from app.brief.facts import FactSheet
from app.db.blobs import NewBlob
from app.db.receipts import Hashes
from app.db.service_tables import BlobKind
from app.generation.plan import SlotJob
from app.manifest import Manifest, json_bytes
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary


@dataclass(frozen=True)
class Named:
    """Hashes for a receipt, and the bytes behind them. The bytes of files are read only where needed."""

    hashes: Hashes
    blobs: tuple[NewBlob, ...]


def name_content(library: ContentLibrary, prompts: PromptLibrary, version: str = "") -> Named:
    """The brand's files, the rules in them and in its packs, the prompts, and the blocks.

    The bytes of the judge's own prompts are there too, for receipts that name a judge.

    `version` is the published one that serves; its bytes were stored when it was published.
    """
    rules = rules_blob(library)
    listings = (library.brand.manifest, prompts.manifest, prompts.judge, library.blocks_manifest)
    hashes = Hashes(
        brand=library.brand.hash,
        rules=rules.hash,
        prompt=prompts.hash,
        blocks=library.blocks_hash,
        content=version,
    )
    return Named(hashes, (rules, *(blob for manifest in listings for blob in _files(manifest))))


def name_slot(content: Named, job: SlotJob) -> Named:
    """The same with the contract of one slot, its facts, and what else the brief says."""
    clauses, sheet, asked = slot_blobs(job)
    update = {"contract": clauses.hash, "facts": sheet.hash, "asked": asked.hash}
    return Named(content.hashes.model_copy(update=update), (*content.blobs, clauses, sheet, asked))


def slot_blobs(job: SlotJob) -> tuple[NewBlob, NewBlob, NewBlob]:
    """The contract, the facts, and what else of the brief judging the slot rests on."""
    return contract_blob(job.brand.contract), facts_blob(job.facts), asked_blob(job)


def rules_blob(library: ContentLibrary) -> NewBlob:
    """All rules of a brand and its packs, in every view of it, as JSON."""
    views = library.brand.everywhere
    found = dict.fromkeys(rule for view in views for rule in (*view.claims, *view.never_infer, *view.library))
    return _json([rule.model_dump(mode="json") for rule in found])


def contract_blob(contract: DecisionContract) -> NewBlob:
    """The decision contract as JSON."""
    return _json(contract.model_dump(mode="json"))


def facts_blob(facts: FactSheet) -> NewBlob:
    """A fact sheet as JSON."""
    return _json(facts.model_dump(mode="json"))


def asked_blob(job: SlotJob) -> NewBlob:
    """What the verdict on copy for a slot rests on besides facts: whom it is for, and what it may not say."""
    return _json(
        {
            "journey": job.brief.journey.value,
            "locale": job.target.locale,
            "market": job.target.market,
            "segment": job.segment.id,
            "avoid": list(job.avoid),
            "must_say": list(job.must_say),
        }
    )


def copy_blob(kind: str, locale: str, copy: Mapping[str, str]) -> NewBlob:
    """Copy with its kind and locale: its hash is the content hash that drafts, edits and approvals name."""
    return _json([kind, locale, dict(copy)])


def _json(value: Any) -> NewBlob:
    return NewBlob.of(BlobKind.RECEIPT, json_bytes(value))


def _files(manifest: Manifest) -> Iterator[NewBlob]:
    """The listing, and every file that it names."""
    yield NewBlob.of(BlobKind.CONTENT, manifest.canonical)
    for path, digest in manifest.entries.items():
        yield NewBlob(BlobKind.CONTENT, digest, _reader(manifest, path))


def _reader(manifest: Manifest, path: str) -> Any:
    return lambda: manifest.read(path)

"""Exporting from end to end: the packages of a brief, their records, and the packages as they were kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.copywriting.desk import Desk
from app.copywriting.exporting import not_made, ready_emails, receipts_of
from app.copywriting.handoff import MANIFEST, Package, folder_of, packages
from app.db.blobs import BlobStore, NewBlob, Resolution
from app.db.exports import Exports
from app.db.release_tables import Export
from app.db.service_tables import BlobKind, StoredBrief
from app.emails.package import zipped
from app.errors import NotFound, ReleaseRefused, StorageError

DESPITE = "--despite-checks (`despite_checks` over HTTP) exports it all the same, and the note says so"


@dataclass(frozen=True)
class Wanted:
    """What is exported of a brief: to which account, and which of its emails; None and empty for all."""

    account: str
    locale: str | None = None
    segments: tuple[str, ...] = ()
    arm: str | None = None
    together: bool = False
    despite_checks: bool = False


@dataclass(frozen=True)
class Made:
    """The packages of an export that nobody has recorded yet, and what suppression flags keep back."""

    packages: tuple[Package, ...]
    kept_back: tuple[str, ...]


def make(
    desk: Desk,
    exports: Exports,
    stored: StoredBrief,
    wanted: Wanted,
    *,
    by: str,
    named: Callable[..., str] | None = None,
) -> Made:
    """Make the packages, and record nothing. `named` gives the id of an export by what tells it apart.

    Raises what `ready_emails` and `packages` do, and ReleaseRefused where the checks of emails find an error.
    """
    brand = desk.library(stored.brand).brand
    account = brand.account(wanted.account)
    emails = ready_emails(
        desk,
        exports,
        stored,
        account,
        by=by,
        locale=wanted.locale,
        segments=wanted.segments,
        together=wanted.together,
        arm=wanted.arm,
    )
    if named is not None:
        for email in emails:
            email.record.id = named(account.id, email.locale, email.arm, *email.segments)
    made = packages(emails, brand, account, receipts_of(desk, emails))
    errors = [f"{package.folder}: {line}" for package in made for line in package.errors]
    if errors and not wanted.despite_checks:
        raise ReleaseRefused(errors, DESPITE)
    return Made(tuple(made), tuple(not_made(desk, stored)))


def record(exports: Exports, made: Made) -> list[Export]:
    """Keep the records with every file of the packages; returns them as they are stored."""
    files = [
        NewBlob.of(BlobKind.EXPORT, data) for package in made.packages for data in package.files.values()
    ]
    return exports.keep([package.email.record for package in made.packages], files)


def zip_of(made: Sequence[Package]) -> bytes:
    """All packages as one zip."""
    return zipped({f"{item.folder}/{name}": data for item in made for name, data in item.files.items()})


def kept_package(store: BlobStore, export: Export) -> bytes:
    """The package of an export as a zip of the files that were handed over, byte for byte.

    Raises NotFound where they are not kept (any more), StorageError where they are damaged.
    """
    if not export.content.manifest:
        words = f"export '{export.id}' was made before packages were kept"
        raise NotFound(words, "export the brief again")
    names = {**export.content.files, MANIFEST: export.content.manifest}
    found = store.find_all(names.values())
    folder = folder_of(export)
    files = {}
    for name, digest in names.items():
        data = found[digest].data
        if data is None:
            raise _lost(name, export, found[digest].words, found[digest].resolution)
        files[f"{folder}/{name}"] = data
    return zipped(files)


def _lost(name: str, export: Export, words: str, resolution: Resolution) -> NotFound | StorageError:
    message = f"{name} of export '{export.id}' cannot be had: {words}"
    if resolution is Resolution.PRUNED:
        return NotFound(message, "export the brief again")
    error = StorageError(message)
    error.retryable = False
    return error

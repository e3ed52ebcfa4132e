"""Writing checkpoints of the audit chain, as the settings say: for the command and for a running service."""

import datetime as dt
from pathlib import Path

import structlog

from app.db.audit_log import AuditLog
from app.db.checkpoints import Checkpoint, furthest_line, read_key, sign, write_checkpoint
from app.db.store import Store
from app.errors import Conflict, CopydeskError, UsageError
from app.settings import Settings

log = structlog.get_logger(__name__)


def checkpoint(settings: Settings, store: Store, out: Path | None = None) -> Checkpoint:
    """Sign where the chain stands, and add that to `out`, by default the file that the settings name.

    Raises UsageError without a key, StorageError, and Conflict for a chain that is not the one which the file
    has seen: a cut or rewritten one is not vouched for.
    """
    if settings.audit_key is None:
        raise UsageError(
            "no key is set to sign with", "`copydesk audit key new FILE`, then COPYDESK_AUDIT_KEY=FILE"
        )
    key, place, records = (
        read_key(settings.audit_key),
        out or settings.audit_checkpoints,
        AuditLog(store.engine),
    )
    _refuse_another_chain(place, records)
    made = sign(records.head(), key, dt.datetime.now(dt.UTC))
    write_checkpoint(place, made)
    return made


def _refuse_another_chain(place: Path, records: AuditLog) -> None:
    """Raises Conflict when the chain contradicts what a file of checkpoints says of it."""
    seen = furthest_line(place)  # before the chain, to which others add meanwhile
    if seen is None:
        return
    found = records.hash_of(seen.count)
    if found == seen.head:
        return
    what = "ends before it" if found is None else "has another one there"
    raise Conflict(
        f"nothing was signed: {place} has a checkpoint of record {seen.count}, of {seen.at:%Y-%m-%d %H:%M}"
        f" UTC, and the chain {what}: records were cut off or rewritten, or an older backup was restored",
        "look into it with `copydesk audit verify`. After a restore write down why, keep the file, and name"
        " a new one: COPYDESK_AUDIT_CHECKPOINTS",
    )


def check_key(settings: Settings) -> None:
    """Refuse to start with a key that cannot sign. Raises UsageError."""
    if settings.audit_key is not None:
        read_key(settings.audit_key)


def keep_checkpoint(settings: Settings, store: Store) -> None:
    """A checkpoint of a running service, where a key is set; what keeps it from that is logged."""
    if settings.audit_key is None:
        return
    try:
        checkpoint(settings, store)
    except CopydeskError as error:
        log.error("no checkpoint was written", problem=error.message, hint=error.hint)

"""Writing checkpoints of the audit chain, as the settings say: for the command and for a running service."""

import datetime as dt
from pathlib import Path

import structlog

from app.db.audit_log import AuditLog
from app.db.checkpoints import Checkpoint, read_key, sign, write_checkpoint
from app.db.store import Store
from app.errors import CopydeskError, UsageError
from app.settings import Settings

log = structlog.get_logger(__name__)


def checkpoint(settings: Settings, store: Store, out: Path | None = None) -> Checkpoint:
    """Sign where the chain stands, and add that to `out`, by default the file that the settings name.

    Raises UsageError without a key, StorageError.
    """
    if settings.audit_key is None:
        raise UsageError(
            "no key is set to sign with", "`copydesk audit key new FILE`, then COPYDESK_AUDIT_KEY=FILE"
        )
    key = read_key(settings.audit_key)
    made = sign(AuditLog(store.engine).head(), key, dt.datetime.now(dt.UTC))
    write_checkpoint(out or settings.audit_checkpoints, made)
    return made


def check_key(settings: Settings) -> None:
    """Refuse to start with a key that cannot sign. Raises UsageError."""
    if settings.audit_key is not None:
        read_key(settings.audit_key)


def last_checkpoint(settings: Settings, store: Store) -> None:
    """A checkpoint as a service ends, where a key is set; what keeps it from that is logged."""
    if settings.audit_key is None:
        return
    try:
        checkpoint(settings, store)
    except CopydeskError as error:
        log.error("the last checkpoint was not written", problem=error.message, hint=error.hint)

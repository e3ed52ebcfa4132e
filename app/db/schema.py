"""Every table: the metadata that migrations are compared with, filled by the imports here."""

from app.db import audit_tables as _audit_tables
from app.db import email_tables as _email_tables
from app.db import outbox_tables as _outbox_tables
from app.db import proposal_tables as _proposal_tables
from app.db import release_tables as _release_tables
from app.db import review_tables as _review_tables
from app.db import service_tables as _service_tables
from app.db import sign_in_tables as _sign_in_tables
from app.db import waiver_tables as _waiver_tables
from app.db.tables import METADATA

__all__ = ["METADATA", "TABLE_MODULES"]

TABLE_MODULES = (
    "app.db.tables",
    _service_tables.__name__,
    _release_tables.__name__,
    _review_tables.__name__,
    _sign_in_tables.__name__,
    _outbox_tables.__name__,
    _audit_tables.__name__,
    _proposal_tables.__name__,
    _waiver_tables.__name__,
    _email_tables.__name__,
)
"""The modules that define tables."""

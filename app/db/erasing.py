"""Erasing a person: their address and name give way to an alias everywhere, in one transaction.

Records of the audit name people by id and are not touched, so that their chain still holds. Copy, exported
emails and stored bytes are not touched either: they are the brand's words, and their hashes are what was
approved. `still_naming` says which stored files name somebody.
"""

import zlib
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    or_,
    select,
    type_coerce,
    update,
)
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import AutoString

from app.db.audit import EVERY_BRAND, MACHINE, AuditNote, note
from app.db.engine import is_file
from app.db.failures import storage_errors
from app.db.naming import Mentions, alias_of
from app.db.outbox_tables import MailOff
from app.db.people import find_person, known_person, normal_email
from app.db.schema import METADATA
from app.db.service_tables import ApiKey, Blob, ContentVersion, KeptAnswer, Person, RoleGrant
from app.db.sign_in_tables import OutsideIdentity, Password, PasswordLink, SignInSession
from app.db.stored import StoredJson, Word
from app.db.tables import now
from app.db.transactions import Transactions
from app.errors import StorageError

ENDED = (RoleGrant, SignInSession, Password, PasswordLink, OutsideIdentity, MailOff)
"""Tables of which a person's rows are deleted: their ways in, and their own settings."""
KEPT_TABLES = {
    "audit_record": "names people by id only",
    "blob": "bytes under their hash; still_naming finds them",
    "judgement": "what a model said of a text",
    "kept_answer": "whole answers, deleted instead",
}
"""Tables that are not rewritten, with the reason."""
KEPT_COLUMNS = {
    ("content_version", "manifest"): "the listing whose hash is the version",
    ("draft", "copy_fields"): "the copy that was approved, under its hash",
    ("export", "content"): "the email as it was exported",
    ("refusal", "copy_fields"): "copy",
    ("refusal", "findings"): "words of the copy",
}
"""Columns that are not rewritten, with the reason."""
COUNTED = {"draft": "revision"}
"""Tables with a column by which writers notice that a row changed under their hands."""
_SHORT = "…"
_STREAMED: dict[str, Any] = {"stream_results": True, "yield_per": 50}


@dataclass(frozen=True)
class Erased:
    """Who was erased: the alias in their place, and how many rows of each table changed or went."""

    person_id: str
    alias: str
    rows: dict[str, int]


class Erasing(Transactions):
    """Erases people from all that is stored."""

    def erase(self, email: str) -> Erased:
        """Put an alias in the place of a person, and end their roles and every way in. Raises NotFound."""
        with self._write() as session:
            person = known_person(session, email)
            connection = session.connection()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")  # freed pages are overwritten
            alias, mentions = alias_of(person.id), Mentions(person.email, person.name)
            rows = _end_access(session, person, alias)
            for table in METADATA.sorted_tables:
                changed = _rewrite(connection, table, mentions, alias)
                if changed:
                    rows[table.name] = rows.get(table.name, 0) + changed
            rows["kept_answer"] = _forget_answers(connection, person, mentions)
            told: dict[str, JsonValue] = {name: count for name, count in rows.items() if count}
            note(
                session,
                AuditNote(EVERY_BRAND, MACHINE, "person.erase", f"person {person.id}", {"rows": told}),
            )
            return Erased(person.id, alias, {name: count for name, count in rows.items() if count})

    def empty_log(self) -> bool:
        """Empty SQLite's log of writes (`-wal`), where pages lie as they were before. False when somebody who
        reads keeps it from that; True also where the database has none.
        """
        if not is_file(self._engine.url):
            return True
        with storage_errors(self._engine):
            connection = self._engine.raw_connection()
            try:
                (busy, *_) = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        return not busy

    def mentions(self, email: str) -> Mentions:
        """How texts name the person with an address, by their name too while they are known."""
        address = normal_email(email)
        with self._read() as session:
            person = find_person(session, address)
        return Mentions(address, person.name if person is not None else "")

    def still_naming(self, email: str) -> list[str]:
        """The stored files and other kept bytes that name a person, by path where they have one."""
        mentions = self.mentions(email)
        query = select(col(Blob.hash), col(Blob.data)).where(col(Blob.pruned_at).is_(None))
        with self._reading_rows() as connection:
            manifests = connection.execute(select(col(ContentVersion.manifest))).scalars()
            paths = {digest: path for manifest in manifests for path, digest in manifest.items()}
            with connection.execute(query.execution_options(**_STREAMED)) as rows:
                found = [digest for digest, data in rows if mentions.stand_in(_unpacked(data))]
        return sorted(paths.get(digest, f"bytes {digest[:16]}") for digest in found)


def _end_access(session: Session, person: Person, alias: str) -> dict[str, int]:
    """No role, no key that works, no other way in, and a person whose only name is the alias.

    Returns how many rows of each table are deleted. Without the identity elsewhere, who comes back as
    another person is not taken for this one.
    """
    keys = update(ApiKey).where(col(ApiKey.person_id) == person.id)
    session.execute(keys.where(col(ApiKey.revoked_at).is_(None)).values(revoked_at=now()))
    session.execute(keys.values(name=alias))
    deleted = {}
    for table in ENDED:
        found = session.execute(delete(table).where(col(table.person_id) == person.id))
        deleted[str(table.__tablename__)] = int(found.rowcount)  # type: ignore[attr-defined]
    person.email = person.name = alias
    person.disabled_at = person.disabled_at or now()
    session.add(person)
    session.flush()
    return deleted


def _rewrite(connection: Connection, table: Table, mentions: Mentions, alias: str) -> int:
    """Rewrite the rows of a table that name somebody; returns how many there were."""
    columns = (
        [item for item in table.columns if _rewritten(table, item)] if table.name not in KEPT_TABLES else []
    )
    if not columns:
        return 0
    key = list(table.primary_key.columns)
    changed = 0
    for place in connection.execute(select(*key).where(or_(*map(mentions.may_stand_in, columns)))).all():
        here = [item == value for item, value in zip(key, place, strict=True)]
        row = connection.execute(select(*map(_plain, columns)).where(*here)).one()
        values: dict[str, Any] = {
            item.name: bindparam(None, new, type_=_plain_type(item))
            for item, old in zip(columns, row, strict=True)
            if (new := _without(connection, item, old, mentions, alias)) != old
        }
        if values:
            if table.name in COUNTED:
                counted = table.c[COUNTED[table.name]]
                values[counted.name] = counted + 1
            connection.execute(update(table).where(*here).values(values))
            changed += 1
    return changed


def _without(connection: Connection, column: Column[Any], old: Any, mentions: Mentions, alias: str) -> Any:
    """A value with the alias in their place, or with a sign where that is too long in what people wrote."""
    new = mentions.replaced(old, alias, column.name)
    if new == old or _fits(connection, column, new):
        return new
    return mentions.replaced(old, alias, column.name, spoken=_SHORT)


def _fits(connection: Connection, column: Column[Any], value: Any) -> bool:
    """Whether the column can hold a text, or JSON can be read again."""
    if not isinstance(column.type, StoredJson):
        length = getattr(column.type, "length", None)
        return length is None or len(value) <= length
    try:
        column.type.process_result_value(value, connection.dialect)
    except StorageError:
        return False
    return True


def _rewritten(table: Table, column: Column[Any]) -> bool:
    texts = isinstance(column.type, String | AutoString | StoredJson) and not isinstance(column.type, Word)
    return texts and not column.primary_key and (table.name, column.name) not in KEPT_COLUMNS


def _plain(column: Column[Any]) -> Any:
    return type_coerce(column, _plain_type(column)).label(column.name)


def _plain_type(column: Column[Any]) -> Any:
    """JSON as it is stored, with its version: a form of earlier times stays one."""
    return JSON(none_as_null=True) if isinstance(column.type, StoredJson) else column.type


def _forget_answers(connection: Connection, person: Person, mentions: Mentions) -> int:
    """Delete the answers that are kept for repeats: the person's own, and those that name them."""
    query = select(col(KeptAnswer.id), col(KeptAnswer.person_id), col(KeptAnswer.body))
    with connection.execute(query.execution_options(**_STREAMED)) as found:
        naming = [key for key, of, body in found if of == person.id or mentions.stand_in(body or b"")]
    for key in naming:
        connection.execute(delete(KeptAnswer).where(col(KeptAnswer.id) == key))
    return len(naming)


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""

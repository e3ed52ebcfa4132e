"""Erasing a person: their address and name give way to an alias everywhere, in one transaction.

Records of the audit name people by id and are not touched, so that their chain still holds. Copy, exported
emails and stored bytes are not touched either: they are the brand's words, and their hashes are what was
approved. `still_naming` says which stored files name somebody.
"""

import json
import re
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
    Text,
    bindparam,
    cast,
    delete,
    func,
    or_,
    select,
    type_coerce,
    update,
)
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import AutoString

from app.db.audit import EVERY_BRAND, MACHINE, AuditNote, note
from app.db.people import known_person, normal_email
from app.db.schema import METADATA
from app.db.service_tables import ApiKey, Blob, ContentVersion, KeptAnswer, Person, RoleGrant
from app.db.stored import StoredJson, Word
from app.db.tables import now
from app.db.transactions import Transactions

NAMING = frozenset(
    {"author", "by", "chosen_by", "decided_by", "exported_by", "moved_by", "owner", "requested_by"}
)
"""Columns and entries of stored JSON that say who did something, some by name and not by address."""
KEPT_TABLES = {
    "audit_record": "names people by id only",
    "blob": "bytes under their hash; still_naming finds them",
    "content_version": "the listing has a hash",
    "judgement": "what a model said of a text",
    "kept_answer": "whole answers, deleted instead",
}
"""Tables that are not rewritten, with the reason."""
KEPT_COLUMNS = {
    ("draft", "copy_fields"): "the copy that was approved, under its hash",
    ("export", "content"): "the email as it was exported",
    ("refusal", "copy_fields"): "copy",
    ("refusal", "findings"): "words of the copy",
}
"""Columns that are not rewritten, with the reason."""
COUNTED = {"draft": "revision"}
"""Tables with a column by which writers notice that a row changed under their hands."""
_STREAMED: dict[str, Any] = {"stream_results": True, "yield_per": 50}
_AROUND = r"[A-Za-z0-9._%+-]"


@dataclass(frozen=True)
class Erased:
    """Who was erased: the alias that stands in their place, and how many rows of each table changed."""

    person_id: str
    alias: str
    rows: dict[str, int]


def address_pattern(email: str) -> re.Pattern[str]:
    """Finds an address where it is not part of a longer one."""
    return re.compile(f"(?<!{_AROUND}){re.escape(email)}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])", re.IGNORECASE)


class _Alias:
    """Puts an alias in the place of an address wherever it stands, and of a name where one says who."""

    def __init__(self, email: str, name: str, alias: str) -> None:
        self.needles = tuple(dict.fromkeys(_lowered(text) for text in (email, name) if text))
        self._address = address_pattern(email)
        self._name = name.strip().casefold()
        self._alias = alias

    def text(self, value: str, entry: str) -> str:
        """A text, which stands in the column or the JSON entry of this name."""
        if entry in NAMING and self._name and value.strip().casefold() == self._name:
            return self._alias
        return self._address.sub(self._alias, value)

    def value(self, value: Any, entry: str) -> Any:
        """Plain data with all texts in it."""
        if isinstance(value, str):
            return self.text(value, entry)
        if isinstance(value, dict):
            return {key: self.value(item, key) for key, item in value.items()}
        return [self.value(item, entry) for item in value] if isinstance(value, list) else value


class Erasing(Transactions):
    """Erases people from all that is stored."""

    def erase(self, email: str) -> Erased:
        """Put an alias in the place of a person, and end their roles and keys. Raises NotFound."""
        with self._write() as session:
            person = known_person(session, email)
            connection = session.connection()
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete = ON")  # freed pages are overwritten
            alias = f"erased-{person.id[:12]}"
            address, writing_over = address_pattern(person.email), _Alias(person.email, person.name, alias)
            _end_access(session, person, alias)
            rows = {}
            for table in METADATA.sorted_tables:
                changed = _rewrite(connection, table, writing_over)
                if changed:
                    rows[table.name] = changed
            rows["kept_answer"] = _forget_answers(connection, person, address)
            told: dict[str, JsonValue] = {name: count for name, count in rows.items() if count}
            note(
                session,
                AuditNote(EVERY_BRAND, MACHINE, "person.erase", f"person {person.id}", {"rows": told}),
            )
            return Erased(person.id, alias, {name: count for name, count in rows.items() if count})

    def still_naming(self, email: str) -> list[str]:
        """The stored files and other kept bytes that hold an address, by path where they have one."""
        address = address_pattern(normal_email(email))
        query = select(col(Blob.hash), col(Blob.data)).where(col(Blob.pruned_at).is_(None))
        with self._reading_rows() as connection:
            manifests = connection.execute(select(col(ContentVersion.manifest))).scalars()
            paths = {digest: path for manifest in manifests for path, digest in manifest.items()}
            with connection.execute(query.execution_options(**_STREAMED)) as rows:
                found = [digest for digest, data in rows if _named(address, _unpacked(data))]
        return sorted(paths.get(digest, f"bytes {digest[:16]}") for digest in found)


def _end_access(session: Session, person: Person, alias: str) -> None:
    """No role, no key that works, and a person whose only name is the alias."""
    keys = update(ApiKey).where(col(ApiKey.person_id) == person.id)
    session.execute(keys.where(col(ApiKey.revoked_at).is_(None)).values(revoked_at=now()))
    session.execute(keys.values(name=alias))
    session.execute(delete(RoleGrant).where(col(RoleGrant.person_id) == person.id))
    person.email = person.name = alias
    person.disabled_at = person.disabled_at or now()
    session.add(person)
    session.flush()


def _rewrite(connection: Connection, table: Table, alias: _Alias) -> int:
    """Rewrite the rows of a table that name somebody; returns how many there were."""
    columns = (
        [item for item in table.columns if _rewritten(table, item)] if table.name not in KEPT_TABLES else []
    )
    if not columns:
        return 0
    key = list(table.primary_key.columns)
    names = or_(*(_holds(item, needle) for item in columns for needle in alias.needles))
    changed = 0
    for place in connection.execute(select(*key).where(names)).all():
        here = [item == value for item, value in zip(key, place, strict=True)]
        row = connection.execute(select(*map(_plain, columns)).where(*here)).one()
        values: dict[str, Any] = {
            item.name: bindparam(None, new, type_=_plain_type(item))
            for item, old in zip(columns, row, strict=True)
            if (new := alias.value(old, item.name)) != old
        }
        if values:
            if table.name in COUNTED:
                counted = table.c[COUNTED[table.name]]
                values[counted.name] = counted + 1
            connection.execute(update(table).where(*here).values(values))
            changed += 1
    return changed


def _rewritten(table: Table, column: Column[Any]) -> bool:
    texts = isinstance(column.type, String | AutoString | StoredJson) and not isinstance(column.type, Word)
    return texts and not column.primary_key and (table.name, column.name) not in KEPT_COLUMNS


def _holds(column: Column[Any], needle: str) -> Any:
    """Whether a value may hold the text: a first look, in the database."""
    sought = _lowered(json.dumps(needle)[1:-1]) if isinstance(column.type, StoredJson) else needle
    return func.lower(cast(column, Text)).contains(sought, autoescape=True)


def _plain(column: Column[Any]) -> Any:
    return type_coerce(column, _plain_type(column)).label(column.name)


def _plain_type(column: Column[Any]) -> Any:
    """JSON as it is stored, with its version: a form of earlier times stays one."""
    return JSON(none_as_null=True) if isinstance(column.type, StoredJson) else column.type


def _lowered(text: str) -> str:
    """Lower case as both databases have it: other letters than ASCII's stay."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _forget_answers(connection: Connection, person: Person, address: re.Pattern[str]) -> int:
    """Delete the answers that are kept for repeats: the person's own, and those that name them."""
    query = select(col(KeptAnswer.id), col(KeptAnswer.person_id), col(KeptAnswer.body))
    with connection.execute(query.execution_options(**_STREAMED)) as found:
        naming = [key for key, of, body in found if of == person.id or _named(address, body or b"")]
    for key in naming:
        connection.execute(delete(KeptAnswer).where(col(KeptAnswer.id) == key))
    return len(naming)


def _named(address: re.Pattern[str], data: bytes) -> bool:
    return address.search(data.decode("utf-8", "replace")) is not None


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return b""

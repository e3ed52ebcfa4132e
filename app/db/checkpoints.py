"""Signed checkpoints of the audit chain: how many records there were and the hash of the last, elsewhere.

A chain alone does not show that its end was cut off, or that all of it was written anew. A checkpoint does,
as long as whoever can write to the database can neither sign nor change the file of checkpoints. A file holds
one JSON object a line, signed with Ed25519; lines are only added.
"""

import base64
import binascii
import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from app.db.audit_chain import Head
from app.errors import StorageError, UsageError
from app.manifest import json_bytes

DOMAIN = b"copydesk audit checkpoint 1\n"
"""Stands before what is signed, so that no signature of something else is ever one of a checkpoint."""
ID_DIGITS = 16
_READABLE_BY_OWNER = 0o600
_OTHERS = 0o077


class Checkpoint(BaseModel):
    """The end of a chain at one moment, and who says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["copydesk-audit-checkpoint"] = "copydesk-audit-checkpoint"
    version: Literal[1] = 1
    at: AwareDatetime
    count: int = Field(ge=0)
    head: str = Field(pattern="^[0-9a-f]{64}$")
    key: str = Field(pattern=f"^[0-9a-f]{{{ID_DIGITS}}}$")
    """The fingerprint of the key that signed."""
    signature: str = ""
    """Ed25519 over everything else, in Base64."""

    @property
    def signed(self) -> bytes:
        """What the signature covers."""
        return DOMAIN + json_bytes(self.model_dump(mode="json", exclude={"signature"}))


@dataclass(frozen=True)
class Marks:
    """What a file of checkpoints vouches for: hashes by number of records, and what is wrong with lines."""

    marks: Mapping[int, frozenset[str]]
    problems: tuple[str, ...]
    last: Checkpoint | None


def new_key(path: Path) -> str:
    """Write a new private key to a file that did not exist, readable by its owner alone; returns its id.

    Raises UsageError when the file exists, StorageError when it cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _READABLE_BY_OWNER), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        hint = "a key that was used is never written over: choose another name"
        raise UsageError(f"{path} exists already", hint) from error
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}", "choose another place") from error
    return key_id(key.public_key())


def read_key(path: Path) -> Ed25519PrivateKey:
    """The private key in a file that only its owner may read. Raises UsageError."""
    data = _bytes_of(path, "`copydesk audit key new FILE` makes a key")
    if path.stat().st_mode & _OTHERS:
        raise UsageError(f"the key {path} can be read by others", f"chmod 600 {path}")
    try:
        key = load_pem_private_key(data, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{path} is no private key", "`copydesk audit key new FILE` makes one") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(f"{path} is no Ed25519 key", "`copydesk audit key new FILE` makes one")
    return key


def public_text(key: Ed25519PublicKey) -> str:
    """A public key as text (PEM)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The public key in a file. Raises UsageError."""
    data = _bytes_of(path, "`copydesk audit key public` prints it")
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UsageError(f"{path} is no public key", "`copydesk audit key public` prints it") from error
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(f"{path} is no Ed25519 key", "`copydesk audit key public` prints it")
    return key


def key_id(key: Ed25519PublicKey) -> str:
    """The fingerprint by which checkpoints name a key."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:ID_DIGITS]


def sign(head: Head, key: Ed25519PrivateKey, at: dt.datetime) -> Checkpoint:
    """A checkpoint of this end of a chain."""
    unsigned = Checkpoint(at=at, count=head.count, head=head.hash, key=key_id(key.public_key()))
    signature = base64.b64encode(key.sign(unsigned.signed)).decode()
    return unsigned.model_copy(update={"signature": signature})


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Add a line to a file, on the disk when this returns. Raises StorageError.

    A line is written at once, so that several processes may add to the same file. After a line that was cut
    off by a crash a new one begins.
    """
    line = checkpoint.model_dump_json().encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
            os.fsync(file.fileno())
    except OSError as error:
        raise StorageError(
            f"the checkpoint was not written to {path}: {error.strerror}",
            "name another file: COPYDESK_AUDIT_CHECKPOINTS, or --out",
        ) from error


def furthest_line(path: Path) -> Checkpoint | None:
    """The line of a file that says most, whoever signed it; None without any. Raises StorageError."""
    found: Checkpoint | None = None
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read, so no checkpoint is added to it: {error.strerror}",
            "name another file: COPYDESK_AUDIT_CHECKPOINTS, or --out",
        ) from error
    for line in lines:
        with suppress(ValidationError):  # `copydesk audit verify` says what is wrong with it
            read = Checkpoint.model_validate_json(line)
            found = read if found is None or read.count >= found.count else found
    return found


def read_checkpoints(path: Path, keys: Iterable[Ed25519PublicKey]) -> Marks:
    """What a file of checkpoints vouches for, by the keys that are known to be right.

    Raises UsageError for a file that cannot be read or holds no line.
    """
    known = {key_id(key): key for key in keys}
    found: dict[int, set[str]] = {}
    problems, last, count = [], None, 0
    for number, line in enumerate(_bytes_of(path, "`copydesk audit checkpoint` writes it").splitlines(), 1):
        if not line.strip():
            continue
        count += 1
        try:
            checkpoint = _verified(line, known)
        except ValueError as error:
            problems.append(f"line {number} of {path} {error}")
            continue
        found.setdefault(checkpoint.count, set()).add(checkpoint.head)
        last = checkpoint if last is None or checkpoint.count >= last.count else last
    if not count:
        raise UsageError(f"{path} holds no checkpoint", "`copydesk audit checkpoint` writes one")
    marks = {number: frozenset(heads) for number, heads in found.items()}
    return Marks(marks, tuple(problems), last)


def _verified(line: bytes, known: Mapping[str, Ed25519PublicKey]) -> Checkpoint:
    """The checkpoint of a line. Raises ValueError that says why it does not count."""
    try:
        checkpoint = Checkpoint.model_validate_json(line)
        signature = base64.b64decode(checkpoint.signature, validate=True)
    except (ValidationError, binascii.Error) as error:
        raise ValueError("is no checkpoint") from error
    key = known.get(checkpoint.key)
    if key is None:
        given = ", ".join(known)
        raise ValueError(f"is signed with the key {checkpoint.key}, which is not among those given: {given}")
    try:
        key.verify(signature, checkpoint.signed)
    except InvalidSignature as error:
        raise ValueError(f"does not have the signature of the key {checkpoint.key}") from error
    return checkpoint


def _bytes_of(path: Path, hint: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint) from error

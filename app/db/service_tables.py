"""Tables of the service: people, keys, answers kept for repeats, briefs, published content, stored bytes."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlmodel import Field

from app.brand.roles import PersonRole, Scope
from app.brief.models import Brief
from app.db.stored import Moment, StoredJson, Word
from app.db.tables import Table, new_id, now
from app.verdicts.judgements import Judgement


class Person(Table, table=True):
    """Somebody who uses the service, named by the email that drafts and receipts carry."""

    __tablename__ = "person"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(max_length=300, unique=True)
    name: str = Field(max_length=300)
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    disabled_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class RoleGrant(Table, table=True):
    """One role of one person for one brand, or for every brand (`*`)."""

    __tablename__ = "role_grant"

    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=32)
    brand: str = Field(primary_key=True, max_length=60)
    role: PersonRole = Field(sa_column=Column(Word(PersonRole), primary_key=True, nullable=False))
    granted_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class ApiKey(Table, table=True):
    """A person's key. Only a SHA-256 of its secret is stored: the secret is 256 random bits, so no salt."""

    __tablename__ = "api_key"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    person_id: str = Field(foreign_key="person.id", max_length=32, index=True)
    name: str = Field(max_length=100)
    secret_hash: str = Field(max_length=64)
    scopes: tuple[Scope, ...] = Field(
        sa_column=Column(StoredJson("scopes", tuple[Scope, ...]), nullable=False)
    )
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    expires_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    last_used_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    revoked_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))


class KeptState(StrEnum):
    """Whether the first request with an Idempotency-Key has been answered."""

    RUNNING = "running"
    DONE = "done"


class KeptAnswer(Table, table=True):
    """The answer to the first request with an Idempotency-Key, for its repeats.

    While it runs, `owner` holds it until `lease_until` and renews that; whoever finds the lease run out may
    take it over, since the process that held it is gone.
    """

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("person_id", "idempotency_key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    person_id: str = Field(foreign_key="person.id", max_length=32)
    idempotency_key: str = Field(max_length=255)
    operation: str = Field(max_length=300)
    """Method and path."""
    body_hash: str = Field(max_length=64)
    state: KeptState = Field(default=KeptState.RUNNING, sa_column=Column(Word(KeptState), nullable=False))
    owner: str = Field(max_length=32)
    lease_until: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    status: int | None = None
    headers: dict[str, str] = Field(
        default_factory=dict, sa_column=Column(StoredJson("headers", dict[str, str]), nullable=False)
    )
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False, index=True))


class StoredBrief(Table, table=True):
    """A brief as it is now. Its id is the copywriter's own and unique within the brand."""

    __tablename__ = "brief"
    __table_args__ = (Index("ix_brief_page", "brand", "updated_at", "id"),)

    brand: str = Field(primary_key=True, max_length=60)
    id: str = Field(primary_key=True, max_length=60)
    revision: int = 1
    name: str = Field(max_length=300)
    owner: str = Field(max_length=300)
    """Email of the person who stored it first, or the brief's author."""
    journey: str = Field(max_length=60)
    send_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    """The earliest send window of its targets."""
    content: Brief = Field(sa_column=Column(StoredJson("brief", Brief), nullable=False))
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    updated_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class BriefRevision(Table, table=True):
    """A brief as it was at one revision, and who made it so. Revisions are never changed."""

    __tablename__ = "brief_revision"

    brand: str = Field(primary_key=True, max_length=60)
    brief_id: str = Field(primary_key=True, max_length=60)
    revision: int = Field(primary_key=True)
    author: str = Field(max_length=300)
    change: str = Field(max_length=300)
    """What was done, in a few words: "stored", "facts of en-US"."""
    content: Brief = Field(sa_column=Column(StoredJson("brief", Brief), nullable=False))
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class BlobKind(StrEnum):
    """What stored bytes are, which decides how long they are kept."""

    CONTENT = "content"
    """A file of brand/, prompts/ or blocks/, or a listing of such files."""
    RECEIPT = "receipt"
    """Something that a receipt names: rules, contract, facts."""
    REQUEST = "request"
    """What was sent to a model."""
    ANSWER = "answer"
    """What a model answered, as it came."""
    EXPORT = "export"
    """A file of the package of an export."""


class Blob(Table, table=True):
    """Bytes under their own SHA-256, compressed with zlib. Stored once, whoever refers to them."""

    __tablename__ = "blob"
    __table_args__ = (Index("ix_blob_age", "kind", "used_at"),)

    hash: str = Field(primary_key=True, max_length=64)
    kind: BlobKind = Field(sa_column=Column(Word(BlobKind), nullable=False))
    size: int
    """Bytes before compression."""
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    used_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))
    """When it was stored last, within an hour, also when it was there already."""
    pruned_at: dt.datetime | None = Field(default=None, sa_column=Column(Moment, nullable=True))
    """When retention took the bytes away; the row stays, so that the hash says what became of them."""


class ContentVersion(Table, table=True):
    """One published state of brand/, prompts/ and blocks/: never changed once stored.

    `hash` is the SHA-256 of the manifest, which maps each file's path to the hash of its bytes.
    """

    __tablename__ = "content_version"

    hash: str = Field(primary_key=True, max_length=64)
    manifest: dict[str, str] = Field(sa_column=Column(StoredJson("manifest", dict[str, str]), nullable=False))
    author: str = Field(max_length=300)
    note: str = Field(default="", max_length=500)
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class ServingMove(Table, table=True):
    """One move of the pointer that all processes serve by; the highest number is where it stands now."""

    __tablename__ = "serving_move"

    number: int | None = Field(default=None, primary_key=True)
    version: str = Field(sa_column=Column(String(64), ForeignKey("content_version.hash"), nullable=False))
    previous: str | None = Field(default=None, max_length=64)
    moved_by: str = Field(max_length=300)
    why: str = Field(default="", max_length=500)
    moved_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class KeptJudgement(Table, table=True):
    """What a model answered that was asked to judge a text, so that it is asked once.

    `key` is a hash of the text, the model's name, its prompt and the categories: another of these is another
    question.
    """

    __tablename__ = "judgement"

    key: str = Field(primary_key=True, max_length=64)
    judge: str = Field(max_length=200)
    answer: Judgement = Field(sa_column=Column(StoredJson("judgement", Judgement), nullable=False))
    raw: str = Field(sa_column=Column(Text, nullable=False))
    """The answer as it came; its SHA-256 stands in `answer`."""
    created_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))

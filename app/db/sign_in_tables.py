"""Tables of signing in: sessions of the pages, passwords, links that set one, failures, identities elsewhere.

What a browser or a link carries is 256 random bits, and only its SHA-256 is stored.
"""

import datetime as dt
from enum import StrEnum

from sqlalchemy import Column
from sqlmodel import Field

from app.db.stored import Moment, Word
from app.db.tables import Table, now


class SignedInBy(StrEnum):
    """What somebody signed in with."""

    PASSWORD = "password"
    PROVIDER = "provider"
    """The OpenID Connect provider that the settings name."""


class SignInSession(Table, table=True):
    """One browser in which somebody is signed in. `id` is the hash of what its cookie holds."""

    __tablename__ = "sign_in_session"

    id: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", max_length=32, index=True)
    signed_in_by: SignedInBy = Field(sa_column=Column(Word(SignedInBy), nullable=False))
    device: str = Field(default="", max_length=100)
    """The browser and the system in a few words, so that people know their sessions apart."""
    created_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    seen_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    """When it was used last, within a minute."""
    expires_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False, index=True))
    """When it ends however much it is used."""


class Password(Table, table=True):
    """A person's password, as an argon2id hash with its parameters."""

    __tablename__ = "password"

    person_id: str = Field(foreign_key="person.id", primary_key=True, max_length=32)
    hash: str = Field(max_length=300)
    changed_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))


class PasswordLink(Table, table=True):
    """A link with which a person sets a password once. `id` is the hash of what it carries."""

    __tablename__ = "password_link"

    id: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(foreign_key="person.id", max_length=32, index=True)
    created_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))
    expires_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False))


class SignInFailure(Table, table=True):
    """How often signing in failed in a row for one account or from one address. `id` is a hash that says
    which, so that the table holds no addresses.
    """

    __tablename__ = "sign_in_failure"

    id: str = Field(primary_key=True, max_length=64)
    failures: int
    last_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


class OutsideIdentity(Table, table=True):
    """Who a person is at an OpenID Connect provider: bound once, and by that alone from then on."""

    __tablename__ = "outside_identity"

    issuer: str = Field(primary_key=True, max_length=300)
    subject: str = Field(primary_key=True, max_length=255)
    person_id: str = Field(foreign_key="person.id", max_length=32, index=True)
    bound_at: dt.datetime = Field(default_factory=now, sa_column=Column(Moment, nullable=False))


class OutsideSignIn(Table, table=True):
    """A sign-in that went to the provider and has not come back. `id` is the hash of its state."""

    __tablename__ = "outside_sign_in"

    id: str = Field(primary_key=True, max_length=64)
    browser: str = Field(max_length=64)
    """Hash of the cookie of the browser that began it: no other may end it."""
    nonce: str = Field(max_length=64)
    verifier: str = Field(max_length=128)
    """The secret of PKCE."""
    next_path: str = Field(max_length=500)
    created_at: dt.datetime = Field(sa_column=Column(Moment, nullable=False, index=True))

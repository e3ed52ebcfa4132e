"""People, their roles for brands, and their keys.

A key reads `cdk_<id>_<secret>`. The secret is 256 random bits and only its SHA-256 is stored: such a secret
cannot be guessed, so a slow hash or a salt would add nothing.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, delete, update
from sqlmodel import Session, col, select

from app.brand.roles import EVERY_BRAND, PersonRole, Scope
from app.db.audit import MACHINE, AuditNote, note
from app.db.outbox_tables import MailOff
from app.db.service_tables import ApiKey, Person, RoleGrant
from app.db.sessions import end_sessions
from app.db.tables import new_id, now
from app.db.transactions import Transactions
from app.errors import Conflict, NotFound, UsageError
from app.yaml12 import nearest

KEY = re.compile(r"cdk_([0-9a-f]{32})_([A-Za-z0-9_-]{43})")
_EMAIL = re.compile(r"[^\s@<>,;:\"'\\()\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class NewKey:
    """A key at the only moment at which its secret is known."""

    row: ApiKey
    text: str


@dataclass(frozen=True)
class KnownKey:
    """A stored key with the person that it belongs to and that person's roles."""

    key: ApiKey
    person: Person
    grants: tuple[RoleGrant, ...]

    def fits(self, secret: str) -> bool:
        """Whether `secret` is this key's, in a time that does not tell how near it came."""
        return hmac.compare_digest(_hashed(secret), self.key.secret_hash)


@dataclass(frozen=True)
class Member:
    """A person with roles."""

    person: Person
    grants: tuple[RoleGrant, ...]


def normal_email(text: str) -> str:
    """The address in the one spelling that is stored. Raises UsageError for what is no address."""
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 254:
        raise UsageError(f"'{text}' is no email address", "such as ada@example.com")
    return email


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class People(Transactions):
    """People and keys, behind small methods. People are named by email, keys by id.

    `actor` is who changes them, as records name them.
    """

    def __init__(self, engine: Engine, actor: str = MACHINE) -> None:
        super().__init__(engine)
        self._actor = actor

    def _note(
        self, session: Session, action: str, subject: str, brand: str = EVERY_BRAND, **data: Any
    ) -> None:
        note(session, AuditNote(brand, self._actor, action, subject, data))

    # people

    def add(self, email: str, name: str) -> Person:
        """Store a new person. Raises UsageError for a bad address, Conflict when the address is taken."""
        person = Person(email=normal_email(email), name=name.strip())
        if not person.name:
            raise UsageError("a person needs a name", "--name 'Ada Lovelace'")
        with self._write() as session:
            if find_person(session, person.email) is not None:
                raise Conflict(f"there is a person {person.email} already")
            session.add(person)
            self._note(session, "person.add", f"person {person.id}")
        return person

    def get(self, email: str) -> Member:
        """A person with roles. Raises NotFound."""
        with self._read() as session:
            person = known_person(session, email)
            return Member(person, _grants(session, [person.id]))

    def everybody(self) -> list[Member]:
        """All people with their roles, by email."""
        with self._read() as session:
            people = list(session.exec(select(Person).order_by(col(Person.email))))
            grants = _grants(session, [person.id for person in people])
        return [
            Member(person, tuple(grant for grant in grants if grant.person_id == person.id))
            for person in people
        ]

    def members(self, brand: str) -> dict[str, frozenset[str]]:
        """The roles of everybody who has any for the brand and is not disabled, by email."""
        query = (
            select(Person.email, RoleGrant.role)
            .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
            .where(col(RoleGrant.brand).in_([brand, EVERY_BRAND]), col(Person.disabled_at).is_(None))
        )
        found: dict[str, set[str]] = {}
        with self._read() as session:
            for email, role in session.exec(query):
                found.setdefault(email, set()).add(PersonRole(role).value)
        return {email: frozenset(roles) for email, roles in found.items()}

    def names(self, emails: Collection[str]) -> dict[str, str]:
        """What some people are called, by email; who is not known any more is left out."""
        if not emails:
            return {}
        query = select(Person.email, Person.name).where(col(Person.email).in_(emails))
        query = query.order_by(col(Person.email))
        with self._read() as session:
            return dict(session.exec(query).all())

    def all_names(self) -> dict[str, str]:
        """What everybody is called, by email."""
        with self._read() as session:
            return everybodys_names(session)

    def grant(self, email: str, brand: str, roles: Iterable[PersonRole]) -> Member:
        """Give a person roles for a brand; those that they have already stay. Raises NotFound."""
        with self._write() as session:
            person, new = known_person(session, email), []
            for role in roles:
                if session.get(RoleGrant, (person.id, brand, role)) is None:
                    session.add(RoleGrant(person_id=person.id, brand=brand, role=role))
                    new.append(role.value)
            session.flush()
            if new:
                self._note(session, "person.grant", f"person {person.id}", brand, roles=new)
            return Member(person, _grants(session, [person.id]))

    def revoke(self, email: str, brand: str, roles: Collection[PersonRole] | None) -> Member:
        """Take roles for a brand away, all of them with None. Raises NotFound when there is none to take."""
        with self._write() as session:
            person = known_person(session, email)
            wanted = [col(RoleGrant.person_id) == person.id, col(RoleGrant.brand) == brand]
            if roles is not None:
                wanted.append(col(RoleGrant.role).in_(list(roles)))
            if not session.execute(delete(RoleGrant).where(*wanted)).rowcount:  # type: ignore[attr-defined]
                named = "none" if roles is None else "none of these roles"
                raise NotFound(f"{person.email} has {named} for brand '{brand}'")
            taken = "all" if roles is None else sorted(role.value for role in roles)
            self._note(session, "person.revoke", f"person {person.id}", brand, roles=taken)
            return Member(person, _grants(session, [person.id]))

    def disable(self, email: str, *, disabled: bool = True) -> Person:
        """Stop all keys of a person from working, or let them work again; sessions end for good. Raises
        NotFound.
        """
        with self._write() as session:
            person = known_person(session, email)
            if disabled:
                end_sessions(session, person.id)
            person.disabled_at = (person.disabled_at or now()) if disabled else None
            session.add(person)
            self._note(session, "person.disable" if disabled else "person.enable", f"person {person.id}")
        return person

    def want_mail(self, email: str, *, wanted: bool) -> Person:
        """Note whether a person wants mail about what happens. Raises NotFound."""
        with self._write() as session:
            person = known_person(session, email)
            choice = session.get(MailOff, person.id)
            if wanted and choice is not None:
                session.delete(choice)
            elif not wanted and choice is None:
                session.add(MailOff(person_id=person.id))
        return person

    def wants_mail(self, email: str) -> bool:
        """Whether a person wants mail. Raises NotFound."""
        with self._read() as session:
            return session.get(MailOff, known_person(session, email).id) is None

    # keys

    def create_key(
        self, email: str, name: str, scopes: Iterable[Scope], expires_at: dt.datetime | None
    ) -> NewKey:
        """A new key of a person. Raises NotFound, and UsageError without scopes or for a disabled person."""
        chosen = tuple(scope for scope in Scope if scope in set(scopes))
        if not chosen:
            raise UsageError("a key needs at least one scope", f"known: {', '.join(Scope)}")
        with self._write() as session:
            person = known_person(session, email)
            if person.disabled_at is not None:
                raise UsageError(f"{person.email} is disabled", "copydesk people disable --undo")
            made = _new_key(person.id, name, chosen, expires_at)
            session.add(made.row)
            names = [scope.value for scope in chosen]
            self._note(session, "key.create", f"key {made.row.id}", person=person.id, scopes=names)
        return made

    def rotate_key(self, key_id: str, expires_at: dt.datetime | None, *, grace: dt.timedelta) -> NewKey:
        """A new key for one that holds for `grace` still. Raises NotFound, Conflict for a revoked one."""
        with self._write() as session:
            old = _known_key(session, key_id)
            if old.revoked_at is not None:
                raise Conflict(f"the key {old.id} is revoked", "create a new one")
            made = _new_key(old.person_id, old.name, old.scopes, expires_at)
            ends = now() + grace
            old.expires_at = ends if old.expires_at is None else min(ends, old.expires_at)
            session.add_all([old, made.row])
            self._note(session, "key.rotate", f"key {old.id}", person=old.person_id, new=made.row.id)
        return made

    def revoke_key(self, key_id: str) -> ApiKey:
        """End a key now; an ended one stays as it is. Raises NotFound."""
        with self._write() as session:
            key = _known_key(session, key_id)
            if key.revoked_at is None:
                key.revoked_at = now()
                self._note(session, "key.revoke", f"key {key.id}", person=key.person_id)
            session.add(key)
        return key

    def keys(self, email: str | None = None) -> list[KnownKey]:
        """All keys, or those of one person, oldest first. Raises NotFound."""
        query = select(ApiKey, Person).join(Person, col(Person.id) == ApiKey.person_id)
        with self._read() as session:
            if email is not None:
                query = query.where(ApiKey.person_id == known_person(session, email).id)
            found = session.exec(query.order_by(col(ApiKey.created_at), col(ApiKey.id)))
            return [KnownKey(key, person, ()) for key, person in found]

    def find_key(self, key_id: str) -> KnownKey | None:
        """The key with this id, its person and their roles."""
        query = (
            select(ApiKey, Person).join(Person, col(Person.id) == ApiKey.person_id).where(ApiKey.id == key_id)
        )
        with self._read() as session:
            found = session.exec(query).first()
            if found is None:
                return None
            key, person = found
            return KnownKey(key, person, _grants(session, [person.id]))

    def note_use(self, key_id: str) -> None:
        """Note that the key was used now."""
        with self._write() as session:
            session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=now()))


def _new_key(person_id: str, name: str, scopes: tuple[Scope, ...], expires_at: dt.datetime | None) -> NewKey:
    key_id, secret = new_id(), secrets.token_urlsafe(32)
    row = ApiKey(
        id=key_id,
        person_id=person_id,
        name=name,
        secret_hash=_hashed(secret),
        scopes=scopes,
        expires_at=expires_at,
    )
    return NewKey(row, f"cdk_{key_id}_{secret}")


def find_person(session: Session, email: str) -> Person | None:
    """The person with this address, as it is stored."""
    return session.exec(select(Person).where(Person.email == email)).first()


def known_person(session: Session, email: str) -> Person:
    """The person with this address. Raises UsageError for what is no address, NotFound."""
    address = normal_email(email)
    person = find_person(session, address)
    if person is None:
        raise NotFound(
            f"there is no person {address}",
            nearest(address, session.exec(select(Person.email))) or "add them",
        )
    return person


def everybodys_names(session: Session) -> dict[str, str]:
    """What everybody is called, by address."""
    return dict(session.exec(select(Person.email, Person.name).order_by(col(Person.email))).all())


def _known_key(session: Session, key_id: str) -> ApiKey:
    key = session.get(ApiKey, key_id)
    if key is None:
        raise NotFound(f"there is no key '{key_id}'", nearest(key_id, session.exec(select(ApiKey.id))))
    return key


def _grants(session: Session, person_ids: Collection[str]) -> tuple[RoleGrant, ...]:
    query = select(RoleGrant).where(col(RoleGrant.person_id).in_(person_ids))
    return tuple(session.exec(query.order_by(col(RoleGrant.brand), col(RoleGrant.role))))

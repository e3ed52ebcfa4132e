"""Who asks, and what they may do: a person's roles for each brand, narrowed by the scopes of the key."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.brand.roles import ALLOWED, EVERY_BRAND, PersonRole, Scope
from app.db.service_tables import RoleGrant
from app.errors import NotFound, NotPermitted
from app.release.serving import Serving
from app.review.situation import Actor
from app.yaml12 import nearest


@dataclass(frozen=True)
class Identity:
    """Who sent a request, by a key or by signing in. `roles` are by brand; `*` stands for every brand."""

    person_id: str
    email: str
    name: str
    key_id: str
    """The key's id; for the pages the session, in a form that opens nothing."""
    scopes: frozenset[Scope]
    roles: Mapping[str, frozenset[PersonRole]]


class Caller:
    """One request's person, with the brands that exist as it is answered.

    A brand without any role for the person is invisible: everything of it answers as if it did not exist,
    in the same words.
    """

    def __init__(self, identity: Identity, brands: Collection[str]) -> None:
        self.identity = identity
        self._known = brands
        self.brand = ""
        """The brand that was asked for last; the log names it."""

    def actor(self, brand: str) -> Actor:
        """The person as review knows them, with their roles for a brand."""
        roles = frozenset(role.value for role in self.roles(brand))
        return Actor(self.email, self.identity.person_id, roles)

    @property
    def email(self) -> str:
        """How drafts and receipts name the person."""
        return self.identity.email

    def roles(self, brand: str) -> frozenset[PersonRole]:
        """The person's roles for a brand."""
        found = self.identity.roles
        return found.get(brand, frozenset()) | found.get(EVERY_BRAND, frozenset())

    @property
    def visible(self) -> tuple[str, ...]:
        """The brands that the person has any role for, in order."""
        return tuple(brand for brand in sorted(self._known) if self.roles(brand))

    def may(self, brand: str, scope: Scope) -> bool:
        """Whether this key may be used for `scope` on the brand."""
        return (
            scope in self.identity.scopes
            and brand in self._known
            and any(scope in ALLOWED[role] for role in self.roles(brand))
        )

    def brands(self, scope: Scope) -> tuple[str, ...]:
        """The brands that this key may be used for `scope` on. Raises NotPermitted where that is none of
        the brands that the person sees.
        """
        self.require_scope(scope)
        found = tuple(brand for brand in self.visible if self.may(brand, scope))
        if not found and self.visible:
            raise NotPermitted(f"none of your roles allows '{scope}' for any brand", _roles_that_allow(scope))
        return found

    def require_scope(self, scope: Scope) -> None:
        """Raises NotPermitted when the key does not have the scope."""
        if scope not in self.identity.scopes:
            has = ", ".join(item for item in Scope if item in self.identity.scopes)
            raise NotPermitted(
                f"this key lacks the scope '{scope}'", f"it has: {has}; a key with '{scope}' may"
            )

    def require(self, brand: str, scope: Scope) -> str:
        """The brand's id. Raises NotFound when there is none or the person does not see it, NotPermitted
        when they see it and may not do this.
        """
        if brand not in self._known or not self.roles(brand):
            raise NotFound(f"there is no brand '{brand}'", nearest(brand, self.visible))
        self.brand = brand
        self.require_scope(scope)
        if not self.may(brand, scope):
            have = ", ".join(sorted(self.roles(brand)))
            raise NotPermitted(
                f"your role for brand '{brand}' ({have}) does not allow '{scope}'", _roles_that_allow(scope)
            )
        return brand

    def require_of(self, brand: str | None, scope: Scope, what: str, name: str) -> None:
        """The same for something that belongs to a brand, such as a draft; `brand` None says that it was
        not found. Raises NotFound in the same words for what does not exist and what is invisible.
        """
        if brand is None or brand not in self._known or not self.roles(brand):
            raise NotFound(f"there is no {what} '{name}'")
        self.require(brand, scope)

    def wanted(self, brand: str | None, scope: Scope) -> tuple[str, ...]:
        """The brands that a list is about: the one asked for, or all that the key may be used on."""
        return (self.require(brand, scope),) if brand is not None else self.brands(scope)


def caller_for(identity: Identity, serving: Serving) -> Caller:
    """Who asks, among the brands that exist now."""
    libraries = serving.libraries
    return Caller(identity, libraries.serving.keys() | libraries.faults.keys())


def roles_by_brand(grants: Iterable[RoleGrant]) -> dict[str, frozenset[PersonRole]]:
    """Stored roles as an Identity has them."""
    roles: dict[str, set[PersonRole]] = {}
    for grant in grants:
        roles.setdefault(grant.brand, set()).add(grant.role)
    return {brand: frozenset(found) for brand, found in roles.items()}


def _roles_that_allow(scope: Scope) -> str:
    roles: Iterable[PersonRole] = (role for role in PersonRole if scope in ALLOWED[role])
    return f"roles that allow it: {', '.join(roles)}"

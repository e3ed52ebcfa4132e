"""Who may do what: roles that a person has for a brand, scopes that a key has, and how the two meet."""

from enum import StrEnum

EVERY_BRAND = "*"
"""Stands in the place of a brand's id in a role that holds for all of them."""


class PersonRole(StrEnum):
    """What a person is for a brand."""

    COPYWRITER = "copywriter"
    BRAND_REVIEWER = "brand reviewer"
    LEGAL = "legal"
    PERFORMANCE = "performance"
    BRAND_OWNER = "brand owner"
    OPERATOR = "operator"
    PLUGIN = "plugin"


class Approver(StrEnum):
    """The roles that approve."""

    BRAND_REVIEWER = "brand reviewer"
    LEGAL = "legal"
    PERFORMANCE = "performance"
    BRAND_OWNER = "brand owner"


class Scope(StrEnum):
    """What a key may be used for; a role of its person has to allow it for the brand as well."""

    READ = "read"
    """See briefs, drafts, approved content, segments and rules."""
    CHECK = "check"
    """Have copy judged."""
    WRITE = "write"
    """Store and change briefs, facts and drafts."""
    REVIEW = "review"
    """Take part in review: submit, comment, ask; which role approves what the contract says."""
    GENERATE = "generate"
    """Ask a model, which costs money."""
    EXPORT = "export"
    """Hand chosen emails over to a sending platform, in its merge tags."""
    OPERATE = "operate"
    """See usage and what keeps a brand from serving."""


ALLOWED: dict[PersonRole, frozenset[Scope]] = {
    PersonRole.COPYWRITER: frozenset(
        {Scope.READ, Scope.CHECK, Scope.WRITE, Scope.REVIEW, Scope.GENERATE, Scope.EXPORT}
    ),
    PersonRole.BRAND_REVIEWER: frozenset({Scope.READ, Scope.CHECK, Scope.WRITE, Scope.REVIEW}),
    PersonRole.LEGAL: frozenset({Scope.READ, Scope.CHECK, Scope.WRITE, Scope.REVIEW}),
    PersonRole.PERFORMANCE: frozenset({Scope.READ, Scope.CHECK, Scope.WRITE, Scope.REVIEW}),
    PersonRole.BRAND_OWNER: frozenset(Scope),
    PersonRole.OPERATOR: frozenset({Scope.READ, Scope.OPERATE}),
    PersonRole.PLUGIN: frozenset({Scope.READ, Scope.CHECK, Scope.GENERATE, Scope.EXPORT}),
}

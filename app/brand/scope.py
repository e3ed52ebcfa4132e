"""Where a claim rule looks, and what lets a claim stand."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import model_validator

from app.brand.base import Id, Line, LocaleTag, Strict
from app.brand.effects import Effect
from app.brand.markets import Market, members
from app.verdicts.reports import Severity


class CopyField(StrEnum):
    """The fields of copy as the check door names them; each field of a block kind is one of them."""

    SUBJECT = "subject"
    PREHEADER = "preheader"
    HEADLINE = "headline"
    BODY = "body"
    CTA = "cta"


class Scope(Strict):
    """Where a rule looks: in copy that is in each of the lists. An empty list leaves nothing out.

    What is not known of copy takes no rule away: a line without a block kind is judged by the rules of all.
    """

    fields: Annotated[tuple[CopyField, ...], Effect.VERDICT] = ()
    kinds: Annotated[tuple[Id, ...], Effect.VERDICT] = ()
    locales: Annotated[tuple[LocaleTag, ...], Effect.VERDICT] = ()
    journeys: Annotated[tuple[Id, ...], Effect.VERDICT] = ()
    markets: Annotated[tuple[Market, ...], Effect.VERDICT] = ()
    """Countries, or groups of them such as EU. A rule of a pack has those of the pack."""

    def in_market(self, market: str) -> bool:
        """Whether the rule is for this market."""
        return not self.markets or market in members(self.markets)


EVERYWHERE = Scope()


class Qualifier(Strict):
    """Words that have to stand beside a claim: with one of them there, the claim has what it needs."""

    needs: Annotated[Line, Effect.VERDICT]
    """What to say, as the finding puts it: "which part of it can be recycled"."""
    wordings: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    patterns: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    within: Annotated[Literal["field", "sentence"], Effect.VERDICT] = "field"
    """Where it has to stand: anywhere in the same field, or in the sentence of the claim."""

    @model_validator(mode="after")
    def _met_by_something(self) -> "Qualifier":
        if not (self.wordings or self.patterns):
            raise ValueError("needs 'wordings' or 'patterns'")
        return self


class PackHead(Strict):
    """`pack` in the file of a pack: what it is, and where and when it applies."""

    title: Annotated[Line, Effect.REPORT]
    markets: Annotated[tuple[Market, ...], Effect.VERDICT] = ()
    """Countries and groups of them; everywhere when missing."""
    applies_from: Annotated[dt.date | None, Effect.VERDICT] = None
    """The first day of sending to which it applies; always when missing."""
    applies_until: Annotated[dt.date | None, Effect.VERDICT] = None
    """The last day of sending to which it applies."""
    source: Annotated[Line, Effect.REPORT]
    """The law, code or guidance that the rules are written from."""
    source_date: Annotated[dt.date, Effect.REPORT]
    """The day of the version of the source that is meant."""
    checked: Annotated[dt.date | None, Effect.REPORT] = None
    """When somebody last compared the gist of the rules with the source; missing while nobody has."""

    @model_validator(mode="after")
    def _in_order(self) -> "PackHead":
        if self.applies_from and self.applies_until and self.applies_from > self.applies_until:
            raise ValueError("'applies_from' is after 'applies_until'")
        return self


class Override(Strict):
    """How a brand changes a rule of one of its packs, with the reason and who answers for it."""

    rule: Annotated[Id, Effect.VERDICT]
    severity: Annotated[Severity | None, Effect.VERDICT] = None
    exceptions: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    """Further phrases inside which a match does not count."""
    scope: Scope = EVERYWHERE
    """A part of where the rule looks; lists that are empty stay as the rule has them."""
    reason: Annotated[Line, Effect.REPORT]
    owner: Annotated[Line, Effect.REPORT]

    @model_validator(mode="after")
    def _changes_something(self) -> "Override":
        if self.severity is None and not self.exceptions and self.scope == EVERYWHERE:
            raise ValueError("changes nothing: needs 'severity', 'exceptions' or 'scope'")
        return self

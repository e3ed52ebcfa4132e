"""The claims library: what a brand may claim, in which words, on what evidence, where and until when."""

import datetime as dt
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from app.brand.base import Id, Line, Strict
from app.brand.effects import Effect
from app.brand.markets import Market, members
from app.brand.models import ClaimRule
from app.errors import Problem
from app.yaml12 import Document, nearest

LIBRARY_FILE = "claims_library.yaml"
FIGURES = "ungrounded_number"
"""The category of figures that no fact gives: an entry that permits it is evidence for its own figures."""
SOON = dt.timedelta(days=60)
"""How long before its last day an entry is said to run out: time to have the evidence renewed."""
_SENTENCE_END = re.compile(r"[.!?](?=\s)")


class EvidenceKind(StrEnum):
    """What sort of proof a document is."""

    STUDY = "study"
    TEST_REPORT = "test_report"
    CERTIFICATE = "certificate"
    SURVEY = "survey"
    AUTHORISED_WORDING = "authorised_wording"
    RECORDS = "records"


class Evidence(Strict):
    """What proves a claim: the document by which people find it, what it is, and of which day."""

    document: Annotated[Line, Effect.REPORT]
    kind: Annotated[EvidenceKind | None, Effect.REPORT] = None
    dated: Annotated[dt.date | None, Effect.REPORT] = None


class Claim(Strict):
    """An entry of the claims library: a restricted claim that copy may make, said as it was approved.

    Copy says it when its sentence holds the same content words, the same numbers in their order, every
    qualifier, and no content word beyond them; see `app.guardrails.claim_wording`.
    """

    id: Annotated[Id, Effect.VERDICT]
    text: Annotated[Line, Effect.VERDICT]
    """The approved sentence or clause. It may hold tokens."""
    wordings: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    """Further sentences that were approved on the same evidence."""
    permits: Annotated[tuple[Id, ...], Field(min_length=1), Effect.VERDICT]
    """Categories of claims, or ids of claim rules, that give way where copy says the entry."""
    evidence: Evidence
    qualifiers: Annotated[
        tuple[Annotated[tuple[Line, ...], Field(min_length=1)], ...], Field(max_length=8), Effect.VERDICT
    ] = ()
    """Words that may not be dropped, each with the wordings that stand for it."""
    markets: Annotated[tuple[Market, ...], Effect.VERDICT] = ()
    """Where it may be said; everywhere when empty."""
    valid_from: Annotated[dt.date, Effect.VERDICT]
    """The first day of sending on which it may be said."""
    expires: Annotated[dt.date, Effect.VERDICT]
    """The last day of sending on which it may be said."""
    owner: Annotated[Line, Effect.REPORT]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every approved wording, the first one first."""
        return (self.text, *self.wordings)

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "Claim":
        if self.valid_from >= self.expires:
            raise ValueError(f"valid_from {self.valid_from} is not before expires {self.expires}")
        return self

    def unusable(self, day: dt.date, market: str) -> str:
        """Why it may not be said on a day in a market, in words; empty when it may."""
        if day > self.expires:
            return f"expired on {self.expires}"
        if day < self.valid_from:
            return f"holds from {self.valid_from} on"
        if self.markets and market not in members(self.markets):
            return f"is approved for {', '.join(self.markets)}, and not for {market}"
        return ""


class ClaimsLibrary(Strict):
    """claims_library.yaml. A brand without the file has nothing proven, and every rule holds as it stands."""

    claims: tuple[Claim, ...] = ()


def library_problems(
    document: Document, library: ClaimsLibrary, rules: tuple[ClaimRule, ...]
) -> Iterator[Problem]:
    """Entries that could never be said, or that permit what no rule forbids."""
    known = {name for rule in rules for name in (rule.id, rule.category)} | {FIGURES}
    for index, claim in enumerate(library.claims):
        at = ("claims", index)
        for number, name in enumerate(claim.permits):
            if name not in known:
                message = f"'{name}' is no claim rule and no category of one"
                yield document.problem((*at, "permits", number), message, nearest(name, known))
        places = [("text",), *(("wordings", number) for number in range(len(claim.wordings)))]
        for place, text in zip(places, claim.texts, strict=True):
            if _SENTENCE_END.search(text):
                yield document.problem((*at, *place), "is more than one sentence", "an entry for each")
        for number, wordings in enumerate(claim.qualifiers):
            lacking = next((text for text in claim.texts if not any(_says(text, w) for w in wordings)), None)
            if lacking is not None:
                message = f"'{wordings[0]}' is a qualifier, and '{lacking}' does not say it"
                hint = "say it in the text and in each wording, or list the words that stand there"
                yield document.problem((*at, "qualifiers", number), message, hint)


def _says(text: str, words: str) -> bool:
    pattern = r"\s+".join(map(re.escape, words.casefold().split()))
    return re.search(rf"(?<!\w){pattern}(?!\w)", text.casefold()) is not None


def running_out(claims: tuple[Claim, ...], day: dt.date) -> Iterator[Claim]:
    """The entries whose last day is past, or near."""
    return (claim for claim in claims if claim.expires <= day + SOON)

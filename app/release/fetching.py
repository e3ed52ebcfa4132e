"""What a sender gets for one slot at the moment of sending: approved, still true then, and through the gate.

No model is asked. The chain goes over approved content only; whatever it finds has to pass the gate with the
facts and the rules of the moment, and the answer says until when it holds.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.suppression import suppressed
from app.brief.facts import FactSheet
from app.brief.models import language_of
from app.errors import ReleaseRefused
from app.release.approvals import Place
from app.release.chain import APPROVED_STEPS, ChainAnswer, Refused, answer
from app.release.content import ApprovedDrafts, DraftLookup, SlotContent, SlotQuery
from app.release.gate import Gate, ReleasedSlot
from app.release.judging import LibraryJudge
from app.release.kept_back import kept_back
from app.release.lease import ended, lease_end, sold_out
from app.release.library import ContentLibrary
from app.release.remembering import RememberingJudge, Reports
from app.release.whole import EmailApprovals, whole_tiering
from app.tokens import fill, token_names
from app.verdicts.decisions import Decision, Outcome, Reason, Step, TraceStep
from app.verdicts.reports import GuardReport

SENDING_REASONS = frozenset(
    {
        Reason.APPROVED_BLOCK_USED,
        Reason.CONSENT_MISSING,
        Reason.FACT_EXPIRED,
        Reason.FACT_MISSING,
        Reason.OUT_OF_STOCK,
        Reason.VALUES_CHANGED,
        Reason.FEED_MISSING,
        Reason.LIST_AT_PLATFORM,
        Reason.RULES_REFUSE,
        Reason.GUARDRAIL_ERROR,
        Reason.REVIEW_OVERDUE,
        Reason.APPROVAL_LACKING,
        Reason.NOTHING_APPROVED,
        Reason.SEGMENT_UNKNOWN,
        Reason.LOCALE_UNKNOWN,
        Reason.DEADLINE_REACHED,
        Reason.CONTENT_DAMAGED,
        Reason.DATABASE_AWAY,
        Reason.LAST_KNOWN_GOOD,
        Reason.BLOCK_SUPPRESSED,
        Reason.EMAIL_SUPPRESSED,
    }
)
"""The reasons that an answer at the moment of sending may have."""


EMAIL_LEASE = dt.timedelta(seconds=60)
"""How long an answer holds that the approval of a whole email decides about."""


class Values(StrEnum):
    """How the copy is wanted."""

    TOKENS = "tokens"
    """As it was approved, with typed tokens."""
    FILLED = "filled"
    """With the values of its facts; merge variables stay tokens, for the sender to fill."""
    FALLBACKS = "fallbacks"
    """With the values of its facts, and each merge variable's fallback."""


class StoredDrafts(ApprovedDrafts, DraftLookup, Protocol):
    """Where approved drafts are looked up, and read again as they are stored now: the Store."""


@dataclass(frozen=True)
class Fetched:
    """The answer for one slot. `slot` and `content` are None when it is left out.

    `valid_until` is the first moment at which it may be otherwise, in UTC; None where nothing limits it.
    """

    query: SlotQuery
    decision: Decision
    slot: ReleasedSlot | None = None
    content: SlotContent | None = None
    valid_until: dt.datetime | None = None

    @property
    def source(self) -> tuple[Literal["block", "draft"], str, str] | None:
        """`block` or `draft`, its id, and the hash of the content that was approved."""
        found = self.content.source if self.content is not None else None
        if isinstance(found, ApprovedBlock):
            return "block", found.id, found.content_hash()
        return ("draft", found.id, found.content_hash) if found is not None else None


def fetch(
    library: ContentLibrary,
    query: SlotQuery,
    drafts: StoredDrafts,
    reports: Reports,
    *,
    emails: EmailApprovals | None = None,
    serving: Sequence[TraceStep] = (),
    only_evergreen: Reason | None = None,
) -> Fetched:
    """Answer the slot as of the query's moment. `reports` are those of earlier fetches.

    `serving` says what was amiss with what there was to answer from; the first of it is then the reason.
    With `only_evergreen`, which is then the reason, nothing but evergreen blocks is looked at: they need no
    database, no facts and no consent.
    """
    library = library.localised(query.locale, query.market)
    stopped = suppressed(
        library.brand, query.segment, journey=query.journey, kind=query.kind, flags=query.flags
    )
    if stopped is not None:
        return Fetched(query, kept_back(stopped))
    if query.kind in query.facts.lists:
        return Fetched(query, _at_platform(query.facts.lists[query.kind]))
    segment = query.segment if only_evergreen is None else None
    judge = LibraryJudge(library, query.locale, query.journey, query.market, segment=segment)
    place = Place(
        library,
        query.journey,
        query.segment,
        query.facts,
        query.as_of,
        query.market,
        query.flags,
        last_resort=True,
        brief=query.brief,
        slots={query.kind: query.around},
    )
    sending = _Sending(Gate(drafts, emails=emails), place)
    found = answer(
        library,
        query,
        because=Reason.APPROVED_BLOCK_USED,
        judge=RememberingJudge(judge, reports),
        drafts=drafts,
        steps=(Step.EVERGREEN_BLOCK,) if only_evergreen is not None else APPROVED_STEPS,
        objector=sending,
    )
    decision = _decided(found, tuple(serving), only_evergreen)
    if found.content is None:
        return Fetched(query, decision, valid_until=sending.until(_opens(query)))
    until = sending.until(lease_end(found.content, judge, query.facts, query.as_of))
    return Fetched(query, decision, sending.released[id(found.content)], found.content, until)


def spoken_locale(brand: Brand, locale: str) -> str:
    """The locale itself where the brand writes it, else one of its language, else the brand's first."""
    known = brand.identity.locales
    if locale in known:
        return locale
    same = (item for item in known if language_of(item) == language_of(locale))
    return next(same, known[0])


def shown(text: str, values: Values, facts: FactSheet, brand: Brand) -> str:
    """The copy as it is wanted. Raises KeyError for a token without a value, which no released copy has."""
    if values is Values.TOKENS:
        return text
    filled = {name: facts.render(name) for name in token_names(text) & facts.facts.keys()}
    variables = token_names(text) & brand.variables.keys()
    keep = values is Values.FILLED
    filled |= {name: "{" + name + "}" if keep else brand.variables[name].fallback for name in variables}
    return fill(text, filled)


def used_variables(copy: Mapping[str, str], brand: Brand) -> dict[str, str]:
    """The merge variables in the copy, each with its fallback, in order."""
    names = sorted({name for text in copy.values() for name in token_names(text)} & brand.variables.keys())
    return {name: brand.variables[name].fallback for name in names}


@dataclass
class _Sending:
    """What the moment of sending adds to the chain: ended facts, sold out things, and the gate."""

    gate: Gate
    place: Place
    released: dict[int, ReleasedSlot] = field(default_factory=dict)
    by_email: bool = False
    """Whether anything depends on the approval of a whole email."""

    def until(self, end: dt.datetime | None) -> dt.datetime | None:
        """The end of the lease: approvals of emails are looked up again after a while."""
        if not self.by_email:
            return end
        again = (self.place.as_of + EMAIL_LEASE).astimezone(dt.UTC)
        return min(end, again) if end is not None else again

    def before(self, content: SlotContent) -> Refused | None:
        facts, as_of = self.place.facts, self.place.as_of
        over = ended(content, facts, as_of)
        if over:
            words = f"{content.label}: {', '.join(over)} does not hold at {as_of:%Y-%m-%d %H:%M}"
            return Reason.FACT_EXPIRED, words
        gone = sold_out(content, facts)
        return (Reason.OUT_OF_STOCK, f"{content.label}: {', '.join(gone)} is 0") if gone else None

    def after(self, content: SlotContent, report: GuardReport) -> Refused | None:
        self.by_email = self.by_email or whole_tiering([content], self.place) is not None
        try:
            self.released[id(content)] = self.gate.release_slot(content, self.place, report)
        except ReleaseRefused as error:
            return Reason.APPROVAL_LACKING, "; ".join(error.reasons)
        return None


def _at_platform(name: str) -> Decision:
    """A block of products that only the sending platform knows: a fragment without them would be a heading
    over nothing, or over nothing that anybody judged.
    """
    detail = f"products_from {name}"
    reason = Reason.LIST_AT_PLATFORM
    step = TraceStep(step=Step.LEFT_OUT, answered=True, reason=reason, detail=detail)
    return Decision(outcome=Outcome.LEFT_OUT, reason=reason, trace=(step,))


def _decided(found: ChainAnswer, serving: tuple[TraceStep, ...], only: Reason | None) -> Decision:
    """The chain's decision in the terms of sending: what decided is what was wrong first."""
    steps = [_in_force(step) for step in found.decision.trace]
    told = " | ".join(step.detail for step in steps)
    untold = [words for _, words in found.refused if words not in told]
    if untold:
        detail = f"{steps[-1].detail}; passed over: {' | '.join(untold)}"
        steps[-1] = steps[-1].model_copy(update={"detail": detail})
    refused = [_rules(reason) for reason, _ in found.refused]
    update = {
        "outcome": _outcome(found, refused, only),
        "reason": only or next((step.reason for step in serving), None) or _reason(found, refused),
        "trace": (*serving, *steps),
    }
    return found.decision.model_copy(update=update)


def _outcome(found: ChainAnswer, refused: list[Reason], only: Reason | None) -> Outcome:
    if found.content is None:
        return Outcome.LEFT_OUT
    passed_over = [reason for reason in refused if reason is not Reason.CONSENT_MISSING]
    last_resort = found.decision.trace[-1].step is Step.EVERGREEN_BLOCK
    return Outcome.FELL_BACK if only or passed_over or last_resort else Outcome.REUSED


def _reason(found: ChainAnswer, refused: list[Reason]) -> Reason:
    if found.decision.reason is Reason.FEED_MISSING:
        return Reason.FEED_MISSING
    if refused:
        return refused[0]
    last_resort = found.decision.trace[-1].step is Step.EVERGREEN_BLOCK
    return Reason.NOTHING_APPROVED if found.content is None or last_resort else Reason.APPROVED_BLOCK_USED


def _rules(reason: Reason) -> Reason:
    """Here no model wrote what a guardrail refuses."""
    return Reason.RULES_REFUSE if reason is Reason.GUARDRAIL_REFUSED else reason


def _in_force(step: TraceStep) -> TraceStep:
    return step.model_copy(update={"reason": _rules(step.reason)})


def _opens(query: SlotQuery) -> dt.datetime | None:
    """When a slot that is left out may have an answer by itself: as soon as one of its facts holds."""
    if KINDS[query.kind].required:
        return None
    begins = [fact.valid_from for fact in query.facts.facts.values() if fact.valid_from is not None]
    return min((moment.astimezone(dt.UTC) for moment in begins if moment > query.as_of), default=None)

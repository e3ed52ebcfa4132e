"""How a slot was answered: confidence with its parts, reason codes, and the trace of the chain."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Confidence(BaseModel):
    """A score in 0..1 with the components it is the weighted mean of.

    `parts` maps a component's name to (value, weight after renormalising); a component that could not be
    computed is not in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    score: float
    parts: dict[str, tuple[float, float]]
    threshold: float

    @property
    def sufficient(self) -> bool:
        """Whether the score reaches the threshold that the decision contract sets."""
        return self.score >= self.threshold


class Outcome(StrEnum):
    """Where the content of a slot came from."""

    REUSED = "reused"
    GENERATED = "generated"
    REASKED = "reasked"
    FELL_BACK = "fell_back"
    LEFT_OUT = "left_out"


class Step(StrEnum):
    """The steps of the fallback chain, in their order."""

    SERVING = "serving"
    """Which state of the content, the approvals and the facts there was to answer from."""
    REUSE = "reuse"
    CONSENT = "consent"
    """Which variables the copy may not use for this segment."""
    GENERATED = "generated"
    REASKED = "reasked"
    SECOND_MODEL = "second_model"
    LAST_APPROVED = "last_approved"
    JOURNEY_BLOCK = "journey_block"
    EVERGREEN_BLOCK = "evergreen_block"
    LEFT_OUT = "left_out"


class Reason(StrEnum):
    """Why a step answered, or why it did not. SENTENCES has the words for people."""

    MATCHED_APPROVED = "matched_approved"
    PASSED = "passed"
    NOT_ASKED = "not_asked"
    NO_MATCH = "no_match"
    GUARDRAIL_REFUSED = "guardrail_refused"
    GUARDRAIL_ERROR = "guardrail_error"
    TOO_FEW_VARIANTS = "too_few_variants"
    LOW_CONFIDENCE = "low_confidence"
    DUPLICATE = "duplicate"
    MODEL_TIMEOUT = "model_timeout"
    MODEL_UNAVAILABLE = "model_unavailable"
    MODEL_NOT_INSTALLED = "model_not_installed"
    BREAKER_OPEN = "breaker_open"
    MALFORMED_ANSWER = "malformed_answer"
    EMPTY_ANSWER = "empty_answer"
    BUDGET_SPENT = "budget_spent"
    DEADLINE_REACHED = "deadline_reached"
    SHUTTING_DOWN = "shutting_down"
    LOCALE_NOT_WRITTEN = "locale_not_written"
    APPROVED_ONLY = "approved_only"
    FACT_MISSING = "fact_missing"
    FACT_EXPIRED = "fact_expired"
    OUT_OF_STOCK = "out_of_stock"
    VALUES_CHANGED = "values_changed"
    FEED_MISSING = "feed_missing"
    LIST_AT_PLATFORM = "list_at_platform"
    NOTHING_APPROVED = "nothing_approved"
    RULES_REFUSE = "rules_refuse"
    REVIEW_OVERDUE = "review_overdue"
    APPROVAL_LACKING = "approval_lacking"
    SEGMENT_UNKNOWN = "segment_unknown"
    LOCALE_UNKNOWN = "locale_unknown"
    CONTENT_DAMAGED = "content_damaged"
    DATABASE_AWAY = "database_away"
    LAST_KNOWN_GOOD = "last_known_good"
    CONTRACT_FORBIDS = "contract_forbids"
    CONSENT_MISSING = "consent_missing"
    HELD = "held"
    APPROVED_BLOCK_USED = "approved_block_used"
    OPTIONAL_LEFT_OUT = "optional_left_out"
    BLOCK_SUPPRESSED = "block_suppressed"
    EMAIL_SUPPRESSED = "email_suppressed"


GENERIC_TWIN = "generic twin used"
"""How a detail says that copy does without a variable whose consent the segment lacks."""


class WhoActs(StrEnum):
    """Who can change the outcome."""

    NOBODY = "nobody"
    COPYWRITER = "copywriter"
    BRAND_OWNER = "brand owner"
    OPERATOR = "operator"


SENTENCES: dict[Reason, tuple[str, WhoActs]] = {
    Reason.MATCHED_APPROVED: ("Approved content with the same message is still valid.", WhoActs.NOBODY),
    Reason.PASSED: ("Every guardrail passed and the confidence is sufficient.", WhoActs.NOBODY),
    Reason.NOT_ASKED: ("This step is not set up or was not asked for.", WhoActs.NOBODY),
    Reason.NO_MATCH: ("No approved content has this message for this segment.", WhoActs.NOBODY),
    Reason.GUARDRAIL_REFUSED: ("A guardrail refused every line the model wrote.", WhoActs.COPYWRITER),
    Reason.GUARDRAIL_ERROR: ("A guardrail could not judge the copy, so it is not used.", WhoActs.OPERATOR),
    Reason.TOO_FEW_VARIANTS: ("Fewer distinct variants passed than the brief asks for.", WhoActs.COPYWRITER),
    Reason.LOW_CONFIDENCE: (
        "The best that the model wrote is not sure enough for the contract.",
        WhoActs.COPYWRITER,
    ),
    Reason.DUPLICATE: ("What the model wrote repeats copy that exists already.", WhoActs.COPYWRITER),
    Reason.MODEL_TIMEOUT: ("The model did not answer within the slot's deadline.", WhoActs.OPERATOR),
    Reason.MODEL_UNAVAILABLE: ("The model's endpoint did not answer.", WhoActs.OPERATOR),
    Reason.MODEL_NOT_INSTALLED: (
        "The embedded model is not installed: `copydesk model install`.",
        WhoActs.OPERATOR,
    ),
    Reason.BREAKER_OPEN: ("The model failed a moment ago and is left alone for a while.", WhoActs.OPERATOR),
    Reason.MALFORMED_ANSWER: (
        "The model's answer does not have the shape that was asked for.",
        WhoActs.OPERATOR,
    ),
    Reason.EMPTY_ANSWER: ("The model answered with no text.", WhoActs.OPERATOR),
    Reason.BUDGET_SPENT: ("The contract's budget for this brief is spent.", WhoActs.BRAND_OWNER),
    Reason.DEADLINE_REACHED: (
        "The request's time was over before there was another answer.",
        WhoActs.OPERATOR,
    ),
    Reason.SHUTTING_DOWN: ("The service was being stopped, so no model was asked.", WhoActs.OPERATOR),
    Reason.LOCALE_NOT_WRITTEN: ("The model does not write this language.", WhoActs.OPERATOR),
    Reason.APPROVED_ONLY: ("This kind of block is never generated.", WhoActs.NOBODY),
    Reason.FACT_MISSING: (
        "The approved block needs a fact that the brief does not give.",
        WhoActs.COPYWRITER,
    ),
    Reason.FACT_EXPIRED: ("A value in the approved content does not hold any more.", WhoActs.COPYWRITER),
    Reason.OUT_OF_STOCK: ("What the approved content speaks of is out of stock.", WhoActs.COPYWRITER),
    Reason.VALUES_CHANGED: (
        "A price, date, code or link is not the one that was approved.",
        WhoActs.COPYWRITER,
    ),
    Reason.FEED_MISSING: ("The product feed for this block is missing or stale.", WhoActs.COPYWRITER),
    Reason.LIST_AT_PLATFORM: (
        "The products are a list that only the sending platform knows: an export holds the block.",
        WhoActs.COPYWRITER,
    ),
    Reason.NOTHING_APPROVED: ("No approved content fits this step.", WhoActs.BRAND_OWNER),
    Reason.RULES_REFUSE: ("The rules in force refuse the approved content.", WhoActs.BRAND_OWNER),
    Reason.REVIEW_OVERDUE: (
        "The approved content had to be reviewed before this day.",
        WhoActs.BRAND_OWNER,
    ),
    Reason.APPROVAL_LACKING: ("No approval covers the content as it is now.", WhoActs.BRAND_OWNER),
    Reason.SEGMENT_UNKNOWN: ("The brand documents no segment of this name.", WhoActs.OPERATOR),
    Reason.LOCALE_UNKNOWN: ("The brand writes nothing in this locale.", WhoActs.OPERATOR),
    Reason.CONTENT_DAMAGED: ("Stored content cannot be read, so it is not used.", WhoActs.OPERATOR),
    Reason.DATABASE_AWAY: (
        "The database does not answer, so what was valid before goes on.",
        WhoActs.OPERATOR,
    ),
    Reason.LAST_KNOWN_GOOD: (
        "The version that should serve does not load, so the last one that does goes on.",
        WhoActs.OPERATOR,
    ),
    Reason.CONTRACT_FORBIDS: (
        "The decision contract does not allow generating this kind.",
        WhoActs.BRAND_OWNER,
    ),
    Reason.CONSENT_MISSING: (
        "The segment lacks the consent that a variable needs: the generic twin is used.",
        WhoActs.BRAND_OWNER,
    ),
    Reason.HELD: ("The brief holds this kind instead of using a fallback.", WhoActs.COPYWRITER),
    Reason.APPROVED_BLOCK_USED: ("Approved content answers this slot.", WhoActs.NOBODY),
    Reason.OPTIONAL_LEFT_OUT: ("The kind is optional, and the email reads well without it.", WhoActs.NOBODY),
    Reason.BLOCK_SUPPRESSED: (
        "A suppression flag of these readers keeps this block from them.",
        WhoActs.BRAND_OWNER,
    ),
    Reason.EMAIL_SUPPRESSED: (
        "A suppression flag of these readers stops the whole email.",
        WhoActs.BRAND_OWNER,
    ),
}

SUPPRESSING = frozenset({Reason.BLOCK_SUPPRESSED, Reason.EMAIL_SUPPRESSED})
"""Reasons that a suppression flag gives; the detail of their step names it."""

TRANSIENT = frozenset(
    {
        Reason.MODEL_TIMEOUT,
        Reason.MODEL_UNAVAILABLE,
        Reason.MODEL_NOT_INSTALLED,
        Reason.BREAKER_OPEN,
        Reason.BUDGET_SPENT,
        Reason.DEADLINE_REACHED,
        Reason.SHUTTING_DOWN,
        Reason.DATABASE_AWAY,
    }
)
"""Reasons that pass by themselves: a fallback for one of these is not final."""


class TraceStep(BaseModel):
    """One step of the chain: whether it answered, its reason code, and the particulars."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: Step
    answered: bool
    reason: Reason
    detail: str = ""


class Decision(BaseModel):
    """The answer for one slot: outcome, the deciding reason, and every step that was tried."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: Outcome
    reason: Reason
    trace: tuple[TraceStep, ...]
    block: str | None = None
    confidence: Confidence | None = None
    held: bool = False

    @property
    def sentence(self) -> str:
        """The reason in words for people."""
        return SENTENCES[self.reason][0]

    @property
    def who_acts(self) -> WhoActs:
        """Who can change the outcome."""
        return SENTENCES[self.reason][1]

    @property
    def generic(self) -> str:
        """Which consent the segment lacks, where copy stands that does without the variable; else empty."""
        written = self.outcome in (Outcome.GENERATED, Outcome.REASKED)
        for step in self.trace:
            stands = step.answered or (written and step.step is Step.CONSENT)
            if stands and step.reason is Reason.CONSENT_MISSING:
                return step.detail
        return ""

    @property
    def suppressed(self) -> str:
        """Which suppression flag keeps the block or the email from these readers, and why; else empty."""
        found = (step.detail for step in self.trace if step.reason in SUPPRESSING)
        return next(found, "")

    @property
    def transient(self) -> bool:
        """Whether asking again later may give another answer without any change."""
        return self.outcome in (Outcome.FELL_BACK, Outcome.LEFT_OUT) and self.reason in TRANSIENT

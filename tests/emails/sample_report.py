"""A run with one slot of each outcome, for the tests of the report page."""

import datetime as dt

from app.emails.report_data import (
    ConfidencePart,
    RefusedLine,
    ReportData,
    SegmentReport,
    ShownConfidence,
    ShownStep,
    ShownVariant,
    SlotReport,
)

REFUSED = (
    RefusedLine(
        field="subject line",
        text="Only 3 left of your {product.name}",
        rule="values_by_token",
        message="A number is written out instead of a token.",
        suggestion="{product.stock}",
        start=0,
        end=11,
    ),
    RefusedLine(
        field="preheader",
        text="The best boots in the world, guaranteed",
        rule="banned_claims",
        message="Nobody can prove a superlative.",
        suggestion="Say what the product does.",
        start=4,
        end=8,
    ),
)

CONFIDENCE = ShownConfidence(
    score=0.78,
    threshold=0.6,
    parts=(
        ConfidencePart(name="model_probability", value=0.71, weight=0.4),
        ConfidencePart(name="voice_fit", value=0.82, weight=0.35),
        ConfidencePart(name="brief_coverage", value=0.5, weight=0.25),
    ),
)

STEPS = (
    ShownStep(
        step="reuse", answered=False, reason="no_match", sentence="No approved content has this message."
    ),
    ShownStep(
        step="generated",
        answered=True,
        reason="passed",
        sentence="Every guardrail passed.",
        detail="24 lines",
    ),
)


SLOTS = (
    SlotReport(
        kind="subject",
        outcome="generated",
        reason="passed",
        sentence="Every guardrail passed and the confidence is sufficient.",
        confidence=CONFIDENCE,
        variants=(
            ShownVariant(
                fields=(
                    ("subject line", "{person.first_name}, your {product.name} is ready"),
                    ("preheader", "A quiet look at what came in."),
                ),
                chosen=True,
                source="smollm2",
                confidence=0.78,
            ),
            ShownVariant(
                fields=(("subject line", "Time for the {product.name}"), ("preheader", "Come and see.")),
                confidence=0.66,
            ),
        ),
        refused=REFUSED * 3,
        trace=STEPS,
        model="smollm2",
        asked=24,
        seconds=5.23,
        tokens=1834,
    ),
    SlotReport(
        kind="hero",
        outcome="fell_back",
        reason="guardrail_refused",
        sentence="A guardrail refused every line the model wrote.",
        who_acts="copywriter",
        block="hero_welcome",
        variants=(
            ShownVariant(fields=(("headline", "Good to see you"),), chosen=True, source="block hero_welcome"),
        ),
        refused=REFUSED,
        trace=STEPS,
    ),
    SlotReport(
        kind="cta",
        outcome="reasked",
        reason="passed",
        sentence="Every guardrail passed.",
        variants=(ShownVariant(fields=(("button label", "See the {product.name}"),), chosen=True),),
    ),
    SlotReport(
        kind="offer",
        outcome="reused",
        reason="matched_approved",
        sentence="Approved content with the same message is still valid.",
    ),
    SlotReport(
        kind="recommendations",
        outcome="left_out",
        reason="feed_missing",
        sentence="The product feed for this block is missing or stale.",
        who_acts="copywriter",
    ),
    SlotReport(
        kind="footer",
        outcome="fell_back",
        reason="held",
        sentence="The brief holds this kind instead of using a fallback.",
        held=True,
    ),
)
"""One slot of each outcome."""


def sample_run(*names: str) -> ReportData:
    """A run with a segment for each of `names`, whose emails lie in folders of these names."""
    return ReportData(
        brand="Fernhill",
        brief="Autumn welcome",
        journey="welcome",
        objective="A first order",
        message="The season is long, and good kit makes it longer.",
        model="smollm2",
        as_of=dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC),
        seconds=61.5,
        tokens=12345,
        calls=96,
        version="0.1.0",
        segments=tuple(
            SegmentReport(
                id=name,
                name=name.replace("_", " ").capitalize(),
                audience="people who walk on weekends",
                locale="en-US",
                sender="Fernhill",
                subject="friend, your Ridge & Vale 30 is ready",
                preheader="A quiet look at what came in, and what is worth a walk.",
                html=f"{name}/email.html",
                text=f"{name}/email.txt",
                mjml=f"{name}/email.mjml",
                slots=SLOTS,
            )
            for name in names
        ),
        warnings=("Two segments became identical.",),
    )

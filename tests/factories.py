"""Small valid objects for tests: a brand in memory, a context to judge in, a piece of copy."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.brand.brand import Brand
from app.brand.contract import DecisionContract
from app.brand.models import (
    AssetManifest,
    BrandIdentity,
    ClaimRule,
    Disclosure,
    NeverInferRule,
    Variable,
    VoiceGuide,
)
from app.brief.facts import FactSheet
from app.guardrails.frame import Context, Piece
from app.guardrails.rulebook import RuleBook
from app.manifest import Manifest

AS_OF = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)

IDENTITY: dict[str, Any] = {
    "id": "fernhill",
    "name": "Fernhill",
    "sells": "clothes and gear for walking",
    "owner": "Ada Brand",
    "locales": ["en-US", "en-GB"],
    "link_hosts": ["fernhill.example"],
    "postal_address": "Fernhill, 1 Fern Street, Portland, OR 97201",
    "unsubscribe_label": "Unsubscribe",
    "preferences_label": "Preferences",
    "why_received": "You get this email because you signed up.",
    "design": {
        "accent": "#205030",
        "accent_text": "#ffffff",
        "ink": "#111111",
        "muted": "#666666",
        "paper": "#ffffff",
        "canvas": "#f4f4f0",
        "heading_font": "Georgia, serif",
        "body_font": "Helvetica, sans-serif",
        "button_radius": 4,
    },
}

VOICE: dict[str, Any] = {
    "summary": "Calm and plain, like a friend who has been there.",
    "guide": "Say what the thing does. Leave the shouting to others.",
    "tone": ["calm", "plain"],
    "person": "we",
    "avoid": [
        {"word": "unleash", "instead": "use", "why": "hype"},
        {"word": "game-changer", "why": "hype", "severity": "warn"},
    ],
    "spelling": {"en-US": {"colour": "color", "grey": "gray"}, "en-GB": {"color": "colour"}},
    "punctuation": {
        "exclamation_marks": 1,
        "question_marks": 1,
        "ellipsis": False,
        "emoji": False,
        "capital_words": 1,
    },
    "reading_grade_max": 9,
    "words": ["Ridgeline", "Fernhill Club"],
    "examples": {
        "good": [
            "A dry coat for a wet walk.",
            "The trail is quiet in the morning.",
            "Made to be mended.",
            "Pack light and leave early.",
            "One coat, four seasons.",
        ],
        "bad": [
            {"text": "Unleash your inner hiker", "rule": "voice"},
            {"text": "Wow! Such boots! Amazing!", "rule": "voice"},
            {"text": "The colour of autumn", "rule": "voice"},
        ],
    },
}

CLAIMS: tuple[dict[str, Any], ...] = (
    {
        "id": "cures",
        "category": "health_claim",
        "family": "legal",
        "phrases": ["cures", "heals"],
        "patterns": [r"\b(?:ends|banish\w*)\b.{0,30}\b(?:pain|ache)s?\b"],
        "frames": [{"groups": [["goodbye to", "ease*"], ["knee*", "hip*"]], "within": 6}],
        "exceptions": ["salt cures the ham", "cures the leather"],
        "message": "says that a product treats a body or an illness",
        "suggestion": "say how it feels or what it is made of",
        "source": "FTC health products compliance guidance, 2022",
        "fails": ["It cures colds."],
        "passes": ["Salt cures the ham."],
    },
    {
        "id": "best_ever",
        "category": "superlative_unsubstantiated",
        "family": "brand",
        "severity": "warn",
        "phrases": ["the best"],
        "message": "claims to be the best without evidence",
        "suggestion": "say what it is good at",
        "source": "house rule",
        "fails": ["The best coat."],
        "passes": ["Best of luck."],
    },
    {
        "id": "heilt",
        "category": "health_claim",
        "family": "legal",
        "languages": ["de"],
        "phrases": ["heilt"],
        "message": "verspricht Heilung",
        "suggestion": "sagen, was es ist",
        "source": "HWG",
        "fails": ["Es heilt."],
        "passes": ["Es hilft."],
    },
)

NEVER_INFER: tuple[dict[str, Any], ...] = (
    {
        "id": "health",
        "trait": "the reader's health",
        "phrases": ["with your asthma", "your diagnosis"],
        "patterns": [r"\byour (?:arthritis|diabetes|anxiety)\b"],
        "exceptions": ["your anxiety-free packing list"],
        "fails": ["With your asthma, walk slowly."],
        "passes": ["Walk slowly."],
    },
    {
        "id": "faith",
        "trait": "the reader's faith",
        "phrases": ["as a christian"],
        "fails": ["As a Christian, you know."],
        "passes": ["Christmas opening times."],
    },
)

DISCLOSURES: tuple[dict[str, Any], ...] = (
    {
        "id": "free_terms",
        "place": "copy",
        "text": "Terms apply.",
        "triggers": ["free gift", "{offer.gift}"],
        "wordings": ["terms apply", "with any order"],
        "source": "16 CFR 251",
    },
    {
        "id": "winback_layout",
        "place": "layout",
        "text": "Offer terms on our site.",
        "journeys": ["winback"],
        "source": "house rule",
    },
)

VARIABLES: tuple[dict[str, Any], ...] = (
    {
        "name": "person.first_name",
        "meaning": "the reader's first name",
        "purpose": "greet people by the name that they gave",
        "basis": "legitimate_interests",
        "fallback": "there",
        "examples": ["Al", "Bartholomew"],
        "kinds": ["subject", "hero"],
    },
)

CONSENTS: tuple[dict[str, Any], ...] = (
    {
        "id": "personalisation",
        "wording": "Use my town to choose what Fernhill sends me",
        "collected": "in the preferences, off until switched on",
        "owner": "Ada Brand",
    },
    {
        "id": "stories",
        "wording": "Send me stories of other walkers",
        "collected": "at sign-up, off until switched on",
        "owner": "Ada Brand",
    },
)

CITY: dict[str, Any] = {
    "name": "person.city",
    "meaning": "the town that the reader lives in",
    "purpose": "show walks that are near",
    "basis": "consent",
    "consent": "personalisation",
    "fallback": "your town",
    "examples": ["Ely", "Stratford-upon-Avon"],
    "kinds": ["hero", "cta"],
}
"""A variable that waits for a consent."""

CONTRACT: dict[str, Any] = {
    "may_optimise": ["clicks"],
    "may_generate": ["subject", "hero", "cta"],
    "never_infer": ["health"],
    "tiers": {"kinds": {"subject": "low", "hero": "low", "cta": "low"}},
    "approvers": {
        "low": ["brand reviewer"],
        "standard": ["brand reviewer"],
        "elevated": ["brand reviewer", "legal"],
        "restricted": ["brand owner", "legal"],
    },
    "confidence": {"low": 0.4, "standard": 0.5, "elevated": 0.6, "restricted": 0.7},
    "reasks": 1,
    "budgets": {"slot_seconds": 30, "brief_tokens": 100000, "brief_usd": "1"},
}

ASSETS: dict[str, Any] = {
    "hosted_base": "https://fernhill.example/assets/",
    "assets": [
        {
            "id": "logo",
            "file": "logo.png",
            "alt": "Fernhill",
            "width": 100,
            "height": 40,
            "licence": "Apache-2.0",
        }
    ],
}


def make_rule(**overrides: Any) -> ClaimRule:
    """A claim rule; what is not given comes from the first of CLAIMS."""
    return ClaimRule.model_validate({**CLAIMS[0], **overrides})


def make_voice(**overrides: Any) -> VoiceGuide:
    """A voice guide; `punctuation` may be given in part."""
    punctuation = {**VOICE["punctuation"], **overrides.pop("punctuation", {})}
    return VoiceGuide.model_validate({**VOICE, **overrides, "punctuation": punctuation})


def make_brand(**overrides: Any) -> Brand:
    """A small valid brand. `overrides` replace attributes of Brand."""
    brand = Brand(
        folder=Path("brand/fernhill"),
        identity=BrandIdentity.model_validate(IDENTITY),
        voice=make_voice(),
        claims=tuple(ClaimRule.model_validate(item) for item in CLAIMS),
        disclosures=tuple(Disclosure.model_validate(item) for item in DISCLOSURES),
        variables={item["name"]: Variable.model_validate(item) for item in VARIABLES},
        never_infer=tuple(NeverInferRule.model_validate(item) for item in NEVER_INFER),
        offers={},
        segments={},
        contract=DecisionContract.model_validate(CONTRACT),
        assets=AssetManifest.model_validate(ASSETS),
        manifest=Manifest(),
    )
    return replace(brand, **overrides)


def make_context(brand: Brand | None = None, **overrides: Any) -> Context:
    """A context for generated copy of `brand` (or of `make_brand()`) with an empty fact sheet."""
    given = {
        "rulebook": RuleBook.of(brand or make_brand()),
        "locale": "en-US",
        "as_of": AS_OF,
        "facts": FactSheet(locale="en-US"),
    }
    return Context(**{**given, **overrides})


def make_piece(text: str, **overrides: Any) -> Piece:
    """One text of the body."""
    return Piece(text=text, **overrides)

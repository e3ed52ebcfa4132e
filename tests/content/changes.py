"""For each leaf of a brand folder: one change of it, as (file, path in the file, new value)."""

from typing import Any

from tests import factories
from tests.content.small_brand import LEFT, Path_

Change = tuple[str, Path_, Any]
_BRAND, _VOICE, _CONTRACT, _ASSETS = "brand.yaml", "voice.yaml", "contract.yaml", "assets/manifest.yaml"
_RULE: Path_ = ("rules", 0)
_OFFER: Path_ = ("offers", 0)
_SEGMENT: Path_ = ("segments", 0)
_HILL: Path_ = ("assets", 1)


def _each(file: str, at: Path_, values: dict[str, Any]) -> dict[str, Change]:
    return {name: (file, (*at, name), value) for name, value in values.items()}


def _of(model: str, changes: dict[str, Change]) -> dict[str, Change]:
    return {f"{model}.{name}": change for name, change in changes.items()}


DESIGN = _each(
    _BRAND,
    ("design",),
    {
        "accent": "#803010",
        "accent_text": "#fffff0",
        "ink": "#222211",
        "muted": "#555544",
        "paper": "#fffffe",
        "canvas": "#f4f4f1",
        "heading_font": "Palatino, serif",
        "body_font": "Verdana, sans-serif",
        "button_radius": 9,
    },
)
IDENTITY = _each(
    _BRAND,
    (),
    {
        "id": "fernhil",
        "name": "Fernhill & Sons",
        "sells": "tents",
        "owner": "Bo Brand",
        "locales": ["en-US"],
        "link_hosts": ["fernhill.store"],
        "packs": ["walking", "wading"],
        "postal_address": "2 Other Street",
        "unsubscribe_label": "No more",
        "preferences_label": "Choose",
        "why_received": "You asked for it.",
    },
)
VOICE = _each(
    _VOICE,
    (),
    {
        "summary": "Dry.",
        "guide": "Be dry.",
        "tone": ["dry", "short"],
        "person": "neutral",
        "formality": "informal",
        "spelling": {"en-US": {"grey": "gray"}},
        "reading_grade_max": 14,
        "words": ["Fernhill Club"],
    },
)
WORD_RULE = _each(
    _VOICE,
    ("avoid", 0),
    {"word": "unfold", "instead": "start", "why": "nobody says it", "severity": "warn"},
)
PUNCTUATION = _each(
    _VOICE,
    ("punctuation",),
    {"exclamation_marks": 2, "question_marks": 2, "ellipsis": True, "emoji": True, "capital_words": 3},
)
EXAMPLES = {
    "VoiceExamples.good": (_VOICE, ("examples", "good"), [f"Nothing alike number {n}" for n in "abcde"]),
    "BadExample.text": (_VOICE, ("examples", "bad", 0, "text"), "A quiet walk"),
    "BadExample.rule": (_VOICE, ("examples", "bad", 0, "rule"), "never_infer"),
}
CLAIM_RULE = _each(
    "claims.yaml",
    _RULE,
    {
        "id": "cure_all",
        "category": "earnings_claim",
        "family": "brand",
        "severity": "info",
        "languages": ["de"],
        "phrases": ["heals"],
        "patterns": [],
        "exceptions": ["salt cures the ham"],
        "message": "promises health",
        "suggestion": "say less",
        "source": "another law",
        "effective_from": "2027-01-01",
        "effective_until": "2026-01-01",
        "fails": ["A quiet walk."],
        "passes": ["It heals."],
    },
)
QUALIFIER = _each(
    "claims.yaml",
    ("rules", 1, "qualifiers", 0),
    {
        "needs": "by whom",
        "wordings": ["by the club"],
        "patterns": ["by test [a-z]"],
        "within": "sentence",
    },
)
SCOPE = _each(
    "claims.yaml",
    ("rules", 1, "scope"),
    {
        "fields": ["cta"],
        "kinds": ["offer"],
        "locales": ["en-GB"],
        "journeys": ["welcome"],
        "markets": ["GB"],
    },
)
OVERRIDE = _each(
    "claims.yaml",
    ("overrides", 0),
    {
        "rule": "pack_promise",
        "severity": "info",
        "exceptions": ["fun guaranteed"],
        "reason": "a joke",
        "owner": "Bo Brand",
    },
)
PACK_HEAD = _each(
    "../_packs/walking.yaml",
    ("pack",),
    {
        "title": "Walks",
        "markets": ["EU"],
        "applies_from": "2027-01-01",
        "applies_until": "2026-01-01",
        "source": "another code",
        "source_date": "2026-02-01",
        "checked": "2026-03-01",
    },
)
FRAME = _each(
    "claims.yaml",
    (*_RULE, "frames", 0),
    {"groups": [["goodbye to"], ["ankle*"]], "within": 12, "ordered": True, "across": True, "negated": True},
)
CLAIM_WORDS: Change = ("claims.yaml", ("words", "joints"), ["ankle*"])
CLAIM = _each(
    "claims_library.yaml",
    ("claims", 0),
    {
        "id": "colds",
        "text": "A long walk cures selected aches.",
        "wordings": ["A stroll cures selected aches."],
        "permits": ["best_ever"],
        "qualifiers": [["selected", "colds"]],
        "markets": ["FR"],
        "valid_from": "2027-05-01",
        "expires": "2026-02-01",
        "owner": "Bo Brand",
    },
)
EVIDENCE = _each(
    "claims_library.yaml",
    ("claims", 0, "evidence"),
    {"document": "Report 8", "kind": "survey", "dated": "2026-01-03"},
)
DISCLOSURE = {
    **_each(
        "compliance.yaml",
        ("disclosures", 1),
        {
            "id": "free_terms",
            "place": "copy",
            "text": "Terms are on our site.",
            "kinds": ["educational"],
            "journeys": ["welcome"],
            "source": "another law",
        },
    ),
    **_each(
        "compliance.yaml",
        ("disclosures", 0),
        {
            "triggers": ["gift voucher"],
            "wordings": ["our own rules"],
            "effective_from": "2027-01-01",
        },
    ),
}
CONSENT = _each(
    "variables.yaml",
    ("consents", 0),
    {
        "id": "personalising",
        "wording": "Use my town",
        "collected": "at the till",
        "owner": "Bo Brand",
    },
)
VARIABLE = _each(
    "variables.yaml",
    ("variables", 0),
    {
        "name": "person.given_name",
        "meaning": "what friends call the reader",
        "purpose": "sound like a friend",
        "basis": "contract",
        "fallback": "friend",
        "examples": ["Al", "Bartholomew Maximilian the Younger of Lower Fernhill Castle"],
        "kinds": ["hero"],
    },
)
VARIABLE["consent"] = ("variables.yaml", ("variables", 1, "consent"), "stories")
_LIST: Path_ = ("lists", 0)
LIST = {
    **_each(
        "variables.yaml",
        _LIST,
        {
            "id": "left_over",
            "meaning": "what waits in the basket",
            "purpose": "sell more",
            "basis": "contract",
            "most": 1,
        },
    ),
    "consent": ("variables.yaml", ("lists", 1, "consent"), "stories"),
}
LIST_FALLBACKS = _each(
    "variables.yaml",
    (*_LIST, "fallbacks"),
    {"name": "Something", "link": "https://fernhill.example/basket", "image": "hill"},
)
SAMPLE = _each(
    "variables.yaml",
    (*_LIST, "samples", 0),
    {"name": "Tent", "link": "https://fernhill.example/tent", "image": "logo", "price": "$7"},
)
NEVER_INFER = _each(
    "never_infer.yaml",
    _RULE,
    {
        "id": "faith",
        "trait": "an illness",
        "languages": ["de"],
        "phrases": ["your diagnosis"],
        "patterns": [],
        "exceptions": [],
        "context_words": ["hikers"],
        "effective_from": "2027-01-01",
        "fails": ["A quiet walk."],
        "passes": ["With your asthma, walk slowly."],
    },
)
OFFER = {
    "Rung.tier": ("offers.yaml", (*_OFFER, "ladder", 0, "tier"), "top"),
    "Rung.percent": ("offers.yaml", (*_OFFER, "ladder", 0, "percent"), 15),
    **_of(
        "Offer",
        _each(
            "offers.yaml",
            _OFFER,
            {
                "id": "winter_walks",
                "name": "Winter walks",
                "starts": "2026-12-02T00:00:00+00:00",
                "ends": "2026-12-03T12:00:00+00:00",
                "cap_percent": 15,
                "margin_floor_percent": 60,
                "code": "WINTER",
            },
        ),
    ),
    "Offers.margin_floor_percent": ("offers.yaml", ("margin_floor_percent",), 60),
    **_of(
        "Stack",
        _each(
            "offers.yaml",
            ("stacks", 0),
            {"offers": ["autumn_walks", "spring_walks"], "max_percent": 15, "tiers": ["loyal"]},
        ),
    ),
}
SEGMENT = _each(
    "segments.yaml",
    _SEGMENT,
    {
        "id": "weekend_walkers",
        "aliases": ["walkers"],
        "name": "Walkers",
        "layer": "suppression",
        "purpose": "show them tents",
        "audience": "people who walk",
        "inclusion": "told us about their asthma",
        "exclusion": "had a complaint",
        "owner": "Bo Brand",
        "primary_kpi": "opens",
        "value_tier": "loyal",
        "consents": ["stories"],
        "flags": [],
    },
)
SUPPRESSION = _each(
    "segments.yaml",
    ("suppressions", 0),
    {
        "flag": "keeps_still",
        "reason": "they know it all",
        "stops": ["email"],
        "journeys": ["welcome"],
        "owner": "Bo Brand",
    },
)
CONTRACT = _each(
    _CONTRACT,
    (),
    {
        "may_optimise": ["opens"],
        "may_generate": ["subject", "hero"],
        "never_infer": ["faith"],
        "approvers": {**factories.CONTRACT["approvers"], "low": ["legal"]},
        "release_without_approval": ["low"],
        "confidence": dict.fromkeys(factories.CONTRACT["confidence"], 0.99),
        "confidence_by_kind": {"cta": 0.99},
        "reasks": 0,
    },
)
BUDGETS = _each(_CONTRACT, ("budgets",), {"slot_seconds": 0.001, "brief_tokens": 1500, "brief_usd": "0.5"})
TIERS = _each(
    _CONTRACT,
    ("tiers",),
    {
        "kinds": dict.fromkeys(("subject", "hero", "cta", "offer", "footer"), "standard"),
        "journeys": {"winback": "standard"},
        "facts": {"discount": "elevated"},
        "features": {"offer": "elevated"},
        "markets": {"US": "standard"},
    },
)
REVIEW_TERMS = _each(
    _CONTRACT,
    ("review", "tiers", "elevated"),
    {
        "people": 3,
        "in_turn": True,
        "hours": 12,
        "whole_email": True,
        "several_at_once": True,
        "valid_days": 30,
    },
)
REVIEW_RULES = _each(
    _CONTRACT,
    ("review",),
    {
        "before_send_hours": 30,
        "question_hours": 2,
        "may_waive": ["legal"],
        "unread_confidence": 0.5,
        "unread_sample": 1.0,
    },
)
ASSET = _each(
    _ASSETS,
    _HILL,
    {
        "id": "logo",
        "file": "lake.png",
        "dark": "lake.png",
        "alt": "A lake",
        "width": 121,
        "height": 61,
        "licence": "CC-BY-4.0",
        "use": ["educational"],
    },
)
MANIFEST = {"AssetManifest.hosted_base": (_ASSETS, ("hosted_base",), "https://img.fernhill.example/")}

UNPRICED = [
    {
        **LEFT,
        "price": False,
        "samples": [{k: v for k, v in item.items() if k != "price"} for item in LEFT["samples"]],
    }
]
"""Samples may have no price where items have none."""

CHANGES: dict[str, Change] = {
    **_of("Design", DESIGN),
    **_of("BrandIdentity", IDENTITY),
    **_of("VoiceGuide", VOICE),
    **_of("WordRule", WORD_RULE),
    **_of("Punctuation", PUNCTUATION),
    **EXAMPLES,
    **_of("ClaimRule", CLAIM_RULE),
    **_of("Frame", FRAME),
    **_of("Qualifier", QUALIFIER),
    **_of("Scope", SCOPE),
    **_of("Override", OVERRIDE),
    **_of("PackHead", PACK_HEAD),
    "ClaimRules.words": CLAIM_WORDS,
    **_of("Claim", CLAIM),
    **_of("Evidence", EVIDENCE),
    **_of("Disclosure", DISCLOSURE),
    **_of("Consent", CONSENT),
    **_of("Variable", VARIABLE),
    **_of("ProductList", LIST),
    "ProductList.price": ("variables.yaml", ("lists",), UNPRICED),
    **_of("ItemFallbacks", LIST_FALLBACKS),
    **_of("SampleItem", SAMPLE),
    **_of("NeverInferRule", NEVER_INFER),
    **OFFER,
    **_of("Segment", SEGMENT),
    **_of("Suppression", SUPPRESSION),
    **_of("DecisionContract", CONTRACT),
    **_of("Budgets", BUDGETS),
    **_of("TierRules", TIERS),
    **_of("ReviewTerms", REVIEW_TERMS),
    **_of("ReviewRules", REVIEW_RULES),
    **_of("Asset", ASSET),
    **MANIFEST,
}

"""Examples that the OpenAPI document shows for briefs and drafts: one campaign throughout."""

from typing import Any

_PRICE = {
    "kind": "money",
    "role": "price",
    "value": "129.00",
    "currency": "USD",
    "source": "catalogue, item CR28",
}
BRIEF: dict[str, Any] = {
    "id": "corrie_viewed",
    "name": "Corrie pack, viewed and not bought",
    "brand": "larkfell",
    "author": "maya.ortega@larkfell.example",
    "journey": "browse_abandonment",
    "objective": "Help people who looked at the pack to decide",
    "kpi": "click_rate",
    "message": "a pack that suits you",
    "segments": [{"id": "weekend_hikers"}],
    "slots": [
        {"kind": "subject", "variants": 2},
        {"kind": "hero", "variants": 2},
        {"kind": "cta", "variants": 2, "link": "product"},
        {"kind": "footer", "variants": 1},
    ],
    "targets": [
        {
            "locale": "en-US",
            "market": "US",
            "window": {"send_at": "2026-11-27T09:00:00-05:00", "time_zone": "America/New_York"},
            "facts": {"product.price": _PRICE},
            "links": {"product": "https://www.larkfell.example/packs/corrie-28"},
        }
    ],
}
BRIEF_LINE: dict[str, Any] = {
    "brand": "larkfell",
    "id": "corrie_viewed",
    "revision": 2,
    "name": "Corrie pack, viewed and not bought",
    "owner": "maya.ortega@larkfell.example",
    "journey": "browse_abandonment",
    "send_at": "2026-11-27T14:00:00Z",
    "created_at": "2026-11-18T10:02:11Z",
    "updated_at": "2026-11-19T08:40:00Z",
}
REVISION: dict[str, Any] = {
    "revision": 2,
    "author": "maya.ortega@larkfell.example",
    "change": "facts of en-US",
    "created_at": "2026-11-19T08:40:00Z",
}
BRIEF_VIEW: dict[str, Any] = {
    **{name: value for name, value in BRIEF_LINE.items() if name not in ("name", "journey")},
    "current_revision": 2,
    "changed_by": "maya.ortega@larkfell.example",
    "change": "facts of en-US",
    "content": BRIEF,
}
DRAFT_ID = "3fe0c4b0a4a94b0c8d7b0a4f5f1f1c2e"
HASH = "8f14e45fceea167a5a36dedd4bea2543c1f0f6b0f6bff1d1a4a2e1bb0f6c7d21"
EFFECT: dict[str, Any] = {
    "drafts": [
        {
            "id": DRAFT_ID,
            "locale": "en-US",
            "segment": "weekend_hikers",
            "kind": "hero",
            "state": "approved",
            "copy_fields": {
                "headline": "Still weighing it up?",
                "body": "The {product.name} is yours for {product.price}.",
            },
            "verdict_before": "pass",
            "verdict": "pass",
            "findings": [],
            "without_value": [],
            "approval_ends": True,
            "why": "other values of: product.price",
        }
    ],
    "approvals_ended": [DRAFT_ID],
    "emails_changed": [
        {
            "locale": "en-US",
            "segment": "weekend_hikers",
            "kinds": ["hero"],
            "approved": True,
            "what": [
                "'The Corrie 28 Pack is yours for $129.' becomes 'The Corrie 28 Pack is yours for $119.'"
            ],
        }
    ],
}
FACTS: dict[str, Any] = {
    "apply": False,
    "targets": [{"locale": "en-US", "facts": {"product.price": {"value": "119.00"}}}],
}
FACTS_EFFECT: dict[str, Any] = {
    "brief": "corrie_viewed",
    "brand": "larkfell",
    "revision": 2,
    "applied": False,
    "can_be_applied": True,
    "values": [
        {"locale": "en-US", "what": "product.price", "before": "$129 (price)", "after": "$119 (price)"}
    ],
    "problems": [],
    "effect": EFFECT,
}
_WAITS = {
    "reason": f"draft {DRAFT_ID} is not approved but draft, and tier standard asks for: brand reviewer",
    "who": ["brand reviewer"],
}
STATUS: dict[str, Any] = {
    "brief": "corrie_viewed",
    "brand": "larkfell",
    "name": "Corrie pack, viewed and not bought",
    "revision": 2,
    "owner": "maya.ortega@larkfell.example",
    "problems": [],
    "slots": 1,
    "ready": 0,
    "emails_ready": 0,
    "who_acts": {"brand reviewer": 1},
    "emails": [
        {
            "locale": "en-US",
            "market": "US",
            "segment": "weekend_hikers",
            "send_at": "2026-11-27T14:00:00Z",
            "ready": False,
            "blocking": [],
            "slots": [
                {
                    "kind": "hero",
                    "required": True,
                    "outcome": "generated",
                    "reason": "passed",
                    "sentence": "Every guardrail passed and the confidence is sufficient.",
                    "held": False,
                    "wanted": 2,
                    "drafts": [
                        {
                            "id": DRAFT_ID,
                            "state": "draft",
                            "origin": "generated",
                            "author": "openai/gpt-4o-mini",
                            "revision": 1,
                            "block": None,
                            "verdict": "pass",
                            "blocking": [_WAITS],
                        }
                    ],
                    "ready": False,
                    "blocking": [_WAITS],
                }
            ],
        }
    ],
}
_COPY = {"headline": "Still weighing it up?", "body": "Good. A pack is worth a second look."}
DRAFT_LINE: dict[str, Any] = {
    "id": DRAFT_ID,
    "brand": "larkfell",
    "brief": "corrie_viewed",
    "journey": "browse_abandonment",
    "locale": "en-US",
    "segment": "weekend_hikers",
    "kind": "hero",
    "copy_fields": _COPY,
    "state": "draft",
    "origin": "generated",
    "author": "openai/gpt-4o-mini",
    "requested_by": "maya.ortega@larkfell.example",
    "revision": 1,
    "parent": None,
    "note": "",
    "block": None,
    "content_hash": HASH,
    "tier": None,
    "created_at": "2026-11-18T10:03:40Z",
    "updated_at": "2026-11-18T10:03:40Z",
}
DRAFT: dict[str, Any] = {
    **DRAFT_LINE,
    "message": "a pack that suits you",
    "image": None,
    "tier_reasons": [],
    "verdict": "pass",
    "why_not": [],
    "findings": [],
    "confidence": {"score": 0.78, "threshold": 0.5, "parts": {"thought": [0.9, 0.4], "voice": [0.7, 0.6]}},
    "decision": {
        "outcome": "generated",
        "reason": "passed",
        "sentence": "Every guardrail passed and the confidence is sufficient.",
        "who_acts": "nobody",
    },
    "receipt": {
        "engine": "0.1.0",
        "hashes": {"brand": HASH, "rules": HASH, "prompt": HASH, "contract": HASH, "facts": HASH},
        "calls": [{"request": HASH, "answer": HASH}],
        "model": "openai/gpt-4o-mini",
        "seed": None,
        "parameters": {"temperature": 0.9},
        "as_of": "2026-11-27T14:00:00Z",
        "edits": [],
        "waivers": [],
        "approvals": [],
    },
    "approved_at": None,
    "review_by": None,
}
EMAIL: dict[str, Any] = {
    "preview": True,
    "brief": {"brand": "larkfell", "id": "corrie_viewed", "revision": 2},
    "locale": "en-US",
    "segment": "weekend_hikers",
    "subject": "A closer look at the Corrie 28 Pack",
    "preheader": "See how it sits on the back and what fits inside before you decide.",
    "html": "<!doctype html><html>...</html>",
    "text": "PREVIEW - NOT APPROVED\n...",
    "mjml": "<mjml>...</mjml>",
    "images": ["logo.png"],
    "warnings": [],
    "slots": [{"kind": "hero", "draft": DRAFT_ID, "block": None, "state": "draft"}],
    "open_kinds": ["footer"],
    "qa": [
        {
            "rule": "inbox.short_preheader",
            "severity": "warning",
            "part": "preheader",
            "line": 0,
            "column": 0,
            "message": "The preheader has 24 characters; inboxes have room for 40 to 100",
            "suggestion": "",
        }
    ],
}
DECK_ANSWER: dict[str, Any] = {
    "brief": "corrie_viewed",
    "brand": "larkfell",
    "edited": 1,
    "unchanged": 6,
    "refused": 1,
    "drafts": [DRAFT_ID],
    "ignored_columns": ["comments"],
    "rows": [
        {
            "line": 2,
            "draft": DRAFT_ID,
            "field": "headline",
            "result": "edited",
            "verdict": "pass",
            "why": "",
            "hint": "",
        },
        {
            "line": 3,
            "draft": DRAFT_ID,
            "field": "body",
            "result": "refused",
            "verdict": None,
            "why": "'$129', the value of {product.price}, was changed or dropped",
            "hint": "leave the value as it is, or write {product.price} where it belongs",
        },
    ],
}
VERSION: dict[str, Any] = {
    "version": HASH,
    "published_at": "2026-11-18T16:20:00Z",
    "serves": True,
    "author": None,
    "note": None,
}
REPLAY: dict[str, Any] = {
    "draft": DRAFT_ID,
    "outcome": "different",
    "as_of": "2026-11-27T14:00:00Z",
    "engine_then": "0.1.0",
    "engine_now": "0.2.0",
    "verdict_then": "pass",
    "verdict_now": "fail",
    "rules": [
        {
            "rule": "urgency",
            "then": "pass",
            "now": "fail",
            "same": False,
            "findings_then": [],
            "findings_now": ["'last chance' without a deadline"],
        }
    ],
    "lost": [],
    "notes": [],
}
RECEIPT: dict[str, Any] = {
    "draft": DRAFT_ID,
    "brand": "larkfell",
    "lines": [
        f"draft {DRAFT_ID}: hero for weekend_hikers in en-US",
        "written by the model openai/gpt-4o-mini on 2026-11-19 08:41 UTC",
        "judged by Copydesk 0.1.0 as of 2026-11-27 14:00 UTC: pass, 15 rules",
        "nobody has approved it",
    ],
    "hashes": [
        {
            "what": "facts",
            "meaning": "the facts and values",
            "hash": HASH,
            "state": "kept",
            "size": 812,
            "words": "812 bytes",
            "files": 0,
            "files_lost": 0,
        }
    ],
}

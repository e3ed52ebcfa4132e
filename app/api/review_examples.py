"""Examples that the OpenAPI document shows for review: the same campaign as app.api.examples."""

from typing import Any

from app.api.examples import DRAFT, DRAFT_ID, DRAFT_LINE

_WRITER = "maya.ortega@larkfell.example"
_REASONS = ["elevated: it makes an offer", "standard: it is a block of the kind hero"]
_QUESTION = "6f1d2a3b4c5d4e6f8091a2b3c4d5e6f7"
REVIEW: dict[str, Any] = {
    "draft": DRAFT_ID,
    "revision": 3,
    "state": "in_review",
    "tier": "elevated",
    "reasons": _REASONS,
    "terms": {
        "people": 2,
        "in_turn": False,
        "hours": 48,
        "whole_email": False,
        "several_at_once": False,
        "valid_days": 180,
    },
    "verdict": "pass",
    "why_not": [],
    "needed": ["brand reviewer", "legal"],
    "covers": {"offer.discount": "20%", "link": "https://larkfell.example/corrie", "market": "US"},
    "seen": "9f2c5b1de0a4475c",
    "given": [{"by": "rosa.lindt@larkfell.example", "role": "brand reviewer", "at": "2026-11-19T09:12:00Z"}],
    "missing": ["legal"],
    "next_roles": ["legal"],
    "people_missing": 1,
    "could_approve": ["lena.hart@larkfell.example"],
    "unread": {"allowed": False, "drawn": False},
    "deadline": {
        "due_at": "2026-11-21T08:30:00Z",
        "latest_at": "2026-11-27T13:00:00Z",
        "held_since": "2026-11-19T09:15:00Z",
        "held_by": [_QUESTION],
    },
    "assignee": "lena.hart@larkfell.example",
    "harm": 1980,
    "words": 12,
    "notes": [
        {
            "id": _QUESTION,
            "sort": "question",
            "by": "rosa.lindt@larkfell.example",
            "at": "2026-11-19T09:15:00Z",
            "text": "Does the offer hold for bundles?",
            "asked": _WRITER,
            "answers": None,
            "open": True,
        }
    ],
    "rounds": [
        {
            "submitted_by": _WRITER,
            "submitted_at": "2026-11-19T08:30:00Z",
            "tier": "elevated",
            "closed_at": None,
            "closed_as": None,
            "reason": None,
        }
    ],
    "actions": [
        {"action": "approve", "possible": False, "why_not": f"a question to {_WRITER} is open"},
        {"action": "comment", "possible": True, "why_not": ""},
    ],
}
REVIEWED: dict[str, Any] = {
    "draft": {**DRAFT, "state": "in_review", "revision": 3, "tier": "elevated", "tier_reasons": _REASONS},
    "review": REVIEW,
}
REVIEW_LINE: dict[str, Any] = {
    **{
        name: DRAFT_LINE[name]
        for name in ("brand", "brief", "journey", "locale", "segment", "kind", "copy_fields")
    },
    "draft": DRAFT_ID,
    "revision": 3,
    "market": "US",
    "tier": "elevated",
    "reasons": _REASONS,
    "harm": 1980,
    "words": 12,
    "submitted_by": _WRITER,
    "submitted_at": "2026-11-19T08:30:00Z",
    "due_at": "2026-11-21T08:30:00Z",
    "latest_at": "2026-11-27T13:00:00Z",
    "held": True,
    "assignee": None,
}

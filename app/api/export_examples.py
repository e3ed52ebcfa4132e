"""Examples that the OpenAPI document shows for choices and exports: the campaign of app.api.examples."""

from typing import Any

from app.api.examples import DRAFT_ID, HASH

_PLACE = {"locale": "en-US", "segment": "weekend_hikers", "kind": "hero"}
_COPY = {"headline": "Still weighing it up?", "body": "Good. A pack is worth a second look."}
_EXPORT_ID = "7b1e6f0a52c94f0d8a3b5c9d1e2f3a4b"
CHOICE: dict[str, Any] = {
    "id": "0c5f8d3e7a6b4c1d9e8f7a6b5c4d3e2f",
    **_PLACE,
    "test": "",
    "arms": [{"name": "only", "draft": DRAFT_ID, "block": None, "control": False}],
    "chosen_by": "maya.ortega@larkfell.example",
    "chosen_at": "2026-11-20T09:12:00Z",
}
CHOICES: dict[str, Any] = {
    "brief": "corrie_viewed",
    "brand": "larkfell",
    "open": 0,
    "slots": [
        {
            **_PLACE,
            "required": True,
            "chosen": CHOICE,
            "options": [
                {
                    "draft": DRAFT_ID,
                    "block": None,
                    "copy_fields": _COPY,
                    "can_ship": True,
                    "reasons": [],
                },
                {
                    "draft": "5a4b3c2d1e0f4a5b8c7d6e5f4a3b2c1d",
                    "block": None,
                    "copy_fields": {**_COPY, "headline": "Take your time to decide"},
                    "can_ship": False,
                    "reasons": [
                        "draft 5a4b3c2d1e0f4a5b8c7d6e5f4a3b2c1d is not approved but draft, and tier standard "
                        "asks for: brand reviewer"
                    ],
                },
            ],
        }
    ],
}
EXPORT_REQUEST: dict[str, Any] = {"account": "own_sender", "segments": ["weekend_hikers"]}
EXPORT_LINE: dict[str, Any] = {
    "id": _EXPORT_ID,
    "brand": "larkfell",
    "brief": "corrie_viewed",
    "brief_revision": 2,
    "locale": "en-US",
    "segments": ["weekend_hikers"],
    "arm": "only",
    "account": "own_sender",
    "platform": "jinja",
    "subject": "A closer look at the {product.name}",
    "exported_by": "maya.ortega@larkfell.example",
    "exported_at": "2026-11-20T09:30:00Z",
    "do_not_send_after": "2026-12-01T05:00:00Z",
    "package": f"/v1/exports/{_EXPORT_ID}/package",
}
_MADE: dict[str, Any] = {
    **EXPORT_LINE,
    "warnings": ["The subject with its tags is long; try it in the account."],
}
EXPORTS_MADE: dict[str, Any] = {"exports": [_MADE], "kept_back": []}
EXPORT: dict[str, Any] = {
    **_MADE,
    "content_version": HASH,
    "template_hash": HASH,
    "slots": [
        {
            "segment": "weekend_hikers",
            "kind": "hero",
            "source": f"draft {DRAFT_ID} {HASH[:12]}",
            "draft": DRAFT_ID,
            "block": None,
            "copy_fields": {**_COPY, "body": "The {product.name} is yours for {product.price}."},
            "public_id": "k5r2mx7q",
            "facts": {"product.price": "$129"},
        }
    ],
    "facts": {"product.price": "$129"},
    "links": {"weekend_hikers cta": "https://www.larkfell.example/packs/corrie-28"},
    "claims": [],
    "files": {"email.html": HASH, "HANDOFF.md": HASH},
    "manifest": HASH,
    "stale": ["weekend_hikers hero: product.price was $129 and is $119 now"],
}
USES: dict[str, Any] = {
    "items": [
        {
            "what": "draft",
            "id": DRAFT_ID,
            "brand": "larkfell",
            "where": "corrie_viewed, en-US weekend_hikers hero",
            "state": "approved",
        },
        {
            "what": "export",
            "id": _EXPORT_ID,
            "brand": "larkfell",
            "where": "corrie_viewed, en-US weekend_hikers hero, own_sender",
            "state": "2026-11-20",
        },
    ],
    "more": False,
}
MATRIX: dict[str, Any] = {
    "brief": "corrie_viewed",
    "brand": "larkfell",
    "rendered": 16,
    "with_faults": 1,
    "emails": [
        {
            "locale": "en-US",
            "segment": "weekend_hikers",
            "choices": {"slot.subject": 2, "slot.hero": 2, "person.first_name": 4},
            "combinations": 16,
            "rendered": 16,
            "every_combination": True,
            "faults": [
                {
                    "what": "doubled punctuation",
                    "part": "subject",
                    "shown": "Hello,,",
                    "combination": {
                        "slot.subject": f"draft {DRAFT_ID}",
                        "slot.hero": "block 'hero_evergreen_outside'",
                        "person.first_name": "missing",
                    },
                }
            ],
            "counts": {"doubled punctuation": 1},
        }
    ],
}

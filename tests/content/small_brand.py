"""The smallest brand folder in which every field of every file has something to act on."""

import copy
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.blocks.loader import load_blocks
from app.brand.loader import load_brand
from app.brief.models import Brief
from app.generation.plan import SlotJob, plan
from app.guardrails.rulebook import RuleBook
from app.manifest import collect
from app.release.library import ContentLibrary
from app.yaml12 import Document, read_as
from tests import factories
from tests.release.content import PACK_HEAD, PACK_RULE, SEGMENT, Content, dump

BRAND = "fernhill"
Path_ = tuple[str | int, ...]

PROMISE = {**PACK_RULE, "id": "pack_promise", "phrases": ["we promise"], "fails": ["We promise"]}
WADING = {**PACK_RULE, "id": "pack_wading", "phrases": ["come and see"], "fails": ["Come and see"]}
PACKS: dict[str, Any] = {
    "../_packs/walking.yaml": {
        "pack": PACK_HEAD,
        "rules": [PACK_RULE, PROMISE],
    },
    "../_packs/wading.yaml": {"pack": PACK_HEAD, "rules": [WADING]},
}
"""The packs beside the brand; it names the first."""
LEFT: dict[str, Any] = {
    "id": "left_behind",
    "meaning": "what the reader left in the cart",
    "purpose": "remind people of what they chose",
    "basis": "legitimate_interests",
    "most": 2,
    "price": True,
    "fallbacks": {"name": "Your choice", "link": "https://fernhill.store/cart", "image": "logo"},
    "samples": [
        {"name": "Rill Pack", "link": "https://fernhill.store/rill", "image": "hill", "price": "$100"},
        {},
    ],
}
"""A list of the readers' own, with one item of which everything is known and one of which nothing is."""
FILES: dict[str, Any] = {
    "brand.yaml": {
        **factories.IDENTITY,
        "packs": ["walking"],
        "link_hosts": ["fernhill.example", "fernhill.store"],
    },
    "voice.yaml": {**factories.VOICE, "spelling": {"en-US": {"colour": "color", "grey": "gray"}}},
    "claims.yaml": {
        "words": {"joints": ["knee*", "hip*"]},
        "rules": [
            {
                **factories.CLAIMS[0],
                "frames": [{"groups": [["goodbye to", "ease*"], ["$joints"]], "within": 6}],
            },
            {
                **factories.CLAIMS[1],
                "phrases": ["the best", "quick-dry"],
                "qualifiers": [
                    {"needs": "by which test", "wordings": ["by our test"], "patterns": ["by test \\d"]}
                ],
                "scope": {"fields": ["headline", "body"]},
            },
            *factories.CLAIMS[2:],
        ],
        "overrides": [
            {
                "rule": "pack_guarantee",
                "exceptions": ["all guaranteed"],
                "reason": "a game",
                "owner": "Lee Legal",
            }
        ],
    },
    "claims_library.yaml": {
        "claims": [
            {
                "id": "walks_and_colds",
                "text": "A long walk cures selected colds.",
                "wordings": ["A stroll cures selected colds."],
                "permits": ["health_claim"],
                "evidence": {"document": "Report 7", "kind": "study", "dated": "2026-01-02"},
                "qualifiers": [["selected"]],
                "markets": ["US"],
                "valid_from": "2026-01-01",
                "expires": "2027-06-01",
                "owner": "Lou Legal",
            }
        ]
    },
    "compliance.yaml": {
        "disclosures": [
            factories.DISCLOSURES[0],
            {
                **factories.DISCLOSURES[1],
                "kinds": ["offer"],
                "triggers": ["clearance"],
                "wordings": ["terms apply"],
            },
        ]
    },
    "variables.yaml": {
        "consents": list(factories.CONSENTS),
        "variables": [*factories.VARIABLES, factories.CITY],
        "lists": [
            LEFT,
            {**copy.deepcopy(LEFT), "id": "near_by", "basis": "consent", "consent": "personalisation"},
        ],
    },
    "never_infer.yaml": {
        "rules": [{**factories.NEVER_INFER[0], "context_words": ["asthma"]}, factories.NEVER_INFER[1]]
    },
    "offers.yaml": {
        "margin_floor_percent": 20,
        "stacks": [{"offers": ["club_week", "spring_walks"], "max_percent": 40, "tiers": ["standard"]}],
        "offers": [
            {
                "id": "autumn_walks",
                "name": "Autumn walks",
                "starts": "2026-11-01T00:00:00+00:00",
                "ends": "2026-12-01T12:00:00+00:00",
                "cap_percent": 30,
                "code": "AUTUMN",
                "ladder": [{"tier": "standard", "percent": 10}, {"tier": "loyal", "percent": 20}],
            },
            *(
                {
                    "id": name,
                    "name": "Another week",
                    "starts": "2026-11-01T00:00:00+00:00",
                    "ends": "2026-12-01T12:00:00+00:00",
                    "cap_percent": 20,
                    "code": code,
                    "ladder": [{"tier": "standard", "percent": 10}, {"tier": "loyal", "percent": 15}],
                }
                for name, code in (("club_week", "CLUB"), ("spring_walks", "SPRING"))
            ),
        ],
    },
    "segments.yaml": {
        "segments": [
            {**SEGMENT, "consents": ["personalisation"], "flags": ["keeps_quiet"]},
            {**SEGMENT, "id": "campers", "aliases": [], "value_tier": "loyal"},
        ],
        "suppressions": [
            {
                "flag": "keeps_quiet",
                "reason": "they asked for no lessons",
                "stops": ["educational"],
                "journeys": ["winback"],
                "owner": "Ada Brand",
            },
            {
                "flag": "keeps_calm",
                "reason": "nothing to prove",
                "stops": ["proof"],
                "owner": "Ada Brand",
            },
        ],
    },
    "contract.yaml": {
        **factories.CONTRACT,
        "tiers": {"kinds": dict.fromkeys(("subject", "hero", "cta", "offer", "footer"), "low")},
        "may_optimise": ["clicks", "opens"],
        "confidence": dict.fromkeys(factories.CONTRACT["confidence"], 0.1),
        "release_without_approval": ["standard"],
        "review": {"tiers": {"elevated": {"people": 2}}},
    },
    "assets/manifest.yaml": {
        "hosted_base": "https://fernhill.example/assets/",
        "assets": [
            {**factories.ASSETS["assets"][0], "use": ["logo"]},
            {
                "id": "hill",
                "file": "hill.png",
                "alt": "A hill in the rain",
                "width": 120,
                "height": 60,
                "licence": "CC0-1.0",
                "use": ["hero"],
            },
        ],
    },
}
STACKED = {"offer": "club_week", "stacked_offers": ["spring_walks"]}
"""What a brief says that combines offers."""
LISTED, NEAR_BY = (
    {"slots": [{"kind": "cta", "link": "home"}, {"kind": "recommendations", "products_from": name}]}
    for name in ("left_behind", "near_by")
)
"""What a brief says that shows lists of the readers' own."""
BRIEF: dict[str, Any] = {
    "id": "autumn",
    "name": "Autumn",
    "brand": BRAND,
    "author": "Cal Copywriter",
    "journey": "winback",
    "objective": "Bring people outside again",
    "kpi": "clicks",
    "message": "come back outside",
    "offer": "autumn_walks",
    "segments": ["hikers"],
    "slots": [
        {"kind": "subject"},
        {"kind": "hero"},
        {"kind": "offer"},
        {"kind": "cta", "link": "home"},
        {"kind": "educational"},
        {"kind": "footer"},
    ],
    "targets": [
        {
            "locale": locale,
            "market": locale[-2:],
            "window": {"send_at": "2026-11-20T09:00:00+00:00"},
            "links": {"home": "https://fernhill.example/"},
            "facts": {
                "pack.name": {"kind": "product", "role": "product", "value": "Rill Pack", "source": "shop"},
                "pack.price": {
                    "kind": "money",
                    "role": "price",
                    "value": "100",
                    "currency": "USD",
                    "source": "shop",
                },
            },
            "unit_costs": {"Rill Pack": {"value": "40", "currency": "USD"}},
        }
        for locale in ("en-US", "en-GB")
    ],
}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


@dataclass
class SmallBrand:
    """The files of the brand under `root`, as data that a test may change before it writes them."""

    root: Path
    files: dict[str, Any] = field(default_factory=lambda: copy.deepcopy({**FILES, **PACKS}))

    @property
    def folder(self) -> Path:
        return self.root / "brand" / BRAND

    @classmethod
    def made(cls, root: Path) -> "SmallBrand":
        """The brand as it is, written."""
        made = cls(root)
        Content(root, files=made.files).write()
        for name in ("hill", "lake"):
            head = PNG + (120).to_bytes(4, "big") + (60).to_bytes(4, "big")
            (made.folder / "assets" / f"{name}.png").write_bytes(head)
        return made

    def copied(self, root: Path) -> "SmallBrand":
        """A copy of the written brand that may be changed."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return SmallBrand(root)

    def change(self, file: str, path: Path_, value: Any) -> None:
        """Set what stands at `path` of `file`, and write the file."""
        place = self.files[file]
        for step in path[:-1]:
            place = place[step]
        if path[-1] in (place if isinstance(place, dict) else range(len(place))):
            assert place[path[-1]] != value, "that is no change"
        place[path[-1]] = value
        dump(self.folder / file, self.files[file])

    def load(self) -> ContentLibrary:
        """The brand with its blocks, without the cross-checks between the two."""
        brand = load_brand(self.root / "brand", BRAND)
        blocks = load_blocks(self.root / "blocks", BRAND)
        return ContentLibrary(
            brand, tuple(blocks), RuleBook.of(brand), collect("blocks", self.root / "blocks")
        )

    def brief(self, **changes: Any) -> tuple[Brief, Document]:
        """The brief, read from its file."""
        path = self.root / "brief.yaml"
        dump(path, {**BRIEF, **changes})
        return read_as(path, Brief)

    def plan(self, **changes: Any) -> list[SlotJob]:
        """The jobs of the brief."""
        return plan(*self.brief(**changes), self.load())

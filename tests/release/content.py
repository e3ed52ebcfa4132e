"""A small brand with approved content, written as files and loaded like any other."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from app.blocks.loader import load_blocks, seal
from app.blocks.registry import REQUIRED
from app.brief.facts import FactSheet, Feed
from app.guardrails.registry import GUARDRAILS
from app.release.content import SlotContent, SlotQuery
from app.release.library import ContentLibrary, load_library
from app.release.samples import sample_sheet
from app.verdicts.reports import Family, Finding, GuardReport, RuleResult, Severity, Verdict
from tests import factories

AS_OF = factories.AS_OF
COPY: dict[str, dict[str, str]] = {
    "subject": {
        "subject": "A good day starts outside",
        "preheader": "Have a look at what we made for your days out.",
    },
    "hero": {
        "headline": "A good day starts outside",
        "body": "Find a path you like, pack what you need and take your time. We help you get ready.",
    },
    "cta": {"label": "See our kit"},
    "footer": {"closing": "Thank you for reading. See you on the trail."},
    "recommendations": {
        "heading": "Picked for your days outside",
        "intro": "Here are a few things that other walkers like.",
    },
    "educational": {
        "heading": "Pack the night before",
        "body": "Lay everything out on the floor, then leave out what you do not need.",
    },
    "offer": {
        "headline": "Save {offer.discount} on packs",
        "body": "Take {offer.discount} off with the code {offer.code} until {offer.ends}.",
        "terms": "The code {offer.code} works until {offer.ends}.",
    },
}
SEGMENT: dict[str, Any] = {
    "id": "weekend_hikers",
    "aliases": ["hikers"],
    "name": "Weekend hikers",
    "layer": "behaviour",
    "purpose": "bring them outside",
    "audience": "weekend hikers",
    "inclusion": "bought boots in the last year",
    "exclusion": "unsubscribed",
    "owner": "Ada Brand",
    "primary_kpi": "clicks",
}
PACK_RULE = {**factories.CLAIMS[0], "id": "pack_guarantee", "phrases": ["guaranteed"], "patterns": []}
PACK_HEAD = {"title": "Walking", "source": "the walkers' code", "source_date": "2026-01-01"}
PACK_RULE |= {"exceptions": [], "fails": ["Fun guaranteed."], "passes": ["Have fun."]}

Item = dict[str, Any]


def item(block_id: str, kind: str, **overrides: Any) -> Item:
    """One block as it stands in a file; `on`, `review_by` and `hash` belong to its approval."""
    approval = {"by": ["Rae Reviewer"], "on": dt.date(2026, 10, 1), "review_by": dt.date(2027, 10, 1)}
    approval |= {name: overrides.pop(name) for name in ("by", "on", "review_by") if name in overrides}
    given = {
        "id": block_id,
        "locales": ["en-US", "en-GB"],
        "copy": COPY[kind],
        "author": "Cal Copywriter",
        "approval": {**approval, "hash": overrides.pop("hash", "unsealed")},
    }
    return {**given, **overrides}


def evergreens() -> dict[str, list[Item]]:
    """One evergreen block for each required kind."""
    return {f"{kind}/evergreen": [item(f"{kind}_evergreen", kind)] for kind in REQUIRED}


@dataclass
class Content:
    """The roots of a brand folder and a block folder under `root`, with what is written into them."""

    root: Path
    brand_id: str = "fernhill"
    blocks: dict[str, list[Item]] = field(default_factory=evergreens)
    files: dict[str, Any] = field(default_factory=dict)

    @property
    def brands(self) -> Path:
        return self.root / "brand"

    @property
    def block_root(self) -> Path:
        return self.root / "blocks"

    def write(self, *, sealed: bool = True) -> "Content":
        """Write everything, and seal the blocks that say `unsealed`."""
        folder = self.brands / self.brand_id
        dump(self.brands / "_packs" / "walking.yaml", {"pack": PACK_HEAD, "rules": [PACK_RULE]})
        for name, data in {**self._brand_files(), **self.files}.items():
            dump(folder / name, data)
        (folder / "assets" / "logo.png").write_bytes(_png(100, 40))
        for place, items in self.blocks.items():
            dump(self.block_root / self.brand_id / f"{place}.yaml", {"blocks": items})
        if sealed:
            unsealed = [
                placed
                for placed in load_blocks(self.block_root, self.brand_id, sealed=False)
                if placed.block.approval.hash == "unsealed"
            ]
            seal(unsealed, self.block_root)
        return self

    def load(self) -> ContentLibrary:
        return load_library(self.brands, self.block_root, self.brand_id)

    def _brand_files(self) -> dict[str, Any]:
        contract = {**factories.CONTRACT, "tiers": {"kinds": dict.fromkeys(COPY, "low")}}
        return {
            "brand.yaml": {**factories.IDENTITY, "id": self.brand_id, "packs": ["walking"]},
            "voice.yaml": factories.VOICE,
            "claims.yaml": {"rules": list(factories.CLAIMS)},
            "compliance.yaml": {"disclosures": list(factories.DISCLOSURES)},
            "variables.yaml": {"variables": list(factories.VARIABLES)},
            "never_infer.yaml": {"rules": list(factories.NEVER_INFER)},
            "offers.yaml": {"offers": []},
            "segments.yaml": {
                "segments": [
                    SEGMENT,
                    {**SEGMENT, "id": "trail_runners", "aliases": []},
                    {**SEGMENT, "id": "campers", "aliases": []},
                ]
            },
            "contract.yaml": contract,
            "assets/manifest.yaml": factories.ASSETS,
        }


def dump(path: Path, data: Any) -> None:
    """Write YAML as a person would: no aliases, keys in their order."""

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.dump(data, Dumper=Plain, sort_keys=False, allow_unicode=True, width=1000))


def _png(width: int, height: int) -> bytes:
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + size


def query(kind: str = "cta", **overrides: Any) -> SlotQuery:
    """A slot of a winback email to weekend hikers, with facts for an offer and no feed."""
    tokens = ("offer.discount", "offer.code", "offer.ends")
    facts = sample_sheet(tokens, "en-US", AS_OF).model_copy(update={"feed": None})
    base = SlotQuery(kind, "en-US", "weekend_hikers", "winback", "come back outside", facts, AS_OF)
    return replace(base, **overrides)


def with_feed(facts: FactSheet, age: dt.timedelta = dt.timedelta(hours=1)) -> FactSheet:
    """The same sheet with a feed that was observed `age` ago."""
    feed = sample_sheet((), "en-US", AS_OF - age).feed
    assert isinstance(feed, Feed)
    return facts.model_copy(update={"feed": feed})


class ScriptedJudge:
    """A Judge that passes everything but what `verdicts` says, by any text of the copy."""

    def __init__(self, verdicts: Mapping[str, Verdict] | None = None) -> None:
        self.verdicts = dict(verdicts or {})
        self.judged: list[tuple[str, FactSheet, dt.datetime]] = []

    def __call__(self, content: SlotContent, *, facts: FactSheet, as_of: dt.datetime) -> GuardReport:
        self.judged.append((content.label, facts, as_of))
        texts = content.copy_fields.values()
        verdict = next((v for text, v in self.verdicts.items() if text in texts), Verdict.PASS)
        return report(verdict)


def report(verdict: Verdict = Verdict.PASS, unchecked: tuple[str, ...] = ()) -> GuardReport:
    """A report of every registered guardrail, whose first one answers `verdict`."""
    names = [guardrail.id for guardrail in GUARDRAILS]
    findings: tuple[Finding, ...] = ()
    if verdict is Verdict.FAIL:
        findings = (
            Finding(
                rule=names[0],
                category="health_claim",
                family=Family.LEGAL,
                severity=Severity.BLOCK,
                field="label",
                start=0,
                end=1,
                message="says what it may not",
            ),
        )
    first = RuleResult(rule=names[0], verdict=verdict, findings=findings, detail="no luck")
    rest = (RuleResult(rule=name, verdict=Verdict.PASS) for name in names[1:])
    return GuardReport(required=tuple(names), results=(first, *rest), unchecked=unchecked)

"""GET /v1/guardrails: what copy of a brand is checked for, and where each rule comes from."""

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, ServiceDep, ServingDep
from app.api.route import Route
from app.brand.brand import Brand
from app.brand.roles import Scope
from app.brand.scope import Override
from app.guardrails.frame import Guardrail
from app.guardrails.registry import GUARDRAILS, ON_REQUEST
from app.verdicts.reports import Family, Severity

router = APIRouter(route_class=Route, prefix="/v1/guardrails", tags=["content"])


class RuleSort(StrEnum):
    """Which file of the brand a rule stands in."""

    CLAIM = "claim"
    NEVER_INFER = "never_infer"
    DISCLOSURE = "disclosure"
    VOICE = "voice"


class RuleScope(BaseModel):
    """Where a rule looks; an empty list leaves nothing out."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    fields: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    journeys: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()


class RuleView(BaseModel):
    """One rule of the brand or of a pack that it extends."""

    model_config = ConfigDict(frozen=True)

    id: str
    sort: RuleSort
    guardrail: str = Field(description="The guardrail that applies it")
    category: str
    family: Family
    severity: Severity
    languages: tuple[str, ...] = Field(description="Languages that it is written in; empty for any")
    message: str = Field(description="What a finding says")
    suggestion: str = Field(default="", description="What would pass")
    source: str = Field(description="Where the rule comes from")
    effective_from: dt.date | None = Field(
        default=None,
        description="First day of sending on which it holds; null for always",
    )
    effective_until: dt.date | None = Field(
        default=None,
        description="Last day of sending on which it holds; null for good",
    )
    pack: str | None = Field(default=None, description="The pack it belongs to; null for the brand's own")
    scope: RuleScope = RuleScope()
    needs: tuple[str, ...] = Field(default=(), description="What has to stand beside the claim")


class PackView(BaseModel):
    """One pack that the brand extends."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str
    markets: tuple[str, ...] = Field(description="Countries, or EU, where it applies; empty for everywhere")
    applies_from: dt.date | None = Field(description="First day of sending; null for always")
    applies_until: dt.date | None = Field(description="Last day of sending; null for good")
    languages: tuple[str, ...] = Field(description="Languages that it has rules for")
    source: str = Field(description="What its rules are written from")
    source_date: dt.date = Field(description="The version of the source that is meant")
    checked: dt.date | None = Field(description="When its rules were last compared with the source")


class OverrideView(BaseModel):
    """One rule of a pack that the brand changes."""

    model_config = ConfigDict(frozen=True)

    rule: str
    severity: Severity | None = Field(description="Its severity here; null where that is not changed")
    exceptions: tuple[str, ...] = Field(description="Phrases that it leaves alone here")
    scope: RuleScope
    reason: str
    owner: str = Field(description="Who answers for the change")


class ClaimView(BaseModel):
    """One entry of the claims library: what may be said although a rule forbids it otherwise."""

    model_config = ConfigDict(frozen=True)

    id: str
    texts: tuple[str, ...] = Field(description="The approved wordings")
    permits: tuple[str, ...] = Field(description="Categories and rules that give way to it")
    qualifiers: tuple[tuple[str, ...], ...] = Field(
        description="What may not be dropped, each with the wordings that stand for it"
    )
    markets: tuple[str, ...] = Field(description="Where it may be said; empty for everywhere")
    valid_from: dt.date = Field(description="First day of sending")
    expires: dt.date = Field(description="Last day of sending")
    evidence: str = Field(description="The document that proves it")
    owner: str = Field(description="Who answers for it")


class GuardrailView(BaseModel):
    """One guardrail: every piece of copy has to pass all of them."""

    model_config = ConfigDict(frozen=True)

    id: str
    family: Family
    categories: tuple[str, ...]
    languages: tuple[str, ...] | None = Field(
        description="Languages that it can judge; null for any. In another one its verdict is not_run"
    )
    needs_facts: bool
    summary: str
    source: str


class Checks(BaseModel):
    """All that copy of one brand is checked for."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "brand": "larkfell",
                    "packs": [
                        {
                            "id": "eu_green",
                            "title": "EU: green claims (empowering consumers)",
                            "markets": ["EU"],
                            "applies_from": "2026-09-27",
                            "applies_until": None,
                            "languages": ["en", "de", "fr", "es"],
                            "source": "Directive (EU) 2024/825",
                            "source_date": "2024-02-28",
                            "checked": "2026-11-27",
                        }
                    ],
                    "guardrails": [
                        {
                            "id": "banned_claims",
                            "family": "legal",
                            "categories": ["health_claim"],
                            "languages": None,
                            "needs_facts": False,
                            "summary": "Phrases and patterns that the brand's claims.yaml and its packs ban",
                            "source": "claims.yaml of the brand and brand/_packs/",
                        }
                    ],
                    "rules": [
                        {
                            "id": "cures",
                            "sort": "claim",
                            "guardrail": "banned_claims",
                            "category": "health_claim",
                            "family": "legal",
                            "severity": "block",
                            "languages": ["en"],
                            "message": "treats a body",
                            "suggestion": "say what it does",
                            "source": "21 CFR 101.93",
                        }
                    ],
                }
            ]
        },
    )

    brand: str
    packs: tuple[PackView, ...] = ()
    overrides: tuple[OverrideView, ...] = ()
    guardrails: tuple[GuardrailView, ...]
    rules: tuple[RuleView, ...]
    claims: tuple[ClaimView, ...] = Field(default=(), description="The claims library")


@router.get("", operation_id="list_guardrails", summary="What copy is checked for, with sources")
async def list_guardrails(
    caller: CallerDep,
    serving: ServingDep,
    service: ServiceDep,
    brand: Annotated[str, Query(max_length=60, description="The brand", examples=["larkfell"])],
) -> Checks:
    """Every guardrail, and every rule of the brand and its packs with category, severity and source, and the
    claims that are approved. A model that judges besides is among them where one is set up.
    """
    caller.require(brand, Scope.READ)
    library = serving.libraries.get(brand)
    asked = ON_REQUEST if service.generation.judge is not None else ()
    return Checks(
        brand=brand,
        packs=tuple(_packs(library.brand)),
        overrides=tuple(_override(item) for item in library.brand.overrides),
        guardrails=tuple(_guardrail(item) for item in (*GUARDRAILS, *asked)),
        rules=tuple(_rules(library.brand)),
        claims=tuple(_claims(library.brand)),
    )


def _guardrail(guardrail: Guardrail) -> GuardrailView:
    languages = guardrail.languages
    return GuardrailView(
        id=guardrail.id,
        family=guardrail.family,
        categories=guardrail.categories,
        languages=None if languages is None else tuple(sorted(languages)),
        needs_facts=guardrail.needs_facts,
        summary=guardrail.summary,
        source=guardrail.source,
    )


def _packs(brand: Brand) -> Iterator[PackView]:
    for pack in {pack.id: pack for view in brand.everywhere for pack in view.packs}.values():
        head = pack.head.model_dump()
        yield PackView(id=pack.id, languages=pack.languages, **head)


def _override(item: Override) -> OverrideView:
    scope = RuleScope.model_validate(item.scope)
    return OverrideView(**{**dict(item), "scope": scope})


def _claims(brand: Brand) -> Iterator[ClaimView]:
    for claim in dict.fromkeys(claim for view in brand.everywhere for claim in view.library):
        given = claim.model_dump(exclude={"text", "wordings", "evidence"})
        yield ClaimView(texts=claim.texts, evidence=claim.evidence.document, **given)


def _rules(brand: Brand) -> Iterator[RuleView]:
    views = brand.everywhere
    packs = {rule.id: pack.id for view in views for pack in view.packs for rule in pack.rules}
    for claim in dict.fromkeys(rule for view in views for rule in view.claims):
        yield RuleView(
            id=claim.id,
            sort=RuleSort.CLAIM,
            guardrail="banned_claims",
            category=claim.category,
            family=claim.family,
            severity=claim.severity,
            languages=claim.languages,
            message=claim.message,
            suggestion=claim.suggestion,
            source=claim.source,
            effective_from=claim.effective_from,
            effective_until=claim.effective_until,
            pack=packs.get(claim.id),
            scope=RuleScope.model_validate(claim.scope),
            needs=tuple(item.needs for item in claim.qualifiers),
        )
    for trait in {rule.id: rule for view in views for rule in view.never_infer}.values():
        if trait.id in brand.contract.never_infer:
            message = f"tells the reader: {trait.trait}"
            yield _rule(
                RuleSort.NEVER_INFER,
                id=trait.id,
                message=message,
                source="never_infer.yaml",
                effective_from=trait.effective_from,
            )
    for disclosure in brand.disclosures:
        if disclosure.place == "copy":
            message = f"has to say: {disclosure.text}"
            yield _rule(
                RuleSort.DISCLOSURE,
                id=disclosure.id,
                message=message,
                source=disclosure.source,
                effective_from=disclosure.effective_from,
            )
    for word in brand.voice.avoid:
        yield _rule(
            RuleSort.VOICE,
            id=word.word,
            message=word.why,
            suggestion=f"say '{word.instead}'" if word.instead else "leave it out",
            severity=word.severity,
            source="voice.yaml",
        )


_APPLIED_BY: dict[RuleSort, dict[str, Any]] = {
    RuleSort.NEVER_INFER: {
        "guardrail": "never_infer",
        "category": "sensitive_inference",
        "family": Family.LEGAL,
    },
    RuleSort.DISCLOSURE: {
        "guardrail": "compliance",
        "category": "missing_disclosure",
        "family": Family.LEGAL,
    },
    RuleSort.VOICE: {"guardrail": "voice", "category": "voice", "family": Family.BRAND},
}


def _rule(sort: RuleSort, **given: Any) -> RuleView:
    return RuleView(
        **{"severity": Severity.BLOCK, "languages": (), "sort": sort, **_APPLIED_BY[sort], **given}
    )

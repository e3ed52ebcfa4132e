"""How content at the moment of sending is shown over HTTP: the copy, why it, and until when it holds."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.answers import StepView, trace_views
from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.release.fetching import Fetched, Values, shown, used_variables
from app.release.library import ContentLibrary
from app.verdicts.decisions import SENTENCES, Outcome, Reason, WhoActs

EXAMPLE: dict[str, JsonValue] = {
    "brand": "larkfell",
    "slot": "cta",
    "segment": "weekend_hikers",
    "journey": "winback",
    "locale": "en-US",
    "market": "US",
    "outcome": "reused",
    "reason": "approved_block_used",
    "sentence": SENTENCES[Reason.APPROVED_BLOCK_USED][0],
    "who_acts": "nobody",
    "held": False,
    "copy": {"label": "See what is new"},
    "values": "tokens",
    "variables": [],
    "image": None,
    "products": [],
    "source": {"kind": "block", "id": "cta_winback_trail", "hash": "0123456789abcdef"},
    "version": "8a0c4e0b1f6d",
    "rules": "3f6c0f8c51d2",
    "valid_until": "2027-03-02T00:00:00Z",
    "trace": [
        {
            "step": "last_approved",
            "answered": False,
            "reason": "nothing_approved",
            "sentence": SENTENCES[Reason.NOTHING_APPROVED][0],
            "detail": "",
        },
        {
            "step": "journey_block",
            "answered": True,
            "reason": "approved_block_used",
            "sentence": SENTENCES[Reason.APPROVED_BLOCK_USED][0],
            "detail": "block 'cta_winback_trail'",
        },
    ],
}


class _View(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VariableView(_View):
    """A merge variable that the copy holds, which the sender fills."""

    name: str
    fallback: str = Field(description="What stands there for a reader of whom the value is not known")


class PictureView(_View):
    """The picture that was approved with the copy."""

    id: str
    url: str | None = Field(description="Where it is hosted; null where the brand hosts no pictures")
    alt: str
    width: int
    height: int


class ProductView(_View):
    """One product of the brief's feed."""

    name: str
    price: str = Field(description="As readers of the locale expect it")
    link: str
    image: str | None


class SourceView(_View):
    """The approved thing that the copy is."""

    kind: Literal["block", "draft"]
    id: str
    hash: str = Field(description="Hash of the content that was approved")


class ContentView(_View):
    """What stands in one slot now."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    brand: str
    slot: str
    segment: str = Field(description="As it was asked for, by its id where it is documented")
    journey: str
    locale: str = Field(
        description="The locale of the copy: another one where the brand does not write yours"
    )
    market: str
    outcome: Outcome = Field(description="`reused`, `fell_back` or `left_out`")
    reason: Reason
    sentence: str = Field(description="The reason in words for people")
    who_acts: WhoActs = Field(description="Who can change the outcome")
    held: bool = Field(description="A required slot without an answer: the email must not be sent")
    copy_: dict[str, str] | None = Field(
        serialization_alias="copy", description="The copy by field; null where the slot is left out"
    )
    values: Values
    variables: tuple[VariableView, ...] = Field(description="The merge variables that the copy holds")
    image: PictureView | None
    products: tuple[ProductView, ...]
    source: SourceView | None
    version: str = Field(description="The published version that serves; the hash of the brand for a folder")
    rules: str = Field(description="Hash of the rules that it was judged by")
    valid_until: dt.datetime | None = Field(
        description="The first moment at which the answer may be otherwise although nobody changed anything"
    )
    trace: tuple[StepView, ...]


def content_view(
    found: Fetched, library: ContentLibrary, *, values: Values, version: str, rules: str
) -> ContentView:
    """The answer as JSON shows it."""
    query, decision = found.query, found.decision
    brand = library.localised(query.locale, query.market).brand
    copy = dict(found.slot.copy_fields) if found.slot is not None else None
    source = found.source
    return ContentView(
        brand=brand.id,
        slot=query.kind,
        segment=query.segment,
        journey=query.journey,
        locale=query.locale,
        market=query.market or query.locale[-2:],
        outcome=decision.outcome,
        reason=decision.reason,
        sentence=decision.sentence,
        who_acts=decision.who_acts,
        held=decision.held,
        copy_={name: shown(text, values, query.facts, brand) for name, text in copy.items()}
        if copy
        else None,
        values=values,
        variables=_variables(copy or {}, brand),
        image=_picture(found.slot.image if found.slot is not None else None, brand),
        products=_products(query.kind, query.facts) if copy is not None else (),
        source=SourceView(kind=source[0], id=source[1], hash=source[2]) if source is not None else None,
        version=version,
        rules=rules,
        valid_until=found.valid_until,
        trace=trace_views(decision),
    )


def _variables(copy: dict[str, str], brand: Brand) -> tuple[VariableView, ...]:
    used = used_variables(copy, brand)
    return tuple(VariableView(name=name, fallback=fallback) for name, fallback in used.items())


def _picture(name: str | None, brand: Brand) -> PictureView | None:
    asset = next((item for item in brand.assets.assets if item.id == name), None)
    if asset is None:
        return None
    base = brand.assets.hosted_base
    url = f"{base}{asset.file}" if base else None
    return PictureView(id=asset.id, url=url, alt=asset.alt, width=asset.width, height=asset.height)


def _products(kind: str, facts: FactSheet) -> tuple[ProductView, ...]:
    """What the gate has let through holds a fresh feed, where the kind needs one."""
    if not KINDS[kind].feed or facts.feed is None:
        return ()
    zone = dt.UTC  # no part of a price
    return tuple(
        ProductView(
            name=item.name, price=item.price.render(facts.locale, zone), link=item.link, image=item.image
        )
        for item in facts.feed.items
    )

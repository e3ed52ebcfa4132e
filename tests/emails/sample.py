"""A small brand with generated pictures, and slots of every kind, for the tests of emails and pages."""

import datetime as dt
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from app.blocks.registry import KINDS
from app.brand.basis import Basis
from app.brand.brand import Brand
from app.brand.contract import DecisionContract
from app.brand.lists import ProductList
from app.brand.models import (
    Asset,
    AssetManifest,
    BrandIdentity,
    Design,
    Disclosure,
    Variable,
    VoiceGuide,
)
from app.brief.facts import (
    DeadlineFact,
    FactSheet,
    Feed,
    FeedItem,
    MoneyFact,
    NameFact,
    PercentFact,
    Role,
)
from app.brief.models import Target, Window
from app.emails.models import FilledSlot
from app.emails.preview import PreviewEmail, compose_preview
from app.emails.product_list import ShownItems
from app.manifest import Manifest

ModelT = TypeVar("ModelT", bound=BaseModel)
PARTIALS = Path(__file__).parents[2] / "blocks"
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
LINK = "https://www.fernhill.example/new?from=email&page=2"
SIZES = {"logo": (320, 64), "hero": (1200, 640), "tip": (600, 600), "pot": (400, 400)}

COPY: dict[str, dict[str, str]] = {
    "subject": {
        "subject": "{person.first_name}, your {product.name} is ready",
        "preheader": "A quiet look at what came in — and what is worth a walk.",
    },
    "hero": {
        "headline": "Good to see you, {person.first_name}",
        "body": "Every path begins with the first step out of the door. Here is what our team packs.",
    },
    "offer": {
        "headline": "{offer.discount} off your next order",
        "body": "Take {offer.discount} off the {product.name} at {product.price}. Use {offer.code} to pay.",
        "terms": "Valid until {offer.ends}. One use for each customer, while it lasts.",
    },
    "proof": {
        "heading": "Made to be repaired",
        "body": "Our workshop mends what we sell, and tells you honestly when a repair is not worth it.",
    },
    "recommendations": {
        "heading": "Picked for slow days",
        "intro": "Three things that our team takes along on every walk.",
    },
    "educational": {
        "heading": "How to lace a boot for the way down",
        "body": "Tighten the upper eyelets before a descent. Your toes stay back from the cap.",
    },
    "cta": {"label": "See the {product.name}"},
    "footer": {"closing": "See you outside. Take it slowly, and take somebody along."},
}


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A plain PNG that fades downwards."""
    rows = bytearray()
    for y in range(height):
        fade = 1 - 0.4 * y / height
        rows += b"\0" + bytes(int(channel * fade) for channel in colour) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def sample_identity() -> BrandIdentity:
    """The sender."""
    return BrandIdentity(
        id="fernhill",
        name="Fernhill",
        sells="boots and packs",
        owner="brand@fernhill.example",
        locales=("en-US", "en-GB"),
        link_hosts=("www.fernhill.example",),
        postal_address="Fernhill Ltd, 1 Quarry Lane, Hill Valley, VT 05001",
        unsubscribe_label="Unsubscribe",
        preferences_label="Choose what you get",
        why_received="You get this email because you signed up at www.fernhill.example.",
        design=Design(
            accent="#2f6b4f",
            accent_text="#ffffff",
            ink="#1d2b24",
            muted="#5d6b64",
            paper="#ffffff",
            canvas="#eef0ea",
            heading_font="Georgia, 'Times New Roman', serif",
            body_font="Helvetica, Arial, sans-serif",
            button_radius=8,
        ),
    )


DISCLOSURES = (
    Disclosure(
        id="offer_terms",
        place="layout",
        text="Offer terms: not with other offers, ends {offer.ends}.",
        kinds=("offer",),
        source="x",
    ),
    Disclosure(
        id="winback_note", place="layout", text="It has been a while.", journeys=("winback",), source="x"
    ),
    Disclosure(id="always", place="layout", text="Prices include tax.", source="x"),
    Disclosure(
        id="in_copy", place="copy", text="Never printed.", triggers=("sale",), wordings=("terms",), source="x"
    ),
)


def _unused(model: type[ModelT]) -> ModelT:
    """A part of the brand that no email shows."""
    build: Callable[[], ModelT] = model.model_construct
    return build()


PICTURES: dict[str, tuple[str, tuple[str, ...]]] = {
    "logo": ("Fernhill", ("logo",)),
    "hero": ('A path \u201cup\u201d the hill \u00a0 "now" <b> \\', ("hero",)),
    "tip": ("Hands lacing a boot", ("educational",)),
    "pot": ("", ()),
}


def _pictures(folder: Path) -> tuple[Asset, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    assets = []
    for number, (name, (alt, use)) in enumerate(PICTURES.items()):
        width, height = SIZES[name]
        (folder / f"{name}.png").write_bytes(png(width, height, (60 + 40 * number, 130, 110)))
        assets.append(
            Asset(id=name, file=f"{name}.png", alt=alt, width=width, height=height, licence="own", use=use)
        )
    return tuple(assets)


def sample_brand(folder: Path) -> Brand:
    """The brand, with its pictures written to `folder`/assets."""
    assets = _pictures(folder / "assets")
    return Brand(
        folder=folder,
        identity=sample_identity(),
        voice=_unused(VoiceGuide),
        claims=(),
        disclosures=DISCLOSURES,
        variables={
            "person.first_name": Variable(
                name="person.first_name",
                meaning="first name",
                purpose="greet people",
                basis=Basis.LEGITIMATE_INTERESTS,
                fallback="friend",
                examples=("Jo", "Maria"),
                kinds=("subject", "hero"),
            )
        },
        never_infer=(),
        offers={},
        segments={},
        contract=_unused(DecisionContract),
        assets=AssetManifest(hosted_base="https://img.fernhill.example/", assets=assets),
        manifest=Manifest(),
    )


def money(value: str) -> MoneyFact:
    return MoneyFact(kind="money", role=Role.PRICE, source="shop", value=Decimal(value), currency="USD")


def sample_facts(locale: str = "en-US") -> FactSheet:
    """What the copy of COPY states."""
    return FactSheet(
        locale=locale,
        time_zone="America/New_York",
        facts={
            "offer.discount": PercentFact(
                kind="percent", role=Role.DISCOUNT, source="shop", value=Decimal(20)
            ),
            "offer.code": NameFact(kind="code", role=Role.CODE, source="shop", value="TRAIL20"),
            "offer.ends": DeadlineFact(
                kind="deadline",
                role=Role.ENDS,
                source="shop",
                value=dt.datetime(2026, 12, 2, 4, tzinfo=dt.UTC),
            ),
            "product.name": NameFact(
                kind="product", role=Role.PRODUCT, source="shop", value="Ridge & Vale 30"
            ),
            "product.price": money("129.00"),
        },
    )


def sample_feed(count: int = 3) -> Feed:
    """A product feed."""
    items = tuple(
        FeedItem(
            name=f"Walking pot {'abc'[number % 3]}",
            price=money(f"{19 + number}.50"),
            link=f"https://www.fernhill.example/p/{number}?a=1&b=2",
            image="pot",
        )
        for number in range(count)
    )
    return Feed(source="shop", observed_at=NOON, items=items)


def sample_target(locale: str = "en-US") -> Target:
    return Target(locale=locale, market=locale[-2:], window=Window(send_at=NOON), links={"shop": LINK})


def sample_slot(kind: str, **changes: str) -> FilledSlot:
    """A filled slot of `kind`; `changes` replace fields of its copy."""
    return FilledSlot(
        kind=kind,
        copy_fields={**COPY[kind], **changes},
        link=LINK if KINDS[kind].links else None,
        feed=sample_feed() if KINDS[kind].feed else None,
    )


def all_slots() -> list[FilledSlot]:
    """One slot of each kind, in the order of the registry."""
    return [sample_slot(kind) for kind in KINDS]


def preview_of(
    brand: Brand,
    slots: list[FilledSlot],
    *,
    journey: str = "welcome",
    facts: FactSheet | None = None,
    items: ShownItems = ShownItems.FULL,
) -> PreviewEmail:
    """The preview of `slots`."""
    sheet = facts or sample_facts()
    target = sample_target(sheet.locale)
    return compose_preview(
        brand, journey, "Weekend walkers", target, sheet, slots, partials=PARTIALS, items=items
    )


def listing(brand: Brand, **changes: Any) -> Brand:
    """The brand with a list of the readers' own, in the place of every view."""
    listed = ProductList.model_validate(
        {
            "id": "left_behind",
            "meaning": "what is in the cart",
            "purpose": "remind people",
            "basis": "contract",
            "most": 2,
            "price": True,
            "fallbacks": {"name": "Your choice", "link": "https://fernhill.example/cart", "image": "tip"},
            "samples": [{"name": "Mug", "price": "$9", "image": "pot"}, {}],
            **changes,
        }
    )
    return replace(brand, lists={listed.id: listed}, views={})


LISTED = FilledSlot(
    kind="recommendations",
    copy_fields=COPY["recommendations"],
    products_from="left_behind",
)

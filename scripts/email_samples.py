"""Emails of every project block in every brand, for `scripts/conformance` and `scripts/bench emails`."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.loader import load_brand
from app.brief.facts import DeadlineFact, FactSheet, Feed, FeedItem, MoneyFact, NameFact, PercentFact, Role
from app.brief.models import Target, Window
from app.emails.models import FilledSlot, RenderedPreview
from app.emails.preview import compose_preview, render_preview
from app.settings import content_root

AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
BRANDS = ("larkfell", "oatmere")
MOST_PRODUCTS = 4
COPY = {
    "subject": {
        "subject": "Something quiet for slow days",
        "preheader": "A short look at what came in this week, and what is worth a detour.",
    },
    "hero": {
        "headline": "Good to see you again",
        "body": "Every plan begins somewhere small. Here is what our team sets out first, and why it stays "
        "on the shelf by the door for the rest of the season.",
    },
    "offer": {
        "headline": "{offer.discount} off your next order",
        "body": "Take {offer.discount} off the {product.name} at {product.price}. Your code is {offer.code}.",
        "terms": "Valid until {offer.ends}. One use for each customer; not with other offers.",
    },
    "proof": {
        "heading": "Made to be mended",
        "body": "Our workshop repairs what we sell & tells you honestly when a repair is not worth it.",
    },
    "recommendations": {
        "heading": "Picked for slow days",
        "intro": "A few things that our team takes along, in the order in which they come out of the bag.",
    },
    "educational": {
        "heading": "How to begin with little",
        "body": "Set out what you used last time, and put half of it back. Whatever you reach for first “by "
        "habit” belongs at the top; the rest can wait on the shelf.",
    },
    "cta": {"label": "Have a look around"},
    "footer": {"closing": "See you soon. Take it slowly, and take somebody along."},
}
NAMES = ("Ridge & Vale 30", "Everyday Multi", "Harrow Jacket with a longer name", "Lemon 4")


@dataclass(frozen=True)
class Sample:
    """One email to make: its brand, what it shows, and its slots."""

    brand: Brand
    name: str
    slots: tuple[FilledSlot, ...]

    def render(self) -> RenderedPreview:
        """The email, composed, checked, rendered and checked."""
        target = Target(
            locale="en-US", market="US", window=Window(send_at=AS_OF), links={"shop": _link(self.brand)}
        )
        email = compose_preview(
            self.brand,
            "welcome",
            "Measured",
            target,
            FACTS,
            self.slots,
            partials=content_root() / "blocks",
        )
        return render_preview(email)


def _money(value: str) -> MoneyFact:
    return MoneyFact(kind="money", role=Role.PRICE, source="shop", value=Decimal(value), currency="USD")


FACTS = FactSheet(
    locale="en-US",
    time_zone="America/New_York",
    facts={
        "offer.discount": PercentFact(kind="percent", role=Role.DISCOUNT, source="shop", value=Decimal(20)),
        "offer.code": NameFact(kind="code", role=Role.CODE, source="shop", value="SLOW20"),
        "offer.ends": DeadlineFact(
            kind="deadline", role=Role.ENDS, source="shop", value=dt.datetime(2026, 12, 2, 4, tzinfo=dt.UTC)
        ),
        "product.name": NameFact(kind="product", role=Role.PRODUCT, source="shop", value="Ridge & Vale 30"),
        "product.price": _money("129.00"),
    },
)


def _link(brand: Brand) -> str:
    return f"https://{brand.identity.link_hosts[0]}/new?from=email&page=2"


def brands() -> list[Brand]:
    """The sample brands as they are in the checkout."""
    return [load_brand(content_root() / "brand", name) for name in BRANDS]


def without_pictures(brand: Brand) -> Brand:
    """The brand with its logos, and no other picture."""
    import dataclasses

    kept = tuple(asset for asset in brand.assets.assets if set(asset.use) & {"logo", "logo_dark"})
    return dataclasses.replace(brand, assets=brand.assets.model_copy(update={"assets": kept}))


def _feed(brand: Brand, count: int, *, pictures: bool) -> Feed:
    known = [asset.id for asset in brand.assets.assets if asset.id.startswith("product_")]
    items = tuple(
        FeedItem(
            name=NAMES[number % len(NAMES)],
            price=_money(f"{19 + number}.50"),
            link=f"https://{brand.identity.link_hosts[0]}/p/{number}?a=1&b=2",
            image=known[number % len(known)] if pictures else None,
        )
        for number in range(count)
    )
    return Feed(source="shop", observed_at=AS_OF, items=items)


def _slot(brand: Brand, kind: str, products: int = 3, *, pictures: bool = True) -> FilledSlot:
    return FilledSlot(
        kind=kind,
        copy_fields=COPY[kind],
        link=_link(brand) if KINDS[kind].links else None,
        feed=_feed(brand, products, pictures=pictures) if KINDS[kind].feed else None,
    )


def whole(brand: Brand) -> Sample:
    """An email with all kinds in it."""
    return Sample(brand, "all kinds", tuple(_slot(brand, kind) for kind in KINDS))


def samples() -> Iterator[Sample]:
    """Each kind by itself, with and without pictures, with 1 to 4 products, and all kinds in one email."""
    for brand in brands():
        bare = without_pictures(brand)
        subject = _slot(brand, "subject")
        for kind in KINDS:
            if kind == "subject":
                continue
            if KINDS[kind].feed:
                for count in range(1, MOST_PRODUCTS + 1):
                    yield Sample(brand, f"{kind} {count}", (subject, _slot(brand, kind, count)))
                    slot = _slot(brand, kind, count, pictures=False)
                    yield Sample(brand, f"{kind} {count} without pictures", (subject, slot))
            else:
                yield Sample(brand, kind, (subject, _slot(brand, kind)))
                if kind in ("hero", "educational"):
                    yield Sample(bare, f"{kind} without picture", (subject, _slot(bare, kind)))
        yield whole(brand)


def write(email: RenderedPreview, html: str, folder: Path, name: str) -> Path:
    """Put a page and the pictures that it shows into `folder`."""
    import shutil

    (folder / "images").mkdir(parents=True, exist_ok=True)
    for image in email.images:
        place = folder / "images" / image.name
        if not place.exists():
            shutil.copyfile(image.source, place)
    path = folder / f"{name}.html"
    path.write_text(html, encoding="utf-8")
    return path

"""Products of a list that the platform keeps for each reader: marks in a template, samples in a preview.

The row of one item is composed once. In a template it holds marks for the fields, and stands between the
marks of a loop; a preview repeats it for the brand's sample items.
"""

from enum import StrEnum

from app.brand.lists import IMAGE, LINK, NAME, PRICE, ProductList, SampleItem
from app.dialects.nodes import HasValue
from app.emails.content import Picture, Pictures, Product, Rows
from app.emails.markers import Markers

THUMBNAIL = 144
"""How wide the picture of an item is shown, in pixels: its own size is the platform's business."""


class ShownItems(StrEnum):
    """How many items a preview shows of a list."""

    FULL = "full"
    """As many as an email shows at most."""
    ONE = "one"
    NONE = "none"
    """The list is empty: the block is left out."""


def samples_of(listed: ProductList, shown: ShownItems) -> tuple[SampleItem, ...]:
    """The sample items that a preview shows."""
    match shown:
        case ShownItems.FULL:
            return listed.samples[: listed.most]
        case ShownItems.ONE:
            return listed.samples[:1]
        case ShownItems.NONE:
            return ()


def filled_rows(listed: ProductList, pictures: Pictures, shown: ShownItems = ShownItems.FULL) -> Rows:
    """The rows of a preview: sample items, with fallbacks where they say nothing."""
    items = samples_of(listed, shown)
    rows = tuple(_of_sample(listed, item, pictures) for item in items)
    return Rows("", "", rows, listed.price)


def _of_sample(listed: ProductList, item: SampleItem, pictures: Pictures) -> Product:
    own, instead = item, listed.fallbacks
    image = own.image or instead.image
    picture = pictures.named(image, f"list '{listed.id}'") if image is not None else None
    name = own.name or instead.name
    shown = Picture(picture.src, name, THUMBNAIL, THUMBNAIL) if picture is not None else None
    price = own.price if listed.price else None
    return Product(name, price or "", own.link or instead.link, shown)


def marked_rows(listed: ProductList, pictures: Pictures, marks: Markers) -> Rows:
    """The row of a template: one item as marks, between those of the loop."""
    instead = listed.fallbacks
    begin = marks.each(listed.id, listed.most)
    name = marks.variable(f"item.{NAME}", instead.name)
    picture = None
    if instead.image is not None:
        source = pictures.named(instead.image, f"list '{listed.id}'").src
        for sample in listed.samples:  # previews of the template show them
            pictures.named(sample.image or instead.image, f"list '{listed.id}'")
        picture = Picture(marks.address(f"item.{IMAGE}", source), name, THUMBNAIL, THUMBNAIL)
    price, apart = "", ("", "")
    if listed.price:
        apart = marks.begin(HasValue(f"item.{PRICE}")), marks.end()
        price = marks.variable(f"item.{PRICE}", "")
    item = Product(name, price, marks.address(f"item.{LINK}", instead.link), picture, apart)
    return Rows(begin, marks.end(), (item,), listed.price)


def sample_values(listed: ProductList, pictures: Pictures, shown: ShownItems) -> list[dict[str, str]]:
    """The list of a synthetic reader: sample items as the platform would have them."""
    return [_values(listed, item, pictures) for item in samples_of(listed, shown)]


def _values(listed: ProductList, item: SampleItem, pictures: Pictures) -> dict[str, str]:
    found = {NAME: item.name, LINK: item.link, PRICE: item.price if listed.price else None}
    if item.image is not None:
        found[IMAGE] = pictures.named(item.image, f"list '{listed.id}'").src
    return {field: value for field, value in found.items() if value is not None}

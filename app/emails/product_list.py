"""Products of a list that the platform keeps for each reader: marks in a template, samples in a preview.

The row of one item is composed once, with marks for its fields, and stands between the marks of a loop. The
synthetic reader of a preview has the brand's sample items in the list.
"""

from enum import StrEnum

from app.brand.lists import IMAGE, LINK, NAME, PRICE, ProductList, SampleItem
from app.dialects.nodes import HasValue
from app.emails.content import Picture, Pictures, Product, Rows, RowWriter, Shade
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


def row_writer(marks: Markers) -> RowWriter:
    """Writes the row of one item as marks, between those of the loop."""

    def write(listed: ProductList, pictures: Pictures) -> Rows:
        return _marked(listed, pictures, marks)

    return write


def _marked(listed: ProductList, pictures: Pictures, marks: Markers) -> Rows:
    instead = listed.fallbacks
    begin = marks.each(listed.id, listed.most)
    name = marks.variable(f"item.{NAME}", instead.name)
    picture = None
    if instead.image is not None:
        source = pictures.address(instead.image, _where(listed))
        for sample in listed.samples:  # previews of the template show them
            pictures.address(sample.image or instead.image, _where(listed))
        shades = (Shade(marks.address(f"item.{IMAGE}", source), ""),)
        picture = Picture(shades, name, THUMBNAIL, THUMBNAIL)
    price, apart = "", ("", "")
    if listed.price:
        apart = marks.begin(HasValue(f"item.{PRICE}")), marks.end()
        price = marks.variable(f"item.{PRICE}", "")
    item = Product(name, price, marks.address(f"item.{LINK}", instead.link), picture, apart)
    return Rows(begin, item, marks.end(), listed.price)


def sample_values(listed: ProductList, pictures: Pictures, shown: ShownItems) -> list[dict[str, str]]:
    """The list of a synthetic reader: sample items as the platform would have them."""
    return [_values(listed, item, pictures) for item in samples_of(listed, shown)]


def _values(listed: ProductList, item: SampleItem, pictures: Pictures) -> dict[str, str]:
    found = {NAME: item.name, LINK: item.link, PRICE: item.price if listed.price else None}
    if item.image is not None:
        found[IMAGE] = pictures.address(item.image, _where(listed))
    return {field: value for field, value in found.items() if value is not None}


def _where(listed: ProductList) -> str:
    return f"list '{listed.id}'"

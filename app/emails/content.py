"""Filling the slots: copy with its values, pictures with their files, products with their prices.

What comes out of here is what both the MJML templates and the plain text show.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup
from pydantic import ValidationError

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.lists import ProductList
from app.brand.models import Asset, Variable
from app.brief.facts import Fact, FactSheet, FeedItem, Role
from app.emails.escape import escaped, one_line, refuse_foreign
from app.emails.models import FilledSlot, ImageFile
from app.errors import RenderError
from app.tokens import Token, tokens_in
from app.yaml12 import nearest

LIGHT_ONLY, DARK_ONLY = "cd-light-only", "cd-dark-only"
"""Classes of blocks/_layout/style.css."""
PICTURED = ("hero", "educational")
"""The kinds that show a picture; a link of theirs lies on it."""
_UNBROKEN = frozenset({"money", "percent", "date", "deadline"})


@dataclass(frozen=True)
class Words:
    """Finished words: as plain text, and as MJML in which values do not break across lines."""

    plain: str
    html: Markup


@dataclass(frozen=True)
class Shade:
    """One file of a picture, with the class of what shows it: in light or dark alone, or none for always."""

    src: str
    css: str


@dataclass(frozen=True)
class Picture:
    """An image as the templates show it: one file, or one for light and one for dark mail programs."""

    shades: tuple[Shade, ...]
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Product:
    """One product: an item of a feed, or of a list that the sending platform keeps for each reader.

    `priced` are marks around what is said of the price where it is there for some items only.
    """

    name: str
    price: str
    link: str
    picture: Picture | None
    priced: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Rows:
    """The items of a list of the reader's own: the row of one item between the marks of a loop. `priced` says
    whether items of the list have prices.
    """

    begin: str
    item: Product
    end: str
    priced: bool


@dataclass(frozen=True)
class Block:
    """One slot, filled. `fields` are the kind's copy fields by name."""

    kind: str
    partial: str
    fields: Mapping[str, Words]
    link: str | None
    picture: Picture | None
    products: tuple[Product, ...]
    rows: Rows | None = None


@dataclass(frozen=True)
class Mark:
    """A place between blocks where a condition begins, turns or ends (app.emails.markers)."""

    mark: str
    kind: str = ""
    partial: str = "_layout/mark.mjml"


class Pictures:
    """Resolves asset ids to pictures, and keeps which files an email needs."""

    def __init__(self, brand: Brand, base: str) -> None:
        self.brand = brand
        self.base = base
        self.used: dict[str, ImageFile] = {}
        self.shaded = False
        """Whether a picture has a file of its own for dark mail programs."""

    def named(self, asset_id: str, where: str) -> Picture:
        """The picture with this asset id. Raises RenderError when the brand has none."""
        return self._picture(self._asset(asset_id, where))

    def address(self, asset_id: str, where: str) -> str:
        """The address of the one file that stands for a picture of the platform's own, in light and in dark.
        Raises RenderError when the brand has no picture with this asset id.
        """
        return self._shade(self._asset(asset_id, where).file, "").src

    def _asset(self, asset_id: str, where: str) -> Asset:
        asset = self.brand.asset(asset_id)
        if asset is None:
            known = [item.id for item in self.brand.assets.assets]
            hint = nearest(asset_id, known)
            raise RenderError(f"{where}: brand '{self.brand.id}' has no image '{asset_id}'", hint)
        return asset

    def default(self, *uses: str) -> Picture | None:
        """The brand's default picture for the first of `uses` that has one."""
        asset = self.brand.asset_for(*uses)
        return self._picture(asset) if asset else None

    def _picture(self, asset: Asset) -> Picture:
        refuse_foreign(asset.alt, f"image '{asset.id}'")
        return Picture(self._shades(asset), one_line(asset.alt), asset.width, asset.height)

    def _shades(self, asset: Asset) -> tuple[Shade, ...]:
        if asset.dark is None:
            return (self._shade(asset.file, ""),)
        self.shaded = True
        return self._shade(asset.file, LIGHT_ONLY), self._shade(asset.dark, DARK_ONLY)

    def _shade(self, file: str, css: str) -> Shade:
        self.used[file] = ImageFile(source=self.brand.folder / "assets" / file, name=file)
        return Shade(self.base + file, css)


VariableWriter = Callable[[Variable], str]
"""What is written where copy names a variable."""


RowWriter = Callable[[ProductList, Pictures], Rows]
"""What stands for the items of a list that the platform keeps."""


class Filler:
    """Fills slots with the values of one fact sheet; `write` says what stands for variables, and `rows` what
    stands for items of lists.
    """

    def __init__(
        self,
        brand: Brand,
        journey: str,
        facts: FactSheet,
        pictures: Pictures,
        write: VariableWriter,
        *,
        rows: RowWriter,
    ) -> None:
        self.write = write
        self.rows = rows
        self.brand = brand
        self.journey = journey
        self.facts = facts
        self.pictures = pictures

    def with_facts(self, facts: FactSheet | None) -> "Filler":
        """The same with the facts of another segment; None changes nothing."""
        if facts is None or facts is self.facts:
            return self
        return Filler(self.brand, self.journey, facts, self.pictures, self.write, rows=self.rows)

    def block(self, slot: FilledSlot) -> Block:
        """The slot with everything in its place. Raises RenderError naming what is missing."""
        if slot.facts is not None and slot.facts is not self.facts:
            return self.with_facts(slot.facts).block(slot)
        kind = KINDS.get(slot.kind)
        if kind is None:
            raise RenderError(f"there is no block kind '{slot.kind}'", nearest(slot.kind, KINDS))
        if kind.links and not slot.link:
            raise RenderError(f"{slot.kind}: has no link", "a link of the brief")
        if kind.feed and not slot.feed and slot.products_from is None:
            raise RenderError(f"{slot.kind}: has no product feed", "leave the block out, or supply a feed")
        picture = self._picture(slot)
        return Block(
            kind=slot.kind,
            partial=f"{slot.kind}/{kind.partial}" if kind.partial else "",
            fields={name: self.words(text, slot.kind, name) for name, text in self._copy(slot).items()},
            link=slot.link if kind.links or picture else None,
            picture=picture,
            products=tuple(self._product(item) for item in slot.feed.items) if slot.feed else (),
            rows=self._rows(slot.kind, slot.products_from) if slot.products_from is not None else None,
        )

    def _rows(self, kind: str, name: str) -> Rows:
        listed = self.brand.lists.get(name)
        if listed is None:
            hint = nearest(name, self.brand.lists)
            raise RenderError(f"{kind}: brand '{self.brand.id}' has no list of products '{name}'", hint)
        if not KINDS[kind].feed:
            raise RenderError(f"{kind}: shows no products", "a slot of a kind that does")
        return self.rows(listed, self.pictures)

    def words(self, text: str, kind: str, field: str) -> Words:
        """`text` with its tokens filled, for the field `field` of a block of `kind`."""
        plain: list[str] = []
        html: list[Markup] = []
        position = 0
        for token in tokens_in(text):
            before, value = text[position : token.start], one_line(self._value(token, kind, field))
            plain += [before, value]
            html += [escaped(before), self._shown(token, value)]
            position = token.end
        plain.append(text[position:])
        html.append(escaped(text[position:]))
        filled = one_line("".join(plain))
        refuse_foreign(filled, f"{kind}, {field}")
        return Words(filled, Markup("".join(html)))  # noqa: S704 - each part is escaped

    def _copy(self, slot: FilledSlot) -> dict[str, str]:
        try:
            texts = KINDS[slot.kind].schema.model_validate(slot.copy_fields).texts()
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise RenderError(f"{slot.kind}, {field}: {first['msg'].lower()}") from error
        for name, text in texts.items():
            if not text:
                raise RenderError(f"{slot.kind}, {name}: is empty", "copy for every field")
        return {name: one_line(text) for name, text in texts.items()}

    def _value(self, token: Token, kind: str, field: str) -> str:
        where = f"{kind}, {field}"
        if token.is_variable:
            variable = self.brand.variables.get(token.name)
            if variable is None:
                hint = nearest(token.name, self.brand.variables)
                raise RenderError(f"{where}: variable '{{{token.name}}}' is not declared", hint)
            return self.write(variable)
        fact = self._fact(token)
        if fact is None:
            hint = nearest(token.name, self.facts.facts)
            raise RenderError(f"{where}: no fact for '{{{token.name}}}'", hint)
        if fact.kind == "url":
            raise RenderError(
                f"{where}: '{{{token.name}}}' is a link, and stands in a sentence", "the block's link"
            )
        return self.facts.render(token.name)

    def _fact(self, token: Token) -> Fact | None:
        return self.facts.facts.get(token.name)

    def _shown(self, token: Token, value: str) -> Markup:
        fact = self._fact(token)
        if fact is not None and fact.role is Role.CODE:
            return Markup('<span class="cd-code" style="{}">{}</span>').format(_CODE_STYLE, escaped(value))
        if fact is not None and fact.kind in _UNBROKEN:
            return Markup('<span style="white-space:nowrap">{}</span>').format(escaped(value))
        return escaped(value)

    def _picture(self, slot: FilledSlot) -> Picture | None:
        if slot.kind not in PICTURED:
            self._refuse_unshown(slot)
            return None
        if slot.image is not None:
            return self.pictures.named(slot.image, slot.kind)
        return self.pictures.default(f"{slot.kind}_{self.journey}", slot.kind)

    def _refuse_unshown(self, slot: FilledSlot) -> None:
        if slot.image is not None:
            raise RenderError(f"{slot.kind}: shows no picture", f"pictures stand in {', '.join(PICTURED)}")
        if slot.link is not None and not KINDS[slot.kind].links:
            raise RenderError(f"{slot.kind}: has no place for a link", "the link of the call to action")

    def _product(self, item: FeedItem) -> Product:
        refuse_foreign(item.name, "recommendations, product name")
        price = item.price.render(self.facts.locale, ZoneInfo(self.facts.time_zone))
        picture = self.pictures.named(item.image, f"product '{item.name}'") if item.image else None
        return Product(one_line(item.name), price, item.link, picture)


_CODE_STYLE = Markup("font-family:Menlo,Consolas,monospace;font-weight:700;white-space:nowrap")

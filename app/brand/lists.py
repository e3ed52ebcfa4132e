"""Lists of products that only the sending platform knows, such as what a reader left in the cart.

The brand says what is in such a list, and shows it with sample items. What a reader's own list holds never
enters Copydesk: an account file says where the platform keeps it, and the platform fills it in.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from app.brand.base import Id, Line, Strict
from app.brand.basis import Basis, check_consent
from app.brand.effects import Effect
from app.errors import Problem
from app.yaml12 import Document, Path_, nearest

NAME, LINK, IMAGE, PRICE = "name", "link", "image", "price"
MOST = 12
"""Items that an email shows at most: as many as the feed of a brief may hold."""
Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=r"^[^{}<>\x00-\x1f]+$"),
]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"'{}]+$", max_length=2000)]


class ItemFallbacks(Strict):
    """What stands for an item whose name, address or picture the platform does not know."""

    name: Annotated[Words, Effect.EMAIL]
    link: Annotated[Address, Effect.EMAIL]
    image: Annotated[Id | None, Effect.EMAIL] = None
    """A picture of the brand; without one the list is shown without pictures."""


class SampleItem(Strict):
    """An invented item for previews. What it leaves out is what the platform does not know of an item."""

    name: Annotated[Words | None, Effect.EMAIL] = None
    link: Annotated[Address | None, Effect.EMAIL] = None
    image: Annotated[Id | None, Effect.EMAIL] = None
    """A picture of the brand, in the place of the platform's own."""
    price: Annotated[Words | None, Effect.EMAIL] = None
    """As the platform would write it, such as "$84.00"."""


class ProductList(Strict):
    """A list of products that the platform keeps for each reader, and how an email shows it.

    With the basis `consent` only segments that list this consent get it; other bases name none.
    """

    id: Annotated[Id, Effect.ROUTING]
    meaning: Annotated[Line, Effect.PROMPT]
    purpose: Annotated[Line, Effect.REPORT]
    """Why the brand uses it, in a sentence."""
    basis: Annotated[Basis, Effect.REPORT]
    consent: Annotated[Id | None, Effect.ROUTING] = None
    """The consent that its use rests on, by its id."""
    most: Annotated[int, Field(ge=1, le=MOST), Effect.EMAIL]
    """How many items are shown at most, from the first on."""
    price: Annotated[bool, Effect.EMAIL] = False
    """Whether an item's price is shown, as the platform has it, where it has one."""
    fallbacks: ItemFallbacks
    samples: Annotated[tuple[SampleItem, ...], Field(min_length=1, max_length=MOST)]

    @property
    def fields(self) -> tuple[str, ...]:
        """What an account has to name of an item."""
        image = (IMAGE,) if self.fallbacks.image is not None else ()
        return (NAME, LINK, *image, *((PRICE,) if self.price else ()))

    @model_validator(mode="after")
    def _names_its_consent(self) -> "ProductList":
        check_consent(self.basis, self.consent)
        return self

    @model_validator(mode="after")
    def _samples_show_it(self) -> "ProductList":
        if len(self.samples) < self.most:
            raise ValueError(f"shows up to {self.most} items and has {len(self.samples)} samples: add some")
        for field in (IMAGE, PRICE):
            if field not in self.fields and any(getattr(item, field) is not None for item in self.samples):
                right = "'fallbacks' without an image" if field == IMAGE else "'price: false'"
                raise ValueError(f"a sample has a {field}, and with {right} none is shown")
        return self


def list_problems(
    document: Document, lists: Iterable[ProductList], assets: Iterable[str], hosts: Iterable[str]
) -> Iterator[Problem]:
    """Pictures that the brand does not have, and addresses that are not on its hosts."""
    known, allowed = list(assets), list(hosts)
    for number, item in enumerate(lists):
        shown: Mapping[Path_, ItemFallbacks | SampleItem] = {
            ("lists", number, "fallbacks"): item.fallbacks,
            **{("lists", number, "samples", n): sample for n, sample in enumerate(item.samples)},
        }
        for at, part in shown.items():
            if part.image is not None and part.image not in known:
                hint = nearest(part.image, known)
                yield document.problem((*at, IMAGE), f"there is no asset '{part.image}'", hint)
            host = part.link.split("/")[2].split(":")[0].casefold() if part.link is not None else None
            if host is not None and not any(host == h or host.endswith("." + h) for h in allowed):
                yield document.problem(
                    (*at, LINK), f"'{host}' is not a host of the brand", nearest(host, allowed)
                )

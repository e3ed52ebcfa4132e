"""A new brand: its folder, its approved blocks and its pictures, written from the template beside this file.

The template is a brand as files: what ends in .jinja is filled in, the rest is copied. Everything is put
together beside its place and moved there when it is whole, so that a brand is there or it is not.
"""

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from app.blocks.approved import STARTER
from app.blocks.loader import load_blocks, seal
from app.brand.markets import members
from app.brand.packs import load_packs
from app.errors import StorageError, UsageError
from app.scaffold.content import TEMPLATE
from app.scaffold.names import NewBrand
from app.scaffold.spelling import AMERICAN
from app.yaml12 import quoted

PARTS = ("brand", "blocks")
_SUFFIX = ".jinja"
REVIEWED_FOR = dt.timedelta(days=180)
"""How long the words that come with a new brand may stand before somebody has to read them again."""
OFFERED_FOR = dt.timedelta(days=60)
CORE_PACK = "core"


def write_brand(content: Path, brand: NewBrand, today: dt.date) -> list[Path]:
    """Write brand/<id> and blocks/<id> under `content`, sealed; returns every file, in order.

    Raises UsageError when one of the folders is there already, and StorageError when it cannot be written.
    """
    for part in PARTS:
        if (content / part / brand.id).exists():
            where = f"{part}/{brand.id}"
            raise UsageError(
                f"{where} is there already in {content}", "another name, or change the files there"
            )
    values = _values(brand, today, packs_for(content, brand))
    try:
        with tempfile.TemporaryDirectory(dir=content, prefix=".new-brand-") as folder:
            _fill(Path(folder), brand.id, values)
            seal(load_blocks(Path(folder) / "blocks", brand.id, sealed=False), Path(folder) / "blocks")
            for part in reversed(PARTS):
                (content / part).mkdir(exist_ok=True)
                shutil.move(Path(folder) / part / brand.id, content / part / brand.id)
    except OSError as error:
        raise StorageError(
            f"{content} cannot be written: {error.strerror}", "a folder of your own"
        ) from error
    return [
        path for part in PARTS for path in sorted((content / part / brand.id).rglob("*")) if path.is_file()
    ]


def packs_for(content: Path, brand: NewBrand) -> list[str]:
    """The rule packs that a new brand begins with: those of every market, and those of its own."""
    packs = load_packs(content / "brand").values()
    return [p.id for p in packs if not p.head.markets or brand.market in members(p.head.markets)]


def writes_american(brand: NewBrand) -> bool:
    """Whether its copy is spelt as in the United States; elsewhere it is spelt as in Britain."""
    return brand.locale.endswith("-US")


def _fill(root: Path, brand_id: str, values: Mapping[str, object]) -> None:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["quoted"] = quoted
    for path, target in _files(brand_id):
        place = root / target
        place.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == _SUFFIX:
            template = environment.get_template(path.relative_to(TEMPLATE).as_posix())
            place.write_text(template.render(values), encoding="utf-8")
        else:
            shutil.copyfile(path, place)


def _files(brand_id: str) -> Iterator[tuple[Path, Path]]:
    """Each file of the template, and where it goes under the content folder."""
    for part in PARTS:
        for path in sorted((TEMPLATE / part).rglob("*")):
            if path.is_file():
                place = path.relative_to(TEMPLATE / part)
                yield path, Path(part, brand_id, place.with_name(place.name.removesuffix(_SUFFIX)))


def _values(brand: NewBrand, today: dt.date, packs: list[str]) -> dict[str, object]:
    """What the template may print."""
    approval = f"by: [{quoted(brand.owner)}], on: {today}, review_by: {today + REVIEWED_FOR}, hash: unsealed"
    american = writes_american(brand)
    place = "Springfield, IL 62701, USA" if brand.market == "US" else "Example Town"
    return {
        "id": brand.id,
        "name": brand.name,
        "owner": brand.owner,
        "locale": brand.locale,
        "host": brand.host,
        "packs": packs,
        "address": f"{brand.name}, 1 Example Street, {place}",
        "spelling": [pair if american else pair[::-1] for pair in AMERICAN],
        "words": [brand.name],
        "today": today.isoformat(),
        "in_sixty_days": (today + OFFERED_FOR).isoformat(),
        "approval": f"author: {STARTER}\n    approval: {{{approval}}}",
    }

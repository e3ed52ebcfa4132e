"""The sample brand with pictures that have a variant for dark mail programs."""

from dataclasses import replace

from app.brand.brand import Brand
from tests.emails.sample import SIZES, png

SHADED = ("hero", "tip", "pot")


def shaded_brand(brand: Brand, only: tuple[str, ...] = SHADED) -> Brand:
    """`brand` with a dark file for each picture in `only`, written beside the light one."""
    for number, name in enumerate(SHADED):
        colour = (20 + 20 * number, 40, 60)
        (brand.folder / "assets" / f"{name}_dark.png").write_bytes(png(*SIZES[name], colour))
    assets = tuple(
        asset.model_copy(update={"dark": f"{asset.id}_dark.png"}) if asset.id in only else asset
        for asset in brand.assets.assets
    )
    return replace(brand, assets=brand.assets.model_copy(update={"assets": assets}))

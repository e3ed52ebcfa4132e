"""docs/packs.md lists every pack and every field of a head as they are."""

from pathlib import Path

from app.brand.effects import Effect
from app.brand.packs import load_packs
from app.brand.scope import PackHead
from app.settings import content_root
from tests.docs.test_brand_page import rows_of

PAGE = (Path(__file__).parents[2] / "docs" / "packs.md").read_text("utf-8")


def test_each_pack_stands_there_with_its_head() -> None:
    packs = load_packs(content_root() / "brand").values()
    assert rows_of(PAGE, "## The packs that ship") == [
        [
            f"`{pack.id}`",
            pack.head.title,
            ", ".join(pack.head.markets) or "every market",
            str(pack.head.applies_from or "always"),
            ", ".join(pack.languages),
            pack.head.source,
            str(pack.head.source_date),
            str(pack.head.checked or "not yet"),
        ]
        for pack in packs
    ]


def test_each_field_of_a_head_stands_there_with_its_effect() -> None:
    listed = [(row[0], row[2]) for row in rows_of(PAGE, "## What a pack file holds")]
    assert listed == [
        (f"`{name}`", effect.value)
        for name, info in PackHead.model_fields.items()
        for effect in info.metadata
        if isinstance(effect, Effect)
    ]

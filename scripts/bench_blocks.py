"""What a change of the rules costs: `scripts/bench blocks` judges 10,000 approved blocks again."""

import datetime as dt
import os
import random
import time
from dataclasses import replace

from app.blocks.loader import PlacedBlock
from app.release.coverage import shortfalls
from app.release.library import ContentLibrary, load_library
from app.settings import content_root

AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)
BRAND = "larkfell"
BLOCKS = 10_000
MOST_SECONDS = 15


def mixed(library: ContentLibrary, count: int) -> ContentLibrary:
    """The library with so many blocks that are all different: each field from another block of its kind and
    journey, so that lengths and words are those of real copy.
    """
    rng = random.Random(3)
    alike: dict[tuple[str, str | None, tuple[str, ...]], list[PlacedBlock]] = {}
    for placed in library.blocks:
        block = placed.block
        alike.setdefault((block.kind, block.journey, block.locales), []).append(placed)
    made = []
    for number in range(count):
        placed = library.blocks[number % len(library.blocks)]
        block = placed.block
        others = alike[block.kind, block.journey, block.locales]
        copy = {name: rng.choice(others).block.copy_.get(name, text) for name, text in block.copy_.items()}
        made.append(replace(placed, block=block.model_copy(update={"copy_": copy})))
    return replace(library, blocks=tuple(made))


def blocks() -> int:
    """Print the seconds that judging them takes, loading and rules aside."""
    root = content_root()
    library = load_library(root / "brand", root / "blocks", BRAND)
    shortfalls(library, as_of=AS_OF)  # rules are compiled once
    large = mixed(library, BLOCKS)
    fields = sum(len(placed.block.copy_) * len(placed.block.locales) for placed in large.blocks)
    started = time.perf_counter()
    found = shortfalls(large, as_of=AS_OF)
    seconds = time.perf_counter() - started
    print(f"{BLOCKS:,} approved blocks, {fields:,} fields in their locales, on {os.cpu_count()} processors")
    print(f"judged again in {seconds:.1f} s (at most {MOST_SECONDS}); {len(found)} do not pass")
    return 0

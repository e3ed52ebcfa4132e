"""Sealing: recording the hash of what was approved, for blocks that the guardrails pass."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.blocks.loader import UNSEALED, PlacedBlock, seal, seal_problems
from app.errors import Problem
from app.release.block_standing import BlockReview
from app.release.coverage import refusals
from app.release.library import ContentLibrary


@dataclass(frozen=True)
class Sealing:
    """What sealing did: the blocks whose hash it wrote, and why others keep the one that they had."""

    sealed: tuple[PlacedBlock, ...]
    """As they were before, with the hash that is now replaced."""
    refused: tuple[tuple[PlacedBlock, tuple[Problem, ...]], ...]
    by_names: bool = True
    """Whether nobody could approve for the brand yet, so that approvers are names in the files only."""
    recorded: bool = True
    """Whether the audit tells of it; there is none without a database."""


def never_sealed(placed: PlacedBlock) -> bool:
    """Whether the block is new: no approval of it was ever recorded."""
    return placed.block.approval.hash == UNSEALED


def seal_passing(
    library: ContentLibrary, blocks_root: Path, as_of: dt.datetime, review: BlockReview | None = None
) -> Sealing:
    """Seal the blocks that are new or changed and pass. Raises ContentError when a hash cannot be written.

    The library is loaded without regard to seals. With `review` the brand has people who approve, and a block
    is sealed only where they have, as the contract asks for its tier.
    """
    waiting = [placed for placed in library.blocks if seal_problems(placed)]
    judged = [(placed, tuple(_against(library, placed, as_of, review))) for placed in waiting]
    passing = [placed for placed, problems in judged if not problems]
    seal(passing, blocks_root)
    return Sealing(tuple(passing), tuple(item for item in judged if item[1]), by_names=review is None)


def _against(
    library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime, review: BlockReview | None
) -> Iterator[Problem]:
    yield from refusals(library, placed, as_of)
    lacks = review.standing(library, placed, as_of).lacks if review is not None else ""
    if lacks:
        hint = f"copydesk blocks approve {placed.block.id}"
        yield placed.problem(f"block '{placed.block.id}' is not approved: {lacks}", hint, "approval", "by")

"""Sealing: recording the hash of what was approved, for blocks that the guardrails pass."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from app.blocks.loader import UNSEALED, PlacedBlock, seal, seal_problems
from app.errors import Problem
from app.release.coverage import refusals
from app.release.library import ContentLibrary


@dataclass(frozen=True)
class Sealing:
    """What sealing did: the blocks whose hash it wrote, and why others keep the one that they had."""

    sealed: tuple[PlacedBlock, ...]
    """As they were before, with the hash that is now replaced."""
    refused: tuple[tuple[PlacedBlock, tuple[Problem, ...]], ...]


def never_sealed(placed: PlacedBlock) -> bool:
    """Whether the block is new: no approval of it was ever recorded."""
    return placed.block.approval.hash == UNSEALED


def seal_passing(library: ContentLibrary, blocks_root: Path, as_of: dt.datetime) -> Sealing:
    """Seal the blocks that are new or changed and pass. Raises ContentError when a hash cannot be written.

    The library is loaded without regard to seals.
    """
    waiting = [placed for placed in library.blocks if seal_problems(placed)]
    judged = [(placed, tuple(refusals(library, placed, as_of))) for placed in waiting]
    passing = [placed for placed, problems in judged if not problems]
    seal(passing, blocks_root)
    return Sealing(tuple(passing), tuple(item for item in judged if item[1]))

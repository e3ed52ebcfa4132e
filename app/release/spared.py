"""What served before a brand had people who approve its blocks: known by its content, and recorded once."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from app.blocks.loader import load_blocks, seal_problems
from app.brand.loader import brand_ids
from app.brand.roles import EVERY_BRAND, Approver
from app.db.block_approvals import BlockApprovals
from app.db.people import People
from app.db.review_tables import SparedBlocks
from app.release.authors import Authors
from app.release.block_standing import BlockReview
from app.release.published import ContentRoot


@dataclass(frozen=True)
class Sparing:
    """What is spared of each brand. `serving` gives the content that serves: the version that is published,
    or the folder.
    """

    approvals: BlockApprovals
    serving: Callable[[], ContentRoot]

    def review(self, brand: str) -> BlockReview:
        """The review of a brand's blocks, which is in force once anybody could approve them."""
        row = self.of(brand)
        spared = frozenset(row.hashes) if row is not None else None
        names = People(self.approvals.engine).all_names()
        return BlockReview(self.approvals.given(brand), Authors(names), spared)

    def of(self, brand: str) -> SparedBlocks | None:
        """What is spared of a brand, recorded or not yet; None while nobody could ever approve for it.

        People who got their roles without a record of it spare what is published, and never the folder, whose
        files may have been written since.
        """
        recorded = self.approvals.spared(brand)
        if recorded is not None or not self.approvals.approvers_are_known(brand):
            return recorded
        root = self.serving()
        return _blocks_of(root, brand) if root.version else SparedBlocks(brand=brand, hashes=(), version="")

    def before(self, brand: str, roles: Collection[str]) -> list[SparedBlocks]:
        """What to record when somebody gets roles for a brand, or for all brands: what serves until then.

        Nothing for roles that do not approve, and where it is recorded. Raises ContentError for blocks that
        cannot be read.
        """
        if not {*roles} & {*Approver}:
            return []
        root = self.serving()
        brands = brand_ids(root.path / "brand") if brand == EVERY_BRAND else [brand]
        new = [name for name in brands if self.approvals.spared(name) is None]
        return [self.of(name) or _blocks_of(root, name) for name in new]

    def record(self, rows: Collection[SparedBlocks]) -> None:
        """Record what is spared, where nothing is recorded yet."""
        for row in rows:
            self.approvals.spare(row)


def _blocks_of(root: ContentRoot, brand: str) -> SparedBlocks:
    placed = load_blocks(root.path / "blocks", brand, sealed=False)
    hashes = tuple(item.block.content_hash() for item in placed if not seal_problems(item))
    return SparedBlocks(brand=brand, hashes=hashes, version=root.version)

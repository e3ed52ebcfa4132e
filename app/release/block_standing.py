"""What the approval of a block in blocks/ asks for and has: its tier, the roles, the people."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.blocks.loader import PlacedBlock, seal_problems
from app.brand.review_terms import ReviewTerms
from app.brand.tiers import TIERS, Tiering
from app.db.block_approvals import BlockApprovals
from app.db.review_tables import BlockApproval
from app.errors import Problem
from app.release.content import SlotContent
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary
from app.release.matching import fact_tokens
from app.release.risks import risks_of
from app.release.samples import sample_sheet


@dataclass(frozen=True)
class BlockStanding:
    """One block, and the approvals of its words by people who did not write it."""

    placed: PlacedBlock
    tiering: Tiering
    needed: tuple[str, ...]
    terms: ReviewTerms
    given: tuple[BlockApproval, ...]

    @property
    def by(self) -> tuple[str, ...]:
        """Who approved, the first one first."""
        return tuple(dict.fromkeys(item.by for item in self.given))

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles that have not approved yet."""
        roles = {item.role for item in self.given}
        return tuple(role for role in self.needed if role not in roles)

    @property
    def people_missing(self) -> int:
        """How many more people have to approve."""
        return max(0, self.terms.people - len(self.by))

    @property
    def complete(self) -> bool:
        """Whether everything that the contract asks for is there."""
        return not self.missing and not self.people_missing

    @property
    def recorded(self) -> bool:
        """Whether the file names those who approved, and nobody else."""
        return set(self.placed.block.approval.by) == set(self.by)

    @property
    def lacks(self) -> str:
        """What it lacks, in words; empty when nothing."""
        tier = f"tier {self.tiering.tier.value}"
        if self.missing:
            return f"{tier} asks for an approval by: {', '.join(self.missing)}"
        if self.people_missing:
            return f"{tier} asks for {self.terms.people} people, and {self.people_missing} more"
        others = sorted(set(self.placed.block.approval.by) - set(self.by))
        return f"the file names {', '.join(others)}, of whom no approval is known" if others else ""


@dataclass(frozen=True)
class BlockReview:
    """The approvals of a brand's blocks; they count from the day on which the brand had people for it."""

    since: dt.date
    given: Mapping[str, Sequence[BlockApproval]]

    @classmethod
    def of(cls, approvals: BlockApprovals, brand: str) -> "BlockReview | None":
        """The review of the brand's blocks; None while nobody has a role that approves."""
        since = approvals.people_since(brand)
        return cls(since, approvals.given(brand)) if since is not None else None

    def standing(self, library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> BlockStanding:
        """What the block's approval asks for and has."""
        return standing_of(library, placed, self.given.get(placed.block.id, ()), as_of)

    def problems(self, library: ContentLibrary, as_of: dt.datetime) -> Iterator[Problem]:
        """Sealed blocks, approved after the brand had people for it, that those people did not approve."""
        for placed in library.blocks:
            if placed.block.approval.on > self.since and not seal_problems(placed):
                lacks = self.standing(library, placed, as_of).lacks
                if lacks:
                    words = f"block '{placed.block.id}' is sealed without its approval: {lacks}"
                    hint = f"copydesk blocks approve {placed.block.id}"
                    yield placed.problem(words, hint, "approval", "by")


def standing_of(
    library: ContentLibrary, placed: PlacedBlock, given: Sequence[BlockApproval], as_of: dt.datetime
) -> BlockStanding:
    """What a block's approval asks for and has; approvals of other words do not count."""
    block, contract = placed.block, library.brand.contract
    found = tiering_of(library, placed, as_of)
    words = block.words_hash()
    counting = tuple(
        item for item in given if item.words_hash == words and item.by.casefold() != block.author.casefold()
    )
    tier = found.tier
    return BlockStanding(placed, found, contract.needed(tier), contract.review.terms(tier), counting)


def tiering_of(library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> Tiering:
    """The highest tier of a block in any of its locales, with plausible values for its tokens."""
    found = [_in_locale(library, placed, locale, as_of) for locale in placed.block.locales]
    return max(found, key=lambda item: TIERS.index(item.tier))


def _in_locale(library: ContentLibrary, placed: PlacedBlock, locale: str, as_of: dt.datetime) -> Tiering:
    block = placed.block
    texts = block.copy_.values()
    facts = sample_sheet(fact_tokens(texts), locale, as_of)
    market = locale.rsplit("-", 1)[-1]
    judge = LibraryJudge(library, locale, journey=block.journey, market=market)
    context = judge.context(SlotContent.of_block(block), facts, as_of)
    risks = risks_of(block.kind, texts, context, facts, journey=block.journey or "", market=market)
    return library.brand.contract.tiering(risks)

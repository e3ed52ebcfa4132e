"""What the approval of a block in blocks/ asks for and has: its tier, the roles, the people."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.blocks.approved import ApprovedBlock
from app.blocks.loader import PlacedBlock, seal_problems
from app.brand.brand import Brand
from app.brand.markets import groups, market_of
from app.brand.overlays import View
from app.brand.review_terms import ReviewTerms
from app.brand.tiers import TIERS, Risks, Tiering
from app.db.naming import is_alias
from app.db.review_tables import BlockApproval
from app.errors import Problem
from app.release.authors import Authors
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
        named = set(self.placed.block.approval.by)
        others, erased = sorted(named - set(self.by)), [*filter(is_alias, set(self.by) - named)]
        if len(others) <= len(erased):  # the file still names those whose approvals bear an alias by now
            return ""
        return f"the file names {', '.join(others)}, of whom no approval is known"


@dataclass(frozen=True)
class BlockReview:
    """The approvals of a brand's blocks by people. `spared` are the content hashes of blocks that served
    before anybody could approve for the brand; None while nobody can, and names in the files are all.
    """

    given: Mapping[str, Sequence[BlockApproval]]
    authors: Authors
    spared: frozenset[str] | None

    @property
    def in_force(self) -> bool:
        """Whether the brand has, or had, people who approve."""
        return self.spared is not None

    def standing(self, library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> BlockStanding:
        """What a block's approval asks for and has; approvals of other words do not count."""
        block, contract = placed.block, library.brand.contract
        found, words, wrote = (
            tiering_of(library, placed, as_of),
            block.words_hash(),
            self.authors.wrote(block.author),
        )
        counting = tuple(
            item for item in self.given.get(block.id, ()) if item.words_hash == words and item.by not in wrote
        )
        tier = found.tier
        return BlockStanding(placed, found, contract.needed(tier), contract.review.terms(tier), counting)

    def waiting(self, library: ContentLibrary, as_of: dt.datetime) -> Iterator[BlockStanding]:
        """The blocks that wait for their seal, or are sealed without what their approval asks for."""
        for placed in library.blocks:
            if seal_problems(placed):
                yield self.standing(library, placed, as_of)
            elif self.spared is not None and placed.block.content_hash() not in self.spared:
                standing = self.standing(library, placed, as_of)
                if standing.lacks:
                    yield standing

    def problems(self, library: ContentLibrary, as_of: dt.datetime) -> Iterator[Problem]:
        """Sealed blocks that the brand's people did not approve and that did not serve before it had any."""
        for standing in self.waiting(library, as_of):
            placed = standing.placed
            if not seal_problems(placed):
                words = f"block '{placed.block.id}' is sealed without its approval: {standing.lacks}"
                hint = f"copydesk blocks approve {placed.block.id}"
                yield placed.problem(words, hint, "approval", "by")


def tiering_of(library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> Tiering:
    """The highest tier of a block in any place in which it may serve, with plausible values of its tokens."""
    contract = library.brand.contract
    found = [contract.tiering(risks) for risks in _possible_risks(library, placed, as_of)]
    return max(found, key=lambda item: TIERS.index(item.tier))


def _possible_risks(library: ContentLibrary, placed: PlacedBlock, as_of: dt.datetime) -> Iterator[Risks]:
    """The risks in each locale, of the journeys and markets that are judged alike in the riskiest one."""
    block, tiers = placed.block, library.brand.contract.tiers
    journey = block.journey if block.journey is not None else tiers.riskiest_journey
    for locale in block.locales:
        alike: dict[View, list[str]] = {}
        for market in markets_of(library.brand, locale):
            alike.setdefault(library.localised(locale, market).brand.view, []).append(market)
        for markets in alike.values():
            market = tiers.riskiest_market(markets)
            yield replace(
                _risks_in(library, block, locale, as_of, journey=journey, market=market),
                possible_journey=block.journey is None,
                possible_market=market != market_of(None, locale),
            )


def markets_of(brand: Brand, locale: str) -> list[str]:
    """The markets that copy in a locale may go to: its region, and those that the brand has overlays for or
    its contract names, and that no locale of the brand is for.
    """
    elsewhere = {market_of(None, known) for known in brand.identity.locales}
    named = [*(market for _, market in brand.views if market), *brand.contract.tiers.markets]
    others = [name for name in named if name not in elsewhere and name not in groups()]
    return list(dict.fromkeys([market_of(None, locale), *others]))


def _risks_in(
    library: ContentLibrary,
    block: ApprovedBlock,
    locale: str,
    as_of: dt.datetime,
    *,
    journey: str,
    market: str,
) -> Risks:
    texts = block.copy_.values()
    facts = sample_sheet(fact_tokens(texts), locale, as_of)
    judge = LibraryJudge(library, locale, journey=block.journey, market=market)
    context = judge.context(SlotContent.of_block(block), facts, as_of)
    return risks_of(block.kind, texts, context, facts, journey=journey, market=market)

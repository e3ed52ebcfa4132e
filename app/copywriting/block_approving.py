"""A person approves blocks of blocks/: by their tier, one approver after the other, then the seal."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.blocks.approved import STARTER, Approval
from app.blocks.loader import UNSEALED, PlacedBlock, seal_problems, with_approvals
from app.db.block_approvals import BlockApprovals
from app.db.review_tables import BlockApproval
from app.errors import Conflict, NoneOfThem, NotPermitted
from app.release.block_standing import BlockReview, BlockStanding
from app.release.coverage import refusals
from app.release.library import ContentLibrary
from app.review.situation import Actor
from app.review.turns import roles_now


@dataclass(frozen=True)
class BlockDesk:
    """The blocks of one brand as they lie in the content folder, whatever their seals say."""

    library: ContentLibrary
    blocks_root: Path
    approvals: BlockApprovals
    review: BlockReview

    def waiting(self, as_of: dt.datetime, file: str | None = None) -> list[BlockStanding]:
        """The blocks that wait for an approval or their seal, of all files or of one."""
        found = self.review.waiting(self.library, as_of)
        return [item for item in found if file in (None, item.placed.document.file)]

    def standing(self, placed: PlacedBlock, as_of: dt.datetime) -> BlockStanding:
        """One block with what its approval asks for and has."""
        return self.review.standing(self.library, placed, as_of)

    def approve(
        self,
        standings: Sequence[BlockStanding],
        actor: Actor,
        as_of: dt.datetime,
        *,
        author: str | None = None,
    ) -> list[BlockStanding]:
        """Approve blocks, all or none, in the missing roles that the person has.

        `author` is the address of who wrote them, for blocks whose files do not say who of the known people
        that is. The file names its author and each approver by address; with the last one that the contract
        asks for the hash is written. Raises NoneOfThem with a reason for each block that cannot be approved.
        """
        reasons, ready = [], []
        for standing in standings:
            try:
                ready.append(self._authored(standing, author))
                self._check(ready[-1], actor, as_of, several=len(standings) > 1)
            except (Conflict, NotPermitted) as error:
                hint = f" ({error.hint})" if error.hint else ""
                reasons.append(f"{standing.placed.block.id}: {error.message}{hint}")
        if reasons:
            words = f"{len(reasons)} of {len(standings)} cannot be approved, and none was"
            raise NoneOfThem(words, reasons)
        done = [self._approved(standing, actor, as_of) for standing in ready]
        pairs = [(one.placed, other.placed.block) for one, other in zip(standings, done, strict=True)]
        files = with_approvals(pairs, self.blocks_root)
        for filed, before, after in zip(standings, ready, done, strict=True):
            named = author is not None and self.author_doubt(filed) is not None
            self._keep(before, after, actor, author_named=named)
        for path, data in files.items():  # last: no seal without the approvals that it stands for
            path.write_bytes(data)
        return done

    def _keep(self, before: BlockStanding, after: BlockStanding, actor: Actor, *, author_named: bool) -> None:
        """Store what the person approved; nothing where they only have the hash written."""
        rows = after.given[len(before.given) :]
        author, complete = after.placed.block.author, after.complete
        if rows:
            self.approvals.add(
                rows, actor.person_id, complete=complete, author=author, author_named=author_named
            )

    def author_doubt(self, standing: BlockStanding) -> tuple[str, str] | None:
        """What keeps a block's author from being one person who is known, and what would be right.

        Starter content is nobody's for as long as it is what came with the brand.
        """
        author = standing.placed.block.author
        known = self.review.authors.known(author)
        named = "say who wrote it: --author EMAIL"
        if len(known) == 1:
            return None
        if known:
            return f"several people are called '{author}': {', '.join(sorted(known))}", named
        if author == STARTER:
            as_it_came = standing.given or not seal_problems(standing.placed)
            return None if as_it_came else ("it was changed since it came with the brand", named)
        words = f"its author '{author}' is nobody who is known here"
        return words, f"{named} of somebody added by `copydesk people add`"

    def _authored(self, standing: BlockStanding, author: str | None) -> BlockStanding:
        """The block with its author as the person who is known. Raises Conflict where that is nobody.

        Words that somebody approved already stay as they are: an approval covers the author too.
        """
        block = standing.placed.block
        known = self.review.authors.known(block.author)
        doubt = self.author_doubt(standing)
        if author is not None and known and author not in known:
            raise Conflict(f"its author is {block.author}, not {author}", "leave --author out")
        if author is None and doubt is not None:
            raise Conflict(*doubt)
        email = author or min(known, default=block.author)
        if email == block.author or (standing.given and doubt is None):
            return standing
        renamed = block.model_copy(update={"author": email})
        return replace(standing, placed=replace(standing.placed, block=renamed), given=())

    def _check(self, standing: BlockStanding, actor: Actor, as_of: dt.datetime, *, several: bool) -> None:
        block, tier = standing.placed.block, standing.tiering.tier
        if actor.email in self.review.authors.wrote(block.author):
            raise NotPermitted("you wrote it, and nobody approves what they wrote")
        if several and not standing.terms.several_at_once:
            raise NotPermitted(f"tier {tier.value} is approved one by one: name the block")
        if standing.complete and standing.recorded and not seal_problems(standing.placed):
            raise Conflict("it is approved and sealed already")
        if not standing.complete and not _roles(standing, actor):
            waits = ", ".join(standing.missing or standing.needed)
            again = "you have approved it already, and " if actor.email in standing.by else ""
            raise NotPermitted(f"{again}tier {tier.value} waits for an approval by: {waits}")
        refused = refusals(self.library, standing.placed, as_of)
        if refused:
            raise Conflict("the guardrails refuse it: " + "; ".join(item.message for item in refused))

    @staticmethod
    def _approved(standing: BlockStanding, actor: Actor, as_of: dt.datetime) -> BlockStanding:
        """The block once the person has approved it, with the approval that its file is to record."""
        block = standing.placed.block
        rows = tuple(
            BlockApproval(
                brand=block.brand,
                block_id=block.id,
                words_hash=block.words_hash(),
                by=actor.email,
                role=role,
                tier=standing.tiering.tier,
                at=as_of,
            )
            for role in _roles(standing, actor)
        )
        after = replace(standing, given=(*standing.given, *rows))
        return replace(after, placed=_with(standing.placed, _approval(after, as_of.date())))


def _roles(standing: BlockStanding, actor: Actor) -> tuple[str, ...]:
    """The roles in which the person approves now; none where they have, and another person has to."""
    if not standing.missing and actor.email in standing.by:
        return ()
    return roles_now(
        actor.roles,
        needed=standing.needed,
        missing=standing.missing,
        people_missing=standing.people_missing,
        in_turn=standing.terms.in_turn,
    )


def _approval(standing: BlockStanding, day: dt.date) -> Approval:
    """The approval as the file records it: a hash once it is complete."""
    longest = day + dt.timedelta(days=standing.terms.valid_days)
    given = standing.placed.block.approval.review_by
    review_by = min(given, longest) if given > day else longest
    approval = Approval(by=standing.by, on=day, review_by=review_by, hash=UNSEALED)
    if not standing.complete:
        return approval
    sealed = _with(standing.placed, approval).block.content_hash()
    return approval.model_copy(update={"hash": sealed})


def _with(placed: PlacedBlock, approval: Approval) -> PlacedBlock:
    return replace(placed, block=placed.block.model_copy(update={"approval": approval}))

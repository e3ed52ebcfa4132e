"""Keeps and decides proposals; each method is one short transaction, recorded in the audit."""

import datetime as dt

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from app.db.audit import AuditNote, actor_of, note
from app.db.proposal_tables import Proposal, ProposalSort, ProposalState
from app.db.transactions import Transactions
from app.errors import Conflict, NotFound

MOST = 200
"""Proposals of one page of a list."""


class Proposals(Transactions):
    """The proposals of brands."""

    def keep(self, proposal: Proposal) -> Proposal:
        """Store a new proposal; where the same was proposed before, that one is answered as it stands."""
        with self._write() as session:
            known = _same(session, proposal)
            if known is not None:
                return known
            session.add(proposal)
            _record(session, proposal, proposal.by, "proposal.add")
        return proposal

    def of_brand(
        self, brand: str, state: ProposalState | None = None, *, after: str = "", limit: int = MOST
    ) -> list[Proposal]:
        """A page of the brand's proposals, the newest first: those behind the one with the id `after`.

        Raises NotFound where the brand has no such proposal.
        """
        query = select(Proposal).where(Proposal.brand == brand)
        if state is not None:
            query = query.where(Proposal.state == state)
        with self._read() as session:
            if after:
                query = query.where(_behind(_required(session, after, brand)))
            return list(session.exec(query.order_by(col(Proposal.at).desc(), col(Proposal.id)).limit(limit)))

    def counts(self, brand: str) -> dict[ProposalState, int]:
        """How many proposals of the brand are in each state; a state that none is in is left out."""
        query = select(Proposal.state, func.count()).where(Proposal.brand == brand).group_by(Proposal.state)
        with self._read() as session:
            return {ProposalState(state): count for state, count in session.exec(query)}

    def with_key(self, brand: str, key: str) -> Proposal | None:
        """The brand's proposal of what this is the hash of, decided or not."""
        query = select(Proposal).where(Proposal.brand == brand, Proposal.key == key)
        with self._read() as session:
            return session.exec(query).first()

    def keys(self, brand: str, sort: ProposalSort) -> frozenset[str]:
        """The keys of everything of a sort that was ever proposed."""
        query = select(Proposal.key).where(Proposal.brand == brand, Proposal.sort == sort)
        with self._read() as session:
            return frozenset(session.exec(query))

    def find(self, proposal_id: str, brand: str) -> Proposal:
        """One proposal. Raises NotFound, also for another brand's."""
        with self._read() as session:
            return _required(session, proposal_id, brand)

    def decide(
        self, proposal_id: str, brand: str, state: ProposalState, *, by: str, at: dt.datetime, reason: str
    ) -> Proposal:
        """Accept or decline an open one. Raises NotFound, and Conflict where it is decided already."""
        with self._write() as session:
            found = _required(session, proposal_id, brand)
            if found.state is not ProposalState.OPEN:
                raise Conflict(
                    f"this proposal was {found.state.value} by {found.decided_by} meanwhile",
                    "load the page again",
                )
            found.state, found.decided_by, found.decided_at, found.reason = state, by, at, reason
            session.add(found)
            _record(session, found, by, "proposal.accept" if state is ProposalState.ACCEPTED else _DECLINE)
        return found


_DECLINE = "proposal.decline"


def _same(session: Session, proposal: Proposal) -> Proposal | None:
    query = select(Proposal).where(
        Proposal.brand == proposal.brand, Proposal.sort == proposal.sort, Proposal.key == proposal.key
    )
    return session.exec(query).first()


def _record(session: Session, proposal: Proposal, by: str, action: str) -> None:
    told = {"sort": proposal.sort.value, "key": proposal.key}
    actor = actor_of(session, by)
    note(session, AuditNote(proposal.brand, actor, action, f"proposal {proposal.id}", dict(told)))


def _required(session: Session, proposal_id: str, brand: str) -> Proposal:
    found = session.get(Proposal, proposal_id)
    if found is None or found.brand != brand:
        raise NotFound(f"there is no proposal '{proposal_id}'")
    return found


def _behind(place: Proposal) -> ColumnElement[bool]:
    """What stands behind this one in a list, whatever was added before it meanwhile."""
    same_moment = and_(col(Proposal.at) == place.at, col(Proposal.id) > place.id)
    return or_(col(Proposal.at) < place.at, same_moment)

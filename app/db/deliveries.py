"""Deliveries on their way: who sends which one now, and what became of it.

Whoever claims a delivery holds it for the length of a lease, and nobody else sends it meanwhile. Each webhook
and each address is served by one at a time, and an event waits for the earlier ones with the same subject.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.brand.roles import EVERY_BRAND, PersonRole
from app.db.outbox import Announcement, announce, reachable
from app.db.outbox_tables import Delivery, DeliveryState, Webhook
from app.db.service_tables import Person, RoleGrant
from app.db.tables import new_id
from app.db.transactions import Transactions, repeated

BETWEEN_MAILS = dt.timedelta(minutes=1)
"""What comes for a person within this time of the last mail goes together in the next one."""
MOST_LINES = 50
"""Deliveries in one mail."""
LONGEST_ERROR = 300
_OUTBOX = "outbox"
_NO_MAIL = "this person is disabled, wants no mail, or has no role for the brand any more"
_TURNED_OFF = "the webhook was turned off"


@dataclass(frozen=True)
class Claimed:
    """What is sent at once: one delivery to a webhook, or all that is due for one address."""

    owner: str
    rows: tuple[Delivery, ...]
    webhook: Webhook | None

    @property
    def address(self) -> str:
        """Whom a mail goes to; empty for a webhook."""
        return self.rows[0].address or ""


@dataclass(frozen=True)
class Result:
    """What came of sending. A delivery that goes on `waiting` is due again at `again_at`."""

    state: DeliveryState
    words: str = ""
    """Why it failed, without secrets."""
    again_at: dt.datetime | None = None
    pause: bool = False
    """The webhook is away as a whole: none of its deliveries is tried before."""
    turn_off: bool = False
    """The webhook gets nothing any more, until a test of it is accepted."""


class Deliveries(Transactions):
    """The outbox as its senders see it."""

    def claim(self, at: dt.datetime, lease: dt.timedelta, *, mail: bool = True) -> Claimed | None:
        """Take what is due by `at`, so that nobody else sends it before the lease has run out. Without `mail`
        what goes to people stays where it is.
        """
        with self._read() as session:
            if session.exec(_due(at, mail=mail)).first() is None:
                return None
        return self._claim(at, lease, mail=mail)

    def give_up_mail(self, until: dt.datetime, words: str, at: dt.datetime) -> int:
        """Give up the mail that has waited since `until` and that nobody is sending; how many that is."""
        old = (
            col(Delivery.address).is_not(None),
            col(Delivery.state) == DeliveryState.WAITING,
            col(Delivery.at) <= until,
            _free(at),
        )
        with self._read() as session:
            if session.exec(select(Delivery.id).where(*old).limit(1)).first() is None:
                return 0
        with self._write(_OUTBOX) as session:
            rows = session.exec(select(Delivery).where(*old)).all()
            for row in rows:
                _give_up(row, words, at)
                session.add(row)
        return len(rows)

    @repeated
    def settle(self, claimed: Claimed, results: Sequence[Result], at: dt.datetime) -> bool:
        """Note what came of each row. False when the lease was lost to somebody else, who says it then."""
        with self._write(_OUTBOX) as session:
            held = [
                _settled(session, claimed.owner, *pair, at)
                for pair in zip(claimed.rows, results, strict=True)
            ]
            webhook = session.get(Webhook, claimed.webhook.id) if claimed.webhook and all(held) else None
            if webhook is not None:
                _note(session, webhook, results[0], at)
        return all(held)

    def listed(
        self, *, state: DeliveryState | None = None, brand: str | None = None, limit: int = 100
    ) -> list[Delivery]:
        """Deliveries, newest first."""
        query = select(Delivery)
        if state is not None:
            query = query.where(Delivery.state == state)
        if brand is not None:
            query = query.where(Delivery.brand == brand)
        with self._read() as session:
            return list(session.exec(query.order_by(col(Delivery.number).desc()).limit(limit)))

    @repeated
    def _claim(self, at: dt.datetime, lease: dt.timedelta, *, mail: bool) -> Claimed | None:
        with self._write(_OUTBOX) as session:
            while (first := session.exec(_due(at, mail=mail)).first()) is not None:
                rows = [first] if first.webhook_id else _mail(session, first, at)
                if not rows:
                    continue
                owner = new_id()
                for row in rows:
                    row.owner, row.lease_until, row.tries = owner, at + lease, row.tries + 1
                session.add_all(rows)
                return Claimed(owner, tuple(rows), session.get(Webhook, first.webhook_id or ""))
        return None


def _settled(session: Session, owner: str, row: Delivery, result: Result, at: dt.datetime) -> bool:
    """Write down what came of a row, if it is held by this owner still."""
    waits = result.state is DeliveryState.WAITING
    values = {
        "state": result.state,
        "last_error": result.words[:LONGEST_ERROR],
        "due_at": result.again_at or at,
        "owner": None,
        "lease_until": None,
        "settled_at": None if waits else at,
    }
    ours = (
        col(Delivery.id) == row.id,
        col(Delivery.owner) == owner,
        col(Delivery.state) == DeliveryState.WAITING,
    )
    found = session.execute(update(Delivery).where(*ours).values(**values))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def _free(at: dt.datetime) -> ColumnElement[bool]:
    """Nobody is sending it."""
    return or_(col(Delivery.lease_until).is_(None), col(Delivery.lease_until) <= at)


def _due(at: dt.datetime, *, mail: bool) -> SelectOfScalar[Delivery]:
    """The earliest event of those that may be sent at `at`."""
    takes = or_(_webhook_takes(at), _person_takes(at)) if mail else _webhook_takes(at)
    return (
        select(Delivery)
        .where(
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= at,
            _free(at),
            takes,
        )
        .order_by(col(Delivery.number))
        .limit(1)
    )


def _webhook_takes(at: dt.datetime) -> ColumnElement[bool]:
    """Nothing is on its way to the webhook, and nothing earlier about the subject waits."""
    earlier = aliased(Delivery)
    open_ones = select(Webhook.id).where(
        col(Webhook.disabled_at).is_(None),
        or_(col(Webhook.paused_until).is_(None), col(Webhook.paused_until) <= at),
    )
    other = aliased(Delivery)
    busy = select(other.webhook_id).where(col(other.lease_until) > at, col(other.webhook_id).is_not(None))
    in_the_way = exists().where(
        col(earlier.webhook_id) == Delivery.webhook_id,
        col(earlier.subject) == Delivery.subject,
        col(earlier.number) < col(Delivery.number),
        col(earlier.state) == DeliveryState.WAITING,
    )
    mine = col(Delivery.webhook_id)
    return and_(mine.in_(open_ones), mine.not_in(busy), ~in_the_way)


def _person_takes(at: dt.datetime) -> ColumnElement[bool]:
    """No mail is on its way to the person, and the last one was not just now."""
    other = aliased(Delivery)
    just_now = and_(col(other.state) == DeliveryState.DELIVERED, col(other.settled_at) > at - BETWEEN_MAILS)
    busy = select(other.address).where(
        col(other.address).is_not(None), or_(col(other.lease_until) > at, just_now)
    )
    return and_(col(Delivery.address).is_not(None), col(Delivery.address).not_in(busy))


def _mail(session: Session, first: Delivery, at: dt.datetime) -> list[Delivery]:
    """All that is due for the address of `first` and wanted still; the rest of it is given up."""
    query = (
        select(Delivery)
        .where(
            Delivery.address == first.address,
            Delivery.state == DeliveryState.WAITING,
            Delivery.due_at <= at,
        )
        .order_by(col(Delivery.number))
        .limit(MOST_LINES)
    )
    rows = list(session.exec(query))
    wanted = {
        brand: reachable(session, brand, [first.address or ""]) for brand in {row.brand for row in rows}
    }
    for row in rows:
        if row.address not in wanted[row.brand]:
            _give_up(row, _NO_MAIL, at)
            session.add(row)
    session.flush()
    return [row for row in rows if row.state is DeliveryState.WAITING]


def _give_up(row: Delivery, words: str, at: dt.datetime) -> None:
    row.state, row.last_error, row.settled_at = DeliveryState.GIVEN_UP, words, at
    row.owner = row.lease_until = None


def _note(session: Session, webhook: Webhook, result: Result, at: dt.datetime) -> None:
    """How the webhook stands after this."""
    if result.state is DeliveryState.DELIVERED:
        webhook.failures, webhook.paused_until, webhook.last_error = 0, None, ""
    else:
        webhook.failures += 1
        webhook.last_error = result.words[:LONGEST_ERROR]
        webhook.paused_until = result.again_at if result.pause else webhook.paused_until
    if result.turn_off and webhook.disabled_at is None:
        _turn_off(session, webhook, at)
    session.add(webhook)


def _turn_off(session: Session, webhook: Webhook, at: dt.datetime) -> None:
    webhook.disabled_at = at
    waiting = (col(Delivery.webhook_id) == webhook.id, col(Delivery.state) == DeliveryState.WAITING)
    gone = {"state": DeliveryState.GIVEN_UP, "last_error": _TURNED_OFF, "settled_at": at, "owner": None}
    session.execute(update(Delivery).where(*waiting).values(**gone, lease_until=None))
    session.flush()
    told = Announcement(
        brand=webhook.brand,
        event="webhook.disabled",
        subject=f"webhook {webhook.id}",
        data={"failures": webhook.failures},
        people=tuple(_operators(session, webhook.brand)),
        words=f"A webhook of {webhook.brand} gets nothing any more, since it kept failing: "
        f"{webhook.last_error}. A test of it that is accepted turns it on again.",
    )
    announce(session, told)


def _operators(session: Session, brand: str) -> Sequence[str]:
    """Who may do something about it."""
    roles: Collection[PersonRole] = (PersonRole.BRAND_OWNER, PersonRole.OPERATOR)
    query = (
        select(Person.email)
        .join(RoleGrant, col(RoleGrant.person_id) == Person.id)
        .where(col(RoleGrant.brand).in_((brand, EVERY_BRAND)), col(RoleGrant.role).in_(roles))
        .distinct()
    )
    return session.exec(query.order_by(Person.email)).all()

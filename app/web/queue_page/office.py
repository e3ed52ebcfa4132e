"""What the queue works with: the review desk of this request, and the person as review knows them."""

from app.brand.roles import Approver
from app.caller import Caller
from app.copywriting.desk import Desk
from app.copywriting.reviewing import ReviewDesk
from app.review.situation import Actor
from app.web.visit import Visit

DECIDING = frozenset(role.value for role in Approver)
"""Roles with which one takes and approves; people with other roles see the queue and change nothing in it."""


def office_of(visit: Visit) -> ReviewDesk:
    """The review desk over the service's database, with the content that serves now."""
    service = visit.service
    return ReviewDesk.over(Desk(service.briefs, service.drafts, visit.serving))


def actor_of(caller: Caller, brand: str) -> Actor:
    """The person who is signed in, with their roles for the brand."""
    roles = frozenset(role.value for role in caller.roles(brand))
    return Actor(caller.email, caller.identity.person_id, roles)

"""Who decides in the queue."""

from app.brand.roles import Approver

DECIDING = frozenset(role.value for role in Approver)
"""Roles with which one takes and approves; people with other roles see the queue and change nothing in it."""

"""Which reviews a person wants to see, as plain parameters of an address, and where a page begins."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl, urlencode

from app.brand.tiers import Tier
from app.db.review_queue import GroupedPlace, GroupWanted
from app.db.reviews import QueuePlace
from app.http.errors import InvalidRequest

Who = Literal["", "role", "mine", "nobody"]
"""Names of the group `queue_who` in labels.yaml: everything, what waits for a role that the person has, what
they have taken, what nobody has.
"""
WHO: tuple[Who, ...] = get_args(Who)
_LONGEST = 60


@dataclass(frozen=True)
class Filters:
    """The parameters; empty means any. They are called as people call what they are about."""

    who: str = ""
    brief: str = ""
    kind: str = ""
    audience: str = ""
    language: str = ""
    approvers: str = ""
    """A tier: who must approve."""
    after: str = ""
    """Where the page begins."""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Filters":
        """From the parameters of an address; others are left aside. Raises InvalidRequest."""
        names = [item.name for item in fields(cls)]
        found = cls(**{name: given[name].strip() for name in names if name in given})
        if any(len(getattr(found, name)) > _LONGEST for name in names if name != "after"):
            raise InvalidRequest("a filter is longer than any name", "choose from the lists")
        if found.who not in WHO:
            raise InvalidRequest("there is no such choice of 'who'", f"one of: {', '.join(WHO[1:])}")
        if found.approvers not in ("", *Tier):
            raise InvalidRequest("there is no such choice of 'approvers'", f"one of: {', '.join(Tier)}")
        return found

    @classmethod
    def of_query(cls, query: str) -> "Filters":
        """The same from the query of an address, as forms carry it back."""
        return cls.of(dict(parse_qsl(query)[:20]))

    @property
    def query(self) -> str:
        """As an address has them; empty for none."""
        given = {item.name: getattr(self, item.name) for item in fields(self)}
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return self.first != Filters()

    @property
    def first(self) -> "Filters":
        """The same, for the first page."""
        return replace(self, after="")

    @property
    def without_who(self) -> "Filters":
        """The same for everybody."""
        return replace(self, who="")

    def wanted(self, brand: str, email: str) -> GroupWanted:
        """As the database is asked; whose turn it is has to be looked at one by one."""
        return GroupWanted(
            brand,
            brief=self.brief or None,
            kind=self.kind or None,
            segment=self.audience or None,
            locale=self.language or None,
            tiers=(Tier(self.approvers),) if self.approvers else None,
            assignee={"mine": email, "nobody": ""}.get(self.who),
        )

    @property
    def place(self) -> GroupedPlace | None:
        """Where the page begins. Raises InvalidRequest for what is none of our own marks."""
        if not self.after:
            return None
        try:
            group, own = json.loads(base64.urlsafe_b64decode(self.after))
            return GroupedPlace(_place(*group), _place(*own))
        except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise InvalidRequest("there is no such page of the queue", "begin with the first one") from error

    def behind(self, place: GroupedPlace) -> "Filters":
        """The same, for the page that begins behind a place."""
        parts = [(item.harm, item.due_at.isoformat(), item.id) for item in (place.group, place.own)]
        return replace(self, after=base64.urlsafe_b64encode(json.dumps(parts).encode()).decode())


def _place(harm: Any, due_at: Any, row: Any) -> QueuePlace:
    moment = dt.datetime.fromisoformat(due_at)
    if type(harm) is not int or abs(harm) > 10**6 or not isinstance(row, str) or moment.tzinfo is None:
        raise ValueError("no place")
    return QueuePlace(harm, moment.astimezone(dt.UTC), row)

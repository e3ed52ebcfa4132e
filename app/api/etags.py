"""Revisions as ETags: a change names the one that its maker saw, so that nobody's work is lost unseen."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header

from app.errors import OutOfDate
from app.http.errors import FieldProblem, MalformedRequest, PreconditionMissing

_TAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def etag(revision: int) -> str:
    """The header's value for a revision."""
    return f'"{revision}"'


def known_tag(header: str, tag: str) -> bool:
    """Whether If-None-Match names the tag; a weak one counts as well, as RFC 9110 wants for it."""
    tags = (part.strip().removeprefix("W/") for part in header.split(","))
    return header.strip() == "*" or tag in tags


@dataclass(frozen=True)
class Seen:
    """The revisions that If-Match names; None when the header is missing."""

    revisions: frozenset[int] | None

    def require(self, current: int, what: str) -> int:
        """The current revision. Raises PreconditionMissing without the header, OutOfDate when it names
        another one.
        """
        if self.revisions is None:
            raise PreconditionMissing(
                "the header If-Match is missing",
                f"send the ETag of {what} as you read it, such as If-Match: {etag(current)}",
            )
        return self.allow(current, what)

    def allow(self, current: int, what: str) -> int:
        """The current revision. Raises OutOfDate when the header is there and names another one."""
        if self.revisions is not None and current not in self.revisions:
            shown = ", ".join(map(str, sorted(self.revisions)))
            raise OutOfDate(f"{what} is at revision {current}, not at {shown}", "read it again")
        return current


async def seen_of(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=200,
            description="The ETag of what you read: nothing is changed when it has another revision by now",
        ),
    ] = None,
) -> Seen:
    """What If-Match says. Raises MalformedRequest for a value that is no revision."""
    if if_match is None:
        return Seen(None)
    tags = [part.strip() for part in if_match.split(",")]
    found = [_TAG.fullmatch(tag) for tag in tags]
    if not all(found):
        fault = FieldProblem(
            where="header", field="If-Match", message="names no revision", expected='an ETag as it came, "3"'
        )
        raise MalformedRequest("the header If-Match names no revision", errors=[fault])
    return Seen(frozenset(int(match[1]) for match in found if match))


SeenDep = Annotated[Seen, Depends(seen_of)]

"""Approved content: blocks that people wrote and other people approved, with the hash they approved."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from app.blocks.kind import BlockCopy
from app.blocks.registry import KINDS
from app.manifest import json_bytes, sha256

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
STARTER = "starter content of Copydesk"
"""The author of the blocks that come with a new brand, until somebody makes them the brand's own: nobody."""


class Approval(BaseModel):
    """Who approved which bytes, and when somebody has to look again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: Annotated[tuple[Line, ...], Field(min_length=1)]
    on: dt.date
    review_by: dt.date
    hash: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16}|unsealed)$")]
    """The first 16 hex digits of the content hash; `copydesk blocks approve` writes it."""

    @model_validator(mode="after")
    def _reviewed_later(self) -> "Approval":
        if self.review_by < self.on:
            raise ValueError(f"review_by {self.review_by} lies before the approval of {self.on}")
        return self


class ApprovedBlock(BaseModel):
    """One piece of content that may be sent without a model.

    `journey` None makes it an evergreen block: it may hold no fact and no variable. `message` is the one
    thought it carries; a brief with the same message reuses it. Empty `segments` means any segment. `twin`
    names the block with the same thought for readers whose consent a variable in this one needs and lacks.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    kind: Id
    brand: Id
    journey: Id | None = None
    message: Line | None = None
    locales: Annotated[tuple[str, ...], Field(min_length=1)]
    segments: tuple[Id, ...] = ()
    copy_: Annotated[dict[str, Line], Field(alias="copy", min_length=1)]
    image: Id | None = None
    twin: Id | None = None
    author: Line
    approval: Approval

    @model_validator(mode="after")
    def _somebody_else_approved(self) -> "ApprovedBlock":
        if self.author in self.approval.by:
            raise ValueError(f"'{self.author}' wrote this block and cannot approve it")
        return self

    @property
    def evergreen(self) -> bool:
        """Whether the block belongs to no journey and can stand anywhere at any time."""
        return self.journey is None

    def written_in(self, language: str) -> bool:
        """Whether the copy is in this language, as its locales say."""
        return any(locale.split("-")[0] == language for locale in self.locales)

    @property
    def copy_model(self) -> BlockCopy:
        """The copy as its kind's schema. Raises ValidationError when a field is missing or unknown."""
        return KINDS[self.kind].schema.model_validate(self.copy_)

    def content_hash(self) -> str:
        """Hash of everything that an approval covers: all fields except the recorded hash itself.

        A twin counts where there is one, so that blocks without it keep the hash they were approved with.
        """
        covered = self.model_dump(mode="json", by_alias=True, exclude={"approval": {"hash"}})
        if self.twin is None:
            del covered["twin"]
        return digest(covered)[:16]

    def words_hash(self) -> str:
        """Hash of what approvers read: everything but the approval itself."""
        return digest(self.model_dump(mode="json", by_alias=True, exclude={"approval"}))


def digest(value: object) -> str:
    """SHA-256 in hex of a JSON value with sorted keys and no spaces."""
    return sha256(json_bytes(value))

"""The receipt of a draft: everything that its text and its verdicts came from, so that it can be replayed."""

import datetime as dt

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from app.verdicts.judgements import Judgements
from app.verdicts.reports import GuardReport
from app.verdicts.waivers import Waiver


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Hashes(_Strict):
    """SHA-256 of what was used: brand files, compiled rules, prompt, contract, facts, blocks, brief."""

    brand: str
    rules: str = ""
    prompt: str = ""
    contract: str = ""
    facts: str = ""
    blocks: str = ""
    content: str = ""
    """The published version that served; empty when a folder did."""
    asked: str = Field(default="", exclude_if=lambda value: not value)
    """Of what else the brief says that judging rests on; empty on receipts from before that was kept."""


class Edit(_Strict):
    """One change of the copy by a person: the hash that it replaced, and the one it made."""

    by: str
    at: AwareDatetime
    before: str
    after: str


class Ending(_Strict):
    """Why an approval counts no longer: what was done, by whom, and when."""

    at: AwareDatetime
    by: str
    why: str


class DraftApproval(_Strict):
    """One approval: who, in which role, of which content.

    `values` are hashes of the commercial facts as they were approved, by token name, and `shown` what the
    approver read there; empty for approvals from before that was kept. An approval that has ended stays on
    the receipt and never counts again.
    """

    by: str
    role: str
    at: AwareDatetime
    content_hash: str
    values: dict[str, str] = Field(default_factory=dict)
    shown: dict[str, str] = Field(default_factory=dict, exclude_if=lambda value: not value)
    ended: Ending | None = None

    @property
    def stands(self) -> bool:
        """Whether nothing has ended it."""
        return self.ended is None


class CallHashes(_Strict):
    """One call that led to the copy: SHA-256 of the request as it was sent and of the raw answer."""

    request: str
    answer: str = ""


class Receipt(_Strict):
    """What a draft came from, what judged it, and who touched it since."""

    engine: str
    """Version of Copydesk."""
    hashes: Hashes
    calls: tuple[CallHashes, ...] = ()
    model: str = ""
    seed: int | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    as_of: dt.datetime
    verdicts: GuardReport
    judgements: Judgements | None = Field(default=None, exclude_if=lambda value: value is None)
    """What a model answered that judged the copy; None, and not stored, where no judge was set up."""
    edits: tuple[Edit, ...] = ()
    approvers: tuple[DraftApproval, ...] = ()
    waivers: tuple[Waiver, ...] = Field(default=(), exclude_if=lambda value: not value)
    """What people let pass in this copy; part of what its verdict rests on."""

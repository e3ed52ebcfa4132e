"""A Variant: one filled block kind for one segment."""

from pydantic import BaseModel, ConfigDict

from app.blocks.approved import digest
from app.blocks.registry import KINDS


class Variant(BaseModel):
    """Copy for one slot as it was generated or taken over. `mean_logprob` is per token, natural log."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    segment: str
    locale: str
    copy_fields: dict[str, str]
    model: str = ""
    mean_logprob: float | None = None
    block: str | None = None
    """The ApprovedBlock it was taken from, when it was."""
    author: str = ""
    """Who wrote approved content that was taken over; empty for a model's copy."""

    @property
    def content_hash(self) -> str:
        """Hash of the copy, its kind and its locale."""
        return digest([self.kind, self.locale, self.copy_fields])

    def labelled(self) -> list[tuple[str, str]]:
        """The fields with the names that people know them by."""
        specs = KINDS[self.kind].schema.specs()
        return [(specs[name].label, text) for name, text in self.copy_fields.items()]

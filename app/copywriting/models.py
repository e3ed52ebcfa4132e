"""The base of what copywriting answers: frozen, with known fields only."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Frozen, and without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

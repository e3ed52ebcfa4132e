"""What the models of a brand folder are built from."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
LocaleTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}-[A-Z]{2}$")]


class Strict(BaseModel):
    """Base of everything that is read from a brand folder: unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

"""The one Settings: every knob that an operator has, read from COPYDESK_* variables or a .env file."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent

EMBEDDED = "embedded"
SCRIPTED = "scripted"


def content_root() -> Path:
    """Where brand/, prompts/, blocks/ and examples/ lie: the checkout, or the copy inside the wheel."""
    return CHECKOUT if (CHECKOUT / "prompts").is_dir() else PACKAGE / "_content"


class Settings(BaseSettings):
    """Everything that can be configured, with its meaning and unit."""

    model_config = SettingsConfigDict(env_prefix="COPYDESK_", env_file=".env", extra="ignore", frozen=True)

    content: Path = Field(default_factory=content_root)
    """Folder that holds brand/, prompts/, blocks/ and examples/."""

    database: str = "sqlite:///copydesk.db"
    """Where drafts and decisions are stored, as a database URL."""

    model: str = EMBEDDED
    """`embedded`, `scripted`, or any model name that litellm knows ("openai/gpt-4o-mini")."""

    model_api_base: str | None = None
    """Address of the model's API where it is not the provider's own."""

    model_api_key: SecretStr | None = None
    """Key for the model's API; providers' own variables work as well."""

    model_style: Literal["auto", "small", "capable"] = "auto"
    """How to ask. `auto` is small for the embedded model and capable for every other."""

    model_languages: str = ""
    """Languages that the model writes, such as "en,de"; empty means English only for the embedded model
    and any for others."""

    second_model: str = ""
    """A model to ask when the first one failed for a slot; empty for none."""

    second_model_api_base: str | None = None
    """Address of the second model's API."""

    second_model_api_key: SecretStr | None = None
    """Key for the second model's API."""

    model_call_seconds: float = Field(default=45, gt=0, le=600)
    """The longest that one call may take, in seconds of wall time."""

    model_parallel: int = Field(default=4, ge=1, le=64)
    """Calls in flight at once."""

    breaker_seconds: float = Field(default=60, ge=0, le=3600)
    """How long a model that timed out or refused is left alone."""

    samples: int = Field(default=16, ge=2, le=64)
    """Lines that a small model writes for one field; the best that pass are kept."""

    @field_validator("database")
    @classmethod
    def _supported(cls, value: str) -> str:
        if not value.startswith("sqlite:///"):
            raise ValueError("only sqlite:///<file> is supported in this version")
        if value.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("name a file, as in sqlite:///copydesk.db: drafts have to outlive the command")
        return value

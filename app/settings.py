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

    database: str = Field(default="sqlite:///copydesk.db", repr=False)
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

    environment: Literal["development", "production"] = "development"
    """`production` refuses unsafe settings at start and logs JSON lines."""

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least level that the service logs. No level logs copy, prompts, bodies or keys."""

    body_bytes: int = Field(default=1_000_000, ge=1_000, le=50_000_000)
    """Largest body of a request, in bytes."""

    body_seconds: float = Field(default=30, gt=0, le=600)
    """The longest that a request's body may take to arrive, in seconds."""

    requests_per_minute: int = Field(default=1200, ge=0, le=1_000_000)
    """Requests a minute for each key in each process, on average; 0 for no limit."""

    requests_burst: int = Field(default=200, ge=1, le=1_000_000)
    """Requests that a key may send at once before the average counts."""

    model_requests_per_minute: int = Field(default=60, ge=0, le=1_000_000)
    """Requests a minute for each key that ask a model; 0 for no limit of their own."""

    model_requests_burst: int = Field(default=30, ge=1, le=1_000_000)
    """Requests that ask a model which a key may send at once."""

    in_flight: int = Field(default=200, ge=1, le=100_000)
    """Requests that one process answers at the same time; more get 503 and are asked to come back."""

    allowed_origins: str = ""
    """Origins whose browser pages may call the API, separated by commas ("https://editor.example"); empty
    for none."""

    behind_tls_proxy: bool = False
    """Whether a proxy that ends TLS stands before the service: only then it listens beyond this machine."""

    shutdown_seconds: float = Field(default=30, ge=1, le=600)
    """How long requests in flight may take to finish once the process is told to end, in seconds."""

    @field_validator("database")
    @classmethod
    def _supported(cls, value: str) -> str:
        if not value.startswith("sqlite:///"):
            raise ValueError("only sqlite:///<file> is supported in this version")
        if value.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("name a file, as in sqlite:///copydesk.db: drafts have to outlive the command")
        return value

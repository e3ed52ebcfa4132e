"""The one Settings: every knob that an operator has, read from COPYDESK_* variables or a .env file."""

import importlib.util
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent

EMBEDDED = "embedded"
SCRIPTED = "scripted"
POSTGRES_SCHEMES = ("postgresql", "postgresql+psycopg")
MAIL_SCHEMES = ("smtp", "smtps")
MAIL_ADDRESS = re.compile(r"[^\s@<>,;:\"'\\()\[\]]{1,64}@[a-z0-9.-]{1,190}", re.IGNORECASE)
HOST_ENTRY = re.compile(
    r"((\*\.[a-z0-9_-]+\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:]+\])(:[1-9][0-9]{0,4})?"
)
"""An entry of `webhook_hosts`; a star stands before two labels at least."""


def content_root() -> Path:
    """Where brand/, prompts/, blocks/ and examples/ lie: the checkout, or the copy inside the wheel."""
    return CHECKOUT if (CHECKOUT / "prompts").is_dir() else PACKAGE / "_content"


class Settings(BaseSettings):
    """Everything that can be configured, with its meaning and unit."""

    model_config = SettingsConfigDict(
        env_prefix="COPYDESK_", env_file=".env", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    content: Path = Field(default_factory=content_root)
    """Folder that holds brand/, prompts/, blocks/ and examples/."""

    content_from: Literal["published", "folder"] = "published"
    """What serves: the version that was published last, or always the folder as it is. Before anything is
    published the folder serves in either case."""

    content_cache: Path | None = None
    """Folder in which published versions are laid out as files; by default one under the user's own cache."""

    content_poll_seconds: float = Field(default=1.0, gt=0, le=300)
    """How often a process looks whether another version has to serve, or a file of the folder has changed."""

    retain_calls_days: int = Field(default=400, ge=0, le=36_500)
    """Days after their last use that what was sent to a model and what it answered are kept; 0 for ever. The
    hash of what is pruned stays, with the day."""

    retain_receipts_days: int = Field(default=0, ge=0, le=36_500)
    """The same for what receipts name besides: rules, contract, facts, and files that were never published,
    and for the packages of exports; 0 for ever."""

    retain_deliveries_days: int = Field(default=30, ge=0, le=36_500)
    """Days after its end that a message to a person or a webhook is kept; 0 for ever."""

    database: SecretStr = SecretStr("sqlite:///copydesk.db")
    """Where drafts and decisions are stored: sqlite:///<file>, or
    postgresql://<user>:<password>@<host>:<port>/<database>, which needs the extra `postgres`."""

    migrate_on_start: bool = True
    """Bring the database to this version's schema when it is opened. When off, a database that is behind is
    refused until `copydesk db upgrade` has run."""

    database_pool_size: int = Field(default=10, ge=1, le=500)
    """Connections that a process keeps open."""

    database_pool_overflow: int = Field(default=10, ge=0, le=500)
    """Connections that it may open besides, while all of those are in use."""

    database_pool_seconds: float = Field(default=10, gt=0, le=600)
    """How long a request waits for a free connection, in seconds."""

    database_recycle_seconds: float = Field(default=1800, gt=0, le=86400)
    """Age in seconds at which a connection is replaced when it is next needed."""

    database_connect_seconds: int = Field(default=5, ge=2, le=600)
    """How long opening a connection to Postgres may take, in seconds."""

    database_statement_seconds: float = Field(default=30, ge=0, le=3600)
    """The longest that one statement may take on Postgres, in seconds; 0 for no limit. Migrations, backups
    and `copydesk db check` are not limited."""

    database_lock_seconds: float = Field(default=10, gt=0, le=600)
    """How long a write waits for another one that has the database locked, in seconds."""

    audit_key: Path | None = None
    """File with the private key that signs checkpoints of what people did (docs/audit.md); `copydesk audit
    key new` makes one. Without it no checkpoint is written."""

    audit_checkpoints: Path = Path("audit_checkpoints.jsonl")
    """File that checkpoints are added to: every hour by a running service, when it ends, and by `copydesk
    audit checkpoint`. Keep it where nobody who can write to the database can change it."""

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

    judge_model: str = ""
    """A model that judges copy which every rule passes, as a second opinion on paraphrase; empty for none. It
    can only refuse; where it gives no answer that counts, copy is refused as well."""

    judge_api_base: str | None = None
    """Address of the judge's API."""

    judge_api_key: SecretStr | None = None
    """Key for the judge's API."""

    judge_seconds: float = Field(default=20, gt=0, le=600)
    """The longest that the judge may take for one text, in seconds of wall time."""

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

    fetches_per_minute: int = Field(default=60_000, ge=0, le=10_000_000)
    """Requests for content at the moment of sending, a minute for each key in each process, on average; 0 for
    no limit. They count against no other limit."""

    fetches_burst: int = Field(default=5_000, ge=1, le=10_000_000)
    """Such requests that a key may send at once before the average counts."""

    fetch_deadline_ms: int = Field(default=100, ge=1, le=10_000)
    """How long a request for content may take when it names no deadline of its own, in milliseconds: then the
    evergreen block answers."""

    fetch_cache_seconds: int = Field(default=30, ge=0, le=86_400)
    """The longest that a sender may keep an answer to such a request without asking again, in seconds; 0 lets
    it ask each time."""

    fetch_away_seconds: int = Field(default=3_600, ge=0, le=86_400)
    """How long, while the database does not answer, keys that were used and answers that were given before
    go on counting for such requests, in seconds."""

    in_flight: int = Field(default=200, ge=1, le=100_000)
    """Requests that one process answers at the same time; more get 503 and are asked to come back."""

    idempotency_wait_seconds: float = Field(default=30, ge=0, le=600)
    """How long a request waits for the answer to an earlier one with its Idempotency-Key, before 409."""

    idempotency_lease_seconds: float = Field(default=15, ge=1, le=600)
    """Seconds without a sign of life after which a running request counts as dead, and a repeat runs it."""

    allowed_origins: str = ""
    """Origins whose browser pages may call the API, separated by commas ("https://editor.example"); empty
    for none."""

    behind_tls_proxy: bool = False
    """Whether a proxy that ends TLS stands before the service: only then it listens beyond this machine."""

    public_url: str = ""
    """Where people reach the pages, such as https://copydesk.example; it stands in links of mails and
    commands, and requests under another name are refused. Empty takes the name that requests bring, from this
    machine or from the proxy."""

    session_idle_minutes: int = Field(default=480, ge=1, le=43_200)
    """Minutes without use after which a person has to sign in to the pages again."""

    session_days: int = Field(default=7, ge=1, le=365)
    """Days after which a person has to sign in again however much the pages are used."""

    password_link_minutes: int = Field(default=1440, ge=5, le=43_200)
    """Minutes for which a link to set a password holds; it holds once."""

    oidc_issuer: str = ""
    """Issuer of the OpenID Connect provider that people sign in with, such as https://login.example; empty
    for passwords alone. Only it, and what its discovery document names, is called."""

    oidc_client_id: str = ""
    """What that provider calls this Copydesk. It is to send people back to /sign-in/back."""

    oidc_client_secret: SecretStr | None = None
    """The secret that it gave out for that; none for a public client."""

    oidc_email_domains: str = ""
    """Domains whose addresses count from the provider, separated by commas ("example.com"); empty for all."""

    oidc_seconds: float = Field(default=10, gt=0, le=60)
    """The longest that one call to the provider may take, in seconds."""

    request_seconds: float = Field(default=120, gt=0, le=3600)
    """The longest that a request which asks a model may take, in seconds of wall time: then every slot that
    is still open gets its approved answer."""

    request_variants: int = Field(default=400, ge=1, le=100_000)
    """The most variants that one request may ask for, over all slots, segments and targets."""

    scripted_seconds: float = Field(default=0, ge=0, le=600)
    """How long the scripted model waits before it answers, for rehearsals, in seconds."""

    shutdown_seconds: float = Field(default=30, ge=1, le=600)
    """How long requests in flight may take to finish once the process is told to end, in seconds."""

    webhook_hosts: str = ""
    """Hosts that a webhook may name, separated by commas: "hooks.example.com", "*.example.com" for every name
    below it, "hooks.example.com:8443" for another port than 443. Empty: no webhook can be added."""

    webhook_private_allowed: bool = False
    """Whether such a host may have a private or loopback address, and use http:// on loopback. Link-local and
    metadata addresses are refused in any case."""

    webhook_seconds: float = Field(default=10, gt=0, le=60)
    """The longest that telling a webhook may take, with connecting and its answer, in seconds."""

    smtp_url: SecretStr | None = None
    """The mail server: smtp://<user>:<password>@<host>:587 or smtps://<host>. Empty: mail waits until one
    is set, COPYDESK_NOTIFY_HOURS at most. A password is only sent encrypted, or to this machine."""

    mail_from: str = ""
    """Address that mail comes from, such as "Copydesk <copydesk@example.com>"; needed for mail."""

    notify_tries: int = Field(default=12, ge=1, le=100)
    """How many tries a message to a person or a webhook gets before it is given up."""

    notify_hours: float = Field(default=24, gt=0, le=720)
    """Hours after the event from which on a message is given up that fails or has no mail server to go to."""

    @field_validator("database")
    @classmethod
    def _supported(cls, value: SecretStr) -> SecretStr:
        check_database(value.get_secret_value())
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/")):
            raise ValueError(f"'{value}' is no address of a site, such as https://copydesk.example")
        return value.rstrip("/")

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
            raise ValueError(f"'{value}' is no issuer, such as https://login.example")
        return value.rstrip("/")

    @field_validator("judge_model")
    @classmethod
    def _able(cls, value: str) -> str:
        if value == EMBEDDED:
            raise ValueError("the embedded model is too small to judge; name a capable one, or none")
        return value

    @field_validator("webhook_hosts")
    @classmethod
    def _hosts(cls, value: str) -> str:
        for entry in split_list(value):
            if not HOST_ENTRY.fullmatch(entry.lower()):
                raise ValueError(f"'{entry}' is no host, such as hooks.example.com or *.example.com:8443")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is None or not value.get_secret_value():
            return None
        check_mail_server(value.get_secret_value())
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        name, address = parseaddr(value)
        if value and not (MAIL_ADDRESS.fullmatch(address) and (name + address).isprintable()):
            raise ValueError("write an address, such as Copydesk <copydesk@example.com>")
        return value

    @model_validator(mode="after")
    def _mail_is_complete(self) -> "Settings":
        if self.smtp_url is not None and not self.mail_from:
            raise ValueError("COPYDESK_SMTP_URL needs COPYDESK_MAIL_FROM, the address that mail comes from")
        return self

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: str) -> str:
        for origin in split_list(value):
            parts = urlsplit(origin)
            plain = (
                parts.scheme in ("http", "https") and parts.hostname and not parts.path and not parts.query
            )
            if origin != "*" and not plain:
                raise ValueError(f"'{origin}' is no origin, such as https://editor.example")
        return value


def split_list(value: str) -> list[str]:
    """The entries of a setting that lists several, separated by commas."""
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def check_mail_server(url: str) -> None:
    """Refuse the URL of a mail server that cannot be used. Raises ValueError, whose words never repeat it."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it checks it
    except ValueError:
        raise ValueError(
            "the port has to be a number; write : / ? # @ inside a password as %3A %2F %3F %23 %40"
        ) from None
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname or parts.netloc.count("@") > 1:
        raise ValueError("smtp://<user>:<password>@<host>:<port> and smtps://<host> are known")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("nothing follows the host; write / ? # inside a password as %2F %3F %23")
    if bool(parts.username) != bool(parts.password):
        raise ValueError("a user and a password belong together")


def check_database(url: str) -> None:
    """Refuse a database URL that cannot be used. Raises ValueError, whose words never repeat the URL.

    An URL may hold a password, and one that is written wrongly may hold it anywhere.
    """
    scheme, found, rest = url.partition("://")
    if scheme == "sqlite" and found:
        if not rest.startswith("/") or rest.removeprefix("/") in ("", ":memory:"):
            raise ValueError("name a file, as in sqlite:///copydesk.db: drafts have to outlive the command")
    elif scheme in POSTGRES_SCHEMES and found:
        _check_postgres(url)
    elif scheme == "postgres":
        raise ValueError("begin the URL with postgresql:// in place of postgres://")
    else:
        raise ValueError(
            "sqlite:///<file> and postgresql://<user>:<password>@<host>:<port>/<database> are known"
        )


def _check_postgres(url: str) -> None:
    if url.split("?", maxsplit=1)[0].count("@") > 1:
        raise ValueError("write an @ inside the user name, the password or the database name as %40")
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it checks it
    except ValueError:
        raise ValueError(
            "the port has to be a number; write : / ? # inside a password as %3A %2F %3F %23"
        ) from None
    _check_names(parts)
    if importlib.util.find_spec("psycopg") is None:
        raise ValueError("the driver for Postgres is missing: pip install 'copydesk[postgres]'")


def _check_names(parts: SplitResult) -> None:
    if not parts.path.strip("/"):
        raise ValueError("name the database, as in postgresql://<user>:<password>@<host>:<port>/copydesk")
    if "/" in parts.path.strip("/") or parts.fragment:
        raise ValueError("one name may follow the host; write / ? # inside a password as %2F %3F %23")
    if not parts.hostname and "host=" not in parts.query:
        raise ValueError(
            "name the host, or the folder of its socket: postgresql:///copydesk?host=/run/postgresql"
        )

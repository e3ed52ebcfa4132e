"""Settings that a service must not run with: some nowhere, some outside development only."""

import difflib
import ipaddress
import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from app.errors import UsageError
from app.settings import SCRIPTED, Settings


def check_settings(settings: Settings, host: str, variables: Mapping[str, str] = os.environ) -> None:
    """Refuse to serve with unsafe settings, and with variables that look like a setting and are none.

    Raises UsageError that names every one, with what to do.
    """
    problems = [*_misspelt(variables), *_anywhere(settings, host)]
    if settings.environment != "development":
        problems += _in_production(settings)
    if problems:
        shown = "\n".join(f"  {problem}" for problem in problems)
        raise UsageError(f"the service does not start with these settings:\n{shown}", _HINT)


_HINT = "docs/settings.md explains each; COPYDESK_ENVIRONMENT=development allows more on your own machine"


def _misspelt(variables: Mapping[str, str]) -> Iterator[str]:
    """A setting whose name is written wrongly has no effect at all, which nobody would see."""
    known = [f"COPYDESK_{name.upper()}" for name in Settings.model_fields]
    for name in sorted(variables):
        near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.87)
        if near and name.upper() not in known and name.upper().startswith("COPYDESK_"):
            yield f"{name}: there is no such setting; did you mean {near[0]}?"


def _anywhere(settings: Settings, host: str) -> Iterator[str]:
    if not is_loopback(host) and not settings.behind_tls_proxy:
        yield (
            f"--host {host}: beyond this machine keys would travel unencrypted; put a proxy that ends TLS "
            "before the service and set COPYDESK_BEHIND_TLS_PROXY=true, or use 127.0.0.1"
        )


def _in_production(settings: Settings) -> Iterator[str]:
    if SCRIPTED in (settings.model, settings.second_model):
        yield "COPYDESK_MODEL: 'scripted' answers from a file and is for trying out; name a real model"
    if settings.judge_model == SCRIPTED:
        yield "COPYDESK_JUDGE_MODEL: 'scripted' answers from a file and is for trying out; name a real model"
    if "*" in settings.allowed_origins:
        yield "COPYDESK_ALLOWED_ORIGINS: '*' lets every page on the web call the API; list your own origins"
    if settings.log_level == "debug":
        yield "COPYDESK_LOG_LEVEL: 'debug' is for development; choose info, warning or error"
    for name in ("requests_per_minute", "model_requests_per_minute"):
        if getattr(settings, name) == 0:
            yield f"COPYDESK_{name.upper()}: without a limit one key can use up the service; set one"
    database = urlsplit(settings.database.get_secret_value())
    elsewhere = any(name in database.query for name in ("passfile", "service", "host=/"))
    if not database.scheme.startswith("sqlite") and not database.password and not elsewhere:
        yield "COPYDESK_DATABASE: the URL has no password; give the database's user one"
    for name in ("model", "second_model", "judge"):
        base = getattr(settings, f"{name}_api_base")
        if base and urlsplit(base).scheme == "http" and not is_loopback(urlsplit(base).hostname or ""):
            yield f"COPYDESK_{name.upper()}_API_BASE: prompts and the key would travel unencrypted; use https"


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

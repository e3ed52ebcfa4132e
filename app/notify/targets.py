"""The URLs that a webhook may have: https, without a user in it, on a host that the operator listed."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import UsageError
from app.settings import Settings, split_list

LONGEST_URL = 500
MOST_EVENTS = 20
_PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_IPV6 = re.compile(r"[0-9a-f:.]{2,45}")
_PRINTABLE = re.compile(r"[!-~]+")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVENT = re.compile(r"\*|[a-z][a-z_]{0,40}\.(\*|[a-z][a-z_]{0,50})")


@dataclass(frozen=True)
class Target:
    """Where a webhook is sent, read once: what is checked is what is connected to."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""


@dataclass(frozen=True)
class Allowed:
    """What the operator allows."""

    hosts: tuple[str, ...]
    private: bool

    @classmethod
    def by(cls, settings: Settings) -> "Allowed":
        """As the settings say."""
        hosts = tuple(entry.lower() for entry in split_list(settings.webhook_hosts))
        return cls(hosts, settings.webhook_private_allowed)

    def target(self, url: str) -> Target:
        """Where the URL leads. Raises UsageError for one that a webhook may not have."""
        target = _read(url)
        if target.scheme == "http" and not (self.private and target.host in _LOOPBACK):
            raise UsageError(
                "a webhook's URL begins with https://", "what is sent must not be read on its way"
            )
        if not any(_matches(entry, target) for entry in self.hosts):
            where = target.host if target.port == _PORTS["https"] else f"{target.host}:{target.port}"
            raise UsageError(
                f"'{where}' is no host that webhooks may name",
                "the operator lists hosts in COPYDESK_WEBHOOK_HOSTS",
            )
        return target


def checked_events(events: tuple[str, ...]) -> tuple[str, ...]:
    """The events in order, each once. Raises UsageError for what names none."""
    if not events or len(events) > MOST_EVENTS:
        raise UsageError(f"a webhook wants 1 to {MOST_EVENTS} events", "such as draft.approved, or draft.*")
    for event in events:
        if not _EVENT.fullmatch(event):
            raise UsageError(f"'{event}' names no event", "such as draft.approved, draft.*, or * for all")
    return tuple(sorted(set(events)))


def _read(url: str) -> Target:
    if len(url) > LONGEST_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise UsageError(
            f"a webhook's URL has at most {LONGEST_URL} characters of ASCII and no spaces",
            "write other characters as %XX, and a host's name as xn--...",
        )
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise UsageError("the URL cannot be read", "such as https://hooks.example.com/copydesk") from error
    if parts.scheme not in _PORTS:
        raise UsageError("a webhook's URL begins with https://", "such as https://hooks.example.com/copydesk")
    if "@" in parts.netloc:
        raise UsageError("a webhook's URL holds no user and no password", "messages are signed instead")
    if "#" in url:
        raise UsageError("a webhook's URL has no part after #", "it would never be sent")
    if not (_HOST.fullmatch(host) or (":" in host and _IPV6.fullmatch(host))) or port == 0:
        raise UsageError("the URL names no host", "such as https://hooks.example.com/copydesk")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def _matches(entry: str, target: Target) -> bool:
    """Whether an entry of the list names the target's host and port; without a port it means 443."""
    name, _, port = entry.rpartition(":") if re.search(r"[^:]:[0-9]+$|\]:[0-9]+$", entry) else (entry, "", "")
    if int(port or _PORTS["https"]) != target.port:
        return False
    if name.startswith("*."):
        return target.host.endswith(name[1:]) and len(target.host) > len(name) - 1
    return name.strip("[]") == target.host

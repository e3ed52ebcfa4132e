"""Refuses every name look-up and connection that leaves this machine, and keeps a list of what was refused.

It is an audit hook: it sees the calls of every library, and nothing can take it off. Python imports a module
of this name when it starts, so Python processes that a test starts are guarded too, through PYTHONPATH.
"""

import ipaddress
import os
import sys
from typing import Any

LOCAL_NAMES = ("", "localhost", "localhost.localdomain", "ip6-localhost")
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
SENDS = ("socket.connect", "socket.sendto", "socket.sendmsg")
INTERNET_FAMILIES = (2, 10, 23, 30)  # AF_INET, and AF_INET6 on Linux, Windows and macOS

refused: list[str] = []


class NetworkRefused(RuntimeError):
    """A test, or something that it started, tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether `host` is this machine, said by name or by loopback address."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if not isinstance(name, str):
        return name is None
    if name.lower() in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _target(event: str, arguments: tuple[Any, ...]) -> object:
    """The host that the call behind `event` is about; None when it is about no other host."""
    if event in LOOK_UPS:
        return arguments[0]
    if event in SENDS and int(arguments[0].family) in INTERNET_FAMILIES and isinstance(arguments[1], tuple):
        return arguments[1][0]
    return None


def refuse_other_machines(event: str, arguments: tuple[Any, ...]) -> None:
    """The audit hook itself."""
    if not event.startswith("socket."):
        return
    host = _target(event, arguments)
    if is_local(host):
        return
    test = os.environ.get("PYTEST_CURRENT_TEST", "outside any test")
    refused.append(f"{event} {host!r}")
    message = f"{event} to {host!r} refused: tests reach nothing but this machine ({test})"
    raise NetworkRefused(message)


if os.environ.get("COPYDESK_TEST_OFFLINE") == "1":
    sys.addaudithook(refuse_other_machines)

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from tests.set_up.offline import sitecustomize as offline

ELSEWHERE = "203.0.113.1"  # an address for documentation: nobody has it


def connect() -> None:
    with socket.socket() as client:
        client.connect((ELSEWHERE, 80))


def send() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"", (ELSEWHERE, 53))


@pytest.mark.parametrize(
    "call",
    [
        lambda: socket.getaddrinfo("example.com", 80),
        lambda: socket.gethostbyname("example.com"),
        lambda: socket.create_connection((ELSEWHERE, 80), timeout=1),
        connect,
        send,
    ],
    ids=["getaddrinfo", "gethostbyname", "create_connection", "connect", "sendto"],
)
def test_another_machine_is_refused_with_the_name_of_the_test(
    call: Callable[[], object], refused_connections: list[str]
) -> None:
    with pytest.raises(offline.NetworkRefused, match="test_another_machine_is_refused"):
        call()
    assert len(refused_connections) == 1
    refused_connections.clear()


def test_an_attempt_in_a_thread_that_swallows_the_error_is_still_known(
    refused_connections: list[str],
) -> None:
    def telemetry() -> None:
        try:
            socket.getaddrinfo("example.com", 443)
        except offline.NetworkRefused:
            return

    thread = threading.Thread(target=telemetry)
    thread.start()
    thread.join()
    assert refused_connections == ["socket.getaddrinfo 'example.com'"]
    refused_connections.clear()


def test_a_python_process_that_a_test_starts_is_guarded_too() -> None:
    code = "import socket; socket.getaddrinfo('example.com', 80)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "NetworkRefused" in done.stderr
    assert "test_a_python_process_that_a_test_starts" in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host: str) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection((host, server.getsockname()[1]), timeout=5) as client,
    ):
        assert client.getpeername()[0] == "127.0.0.1"


def test_what_is_local() -> None:
    assert all(offline.is_local(host) for host in (None, "", b"localhost", "::1", "127.8.9.1", "::1%lo"))
    assert not any(
        offline.is_local(host) for host in ("0.0.0.1", "10.0.0.1", "localhost.example", b"host", 7)
    )


def test_libraries_are_told_to_stay_quiet() -> None:
    names = ("LITELLM_LOCAL_MODEL_COST_MAP", "OTEL_SDK_DISABLED", "GUARDRAILS_RUN_SYNC")
    assert [os.environ[name] for name in names] == ["True", "true", "true"]

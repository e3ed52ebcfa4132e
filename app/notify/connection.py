"""One POST to a webhook: the name is resolved once, every address of it is checked, and the connection goes
to a checked one. TLS is verified for the name. Redirects are not followed, and proxies of the environment do
not count.
"""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import httpcore

from app.notify.addresses import is_loopback, refusal
from app.notify.targets import Target

CONNECT_SECONDS = 5.0
MOST_ANSWER = 16_384
"""Bytes of an answer that are read, and thrown away."""


class NotSent(Exception):
    """No answer came. The words say why, without secrets."""


def resolved(host: str, port: int) -> list[str]:
    """The addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def post(
    target: Target,
    headers: Mapping[str, str],
    body: bytes,
    *,
    trust: ssl.SSLContext | None,
    seconds: float,
    private_allowed: bool,
) -> tuple[int, Mapping[str, str]]:
    """Send it, and return the answer's status and headers. `trust` says which certificates are accepted;
    plain http needs none. Raises NotSent.
    """
    backend = _Checked(private_allowed, plain=target.scheme == "http", seconds=seconds)
    url = httpcore.URL(
        scheme=target.scheme, host=target.host, port=target.port, target=target.path.encode("ascii")
    )
    try:
        with (
            httpcore.ConnectionPool(ssl_context=trust, network_backend=backend, retries=0) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as answer,
        ):
            read = 0
            for chunk in answer.iter_stream():
                read += len(chunk)
                if read > MOST_ANSWER:
                    break
            names = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
            }
            return answer.status, names
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise NotSent(f"no complete answer within {seconds:g} seconds") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise NotSent(_words(error)) from error


def _words(error: BaseException) -> str:
    """What went wrong, from the error or what caused it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not accepted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return "no encrypted connection could be made"
        if isinstance(cause, ConnectionRefusedError):
            return "nobody listens there"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.ProtocolError):
        return "it did not answer in HTTP"
    return "the connection failed"


class _Checked(httpcore.NetworkBackend):
    """Connects to addresses that were checked, and ends everything at one moment."""

    def __init__(self, private_allowed: bool, *, plain: bool, seconds: float) -> None:
        self._private_allowed = private_allowed
        self._plain = plain
        self._ends = time.monotonic() + seconds
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve the name, once, and connect to the first address that answers. Raises NotSent."""
        try:
            addresses = resolved(host, port)
        except (OSError, UnicodeError) as error:
            raise NotSent("its name cannot be resolved") from error
        for address in addresses:
            why = refusal(address, private_allowed=self._private_allowed)
            if self._plain and not why and not is_loopback(address):
                why = "without https only this machine is reached"
            if why:
                raise NotSent(f"nothing is sent to {address}: {why}")
        return self._connected(addresses, port)

    def _connected(self, addresses: list[str], port: int) -> httpcore.NetworkStream:
        failed: Exception = httpcore.ConnectError("no address")
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(address, port, timeout=min(CONNECT_SECONDS, self.left()))
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _Bounded(stream, self.left)
        raise failed

    def left(self) -> float:
        """Seconds until the end. Raises TimeoutError when it has come."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Bounded(httpcore.NetworkStream):
    """A stream whose every step ends with the whole."""

    def __init__(self, stream: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._stream = stream
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

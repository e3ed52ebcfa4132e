"""Several server processes behind one port: `copydesk serve --workers`.

The first process serves nothing. It starts the others, starts another one where one dies, hands SIGTERM and
SIGINT on, and ends when they have ended. Each of the others has a socket of its own on the same port, among
which the kernel divides new connections, and a pipe by which it knows that the first process is gone.
"""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType

import structlog

from app.errors import UsageError

YOUNG_SECONDS = 5.0
"""A process that ends by itself sooner than this probably cannot start at all."""
YOUNG_IN_A_ROW = 3
"""After so many of them nothing more is tried."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT)

log = structlog.get_logger("app.workers")


def listeners(
    listen: Callable[[str, int], socket.socket], host: str, port: int, count: int, backlog: int
) -> list[socket.socket]:
    """A listening socket for each process, all on one port; what `listen` makes is the first try, which finds
    a port that is taken. Raises UsageError.
    """
    if not hasattr(socket, "SO_REUSEPORT") or not hasattr(os, "fork"):
        raise UsageError("--workers needs a system on which processes can share a port", "leave it out")
    first = listen(host, port)
    address = first.getsockname()
    first.close()
    found: list[socket.socket] = []
    for _ in range(count):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        found.append(listener)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            listener.bind(address)
            listener.listen(backlog)
        except OSError as error:
            for opened in found:
                opened.close()
            raise UsageError(f"cannot listen on {host}, port {port}: {error.strerror}") from error
    return found


class Workers:
    """One process for each of `sockets`. `run` serves on one of them, until a signal ends it or the pipe that
    it is given can be read, and returns the exit status.
    """

    def __init__(self, sockets: Sequence[socket.socket], run: Callable[[socket.socket, int], int]) -> None:
        self._sockets = sockets
        self._run = run
        self._places: dict[int, int] = {}
        """Which socket each process has, by process id."""
        self._started: dict[int, float] = {}
        self._pipe = os.pipe()
        self._ending = False
        self._failed = False

    def supervise(self) -> int:
        """Start all, and return once all have ended: 0 after an orderly end, else 1."""
        before = {number: signal.signal(number, self._hand_on) for number in _SIGNALS}
        try:
            for place in range(len(self._sockets)):
                self._start(place)
            self._wait()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            for end in self._pipe:
                os.close(end)
        return int(self._failed)

    def _start(self, place: int) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # none may come before the process is known
        try:
            if self._ending:
                return
            child = os.fork()
            if child == 0:
                self._serve(place)
            self._places[child] = place
            self._started[child] = time.monotonic()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _serve(self, place: int) -> None:
        """What a new process does; it never returns."""
        status = 1
        try:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            gone, held = self._pipe
            os.close(held)
            for other, listener in enumerate(self._sockets):
                if other != place:
                    listener.close()
            status = self._run(self._sockets[place], gone)
        except BaseException as error:  # noqa: BLE001 - there is nobody above to tell
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            sys.stderr.flush()
            os._exit(status)

    def _wait(self) -> None:
        young = 0
        while self._places:
            child, status = os.wait()
            place = self._places.pop(child, None)
            if place is None:
                continue
            lived = time.monotonic() - self._started.pop(child)
            if self._ending:
                self._failed = self._failed or status != 0
                continue
            young = young + 1 if lived < YOUNG_SECONDS else 0
            if young >= YOUNG_IN_A_ROW:
                log.error("server processes end as soon as they start")
                self._failed = True
                self._hand_on(signal.SIGTERM, None)
                continue
            log.error("a server process ended, another takes its place", status=status)
            self._start(place)

    def _hand_on(self, number: int, _frame: FrameType | None) -> None:
        """The first signal ends all in order as SIGTERM does: a terminal's Ctrl+C has reached them too."""
        again = self._ending and number == signal.SIGINT
        self._ending = True
        for child in self._places:
            os.kill(child, signal.SIGINT if again else signal.SIGTERM)

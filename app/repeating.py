"""One thing done again and again in a thread of its own, beside the requests."""

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)


class Repeating:
    """Calls `action` every `seconds` until it is closed. A fault in it is logged, and the next call comes."""

    def __init__(self, action: Callable[[], object], seconds: float, name: str) -> None:
        self._action = action
        self._seconds = seconds
        self._name = name
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> "Repeating":
        """Begin; the first call comes after `seconds`."""
        self._thread.start()
        return self

    def close(self) -> None:
        """End it; a call in progress is finished first."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self._action()
            except Exception as error:  # noqa: BLE001 - the thread outlives any fault of what it calls
                log.error("background work failed", work=self._name, error=type(error).__qualname__)

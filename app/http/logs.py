"""Logs: JSON lines in production, readable lines in development, and nothing in them that people wrote.

Our own lines hold names, numbers and ids only. Lines of libraries may quote what they worked on, so that of
most of them only the place and the level are kept; of a few the first line, whose texts are known.
"""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

QUOTED = ("uvicorn.error",)
"""Loggers of libraries whose messages are fixed texts with numbers."""
MOST_CHARS = 200
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def configure_logs(level: str, *, json_lines: bool, stream: TextIO | None = None) -> None:
    """Send all logs of this process, ours and those of libraries, to `stream` (standard error by default)."""
    target = stream or sys.stderr
    number = _LEVELS[level]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        processors=_processors(json_lines=json_lines, colors=target.isatty()),
        cache_logger_on_first_use=True,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(max(number, logging.WARNING))
    for name in QUOTED:
        logging.getLogger(name).setLevel(max(number, logging.INFO))
    logging.captureWarnings(True)
    threading.excepthook = _on_thread_exception
    sys.unraisablehook = _on_unraisable


def configure_command_logs(level: str, *, json_lines: bool) -> None:
    """Send our logs to what is standard error at that moment: a command's standard output is its answer."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        processors=_processors(json_lines=json_lines, colors=sys.stderr.isatty()),
        cache_logger_on_first_use=False,
    )


def _processors(*, json_lines: bool, colors: bool) -> list[Any]:
    """From an event to its line."""
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _line if json_lines else structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=0),
    ]


_ENCODED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
"""Made once: `json.dumps` with options makes an encoder for each line."""


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    return _ENCODED(event)


def trace_of(error: BaseException) -> list[str]:
    """The types and places of an exception and of its causes. Messages are left out: they may quote copy."""
    return list(_trace(error))


def _trace(error: BaseException) -> Iterator[str]:
    found: BaseException | None = error
    for _ in range(8):
        if found is None:
            return
        yield type(found).__qualname__
        for frame in traceback.extract_tb(found.__traceback__)[-12:]:
            yield f"  {frame.filename}:{frame.lineno} {frame.name}"
        found = found.__cause__ or found.__context__


class _Libraries(logging.Handler):
    """What libraries log, through our own logger."""

    def __init__(self) -> None:
        super().__init__()
        self._log = structlog.get_logger("library")

    def emit(self, record: logging.LogRecord) -> None:
        given: dict[str, Any] = {"logger": record.name}
        if record.name in QUOTED:
            event = record.getMessage().partition("\n")[0][:MOST_CHARS]
        else:
            event = "a library's message, left out"
            given["place"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            given["trace"] = trace_of(record.exc_info[1])
        self._log.log(record.levelno, event, **given)


def _on_thread_exception(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None:
        structlog.get_logger("app").error("a thread ended by an exception", trace=trace_of(given.exc_value))


def _on_unraisable(given: "sys.UnraisableHookArgs") -> None:
    if given.exc_value is not None:
        structlog.get_logger("app").error("an exception nobody could catch", trace=trace_of(given.exc_value))


def on_crash(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """The last words of a process that ends by an exception nobody expected."""
    structlog.get_logger("app").error("ended by an exception", error=kind.__qualname__, trace=trace_of(error))

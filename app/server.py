"""`copydesk serve`: builds the Service from the settings and answers until it is told to end.

Start is quick, since what is slow to import is left to `Service.warm_up` after readiness. On SIGTERM or
SIGINT the process takes no new connections, tells what runs to come to its end, waits for that up to
`shutdown_seconds`, and closes models and database. A second SIGINT ends it at once.
"""

import asyncio
import contextlib
import errno
import gc
import logging
import math
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Generator
from functools import partial
from typing import NoReturn

import structlog
import uvicorn
from starlette.types import ASGIApp

from app.api.app import create_api, serves
from app.api.protocol import GuardedProtocol
from app.checkpoints import check_key, keep_checkpoint
from app.contents import open_contents, open_publisher, prune
from app.copywriting.desk import Desk
from app.copywriting.review_clock import Swept, sweep
from app.copywriting.reviewing import ReviewDesk
from app.db.audit import CLOCK
from app.db.briefs import Briefs
from app.db.drafts import Drafts
from app.db.health import Pulse
from app.db.kept_answers import KeptAnswers
from app.db.people import People
from app.errors import UsageError
from app.http.dispatch import Dispatch
from app.http.logs import configure_logs, on_crash
from app.http.safety import check_settings
from app.language_models import check_model_names
from app.main import build_generation, open_settings_store, version
from app.notify.sender import Sender
from app.release.serving import watching
from app.repeating import Repeating
from app.service import Draining, Service
from app.settings import Settings
from app.web.app import create_web
from app.workers import Workers, listeners

BACKLOG = 512
KEEP_ALIVE_SECONDS = 30
PRUNE_SECONDS = 3_600.0
NOTIFY_SECONDS = 1.0
NOTIFY_AT_MOST_SECONDS = 5.0
"""After which a sender begins no other message, so that a process that is to end need not wait long."""
SENDERS = 2
"""Threads that send, so that a slow receiver does not keep all others waiting."""
CHECKPOINT_SECONDS = 3_600.0
DEADLINE_SECONDS = 60.0
"""How often each process looks for reviews whose deadline is near or has passed."""
log = structlog.get_logger("app.server")


def build_service(settings: Settings) -> Service:
    """The Service that the settings describe. Raises StorageError."""
    store = open_settings_store(settings)
    generation = build_generation(settings, store)
    contents = open_contents(settings, store, production=settings.environment == "production")

    def warm_up() -> None:
        try:
            check_model_names(settings)
        except UsageError as error:
            log.error("the model cannot be used", problem=error.message, hint=error.hint)
        for fault in contents.now().prompts.judge_problems() if settings.judge_model else ():
            log.error("the judge cannot be asked", problem=str(fault))
        generation.warm_up(contents.now().libraries.serving.values())
        gc.collect()
        gc.freeze()  # what is loaded by now stays: the collector need not go through it again and again
        log.info("warmed up")

    return Service(
        settings=settings,
        store=store,
        briefs=Briefs(store.engine),
        drafts=Drafts(store.engine),
        people=People(store.engine),
        kept=KeptAnswers(store.engine),
        pulse=Pulse(store.engine),
        contents=contents,
        generation=generation,
        version=version(),
        publisher=open_publisher(settings, store) if settings.content_from != "folder" else None,
        warm_up=warm_up,
        close=generation.close,
    )


def create_app(service: Service) -> ASGIApp:
    """The API and the pages, as one application. Raises ContentError for missing words of the pages."""
    return Dispatch(create_api(service), create_web(service), serves)


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    workers: int = 1,
    create: Callable[[Service], ASGIApp] = create_app,
) -> int:
    """Answer requests until a signal ends it; returns the exit status. `create` makes the application, in
    each of `workers` processes.

    Raises UsageError for unsafe settings and for an address that cannot be had, StorageError for a
    database that cannot be opened.
    """
    check_settings(settings, host)
    check_key(settings)
    if workers == 1:
        with contextlib.closing(_listen(host, port)) as listener:
            return _serve_on(settings, create, listener)
    open_settings_store(settings).close()  # made and migrated by one process, and refused before any starts
    configure_logs(settings.log_level, json_lines=settings.environment == "production")
    with contextlib.ExitStack() as stack:
        sockets = listeners(_listen, host, port, workers, BACKLOG)
        for listener in sockets:
            stack.enter_context(listener)
        return Workers(sockets, partial(_serve_on, settings, create)).supervise()


def keep_deadlines(service: Service) -> Swept:
    """Remind people of deadlines that are near, and end the reviews whose deadline has passed.

    Each process does this: every change names the revision that it saw, so that one of them wins.
    """
    desk = Desk(service.briefs, service.drafts, service.contents.now())
    return sweep(ReviewDesk.over(desk), service.clock())


def leave(status: int) -> NoReturn:
    """End the process. A thread that is still warming up cannot be ended by the interpreter's own end: where
    it is inside a library in C++, that aborts the process. Everything is closed by now, so it just stops.
    """
    if any(thread.daemon and thread.is_alive() for thread in threading.enumerate()):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def _serve_on(
    settings: Settings,
    create: Callable[[Service], ASGIApp],
    listener: socket.socket,
    alone: int | None = None,
) -> int:
    """Answer what comes to a socket. `alone` can be read once the process that started this one is gone."""
    service = build_service(settings)
    configure_logs(settings.log_level, json_lines=settings.environment == "production")
    sys.excepthook = on_crash
    beside = [
        watching(service.contents, settings.content_poll_seconds).start(),
        Repeating(partial(prune, settings, service.store, actor=CLOCK), PRUNE_SECONDS, "retention").start(),
        *_senders(settings, service),
        Repeating(partial(keep_deadlines, service), DEADLINE_SECONDS, "deadlines").start(),
    ]
    if settings.audit_key is not None:
        signing = partial(keep_checkpoint, settings, service.store)
        beside.append(Repeating(signing, CHECKPOINT_SECONDS, "checkpoint").start())
    try:
        server = _Server(_config(settings, create(service)), service.draining, alone)
        gc.freeze()
        gc.enable()
        server.run(sockets=[listener])
    finally:
        for work in beside:
            work.close()
        keep_checkpoint(settings, service.store)
        service.store.close()
    return 0 if server.started else 1


def _senders(settings: Settings, service: Service) -> list[Repeating]:
    """What tells people and webhooks beside the requests."""
    send = partial(Sender(settings, service.store.engine).send_due, NOTIFY_AT_MOST_SECONDS)
    return [Repeating(send, NOTIFY_SECONDS, f"notify-{number}").start() for number in range(SENDERS)]


def _config(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="uvloop",
        http=GuardedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=math.ceil(settings.shutdown_seconds),
    )


def _listen(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that a taken port is told before anything else is done."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Taken ports are only told here where another process listens already.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError(
                f"port {port} of {host} is taken", "end what listens there, or choose --port"
            ) from error
        raise UsageError(
            f"cannot listen on {host}, port {port}: {error.strerror}", "choose --host, --port"
        ) from error
    return listener


class _Server(uvicorn.Server):
    """uvicorn's server, which tells the service that it is ending and ends with status 0."""

    def __init__(self, config: uvicorn.Config, draining: Draining, alone: int | None = None) -> None:
        super().__init__(config)
        self._draining = draining
        self._alone = alone

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say where."""
        await super().startup(sockets)
        for listener in sockets or ():
            host, port, *_ = listener.getsockname()
            shown = f"[{host}]" if ":" in host else host
            log.info("listening", url=f"http://{shown}:{port}")

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """End on SIGTERM and SIGINT; uvicorn's own would raise the signal again after an orderly end."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end, number)
        if self._alone is not None:
            loop.add_reader(self._alone, self._left_alone)
        try:
            yield
        finally:
            if self._alone is not None:
                loop.remove_reader(self._alone)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _left_alone(self) -> None:
        """End in order: nobody would do it later."""
        if self._alone is not None:
            asyncio.get_running_loop().remove_reader(self._alone)
        log.error("the process that started this one is gone")
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self.should_exit and number is signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
        self._draining.begin()
        log.info("ending", signal=number.name)

"""How long a request may ask models: its own limit, the operator's, and the end of the process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from app.generation.cutoff import Cutoff
from app.service import Service
from app.verdicts.decisions import Reason

STORING_SECONDS = 3.0
"""What is kept of the time for shutting down, to store the approved answers and to send them."""


@contextlib.asynccontextmanager
async def deadline(service: Service, seconds: float | None = None) -> AsyncIterator[Cutoff]:
    """The cutoff of one request: after `seconds`, at most those of the settings, or when the process ends.

    A process that is told to end lets models answer for the time that its settings give for shutting down.
    """
    limit = service.settings.request_seconds
    cutoff = Cutoff(min(seconds, limit) if seconds is not None else limit)
    watch = asyncio.create_task(_when_draining(service, cutoff))
    try:
        yield cutoff
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch


async def _when_draining(service: Service, cutoff: Cutoff) -> None:
    await service.draining.wait()
    await asyncio.sleep(max(0.0, service.settings.shutdown_seconds - STORING_SECONDS))
    cutoff.reach(Reason.SHUTTING_DOWN)

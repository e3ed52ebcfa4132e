"""What routes work with: one Service for the process, built by the composition root."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.copywriting.inventory import Inventories
from app.db.briefs import Briefs
from app.db.drafts import Drafts
from app.db.health import Pulse
from app.db.kept_answers import KeptAnswers
from app.db.people import People
from app.db.store import Store
from app.db.tables import now
from app.generation.service import Generation
from app.release.publishing import Publisher
from app.release.serving import Followed
from app.settings import Settings


class Draining:
    """Set once the process has been told to end: in-flight work finishes soon or falls back."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether the process is ending."""
        return self._event.is_set()

    def begin(self) -> None:
        """Note that the process is ending. To be called in the event loop's thread."""
        self._event.set()

    async def wait(self) -> None:
        """Return once the process is ending."""
        await self._event.wait()


def _nothing() -> None:
    """A service that has nothing to warm up."""


async def _nothing_open() -> None:
    """A service that holds nothing open besides its store."""


@dataclass(frozen=True)
class Service:
    """Everything that routes need. `warm_up` runs in a thread once the server is ready, for what is slow to
    import and not needed to answer /readyz. `close` runs after the last request, for models.
    """

    settings: Settings
    store: Store
    briefs: Briefs
    drafts: Drafts
    people: People
    kept: KeptAnswers
    pulse: Pulse
    contents: Followed
    generation: Generation
    version: str
    clock: Callable[[], dt.datetime] = now
    """What time it is for deadlines of review."""
    draining: Draining = field(default_factory=Draining)
    background: set[asyncio.Task[None]] = field(default_factory=set)
    """Work that goes on after its caller has gone; the process waits for it before it ends."""
    inventories: Inventories = field(default_factory=Inventories)
    publisher: Publisher | None = None
    """What rolls published content back; None where the settings let a folder serve."""
    warm_up: Callable[[], None] = _nothing
    close: Callable[[], Awaitable[None]] = _nothing_open

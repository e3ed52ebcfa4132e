"""Generation as one long-lived object: models, their limits and the guardrails, shared by all requests."""

import asyncio
import datetime as dt
import functools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from app.brief.facts import FactSheet
from app.db.receipts import Hashes
from app.db.runs import NewRun
from app.db.store import Store
from app.generation.asking import Budget
from app.generation.cutoff import Cutoff
from app.generation.engine import Demand, Engine, Inputs, Settled, SlotDone, new_run
from app.generation.hashing import Named, name_content
from app.generation.judging import JudgeModel
from app.generation.plan import SlotJob
from app.generation.writer import SlotWriter, Tools
from app.guardrails.frame import Context, Piece
from app.llm.protocol import LanguageModel
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary

if TYPE_CHECKING:
    from app.guardrails.validators import GuardedSuite

SLOTS_A_STREAM = 2
"""Slots in progress for each request that a model serves at once: one is judged while another is written."""
STORED_FOR = 3600.0
"""Seconds for which a process does not look again whether the content's bytes are stored."""


@functools.lru_cache(maxsize=16)  # a library never changes, and listing its files takes milliseconds
def named_content(library: ContentLibrary, prompts: PromptLibrary) -> Named:
    """The content that serves, by hash, with the bytes behind the hashes."""
    return name_content(library, prompts)


@functools.lru_cache(maxsize=1)
def guarded_suite() -> "GuardedSuite":
    """Every guardrail inside guardrails-ai, built once: that takes longer than judging a brief."""
    from app.guardrails.validators import GuardedSuite

    return GuardedSuite()


class Generation:
    """Answers the jobs of any brief. `models` are asked in their order; `engine` is Copydesk's version.
    `judge` gives a second opinion on what the rules pass.

    It belongs to one event loop: the limits on calls in flight hold over all its requests.
    """

    def __init__(
        self,
        models: tuple[LanguageModel, ...],
        store: Store,
        *,
        samples: int,
        engine: str,
        judge: JudgeModel | None = None,
    ) -> None:
        self.judge = judge
        self.models = models
        self._store = store
        self._samples = samples
        self._engine = engine
        self._gates = tuple(asyncio.Semaphore(model.profile.parallel) for model in models)
        self._stored: dict[Hashes, float] = {}
        self._suite: GuardedSuite | None = None

    async def run(
        self,
        library: ContentLibrary,
        prompts: PromptLibrary,
        jobs: Sequence[SlotJob],
        demand: Demand | None = None,
        *,
        opened: NewRun | None = None,
        cutoff: Cutoff | None = None,
        on_done: Callable[[SlotDone], None] | None = None,
    ) -> list[Settled]:
        """Every job answered and stored, in their order. Raises StorageError; what was finished stays stored.

        `opened` is what `new_run` made of the same, stored or not. `cutoff` ends the asking early; the slots
        that are open then get approved content.
        """
        tools = Tools(
            library=library,
            prompts=prompts,
            models=self.models,
            gates=self._gates,
            judge=(await self._judging()).judge_all,
            drafts=self._store,
            budget=Budget(library.brand.contract.budgets),
            samples=self._samples,
            cutoff=cutoff or Cutoff(),
            second_opinion=self.judge,
        )
        inputs = self._inputs(library, prompts)
        width = self.models[0].profile.parallel * SLOTS_A_STREAM
        engine = Engine(SlotWriter(tools), self._store, inputs, width)
        settled = await engine.run(jobs, demand or Demand(), opened=opened, on_done=on_done)
        if inputs.blobs:
            self._stored[inputs.hashes] = time.monotonic()
        return settled

    def new_run(
        self, library: ContentLibrary, prompts: PromptLibrary, jobs: Sequence[SlotJob], demand: Demand
    ) -> NewRun:
        """The run that answers these jobs, for who stores it together with something else."""
        return new_run(self._inputs(library, prompts), jobs, demand)

    def _inputs(self, library: ContentLibrary, prompts: PromptLibrary) -> Inputs:
        """What every answer of a run depends on, with the bytes that are not known to be stored."""
        content = named_content(library, prompts)
        again = time.monotonic() - self._stored.get(content.hashes, -STORED_FOR) < STORED_FOR
        return Inputs(
            hashes=content.hashes,
            blobs=() if again else content.blobs,
            models=tuple(model.name for model in self.models),
            samples=self._samples,
            engine=self._engine,
            judge=self.judge.identity(prompts) if self.judge is not None else "",
        )

    async def _judging(self) -> "GuardedSuite":
        """The guardrails; the first to ask waits in a thread for them to be built."""
        if self._suite is None:
            self._suite = await asyncio.to_thread(guarded_suite)
        return self._suite

    def warm_up(self, libraries: Iterable[ContentLibrary]) -> None:
        """Build what the first request would otherwise wait for: guardrails, word lists, each brand's rules.

        Takes seconds: call it in a thread.
        """
        suite = guarded_suite()
        for library in libraries:
            for locale in library.brand.identity.locales:
                now = dt.datetime.now(dt.UTC)
                local = library.localised(locale, locale[-2:])
                context = Context(local.rulebook, locale, now, facts=FactSheet(locale=locale))
                suite.judge(Piece("A few plain words to read."), context)

    async def close(self) -> None:
        """Let go of every model."""
        for model in self.models:
            await model.close()
        if self.judge is not None:
            await self.judge.close()

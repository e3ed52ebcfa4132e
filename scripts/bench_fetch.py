"""What fetching content at the moment of sending costs: `scripts/bench fetch`.

Open loop: requests leave when they are due, whether earlier ones are answered or not, and each is timed from
the moment it was due.
"""

import asyncio
import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.loader import brand_ids, load_brand
from app.brief.facts import QuantityFact, Role
from app.brief.models import Brief
from app.db.briefs import Briefs
from app.db.content import ContentStore
from app.db.store import Store, open_store
from app.generation.plan import load_brief
from app.manifest import read_publishable
from app.settings import content_root
from scripts.bench_api import add_caller, free_port, memory_mib, running, wait_for
from scripts.bench_http import Answer, Call, Connection, counted, load

RATE = 200
CONNECTIONS = 16
SECONDS = 10.0
MOST_MS = 50.0
QUIET_TICKS = 5
"""Hundredths of a second of processor time in one second that a server without requests takes at most."""
EXAMPLE = "larkfell_browse_abandonment"


class Load:
    """Requests at a fixed rate over some connections."""

    def __init__(self, port: int) -> None:
        self._idle: asyncio.Queue[Connection] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(Connection(port))

    async def run(self, calls: list[Call], seconds: float) -> list[Answer]:
        """Answers whose seconds count from the moment that each request was due."""
        start = time.perf_counter() + 0.05
        tasks = []
        for number in range(int(RATE * seconds)):
            due = start + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.append(asyncio.create_task(self._one(calls[number % len(calls)], due)))
        return await asyncio.gather(*tasks)

    async def _one(self, call: Call, due: float) -> Answer:
        connection = await self._idle.get()
        try:
            answer = await connection.send(call)
        finally:
            self._idle.put_nowait(connection)
        return Answer(answer.status, answer.body, time.perf_counter() - due)


def fetch() -> int:
    """Start the service on published content, fetch, print; returns 1 where the p99 is above its bar."""
    with tempfile.TemporaryDirectory() as folder:
        database, log = f"sqlite:///{folder}/bench.db", Path(folder) / "serve.log"
        key = add_caller(database)
        brief, brand = _prepared(database)
        port = free_port()
        settings = {
            "COPYDESK_DATABASE": database,
            "COPYDESK_MODEL": "scripted",
            "COPYDESK_CONTENT_CACHE": f"{folder}/cache",
            "COPYDESK_LOG_LEVEL": "warning",
        }
        with running(["-m", "app", "serve", "--port", str(port)], settings, log) as server:
            wait_for(port, "/readyz", server, log)
            _quiet(server.pid)
            calls = _calls(brief, brand, {"Authorization": f"Bearer {key}"})
            _all_once(port, calls)
            store = open_store(database)
            gc.disable()  # this process, which holds a whole brand, would stand still while it collects
            print(f"{RATE} requests/s over {CONNECTIONS} connections, {len(calls)} different ones")
            worst = [
                _shown("content that does not change", port, calls, lambda: None),
                _shown("a stock tick every 2 s", port, calls, lambda: _tick(store, brief)),
                _shown("a version taken back every 2 s", port, calls, lambda: _move(store)),
            ]
            gc.enable()
            store.close()
            print(f"memory: {memory_mib(server.pid):.0f} MiB")
    return 0 if worst[0] <= MOST_MS and worst[1] <= MOST_MS else 1


def _quiet(pid: int) -> None:
    """Return once the server has warmed up: it then takes no processor time by itself."""

    def used() -> int:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])

    for _ in range(60):
        before = used()
        time.sleep(1)
        if used() - before <= QUIET_TICKS:
            return


def _prepared(database: str) -> tuple[Brief, Brand]:
    """A database with two published versions and a brief with facts; the first version serves."""
    root = content_root()
    brief, _ = load_brief(root / "examples" / f"{EXAMPLE}.yaml", brand_ids(root / "brand"))
    store = open_store(database)
    versions = ContentStore(store.engine)
    files = read_publishable(root).files
    first = versions.publish(files, author="bench", note="", expected=None).version.hash
    changed = {**files, "prompts/bench.jinja": b"{# another version #}\n"}
    second = versions.publish(changed, author="bench", note="", expected=first).version.hash
    versions.move(first, by="bench", why="", expected=second)
    Briefs(store.engine).create(brief, author="bench")
    store.close()
    return brief, load_brand(root / "brand", brief.brand)


def _calls(brief: Brief, brand: Brand, headers: dict[str, str]) -> list[Call]:
    """Every kind for every segment of the brand, with and without the brief's facts."""
    target = brief.targets[0]
    place = f"brand={brief.brand}&journey={brief.journey.value}&locale={target.locale}"
    return [
        Call("GET", f"/v1/content/{kind}?{place}&segment={segment}{given}&values=filled", headers)
        for segment in brand.segments
        for kind in KINDS
        for given in ("", f"&brief={brief.id}")
    ]


def _all_once(port: int, calls: list[Call]) -> None:
    """Have every answer worked out once, as a service has that runs for a while."""
    patient = [Call(call.method, f"{call.path}&deadline_ms=10000", call.headers) for call in calls]
    asyncio.run(load(port, counted(lambda number: patient[number], len(patient)), 4))


def _shown(title: str, port: int, calls: list[Call], change: Callable[[], Any]) -> float:
    """Print the percentiles of one run in milliseconds; returns the p99."""

    async def beside() -> None:
        while True:
            await asyncio.sleep(2)
            await asyncio.to_thread(change)

    async def measured() -> list[Answer]:
        task = asyncio.create_task(beside())
        try:
            return await Load(port).run(calls, SECONDS)
        finally:
            task.cancel()

    answers = asyncio.run(measured())
    bad = [answer for answer in answers if answer.status != 200]
    if bad:
        raise SystemExit(f"{len(bad)} of {len(answers)} answers were {bad[0].status}: {bad[0].body[:500]!r}")
    times = sorted(answer.seconds * 1000 for answer in answers)
    cuts = statistics.quantiles(times, n=100)
    late = sum(json.loads(answer.body)["reason"] == "deadline_reached" for answer in answers)
    print(
        f"{title}: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms (at most {MOST_MS:.0f}), "
        f"longest {times[-1]:.0f} ms, {late} of {len(times)} at the deadline"
    )
    return cuts[98]


def _tick(store: Store, brief: Brief) -> None:
    """Another stock in the brief, as a shop's feed would write it."""
    briefs = Briefs(store.engine)
    stored = briefs.find(brief.brand, brief.id)
    if stored is None:
        return
    target = stored.content.targets[0]
    left = QuantityFact(kind="stock", role=Role.STOCK, source="shop", value=Decimal(5 + stored.revision % 9))
    facts = {**target.facts, "product.stock": left}
    targets = (target.model_copy(update={"facts": facts}), *stored.content.targets[1:])
    content = stored.content.model_copy(update={"targets": targets})
    briefs.change(content, seen=stored.revision, author="bench", change="stock")


def _move(store: Store) -> None:
    """The pointer to the version before."""
    versions = ContentStore(store.engine)
    serving = versions.serving()
    if serving is not None and serving.previous is not None:
        versions.move(serving.previous, by="bench", why="", expected=serving.version)

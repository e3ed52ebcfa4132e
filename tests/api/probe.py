"""A route that creates something and counts how often it really ran, for tests of repeats.

As a process (`python -m tests.api.probe PORT`) it serves the content and database that the settings name.
Each run adds a line to the file COPYDESK_PROBE, so that runs are counted across processes.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from pydantic import BaseModel, ConfigDict
from starlette.responses import StreamingResponse

from app.api.app import create_api
from app.api.deps import CallerDep, NewIds
from app.api.route import Route
from app.errors import Conflict
from app.service import Service


class Order(BaseModel):
    """What the probe is asked for."""

    model_config = ConfigDict(extra="forbid")

    name: str
    seconds: float = 0.0
    first_seconds: float = 0.0
    """How long the first run takes, in place of `seconds`."""
    fail: int = 0
    """The status to fail with; 0 to succeed."""


class Done(BaseModel):
    """What the probe answers."""

    id: str
    named: str
    name: str
    runs: int


def count(path: Path, name: str, row_id: str = "") -> int:
    """Note a run and the id of what it made; returns how many runs there were of this name."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{name} {row_id}\n")
    return runs(path, name)


def runs(path: Path, name: str) -> int:
    """How often the probe ran for this name."""
    return len(made_ids(path, name))


def made_ids(path: Path, name: str) -> list[str]:
    """The ids that each run for this name made."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.split(" ")[1] for line in lines if line.split(" ")[0] == name]


def with_probe(api: FastAPI, path: Path) -> FastAPI:
    """The application with POST /v1/probes and /v1/probes/stream."""
    router = APIRouter(route_class=Route, prefix="/v1/probes", tags=["copy"])

    @router.post("", operation_id="create_probe", status_code=201)
    async def create_probe(order: Order, response: Response, caller: CallerDep, ids: NewIds) -> Done:
        """Count, wait, and answer."""
        row_id = ids.new()
        number = count(path, order.name, row_id)
        await asyncio.sleep(order.first_seconds if number == 1 and order.first_seconds else order.seconds)
        if order.fail == 409:
            raise Conflict("it was there already")
        if order.fail:
            raise ZeroDivisionError(order.name)
        made = Done(id=row_id, named=ids.named("row", "1"), name=order.name, runs=number)
        response.headers["Location"] = f"/v1/probes/{made.id}"
        return made

    @router.post(
        "/stream", operation_id="stream_probe", responses={200: {"content": {"text/event-stream": {}}}}
    )
    async def stream_probe(order: Order, caller: CallerDep, ids: NewIds) -> StreamingResponse:
        """Count, and answer in three events."""
        number = count(path, order.name)

        async def events() -> AsyncIterator[str]:
            for step in range(3):
                await asyncio.sleep(order.seconds)
                yield f"event: step\ndata: {step} of run {number}\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    api.router.routes.extend(router.routes)
    return api


def main() -> None:
    """Serve the probe at the port that is given."""
    from app.server import leave, serve
    from app.settings import Settings

    path = Path(os.environ["COPYDESK_PROBE"])

    def create(service: Service) -> FastAPI:
        return with_probe(create_api(service), path)

    leave(serve(Settings(), "127.0.0.1", int(sys.argv[1]), create=create))


if __name__ == "__main__":
    main()

"""What the log holds of a request: who, what and how it ended; and nothing of what was said in it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.api.app import describe
from tests.api.process import Server, started
from tests.api.test_wire import copywriter

MARK = "Quixotic7"
"""Stands in every field, header and query of the requests."""


@pytest.fixture(scope="module")
def serving(written_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    folder = tmp_path_factory.mktemp("logs")
    database = f"sqlite:///{folder}/db"
    key = copywriter(database)
    settings = {"content": written_content, "database": database, "environment": "production"}
    with started(folder, module="tests.api.probe", probe=folder / "runs", **settings) as server:
        yield server, key


def marked(value: Any) -> Any:
    """The value with every text in it replaced."""
    if isinstance(value, dict):
        return {name: marked(entry) for name, entry in value.items()} | {MARK: MARK}
    if isinstance(value, list):
        return [marked(entry) for entry in value]
    return MARK if isinstance(value, str) else value


def example_of(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """The documented example of an operation's body."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = body.get("$ref", "").rpartition("/")[2]
    examples = document["components"]["schemas"].get(name, {}).get("examples", [{}])
    return examples[0]


def requests_of(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Requests to every operation: as documented, with marks in each place, and not readable at all."""
    for path, methods in document["paths"].items():
        filled = "/".join(MARK if part.startswith("{") else part for part in path.split("/"))
        for method, operation in methods.items():
            query = {item["name"]: MARK for item in operation.get("parameters", []) if item["in"] == "query"}
            example = example_of(document, operation)
            yield method, filled, {"params": query}
            yield method, filled, {"params": {MARK: MARK}}
            yield method, filled, {"json": example}
            yield method, filled, {"json": marked(example)}
            yield method, filled, {"content": f'{{"{MARK}": "{MARK}'.encode()}


def test_no_log_line_holds_what_a_request_said(serving: tuple[Server, str]) -> None:
    server, key = serving
    document = describe("0")
    said = {"User-Agent": MARK, "Referer": MARK, "Cookie": f"a={MARK}", "X-Request-ID": f"{MARK} {MARK}"}
    said |= {"X-Forwarded-For": MARK, "If-Match": MARK, "Idempotency-Key": MARK}
    statuses = set()
    with httpx2.Client(base_url=server.url, timeout=120) as client:
        for authorization in (f"Bearer {key}", f"Bearer {MARK}"):
            headers = {**said, "Authorization": authorization, "Content-Type": "application/json"}
            for method, path, given in requests_of(document):
                statuses.add(client.request(method.upper(), path, headers=headers, **given).status_code)
        own = {"Authorization": f"Bearer {key}"}
        text = {"items": [{"text": f"{MARK} cures colds"}], "brand": "fernhill"}
        statuses.add(client.post("/v1/checks", json=text, headers=own).status_code)
        broken = {"name": MARK, "fail": 500}
        statuses.add(client.post("/v1/probes", json=broken, headers=own).status_code)
        statuses.add(client.request(MARK, f"/{MARK}", headers=own).status_code)
        statuses.add(client.delete("/v1/checks", headers=own).status_code)
    server.raw(f"GET {MARK}\r\n\r\n".encode())
    assert {200, 400, 401, 404, 405, 422, 500} <= statuses
    server.end()
    lines = server.lines()
    assert len(lines) > 40
    secret = key.split("_", 2)[2]
    assert [line for line in lines if MARK.lower() in line.lower() or secret in line] == []


def test_a_fault_is_logged_by_place_and_request_id(serving: tuple[Server, str]) -> None:
    records = serving[0].records()
    (fault,) = [record for record in records if record["event"] == "unexpected exception"]
    assert fault["trace"][0] == "ZeroDivisionError"
    assert any("probe.py" in line for line in fault["trace"])
    request = next(record for record in records if record.get("status") == 500)
    assert request["request_id"] == fault["request_id"]
    assert request["route"] == "/v1/probes"


def test_each_request_is_one_line_that_says_who(serving: tuple[Server, str]) -> None:
    server, key = serving
    requests = [record for record in server.records() if record["event"] == "request"]
    checked = next(item for item in requests if (item["route"], item["status"]) == ("/v1/checks", 200))
    assert checked["key"] == key.split("_")[1]
    assert len(checked["person"]) == 32
    assert checked["brand"] == "fernhill"
    assert all("@" not in line for line in server.lines())


LIBRARIES = f"""
import asyncio, logging, sys, threading, warnings
from app.http.logs import configure_logs
configure_logs("info", json_lines=True)
logging.getLogger("sqlalchemy.engine").error("INSERT %s", "{MARK}")
logging.getLogger("litellm").warning("prompt: {MARK}")
try:
    raise ValueError("{MARK}")
except ValueError:
    logging.getLogger("somewhere").exception("failed on {MARK}")
warnings.warn("{MARK}")
async def main():
    async def broken():
        raise RuntimeError("{MARK}")
    asyncio.ensure_future(broken())
    await asyncio.sleep(0)
asyncio.run(main())
import gc; gc.collect()
def crash():
    raise RuntimeError("{MARK}")
thread = threading.Thread(target=crash); thread.start(); thread.join()
"""


def test_what_libraries_and_threads_say_is_left_out() -> None:
    run = subprocess.run(
        [sys.executable, "-c", LIBRARIES],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=os.environ,
    )
    assert MARK not in run.stdout + run.stderr
    records = [json.loads(line) for line in run.stderr.splitlines()]
    assert {record.get("logger", "thread") for record in records} == {
        "sqlalchemy.engine",
        "litellm",
        "somewhere",
        "py.warnings",
        "asyncio",
        "thread",
    }
    assert all(record["level"] in ("warning", "error") for record in records)


def test_readable_lines_are_for_development() -> None:
    code = (
        "from app.http.logs import configure_logs\nimport structlog\n"
        "configure_logs('warning', json_lines=False)\n"
        "structlog.get_logger().info('quiet')\nstructlog.get_logger().warning('loud', number=1)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    (line,) = io.StringIO(run.stderr).readlines()
    assert "loud" in line
    assert "number=1" in line

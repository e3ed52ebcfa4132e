"""One embedded model for all tests that need a real one."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.llm.embedded import EmbeddedModel, installed
from app.llm.protocol import Completion, Request
from tests.conftest import IN_CI
from tests.generation.desk import Desk


def pytest_configure(config: pytest.Config) -> None:
    """The marker of tests that start the native model server."""
    config.addinivalue_line("markers", "embedded: starts the embedded model")


@dataclass
class Running:
    """The embedded model with the event loop that it lives in."""

    model: EmbeddedModel
    runner: asyncio.Runner

    def ask(self, request: Request) -> Completion:
        """One request."""
        return self.runner.run(self.model.complete(request))

    @property
    def pid(self) -> int:
        """The process of the native server."""
        process = self.model._process
        assert process is not None
        return process.pid


@pytest.fixture(scope="session")
def embedded() -> Iterator[Running]:
    """The embedded model, started on first use. In CI a missing model is a failure, not a skip."""
    if not installed():
        if IN_CI:
            pytest.fail("the embedded model is not installed, and in CI its tests may not be skipped")
        pytest.skip("the embedded model is not installed")
    with asyncio.Runner() as runner:
        running = Running(EmbeddedModel(streams=2), runner)
        yield running
        runner.run(running.model.close())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A small brand, a brief and a database under a folder of the test."""
    return Desk.at(tmp_path)

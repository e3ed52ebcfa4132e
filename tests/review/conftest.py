"""The review room of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.review.room import Heard, Room, Template, listening


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The content, the brief and the people of every room."""
    return Template.made(tmp_path_factory.mktemp("review"))


@pytest.fixture
def room(template: Template, tmp_path: Path) -> Iterator[Room]:
    """A room of its own."""
    with template.room(tmp_path) as room:
        yield room


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """What review notes and announces during the test."""
    return listening(monkeypatch)

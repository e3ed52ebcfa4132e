from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog

from app.llm.protocol import LanguageModel
from tests.api.house import House, open_house, write_content


@pytest.fixture(scope="session", autouse=True)
def quiet() -> Iterator[None]:
    """No log lines between the tests' own output: tests of logs start processes."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def written_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content folder of both brands, written once."""
    root = tmp_path_factory.mktemp("content")
    write_content(root)
    return root


@pytest.fixture(scope="module")
def house(written_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that the tests of a module share: they leave people, keys and content as they are."""
    with open_house(tmp_path_factory.mktemp("house"), content=written_content) as opened:
        yield opened


@pytest.fixture
def build(written_content: Path, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """`build(body_bytes=2000)`: a house of one's own, with other settings."""
    with ExitStack() as stack:
        count = 0

        def make(*models: LanguageModel, **settings: Any) -> House:
            nonlocal count
            count += 1
            root = tmp_path / f"house{count}"
            root.mkdir()
            return stack.enter_context(open_house(root, *models, content=written_content, **settings))

        yield make

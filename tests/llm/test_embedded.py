"""The embedded model: a real native server in a child process, its death, and its absence."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.errors import ModelNotInstalled, ModelUnavailable
from app.llm import embedded as module
from app.llm.embedded import EmbeddedModel, model_file
from app.llm.protocol import Message, Purpose, Request
from tests.llm.conftest import Running

GRAMMAR = 'root ::= ("walk" | "hike" | "rest") "."'
REQUEST = Request(
    messages=(
        Message(role="system", content="You write one word."),
        Message(role="user", content="What do people do on a trail?"),
    ),
    max_tokens=8,
    choices=2,
    temperature=0.7,
    seed=11,
    grammar=GRAMMAR,
    purpose=Purpose(kind="subject", field="subject"),
)


def alive(pid: int) -> bool:
    """Whether the process runs; one that ended and was not collected yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def until_gone(pid: int, seconds: float = 5) -> bool:
    """Whether the process ends within a few seconds."""
    deadline = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(pid)


@pytest.mark.embedded
def test_it_answers_within_the_grammar_with_log_probabilities(embedded: Running) -> None:
    answer = embedded.ask(REQUEST)
    assert len(answer.choices) == 2
    assert {choice.text for choice in answer.choices} <= {"walk.", "hike.", "rest."}
    assert all(choice.finished for choice in answer.choices)
    assert all(choice.logprobs and max(choice.logprobs) <= 0 for choice in answer.choices)
    assert answer.prompt_tokens > 10
    assert answer.model.startswith("SmolLM2-135M-Instruct (")
    again = embedded.ask(REQUEST)
    assert [choice.text for choice in again.choices] == [choice.text for choice in answer.choices], (
        "same seed"
    )


@pytest.mark.embedded
def test_a_killed_server_is_an_error_with_its_status_and_the_next_request_starts_it_anew(
    embedded: Running,
) -> None:
    embedded.ask(REQUEST)
    before = embedded.pid
    long = REQUEST.model_copy(update={"grammar": 'root ::= ("walk " | "rest ")+', "max_tokens": 1500})

    async def killed_while_asked() -> None:
        asked = asyncio.create_task(embedded.model.complete(long))
        await asyncio.sleep(0.3)
        os.kill(before, signal.SIGKILL)
        await asked

    with pytest.raises(ModelUnavailable, match="ended with status -9"):
        embedded.runner.run(killed_while_asked())
    assert embedded.ask(REQUEST).text
    assert embedded.pid != before


@pytest.mark.embedded
def test_it_is_gone_after_close_and_when_its_parent_dies(embedded: Running) -> None:
    """One process is closed, another one's parent is killed: neither outlives its reason."""
    path = model_file()
    assert path is not None
    model = EmbeddedModel(streams=1)

    async def start_and_close() -> int:
        await model.complete(REQUEST.model_copy(update={"choices": 1}))
        process = model._process
        assert process is not None
        await model.close()
        return process.pid

    assert until_gone(asyncio.run(start_and_close()))
    parent_code = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'app.llm.embedded_server', sys.argv[1], '1', '1'],"
        " stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "print(child.pid, child.stdout.readline().decode(), flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent_code, str(path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        child, address = parent.stdout.readline().split(maxsplit=1)
        assert "127.0.0.1" in address
        parent.kill()
    assert until_gone(int(child))


def test_without_its_packages_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.llm.embedded.importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelNotInstalled) as caught:
        asyncio.run(EmbeddedModel().complete(REQUEST))
    assert "copydesk model install" in caught.value.hint
    assert not module.installed()


def _child(monkeypatch: pytest.MonkeyPatch, code: str) -> EmbeddedModel:
    """A model whose child process runs `code` instead of the native server."""
    real = subprocess.Popen
    monkeypatch.setattr(module, "installed", lambda: True)
    monkeypatch.setattr(module, "model_file", lambda: Path("weights.gguf"))
    monkeypatch.setattr(
        "app.llm.embedded.subprocess.Popen",
        lambda command, **more: real([sys.executable, "-c", code], **more),
    )
    return EmbeddedModel()


def test_a_server_that_dies_while_starting_is_an_error_with_its_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = _child(monkeypatch, "raise SystemExit(7)")
    with pytest.raises(ModelUnavailable, match="ended with status 7 while starting"):
        asyncio.run(model.complete(REQUEST))


def test_a_server_that_never_listens_is_given_up_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "START_SECONDS", 0.2)
    model = _child(monkeypatch, "import sys; sys.stdin.buffer.read()")
    with pytest.raises(ModelUnavailable, match="did not start within"):
        asyncio.run(model.complete(REQUEST))
    assert model._process is None


def test_a_start_that_the_slot_cuts_off_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    model = _child(monkeypatch, "import time; time.sleep(60)")

    async def cut_off() -> None:
        async with asyncio.timeout(0.2):
            await model.complete(REQUEST)

    with pytest.raises(TimeoutError):
        asyncio.run(cut_off())
    process = model._process
    assert process is not None
    assert process.wait(5) == -signal.SIGKILL
    model._stop()

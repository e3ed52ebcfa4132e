"""Ctrl-C in the middle of `copydesk generate`: what was finished is kept and not asked for again."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, cast

import pytest

from app.llm.scripted import ScriptedModel
from tests.generation.desk import Desk, answering

DRIVER = """
import sys
import app.main
from app.cli import main
from app.llm.protocol import ModelProfile
import pytest

from app.llm.scripted import ScriptedModel
from tests.generation.desk import answering

script = answering()

class Stuck(ScriptedModel):
    async def complete(self, request):
        self._seconds = 0 if request.purpose.kind == "subject" else 60
        return await super().complete(request)

app.main.build_models = lambda settings: (Stuck(script, ModelProfile(style="capable", parallel=3)),)
main(["generate", sys.argv[1], "--out", sys.argv[2]])
"""


@pytest.fixture
def desk(stored_desk: Desk) -> Desk:
    """The tests of this file run on every database."""
    return stored_desk


def test_ctrl_c_keeps_what_was_finished(desk: Desk) -> None:
    brief = desk.write()
    command = [sys.executable, "-c", DRIVER, str(brief), str(desk.root / "out")]
    environment = {
        **os.environ,
        "COPYDESK_CONTENT": str(desk.root),
        "COPYDESK_DATABASE": desk.database,
        "PYTHONPATH": os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")]),
    }
    run = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    seen = ""
    try:
        errors = cast("IO[str]", run.stderr)
        while "subject: generated" not in seen or "footer: " not in seen:
            line = errors.readline()
            assert line, f"it ended too early: {seen}"
            seen += line
        run.send_signal(signal.SIGINT)
        _, rest = run.communicate(timeout=30)
    finally:
        run.kill()
        run.communicate()
    assert run.returncode == 130, seen + rest
    assert "stopped; 2 of 4 slots are kept. Run the same command again to go on." in rest
    assert "Traceback" not in seen + rest
    assert not (desk.root / "out" / "summary.json").exists()
    kept = {row[0] for row in desk.rows("select kind from slot_record")}
    calls = sorted(row[0] for row in desk.rows("select outcome from model_call"))
    assert kept == {"subject", "footer"}
    assert calls == ["answered", "cancelled", "cancelled"]
    model = ScriptedModel(answering())
    again = desk.run(model)
    assert {request.purpose.kind for request in model.requests} == {"hero", "cta"}
    assert all(item.answer.kept for item in again.settled)

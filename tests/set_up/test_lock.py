import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ["requirements.lock", "requirements-tools.lock"]
PIN = re.compile(r"^([a-z0-9-]+)==\S+", re.MULTILINE)


def requirements(lock: str) -> dict[str, str]:
    """Each locked package, and the lines that belong to it."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    starts = [*PIN.finditer(text)]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    return {match[1]: text[match.start() : end] for match, end in zip(starts, ends, strict=True)}


def declared() -> set[str]:
    """What pyproject.toml asks for, in every extra and group but the tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        project["dependency-groups"]["dev"],
    ]
    return {re.split(r"[<>=\[ ;]", entry)[0].lower() for entries in lists for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_with_hashes(lock: str) -> None:
    assert requirements(lock)
    assert [name for name, lines in requirements(lock).items() if "--hash=sha256:" not in lines] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize("lock", sorted(ROOT.glob("tests/*/node/package-lock.json")), ids=str)
def test_a_lock_of_node_packages_holds_hashes_and_no_address_to_fetch_them_from(lock: Path) -> None:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    fetched = [package for name, package in packages.items() if name]
    assert fetched
    assert all(package["integrity"].startswith("sha512-") for package in fetched)
    assert not any("resolved" in package for package in packages.values())


def test_the_lock_holds_what_the_project_declares() -> None:
    assert declared() - set(requirements("requirements.lock")) == set()


def test_the_embedded_model_brings_no_library_that_would_be_compiled() -> None:
    assert "llama-cpp-python" not in requirements("requirements.lock")


def test_the_lock_that_holds_addresses_stays_out_of_git() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

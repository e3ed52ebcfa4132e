import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PROJECT["tool"]["importlinter"]["contracts"]}


def layers() -> set[str]:
    return {name.strip("() ") for layer in CONTRACTS["layers"]["layers"] for name in layer.split("|")}


def imported_from(path: Path) -> Iterator[str]:
    """The top-level names that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.partition(".")[0]


def test_every_module_of_the_app_has_its_layer() -> None:
    modules = {path.stem for path in APP.glob("*.py") if path.stem != "__init__"}
    packages = {path.parent.name for path in APP.glob("*/__init__.py")}
    assert (modules | packages) - layers() == set()


def test_every_folder_with_code_is_a_package() -> None:
    migrations = APP / "db" / "migrations"
    folders = {path.parent for path in APP.rglob("*.py") if not path.is_relative_to(migrations)}
    assert {folder for folder in folders if not (folder / "__init__.py").exists()} == set()


def test_a_library_that_has_one_home_is_guarded_by_a_contract() -> None:
    homes = {
        "litellm": "app.llm",
        "xllamacpp": "app.llm",
        "guardrails": "app.guardrails",
        "mjml": "app.emails",
    }
    for library, home in homes.items():
        assert CONTRACTS[library]["forbidden_modules"] == [library]
        assert {
            entry.partition(" ")[0].removesuffix(".**") for entry in CONTRACTS[library]["ignore_imports"]
        } == {home}


def test_importing_the_package_of_guardrails_imports_nothing() -> None:
    assert (APP / "guardrails" / "__init__.py").read_text(encoding="utf-8") == ""


def plain(name: str) -> str:
    """The name of a distribution as the packaging rules compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_app_imports_only_what_the_project_declares() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"].values()
    asked = [*project["dependencies"], *(entry for extra in extras for entry in extra)]
    declared = {plain(re.split(r"[<>=\[ ;]", entry)[0]) for entry in asked}
    distributions = packages_distributions()
    undeclared = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in APP.rglob("*.py")
        for name in imported_from(path)
        if name != "app" and name not in sys.stdlib_module_names
        if not declared & {plain(distribution) for distribution in distributions.get(name, [])}
    }
    assert undeclared == set()

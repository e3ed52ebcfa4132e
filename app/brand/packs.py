"""Packs: claim rules that several brands extend, in brand/_packs/.

A pack is <id>.yaml, with a file for each further language beside it, <id>.<language>.yaml, whose rules are
for copy in that language.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from app.brand.models import ClaimRule, ClaimRules
from app.brand.reading import build, duplicates, pattern_problems, shown
from app.errors import ContentError, Problem
from app.yaml12 import Document, read

PACKS = "_packs"
_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z]{2}))?\.yaml")


def pack_ids(root: Path) -> list[str]:
    """The packs under `root`/_packs."""
    names = (_NAME.fullmatch(path.name) for path in (root / PACKS).glob("*.yaml"))
    return sorted({name[1] for name in names if name})


def pack_files(root: Path, pack: str) -> list[Path]:
    """The files of a pack, the one without a language first."""
    paths = sorted((root / PACKS).glob(f"{pack}*.yaml"), key=lambda path: len(path.name))
    return [path for path in paths if (name := _NAME.fullmatch(path.name)) and name[1] == pack]


def read_pack(root: Path, path: Path) -> Document:
    """A file of a pack, with the language that its name says in each of its rules."""
    document = read(path, shown(root, path))
    name = _NAME.fullmatch(path.name)
    if name is not None and name[2]:
        for index, rule in enumerate(_rules(document)):
            if "languages" in rule:
                at = ("rules", index, "languages")
                message = "'languages' comes from the file's name"
                document.problems.append(document.problem(at, message, "leave it out"))
            rule["languages"] = [name[2]]
    return document


def _rules(document: Document) -> Iterator[dict[str, object]]:
    rules = document.data.get("rules") if isinstance(document.data, dict) else None
    return (item for item in rules if isinstance(item, dict)) if isinstance(rules, list) else iter(())


def load_packs(root: Path, only: Sequence[str] | None = None) -> dict[str, tuple[ClaimRule, ...]]:
    """Packs under `root`/_packs by id: those named in `only` that exist, or all. Raises ContentError."""
    packs: dict[str, tuple[ClaimRule, ...]] = {}
    problems: list[Problem] = []
    for pack in pack_ids(root):
        if only is None or pack in only:
            packs[pack] = _load(root, pack, problems)
    if problems:
        raise ContentError(problems)
    return packs


def _load(root: Path, pack: str, problems: list[Problem]) -> tuple[ClaimRule, ...]:
    found: dict[str, ClaimRule] = {}
    for path in pack_files(root, pack):
        document = read_pack(root, path)
        rules = build(document, ClaimRules, problems)
        if rules is None:
            continue
        problems += [*duplicates(document, "rules"), *pattern_problems(document, rules.rules)]
        for index, rule in enumerate(rules.rules):
            if rule.id in found and path.name != f"{pack}.yaml":
                message = f"'{rule.id}' is a rule of '{pack}' in another language"
                problems.append(document.problem(("rules", index, "id"), message, "another id"))
            found[rule.id] = rule
    return tuple(found.values())

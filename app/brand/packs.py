"""Packs: claim rules that several brands extend, in brand/_packs/.

A pack is <id>.yaml, with a file for each further language beside it, <id>.<language>.yaml, whose rules are
for copy in that language. Its head says in which markets and from when to when it applies, whatever language
the copy is written in; its rules get that as their own, and may only narrow it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.brand.markets import missing
from app.brand.models import ClaimRule, PackRules, RuleFile
from app.brand.reading import build, duplicates, pattern_problems, shown
from app.brand.scope import PackHead
from app.errors import ContentError, Problem
from app.yaml12 import Document, read

PACKS = "_packs"
_NAME = re.compile(r"([a-z][a-z0-9_]*)(?:\.([a-z]{2}))?\.yaml")


@dataclass(frozen=True)
class Pack:
    """A pack as it is read: its rules apply where and when its head says."""

    id: str
    head: PackHead
    rules: tuple[ClaimRule, ...]
    places: Mapping[str, str]
    """Where each rule stands, as file, line and column, by its id."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has rules for."""
        return tuple(dict.fromkeys(language for rule in self.rules for language in rule.languages))


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


def load_packs(root: Path, only: Sequence[str] | None = None) -> dict[str, Pack]:
    """Packs under `root`/_packs by id: those named in `only` that exist, or all. Raises ContentError."""
    packs: dict[str, Pack] = {}
    problems: list[Problem] = []
    for name in pack_ids(root):
        if only is None or name in only:
            pack = _load(root, name, problems)
            if pack is not None:
                packs[name] = pack
    if problems:
        raise ContentError(problems)
    return packs


def _load(root: Path, pack: str, problems: list[Problem]) -> Pack | None:
    found: dict[str, ClaimRule] = {}
    places: dict[str, str] = {}
    head: PackHead | None = None
    for path in pack_files(root, pack):
        document = read_pack(root, path)
        whole = path.name == f"{pack}.yaml"
        rules: RuleFile | None = build(document, PackRules if whole else RuleFile, problems)
        if rules is None:
            continue
        if isinstance(rules, PackRules):
            head = rules.pack
        problems += [*duplicates(document, "rules"), *pattern_problems(document, rules.rules)]
        for index, rule in enumerate(rules.rules):
            if rule.id in found and not whole:
                message = f"'{rule.id}' is a rule of '{pack}' in another language"
                problems.append(document.problem(("rules", index, "id"), message, "another id"))
            problems += _beyond(document, index, rule, head)
            found[rule.id] = rule
            line, column = document.position(("rules", index))
            places[rule.id] = f"{document.file}:{line}:{column}"
    if head is None:
        if not problems:
            where = f"{root.name}/{PACKS}/{pack}.yaml"
            problems.append(Problem(where, 0, 0, "", "is not there", "the file of the pack, with its head"))
        return None
    return Pack(pack, head, tuple(_under(head, rule) for rule in found.values()), places)


def _beyond(document: Document, index: int, rule: ClaimRule, head: PackHead | None) -> Iterator[Problem]:
    """A rule of a pack that names a market or a day outside those of its pack."""
    if head is None:
        return
    at = ("rules", index)
    outside = sorted(missing(rule.scope.markets, head.markets))
    if outside:
        message = f"the pack does not apply in {', '.join(outside)}"
        yield document.problem((*at, "scope", "markets"), message, f"a part of {', '.join(head.markets)}")
    if rule.effective_from and head.applies_from and rule.effective_from < head.applies_from:
        message = f"the pack applies from {head.applies_from}"
        yield document.problem((*at, "effective_from"), message, "that day or a later one")
    if rule.effective_until and head.applies_until and rule.effective_until > head.applies_until:
        message = f"the pack applies until {head.applies_until}"
        yield document.problem((*at, "effective_until"), message, "that day or an earlier one")


def _under(head: PackHead, rule: ClaimRule) -> ClaimRule:
    """The rule with the markets and days of its pack, where it says none of its own."""
    given: dict[str, object] = {}
    if head.markets and not rule.scope.markets:
        given["scope"] = rule.scope.model_copy(update={"markets": head.markets})
    if head.applies_from and rule.effective_from is None:
        given["effective_from"] = head.applies_from
    if head.applies_until and rule.effective_until is None:
        given["effective_until"] = head.applies_until
    return rule.model_copy(update=given) if given else rule

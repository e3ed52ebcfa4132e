"""Reading brand folders: strict, all problems at once, each with file, line and column."""

import re
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import re2
from pydantic import BaseModel

from app.brand.brand import Brand
from app.brand.contract import DecisionContract
from app.brand.models import (
    Asset,
    AssetManifest,
    BrandIdentity,
    ClaimRule,
    ClaimRules,
    Disclosures,
    NeverInferList,
    NeverInferRule,
    Offers,
    Variables,
    VoiceGuide,
)
from app.brand.segments import Segments
from app.errors import ContentError, Problem, UsageError
from app.manifest import collect
from app.yaml12 import Document, nearest, read

ModelT = TypeVar("ModelT", bound=BaseModel)
PACKS = "_packs"
FILES: dict[str, type[BaseModel]] = {
    "brand.yaml": BrandIdentity,
    "voice.yaml": VoiceGuide,
    "claims.yaml": ClaimRules,
    "compliance.yaml": Disclosures,
    "variables.yaml": Variables,
    "never_infer.yaml": NeverInferList,
    "offers.yaml": Offers,
    "segments.yaml": Segments,
    "contract.yaml": DecisionContract,
    "assets/manifest.yaml": AssetManifest,
}


def brand_ids(root: Path) -> list[str]:
    """The brands that have a folder under `root`."""
    if not root.is_dir():
        return []
    return sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(("_", ".")))


def pack_ids(root: Path) -> list[str]:
    """The packs under `root`/_packs."""
    return sorted(path.stem for path in (root / PACKS).glob("*.yaml"))


def load_packs(root: Path, only: tuple[str, ...] | None = None) -> dict[str, tuple[ClaimRule, ...]]:
    """Packs under `root`/_packs by id: those named in `only` that exist, or all. Raises ContentError."""
    packs: dict[str, tuple[ClaimRule, ...]] = {}
    problems: list[Problem] = []
    for name in pack_ids(root):
        if only is not None and name not in only:
            continue
        path = root / PACKS / f"{name}.yaml"
        document = read(path, _shown(root, path))
        rules = _build(document, ClaimRules, problems)
        if rules is not None:
            problems += _rule_problems(document, rules.rules)
            packs[path.stem] = rules.rules
    if problems:
        raise ContentError(problems)
    return packs


def load_brand(root: Path, brand_id: str) -> Brand:
    """Load one brand. Raises UsageError for an unknown id, ContentError with every problem found."""
    folder = root / brand_id
    if brand_id not in brand_ids(root):
        raise UsageError(f"there is no brand '{brand_id}'", nearest(brand_id, brand_ids(root)))
    return _Loader(root, folder).load()


class _Loader:
    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.problems: list[Problem] = []
        self.documents: dict[str, Document] = {}
        self.parts: dict[str, BaseModel] = {}

    def load(self) -> Brand:
        for name, model in FILES.items():
            document = read(self.folder / name, _shown(self.root, self.folder / name))
            self.documents[name] = document
            part = _build(document, model, self.problems)
            if part is not None:
                self.parts[name] = part
        self._unknown_files()
        packs = self._packs()
        if len(self.parts) == len(FILES):
            self._cross_check(packs)
        if self.problems:
            raise ContentError(self.problems)
        return self._assemble(packs)

    def part(self, name: str, model: type[ModelT]) -> ModelT:
        """The parsed file `name`."""
        part = self.parts[name]
        if not isinstance(part, model):
            raise TypeError(f"{name} holds a {type(part).__name__}")
        return part

    def _packs(self) -> dict[str, tuple[ClaimRule, ...]]:
        """The packs that the brand extends: a fault in another pack is none of this brand's."""
        identity = self.parts.get("brand.yaml")
        if not isinstance(identity, BrandIdentity):
            return {}
        try:
            return load_packs(self.root, identity.packs)
        except ContentError as error:
            self.problems += error.problems
            return {}

    def _unknown_files(self) -> None:
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.name not in FILES:
                shown = _shown(self.root, path)
                self.problems.append(Problem(shown, 0, 0, "", "unknown file", nearest(path.name, FILES)))

    def _cross_check(self, packs: dict[str, tuple[ClaimRule, ...]]) -> None:
        identity = self.part("brand.yaml", BrandIdentity)
        brand_file = self.documents["brand.yaml"]
        if identity.id != self.folder.name:
            self._add(
                brand_file,
                ("id",),
                f"is '{identity.id}', the folder is '{self.folder.name}'",
                "the same name",
            )
        for index, pack in enumerate(identity.packs):
            if pack not in pack_ids(self.root):
                hint = nearest(pack, pack_ids(self.root))
                self._add(brand_file, ("packs", index), f"unknown pack '{pack}'", hint)
        claims = self.part("claims.yaml", ClaimRules)
        self.problems += _rule_problems(self.documents["claims.yaml"], claims.rules)
        never = self.part("never_infer.yaml", NeverInferList)
        self.problems += _rule_problems(self.documents["never_infer.yaml"], never.rules)
        self._duplicate_ids(packs, identity)
        self._names()
        self._locales(identity)
        self._asset_files()

    def _duplicate_ids(self, packs: dict[str, tuple[ClaimRule, ...]], identity: BrandIdentity) -> None:
        for file, key in (
            ("compliance.yaml", "disclosures"),
            ("variables.yaml", "variables"),
            ("offers.yaml", "offers"),
            ("assets/manifest.yaml", "assets"),
        ):
            self.problems += duplicates(self.documents[file], key)
        taken: set[str] = set()
        for index, pack in enumerate(identity.packs):
            ids = {rule.id for rule in packs.get(pack, ())}
            for rule_id in sorted(ids & taken):
                message = f"'{rule_id}' of pack '{pack}' is a rule of an earlier pack too"
                self._add(self.documents["brand.yaml"], ("packs", index), message, "packs that differ")
            taken |= ids
        rules = self.part("claims.yaml", ClaimRules).rules
        for index, rule in enumerate(rules):
            if rule.id in taken:
                at = ("rules", index, "id")
                self._add(
                    self.documents["claims.yaml"],
                    at,
                    f"'{rule.id}' is a rule of a pack already",
                    "another id",
                )

    def _names(self) -> None:
        segments_file = self.documents["segments.yaml"]
        taken: dict[str, str] = {}
        for index, segment in enumerate(self.part("segments.yaml", Segments).segments):
            for number, name in enumerate((segment.id, *segment.aliases)):
                if name in taken:
                    at = ("segments", index, *(("aliases", number - 1) if number else ("id",)))
                    self._add(
                        segments_file, at, f"'{name}' already names segment '{taken[name]}'", "another name"
                    )
                taken[name] = segment.id
        contract = self.part("contract.yaml", DecisionContract)
        known = [rule.id for rule in self.part("never_infer.yaml", NeverInferList).rules]
        for index, rule in enumerate(contract.never_infer):
            if rule not in known:
                at = ("never_infer", index)
                self._add(self.documents["contract.yaml"], at, f"unknown rule '{rule}'", nearest(rule, known))
        self._inferred_segments()

    def _inferred_segments(self) -> None:
        """A segment or variable that is built on a never-infer trait could not be written for."""
        rules = self.part("never_infer.yaml", NeverInferList).rules
        words = {word.casefold(): rule.trait for rule in rules for word in rule.context_words}
        for index, segment in enumerate(self.part("segments.yaml", Segments).segments):
            names = " ".join((segment.id, *segment.aliases)).replace("_", " ")
            text = f"{names} {segment.name} {segment.purpose} {segment.audience} {segment.inclusion}"
            self._traits(self.documents["segments.yaml"], ("segments", index), text, words)
        for index, variable in enumerate(self.part("variables.yaml", Variables).variables):
            text = f"{variable.name.replace('.', ' ').replace('_', ' ')} {variable.meaning}"
            self._traits(self.documents["variables.yaml"], ("variables", index), text, words)

    def _traits(
        self, document: Document, at: tuple[str | int, ...], text: str, words: dict[str, str]
    ) -> None:
        for word, trait in words.items():
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold()):
                self._add(
                    document, at, f"'{word}' is about {trait}, which is never inferred", "another criterion"
                )

    def _locales(self, identity: BrandIdentity) -> None:
        voice = self.part("voice.yaml", VoiceGuide)
        for locale in voice.spelling:
            if locale not in identity.locales:
                at = ("spelling", locale)
                hint = nearest(locale, identity.locales)
                self._add(self.documents["voice.yaml"], at, f"'{locale}' is no locale of the brand", hint)

    def _asset_files(self) -> None:
        manifest = self.part("assets/manifest.yaml", AssetManifest)
        document = self.documents["assets/manifest.yaml"]
        for index, asset in enumerate(manifest.assets):
            path = self.folder / "assets" / asset.file
            if not path.is_file():
                self._add(
                    document, ("assets", index, "file"), f"'{asset.file}' is not there", "a file in assets/"
                )
            elif path.suffix == ".png":
                self._picture(document, index, asset, _png_size(path))

    def _picture(self, document: Document, index: int, asset: Asset, size: tuple[int, int] | None) -> None:
        if size is None:
            self._add(document, ("assets", index, "file"), f"'{asset.file}' is no PNG", "a picture")
        elif size != (asset.width, asset.height):
            at = ("assets", index, "width" if size[0] != asset.width else "height")
            self._add(document, at, f"'{asset.file}' is {size[0]} x {size[1]}", "the file's own size")

    def _add(self, document: Document, at: tuple[str | int, ...], message: str, expected: str) -> None:
        self.problems.append(document.problem(at, message, expected))

    def _assemble(self, packs: dict[str, tuple[ClaimRule, ...]]) -> Brand:
        identity = self.part("brand.yaml", BrandIdentity)
        segments = self.part("segments.yaml", Segments).segments
        own = self.part("claims.yaml", ClaimRules).rules
        return Brand(
            folder=self.folder,
            identity=identity,
            voice=self.part("voice.yaml", VoiceGuide),
            claims=(*(rule for pack in identity.packs for rule in packs[pack]), *own),
            disclosures=self.part("compliance.yaml", Disclosures).disclosures,
            variables={item.name: item for item in self.part("variables.yaml", Variables).variables},
            never_infer=self.part("never_infer.yaml", NeverInferList).rules,
            offers={item.id: item for item in self.part("offers.yaml", Offers).offers},
            segments={item.id: item for item in segments},
            contract=self.part("contract.yaml", DecisionContract),
            assets=self.part("assets/manifest.yaml", AssetManifest),
            manifest=collect(
                "brand",
                self.root,
                self.folder,
                *(self.root / PACKS / f"{pack}.yaml" for pack in identity.packs),
            ),
            aliases={alias: item.id for item in segments for alias in item.aliases},
        )


def _build(document: Document, model: type[ModelT], problems: list[Problem]) -> ModelT | None:
    if document.problems:
        problems.extend(document.problems)
        return None
    value, found = document.build(model)
    problems.extend(found)
    return value


def duplicates(document: Document, key: str) -> Iterator[Problem]:
    """Entries of the list under `key` whose id (or name) was given before."""
    seen: set[str] = set()
    for index, item in enumerate(document.data[key]):
        field = "id" if "id" in item else "name"
        if item[field] in seen:
            at = (key, index, field)
            yield document.problem(at, f"'{item[field]}' is given twice", "an id names one entry")
        seen.add(item[field])


def _rule_problems(document: Document, rules: Sequence[ClaimRule | NeverInferRule]) -> list[Problem]:
    problems = list(duplicates(document, "rules"))
    for index, rule in enumerate(rules):
        for number, pattern in enumerate(rule.patterns):
            try:
                re2.compile(pattern)
            except re2.error as error:
                at = ("rules", index, "patterns", number)
                problems.append(
                    document.problem(
                        at, f"bad RE2 pattern: {_words(error)}", "no look-around, no back-references"
                    )
                )
    return problems


def _words(error: Exception) -> str:
    text = error.args[0] if error.args else ""
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _shown(root: Path, path: Path) -> str:
    return str(Path(root.name) / path.relative_to(root))


def _png_size(path: Path) -> tuple[int, int] | None:
    """Width and height as the file's head says; None when it is no PNG."""
    with path.open("rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:24]) if len(head) == 24 and head[:4] == b"\x89PNG" else None

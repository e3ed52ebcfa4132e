"""Reading brand folders: strict, all problems at once, each with file, line and column.

What holds of the global files has to hold of every view, too: the checks run over each of them.
"""

import re
import struct
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from app.brand.brand import Brand
from app.brand.claims_library import LIBRARY_FILE, ClaimsLibrary, library_problems
from app.brand.consents import consent_problems
from app.brand.contract import DecisionContract
from app.brand.lists import list_problems
from app.brand.models import (
    Asset,
    AssetManifest,
    BrandIdentity,
    ClaimRule,
    ClaimRules,
    Disclosures,
    NeverInferList,
    Variables,
    VoiceGuide,
)
from app.brand.offers import Offers, stack_problems
from app.brand.overlays import View
from app.brand.overrides import overridden, override_problems
from app.brand.packs import Pack, load_packs, pack_files, pack_ids
from app.brand.platforms import Account, read_accounts
from app.brand.reading import duplicates, pattern_problems, shown
from app.brand.segments import Segments
from app.brand.suppression import suppression_problems
from app.brand.views import GLOBAL, Views, read_overlays
from app.errors import ContentError, Problem, UsageError
from app.manifest import Manifest, collect
from app.yaml12 import Document, Path_, nearest, read

ModelT = TypeVar("ModelT", bound=BaseModel)
_ASSETS = "assets/manifest.yaml"
FILES: dict[str, type[BaseModel]] = {
    "brand.yaml": BrandIdentity,
    "voice.yaml": VoiceGuide,
    "claims.yaml": ClaimRules,
    LIBRARY_FILE: ClaimsLibrary,
    "compliance.yaml": Disclosures,
    "variables.yaml": Variables,
    "never_infer.yaml": NeverInferList,
    "offers.yaml": Offers,
    "segments.yaml": Segments,
    "contract.yaml": DecisionContract,
    _ASSETS: AssetManifest,
}
ABSENT: dict[str, dict[str, object]] = {LIBRARY_FILE: {"claims": []}}
"""Files that a brand may leave out, and what it holds then."""


def brand_ids(root: Path) -> list[str]:
    """The brands that have a folder under `root`."""
    if not root.is_dir():
        return []
    return sorted(p.name for p in root.iterdir() if p.is_dir() and not p.name.startswith(("_", ".")))


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
        self.views = Views(self.documents, FILES, problems=self.problems)
        self.packs: dict[str, Pack] = {}
        self.accounts: dict[str, Account] = {}

    def load(self) -> Brand:
        for name in FILES:
            path, where = self.folder / name, shown(self.root, self.folder / name)
            absent = name in ABSENT and not path.exists()
            self.documents[name] = Document(where, data=dict(ABSENT[name])) if absent else read(path, where)
        whole = None not in [self.views.part(name, GLOBAL) for name in FILES]
        self._unknown_files()
        if whole:
            self._overlays()
        self._packs()
        if whole:
            self._cross_check()
            self._accounts()
        if self.problems:
            raise ContentError(list(dict.fromkeys(self.problems)))
        return self._assemble()

    def part(self, name: str, model: type[ModelT], view: View = GLOBAL) -> ModelT:
        """The parsed file `name` as the view has it."""
        part = self.views.part(name, view)
        if not isinstance(part, model):
            raise TypeError(f"{name} holds a {type(part).__name__}")
        return part

    def _overlays(self) -> None:
        """Take in the overlays, unless one of them is not fit to be laid over the global files."""
        locales = self.part("brand.yaml", BrandIdentity).locales
        before = len(self.problems)
        self.views.overlays = read_overlays(
            self.folder, shown(self.root, self.folder), locales, self.problems
        )
        usable = len(self.problems) == before and self.views.check()
        if usable:
            usable = None not in [self.views.part(f, v) for f in FILES for v in self.views.names]
        if usable:
            self.problems += self.views.formality(locales)
        else:
            self.views.overlays = []

    def _packs(self) -> None:
        """The packs that any view extends: a fault in another pack is none of this brand's."""
        identities = [self.views.part("brand.yaml", view) for view in self.views.names]
        only = [pack for item in identities if isinstance(item, BrandIdentity) for pack in item.packs]
        try:
            self.packs = load_packs(self.root, only)
        except ContentError as error:
            self.problems += error.problems

    def _unknown_files(self) -> None:
        for path in sorted(self.folder.glob("*.y*ml")):
            if path.name not in FILES:
                where = shown(self.root, path)
                self.problems.append(Problem(where, 0, 0, "", "unknown file", nearest(path.name, FILES)))

    def _cross_check(self) -> None:
        identity = self.part("brand.yaml", BrandIdentity)
        if identity.id != self.folder.name:
            message = f"is '{identity.id}', the folder is '{self.folder.name}'"
            self._add("brand.yaml", ("id",), message, "the same name")
        for view in self.views.names:
            self._pack_names(view)
            self._patterns(view)
            self._library(view)
            self._duplicate_ids(view)
            self._inferred_traits(view)
            self._locales(view)
            self._lists(view)
        self._names()
        claims = self.part("claims.yaml", ClaimRules)
        if {pack for view in self.views.names for pack in self._identity(view).packs} <= self.packs.keys():
            self.problems += override_problems(
                self.documents["claims.yaml"], claims.overrides, self.packs, claims.rules
            )
        self.problems += consent_problems(
            self.documents["variables.yaml"],
            self.part("variables.yaml", Variables),
            self.documents["segments.yaml"],
            self.part("segments.yaml", Segments),
        )
        offers = self.part("offers.yaml", Offers)
        self.problems += stack_problems(self.documents["offers.yaml"], offers)
        self.problems += suppression_problems(
            self.documents["segments.yaml"], self.part("segments.yaml", Segments)
        )
        self._asset_files()

    def _accounts(self) -> None:
        variables = {item.name: item for item in self.part("variables.yaml", Variables).variables}
        segments = {item.id: item for item in self.part("segments.yaml", Segments).segments}
        where = shown(self.root, self.folder)
        lists = {item.id: item for item in self.part("variables.yaml", Variables).lists}
        self.accounts, problems = read_accounts(self.folder, where, variables, segments, lists)
        self.problems += problems

    def _pack_names(self, view: View) -> None:
        known = pack_ids(self.root)
        for index, pack in enumerate(self.part("brand.yaml", BrandIdentity, view).packs):
            if pack not in known:
                at = ("packs", index)
                self._add("brand.yaml", at, f"unknown pack '{pack}'", nearest(pack, known), view)

    def _patterns(self, view: View) -> None:
        if self.views.touching(view, "claims.yaml"):
            claims = self.part("claims.yaml", ClaimRules, view)
            self.problems += pattern_problems(self.views.document("claims.yaml", view), claims.rules)
        if self.views.touching(view, "never_infer.yaml"):
            never = self.part("never_infer.yaml", NeverInferList, view)
            self.problems += pattern_problems(self.views.document("never_infer.yaml", view), never.rules)

    def _library(self, view: View) -> None:
        library = self.part(LIBRARY_FILE, ClaimsLibrary, view)
        document = self.views.document(LIBRARY_FILE, view)
        for problem in library_problems(document, library, self._rules(view)):
            if problem not in self.problems:
                self.problems.append(problem)

    def _rules(self, view: View) -> tuple[ClaimRule, ...]:
        """The claim rules of the packs that the view extends, as the brand changes them, then its own."""
        packs = (self.packs[pack] for pack in self._identity(view).packs if pack in self.packs)
        own = self.part("claims.yaml", ClaimRules, view)
        return (*overridden((rule for pack in packs for rule in pack.rules), own.overrides), *own.rules)

    def _duplicate_ids(self, view: View) -> None:
        if view == GLOBAL:
            for file, key in (
                ("claims.yaml", "rules"),
                (LIBRARY_FILE, "claims"),
                ("never_infer.yaml", "rules"),
                ("compliance.yaml", "disclosures"),
                ("variables.yaml", "variables"),
                ("variables.yaml", "consents"),
                ("variables.yaml", "lists"),
                ("offers.yaml", "offers"),
                ("assets/manifest.yaml", "assets"),
            ):
                self.problems += duplicates(self.documents[file], key)
        taken: dict[str, str] = {}
        for index, pack in enumerate(self.part("brand.yaml", BrandIdentity, view).packs):
            places = self.packs[pack].places if pack in self.packs else {}
            for rule_id in sorted(places.keys() & taken.keys()):
                message = (
                    f"rule '{rule_id}' of pack '{pack}' at {places[rule_id]} stands at {taken[rule_id]} too"
                )
                self._add("brand.yaml", ("packs", index), message, "packs that differ", view)
            taken = {**places, **taken}
        for index, rule in enumerate(self.part("claims.yaml", ClaimRules, view).rules):
            if rule.id in taken:
                message = f"'{rule.id}' is a rule of a pack already"
                self._add("claims.yaml", ("rules", index, "id"), message, "another id", view)

    def _names(self) -> None:
        taken: dict[str, str] = {}
        for index, segment in enumerate(self.part("segments.yaml", Segments).segments):
            for number, name in enumerate((segment.id, *segment.aliases)):
                if name in taken:
                    at = ("segments", index, *(("aliases", number - 1) if number else ("id",)))
                    message = f"'{name}' already names segment '{taken[name]}'"
                    self._add("segments.yaml", at, message, "another name")
                taken[name] = segment.id
        contract = self.part("contract.yaml", DecisionContract)
        known = [rule.id for rule in self.part("never_infer.yaml", NeverInferList).rules]
        for index, rule in enumerate(contract.never_infer):
            if rule not in known:
                at = ("never_infer", index)
                self._add("contract.yaml", at, f"unknown rule '{rule}'", nearest(rule, known))

    def _inferred_traits(self, view: View) -> None:
        """A segment or variable that is built on a never-infer trait could not be written for."""
        rules = self.part("never_infer.yaml", NeverInferList, view).rules
        words = {word.casefold(): rule.trait for rule in rules for word in rule.context_words}
        for index, segment in enumerate(self.part("segments.yaml", Segments).segments):
            names = " ".join((segment.id, *segment.aliases)).replace("_", " ")
            text = f"{names} {segment.name} {segment.purpose} {segment.audience} {segment.inclusion}"
            self._traits("segments.yaml", ("segments", index), text, words, view)
        for index, variable in enumerate(self.part("variables.yaml", Variables, view).variables):
            named = variable.name.replace(".", " ").replace("_", " ")
            text = f"{named} {variable.meaning} {variable.purpose}"
            at: Path_ = ("variables", index, *(() if view == GLOBAL else ("meaning",)))
            self._traits("variables.yaml", at, text, words, view)

        for index, listed in enumerate(self.part("variables.yaml", Variables, view).lists):
            text = f"{listed.id.replace('_', ' ')} {listed.meaning} {listed.purpose}"
            self._traits("variables.yaml", ("lists", index, "meaning"), text, words, view)

    def _traits(self, file: str, at: Path_, text: str, words: dict[str, str], view: View) -> None:
        folded = text.casefold()
        for word, trait in words.items():
            # Nearly no word is there, and looking for it as it stands says so far sooner.
            if word in folded and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", folded):
                message = f"'{word}' is about {trait}, which is never inferred"
                self._add(file, at, message, "another criterion", view)

    def _lists(self, view: View) -> None:
        document = self.views.document("variables.yaml", view)
        lists = self.part("variables.yaml", Variables, view).lists
        assets = [asset.id for asset in self.part(_ASSETS, AssetManifest, view).assets]
        for problem in list_problems(document, lists, assets, self._identity(view).link_hosts):
            if problem not in self.problems:
                self.problems.append(problem)

    def _locales(self, view: View) -> None:
        known = self.part("brand.yaml", BrandIdentity).locales
        for locale in self.part("voice.yaml", VoiceGuide, view).spelling:
            if locale not in known:
                message = f"'{locale}' is no locale of the brand"
                self._add("voice.yaml", ("spelling", locale), message, nearest(locale, known), view)

    def _asset_files(self) -> None:
        manifest = self.part(_ASSETS, AssetManifest)
        for index, asset in enumerate(manifest.assets):
            for field, name in (("file", asset.file), ("dark", asset.dark)):
                if name is not None:
                    self._asset_file(index, asset, field, name)

    def _asset_file(self, index: int, asset: Asset, field: str, name: str) -> None:
        path, at = self.folder / "assets" / name, ("assets", index, field)
        if not path.is_file():
            self._add(_ASSETS, at, f"'{name}' is not there", "a file in assets/")
            return
        size = _png_size(path) if path.suffix == ".png" else (asset.width, asset.height)
        if size is None:
            self._add(_ASSETS, at, f"'{name}' is no PNG", "a picture")
        elif size != (asset.width, asset.height):
            wrong = "width" if size[0] != asset.width else "height"
            at = ("assets", index, wrong if field == "file" else field)
            right = "the file's own size" if field == "file" else f"{asset.width} x {asset.height}"
            self._add(_ASSETS, at, f"'{name}' is {size[0]} x {size[1]}", right)

    def _add(self, file: str, at: Path_, message: str, expected: str, view: View = GLOBAL) -> None:
        problem = self.views.document(file, view).problem(at, message, expected)
        if problem not in self.problems:
            self.problems.append(problem)

    def _assemble(self) -> Brand:
        views: dict[View, Brand] = {}
        packs = sorted({pack for v in self.views.names for pack in self._identity(v).packs})
        files = [path for pack in packs for path in pack_files(self.root, pack)]
        manifest = collect("brand", self.root, self.folder, *files)
        for view in self.views.names:
            views[view] = self._view(view, manifest, views)
        return views[GLOBAL]

    def _view(self, view: View, manifest: Manifest, views: dict[View, Brand]) -> Brand:
        documented = self.part("segments.yaml", Segments)
        segments = documented.segments
        of_readers = self.part("variables.yaml", Variables, view)
        offers = self.part("offers.yaml", Offers)
        identity = self._identity(view)
        return Brand(
            folder=self.folder,
            identity=identity,
            voice=self.part("voice.yaml", VoiceGuide, view),
            claims=self._rules(view),
            disclosures=self.part("compliance.yaml", Disclosures, view).disclosures,
            variables={item.name: item for item in of_readers.variables},
            never_infer=self.part("never_infer.yaml", NeverInferList, view).rules,
            offers={item.id: item for item in offers.offers},
            segments={item.id: item for item in segments},
            contract=self.part("contract.yaml", DecisionContract),
            assets=self.part(_ASSETS, AssetManifest, view),
            manifest=manifest,
            aliases={alias: item.id for item in segments for alias in item.aliases},
            view=view,
            views=views,
            consents={item.id: item for item in self.part("variables.yaml", Variables).consents},
            library=self.part(LIBRARY_FILE, ClaimsLibrary, view).claims,
            packs=tuple(self.packs[pack] for pack in identity.packs),
            overrides=self.part("claims.yaml", ClaimRules, view).overrides,
            accounts=self.accounts,
            stacks=offers.stacks,
            margin_floor_percent=offers.margin_floor_percent,
            lists={item.id: item for item in of_readers.lists},
            suppressions={item.flag: item for item in documented.suppressions},
        )

    def _identity(self, view: View) -> BrandIdentity:
        return self.part("brand.yaml", BrandIdentity, view)


def _png_size(path: Path) -> tuple[int, int] | None:
    """Width and height as the file's head says; None when it is no PNG."""
    with path.open("rb") as file:
        head = file.read(24)
    return struct.unpack(">II", head[16:24]) if len(head) == 24 and head[:4] == b"\x89PNG" else None

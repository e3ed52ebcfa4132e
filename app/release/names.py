"""Names that content uses against the names that exist: unknown is an error, with the nearest known one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from app.blocks.loader import EVERGREEN, PlacedBlock, block_file
from app.blocks.registry import KINDS, REQUIRED
from app.brand.brand import Brand
from app.brand.packs import pack_files, read_pack
from app.brand.segments import WHOLE_EMAIL
from app.brief.facts import Role
from app.brief.models import Journey
from app.errors import Problem
from app.release.samples import SAMPLES, last_part
from app.tokens import Token, tokens_in
from app.yaml12 import Document, Path_, nearest, read

JOURNEYS = tuple(journey.value for journey in Journey)
ROLES = tuple(role.value for role in Role)


def brand_problems(brand: Brand) -> list[Problem]:
    """Kinds, journeys, roles and KPIs in the brand's own files that do not exist."""
    contract, variables, compliance, segments = (
        read(brand.folder / name, f"{brand.folder.parent.name}/{brand.id}/{name}")
        for name in ("contract.yaml", "variables.yaml", "compliance.yaml", "segments.yaml")
    )
    problems = [*_contract(brand, contract), *_scopes(brand)]
    for index, variable in enumerate(brand.variables.values()):
        problems += _unknown(variables, ("variables", index, "kinds"), "kind", variable.kinds, KINDS)
    for index, disclosure in enumerate(brand.disclosures):
        at = ("disclosures", index)
        problems += _unknown(compliance, (*at, "kinds"), "kind", disclosure.kinds, KINDS)
        problems += _unknown(compliance, (*at, "journeys"), "journey", disclosure.journeys, JOURNEYS)
    problems += _suppressions(brand, segments)
    for index, segment in enumerate(brand.segments.values()):
        known = {rung.tier for offer in brand.offers.values() for rung in offer.ladder}
        if known and segment.value_tier not in known:
            message = f"no offer has a rung for the value tier '{segment.value_tier}'"
            hint = nearest(segment.value_tier, known)
            problems.append(segments.problem(("segments", index, "value_tier"), message, hint))
    return problems


def _suppressions(brand: Brand, document: Document) -> Iterator[Problem]:
    """Blocks and journeys that suppression flags name; a required block cannot be left out of an email."""
    known = [WHOLE_EMAIL, *(kind for kind in KINDS if kind not in REQUIRED)]
    for index, entry in enumerate(brand.suppressions.values()):
        at = ("suppressions", index)
        yield from _unknown(document, (*at, "journeys"), "journey", entry.journeys, JOURNEYS)
        for number, name in enumerate(entry.stops):
            if name in REQUIRED:
                message = f"no email can do without its '{name}'"
                yield document.problem((*at, "stops", number), message, f"`{WHOLE_EMAIL}` stops all of it")
            elif name not in known:
                message = f"there is no block '{name}' to stop"
                yield document.problem((*at, "stops", number), message, nearest(name, known))


def _scopes(brand: Brand) -> Iterator[Problem]:
    """Kinds, journeys and locales that the scopes of claim rules name, in the brand's files and its packs."""
    shown = f"{brand.folder.parent.name}/{brand.id}"
    claims = read(brand.folder / "claims.yaml", f"{shown}/claims.yaml")
    locales = brand.identity.locales
    for place in ("rules", "overrides"):
        for index, entry in enumerate(claims.data.get(place, ())):
            yield from _scope(claims, (place, index, "scope"), entry.get("scope", {}), locales)
    for path in (path for path in brand.manifest.sources if path.startswith(f"{shown}/markets/")):
        if path.endswith("/claims.yaml"):
            document = read(brand.manifest.sources[path], path)
            for index, entry in enumerate(document.data.get("rules", ())):
                yield from _scope(document, ("rules", index, "scope"), entry.get("scope", {}), locales)
    for pack in {pack.id: pack for view in brand.everywhere for pack in view.packs}:
        for file in pack_files(brand.folder.parent, pack):
            document = read_pack(brand.folder.parent, file)
            for index, entry in enumerate(document.data["rules"]):
                yield from _scope(document, ("rules", index, "scope"), entry.get("scope", {}))


def _scope(
    document: Document, at: Path_, scope: Mapping[str, Sequence[str]], locales: Sequence[str] = ()
) -> Iterator[Problem]:
    yield from _unknown(document, (*at, "kinds"), "kind", scope.get("kinds", ()), KINDS)
    yield from _unknown(document, (*at, "journeys"), "journey", scope.get("journeys", ()), JOURNEYS)
    if locales:
        yield from _unknown(document, (*at, "locales"), "locale", scope.get("locales", ()), locales)


def _contract(brand: Brand, document: Document) -> Iterator[Problem]:
    contract = brand.contract
    writable = [kind.id for kind in KINDS.values() if kind.generated]
    yield from _unknown(
        document, ("may_generate",), "kind that a model may write", contract.may_generate, writable
    )
    yield from _unknown_keys(document, ("tiers", "kinds"), "kind", contract.tiers.kinds, KINDS)
    yield from _unknown_keys(document, ("tiers", "journeys"), "journey", contract.tiers.journeys, JOURNEYS)
    yield from _unknown_keys(document, ("tiers", "facts"), "role of a fact", contract.tiers.facts, ROLES)
    yield from _unknown_keys(document, ("confidence_by_kind",), "kind", contract.confidence_by_kind, KINDS)


def _unknown(
    document: Document, at: Path_, what: str, names: Sequence[str], known: Iterable[str]
) -> Iterator[Problem]:
    listed = list(known)
    for index, name in enumerate(names):
        if name not in listed:
            yield document.problem((*at, index), f"unknown {what} '{name}'", nearest(name, listed))


def _unknown_keys(
    document: Document, at: Path_, what: str, names: Iterable[str], known: Iterable[str]
) -> Iterator[Problem]:
    listed = list(known)
    for name in names:
        if name not in listed:
            yield document.problem((*at, name), f"unknown {what} '{name}'", nearest(name, listed))


def block_problems(
    brand: Brand, placed: Sequence[PlacedBlock], *, folder: str, whole: bool = True
) -> list[Problem]:
    """What blocks name and the brand does not have; with `whole` also which evergreen blocks are missing."""
    problems = [problem for item in placed for problem in _one(brand, item)]
    return problems + (missing_evergreen(brand, placed, folder) if whole else [])


def _one(brand: Brand, placed: PlacedBlock) -> Iterator[Problem]:
    block = placed.block
    if block.journey is not None and block.journey not in JOURNEYS:
        message = f"'{Path(placed.document.file).name}' is named after no journey"
        yield placed.problem(message, nearest(block.journey, [*JOURNEYS, EVERGREEN]))
    known = [*brand.segments, *brand.aliases]
    yield from _listed(placed, "segments", "segment", block.segments, known)
    yield from _listed(placed, "locales", "locale of the brand", block.locales, brand.identity.locales)
    if block.image is not None and brand.asset(block.image) is None:
        assets = [asset.id for asset in brand.assets.assets]
        yield placed.problem(f"unknown asset '{block.image}'", nearest(block.image, assets), "image")
    for field, text in block.copy_.items():
        for token in tokens_in(text):
            yield from _token(brand, placed, field, token)


def _listed(
    placed: PlacedBlock, field: str, what: str, names: Sequence[str], known: Iterable[str]
) -> Iterator[Problem]:
    listed = list(known)
    for index, name in enumerate(names):
        if name not in listed:
            yield placed.problem(f"unknown {what} '{name}'", nearest(name, listed), field, index)


def _token(brand: Brand, placed: PlacedBlock, field: str, token: Token) -> Iterator[Problem]:
    block, name, at = placed.block, token.name, ("copy", field)
    if block.evergreen:
        message = f"an evergreen block holds no token, this one holds '{{{name}}}'"
        yield placed.problem(message, "words that stay true", *at)
    elif token.is_variable:
        variable = brand.variables.get(name)
        if variable is None:
            yield placed.problem(f"unknown variable '{name}'", nearest(name, brand.variables), *at)
        elif block.kind not in variable.kinds:
            hint = f"allowed in: {', '.join(variable.kinds)}"
            yield placed.problem(f"'{name}' is not allowed in {block.kind}", hint, *at)
    elif last_part(name) not in SAMPLES:
        message = f"no fact is called like '{name}': its last part says what it means"
        yield placed.problem(message, nearest(last_part(name), SAMPLES), *at)


def missing_evergreen(brand: Brand, placed: Sequence[PlacedBlock], folder: str) -> list[Problem]:
    """Required kinds without an evergreen block for any segment, by locale of the brand (invariant 4)."""
    present = {
        (item.block.kind, locale)
        for item in placed
        if item.block.evergreen and not item.block.segments
        for locale in item.block.locales
    }
    return [
        Problem(
            f"{folder}/{block_file(kind, None, locale, brand.identity.locales[0])}",
            0,
            0,
            "",
            f"no evergreen {kind} for {locale} that fits every segment",
            "each required kind needs one for each locale",
        )
        for kind in REQUIRED
        for locale in brand.identity.locales
        if (kind, locale) not in present
    ]

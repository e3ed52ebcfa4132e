"""Who uses what about a reader: every variable of a brand with its grounds, its users and its limits."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from app.brand.basis import Basis
from app.brand.brand import Brand
from app.brand.lists import ProductList
from app.brand.models import Variable
from app.brand.segments import Layer
from app.release.library import ContentLibrary
from app.tokens import token_names


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UsingBlock(_Frozen):
    """An approved block that uses the variable, and the line at which it stands."""

    id: str
    file: str
    line: int
    twin: str | None


class VariableUse(_Frozen):
    """One variable. `segments` may get it, `lacking` may not for want of its consent; suppression aside.

    `prompt_kinds` are the kinds whose prompts tell a model of it. `drafts` counts the stored ones that use
    it, None when no database was looked at. `disclosures` are those that its token calls for.
    """

    name: str
    meaning: str
    purpose: str
    basis: Basis
    consent: str | None
    fallback: str
    kinds: tuple[str, ...]
    prompt_kinds: tuple[str, ...]
    segments: tuple[str, ...]
    lacking: tuple[str, ...]
    blocks: tuple[UsingBlock, ...]
    disclosures: tuple[str, ...]
    drafts: int | None

    @property
    def used(self) -> bool:
        """Whether any approved block or stored draft holds it."""
        return bool(self.blocks or self.drafts)


class ListUse(_Frozen):
    """One list of products: `segments` may get it, `lacking` may not for want of its consent; suppression
    aside. `accounts` are those that say where they keep it.
    """

    id: str
    meaning: str
    purpose: str
    basis: Basis
    consent: str | None
    most: int
    segments: tuple[str, ...]
    lacking: tuple[str, ...]
    accounts: tuple[str, ...]


class ConsentUse(_Frozen):
    """One consent: how it is asked for, what needs it, who gave it and who did not; suppression aside."""

    id: str
    wording: str
    collected: str
    owner: str
    variables: tuple[str, ...]
    lists: tuple[str, ...]
    segments: tuple[str, ...]
    lacking: tuple[str, ...]


class VariableUses(_Frozen):
    """All variables, lists and consents of a brand; `unused` are variables that nobody uses."""

    brand: str
    variables: tuple[VariableUse, ...]
    lists: tuple[ListUse, ...]
    consents: tuple[ConsentUse, ...]
    unused: tuple[str, ...]


def variable_uses(library: ContentLibrary, drafts: Mapping[str, int] | None = None) -> VariableUses:
    """What the brand's files say, and the count of `drafts` by variable where it is known."""
    brand = library.brand
    variables = tuple(_variable(library, item, drafts) for item in brand.variables.values())
    consents = (
        ConsentUse(
            id=consent.id,
            wording=consent.wording,
            collected=consent.collected,
            owner=consent.owner,
            variables=tuple(item.name for item in variables if item.consent == consent.id),
            lists=tuple(item.id for item in brand.lists.values() if item.consent == consent.id),
            segments=_segments(brand, consent.id, given=True),
            lacking=_segments(brand, consent.id, given=False),
        )
        for consent in brand.consents.values()
    )
    unused = tuple(item.name for item in variables if not item.used)
    lists = tuple(_list(brand, item) for item in brand.lists.values())
    return VariableUses(
        brand=brand.id, variables=variables, lists=lists, consents=tuple(consents), unused=unused
    )


def _variable(library: ContentLibrary, item: Variable, drafts: Mapping[str, int] | None) -> VariableUse:
    brand, token = library.brand, "{" + item.name + "}"
    blocks = tuple(
        UsingBlock(id=placed.block.id, file=placed.document.file, line=placed.line, twin=placed.block.twin)
        for placed in library.blocks
        if any(item.name in token_names(text) for text in placed.block.copy_.values())
    )
    return VariableUse(
        name=item.name,
        meaning=item.meaning,
        purpose=item.purpose,
        basis=item.basis,
        consent=item.consent,
        fallback=item.fallback,
        kinds=item.kinds,
        prompt_kinds=tuple(kind for kind in item.kinds if kind in brand.contract.may_generate),
        segments=_segments(brand, item.consent, given=True),
        lacking=_segments(brand, item.consent, given=False),
        blocks=blocks,
        disclosures=tuple(rule.id for rule in brand.disclosures if token in rule.triggers),
        drafts=None if drafts is None else drafts.get(item.name, 0),
    )


def _list(brand: Brand, item: ProductList) -> ListUse:
    return ListUse(
        id=item.id,
        meaning=item.meaning,
        purpose=item.purpose,
        basis=item.basis,
        consent=item.consent,
        most=item.most,
        segments=_segments(brand, item.consent, given=True),
        lacking=_segments(brand, item.consent, given=False),
        accounts=tuple(account.id for account in brand.accounts.values() if item.id in account.lists),
    )


def _segments(brand: Brand, consent: str | None, *, given: bool) -> tuple[str, ...]:
    """Segments that are written to and gave the consent, or did not; where none is needed all have it."""
    return tuple(
        segment.id
        for segment in brand.segments.values()
        if segment.layer is not Layer.SUPPRESSION
        and (consent is None or consent in segment.consents) is given
    )

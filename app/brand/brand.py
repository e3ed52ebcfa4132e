"""A Brand: everything in one brand folder, checked, with the listing of its files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from app.brand.claims_library import Claim
from app.brand.contract import DecisionContract
from app.brand.lists import ProductList
from app.brand.models import (
    Asset,
    AssetManifest,
    BrandIdentity,
    ClaimRule,
    Consent,
    Disclosure,
    NeverInferRule,
    Variable,
    VoiceGuide,
)
from app.brand.offers import Offer, Stack
from app.brand.overlays import View
from app.brand.packs import Pack
from app.brand.platforms import Account
from app.brand.scope import Override
from app.brand.segments import Segment, Suppression
from app.errors import UsageError
from app.manifest import Manifest
from app.yaml12 import nearest


@dataclass(frozen=True)
class Brand:
    """One brand as loaded. `claims` holds the packs' rules first, then the brand's own.

    `manifest` lists every file of the folder, overlays included, and of the packs it extends.
    `views` holds the brand as each language and market with overlays has it; `view` says which one this is.
    """

    folder: Path
    identity: BrandIdentity
    voice: VoiceGuide
    claims: tuple[ClaimRule, ...]
    disclosures: tuple[Disclosure, ...]
    variables: Mapping[str, Variable]
    never_infer: tuple[NeverInferRule, ...]
    offers: Mapping[str, Offer]
    segments: Mapping[str, Segment]
    contract: DecisionContract
    assets: AssetManifest
    manifest: Manifest
    aliases: Mapping[str, str] = field(default_factory=dict)
    view: View = ("", "")
    views: Mapping[View, "Brand"] = field(default_factory=dict, repr=False, compare=False)
    consents: Mapping[str, Consent] = field(default_factory=dict)
    library: tuple[Claim, ...] = ()
    """The claims library: restricted claims that may be made as they were approved."""
    packs: tuple[Pack, ...] = ()
    """The packs that it extends, with their rules as they stand there."""
    overrides: tuple[Override, ...] = ()
    """What it changes of their rules; `claims` holds them changed."""
    accounts: Mapping[str, Account] = field(default_factory=dict)
    """The accounts at sending platforms, by id."""
    stacks: tuple[Stack, ...] = ()
    """Which offers may be combined."""
    margin_floor_percent: Decimal | None = None
    """The margin that a discount has to leave, where the offer has no floor of its own."""
    suppressions: Mapping[str, Suppression] = field(default_factory=dict)
    """What each suppression flag stops, by the flag."""

    lists: Mapping[str, ProductList] = field(default_factory=dict)
    """The lists of products that the sending platforms keep for each reader, by id."""

    @property
    def id(self) -> str:
        """The folder's name and the brand's id; loading proves that they agree."""
        return self.identity.id

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest: any byte of any of its files changes it."""
        return self.manifest.hash

    @property
    def everywhere(self) -> tuple["Brand", ...]:
        """The brand in each of its views."""
        return tuple(self.views.values()) or (self,)

    def localised(self, locale: str, market: str | None = None) -> "Brand":
        """The brand as the language of `locale` and `market` have it: global, under market, under language.

        Without a market it is the region of the locale. Asking a view gives the same as asking the brand.
        """
        language, _, region = locale.partition("-")
        market = market or region
        over = language if (language, "") in self.views else ""
        return self.views.get((over, market if ("", market) in self.views else ""), self)

    def segment(self, name: str) -> Segment:
        """The segment with this id or alias. Raises UsageError naming the nearest known one."""
        canonical = self.aliases.get(name, name)
        found = self.segments.get(canonical)
        if found is None:
            hint = nearest(name, [*self.segments, *self.aliases])
            raise UsageError(f"segment '{name}' is not documented for brand '{self.id}'", hint)
        return found

    def withheld(self, segment: str) -> dict[str, str]:
        """Variables that copy for the segment may not use, each with the consent that its members lack.

        `segment` is an id or an alias; of one that is not documented no consent is known.
        """
        documented = self.segments.get(self.aliases.get(segment, segment))
        given = documented.consents if documented is not None else ()
        return {
            name: variable.consent
            for name, variable in self.variables.items()
            if variable.consent is not None and variable.consent not in given
        }

    def product_list(self, name: str) -> ProductList:
        """The list of products with this id. Raises UsageError naming the nearest known one."""
        found = self.lists.get(name)
        if found is None:
            hint = nearest(name, self.lists) if self.lists else "an entry under `lists` of variables.yaml"
            raise UsageError(f"brand '{self.id}' has no list of products '{name}'", hint)
        return found

    def withheld_list(self, segment: str, name: str) -> str | None:
        """The consent that the list rests on and that the segment lacks; None where nothing is lacking."""
        documented = self.segments.get(self.aliases.get(segment, segment))
        given = documented.consents if documented is not None else ()
        listed = self.lists.get(name)
        return listed.consent if listed is not None and listed.consent not in given else None

    def account(self, account_id: str) -> Account:
        """The account with this id. Raises UsageError naming the nearest known one."""
        found = self.accounts.get(account_id)
        if found is None:
            hint = nearest(account_id, self.accounts) or "a file in platforms/ of the brand"
            raise UsageError(f"brand '{self.id}' has no account '{account_id}'", hint)
        return found

    def asset(self, asset_id: str) -> Asset | None:
        """The asset with this id."""
        return next((asset for asset in self.assets.assets if asset.id == asset_id), None)

    def asset_for(self, *uses: str) -> Asset | None:
        """The first asset that is the default for any of `uses`, the most specific use given first."""
        for use in uses:
            for asset in self.assets.assets:
                if use in asset.use:
                    return asset
        return None

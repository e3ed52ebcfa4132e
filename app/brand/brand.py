"""A Brand: everything in one brand folder, checked, with the listing of its files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.brand.contract import DecisionContract
from app.brand.models import (
    Asset,
    AssetManifest,
    BrandIdentity,
    ClaimRule,
    Disclosure,
    NeverInferRule,
    Offer,
    Variable,
    VoiceGuide,
)
from app.brand.segments import Segment
from app.errors import UsageError
from app.manifest import Manifest
from app.yaml12 import nearest


@dataclass(frozen=True)
class Brand:
    """One brand as loaded. `claims` holds the packs' rules first, then the brand's own.

    `manifest` lists every file of the folder and of the packs it extends.
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

    @property
    def id(self) -> str:
        """The folder's name and the brand's id; loading proves that they agree."""
        return self.identity.id

    @property
    def hash(self) -> str:
        """SHA-256 of the manifest: any byte of any of its files changes it."""
        return self.manifest.hash

    def segment(self, name: str) -> Segment:
        """The segment with this id or alias. Raises UsageError naming the nearest known one."""
        canonical = self.aliases.get(name, name)
        found = self.segments.get(canonical)
        if found is None:
            hint = nearest(name, [*self.segments, *self.aliases])
            raise UsageError(f"segment '{name}' is not documented for brand '{self.id}'", hint)
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

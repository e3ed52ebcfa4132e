"""The block kinds. A new kind is a file in kinds/ and a line here."""

from app.blocks.kind import BlockKind
from app.blocks.kinds import cta, educational, footer, hero, offer, proof, recommendations, subject

KINDS: dict[str, BlockKind] = {
    module.KIND.id: module.KIND
    for module in (subject, hero, cta, offer, proof, recommendations, educational, footer)
}
"""By id, in the order in which an email shows them."""

REQUIRED = tuple(kind.id for kind in KINDS.values() if kind.required)

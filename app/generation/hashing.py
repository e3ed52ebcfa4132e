"""What an answer came from, by hash."""

from app.blocks.approved import digest
from app.db.receipts import Hashes
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary


def content_hashes(library: ContentLibrary, prompts: PromptLibrary) -> Hashes:
    """Hashes of the brand's folder, the rules in it and in its packs, the prompts, and the blocks."""
    views = library.brand.everywhere
    rules = dict.fromkeys(rule for view in views for rule in (*view.claims, *view.never_infer))
    return Hashes(
        brand=library.brand.hash,
        rules=digest([rule.model_dump(mode="json") for rule in rules]),
        prompt=prompts.hash,
        blocks=library.blocks_hash,
    )

"""Which approved content fits a slot, in a fixed order: for this segment first, then shared in turns."""

import datetime as dt
from collections.abc import Iterable, Sequence

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brief.facts import FactSheet
from app.release.content import SlotQuery
from app.release.library import ContentLibrary
from app.tokens import token_names, tokens_in
from app.verdicts.decisions import Reason


def fact_tokens(texts: Iterable[str]) -> list[str]:
    """The names of the fact tokens in `texts`, each once, in order."""
    found = (token.name for text in texts for token in tokens_in(text) if not token.is_variable)
    return list(dict.fromkeys(found))


def reuse_candidates(library: ContentLibrary, query: SlotQuery) -> list[ApprovedBlock]:
    """Blocks with the same message for the same journey that could be sent as they are, before generating."""
    if not query.message:
        return []
    same = [
        block
        for block in _fitting(library, query)
        if block.journey in (None, query.journey)
        and block.message is not None
        and _thought(block.message) == _thought(query.message)
    ]
    return [block for block in _in_order(library, same, query) if obstacle(block, query) is None]


def journey_blocks(library: ContentLibrary, query: SlotQuery) -> list[ApprovedBlock]:
    """Blocks of the query's journey, usable or not."""
    blocks = [block for block in _fitting(library, query) if block.journey == query.journey]
    return _in_order(library, blocks, query)


def evergreen_blocks(library: ContentLibrary, query: SlotQuery) -> list[ApprovedBlock]:
    """Evergreen blocks of the kind, usable or not."""
    return _in_order(library, [b for b in _fitting(library, query) if b.evergreen], query)


def obstacle(block: ApprovedBlock, query: SlotQuery) -> tuple[Reason, str] | None:
    """Why the block cannot be sent for this slot now, apart from what guardrails say; None when it can."""
    if overdue(block, query):
        detail = f"block '{block.id}' had to be reviewed by {block.approval.review_by}"
        return Reason.REVIEW_OVERDUE, detail
    missing = missing_facts(block.copy_.values(), query.facts, query.as_of)
    if missing:
        return Reason.FACT_MISSING, f"block '{block.id}' needs {', '.join(missing)}"
    if feed_missing(query.kind, query.facts, query.as_of):
        return Reason.FEED_MISSING, _feed_detail(query.facts)
    return None


def overdue(block: ApprovedBlock, query: SlotQuery) -> bool:
    """Whether somebody had to look at the block again before the query's moment."""
    return block.approval.review_by < query.as_of.date()


def missing_facts(texts: Iterable[str], facts: FactSheet, as_of: dt.datetime) -> list[str]:
    """Fact tokens that the sheet lacks, or whose value is not valid at `as_of`."""
    known = facts.facts
    return [name for name in fact_tokens(texts) if name not in known or not known[name].valid_at(as_of)]


def feed_missing(kind: str, facts: FactSheet, as_of: dt.datetime) -> bool:
    """Whether the kind needs a product feed and has no fresh one. Products of a list of the reader's own need
    none: the sending platform knows them.
    """
    if not KINDS[kind].feed or kind in facts.lists:
        return False
    return facts.feed is None or not facts.feed.fresh_at(as_of)


def _feed_detail(facts: FactSheet) -> str:
    if facts.feed is None:
        return "the target has no feed"
    observed, ends = facts.feed.observed_at, facts.feed.ends
    return f"the feed was observed at {observed:%Y-%m-%d %H:%M}, and ends at {ends:%Y-%m-%d %H:%M}"


def _fitting(library: ContentLibrary, query: SlotQuery) -> list[ApprovedBlock]:
    segment = library.brand.aliases.get(query.segment, query.segment)
    return [
        placed.block
        for placed in library.written_for(query.kind, query.locale)
        if not placed.block.segments or segment in _segments(library, placed.block)
    ]


def _segments(library: ContentLibrary, block: ApprovedBlock) -> set[str]:
    return {library.brand.aliases.get(name, name) for name in block.segments}


def _thought(message: str) -> str:
    return " ".join(message.casefold().split()).rstrip(".!")


def _in_order(
    library: ContentLibrary, blocks: Sequence[ApprovedBlock], query: SlotQuery
) -> list[ApprovedBlock]:
    """The blocks as they are tried: a twin has no turn of its own, and comes after what it stands in for."""
    twins = {block.twin for block in blocks}
    found: dict[str, ApprovedBlock] = {}
    for block in _ordered([block for block in blocks if block.id not in twins], query):
        found[block.id] = block
        twin = library.find(block.twin) if block.twin is not None else None
        if twin is not None:
            found[twin.block.id] = twin.block
    return list(found.values())


def _ordered(blocks: Sequence[ApprovedBlock], query: SlotQuery) -> list[ApprovedBlock]:
    """Written for the segment before general, same message before another, general ones in turns.

    Between other messages, one that names the same facts comes first: a reader who looked at a pack is told
    about the pack, and no product is named where the brief names none.
    """
    by_id = sorted(blocks, key=lambda block: block.id)
    own = [block for block in by_id if block.segments]
    shared = [block for block in by_id if not block.segments]
    start = query.turn % len(shared) if shared else 0
    thought = _thought(query.message)
    ordered = [*own, *shared[start:], *shared[:start]]
    named = token_names(query.message)

    def rank(block: ApprovedBlock) -> tuple[bool, bool, bool]:
        message = block.message or ""
        return not block.segments, _thought(message) != thought, token_names(message) != named

    return sorted(ordered, key=rank)

"""How long an answer holds: until the first moment at which anything that it rests on may be otherwise.

What it rests on are its review date, the facts that it states, its feed, the claims that it makes and the
rules in force. Nothing here reads the clock: a lease is counted from the moment that was judged for.
"""

import datetime as dt
from collections.abc import Iterator
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.blocks.approved import ApprovedBlock
from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brief.facts import DeadlineFact, Fact, FactSheet
from app.guardrails.claim_wording import claims_said
from app.release.content import SlotContent
from app.release.judging import LibraryJudge, pieces
from app.release.library import ContentLibrary
from app.release.raw_values import raw_values
from app.tokens import token_names

_DATED = ("date", "deadline")


def stated_names(content: SlotContent, facts: FactSheet) -> frozenset[str]:
    """The facts that the copy states: by token, and written out where a person wrote it."""
    texts = tuple(content.copy_fields.values())
    names = {name for text in texts for name in token_names(text)}
    if content.by_a_person:
        names |= {name for text in texts for value in raw_values(text, facts) for name in value.tokens}
        for name, fact in facts.facts.items():
            shown = str(fact.value).casefold()
            if fact.kind in ("product", "name") and any(shown in text.casefold() for text in texts):
                names.add(name)
    return frozenset(names & facts.facts.keys())


def bound_facts(content: SlotContent, facts: FactSheet) -> dict[str, Fact]:
    """The facts that the copy stands and falls with: those that it states, and the end and the stock of the
    same thing. `offer.ends` bounds `offer.code`, `pack.stock` bounds `pack.price`.
    """
    stated = stated_names(content, facts)
    stems = {_stem(name) for name in stated}
    return {
        name: fact
        for name, fact in facts.facts.items()
        if name in stated or (fact.kind in ("deadline", "stock") and _stem(name) in stems)
    }


def ended(content: SlotContent, facts: FactSheet, as_of: dt.datetime) -> list[str]:
    """The facts that the copy stands and falls with and that do not hold at `as_of` any more."""
    found = bound_facts(content, facts)
    return sorted(name for name, fact in found.items() if not fact.valid_at(as_of) or _over(fact, as_of))


def sold_out(content: SlotContent, facts: FactSheet) -> list[str]:
    """The stocks that the copy stands and falls with and of which nothing is left."""
    found = bound_facts(content, facts)
    return sorted(name for name, fact in found.items() if fact.kind == "stock" and fact.value <= 0)


def lease_end(
    content: SlotContent, judge: LibraryJudge, facts: FactSheet, as_of: dt.datetime
) -> dt.datetime | None:
    """The first moment from `as_of` on after which the answer may be otherwise, in UTC; None for never."""
    library = judge.library.localised(judge.locale, judge.market)
    moments = [
        *_review(content),
        *_facts(content, facts, as_of),
        *_feed(content, facts),
        *_claims(content, judge, facts, as_of),
        *_rules(library),
        *(waiver.until for waiver in judge.waivers(content, as_of)),
    ]
    later = [moment for moment in moments if moment >= as_of]
    return min(later).astimezone(dt.UTC) if later else None


def _review(content: SlotContent) -> Iterator[dt.datetime]:
    source = content.source
    if isinstance(source, ApprovedBlock):
        yield _after(source.approval.review_by)
    elif source is not None and source.review_by is not None:
        yield _after(source.review_by)


def _facts(content: SlotContent, facts: FactSheet, as_of: dt.datetime) -> Iterator[dt.datetime]:
    """Ends of validity and deadlines; and what is said of a day ("today", "in two days") holds for a day."""
    for fact in bound_facts(content, facts).values():
        if fact.valid_until is not None:
            yield fact.valid_until
        if isinstance(fact, DeadlineFact):
            yield fact.value
        if fact.kind in _DATED:
            local = as_of.astimezone(ZoneInfo(facts.time_zone))
            yield dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), local.tzinfo)


def _feed(content: SlotContent, facts: FactSheet) -> Iterator[dt.datetime]:
    if KINDS[content.kind].feed and facts.feed is not None and content.kind not in facts.lists:
        yield facts.feed.ends


def _claims(
    content: SlotContent, judge: LibraryJudge, facts: FactSheet, as_of: dt.datetime
) -> Iterator[dt.datetime]:
    """The last days of the entries of the claims library that the copy says."""
    context = judge.context(content, facts, as_of)
    if context.rulebook.library:
        for piece in pieces(content):
            for said in claims_said(piece, context):
                yield _after(said.claim.expires)


_RULE_DAYS: WeakKeyDictionary[ContentLibrary, tuple[dt.datetime, ...]] = WeakKeyDictionary()
"""For each content that serves: hundreds of rules are gone through once."""


def _rules(library: ContentLibrary) -> tuple[dt.datetime, ...]:
    found = _RULE_DAYS.get(library)
    if found is None:
        found = _RULE_DAYS[library] = tuple(_rule_days(library.brand))
    return found


def _rule_days(brand: Brand) -> Iterator[dt.datetime]:
    """The days on which a rule begins or ceases to hold."""
    begins = [rule.effective_from for rule in brand.claims]
    begins += [rule.effective_from for rule in brand.never_infer]
    begins += [disclosure.effective_from for disclosure in brand.disclosures]
    yield from (_begin(day) for day in begins if day is not None)
    yield from (_after(rule.effective_until) for rule in brand.claims if rule.effective_until is not None)


def _over(fact: Fact, as_of: dt.datetime) -> bool:
    return isinstance(fact, DeadlineFact) and fact.value < as_of


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0]


def _begin(day: dt.date) -> dt.datetime:
    """Days of review, of claims and of rules are days in UTC."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)


def _after(day: dt.date) -> dt.datetime:
    return _begin(day + dt.timedelta(days=1))

"""Judging approved content: every field of a slot through every guardrail, and one report over all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.blocks.registry import KINDS
from app.brand.consents import lacks
from app.brand.markets import market_of
from app.brand.models import Variable
from app.brief.facts import FactSheet, Role
from app.guardrails.frame import Context, Piece
from app.guardrails.suite import judge, merge
from app.release.content import SlotContent
from app.release.library import ContentLibrary
from app.verdicts.reports import GuardReport
from app.verdicts.waivers import Waiver, in_force, with_waivers


@dataclass(frozen=True)
class LibraryJudge:
    """A Judge over one brand's rules, for one journey, locale and market. It calls the guardrails directly.

    The rules are those that the locale and the market have, whichever view `library` is. With `segment` a
    variable is refused where the segment lacks its consent; without it copy is judged for readers who gave
    every consent, as approved content is when it is loaded.
    """

    library: ContentLibrary
    locale: str
    journey: str | None = None
    market: str | None = None
    avoid: tuple[str, ...] = ()
    segment: str | None = None

    def __call__(self, content: SlotContent, *, facts: FactSheet, as_of: dt.datetime) -> GuardReport:
        """The merged report over all fields of the copy, with the waivers that hold then."""
        context = self.context(content, facts, as_of)
        waivers = self.waivers(content, as_of)
        return merge(
            [
                with_waivers(judge(piece, context), piece.text, waivers, kind=content.kind)
                for piece in pieces(content)
            ]
        )

    def waivers(self, content: SlotContent, as_of: dt.datetime) -> tuple[Waiver, ...]:
        """What people let pass in the content, as far as it holds for this market and locale at a moment."""
        market = market_of(self.market, self.locale)
        return in_force(content.waivers, locale=self.locale, market=market, as_of=as_of)

    def context(self, content: SlotContent, facts: FactSheet, as_of: dt.datetime) -> Context:
        """What the content is judged against: facts that hold at `as_of`, variables that its kind may use."""
        library = self.library.localised(self.locale, self.market)
        valid = {name: fact for name, fact in facts.facts.items() if fact.valid_at(as_of)}
        missing = library.brand.withheld(self.segment) if self.segment is not None else {}
        variables: Mapping[str, Variable] = {
            name: item
            for name, item in library.brand.variables.items()
            if content.kind in item.kinds and name not in missing
        }
        allowed = frozenset() if content.evergreen else frozenset([*valid, *variables])
        named = {str(f.value) for f in valid.values() if f.role in (Role.PRODUCT, Role.NAME)}
        items = facts.feed.items if facts.feed is not None else ()
        return Context(
            rulebook=library.rulebook,
            locale=self.locale,
            as_of=as_of,
            market=self.market,
            journey=self.journey,
            facts=facts.model_copy(update={"facts": valid}),
            tokens_only=not content.by_a_person,
            allowed_tokens=allowed,
            variables={} if content.evergreen else variables,
            withheld={name: lacks(self.segment or "", {name: item}) for name, item in missing.items()},
            avoid=self.avoid,
            evergreen=content.evergreen,
            names=frozenset([*named, *(item.name for item in items)]),
            judgements=content.judgements,
        )


def pieces(content: SlotContent) -> list[Piece]:
    """The fields of a slot's copy as the guardrails take them."""
    specs = KINDS[content.kind].schema.specs()
    base = Piece("", kind=content.kind)
    return [
        replace(
            base,
            text=text,
            field=specs[name].field,
            name=name,
            spec=specs[name],
            siblings={other: words for other, words in content.copy_fields.items() if other != name},
        )
        for name, text in content.copy_fields.items()
    ]

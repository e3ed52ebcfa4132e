"""From a brief to jobs: one per target, segment and slot, each with everything that it needs.

Whatever is wrong with a brief is found here, all at once, before any model is asked.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.blocks.kind import BlockKind
from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brand.consents import lacks
from app.brand.markets import market_of
from app.brand.models import Variable
from app.brand.segments import Segment
from app.brand.suppression import Suppressed, never_written_to, suppressed
from app.brand.tiers import Tier, Tiering
from app.brief.facts import FactSheet, Feed, NameFact, Role
from app.brief.models import Brief, SlotRequest, Target, contradictions, language_of
from app.errors import ContentError, Problem, UsageError
from app.generation.brief_words import LINE_RULES, judged, word_problems
from app.generation.conditions import condition_problems
from app.generation.offers import facts_for, offer_problems
from app.generation.prices import price_problems
from app.generation.products import product_problems
from app.guardrails.frame import Context, Piece
from app.guardrails.rulebook import RuleBook
from app.release.library import ContentLibrary
from app.release.risks import risks_of
from app.release.values import Around, Surroundings
from app.tokens import token_names
from app.yaml12 import Document, Path_, nearest, read_as


@dataclass(frozen=True)
class Redo:
    """Writing a draft anew: its copy, and what the person wants ("shorter, less pushy").

    `request_id` tells two askings with the same words apart, so that each is answered by itself.
    """

    draft_id: str
    copy_fields: Mapping[str, str]
    note: str
    request_id: str
    others: tuple[Mapping[str, str], ...] = ()
    """The other drafts of the slot, which a new one may not repeat either."""


@dataclass(frozen=True)
class SlotJob:
    """One slot of one email: what is asked, and what may be said."""

    brief: Brief
    brand: Brand
    target: Target
    segment: Segment
    request: SlotRequest
    kind: BlockKind
    message: str
    facts: FactSheet
    context: Context
    as_of: dt.datetime
    redo: Redo | None = None
    withheld: Mapping[str, str] = field(default_factory=dict)
    """Variables that the segment lacks the consent for, each with that consent."""
    suppressed: Suppressed | None = None
    """Which suppression flags keep the block, or the whole email, from these readers."""

    @property
    def feed(self) -> Feed | None:
        """The products that the brief gives for this slot; those of a list of the reader's own are not known
        here.
        """
        shown = self.kind.feed and self.request.products_from is None
        return self.target.feed if shown else None

    @property
    def stopped(self) -> bool:
        """Whether a suppression flag stops the whole email."""
        return self.suppressed is not None and self.suppressed.whole_email

    @property
    def key(self) -> tuple[str, str, str]:
        """Locale, segment and kind: what tells the jobs of one brief apart."""
        return self.target.locale, self.segment.id, self.kind.id

    @property
    def language(self) -> str:
        """The language that the copy is written in."""
        return language_of(self.target.locale)

    def said(self, text: str) -> str:
        """Words of the brief as they hold for this segment: a withheld variable gives way to its fallback."""
        names = token_names(text) & self.withheld.keys()
        for name in names:
            text = text.replace("{" + name + "}", self.brand.variables[name].fallback)
        return text

    @property
    def must_say(self) -> tuple[str, ...]:
        """What the email must say to this segment, in the target's language, without offers kept from it."""
        own = self.target.must_say
        kept_back = self.brief.offer_facts - self.facts.facts.keys()
        wanted = self.brief.must_say if own is None else own
        return tuple(self.said(text) for text in wanted if not token_names(text) & kept_back)

    @property
    def avoid(self) -> tuple[str, ...]:
        """The words that this campaign does not use, in the target's language."""
        return self.brief.avoid if self.target.avoid is None else self.target.avoid

    @property
    def briefed_in_its_language(self) -> bool:
        """Whether the brief is written in the language of the copy: briefs are in the brand's first one."""
        return self.language == language_of(self.brand.identity.locales[0])

    @property
    def around(self) -> Surroundings:
        """What stands around the words, as far as an approval covers it."""
        return around(self.request, self.target)

    def tier(self, texts: Iterable[str]) -> Tier:
        """The risk tier of copy for this slot, by the contract and all that the copy holds."""
        return self.tiering(texts).tier

    def tiering(self, texts: Iterable[str]) -> Tiering:
        """The same with what demands it."""
        journey, market = self.brief.journey.value, self.target.market
        risks = risks_of(self.kind.id, texts, self.context, self.facts, journey=journey, market=market)
        return self.brand.contract.tiering(risks)


def around(request: SlotRequest, target: Target) -> Surroundings:
    """What stands around the words of a slot, as far as an approval covers it: where its link leads, the
    picture that the brief names, the list that its products come from, for whom it is shown, the market.
    """
    return {
        Around.LINK: target.links.get(request.link or ""),
        Around.IMAGE: request.image,
        Around.PRODUCTS: request.products_from,
        Around.CONDITION: str(request.shown_when) if request.shown_when is not None else None,
        Around.MARKET: market_of(target.market, target.locale),
    }


def load_brief(path: Path, brands_known: list[str]) -> tuple[Brief, Document]:
    """Read a brief. Raises ContentError with every problem, or UsageError when its brand does not exist."""
    brief, document = read_as(path, Brief)
    if brief.brand not in brands_known:
        hint = nearest(brief.brand, brands_known)
        raise ContentError([document.problem(("brand",), f"there is no brand '{brief.brand}'", hint)])
    return brief, document


def plan(brief: Brief, document: Document, library: ContentLibrary) -> list[SlotJob]:
    """The jobs of a brief. Raises ContentError with every problem, each at its line of the brief."""
    problems = brief_problems(brief, document, library)
    if problems:
        raise ContentError(problems)
    return jobs_of(brief, library)


def brief_problems(brief: Brief, document: Document, library: ContentLibrary) -> list[Problem]:
    """Everything that is wrong with a brief that is well formed, each placed by its document."""
    return [
        *_problems(brief, document, library.brand, library.rulebook),
        *condition_problems(brief, document, library),
        *product_problems(brief, document, library.brand),
    ]


def value_problems(brief: Brief, document: Document, library: ContentLibrary) -> list[Problem]:
    """What the rules for offers and prices hold against a brief: caps, stacking, margin, base prices."""
    return [*offer_problems(brief, document, library.brand), *price_problems(brief, document)]


def jobs_of(brief: Brief, library: ContentLibrary) -> list[SlotJob]:
    """The jobs of a brief that was checked before. Raises UsageError when its names do not exist any more."""
    return [
        job
        for target in brief.targets
        for segment_request in brief.segments
        for job in _jobs(
            brief,
            target,
            segment_request.id,
            segment_request.message,
            library.localised(target.locale, target.market),
        )
    ]


def _jobs(
    brief: Brief, target: Target, segment_name: str, message: str | None, library: ContentLibrary
) -> Iterator[SlotJob]:
    brand = library.brand
    segment = brand.segment(segment_name)
    facts = facts_for(brief, target, brand, segment)
    as_of = target.window.send_at
    withheld = brand.withheld(segment.id)
    for request in brief.slots:
        kind = KINDS[request.kind]
        if request.products_from is not None:
            brand.product_list(request.products_from)
        context = _guard_context(library, kind.id, brief, target, facts, segment=segment.id)
        stopped = suppressed(brand, segment.id, journey=brief.journey.value, kind=kind.id, flags=target.flags)
        job = SlotJob(
            brief,
            brand,
            target,
            segment,
            request,
            kind,
            "",
            facts,
            context,
            as_of,
            withheld=withheld,
            suppressed=stopped,
        )
        yield replace(job, message=job.said(message or brief.message))


def _guard_context(
    library: ContentLibrary, kind: str, brief: Brief, target: Target, facts: FactSheet, *, segment: str
) -> Context:
    """What copy for a slot of `kind` is judged against."""
    brand, as_of = library.brand, target.window.send_at
    withheld = brand.withheld(segment)
    variables: dict[str, Variable] = {
        name: item for name, item in brand.variables.items() if kind in item.kinds and name not in withheld
    }
    sayable = {
        name
        for name, fact in facts.facts.items()
        if fact.role not in (Role.LINK, Role.STOCK) and fact.valid_at(as_of)
    }
    names = {fact.value for fact in facts.facts.values() if isinstance(fact, NameFact)}
    return Context(
        rulebook=library.rulebook,
        locale=target.locale,
        as_of=as_of,
        market=target.market,
        journey=brief.journey.value,
        facts=facts,
        tokens_only=True,
        allowed_tokens=frozenset(sayable | variables.keys()),
        variables=variables,
        withheld={name: lacks(segment, {name: consent}) for name, consent in withheld.items()},
        avoid=brief.avoid if target.avoid is None else target.avoid,
        names=frozenset(names),
    )


def _problems(brief: Brief, document: Document, brand: Brand, rulebook: RuleBook) -> Iterator[Problem]:
    yield from _segments(brief, document, brand)
    yield from _slots(brief, document, brand)
    yield from _targets(brief, document, brand)
    if brief.kpi not in brand.contract.may_optimise:
        hint = nearest(brief.kpi, brand.contract.may_optimise)
        yield document.problem(("kpi",), f"the decision contract does not let '{brief.kpi}' be pursued", hint)
    yield from offer_problems(brief, document, brand)
    yield from price_problems(brief, document)
    yield from word_problems(brief, document, brand, rulebook)


def _segments(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, request in enumerate(brief.segments):
        try:
            segment = brand.segment(request.id)
        except UsageError as error:
            yield document.problem(("segments", index), error.message, error.hint)
            continue
        if never_written_to(brand, segment):
            message = f"'{segment.id}' is a suppression segment: nothing is sent to it"
            yield document.problem(("segments", index), message, "exclude it when sending")
        if segment.id in seen:
            yield document.problem(
                ("segments", index), f"'{request.id}' is '{segment.id}', listed before", "once"
            )
        seen[segment.id] = index


def _slots(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    links = [set(target.links) for target in brief.targets]
    for index, slot in enumerate(brief.slots):
        kind = KINDS.get(slot.kind)
        if kind is None:
            at = ("slots", index, "kind")
            yield document.problem(at, f"there is no block kind '{slot.kind}'", nearest(slot.kind, KINDS))
            continue
        if kind.links and slot.link is None:
            yield document.problem(
                ("slots", index), f"a '{kind.id}' needs 'link'", "a name from the targets' links"
            )
        for known in links:
            if slot.link is not None and slot.link not in known:
                at = ("slots", index, "link")
                yield document.problem(
                    at, f"'{slot.link}' is not among a target's links", nearest(slot.link, known)
                )
        if slot.image is not None and brand.asset(slot.image) is None:
            known_images = [asset.id for asset in brand.assets.assets]
            at = ("slots", index, "image")
            yield document.problem(at, f"there is no asset '{slot.image}'", nearest(slot.image, known_images))


def _targets(brief: Brief, document: Document, brand: Brand) -> Iterator[Problem]:
    for index, target in enumerate(brief.targets):
        at = ("targets", index)
        if target.locale not in brand.identity.locales:
            hint = nearest(target.locale, brand.identity.locales)
            message = f"'{target.locale}' is no locale of '{brand.id}'"
            yield document.problem((*at, "locale"), message, hint)
        for number, flag in enumerate(target.flags):
            if flag not in brand.suppressions:
                hint = nearest(flag, brand.suppressions) if brand.suppressions else "declare it there"
                message = f"segments.yaml declares no suppression flag '{flag}'"
                yield document.problem((*at, "flags", number), message, hint)
        for path, message, expected in contradictions(target):
            yield document.problem((*at, *path), message, expected)
        hosts = brand.localised(target.locale, target.market).identity.link_hosts
        for name, url in target.links.items():
            host = url.split("/")[2].split(":")[0].casefold()
            if not any(host == known or host.endswith("." + known) for known in hosts):
                message = f"'{host}' is not a host of the brand"
                yield document.problem((*at, "links", name), message, nearest(host, hosts))


def wish_problems(wish: str, job: SlotJob, document: Document, at: Path_ = ("note",)) -> list[Problem]:
    """What is wrong with a wish for writing a draft anew: it steers the model as the brief's lines do."""
    known = job.context.allowed_tokens
    found = [
        document.problem(at, f"this slot may not use the token '{{{name}}}'", nearest(name, known))
        for name in sorted(token_names(wish) - known)
    ]
    rules, main = job.context.rulebook, job.brand.identity.locales[0]
    locales = [job.target.locale] if job.briefed_in_its_language else [job.target.locale, main]
    for locale in locales:  # a wish may be in the language of the copy or in that of the brief
        context = Context(rules.localised(locale), locale, as_of=job.as_of, facts=job.facts)
        found += judged(document, at, Piece(wish, field="headline"), context, LINE_RULES)
    return found

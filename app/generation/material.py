"""What a job's prompts are made of: examples from approved copy, tokens with their meaning, rivals."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from app.blocks.approved import ApprovedBlock
from app.blocks.kind import FieldSpec, Shape
from app.brief.facts import Role
from app.generation.plan import SlotJob
from app.guardrails.frame import Context, Piece
from app.guardrails.rule_scope import applies
from app.guardrails.rulebook import RuleBook
from app.prompts.context import BrandView, CampaignView, FieldView, PromptContext, TokenView
from app.release.library import ContentLibrary
from app.scoring.confidence import vocabulary_of
from app.tokens import token_names

SHAPE_RULES = {
    Shape.LINE: "one line without a full stop at its end",
    Shape.LABEL: "a few words that begin with a verb",
    Shape.SENTENCE: "one whole sentence",
    Shape.PARAGRAPH: "one to three whole sentences",
}
ROLE_MEANINGS = {
    Role.PRICE: "what it costs now",
    Role.WAS_PRICE: "what it cost before",
    Role.FROM_PRICE: "the lowest price of a range",
    Role.SAVING: "the amount that is saved",
    Role.DISCOUNT: "the discount",
    Role.CODE: "the code to enter",
    Role.STARTS: "the day it starts",
    Role.ENDS: "the last day of the offer",
    Role.EVENT_DATE: "the day of the event",
    Role.QUANTITY: "a count",
    Role.PRODUCT: "the product's name",
    Role.NAME: "a name",
}
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}


@dataclass(frozen=True)
class Example:
    """Approved copy as an example: its fields, its thought, and the readers it was written for."""

    block: ApprovedBlock
    audience: str

    @property
    def thought(self) -> str:
        """The one thought that the block carries."""
        return self.block.message or ""


def examples_for(job: SlotJob, library: ContentLibrary) -> list[Example]:
    """Approved copy of the same journey and kind whose tokens this slot may use too, as filed.

    A thought is shown to small models, so it may not name a variable that lacks its consent either.
    """
    found = []
    for placed in library.written_for(job.kind.id, job.target.locale):
        block = placed.block
        if block.journey != job.brief.journey.value:
            continue
        if not all(token_names(text) <= job.context.allowed_tokens for text in block.copy_.values()):
            continue
        if token_names(block.message or "") & job.withheld.keys():
            continue
        found.append(Example(block, _audience(block, job)))
    return found


def _audience(block: ApprovedBlock, job: SlotJob) -> str:
    names = [job.brand.segments.get(job.brand.aliases.get(name, name)) for name in block.segments]
    known = [segment.audience for segment in names if segment is not None]
    return known[0] if known else "all readers"


@lru_cache(maxsize=512)  # a library never changes, and every line is compared with these
def rivals_for(library: ContentLibrary, kind: str, locale: str, field: str) -> tuple[tuple[str, str], ...]:
    """Approved copy that a new line for this field may not repeat, each with the name of its block."""
    return tuple(
        (f"approved block '{placed.block.id}'", placed.block.copy_[field])
        for placed in library.written_for(kind, locale)
        if field in placed.block.copy_
    )


@lru_cache(maxsize=128)
def approved_vocabulary(library: ContentLibrary, kind: str, language: str) -> frozenset[str]:
    """The content words that the brand's good examples and its approved blocks of this kind use."""
    blocks = [placed.block for placed in library.blocks if placed.block.kind == kind]
    approved = [text for block in blocks if block.written_in(language) for text in block.copy_.values()]
    return vocabulary_of([*library.brand.voice.examples.good, *approved])


def _never(job: SlotJob) -> tuple[str, ...]:
    """What the claim rules say that are for copy of this slot."""
    asked, day = job.context, dt.datetime.combine(job.as_of.date(), dt.time(), dt.UTC)
    fields = tuple(sorted({spec.field for spec in job.kind.schema.specs().values()}))
    return _forbidden(
        asked.rulebook,
        job.kind.id,
        fields,
        day,
        locale=asked.locale,
        market=asked.market,
        journey=asked.journey,
    )


@lru_cache(maxsize=512)  # hundreds of rules, the same for every slot of a kind on one day
def _forbidden(
    rulebook: RuleBook,
    kind: str,
    fields: tuple[str, ...],
    day: dt.datetime,
    *,
    locale: str,
    market: str | None,
    journey: str | None,
) -> tuple[str, ...]:
    context = Context(rulebook, locale, day, market=market, journey=journey)
    pieces = [Piece("", field=field, kind=kind) for field in fields]
    rules = (rule for rule in rulebook.claims.rules if any(applies(rule, piece, context) for piece in pieces))
    return tuple(dict.fromkeys(rule.message for rule in rules))


def prompt_context(job: SlotJob, examples: list[Example], variants: int) -> PromptContext:
    """Everything that a template may see of this job."""
    brand, brief = job.brand, job.brief
    return PromptContext(
        brand=BrandView(
            name=brand.identity.name,
            sells=brand.identity.sells,
            summary=brand.voice.summary,
            guide=brand.voice.guide,
            tone=brand.voice.tone,
            avoid=tuple(rule.word for rule in brand.voice.avoid),
            never=_never(job),
        ),
        campaign=CampaignView(
            journey=brief.journey.value,
            objective=job.said(brief.objective),
            message=job.message,
            must_say=job.must_say,
            avoid=tuple(map(job.said, job.avoid)),
            notes=job.said(brief.notes),
            audience=job.segment.audience,
            purpose=job.segment.purpose,
            locale=job.target.locale,
            language=LANGUAGES.get(job.language, job.language),
            language_code=job.language,
            formality=brand.voice.formality or "",
        ),
        kind=job.kind.id,
        fields=tuple(_field_view(name, spec) for name, spec in job.kind.schema.specs().items()),
        tokens=tuple(_tokens(job)),
        products=_products(job),
        examples=tuple(dict(example.block.copy_) for example in examples),
        variants=variants,
    )


def _field_view(name: str, spec: FieldSpec) -> FieldView:
    return FieldView(
        name=name,
        label=spec.label,
        rule=SHAPE_RULES[spec.shape],
        min_chars=spec.min_chars,
        max_chars=spec.max_chars,
    )


def _products(job: SlotJob) -> str:
    """What the list is whose items stand below the copy: what it holds is nobody's here."""
    name = job.request.products_from
    return job.brand.product_list(name).meaning if name is not None else ""


def _tokens(job: SlotJob) -> list[TokenView]:
    found = []
    for name in sorted(job.context.allowed_tokens):
        if name in job.context.variables:
            found.append(TokenView(name=name, meaning=job.context.variables[name].meaning))
            continue
        fact = job.facts.facts[name]
        found.append(TokenView(name=name, meaning=ROLE_MEANINGS[fact.role], value=job.facts.render(name)))
    return found

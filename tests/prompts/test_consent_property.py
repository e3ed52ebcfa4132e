"""Beside invariant 6: whatever segments agreed to, no prompt and no list of tokens holds more than that."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.blocks.loader import PlacedBlock
from app.brand.models import Variable
from app.brand.segments import Segment
from app.brief.models import Brief
from app.generation.asking import Asker, Budget, Order
from app.generation.capable import ask_capable
from app.generation.material import examples_for, prompt_context
from app.generation.plan import Redo, SlotJob, plan
from app.generation.results import Refused
from app.generation.small import ask_small
from app.guardrails.frame import Piece
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.llm.protocol import LanguageModel
from app.llm.scripted import ScriptedModel
from app.prompts.library import PromptLibrary
from app.release.library import ContentLibrary
from app.settings import content_root
from app.yaml12 import Document, read_as
from tests import factories
from tests.generation.desk import BRIEF, answering
from tests.generation.small_model import SmallModel
from tests.release.content import SEGMENT, Content, dump, item

CONSENTS = ("personalisation", "stories")
NAMES = ("person.city", "person.walks", "person.club")
SEGMENTS = ("weekend_hikers", "campers")
KINDS = ("subject", "hero", "cta")
PROMPTS = PromptLibrary(content_root() / "prompts")

consents = st.lists(st.sampled_from(CONSENTS), unique=True)
needs = st.none() | st.sampled_from(CONSENTS)
kinds = st.lists(st.sampled_from(KINDS), min_size=1, unique=True)
tokens = st.lists(st.sampled_from(NAMES), max_size=2).map(lambda names: " ".join(f"{{{n}}}" for n in names))


def variable(name: str, consent: str | None, allowed: list[str]) -> Variable:
    basis = {"basis": "consent", "consent": consent} if consent else {"basis": "contract", "consent": None}
    return Variable.model_validate({**factories.CITY, "name": name, "kinds": allowed, **basis})


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ContentLibrary]:
    """A folder, and the library of a brand with an approved block of each kind for the brief's journey."""
    root = tmp_path_factory.mktemp("consent")
    content = Content(root)
    for kind in KINDS:
        content.blocks[f"{kind}/winback"] = [item(f"{kind}_{n}", kind, message="walk") for n in range(2)]
    library = content.write().load()
    return root, library


def with_words(placed: PlacedBlock, words: str, thought: str) -> PlacedBlock:
    """The block with `words` at the end of each field, and `thought` at the end of its thought."""
    block = placed.block
    if block.evergreen:
        return placed
    copy = {name: f"{text} {words}".strip() for name, text in block.copy_.items()}
    changed = {"copy_": copy, "message": f"walk {thought}".strip()}
    return replace(placed, block=block.model_copy(update=changed))


def brief_of(root: Path, words: str) -> tuple[Brief, Document]:
    said = {name: f"come back outside {words}".strip() for name in ("message", "objective", "notes")}
    lists = {name: [f"outside {words}".strip()] for name in ("must_say", "avoid")}
    own = {"id": "campers", "message": f"sleep outside {words}".strip()}
    slots = [slot for slot in BRIEF["slots"] if slot["kind"] in KINDS]
    path = root / "brief.yaml"
    dump(path, {**BRIEF, **said, **lists, "slots": slots, "segments": ["weekend_hikers", own]})
    return read_as(path, Brief)


def told(job: SlotJob, library: ContentLibrary, words: str) -> str:
    """Everything that models are sent for the slot, re-asks and drafts to be written anew included."""
    refused = [Refused(dict.fromkeys(job.kind.schema.model_fields, f"Go {words}"), (), "no")]
    lines = dict.fromkeys(("label", "subject", "preheader", "headline", "body"), ("Walk on",))
    capable, small = ScriptedModel(answering()), SmallModel(lines)

    anew = replace(job, redo=Redo("d" * 32, refused[0].fields, f"more {words}", "r"))

    def order(model: LanguageModel, job: SlotJob = job) -> Order:
        asker = Asker(model, Budget(job.brand.contract.budgets), asyncio.Semaphore(1), [])
        return Order(job, library, PROMPTS, asker, 1, refused, (), 1)

    async def ask() -> None:
        await ask_capable(order(capable))
        await ask_capable(order(capable, anew))
        await ask_small(order(small), lambda job, _name, text, *_: judge(Piece(text), job.context), 8)

    asyncio.run(ask())
    return " ".join(request.model_dump_json() for request in (*capable.requests, *small.requests))


@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate])  # an example takes long to make smaller
@given(
    needed=st.tuples(needs, needs, needs),
    allowed=st.tuples(kinds, kinds, kinds),
    given_consents=st.tuples(consents, consents),
    words=st.tuples(tokens, tokens, tokens),
)
def test_invariant_6_no_prompt_and_no_token_list_holds_a_variable_without_its_consent(
    written: tuple[Path, ContentLibrary],
    needed: tuple[str | None, ...],
    allowed: tuple[list[str], ...],
    given_consents: tuple[list[str], ...],
    words: tuple[str, str, str],
) -> None:
    root, library = written
    said, *shown = words
    variables = {n: variable(n, c, k) for n, c, k in zip(NAMES, needed, allowed, strict=True)}
    segments = {
        name: Segment.model_validate({**SEGMENT, "id": name, "aliases": [], "consents": given_})
        for name, given_ in zip(SEGMENTS, given_consents, strict=True)
    }
    brand = replace(library.brand, variables=variables, segments=segments, aliases={}, views={})
    blocks = tuple(with_words(item, shown[n % 2], shown[1 - n % 2]) for n, item in enumerate(library.blocks))
    changed = replace(library, brand=brand, blocks=blocks, rulebook=RuleBook.of(brand))
    for job in plan(*brief_of(root, said), changed):
        agreed = segments[job.segment.id].consents
        lacking = [n for n, c in zip(NAMES, needed, strict=True) if c is not None and c not in agreed]
        assert not job.context.allowed_tokens & set(lacking)
        context = prompt_context(job, examples_for(job, changed), 2).model_dump_json()
        sent = told(job, changed, said)
        for name in lacking:
            assert name not in context
            assert name not in sent
        usable = {n for n in NAMES if n not in lacking and job.kind.id in variables[n].kinds}
        assert usable <= job.context.allowed_tokens, "nothing else is withheld"

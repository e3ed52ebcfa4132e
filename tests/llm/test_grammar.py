"""Grammars for small models: digits only inside tokens, and no terminal that spells more than a word."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.blocks.kind import FieldSpec
from app.blocks.registry import KINDS
from app.generation.lexicon import lexicon_for
from app.llm.grammar import Lexicon, build_grammar
from app.main import library_for
from app.settings import Settings
from app.tokens import TOKEN, token_names
from tests.generation.desk import Desk
from tests.generation.small_model import SmallModel
from tests.llm.gbnf import Grammar

SPECS = [spec for kind in KINDS.values() if kind.generated for spec in kind.schema.specs().values()]
SEPARATORS = {" ", ", ", "", ".", "?", "!"}

words = st.frozensets(st.from_regex(r"[a-z]{1,9}('[a-z])?", fullmatch=True), min_size=1, max_size=30)
anything = st.frozensets(st.text(min_size=1, max_size=12), max_size=10)
tokens = st.lists(
    st.from_regex(r"[a-z][a-z0-9_]{0,6}\.[a-z][a-z0-9_]{0,6}", fullmatch=True), max_size=3, unique=True
)
specs = st.sampled_from(SPECS)


@given(spec=specs, low=words, junk=anything, names=tokens, seed=st.integers())
def test_invariant_1_digits_are_reachable_only_inside_tokens(
    spec: FieldSpec,
    low: frozenset[str],
    junk: frozenset[str],
    names: list[str],
    seed: int,
) -> None:
    lexicon = Lexicon(words=low | junk, starts=low, names=("Larkfell", "Two Words", "R2"))
    grammar = Grammar(build_grammar(spec, tuple(names), lexicon))
    chance = random.Random(seed)
    for _ in range(5):
        text = grammar.sample(chance)
        outside = TOKEN.sub("", text)
        assert not re.search(r"[\d{}<>%$€£]", outside)
        used = [match[1] for match in TOKEN.finditer(text)]
        assert set(used) <= set(names)
        assert len(used) == len(set(used)), "each token at most once"
        assert len(token_names(text)) == len(used)


@given(spec=specs, low=words, starts=words, names=tokens)
def test_no_terminal_is_longer_than_a_word_except_a_token(
    spec: FieldSpec, low: frozenset[str], starts: frozenset[str], names: list[str]
) -> None:
    grammar = Grammar(build_grammar(spec, tuple(names), Lexicon(low, starts, ("Larkfell",))))
    for literal in grammar.literals - SEPARATORS:
        assert literal in {f"{{{name}}}" for name in names} or re.fullmatch(r"[^\W\d_]+|[A-Za-z']+", literal)


@given(low=words, starts=words, seed=st.integers())
def test_every_word_is_one_of_the_lexicon(low: frozenset[str], starts: frozenset[str], seed: int) -> None:
    spec = KINDS["subject"].schema.specs()["subject"]
    grammar = Grammar(build_grammar(spec, (), Lexicon(low, starts)))
    first, *rest = re.findall(r"[A-Za-z']+", grammar.sample(random.Random(seed)))
    assert first.lower() in {word.lower() for word in starts}
    assert set(rest) <= low


@given(low=words, starts=words, seed=st.integers())
def test_labels_keep_to_their_number_of_words(low: frozenset[str], starts: frozenset[str], seed: int) -> None:
    spec = KINDS["cta"].schema.specs()["label"]
    grammar = Grammar(build_grammar(spec, (), Lexicon(low, starts)))
    count = len(grammar.sample(random.Random(seed)).split())
    assert spec.words[0] <= count <= spec.words[1]


@pytest.mark.parametrize("brand", ["larkfell", "oatmere"])
def test_the_grammars_of_the_sample_brands_spell_no_phrase(brand: str) -> None:
    library = library_for(Settings(), brand, sealed=False)
    for kind in ("subject", "hero", "cta", "educational"):
        for name, spec in KINDS[kind].schema.specs().items():
            text = build_grammar(spec, ("product.name",), lexicon_for(library, kind, name, frozenset()))
            grammar = Grammar(text)
            phrases = {
                item for item in grammar.literals - SEPARATORS if not re.fullmatch(r"[A-Za-z']+", item)
            }
            assert phrases <= {"{product.name}"}
            assert max(len(item) for item in grammar.literals - phrases) <= 24
            assert grammar.reachable == set(grammar.rules), "no rule is left over"
            text = grammar.sample(random.Random(3))
            assert not re.search(r"\d", TOKEN.sub("", text))


def test_words_that_the_brief_does_not_want_cannot_be_written(desk: Desk) -> None:
    desk.write()
    library = desk.content.load()
    lexicon = lexicon_for(library, "cta", "label", frozenset({"trail", "kit"}))
    assert not {"trail", "kit"} & (lexicon.words | lexicon.starts)
    assert "path" in lexicon.words


def test_the_words_of_the_thought_can_be_written_however_rare(desk: Desk) -> None:
    desk.write()
    library = desk.content.load()
    thought = "the {product.name} for quoits on Sundays"
    words = lexicon_for(library, "cta", "label", frozenset(), thought).words
    assert words - lexicon_for(library, "cta", "label", frozenset()).words == {"quoits"}
    assert "quoits" not in lexicon_for(library, "cta", "label", frozenset({"quoits"}), thought).words


def test_a_name_is_not_taken_for_a_word_without_its_first_letter(desk: Desk) -> None:
    desk.content.blocks["cta/evergreen"][0]["copy"] = {"label": "See what Fernhill makes"}
    desk.write()
    words = lexicon_for(desk.content.load(), "cta", "label", frozenset()).words
    assert "makes" in words
    assert "ernhill" not in words


def test_a_small_model_is_let_write_what_it_is_asked_about(desk: Desk) -> None:
    desk.brief["message"] = "a day of quoits"
    model = SmallModel()
    desk.only("cta").run(model)
    grammars = [Grammar(request.grammar or "") for request in model.requests]
    assert grammars
    assert all(grammar.spells("low", "quoits") for grammar in grammars)
    assert not any(grammar.spells("low", "quoit") for grammar in grammars)

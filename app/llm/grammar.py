"""GBNF grammars for small models: which characters can follow, built from a field's limits and its tokens.

No terminal is longer than one word, tokens excepted: the grammar spells no phrase, so the sentence is the
model's own. Words come from a lexicon written as a letter tree (a tree costs the sampler nothing, a list of
a thousand alternatives costs it everything). Digits and braces are reachable inside tokens only, and each
token once. There is no upper bound on words outside labels: a bound makes the model break off in the middle
of a sentence, while a line that is too long is refused afterwards.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from app.blocks.kind import FieldSpec, Shape

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?\Z")
_ENDS = {Shape.LINE: "[.?!]?", Shape.LABEL: "[.!]?", Shape.SENTENCE: "[.?!]", Shape.PARAGRAPH: "[.?!]"}
_SENTENCES = {Shape.LINE: 1, Shape.LABEL: 1, Shape.SENTENCE: 1, Shape.PARAGRAPH: 2}
_MIN_SENTENCE_WORDS = 3


@dataclass(frozen=True)
class Lexicon:
    """The words that a grammar can reach: any lower-case word, words that may begin a sentence, and names."""

    words: frozenset[str]
    starts: frozenset[str]
    names: tuple[str, ...] = ()


def build_grammar(spec: FieldSpec, tokens: tuple[str, ...], lexicon: Lexicon) -> str:
    """The grammar of one field. Only plain lower-case words of the lexicon are used, others are left out."""
    rules = [
        *_tree(frozenset(w for w in lexicon.words if WORD.match(w)), "low"),
        *_tree(frozenset(w[0].upper() + w[1:] for w in lexicon.starts if WORD.match(w)), "cap"),
    ]
    names = [name for name in lexicon.names if re.fullmatch(r"[^\W\d_]+", name)]
    if names:
        rules.append("name ::= " + " | ".join(f'"{name}"' for name in names))
    rules += [f'tok{index} ::= "{{{token}}}"' for index, token in enumerate(tokens)]
    return "\n".join([*_sentences(spec, tokens, bool(names)), *rules])


@dataclass(frozen=True)
class _State:
    """Where the text stands: at a sentence's beginning or inside, which tokens are left, words so far."""

    begins: bool
    tokens_left: int
    sentence: int
    words: int

    @property
    def rule(self) -> str:
        return f"{'b' if self.begins else 'i'}{self.tokens_left}s{self.sentence}n{self.words}"


def _sentences(spec: FieldSpec, tokens: tuple[str, ...], names: bool) -> list[str]:
    """The rules over words and tokens, one for each state that can be reached."""
    counted = spec.shape is Shape.LABEL
    top = spec.words[1] if counted else spec.words[0]
    first = _State(begins=True, tokens_left=(1 << len(tokens)) - 1, sentence=1, words=0)
    rules, todo, seen = [f"root ::= {first.rule}"], [first], {first}
    while todo:
        state = todo.pop()
        alternatives = []
        for text, following in _steps(state, spec, tokens, top, names):
            if following is not None and following not in seen:
                seen.add(following)
                todo.append(following)
            alternatives.append(f"{text} {following.rule}" if following is not None else text)
        rules.append(f"{state.rule} ::= " + " | ".join(alternatives))
    return rules


def _steps(
    state: _State, spec: FieldSpec, tokens: tuple[str, ...], top: int, names: bool
) -> Iterable[tuple[str, _State | None]]:
    """What can come next: (what is written, the state after it; None at the end)."""
    counted = spec.shape is Shape.LABEL
    words = min(state.words + 1, top)
    plain = _State(False, state.tokens_left, state.sentence, words)
    open_ = not counted or state.words < top or state.begins
    separator = "" if state.begins else ('" "' if counted else '(" " | ", ")')
    word = ("cap" if state.begins else "low") + (" | name" if names else "")
    if open_:
        yield f"{separator} ({word})".strip(), plain
        for index in range(len(tokens)):
            if state.tokens_left >> index & 1:
                left = state.tokens_left & ~(1 << index)
                yield f"{separator} tok{index}".strip(), _State(False, left, state.sentence, words)
    if state.begins:
        return
    if state.sentence < _SENTENCES[spec.shape] and state.words >= _MIN_SENTENCE_WORDS:
        yield '[.?!] " "', _State(True, state.tokens_left, state.sentence + 1, state.words)
    if state.words >= min(spec.words[0], top):
        yield _ENDS[spec.shape], None


@lru_cache(maxsize=64)
def _tree(words: frozenset[str], name: str) -> tuple[str, ...]:
    """Rules that accept exactly `words`, a few alternatives a letter; equal tails share a rule."""
    root: dict[str, object] = {}
    for word in sorted(words):
        node = root
        for letter in word:
            node = node.setdefault(letter, {})  # type: ignore[assignment]
        node[""] = {}
    rules: list[str] = []
    known: dict[str, str] = {}
    top = _emit(root, name, rules, known)
    return (f"{name} ::= {top}", *rules)


def _emit(node: dict[str, object], name: str, rules: list[str], known: dict[str, str]) -> str:
    alternatives = []
    for letter in sorted(key for key in node if key):
        below: dict[str, object] = node[letter]  # type: ignore[assignment]
        text = letter
        while len(below) == 1 and "" not in below:
            ((following, deeper),) = below.items()
            text, below = text + following, deeper  # type: ignore[assignment]
        tail = "" if set(below) == {""} else " " + _emit(below, name, rules, known)
        alternatives.append(f'"{text}"{tail}')
    if "" in node:
        alternatives.append('""')
    body = " | ".join(alternatives) or '""'
    if body not in known:
        known[body] = f"{name}{len(known)}"
        rules.append(f"{known[body]} ::= {body}")
    return known[body]

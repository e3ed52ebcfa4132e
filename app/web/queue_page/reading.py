"""Copy as readers would see it: values in the place of facts, names in the place of what is theirs alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.brief.facts import FactSheet
from app.tokens import Token, tokens_in

CUT = "…"


@dataclass(frozen=True)
class Bit:
    """A stretch of a text: words, the value of a fact, or the name of something about the reader (or of a
    fact that has no value any more).
    """

    sort: Literal["words", "value", "name"]
    text: str


def bits_of(text: str, facts: FactSheet | None) -> tuple[Bit, ...]:
    """The text in stretches, none of them empty."""
    return tuple(bit for bit in _bits(text, facts) if bit.text)


def in_short(texts: Iterable[str], facts: FactSheet | None, most: int) -> tuple[tuple[Bit, ...], ...]:
    """Several texts with at most so many characters in all; what is cut ends in `…`."""
    found = []
    for text in texts:
        if most <= 0:
            break
        bits = tuple(_cut(bits_of(text, facts), most))
        most -= sum(len(bit.text) for bit in bits)
        found.append(bits)
    return tuple(found)


def as_seen(copy: Mapping[str, str], facts: FactSheet | None) -> str:
    """Everything that a reader would see, as one text: it is another one when a value is."""
    return "\n".join(
        f"{name}: {''.join(bit.text for bit in bits_of(text, facts))}" for name, text in copy.items()
    )


def _bits(text: str, facts: FactSheet | None) -> Iterator[Bit]:
    position = 0
    for token in tokens_in(text):
        yield Bit("words", text[position : token.start])
        yield _of_token(token, facts)
        position = token.end
    yield Bit("words", text[position:])


def _of_token(token: Token, facts: FactSheet | None) -> Bit:
    if facts is not None and token.name in facts.facts:
        return Bit("value", facts.render(token.name))
    name = token.name.rpartition(".")[2] if token.is_variable else token.name
    return Bit("name", name.replace("_", " ").replace(".", " "))


def _cut(bits: Iterable[Bit], most: int) -> Iterator[Bit]:
    for bit in bits:
        if len(bit.text) > most:
            kept = bit.text[:most].rsplit(" ", 1)[0] if " " in bit.text[:most] else bit.text[:most]
            yield Bit(bit.sort, kept.rstrip() + CUT)
            return
        most -= len(bit.text)
        yield bit

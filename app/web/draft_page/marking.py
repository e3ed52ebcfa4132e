"""Copy as readers see it, cut into pieces so that findings can be marked in the text itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.tokens import TOKEN, Token, tokens_in
from app.verdicts.reports import Severity

ValueOf = Callable[[str], str]
"""What a reader sees in the place of a token."""
_WORST_FIRST = (Severity.BLOCK, Severity.WARN, Severity.INFO)


@dataclass(frozen=True)
class Span:
    """What one finding is about: characters of the text as it is stored, tokens unfilled."""

    number: int
    start: int
    end: int
    severity: Severity


@dataclass(frozen=True)
class Piece:
    """A stretch of a text that the same findings are about. `token` names what gives its value.

    `ending` are the findings whose stretch is over with this piece: there their numbers stand.
    """

    text: str
    token: str = ""
    severity: Severity | None = None
    ending: tuple[int, ...] = ()


def shown(text: str, value_of: ValueOf) -> str:
    """The text with every token as readers see it."""
    return TOKEN.sub(lambda match: value_of(match[1]), text)


def pieces_of(text: str, spans: Sequence[Span], value_of: ValueOf) -> tuple[Piece, ...]:
    """The text in pieces. No token is cut. Spans may overlap, and one without length takes a character."""
    tokens = {place: token for token in tokens_in(text) for place in range(token.start, token.end)}
    placed = [_widened(span, text, tokens) for span in spans] if text else []
    edges = {0, len(text)} | {edge for span in placed for edge in (span.start, span.end)}
    edges |= {edge for token in tokens.values() for edge in (token.start, token.end)}
    return tuple(_pieces(text, sorted(edges), placed, value_of))


def _pieces(text: str, edges: list[int], spans: Sequence[Span], value_of: ValueOf) -> Iterator[Piece]:
    for start, end in pairwise(edges):
        about = [span for span in spans if span.start <= start and end <= span.end]
        token = TOKEN.fullmatch(text, start, end)
        yield Piece(
            text=value_of(token[1]) if token else text[start:end],
            token=token[1] if token else "",
            severity=min((span.severity for span in about), key=_WORST_FIRST.index, default=None),
            ending=tuple(span.number for span in about if span.end == end),
        )


def _widened(span: Span, text: str, tokens: Mapping[int, Token]) -> Span:
    """The span within the text, over whole tokens, and at least a character long."""
    start = max(0, min(span.start, len(text) - 1))
    end = max(start + 1, min(span.end, len(text)))
    if start in tokens:
        start = tokens[start].start
    if end - 1 in tokens:
        end = tokens[end - 1].end
    return Span(span.number, start, end, span.severity)

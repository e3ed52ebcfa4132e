"""Generated texts in every place that a text can have: fallback, comparison and data."""

import random
from collections.abc import Callable

import pytest

from app.dialects.dialect import Unsupported
from app.dialects.filling import fill
from app.dialects.nodes import Equals, HasValue, Literal, Nodes, Place, Show, When
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from tests.dialects import cases
from tests.dialects.engines import ENGINES, Engine, Job
from tests.dialects.test_engines import IDS, UNTRIMMED, in_query, same

SIGNS = [*"abZ09 '\"<>&%{}|*\\/#$@=+`~^;:,.!?()[]-_éß李😀\u0301", "&amp;", "%27", "{x}", "']", "\n", "%}"]
PLACES = (Place.TEXT, Place.ATTRIBUTE, Place.URL, Place.PLAIN)


def text(draw: random.Random, trimmed: bool) -> str:
    """A short text of awkward signs, with single blanks only: Klaviyo joins several to one."""
    found = " ".join("".join(draw.choices(SIGNS, k=draw.randint(0, 7))).replace("\n", " ").split(" "))
    while "  " in found:
        found = found.replace("  ", " ")
    return found.strip() if trimmed else draw.choice(["", " "]) + found


def template(draw: random.Random, value: str) -> Nodes:
    """One value shown in a place and compared with a text, which is often the value."""
    place = draw.choice(PLACES)
    compared = draw.choice([value.strip(), text(draw, trimmed=True)]) or "x"
    tags = (
        Show(cases.FIRST, text(draw, trimmed=True), place),
        When(Equals(cases.FIRST, compared), (Literal("same"),), (Literal("other"),)),
        When(HasValue(cases.FIRST), (Literal("some"),)),
    )
    around = {
        Place.TEXT: ("<p>", "</p>"),
        Place.ATTRIBUTE: ('<a title="', '">x</a>'),
        Place.URL: ('<a href="https://x.example/?c=', '">x</a>'),
        Place.PLAIN: ("", ""),
    }[place]
    return (Literal(around[0]), *tags, Literal(around[1]))


@pytest.mark.parametrize("engine", ENGINES, ids=IDS)
def test_generated_texts_come_out_as_in_the_preview(
    engine: Engine, long_count: Callable[[int, int], int]
) -> None:
    draw = random.Random(20)
    jobs: list[Job] = []
    expected: list[tuple[str, str]] = []
    refused = 0
    count = long_count(200, 2_000)
    for _ in range(count):
        value = text(draw, trimmed=engine.dialect in UNTRIMMED)
        nodes = template(draw, value)
        plain = isinstance(nodes[1], Show) and nodes[1].place is Place.PLAIN
        try:
            printed = Printer(dialect(engine.dialect), engine.names).print(
                nodes, Place.PLAIN if plain else Place.TEXT
            )
        except Unsupported:
            refused += 1
            continue
        data = {"first_name": value}
        jobs.append((printed, engine.given(data, None), plain))
        expected.append((printed, fill(nodes, cases.person(data, None))))
    for (printed, preview), rendered in zip(expected, engine.render(jobs), strict=True):
        given = in_query(rendered) if engine.dialect == "iterable" else rendered
        assert same(given) == same(preview), printed
    assert refused < count * 0.95
    assert len(jobs) > count * 0.04

"""What real engines show is what the preview shows, for every template and every kind of data."""

import re
from functools import cache

import pytest

from app.dialects.dialect import Feature, Unsupported
from app.dialects.filling import fill
from app.dialects.nodes import Nodes, Place
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from tests.dialects import cases
from tests.dialects.engines import ENGINES, Engine

UNTRIMMED = {"iterable": {"padded"}, "sendgrid": {"padded", "blank"}}
"""Data that a dialect shows otherwise, since its platform cannot take white space off; the matrix says so."""
REFUSED = {
    "braze": {"view_in_browser", "preferences"},
    "hubspot": {
        "loop",
        "loop_alone",
        "loop_conditions",
        "loop_in_loop",
        "loop_pages",
        "loop_heading",
        "loop_links",
        "loop_heading_plain",
        "loop_plain",
        "comparison_apostrophe",
        "comparison_signs",
        "comparison_unicode",
    },
    "iterable": {"comparison_signs", "loop_pages"},
    "keila": {"preferences"},
    "listmonk": {"comparison_signs"},
    "sendgrid": {"url", "url_signs", "comparison_signs", "loop_pages"},
}
"""Templates that a dialect refuses: nothing else of the cases may be."""
IDS = [type(engine).__name__ for engine in ENGINES]
REFERENCES = {
    "&#x27;": "&#39;",
    "&#34;": "&quot;",
    "&#43;": "+",
    "&#x3D;": "=",
    "&#x60;": "`",
}
"""References that engines write differently for the same sign, all of them of signs that are harmless so."""


def same(text: str) -> str:
    """The text with references and percent-encoding written one way."""
    for one, other in REFERENCES.items():
        text = text.replace(one, other)
    return re.sub(r"%[0-9a-f]{2}", lambda found: found[0].upper(), text)


def in_query(text: str) -> str:
    """The text with what Java writes in the query of an address as Python does."""
    query = re.compile(r"(?<=\?c=)[^\"&]*")
    return query.sub(lambda found: found[0].replace("+", "%20").replace("*", "%2A").replace("%7E", "~"), text)


def printed(engine: Engine, name: str) -> str:
    place = Place.PLAIN if name in cases.PLAIN else Place.TEXT
    return Printer(dialect(engine.dialect), engine.names).print(cases.TEMPLATES[name], place)


@cache
def shown(engine: Engine) -> dict[tuple[str, str, str | None], str]:
    """All templates with all data, in one run of the engine."""
    keys, jobs = [], []
    for name in cases.TEMPLATES:
        if name in REFUSED.get(engine.dialect, set()):
            continue
        template = printed(engine, name)
        for data, values in cases.DATA.items():
            for group in cases.SEGMENTS if name == "segment" else (None,):
                keys.append((name, data, group))
                jobs.append((template, engine.given(values, group), name in cases.PLAIN))
    keys.append(("variable", "zero", None))
    jobs.append((printed(engine, "variable"), engine.given(cases.ZERO, None), False))
    return dict(zip(keys, engine.render(jobs), strict=True))


@pytest.mark.parametrize("name", cases.TEMPLATES)
@pytest.mark.parametrize("engine", ENGINES, ids=IDS)
def test_the_engine_shows_what_the_preview_shows(engine: Engine, name: str) -> None:
    if name in REFUSED.get(engine.dialect, set()):
        with pytest.raises(Unsupported):
            printed(engine, name)
        return
    tried = 0
    for (template, data, group), text in shown(engine).items():
        if template != name or data in ("zero", *UNTRIMMED.get(engine.dialect, ())):
            continue
        expected = fill(cases.TEMPLATES[name], cases.person(cases.DATA[data], group))
        given = in_query(text) if engine.dialect == "iterable" else text
        assert same(given) == same(expected), (data, group, printed(engine, name))
        tried += 1
    assert tried >= len(cases.DATA) - 2


@pytest.mark.parametrize(
    "engine", [one for one in ENGINES if one.dialect in UNTRIMMED], ids=lambda one: one.dialect
)
def test_what_is_not_trimmed_comes_out_as_it_is(engine: Engine) -> None:
    assert shown(engine)["variable", "padded", None] == "<p>Hello  Jo !</p>"
    blank = "<p>Hello   !</p>" if engine.dialect == "sendgrid" else "<p>Hello friend!</p>"
    assert shown(engine)["variable", "blank", None] == blank


def proven(engine: Engine) -> frozenset[Feature]:
    """The features that the engine's tests go through."""
    from app.dialects.matrix import features_of

    refused = REFUSED.get(engine.dialect, set())
    tried: list[Nodes] = [nodes for name, nodes in cases.TEMPLATES.items() if name not in refused]
    untrimmed = UNTRIMMED.get(engine.dialect, set())
    without = {feature for feature, data in LACKING.items() if data in untrimmed}
    return frozenset().union(*map(features_of, tried)) - without


LACKING = {Feature.BLANK: "blank", Feature.PADDING: "padded"}

"""What a brief may do with offers: the ladder decides, stacks and margin floor hold, prices are the same."""

import copy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.brief.base_prices import sold_products
from app.brief.facts import DeadlineFact, PercentFact
from app.brief.json_document import JsonDocument
from app.brief.models import Brief
from app.errors import ContentError
from app.generation.material import prompt_context
from app.generation.plan import SlotJob, plan
from app.release.library import ContentLibrary
from tests.content.small_brand import BRIEF, STACKED, SmallBrand
from tests.release.content import SEGMENT, dump

Data = dict[str, Any]
PRICE = {"kind": "money", "role": "price", "currency": "USD", "source": "shop"}
ENDS = "2026-12-01T12:00:00+00:00"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> ContentLibrary:
    """The small brand: autumn_walks gives standard 10 %, loyal 20 %; standard may combine two others."""
    return SmallBrand.made(tmp_path_factory.mktemp("small")).load()


def given_brief(**changes: Any) -> Data:
    """The small brand's brief for one US target."""
    made: Data = copy.deepcopy({**BRIEF, **changes})
    made["targets"] = [target for target in made["targets"] if target["market"] == "US"]
    return made


def jobs(library: ContentLibrary, data: Data) -> list[SlotJob]:
    brief = Brief.model_validate(data)
    return plan(brief, JsonDocument.of(brief.model_dump(mode="json")), library)


def refused(library: ContentLibrary, data: Data) -> list[tuple[str, str, str]]:
    """Each problem: where, what is wrong, what would pass."""
    with pytest.raises(ContentError) as error:
        jobs(library, data)
    return [(item.field, item.message, item.expected) for item in error.value.problems]


def own(value: object, role: str, kind: str, name: str, **more: object) -> Data:
    data = given_brief()
    data["targets"][0]["facts"][name] = {"kind": kind, "role": role, "value": value, "source": "x", **more}
    return data


def test_each_segment_gets_the_rung_of_its_value_tier(library: ContentLibrary) -> None:
    found = {job.segment.id: job.facts for job in jobs(library, given_brief(segments=["hikers", "campers"]))}
    said = {
        name: [sheet.render(f"offer.{part}") for part in ("discount", "code", "ends")]
        for name, sheet in found.items()
    }
    assert said == {
        "weekend_hikers": ["10%", "AUTUMN", "December 1"],
        "campers": ["20%", "AUTUMN", "December 1"],
    }


OTHER_END = "2026-12-24T12:00:00+00:00"


@pytest.mark.parametrize(
    ("name", "fact", "says"),
    [
        ("offer.discount", (40, "discount", "percent"), "40%, and offer 'autumn_walks' gives {} 10%"),
        ("offer.code", ("WINTER", "code", "code"), "WINTER, and offer 'autumn_walks' gives {} AUTUMN"),
        (
            "offer.ends",
            (OTHER_END, "ends", "deadline"),
            f"{OTHER_END}, and offer 'autumn_walks' gives {{}} {ENDS}",
        ),
        ("offer.code", ("AUTUMN", "name", "name"), "AUTUMN, and offer 'autumn_walks' gives {} AUTUMN"),
    ],
)
def test_a_value_of_the_authors_own_that_contradicts_the_ladder(
    library: ContentLibrary, name: str, fact: tuple[object, str, str], says: str
) -> None:
    assert refused(library, own(*fact, name)) == [
        (
            f"/targets/0/facts/{name}",
            "says " + says.format("'weekend_hikers'"),
            "leave it out: the ladder gives it",
        )
    ]


def test_a_value_that_fits_one_segment_and_not_the_other_is_refused_too(library: ContentLibrary) -> None:
    data = own(10, "discount", "percent", "offer.discount") | {"segments": ["hikers", "campers"]}
    ((_, message, _),) = refused(library, data)
    assert message == "says 10%, and offer 'autumn_walks' gives 'campers' 20%"


def test_a_value_that_agrees_changes_nothing_and_keeps_the_ends_that_were_announced(
    library: ContentLibrary,
) -> None:
    before = "2026-11-25T12:00:00+00:00"
    data = own(
        ENDS, "ends", "deadline", "offer.ends", previously=[before], valid_until="2027-01-01T00:00:00Z"
    )
    fact = jobs(library, data)[0].facts.facts["offer.ends"]
    assert isinstance(fact, DeadlineFact)
    assert [moment.isoformat() for moment in fact.previously] == [before]
    assert fact.source == "offer autumn_walks"
    assert fact.valid_until == library.brand.offers["autumn_walks"].ends


def test_an_amount_off_is_no_value_of_a_ladder(library: ContentLibrary) -> None:
    data = own("60", "saving", "money", "offer.saving", currency="USD")
    assert refused(library, data) == [
        (
            "/targets/0/facts/offer.saving",
            "offer 'autumn_walks' takes percent off, and no amount",
            "say {offer.discount}",
        )
    ]


@pytest.mark.parametrize("offer", [None, "autumn_walks"])
@pytest.mark.parametrize("name", ["sale.discount", "pack.discount"])
def test_a_discount_that_nothing_stands_behind(library: ContentLibrary, offer: str | None, name: str) -> None:
    data = own(50, "discount", "percent", name) | {"offer": offer}
    ((field, message, expected),) = refused(library, data)
    assert field == f"/targets/0/facts/{name}"
    assert message == "no offer of the brand and no earlier price stands behind this discount"
    assert expected.startswith("`offer:` with autumn_walks, club_week, spring_walks, or price and was_price")


def test_without_an_offer_its_names_are_nobodys(library: ContentLibrary) -> None:
    data = own(10, "discount", "percent", "offer.discount") | {"offer": None}
    assert [field for field, _, _ in refused(library, data)] == ["/targets/0/facts/offer.discount"]


@pytest.mark.parametrize(
    ("percent", "right"), [(33, True), ("33.33", True), (34, False), (32, False), (60, False)]
)
def test_a_markdown_is_as_much_as_its_prices_make_it(
    library: ContentLibrary, percent: object, right: bool
) -> None:
    data = own(percent, "discount", "percent", "pack.discount")
    data["targets"][0]["facts"]["pack.was_price"] = {**PRICE, "role": "was_price", "value": "150"}
    if right:
        assert jobs(library, data)
        return
    ((_, message, expected),) = refused(library, data)
    assert message == f"says {percent} %, and price and was_price make it 33.33 %"
    assert expected == "that value, or it rounded down"


def test_stacked_offers_are_facts_under_their_own_names(library: ContentLibrary) -> None:
    sheet = jobs(library, given_brief(**STACKED))[0].facts
    assert sheet.render("offer.code") == "CLUB"
    assert sheet.render("spring_walks.code") == "SPRING"
    assert "{spring_walks.discount}" not in sheet.facts
    told = prompt_context(jobs(library, given_brief(**STACKED))[1], [], 1)
    assert {token.name for token in told.tokens} >= {"offer.discount", "spring_walks.discount"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"offer": "autumn_walks", "stacked_offers": ["club_week"]},
            "autumn_walks and club_week may not be combined",
        ),
        ({**STACKED, "segments": ["campers"]}, "may not be combined for value tier 'loyal' of 'campers'"),
    ],
)
def test_offers_that_no_stack_lets_the_segment_combine(
    library: ContentLibrary, changes: Data, message: str
) -> None:
    ((field, words, expected),) = refused(library, given_brief(**changes))
    assert field == "/stacked_offers"
    assert message in words
    assert expected == "offers.yaml lets these: club_week + spring_walks for standard"


def test_an_unknown_stacked_offer_names_the_nearest(library: ContentLibrary) -> None:
    data = given_brief(offer="club_week", stacked_offers=["spring_walk"])
    assert refused(library, data) == [
        ("/stacked_offers/0", "there is no offer 'spring_walk'", "did you mean 'spring_walks'?")
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"offer": None, "stacked_offers": ["club_week"]}, "which is missing"),
        ({"stacked_offers": ["autumn_walks"]}, "offer 'autumn_walks' is listed twice"),
    ],
)
def test_stacked_offers_that_make_no_sense(changes: Data, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Brief.model_validate(given_brief(**changes))


def test_every_offer_of_a_stack_has_to_run(library: ContentLibrary, tmp_path: Path) -> None:
    small = SmallBrand.made(tmp_path)
    small.change("offers.yaml", ("offers", 2, "starts"), "2026-11-25T00:00:00+00:00")
    found = refused(small.load(), given_brief(**STACKED))
    assert found == [
        (
            "/targets/0/window/send_at",
            "offer 'spring_walks' is not valid then",
            "it runs from 2026-11-25 to 2026-12-01",
        )
    ]


def test_a_discount_under_the_margin_floor(library: ContentLibrary) -> None:
    data = given_brief(segments=["hikers", "campers"])
    data["targets"][0]["unit_costs"]["Rill Pack"]["value"] = "68"
    assert refused(library, data) == [
        (
            "/targets/0/facts/pack.price",
            "20 % off, as 'campers' gets it, sells 'Rill Pack' at 80.00 USD, under the margin floor of 20 %",
            "at most 15 % off, or the email without it",
        )
    ]
    assert jobs(library, data | {"segments": ["hikers"]}), "10 % leaves 24 %"


def test_a_price_that_is_under_the_floor_without_any_discount(library: ContentLibrary) -> None:
    data = given_brief()
    data["targets"][0]["unit_costs"]["Rill Pack"]["value"] = "95"
    ((_, _, expected),) = refused(library, data)
    assert expected == "the email without it: its price is under the floor as it is"
    assert jobs(library, data | {"offer": None}), "without an offer nothing is discounted"


def test_products_of_a_feed_keep_the_margin_too(library: ContentLibrary) -> None:
    data = given_brief()
    item = {"name": "Rain Cape", "price": {**PRICE, "value": "50"}, "link": "https://fernhill.example/c"}
    data["targets"][0]["feed"] = {
        "source": "x",
        "observed_at": "2026-11-20T00:00:00Z",
        "items": [{**item, "sku": "C-7"}],
    }
    ((field, message, expected),) = refused(library, data)
    assert field == "/targets/0/feed/items/0/price"
    assert message == "'Rain Cape' has no unit cost: nothing proves the margin floor of 20 %"
    assert expected == "`unit_costs` of the target with its cost in USD"
    costs = data["targets"][0]["unit_costs"]
    for key in ("C-7", "rain  cape"):
        assert jobs(library, _with(data, costs | {key: {"value": "20", "currency": "USD"}}))
    ((_, message, _),) = refused(library, _with(data, costs | {"C-7": {"value": "20", "currency": "EUR"}}))
    assert "'Rain Cape' has a unit cost in EUR alone" in message


def _with(data: Data, costs: Data) -> Data:
    made = copy.deepcopy(data)
    made["targets"][0]["unit_costs"] = costs
    return made


def test_a_unit_cost_of_nothing_is_an_error(library: ContentLibrary) -> None:
    data = _with(given_brief(offer=None), {"Rill Pak": {"value": "40", "currency": "USD"}})
    assert refused(library, data) == [
        (
            "/targets/0/unit_costs/Rill Pak",
            "no price of the target belongs to 'Rill Pak'",
            "did you mean 'Rill Pack'?",
        )
    ]


def test_unit_costs_reach_no_fact_and_no_prompt(library: ContentLibrary) -> None:
    data = _with(given_brief(), {"Rill Pack": {"value": "41.7331", "currency": "USD"}})
    for job in jobs(library, data):
        told = prompt_context(job, [], 1)
        assert "41.7331" not in told.model_dump_json() + job.facts.model_dump_json()


def test_two_base_prices_name_both_places(tmp_path: Path) -> None:
    small = SmallBrand.made(tmp_path)
    data = given_brief()
    other = copy.deepcopy(data["targets"][0]) | {"locale": "en-GB"}
    other["facts"]["pack.price"]["value"] = "110"
    data["targets"].append(other)
    with pytest.raises(ContentError) as error:
        small.plan(**data)
    (problem,) = error.value.problems
    file = tmp_path / "brief.yaml"
    lines = file.read_text().splitlines()
    first, second = (number for number, line in enumerate(lines, 1) if "pack.price" in line)
    assert problem.line == second
    assert problem.message == (
        f"'Rill Pack' costs 110 USD here and 100 at targets.0.facts.pack.price ({file}:{first})"
    )
    assert problem.expected == "one base price for everybody: only offers differ"


TIERS = ("standard", "loyal", "top")
OFFER = st.fixed_dictionaries(
    {
        "cap": st.sampled_from([15, 30, 30]),
        "floor": st.sampled_from([None, None, 0, 25, 50]),
        "standard": st.integers(1, 20),
        "loyal": st.integers(5, 30),
    },
    optional={"top": st.integers(5, 31)},
)
PRODUCT = st.tuples(
    st.sampled_from("abcdef"), st.integers(40, 60), st.sampled_from([5, 15, 25, 25, 30, 30, 58, None])
)
CASE = st.fixed_dictionaries(
    {
        "offers": st.lists(OFFER, min_size=1, max_size=2),
        "most": st.integers(20, 60),
        "floor": st.sampled_from([None, 10, 40]),
        "products": st.lists(PRODUCT, min_size=1, max_size=3),
        "own_discount": st.sampled_from([None, None, None, 10, 80]),
        "tiers": st.lists(st.sampled_from(TIERS), unique=True, min_size=1),
    }
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CASE)
def test_nothing_that_is_planned_is_over_a_cap_under_the_floor_or_priced_twice(
    tmp_path: Path, case: Data
) -> None:
    """Whatever tiers, offers and products are put together: it is refused, or all of it holds."""
    library = _brand(tmp_path, case)
    if library is None:
        return
    names = list(library.brand.offers)
    data = given_brief(
        segments=[f"readers_{tier}" for tier in case["tiers"]], offer=names[0], stacked_offers=names[1:]
    )
    data["targets"][0] |= _said(case)
    try:
        planned = jobs(library, data)
    except ContentError:
        return
    prices: dict[str, int] = {}
    for name, price, _ in case["products"]:
        assert prices.setdefault(name, price) == price
    costs = {name: cost for name, _, cost in case["products"] if cost is not None}
    for job in planned:
        _holds(job, library, costs)


def _said(case: Data) -> Data:
    """What a target says in such a case."""
    own_fact = {"kind": "percent", "role": "discount", "value": case["own_discount"], "source": "x"}
    return {
        "facts": {"offer.discount": own_fact} if case["own_discount"] else {},
        "unit_costs": {
            name: {"value": str(cost), "currency": "USD"} for name, _, cost in case["products"] if cost
        },
        "feed": {
            "source": "x",
            "observed_at": "2026-11-20T00:00:00Z",
            "items": [
                {"name": name, "price": {**PRICE, "value": str(price)}, "link": "https://fernhill.example/"}
                for name, price, _ in case["products"]
            ],
        },
    }


def _brand(root: Path, case: Data) -> ContentLibrary | None:
    """The small brand with the offers of the case and a segment a tier; None where it does not load."""
    small = SmallBrand(root) if (root / "brand").exists() else SmallBrand.made(root)
    base = {"name": "x", "starts": "2026-11-01T00:00:00+00:00", "ends": ENDS, "code": "WALK"}
    made = [
        {
            **base,
            "id": f"offer_{number}",
            "cap_percent": one["cap"],
            "ladder": [{"tier": tier, "percent": one[tier]} for tier in TIERS if tier in one],
            **({"margin_floor_percent": one["floor"]} if one["floor"] is not None else {}),
        }
        for number, one in enumerate(case["offers"])
    ]
    stack = {"offers": [one["id"] for one in made], "max_percent": case["most"]}
    floor = {"margin_floor_percent": case["floor"]} if case["floor"] is not None else {}
    stacks = {"stacks": [stack]} if len(made) > 1 else {}
    dump(small.folder / "offers.yaml", {**floor, **stacks, "offers": made})
    segments = [{**SEGMENT, "id": f"readers_{tier}", "aliases": [], "value_tier": tier} for tier in TIERS]
    dump(small.folder / "segments.yaml", {"segments": segments})
    try:
        return small.load()
    except ContentError:
        return None


def _holds(job: SlotJob, library: ContentLibrary, costs: dict[str, int]) -> None:
    """Cap, stack and floor hold for what copy may state, reckoned without the code that enforces them."""
    total = Decimal(0)
    floors = []
    for stem, name in job.brief.offers:
        fact, offer = job.facts.facts[f"{stem}.discount"], library.brand.offers[name]
        assert isinstance(fact, PercentFact)
        assert fact.value <= offer.cap_percent
        assert [rung.percent for rung in offer.ladder if rung.tier == job.segment.value_tier] == [fact.value]
        total += fact.value
        own_floor = offer.margin_floor_percent
        floors.append(library.brand.margin_floor_percent if own_floor is None else own_floor)
    if len(job.brief.offers) > 1:
        assert total <= library.brand.stacks[0].max_percent
    for floor in filter(None, floors):
        for product in sold_products(job.target):
            sold = product.amount.value * (100 - total) / 100
            assert (sold - costs[product.name]) / sold * 100 >= floor

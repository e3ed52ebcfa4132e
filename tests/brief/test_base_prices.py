"""One base price a product: in facts and feeds, over targets, by sku or by name."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.brief.base_prices import priced_products, sold_products, two_base_prices
from app.brief.models import Brief

Data = dict[str, Any]


def money(value: object, role: str = "price", currency: str = "USD") -> Data:
    return {"kind": "money", "role": role, "value": str(value), "currency": currency, "source": "shop"}


def product(name: str, sku: str | None = None) -> Data:
    return {"kind": "product", "role": "product", "value": name, "source": "shop", "sku": sku}


def item(name: str, value: object, sku: str | None = None, currency: str = "USD") -> Data:
    price = money(value, currency=currency)
    return {"name": name, "price": price, "link": "https://a.example/x", "sku": sku}


def target(locale: str = "en-US", *items: Data, market: str = "", **facts: Data) -> Data:
    """A target; `pack_price` stands for the fact `pack.price`."""
    feed = {"source": "shop", "observed_at": "2026-11-20T08:00:00Z", "items": list(items)} if items else None
    return {
        "locale": locale,
        "market": market or locale[-2:],
        "window": {"send_at": "2026-11-20T09:00:00Z"},
        "links": {"home": "https://a.example/"},
        "facts": {name.replace("_", ".", 1): fact for name, fact in facts.items()},
        "feed": feed,
    }


def brief(*targets: Data) -> Brief:
    return Brief.model_validate(
        {
            "id": "hello",
            "name": "Hello",
            "brand": "fernhill",
            "author": "Cal",
            "journey": "winback",
            "objective": "Bring people outside",
            "kpi": "clicks",
            "message": "come outside",
            "segments": ["hikers"],
            "slots": [{"kind": "hero"}],
            "targets": list(targets),
        }
    )


def found(*targets: Data) -> list[tuple[str, str]]:
    """Where the two amounts stand."""
    return [
        (".".join(map(str, first.place)), ".".join(map(str, second.place)))
        for first, second in two_base_prices(brief(*targets))
    ]


PACK = product("Rill Pack")
FACT, ITEM = "targets.{}.facts.pack.price", "targets.{}.feed.items.{}.price"


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        ([target("en-US", item("Rill Pack", 90), pack_name=PACK, pack_price=money(100))], (FACT, ITEM)),
        ([target("en-US", item(" RILL  pack", 90), pack_name=PACK, pack_price=money(100))], (FACT, ITEM)),
        ([target("en-US", item("A", 1, sku="7"), item("B", 2, sku="7"))], (ITEM, ITEM)),
        ([target("en-US", item("A", 1), item("A", 2, sku="7"))], (ITEM, ITEM)),
        ([target("en-US", pack_price=money(1)), target("es-US", pack_price=money(2))], (FACT, FACT)),
    ],
)
def test_a_second_price_is_found_and_both_places_are_named(
    targets: list[Data], expected: tuple[str, str]
) -> None:
    ((first, second),) = found(*targets)
    last = len(targets) - 1
    assert first == expected[0].format(0, 0)
    assert second == expected[1].format(last, 0 if expected[0] is FACT else 1)


@pytest.mark.parametrize(
    "targets",
    [
        [target("en-US", item("Rill Pack", "100.00"), pack_name=PACK, pack_price=money(100))],
        [target("en-US", item("Rill Pack", 100)), target("en-GB", item("Rill Pack", 90))],
        [target("en-US", item("Rill Pack", 100), item("Rill Pack", 90, currency="CAD"))],
        [target("en-US", item("Coat", 100, sku="S"), item("Coat", 110, sku="XL"))],
        [target("en-US", item("A", 1), item("B", 2))],
        [target(pack_name=PACK, pack_price=money(80), pack_was_price=money(100, "was_price"))],
        [
            target("en-US", pack_name=PACK, pack_price=money(1)),
            target("es-US", pack_name=product("Bota"), pack_price=money(2)),
        ],
    ],
)
def test_other_products_markets_and_currencies_may_differ(targets: list[Data]) -> None:
    assert found(*targets) == []


def test_an_earlier_price_is_one_too() -> None:
    facts: list[dict[str, Any]] = [
        {
            "pack_name": PACK,
            "pack_price": money(80),
            "pack_was_price": money(was, "was_price"),
        }
        for was in (100, 120)
    ]
    places = found(target("en-US", **facts[0]), target("es-US", **facts[1]))
    assert places == [("targets.0.facts.pack.was_price", "targets.1.facts.pack.was_price")]


def test_what_a_feed_shows_is_the_price_whatever_its_fact_is_called() -> None:
    shown = {**item("Rill Pack", 90), "price": money(90, "was_price")}
    given_ = brief(target("en-US", shown, pack_name=PACK, pack_price=money(100)))
    assert len(list(two_base_prices(given_))) == 1
    assert [one.amount.value for one in sold_products(given_.targets[0])] == [100, 90]


def test_savings_and_earlier_prices_are_not_what_readers_pay() -> None:
    facts: dict[str, Any] = {
        "pack_price": money(80),
        "pack_was_price": money(100, "was_price"),
        "pack_saving": money(20, "saving"),
        "tent_from_price": money(50, "from_price"),
    }
    given_ = brief(target("en-US", **facts)).targets[0]
    assert [one.place[-1] for one in sold_products(given_)] == ["pack.price", "tent.from_price"]
    assert len(list(priced_products(given_))) == 4


def test_a_name_without_a_product_has_no_sku() -> None:
    with pytest.raises(ValueError, match="has no sku"):
        brief(target(event_name={**product("Fair", "7"), "kind": "name", "role": "name"}))


ITEMS = st.builds(
    item,
    st.sampled_from(["Rill Pack", "rill pack", "Tent"]),
    st.sampled_from([90, 100]),
    st.sampled_from([None, "7", "8"]),
    st.sampled_from(["USD", "CAD"]),
)
TARGETS = st.lists(st.lists(ITEMS, max_size=3), min_size=1, max_size=3)


@given(TARGETS)
def test_no_brief_without_a_problem_has_two_base_prices(feeds: list[list[Data]]) -> None:
    locales = ("en-US", "es-US", "en-GB")
    given_ = brief(*(target(locale, *items) for locale, items in zip(locales, feeds, strict=False)))
    prices: list[tuple[tuple[str, str], str, str | None, Decimal]] = [
        ((one.market, sold.price.currency), sold.name.casefold(), sold.sku, sold.price.value)
        for one in given_.targets
        if one.feed
        for sold in one.feed.items
    ]
    clash = any(
        where == there and value != other and (sku == number if sku and number else name == called)
        for (where, name, sku, value), (there, called, number, other) in itertools.combinations(prices, 2)
    )
    assert bool(list(two_base_prices(given_))) == clash

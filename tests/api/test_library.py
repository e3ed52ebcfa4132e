"""The inventory and the weekly review over HTTP."""

from collections.abc import Iterator

import pytest

from tests.api.house import OURS, House, open_house
from tests.generation.desk import BRIEF


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with open_house(tmp_path_factory.mktemp("library")) as found:
        assert found.cal.post("/v1/variants", json={**BRIEF, "brand": OURS}).status_code == 200
        found.cal.get(f"/v1/brands/{OURS}/inventory")
        found.service.inventories.wait(OURS, 120)
        yield found


def test_the_inventory_page_by_page(house: House) -> None:
    path = f"/v1/brands/{OURS}/inventory"
    whole = house.cal.get(path).json()
    names = [(item["sort"], item["id"]) for item in whole["items"]]
    assert names == sorted(names)
    assert ("block", "cta_evergreen") in names
    assert {item["id"] for item in whole["items"]} == {
        item["id"] for item in house.cal.get(f"/v1/blocks?brand={OURS}").json()["items"]
    }
    first = house.cal.get(f"{path}?limit=2").json()
    second = house.cal.get(f"{path}?limit=200&cursor={first['next']}").json()
    assert [*first["items"], *second["items"]] == whole["items"]
    assert {item["kind"] for item in house.cal.get(f"{path}?kind=cta").json()["items"]} == {"cta"}
    assert house.cal.get(f"{path}?kind=banner").json()["errors"][0]["field"] == "kind"


def test_the_inventory_says_why_and_as_of_when(house: House) -> None:
    path = f"/v1/brands/{OURS}/inventory"
    found = house.cal.get(path).json()
    assert found["judged"]
    assert found["worked_out_at"] is not None
    for item in found["items"]:
        assert (item["state"] == "needs_refreshing") is bool(item["why"])
    stale = house.cal.get(f"{path}?state=needs_refreshing").json()["items"]
    assert stale == [item for item in found["items"] if item["why"]]


def test_one_week_in_numbers(house: House) -> None:
    path = f"/v1/brands/{OURS}/weekly"
    review = house.cal.get(path).json()
    assert review["now"]["runs"] == 1
    assert review["now"]["slots"] == len(BRIEF["slots"]) * len(BRIEF["segments"])
    assert review["now"]["words_per_accepted"] is None
    assert review["before"]["runs"] == 0
    assert len(review["weeks"]) == 12
    earlier = house.cal.get(f"{path}?week=2025-W02").json()
    assert (earlier["now"]["week"], earlier["now"]["runs"]) == ("2025-W02", 0)
    for bad in ("2025-W60", "last", ""):
        assert house.cal.get(f"{path}?week={bad}").json()["errors"][0]["field"] == "week"

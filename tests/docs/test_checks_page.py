"""docs/checks.md lists every key of the facts, and its example is judged as it says."""

import datetime as dt
import json
import re
from pathlib import Path

from app.brief.plain_readers import READERS
from app.main import check_door
from app.settings import Settings
from tests.docs.test_brand_page import rows_of

PAGE = (Path(__file__).parents[2] / "docs" / "checks.md").read_text("utf-8")
AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)


def test_every_key_of_the_facts_is_listed() -> None:
    listed = [name for row in rows_of(PAGE, "## Facts") for name in re.findall(r"`(\w+)`", row[0])]
    assert sorted(listed) == sorted(READERS)


def test_the_example_is_judged_and_a_wrong_figure_in_it_is_refused() -> None:
    example = json.loads(next(line for line in PAGE.splitlines() if line.startswith('    {"id"')))
    door = check_door(Settings(), None, "en-US", None, AS_OF)
    assert [item.rule for item in door.check_item(example).findings if item.severity == "block"] == []
    wrong = {**example, "text": example["text"].replace("£14", "£12")}
    assert [item.rule for item in door.check_item(wrong).findings if item.severity == "block"] == ["values"]


def test_each_value_in_the_table_is_read_for_one_of_its_keys() -> None:
    door = check_door(Settings(), None, "en-GB", None, AS_OF)

    def read(key: str, value: object) -> bool:
        found = door.check_item({"text": "A dry coat.", "facts": {key: value}}).findings
        return not [item for item in found if item.rule == "input"]

    for row in rows_of(PAGE, "## Facts"):
        keys = re.findall(r"`(\w+)`", row[0])
        for shown in re.findall(r"`([^`]+)`", row[2]):
            assert any(read(key, json.loads(shown)) for key in keys), (keys, shown)

"""Lines with facts, judged at the check door: each is refused for what it says, or let pass.

`grounding_lines.jsonl` holds one line an object: `text`, `facts`, and `caught`, the categories of which one
must refuse it (none for a line that is true). They are not the labelled corpus, which scripts/score counts.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from app.generation.check_door import CheckDoor
from app.main import check_door
from app.settings import Settings

LINES = [
    json.loads(line)
    for line in (Path(__file__).parent / "grounding_lines.jsonl").read_text(encoding="utf-8").splitlines()
]
AS_OF = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def door() -> CheckDoor:
    return check_door(Settings(), None, "en-US", None, AS_OF)


@pytest.mark.parametrize("line", LINES, ids=lambda line: ascii(line["text"])[:40])
def test_a_line_is_refused_for_what_the_facts_do_not_say(line: dict[str, Any], door: CheckDoor) -> None:
    result = door.check_item({key: value for key, value in line.items() if key != "caught"})
    blocking = {item.category for item in result.findings if item.severity == "block"}
    if line["caught"]:
        assert blocking & set(line["caught"]), result.findings
    else:
        assert not blocking, result.findings

"""docs/content.md lists every parameter of a fetch and every reason that it may have."""

import re
from pathlib import Path

from app.api.app import describe
from app.commands.publish import rollback
from app.release.fetching import SENDING_REASONS
from tests.docs.test_brand_page import rows_of

PAGE = (Path(__file__).parents[2] / "docs" / "content.md").read_text("utf-8")


def test_every_parameter_stands_there() -> None:
    operation = describe("0")["paths"]["/v1/content/{slot}"]["get"]
    names = {item["name"] for item in operation["parameters"] if item["in"] != "header"}
    listed = {name for row in rows_of(PAGE, "## What to ask") for name in re.findall(r"`(\w+)`", row[0])}
    assert listed == names


def test_every_reason_stands_there() -> None:
    listed = [row[0].strip("`") for row in rows_of(PAGE, "## What comes")]
    assert sorted(listed) == sorted(reason.value for reason in SENDING_REASONS)


def test_every_option_of_rollback_in_the_page_exists() -> None:
    known = {name for parameter in rollback.params for name in parameter.opts}
    used = {
        name
        for line in PAGE.splitlines()
        if "copydesk rollback" in line
        for name in re.findall(r"--\w+", line)
    }
    assert used <= known
    assert {"--to", "--brand", "--why"} <= used

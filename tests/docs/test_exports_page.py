"""docs/exports.md lists every field of an account, as the models have it, commands and paths that exist."""

import re
from pathlib import Path

from click.testing import CliRunner

from app.api.app import describe
from app.brand.platforms import Account
from app.cli import main
from tests.docs.test_brand_page import leaves, rows_of

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")


def test_each_field_of_an_account_is_listed_with_its_effect() -> None:
    listed = [(row[0], row[2]) for row in rows_of(PAGE, "## Accounts")]
    assert listed == list(leaves(Account))


def test_every_command_of_the_page_exists_with_its_options() -> None:
    lines = [line.strip().split("#")[0] for line in PAGE.splitlines() if line.startswith("    copydesk ")]
    assert len(lines) > 6
    for line in lines:
        words = line.split()[1:]
        command = [word for word in words[:2] if re.fullmatch("[a-z][a-z-]*", word)]
        shown = CliRunner().invoke(main, [*command, "--help"])
        assert shown.exit_code == 0, line
        for option in re.findall(r"--[a-z-]+", line):
            assert option in shown.output, line


def test_every_curl_line_of_the_page_asks_for_an_operation() -> None:
    paths = describe("0.1.0")["paths"]
    asked = PAGE.split("\n    curl ")[1:]
    assert len(asked) == 9
    for line in asked:
        shown = re.search(r"\$U(/[^ ?\"]+)", line.replace("$ID", "{export_id}"))
        assert shown, line
        path = "/v1" + shown[1].replace("larkfell_corrie_viewed", "{brief_id}")
        assert ("post" if " -d '" in line.split("\n\n")[0] else "get") in paths[path], line

"""`copydesk inventory` and `copydesk weekly`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.db.drafts import Drafts
from app.db.store import open_store
from app.db.tables import DraftState
from tests.api.house import OURS, write_content
from tests.db.factories import AS_OF, make_draft
from tests.web.weeks import edit_thrice, fill_week


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A folder with both brands, and a database with a week of ours."""
    write_content(tmp_path)
    url = f"sqlite:///{tmp_path / 'db'}"
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", url)
    store = open_store(url)
    fill_week(store)
    edit_thrice(store)
    store.close()
    return CliRunner()


def test_a_week_as_a_table_with_the_lines_to_add(run: CliRunner) -> None:
    done = run.invoke(main, ["weekly", "--brand", OURS, "--week", "2026-W48"])
    assert done.exit_code == 0, done.output
    assert "2026-W48" in done.output
    assert "words to read per accepted draft" in done.output
    assert 'word: "discover"' in done.output


def test_a_week_for_programs(run: CliRunner) -> None:
    done = run.invoke(main, ["weekly", "--brand", OURS, "--week", "2026-W48", "--json"])
    found = json.loads(done.output)
    assert (found["now"]["approved"], found["before"]["approved"]) == (2, 0)
    assert found["repeated"][0]["before"] == "discover"


def test_an_empty_week_and_a_name_of_none(run: CliRunner) -> None:
    assert "nothing happened" in run.invoke(main, ["weekly", "--brand", OURS, "--week", "2020-W01"]).output
    assert run.invoke(main, ["weekly", "--brand", OURS, "--week", "2020-W60"]).exit_code == 2
    assert run.invoke(main, ["weekly"]).exit_code == 2, "there are two brands"


def test_the_inventory_says_why(run: CliRunner, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'db'}")
    bad = {"label": "Unleash it now"}
    Drafts(store.engine).add(
        make_draft(id="b" * 32, state=DraftState.APPROVED, approved_at=AS_OF, copy_fields=bad)
    )
    store.close()
    done = run.invoke(main, ["inventory", "--brand", OURS, "--as-of", "2026-11-27"])
    assert done.exit_code == 0, done.output
    assert f"draft {'b' * 32} (cta, en-US)" in done.output
    assert "rules refuse: voice" in done.output
    late = run.invoke(main, ["inventory", "--brand", OURS, "--as-of", "2028-01-01", "--json"])
    items = {item["id"]: item for item in json.loads(late.output)["items"]}
    assert items["hero_evergreen"]["state"] == "needs_refreshing"
    assert items["hero_evergreen"]["why"][0] == {"cause": "review_past", "detail": "", "day": "2027-10-01"}

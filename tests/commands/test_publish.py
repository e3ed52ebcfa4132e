"""Publishing, looking back and going back, through the commands."""

import copy
import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update
from sqlmodel import Session

from app.cli import main
from app.db.receipts import DraftApproval
from app.db.service_tables import Blob
from app.db.tables import Draft, DraftState
from app.manifest import read_publishable
from tests import factories
from tests.db.factories import make_draft, make_receipt, make_record, make_run
from tests.release.content import PACK_HEAD, dump
from tests.release.published import BRAND, House

AS_OF = ("--as-of", "2026-11-20")
BAN = {**factories.CLAIMS[0], "id": "no_kit", "phrases": ["our kit"], "patterns": [], "exceptions": []}
BAN |= {"fails": ["See our kit."], "passes": ["See our boots."], "message": "calls it a kit"}

LATER: dict[str, Any] = {"effective_from": "2027-01-01"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def publish(*options: str) -> Result:
    return run("publish", *AS_OF, "--by", "Ada Brand", *options)


def published(*options: str) -> dict[str, Any]:
    """Publish, and read the answer for programs."""
    result = publish("--json", *options)
    found: dict[str, Any] = json.loads(result.stdout)
    assert result.exit_code == int(found["refused"]), result.output
    return found


def ban_kit(house: House, **changes: Any) -> None:
    """Add a rule that approved content breaks."""
    rules = [*factories.CLAIMS, {**BAN, **changes}]
    dump(house.desk.content.brands / BRAND / "claims.yaml", {"rules": rules})


def approve(house: House, **overrides: Any) -> Draft:
    """Store an approved draft that says what the ban forbids."""
    approval = DraftApproval(
        by="Rae Reviewer", role="brand reviewer", at=factories.AS_OF, content_hash="0" * 64
    )
    row = house.store.start_run(make_run())
    given = {"state": DraftState.APPROVED, "receipt": make_receipt(approval), **overrides}
    draft = make_draft(**given)
    house.store.save_slot(make_record(row), [draft])
    return draft


def without_blocks_that_say_kit(house: House) -> None:
    """Let the evergreen button say something else."""
    house.desk.content.blocks["cta/evergreen"][0]["copy"] = {"label": "Find a path"}
    house.desk.content.write()


def test_the_first_version_is_stored_and_serves(house: House) -> None:
    result = publish("--note", "the first one")
    assert result.exit_code == 0, result.output
    version = read_publishable(house.desk.root).hash
    assert f"version {version[:12]}" in result.output
    assert "nothing serves yet" in result.output
    assert "brand fernhill, answered for by Ada Brand: 4 approved blocks and 0 approved drafts judged" in (
        result.output
    )
    assert result.output.splitlines()[-1].endswith("and serves now")
    move = house.content.serving()
    assert move is not None
    assert (move.version, move.moved_by, move.why) == (version, "Ada Brand", "the first one")


def test_the_same_content_again_stores_nothing_and_says_so(house: House) -> None:
    first = published()
    result = publish()
    assert result.exit_code == 0
    assert "no file differs" in result.output
    assert result.output.splitlines()[-1] == (
        f"version {first['version'][:12]} serves already: nothing new was stored"
    )
    assert len(house.content.moves()) == 1


def test_a_dry_run_shows_everything_and_stores_nothing(house: House) -> None:
    result = publish("--dry-run")
    assert result.exit_code == 0
    assert "nothing was stored: this was a dry run" in result.output
    assert house.content.serving() is None
    assert house.content.versions() == []


def test_approved_blocks_that_would_fail_hold_it_up_and_are_shown_with_rule_and_place(house: House) -> None:
    published()
    ban_kit(house)
    result = publish()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert "  ~ brand/fernhill/claims.yaml" in lines
    shown = [line.strip() for line in lines if "[no_kit]" in line]
    assert shown[0].startswith("blocks/fernhill/cta/evergreen.yaml:7:5: [no_kit] block 'cta_evergreen' in")
    assert "calls it a kit" in shown[0]
    assert any("[coverage] no evergreen cta for en-US passes the guardrails" in line for line in lines)
    assert "not published: 4 findings on approved content" in result.output
    assert len(house.content.moves()) == 1


def test_somebody_may_accept_that_and_the_move_says_so(house: House) -> None:
    published()
    ban_kit(house)
    done = published("--accept-failing", "--note", "legal asked for it")
    assert done["moved"]
    move = house.content.serving()
    assert move is not None
    assert move.why == "legal asked for it; 4 findings accepted"
    again = published("--dry-run", "--accept-failing")
    (brand,) = again["brands"]
    assert (brand["now_fails"], len(brand["still_fails"])) == ([], 4)


def test_an_approved_draft_that_would_fail_is_shown_and_left_to_the_gate(house: House) -> None:
    without_blocks_that_say_kit(house)
    draft = approve(house)
    published()
    ban_kit(house)
    result = publish()
    assert result.exit_code == 0, result.output
    (line,) = [line.strip() for line in result.output.splitlines() if "[no_kit]" in line]
    assert line.startswith("brand/fernhill/claims.yaml:")
    assert f"draft {draft.id} (cta for weekend_hikers in en-US: 'See our kit')" in line
    assert line.endswith("the gate will refuse it")
    place = line.split(": ")[0].split(":")
    rule = (house.desk.root / place[0]).read_text().splitlines()[int(place[1]) - 1]
    assert "no_kit" in rule


def test_drafts_that_are_not_approved_are_not_judged(house: House) -> None:
    without_blocks_that_say_kit(house)
    approve(house, state=DraftState.DRAFT)
    published()
    ban_kit(house)
    (brand,) = published()["brands"]
    assert (brand["drafts"], brand["now_fails"]) == (0, [])


def test_what_passes_again_is_shown(house: House) -> None:
    first = published()["version"]
    ban_kit(house)
    published("--accept-failing")
    result = run("rollback", *AS_OF, "--json")
    (brand,) = json.loads(result.stdout)["brands"]
    assert {item["rule"] for item in brand["now_passes"]} == {"no_kit", "coverage"}
    assert brand["now_fails"] == brand["still_fails"] == []
    move = house.content.serving()
    assert move is not None
    assert move.version == first


def test_a_brand_that_does_not_load_is_never_published(house: House) -> None:
    house.edit("voice.yaml", {"tone": []})
    result = publish("--accept-failing")
    assert result.exit_code == 1
    assert "brand/fernhill/voice.yaml:" in result.output
    assert "not served: 1 problem without which nothing can be sent" in result.output
    assert house.content.serving() is None


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("prompts/small/turn.jinja", "{% if %}", "prompts/small/turn.jinja:1:1"),
        ("blocks/_layout/layout.mjml", "<mjml>{{ nothing }}</mjml>", "no email can be composed"),
    ],
)
def test_nor_are_broken_prompts_and_layouts(house: House, file: str, text: str, said: str) -> None:
    (house.desk.root / file).write_text(text)
    result = publish("--accept-failing")
    assert result.exit_code == 1
    assert said in result.output


def test_a_rule_that_gets_its_own_example_wrong_holds_it_up(house: House) -> None:
    without_blocks_that_say_kit(house)
    ban_kit(house, fails=["See our boots."], passes=["Fine."])
    result = publish()
    assert result.exit_code == 1
    assert "[examples] rule 'no_kit' does not catch its own example 'See our boots.'" in result.output
    assert publish("--accept-failing").exit_code == 0


def test_what_cannot_be_published_is_named_before_anything_is_judged(house: House, tmp_path: Path) -> None:
    (house.desk.root / "brand" / BRAND / "offers.yaml").unlink()
    (house.desk.root / "brand" / BRAND / "offers.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (tmp_path / "elsewhere.yaml").write_text("offers: []")
    result = publish()
    assert result.exit_code == 2
    assert "offers.yaml: is a link that leads out of the content folder" in result.output


def test_a_file_that_no_place_takes_is_named(house: House) -> None:
    (house.desk.root / "brand" / BRAND / "notes.txt").write_text("remember")
    assert "left out: brand/fernhill/notes.txt" in publish().output


def test_a_brand_that_goes_is_named(house: House) -> None:
    other = copy.deepcopy(house.desk.content)
    other.brand_id = "marlow"
    other.write()
    published()
    for folder in ("brand", "blocks"):
        path = house.desk.root / folder / "marlow"
        path.rename(house.desk.root / f"gone_{folder}")
    assert published()["brands_gone"] == ["marlow"]


class TestRollback:
    def test_by_default_to_what_served_before(self, house: House) -> None:
        first = published()["version"]
        house.edit("voice.yaml", {"summary": "Loud."})
        second = published()["version"]
        result = run("rollback", *AS_OF, "--by", "Bo", "--why", "too loud")
        assert result.exit_code == 0, result.output
        assert result.output.splitlines()[-1] == f"version {first[:12]} serves now"
        assert [(move.version, move.moved_by, move.why) for move in house.content.moves(1)] == [
            (first, "Bo", "too loud")
        ]
        run("rollback", *AS_OF)
        assert [move.version for move in house.content.moves(1)] == [second]

    def test_to_a_version_that_is_named_in_short(self, house: House) -> None:
        first = published()["version"]
        for summary in ("Loud.", "Louder."):
            house.edit("voice.yaml", {"summary": summary})
            published()
        assert run("rollback", "--to", first[:8], *AS_OF).exit_code == 0
        assert [move.version for move in house.content.moves(1)] == [first]

    def test_what_then_fails_is_shown_and_does_not_hold_it_up(self, house: House) -> None:
        ban_kit(house)
        published("--accept-failing")
        house.desk.content.write()
        published()
        result = run("rollback", *AS_OF)
        assert result.exit_code == 0
        assert "would now fail (4)" in result.output

    def test_a_dry_run_changes_nothing(self, house: House) -> None:
        published()
        house.edit("voice.yaml", {"summary": "Loud."})
        second = published()["version"]
        result = run("rollback", "--dry-run", *AS_OF)
        assert result.output.splitlines()[-1] == "nothing was changed"
        assert [move.version for move in house.content.moves(1)] == [second]

    def test_a_version_that_does_not_load_is_refused(self, house: House) -> None:
        house.edit("voice.yaml", {"tone": []})
        broken = house.publish().version.hash
        house.edit("voice.yaml", {})
        published()
        result = run("rollback", "--to", broken[:12], *AS_OF)
        assert result.exit_code == 1
        assert "not served: 1 problem" in result.output

    def test_a_tampered_version_is_refused(self, house: House) -> None:
        first = published()["version"]
        house.edit("voice.yaml", {"summary": "Loud."})
        published()
        digest = house.content.find(first).manifest["brand/fernhill/voice.yaml"]
        with Session(house.store.engine) as session:
            session.execute(update(Blob).where(Blob.hash == digest).values(data=b"x"))  # type: ignore[arg-type]
            session.commit()
        result = run("rollback", *AS_OF)
        assert result.exit_code == 2
        assert "brand/fernhill/voice.yaml" in result.output
        assert "damaged" in result.output

    def test_one_brand_goes_back_and_the_others_stay(self, house: House) -> None:
        """Fernhill's last change was two moves ago, and the prompts that came after it stay."""
        published()
        house.edit("voice.yaml", {"summary": "Loud."})
        loud = published()["version"]
        prompt = next((house.desk.root / "prompts").rglob("*.jinja"))
        prompt.write_text(prompt.read_text() + "\n")
        before = house.content.find(published()["version"]).manifest
        result = run("rollback", "--brand", "fernhill", *AS_OF, "--by", "Bo", "--why", "too loud")
        assert result.exit_code == 0, result.output
        (move,) = house.content.moves(1)
        after = house.content.find(move.version).manifest
        assert [path for path in after if after[path] != before[path]] == ["brand/fernhill/voice.yaml"]
        assert (move.moved_by, "too loud" in move.why) == ("Bo", True)
        assert run("rollback", "--brand", "fernhill", "--to", loud[:8], *AS_OF).exit_code == 0
        assert house.content.moves(1)[0].version == house.content.moves(3)[2].version

    def test_a_brand_that_is_not_there_is_refused(self, house: House) -> None:
        published()
        house.edit("voice.yaml", {"summary": "Loud."})
        second = published()["version"]
        result = run("rollback", "--brand", "fernhil", "--to", second[:8])
        assert (result.exit_code, "did you mean 'fernhill'" in result.output) == (2, True)
        result = run("rollback", "--brand", "moorgate")
        assert (result.exit_code, "brand 'moorgate' was different" in result.output) == (2, True)

    @pytest.mark.parametrize("count", [0, 1])
    def test_when_there_is_nothing_to_go_back_to(self, house: House, count: int) -> None:
        for _ in range(count):
            published()
        result = run("rollback")
        assert result.exit_code == 2
        assert ("nothing is published" if count == 0 else "the first one") in result.output


class TestVersions:
    def test_the_list_says_which_one_serves(self, house: House) -> None:
        assert "nothing is published yet" in run("versions", "list").output
        first = published("--note", "one")["version"]
        house.edit("voice.yaml", {"summary": "Loud."})
        second = published("--note", "two")["version"]
        lines = run("versions", "list").output.splitlines()
        assert [line.split()[0] for line in lines] == [second[:12], first[:12]]
        assert ["serves" in line for line in lines] == [True, False]
        listed = json.loads(run("versions", "list", "--json").stdout)
        assert listed["serving"] == second
        assert [item["note"] for item in listed["versions"]] == ["two", "one"]

    def test_one_version_with_its_files_and_moves(self, house: House) -> None:
        version = published("--note", "one")["version"]
        shown = run("versions", "show", version[:10]).output
        assert f"version {version}" in shown
        assert "began to serve: Ada Brand: one" in shown
        found = json.loads(run("versions", "show", version[:10], "--json").stdout)
        assert found["files"] == read_publishable(house.desk.root).entries

    def test_what_differs_between_two(self, house: House) -> None:
        first = published()["version"]
        house.edit("voice.yaml", {"summary": "Loud."})
        (house.desk.root / "brand" / "_packs" / "running.yaml").write_text(
            (house.desk.root / "brand" / "_packs" / "walking.yaml").read_text()
        )
        second = published()["version"]
        lines = run("versions", "diff", first[:8], second[:8]).output.splitlines()
        assert lines[1:] == ["  + brand/_packs/running.yaml", "  ~ brand/fernhill/voice.yaml"]
        found = json.loads(run("versions", "diff", second, first, "--json").stdout)
        assert (found["removed"], found["added"]) == (["brand/_packs/running.yaml"], [])

    @pytest.mark.parametrize("command", [["versions", "show", "0000"], ["rollback", "--to", "0000"]])
    def test_an_unknown_version(self, house: House, command: list[str]) -> None:
        published()
        result = run(*command)
        assert result.exit_code == 2
        assert "there is no version '0000'" in result.output
        (known,) = house.content.versions()
        assert f"known are, newest first: {known.hash[:12]}" in result.output


_KILLED = """
import os, signal, sys
import app.db.content as content
import app.release.publishing as publishing
point = sys.argv.pop(1)
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
if point == "after the files":
    keep = content.keep
    def kept(session, blobs):
        keep(session, blobs)
        session.flush()
        die()
    content.keep = kept
elif point == "before the move":
    from sqlmodel import Session
    add = Session.add
    Session.add = lambda self, row: die() if type(row).__name__ == "ServingMove" else add(self, row)
elif point == "while judging":
    publishing.load_content = die
elif point == "after the commit":
    publish = publishing.Publisher.publish
    def done(self, *given, **named):
        publish(self, *given, **named)
        die()
    publishing.Publisher.publish = done
from app.cli import main
main(["publish", "--as-of", "2026-11-20"])
"""


@pytest.mark.parametrize(
    ("point", "serves"),
    [("while judging", 0), ("after the files", 0), ("before the move", 0), ("after the commit", 1)],
)
def test_a_publish_that_is_killed_leaves_the_old_or_the_new_version(
    house: House, point: str, serves: int
) -> None:
    first = published()["version"]
    house.edit("voice.yaml", {"summary": "Loud."})
    second = read_publishable(house.desk.root).hash
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, point],
        check=False,
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    move = house.content.serving()
    assert move is not None
    assert move.version == (first, second)[serves]
    assert len(house.content.versions()) == 1 + serves
    assert house.contents().now().version == move.version
    again = published()
    assert (again["version"], again["moved"]) == (second, not serves)


class TestRulesThatBeginLater:
    def test_what_will_fail_is_shown_with_the_day_and_holds_nothing_up(self, house: House) -> None:
        ban_kit(house, **LATER)
        draft = approve(house)
        result = publish()
        assert result.exit_code == 0, result.output
        lines = result.output.splitlines()
        start = lines.index("  will fail from 2027-01-01 (5):")
        later = lines[start + 1 :]
        assert any("block 'cta_evergreen' in en-US is refused by no_kit" in line for line in later)
        assert any(f"draft {draft.id}" in line and "[no_kit]" in line for line in later)
        assert any("[coverage] no evergreen cta for en-US" in line for line in later)

    def test_from_that_day_on_it_holds_it_up(self, house: House) -> None:
        ban_kit(house, **LATER)
        result = run("publish", "--as-of", "2027-01-01", "--dry-run")
        assert result.exit_code == 1
        assert "not published: 4 findings on approved content" in result.output

    def test_a_draft_that_is_sent_after_the_day_fails_now(self, house: House) -> None:
        without_blocks_that_say_kit(house)
        late = make_receipt().model_copy(update={"as_of": dt.datetime(2027, 2, 1, tzinfo=dt.UTC)})
        draft = approve(house, receipt=late)
        ban_kit(house, **LATER)
        (brand,) = published()["brands"]
        assert [item["subject"].split()[1] for item in brand["now_fails"]] == [draft.id]

    def test_its_examples_are_proved_now(self, house: House) -> None:
        without_blocks_that_say_kit(house)
        ban_kit(house, **LATER, fails=["See our boots."], passes=["Fine."])
        assert publish().exit_code == 1

    def test_a_bad_line_of_the_voice_may_name_it(self, house: House) -> None:
        without_blocks_that_say_kit(house)
        ban_kit(house, **LATER)
        bad = [*factories.VOICE["examples"]["bad"], {"text": "See our kit", "rule": "no_kit"}]
        house.edit("voice.yaml", {"examples": {**factories.VOICE["examples"], "bad": bad}})
        assert publish().exit_code == 0, publish().output

    def test_a_pack_may_say_it_too(self, house: House) -> None:
        pack = house.desk.root / "brand" / "_packs" / "walking.yaml"
        dump(pack, {"pack": PACK_HEAD, "rules": [{**BAN, **LATER}]})
        assert "will fail from 2027-01-01 (4):" in publish().output

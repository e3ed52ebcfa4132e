"""`copydesk blocks`: files in blocks/ are no way around review."""

import datetime as dt
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.blocks.approved import STARTER
from app.blocks.loader import load_blocks, seal
from app.brand.roles import PersonRole
from app.cli import main
from app.db.audit_log import AuditLog
from app.db.engine import existing_database
from app.db.people import People
from tests.api.house import write_content
from tests.release.content import COPY, Content, dump, item

REVIEW = {"tiers": {"low": {"several_at_once": True}, "elevated": {"people": 2, "in_turn": True}}}
KINDS = {**dict.fromkeys(COPY, "low"), "hero": "elevated"}
HERO = """# Heroes for people who come back.
blocks:
  - id: hero_back  # the first
    locales: [en-US]
    copy:
      headline: Come back outside
      body: Pack what you need and take your time. We help you get ready.
    author: cal@example.com
    approval:
      # who read it
      by: [rae@example.com, lea@example.com]
      on: 2026-10-01
      review_by: 2099-10-01
      hash: unsealed
  - id: hero_slow
    locales: [en-US]
    copy: {headline: A slow walk, body: Pack what you need and take your time. We help you get ready.}
    author: Rae
    approval: {by: [nobody], on: 2026-10-01, review_by: 2027-01-01, hash: unsealed}
"""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    write_content(tmp_path, tiers={"kinds": KINDS}, review=REVIEW)
    written = Content(tmp_path)
    hero(written).write_text(HERO, "utf-8")
    one, two = item("cta_one", "cta", author="Cal"), item("cta_two", "cta", author="Rae")
    dump(buttons(written), {"blocks": [one, two]})
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", f"sqlite:///{tmp_path / 'mine.db'}")
    monkeypatch.setenv("COPYDESK_CONTENT_CACHE", str(tmp_path / "cache"))
    return written


@pytest.fixture
def people(content: Content) -> Content:
    roles = {"rae": "brand-reviewer", "lea": "legal", "cal": "copywriter", "ola": "operator"}
    for name, role in roles.items():
        email = f"{name}@example.com"
        added = run(
            "people", "add", email, "--name", name.title(), "--role", role, "--brand", content.brand_id
        )
        assert added.exit_code == 0, added.output
    return content


def hero(content: Content) -> Path:
    return content.block_root / content.brand_id / "hero" / "winback.yaml"


def buttons(content: Content) -> Path:
    return content.block_root / content.brand_id / "cta" / "winback.yaml"


def approve(name: str, who: str) -> Result:
    return run("blocks", "approve", name, "--as", f"{who}@example.com")


def block(content: Content, block_id: str) -> Any:
    placed = load_blocks(content.block_root, content.brand_id, sealed=False)
    return next(entry.block for entry in placed if entry.block.id == block_id)


def test_the_tier_decides_who_approves_a_file_and_the_last_one_seals_it(people: Content) -> None:
    waiting = run("blocks", "waiting").output
    assert "tier elevated\n    elevated: it is a block of the kind hero" in waiting
    assert "tier elevated asks for an approval by: brand reviewer, legal" in waiting
    early = approve("hero_back", "lea")
    assert early.exit_code == 2
    assert "hero_back: tier elevated waits for an approval by: brand reviewer, legal" in early.output
    first = approve("hero_back", "rae")
    assert first.exit_code == 0, first.output
    assert first.output.endswith("1 block approved by rae@example.com, 0 sealed\n")
    assert hero(people).read_text("utf-8") == HERO.replace(
        "by: [rae@example.com, lea@example.com]\n      on: 2026-10-01\n      review_by: 2099-10-01",
        f"by: [rae@example.com]\n      on: {day()}\n      review_by: {day(180)}",
    )
    again = approve("hero_back", "rae")
    assert (again.exit_code, "you have approved it already" in again.output) == (2, True)
    last = approve("hero_back", "lea")
    assert last.output.endswith("1 block approved by lea@example.com, 1 sealed\n"), last.output
    found = block(people, "hero_back")
    assert found.approval.by == ("rae@example.com", "lea@example.com")
    assert found.approval.hash == found.content_hash()
    text = hero(people).read_text("utf-8")
    assert "# the first" in text
    assert "# who read it" in text
    assert text.split("  - id: hero_slow")[1] == HERO.split("  - id: hero_slow")[1]
    assert "approved and sealed already" in approve("hero_back", "lea").output


def day(later: int = 0) -> dt.date:
    return dt.datetime.now(dt.UTC).date() + dt.timedelta(days=later)


def test_nobody_approves_their_own_block_under_any_name(people: Content) -> None:
    own = approve("hero_slow", "rae")
    assert (own.exit_code, "nobody approves what they wrote" in own.output) == (2, True)
    assert hero(people).read_text("utf-8") == HERO
    for who, words in (("cal", "waits for an approval by"), ("ola", "no role"), ("zoe", "no person")):
        result = approve("hero_slow", who)
        assert (result.exit_code, words in result.output) == (2, True), who


def test_a_change_after_an_approval_needs_it_again(people: Content) -> None:
    approve("hero_back", "rae")
    path = hero(people)
    path.write_text(path.read_text("utf-8").replace("Come back outside", "Come back out"), "utf-8")
    result = approve("hero_back", "lea")
    assert (result.exit_code, "waits for an approval by: brand reviewer, legal" in result.output) == (2, True)
    assert "asks for an approval by: brand reviewer, legal" in run("blocks", "waiting").output


def test_copy_that_the_guardrails_refuse_is_not_approved(people: Content) -> None:
    path = hero(people)
    path.write_text(path.read_text("utf-8").replace("Come back outside", "It heals colds"), "utf-8")
    result = approve("hero_back", "rae")
    assert (result.exit_code, "the guardrails refuse it" in result.output) == (2, True)
    assert "hash: unsealed" in path.read_text("utf-8")


def test_a_file_is_approved_together_where_the_tier_allows_it(people: Content) -> None:
    refused = approve(str(hero(people)), "rae")
    assert "hero_back: tier elevated is approved one by one: name the block" in refused.output
    own = approve(str(buttons(people)), "rae")
    assert "cta_two: you wrote it" in own.output
    assert "1 of 2 cannot be approved, and none was" in own.output
    text = buttons(people).read_text("utf-8").replace("author: Rae", "author: Cal")
    buttons(people).write_text(text, "utf-8")
    done = approve(str(buttons(people)), "rae")
    assert done.output.endswith("2 blocks approved by rae@example.com, 2 sealed\n"), done.output
    assert {block(people, name).approval.by for name in ("cta_one", "cta_two")} == {("rae@example.com",)}
    assert "no block of" in approve(str(buttons(people)), "rae").output
    assert "does not lie in" in approve("/etc/passwd.yaml", "rae").output
    assert "did you mean 'cta_one'?" in approve("cta_onne", "rae").output


def test_sealing_is_for_brands_that_nobody_approves_for_yet(content: Content) -> None:
    sealed = run("brand", "seal", content.brand_id)
    assert "note: nobody has a role that approves for fernhill, so who approved is what" in sealed.output
    assert sealed.exit_code == 0


@pytest.mark.parametrize("who", ["", "ola@example.com"])
def test_sealing_is_recorded_with_who_did_it(content: Content, tmp_path: Path, who: str) -> None:
    run("people", "add", "ola@example.com", "--name", "Ola")
    assert run("brand", "seal", content.brand_id, "--as", "nobody@example.com").exit_code == 2
    run("brand", "seal", content.brand_id, *(("--as", who) if who else ()))
    with existing_database(f"sqlite:///{tmp_path / 'mine.db'}") as engine:
        notes = [item for item in AuditLog(engine).records() if item.action == "block.seal"]
        actor = People(engine).get(who).person.id if who else "machine"
    assert {item.subject for item in notes} >= {"block hero_back", "block hero_slow"}
    assert {(item.brand, item.actor) for item in notes} == {(content.brand_id, actor)}
    (hero_back,) = [item.data for item in notes if item.subject == "block hero_back"]
    sealed = block(content, "hero_back").approval.hash
    assert hero_back == {"hash": sealed, "before": "unsealed", "reviewed": False}


def test_with_people_only_what_they_approved_is_sealed(people: Content) -> None:
    result = run("brand", "seal", people.brand_id)
    assert result.exit_code == 1
    assert "block 'hero_back' is not approved: tier elevated asks for an approval by: brand" in result.output
    assert "hash: unsealed" in hero(people).read_text("utf-8")


def seal_by_hand(content: Content, *block_ids: str) -> None:
    """Write the right hash, as whoever can compute it may."""
    placed = load_blocks(content.block_root, content.brand_id, sealed=False)
    seal([item for item in placed if item.block.id in block_ids], content.block_root)


UNAPPROVED = "is sealed without its approval: tier"


@pytest.mark.parametrize("day_in_the_file", ["2020-01-01", "2026-10-01", None])
def test_a_hash_written_by_hand_is_found_whatever_day_the_file_says(
    people: Content, day_in_the_file: str | None
) -> None:
    path = hero(people)
    path.write_text(path.read_text("utf-8").replace("2026-10-01", day_in_the_file or f"{day()}"), "utf-8")
    seal_by_hand(people, "hero_back", "hero_slow")
    buttons(people).unlink()
    check = run("brand", "check", people.brand_id)
    assert check.exit_code == 1
    assert f"block 'hero_back' {UNAPPROVED} elevated asks for an approval by: brand" in check.output
    assert "3 blocks waiting" not in run("blocks", "waiting").output
    assert "2 blocks waiting" in run("blocks", "waiting").output
    published = run("publish", "--accept-failing")
    assert published.exit_code == 1
    assert "not published: 2 blocks sealed without approval" in published.output
    path.unlink()
    assert "sealed without" not in run("publish", "--accept-failing").output


def test_what_served_before_anybody_could_approve_goes_on(content: Content) -> None:
    assert run("brand", "seal", content.brand_id).exit_code == 0
    assert run("publish").exit_code == 0
    written_since = buttons(content).read_text("utf-8").replace("cta_two", "cta_new")
    buttons(content).write_text(written_since, "utf-8")
    seal_by_hand(content, "cta_new")
    added = run("people", "add", "rae@example.com", "--name", "Rae", "--role", "legal", "--brand", "*")
    assert added.exit_code == 0, added.output
    check = run("brand", "check", content.brand_id).output
    assert check.count(UNAPPROVED) == 1
    assert f"block 'cta_new' {UNAPPROVED}" in check
    reworded = hero(content).read_text("utf-8").replace("A slow walk", "A slow stroll")
    hero(content).write_text(reworded, "utf-8")
    seal_by_hand(content, "hero_slow")
    assert f"block 'hero_slow' {UNAPPROVED}" in run("brand", "check", content.brand_id).output
    listed = json.loads(run("audit", "list", "--brand", content.brand_id, "--json").output)
    assert [item["data"]["blocks"] for item in listed if item["action"] == "block.spare"] == [8]


def test_roles_that_are_taken_away_and_given_again_spare_nothing_more(people: Content) -> None:
    for name in ("rae", "lea", "cal", "ola"):
        assert run("people", "revoke", f"{name}@example.com", "--brand", people.brand_id).exit_code == 0
    refused = run("brand", "seal", people.brand_id)
    assert "block 'hero_back' is not approved" in refused.output
    seal_by_hand(people, "hero_back", "hero_slow", "cta_one", "cta_two")
    assert "not published: 4 blocks sealed without approval" in run("publish").output
    run("people", "grant", "lea@example.com", "legal", "--brand", people.brand_id)
    assert "not published: 4 blocks sealed without approval" in run("publish").output
    recorded = json.loads(run("audit", "list", "--brand", people.brand_id, "--json").output)
    assert [item["action"] for item in recorded].count("block.spare") == 1


def test_roles_from_before_anything_was_recorded_spare_what_is_published(content: Content) -> None:
    run("brand", "seal", content.brand_id)
    assert run("publish").exit_code == 0
    with existing_database(os.environ["COPYDESK_DATABASE"]) as engine:
        People(engine).add("rae@example.com", "Rae")
        People(engine).grant("rae@example.com", content.brand_id, [PersonRole.LEGAL])
    assert UNAPPROVED not in run("brand", "check", content.brand_id).output
    buttons(content).write_text(buttons(content).read_text("utf-8").replace("cta_two", "cta_new"), "utf-8")
    seal_by_hand(content, "cta_new")
    assert "not published: 1 block sealed without approval" in run("publish").output
    buttons(content).unlink()
    assert run("publish").exit_code == 0
    recorded = json.loads(run("audit", "list", "--brand", content.brand_id, "--json").output)
    assert "block.spare" in [item["action"] for item in recorded]


def test_no_role_is_given_while_blocks_cannot_be_read(content: Content) -> None:
    hero(content).write_text("blocks: [", "utf-8")
    arguments = ("rae@example.com", "--name", "Rae", "--brand", content.brand_id, "--role")
    refused = run("people", "add", *arguments, "legal")
    assert (refused.exit_code, "no role was given" in refused.output) == (2, True)
    assert "there is nobody yet" in run("people", "list").output
    assert run("people", "add", *arguments, "copywriter").exit_code == 0


def author_of(content: Content, author: str) -> None:
    hero(content).write_text(HERO.replace("author: Rae", f"author: {author}"), "utf-8")


@pytest.mark.parametrize("author", ["RAE", "rae@EXAMPLE.com", "' Rae '"])
def test_an_author_is_the_person_under_any_spelling(people: Content, author: str) -> None:
    author_of(people, author)
    assert "you wrote it" in approve("hero_slow", "rae").output


@pytest.mark.parametrize(
    "author", ["Zoe", "zoe@example.com", "Cal Copywriter", "starter content of Copydesk"]
)
def test_an_author_whom_nobody_knows_has_to_be_named(people: Content, author: str) -> None:
    author_of(people, author)
    refused = approve("hero_slow", "rae")
    assert (refused.exit_code, "say who wrote it: --author EMAIL" in refused.output) == (2, True)
    assert "say who wrote it: --author EMAIL" in run("blocks", "waiting").output
    own = run("blocks", "approve", "hero_slow", "--as", "rae@example.com", "--author", "Rae@Example.com")
    assert "you wrote it" in own.output
    nobody = run("blocks", "approve", "hero_slow", "--as", "rae@example.com", "--author", "zoe@example.com")
    assert (nobody.exit_code, "there is no person zoe@example.com" in nobody.output) == (2, True)
    done = run("blocks", "approve", "hero_slow", "--as", "rae@example.com", "--author", "CAL@example.com")
    assert done.exit_code == 0, done.output
    assert "author: cal@example.com\n" in hero(people).read_text("utf-8").split("hero_slow")[1]
    assert approve("hero_slow", "lea").output.endswith("1 sealed\n")
    found = block(people, "hero_slow")
    assert found.approval.hash == found.content_hash()
    listed = json.loads(run("audit", "list", "--subject", "block hero_slow", "--json").output)
    cal = json.loads(run("people", "show", "cal@example.com", "--json").output)["id"]
    assert [(item["data"]["author"], item["data"]["author_named"]) for item in listed] == [
        (cal, False),
        (cal, True),
    ]


@pytest.mark.parametrize("author", ["Cal", "'Cal'", '"Cal"  # who', "CAL # who"])
def test_the_first_approval_writes_the_address_of_the_author(people: Content, author: str) -> None:
    author_of(people, author)
    assert approve("hero_slow", "rae").exit_code == 0
    shown = hero(people).read_text("utf-8").split("hero_slow")[1]
    assert "author: cal@example.com" in shown
    assert ("# who" in shown) == ("# who" in author)
    assert approve("hero_slow", "lea").output.endswith("1 sealed\n")


def test_of_people_with_one_name_the_author_is_named(people: Content) -> None:
    run("people", "add", "cal2@example.com", "--name", "Cal")
    refused = approve("cta_one", "rae")
    assert "several people are called 'Cal': cal2@example.com, cal@example.com" in refused.output
    named = ("blocks", "approve", "cta_one", "--as", "rae@example.com", "--author")
    assert "its author is Cal, not lea@example.com" in run(*named, "lea@example.com").output
    assert run(*named, "cal@example.com").exit_code == 0
    assert block(people, "cta_one").author == "cal@example.com"


def test_starter_content_is_approved_as_it_came(people: Content) -> None:
    author_of(people, STARTER)
    seal_by_hand(people, "hero_slow")
    assert approve("hero_slow", "rae").exit_code == 0
    assert approve("hero_slow", "lea").output.endswith("1 sealed\n")
    assert block(people, "hero_slow").author == STARTER


def test_an_approver_who_is_erased_blocks_nothing(people: Content) -> None:
    approve("hero_back", "rae")
    assert approve("hero_back", "lea").exit_code == 0
    buttons(people).unlink()
    hero(people).write_text(hero(people).read_text("utf-8").split("  - id: hero_slow")[0], "utf-8")
    erased = run("people", "erase", "lea@example.com", "--yes")
    alias, line = erased.output.split()[1], "by: [rae@example.com, lea@example.com]"
    number = hero(people).read_text("utf-8").splitlines().index(f"      {line}") + 1
    assert f"  {hero(people)}:{number}\n" in erased.output
    assert "`copydesk blocks approve BLOCK --as YOU` writes the alias" in erased.output
    assert "0 blocks waiting" in run("blocks", "waiting").output
    assert "sealed without" not in run("brand", "check", people.brand_id).output
    again = approve("hero_back", "rae")
    assert again.output.endswith("1 block approved by rae@example.com, 1 sealed\n"), again.output
    assert f"by: [rae@example.com, {alias}]" in hero(people).read_text("utf-8")
    assert "sealed without" not in run("brand", "check", people.brand_id).output
    assert "lea@example.com" not in hero(people).read_text("utf-8")

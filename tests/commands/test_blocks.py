"""`copydesk blocks`: files in blocks/ are no way around review."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from app.blocks.loader import load_blocks
from app.cli import main
from app.db.audit_log import AuditLog
from app.db.engine import existing_database
from app.db.people import People
from app.db.service_tables import RoleGrant
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
    one, two = item("cta_one", "cta"), item("cta_two", "cta", author="Rae")
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
    text = buttons(people).read_text("utf-8").replace("author: Rae", "author: Cal Copywriter")
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


def test_a_hash_written_by_hand_is_found_by_check_and_publish(people: Content) -> None:
    roles_granted_long_ago()
    path = hero(people)
    path.write_text(path.read_text("utf-8").replace("2026-10-01", f"{day()}"), "utf-8")
    for block_id in ("hero_back", "hero_slow"):
        forged = block(people, block_id).content_hash()
        path.write_text(path.read_text("utf-8").replace("hash: unsealed", f'hash: "{forged}"', 1), "utf-8")
    buttons(people).unlink()
    check = run("brand", "check", people.brand_id)
    assert check.exit_code == 1
    words = "block 'hero_back' is sealed without its approval: tier elevated asks for an approval by: brand"
    assert words in check.output
    published = run("publish", "--accept-failing")
    assert published.exit_code == 1
    assert "not published: 2 blocks sealed without approval" in published.output
    path.unlink()
    assert "sealed without" not in run("publish", "--accept-failing").output


def roles_granted_long_ago() -> None:
    """As if the people had their roles for years."""
    import os

    from sqlmodel import Session

    with existing_database(os.environ["COPYDESK_DATABASE"]) as engine, Session(engine) as session:
        session.execute(update(RoleGrant).values(granted_at=dt.datetime(2026, 10, 2, tzinfo=dt.UTC)))
        session.commit()

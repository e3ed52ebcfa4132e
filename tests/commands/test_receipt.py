"""`copydesk receipt`: why a sentence exists, and `copydesk db prune`: what is kept of it."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.blocks.approved import digest
from app.cli import main
from app.db.service_tables import Blob, BlobKind
from app.db.store import DraftFilter
from app.db.tables import Draft
from app.llm.scripted import ScriptedModel
from tests.generation.desk import Desk, answering


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose brief was answered, and where the commands work."""
    desk = Desk.at(tmp_path)
    desk.run(ScriptedModel(answering()))
    monkeypatch.setenv("COPYDESK_CONTENT", str(tmp_path))
    monkeypatch.setenv("COPYDESK_DATABASE", desk.database)
    return desk


def draft_of(desk: Desk, kind: str) -> Draft:
    store = desk.store()
    found = store.drafts(DraftFilter(kind=kind))[0]
    store.close()
    return found


def receipt(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["receipt", "show", *arguments])


def told(draft: Draft) -> dict[str, Any]:
    """The receipt for programs; the hashes by what they stand for."""
    result = receipt(draft.id, "--json")
    found: dict[str, Any] = json.loads(result.stdout)
    return {**found, "hashes": {item["what"]: item for item in found["hashes"]}, "status": result.exit_code}


def change_blobs(desk: Desk, *where: Any, **values: Any) -> None:
    store = desk.store()
    with Session(store.engine) as session:
        session.execute(update(Blob).where(*where).values(**values) if values else delete(Blob).where(*where))
        session.commit()
    store.close()


def test_it_says_in_words_why_a_sentence_exists(desk: Desk) -> None:
    draft = draft_of(desk, "hero")
    result = receipt(draft.id)
    assert result.exit_code == 0, result.output
    for words in (
        f"draft {draft.id}: hero for weekend_hikers in en-US",
        "brand fernhill, brief fernhill_hello, journey winback, state draft",
        f"headline: {draft.copy_fields['headline']}",
        "written by the model scripted on ",
        "in 1 recorded call, with temperature 0.9, top_p 0.95",
        "as of 2026-11-20 09:00 UTC: pass, ",
        "nobody has approved it",
        "the brand's files: ",
        "the facts and values: ",
        "what was sent to the model: ",
        "what the model answered: ",
    ):
        assert words in result.output, words


def test_every_hash_is_kept_and_shown(desk: Desk) -> None:
    draft = draft_of(desk, "hero")
    found = told(draft)
    assert found["status"] == 0
    names = {"brand", "rules", "prompt", "contract", "facts", "asked", "blocks", "copy", "request", "answer"}
    assert found["hashes"].keys() == names
    for what, item in found["hashes"].items():
        assert (item["state"], item["files_lost"]) == ("kept", 0), what
    assert found["hashes"]["brand"]["files"] == 12
    facts = receipt(draft.id, "--show", draft.receipt.hashes.facts)
    assert digest(json.loads(facts.stdout)) == draft.receipt.hashes.facts
    request = json.loads(receipt(draft.id, "--show", draft.receipt.calls[0].request[:10]).stdout)
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["temperature"] == 0.9


def test_a_file_of_a_listing_is_shown_too(desk: Desk) -> None:
    draft = draft_of(desk, "hero")
    listing = json.loads(receipt(draft.id, "--show", draft.receipt.hashes.brand).stdout)
    path = "brand/fernhill/voice.yaml"
    assert receipt(draft.id, "--show", listing[path]).stdout == (desk.root / path).read_text()


def test_approved_content_names_its_block_and_no_call(desk: Desk) -> None:
    draft = draft_of(desk, "footer")
    result = receipt(draft.id)
    assert "taken from the approved block footer_evergreen on " in result.output
    assert "request" not in told(draft)["hashes"]


@pytest.mark.parametrize("wrong", ["0" * 64, "abc"])
def test_a_hash_that_is_not_on_the_receipt_is_not_shown(desk: Desk, wrong: str) -> None:
    result = receipt(draft_of(desk, "hero").id, "--show", wrong)
    assert result.exit_code == 2
    assert f"the hash '{wrong}' is not on this receipt" in result.output


def test_an_unknown_draft(desk: Desk) -> None:
    result = receipt("nobody")
    assert result.exit_code == 2
    assert "there is no draft 'nobody'" in result.output


def test_pruned_calls_say_when_and_the_rest_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = draft_of(desk, "hero")
    old = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    change_blobs(desk, col(Blob.kind).in_((BlobKind.REQUEST, BlobKind.ANSWER)), used_at=old)
    planned = json.loads(CliRunner().invoke(main, ["db", "prune", "--dry-run", "--json"]).stdout)
    assert planned["calls"]["blobs"] == 6
    assert told(draft)["hashes"]["request"]["state"] == "kept"
    result = CliRunner().invoke(main, ["db", "prune"])
    assert result.output.startswith("calls: 6 blobs pruned")
    found = told(draft)
    assert found["status"] == 0, "what retention took is no fault"
    assert found["hashes"]["request"]["state"] == found["hashes"]["answer"]["state"] == "pruned"
    assert found["hashes"]["facts"]["state"] == "kept"
    assert f"pruned on {dt.datetime.now(dt.UTC):%Y-%m-%d} by retention" in receipt(draft.id).output
    shown = receipt(draft.id, "--show", draft.receipt.calls[0].answer)
    assert (shown.exit_code, "pruned on" in shown.output) == (1, True)


def test_a_damaged_or_missing_hash_is_named_with_status_1(desk: Desk) -> None:
    draft = draft_of(desk, "hero")
    change_blobs(desk, col(Blob.hash) == draft.receipt.hashes.rules, data=b"x")
    change_blobs(desk, col(Blob.hash) == draft.receipt.hashes.contract)
    result = receipt(draft.id)
    assert result.exit_code == 1
    assert "the rules that judged: damaged: the stored bytes do not have this hash" in result.output
    assert "the decision contract: never stored" in result.output


def test_a_file_of_a_listing_that_is_gone_is_counted(desk: Desk) -> None:
    draft = draft_of(desk, "hero")
    listing = json.loads(receipt(draft.id, "--show", draft.receipt.hashes.brand).stdout)
    change_blobs(desk, col(Blob.hash) == listing["brand/fernhill/voice.yaml"])
    assert told(draft)["hashes"]["brand"]["files_lost"] == 1
    assert "lists 12 files, 1 of them lost" in receipt(draft.id).output

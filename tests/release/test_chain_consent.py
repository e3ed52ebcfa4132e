"""The chain where a consent is lacking: the generic twin answers, and every step says why."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.db.tables import Draft, DraftState
from app.release.chain import ChainAnswer, answer, reuse
from app.release.content import NoDrafts
from app.release.library import ContentLibrary
from app.release.matching import journey_blocks
from app.verdicts.decisions import Outcome, Reason, Step, WhoActs
from app.verdicts.reports import Verdict
from tests import factories
from tests.db.factories import make_draft
from tests.release.content import SEGMENT, Content, ScriptedJudge, item, query

LACKS = "segment campers lacks consent personalisation for person.city"


class Drafts:
    """One approved draft for whoever asks."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def last_approved(self, **place: Any) -> Sequence[Draft]:
        return (self.draft,)


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """Weekend hikers agreed to personalisation, campers did not."""
    content = Content(tmp_path)
    variables = [*factories.VARIABLES, factories.CITY]
    content.files["variables.yaml"] = {"consents": list(factories.CONSENTS), "variables": variables}
    content.files["segments.yaml"] = {
        "segments": [
            {**SEGMENT, "consents": ["personalisation"]},
            {**SEGMENT, "id": "campers", "aliases": ["tent_people"]},
        ]
    }
    content.blocks["cta/winback"] = [
        item("cta_aaa", "cta", copy={"label": "See walks near your home"}),
        item(
            "cta_city",
            "cta",
            copy={"label": "See walks near {person.city}"},
            message="walks near home",
            twin="cta_aaa",
        ),
        item("cta_zzz", "cta", copy={"label": "Find a path"}),
    ]
    return content


@pytest.fixture
def library(content: Content) -> ContentLibrary:
    return content.write().load()


def ask(library: ContentLibrary, segment: str, **options: Any) -> ChainAnswer:
    given = {"because": Reason.LOW_CONFIDENCE, "judge": ScriptedJudge(), "drafts": NoDrafts(), **options}
    return answer(library, query(segment=segment), **given)


def test_with_the_consent_the_block_answers(library: ContentLibrary) -> None:
    found = ask(library, "hikers")
    assert found.decision.block == "cta_city"
    assert found.decision.trace[-1].reason is Reason.APPROVED_BLOCK_USED
    assert found.decision.generic == ""


@pytest.mark.parametrize("name", ["campers", "tent_people"])
def test_without_it_the_twin_answers_and_says_why(library: ContentLibrary, name: str) -> None:
    found = ask(library, name)
    assert found.decision.block == "cta_aaa"
    assert found.decision.outcome is Outcome.FELL_BACK
    assert found.decision.reason is Reason.LOW_CONFIDENCE, "why nothing was generated is another matter"
    step = found.decision.trace[-1]
    assert (step.step, step.answered, step.reason) == (Step.JOURNEY_BLOCK, True, Reason.CONSENT_MISSING)
    assert found.decision.generic == f"block 'cta_aaa', generic twin used: {LACKS}".replace("campers", name)


def test_a_twin_has_no_turn_of_its_own(library: ContentLibrary) -> None:
    for turn, ids in ((0, "cta_city cta_aaa cta_zzz"), (1, "cta_zzz cta_city cta_aaa")):
        assert [block.id for block in journey_blocks(library, query(turn=turn))] == ids.split()


def test_where_the_block_itself_fails_its_twin_is_next(library: ContentLibrary) -> None:
    judge = ScriptedJudge({"See walks near {person.city}": Verdict.FAIL})
    found = ask(library, "hikers", judge=judge)
    assert found.decision.block == "cta_aaa"
    assert found.decision.generic == "", "the consent was there"


def test_a_generic_block_stands_in_where_no_twin_is_named(content: Content) -> None:
    del content.blocks["cta/winback"][1]["twin"]
    content.blocks["cta/winback"][0]["id"] = "cta_other"
    found = ask(content.write().load(), "campers")
    assert found.decision.block == "cta_other"
    assert found.decision.generic == f"block 'cta_other', generic twin used: {LACKS}"


def test_an_approved_draft_is_passed_over_too(library: ContentLibrary) -> None:
    draft = make_draft(copy_fields={"label": "Go out in {person.city}"}, state=DraftState.APPROVED)
    found = ask(library, "campers", drafts=Drafts(draft))
    first, last = found.decision.trace
    assert (first.step, first.answered, first.reason) == (Step.LAST_APPROVED, False, Reason.CONSENT_MISSING)
    assert LACKS in first.detail
    assert last.reason is Reason.CONSENT_MISSING
    assert found.decision.generic == f"block 'cta_aaa', generic twin used: {LACKS}"


def test_reused_content_is_the_twin_of_what_has_the_same_message(library: ContentLibrary) -> None:
    agreed, lacking = (
        reuse(library, query(segment=segment, message="walks near home"), judge=ScriptedJudge())
        for segment in ("weekend_hikers", "campers")
    )
    assert agreed is not None
    assert lacking is not None
    assert (agreed.decision.block, agreed.decision.reason) == ("cta_city", Reason.MATCHED_APPROVED)
    assert (lacking.decision.block, lacking.decision.reason) == ("cta_aaa", Reason.CONSENT_MISSING)
    assert lacking.decision.outcome is Outcome.REUSED
    assert lacking.decision.sentence.endswith("the generic twin is used.")
    assert lacking.decision.who_acts is WhoActs.BRAND_OWNER

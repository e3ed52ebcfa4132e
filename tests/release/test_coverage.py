"""`brand check`: rules are held to their own examples, and the last resort is proved to pass."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.errors import UsageError
from app.release import judging
from app.release.coverage import check_brand, prove_coverage
from app.release.samples import SAMPLES, sample_fact
from app.verdicts.reports import GuardReport
from tests import factories
from tests.release.content import AS_OF, COPY, Content, item


@pytest.fixture
def content(tmp_path: Path) -> Content:
    return Content(tmp_path)


def check(content: Content, as_of: dt.datetime = AS_OF) -> list[str]:
    found = check_brand(content.brands, content.block_root, content.brand_id, as_of=as_of)
    return [str(problem) for problem in found]


def voice(**examples: Any) -> dict[str, Any]:
    return {**factories.VOICE, "examples": {**factories.VOICE["examples"], **examples}}


def test_a_sound_brand_has_no_problems(content: Content) -> None:
    content.blocks["offer/winback"] = [item("offer_winback", "offer")]
    assert check(content.write()) == []


def test_a_block_is_judged_before_it_is_sealed(content: Content) -> None:
    content.blocks["cta/winback"] = [item("cta_cures", "cta", copy={"label": "See what cures colds"})]
    american, british, unsealed = (
        found for found in check(content.write(sealed=False)) if "cta_cures" in found
    )
    assert "block 'cta_cures' is not sealed" in unsealed
    assert "block 'cta_cures' in en-US is refused by cures" in american
    assert "block 'cta_cures' in en-GB is refused by cures" in british


def test_an_unknown_brand(content: Content) -> None:
    with pytest.raises(UsageError, match="no brand 'fernhil'"):
        check_brand(content.write().brands, content.block_root, "fernhil", as_of=AS_OF)


def test_a_rule_that_misses_its_own_example(content: Content) -> None:
    rule = {**factories.CLAIMS[0], "fails": ["It cures colds.", "It mends bones."]}
    content.files["claims.yaml"] = {"rules": [rule]}
    (found,) = check(content.write())
    assert found.startswith("brand/fernhill/claims.yaml:")
    assert "rules.0.fails.1: rule 'cures' does not catch its own example 'It mends bones.'" in found


def test_a_rule_that_cannot_be_compiled(content: Content) -> None:
    content.files["claims.yaml"] = {"rules": [{**factories.CLAIMS[0], "phrases": ["\u200b"]}]}
    (found,) = check(content.write())
    assert found.startswith("brand/fernhill: rule 'cures'")


def test_an_example_that_only_another_rule_catches(content: Content) -> None:
    other = {**factories.CLAIMS[1], "fails": ["It cures colds."]}
    content.files["claims.yaml"] = {"rules": [factories.CLAIMS[0], other]}
    (found,) = check(content.write())
    assert "rule 'best_ever' does not catch its own example" in found
    assert "it is caught by cures" in found


def test_a_rule_that_catches_what_must_pass(content: Content) -> None:
    rule = {**factories.NEVER_INFER[0], "passes": ["Walk slowly with your asthma."]}
    content.files["never_infer.yaml"] = {"rules": [rule]}
    (found,) = check(content.write())
    assert "never_infer.yaml:" in found
    assert "rules.0.passes.0: rule 'health' catches 'Walk slowly with your asthma.', which must pass" in found


def test_never_infer_rules_are_proved_even_when_the_contract_does_not_enforce_them(content: Content) -> None:
    faith = {**factories.NEVER_INFER[1], "fails": ["Have a good day."]}
    content.files["never_infer.yaml"] = {"rules": [factories.NEVER_INFER[0], faith]}
    (found,) = check(content.write())
    assert "rule 'faith' does not catch its own example" in found


def test_the_examples_of_a_pack_are_proved_where_they_stand(content: Content) -> None:
    pack = content.write().brands / "_packs" / "walking.yaml"
    pack.write_text(pack.read_text().replace("Fun guaranteed.", "Fun for sure."))
    (found,) = check(content)
    assert found.startswith("brand/_packs/walking.yaml:")


def test_a_bad_voice_example_that_is_not_refused(content: Content) -> None:
    bad = [*factories.VOICE["examples"]["bad"], {"text": "A calm walk.", "rule": "voice"}]
    content.files["voice.yaml"] = voice(bad=bad)
    (found,) = check(content.write())
    assert "examples.bad.3.text: 'A calm walk.' is not refused by 'voice'" in found


def test_a_bad_voice_example_may_name_a_claim_rule_and_not_an_unknown_one(content: Content) -> None:
    claim = {"text": "It cures colds.", "rule": "cures"}
    unknown = {"text": "It cures colds.", "rule": "voise"}
    content.files["voice.yaml"] = voice(bad=[*factories.VOICE["examples"]["bad"], claim, unknown])
    (found,) = check(content.write())
    assert "unknown rule 'voise' (did you mean 'voice'?)" in found


def test_a_good_voice_example_that_a_rule_refuses(content: Content) -> None:
    good = [*factories.VOICE["examples"]["good"], "Unleash the calm"]
    content.files["voice.yaml"] = voice(good=good)
    (found,) = check(content.write())
    assert "examples.good.5: a good example is refused" in found


def test_approved_content_that_a_guardrail_refuses(content: Content) -> None:
    copy = {**COPY["hero"], "headline": "Boots that cures it"}
    content.blocks["hero/winback"] = [item("hero_winback", "hero", copy=copy)]
    found = check(content.write())
    assert any("block 'hero_winback' in en-US is refused by cures" in line for line in found)
    assert all(line.startswith("blocks/fernhill/hero/winback.yaml:") for line in found)
    assert all("copy.headline" in line for line in found)


def test_invariant_4_an_evergreen_block_must_pass_itself(content: Content) -> None:
    content.blocks["cta/evergreen"] = [item("cta_evergreen", "cta", copy={"label": "See what cures it"})]
    found = check(content.write())
    missing = "blocks/fernhill/cta/evergreen.yaml: no evergreen cta for en-GB passes the guardrails"
    assert any(line.startswith(missing) for line in found)


def test_invariant_2_a_guardrail_that_did_not_answer_proves_nothing(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = content.write().load()
    monkeypatch.setattr(judging, "judge", lambda piece, context: GuardReport(required=("voice",), results=()))
    found = [str(problem) for problem in prove_coverage(library, as_of=AS_OF)]
    assert any("is not passed but not_run: voice did not run" in line for line in found)
    assert sum("passes the guardrails" in line for line in found) == 8


def test_blocks_past_their_review_date_are_named(content: Content) -> None:
    found = check(content.write(), AS_OF + dt.timedelta(days=400))
    assert len(found) == 12, "four blocks, and what rests on them in two locales"
    assert "block 'cta_evergreen' had to be reviewed by 2027-10-01" in "\n".join(found)
    assert "no evergreen cta for en-US passes" in "\n".join(found)


def test_examples_are_proved_although_blocks_do_not_load(content: Content) -> None:
    content.files["claims.yaml"] = {"rules": [{**factories.CLAIMS[0], "fails": ["It mends bones."]}]}
    content.blocks["cta/evergreen"][0]["colour"] = "red"
    found = check(content.write(sealed=False))
    assert any("unknown field 'colour'" in line for line in found)
    assert any("does not catch its own example" in line for line in found)


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_are_valid_facts(name: str) -> None:
    for locale in ("en-US", "en-GB", "de-DE"):
        assert sample_fact(f"thing.{name}", locale, AS_OF).render(locale, dt.UTC)

"""One brief, several languages: each target is written in its own, or falls back and says why."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import SecretStr

from app.db.store import open_store
from app.errors import ContentError
from app.generation.material import examples_for, prompt_context
from app.generation.plan import SlotJob
from app.llm.embedded import EmbeddedModel
from app.llm.protocol import ModelProfile
from app.llm.scripted import ScriptedModel, from_file
from app.main import Generated, answer_brief, plan_brief
from app.prompts.library import PromptLibrary
from app.settings import Settings, content_root
from app.verdicts.decisions import Outcome, Reason
from tests.generation.desk import answering, traced
from tests.release.content import dump

EXAMPLE = content_root() / "examples" / "larkfell_welcome_eu.yaml"
LANGUAGES = {"en-US": "en", "de-DE": "de", "fr-FR": "fr"}


def brief(path: Path, *locales: str, **changes: Any) -> Path:
    """The example brief for these locales alone."""
    data = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    data["targets"] = [target for target in data["targets"] if target["locale"] in locales]
    dump(path, {**data, **changes})
    return path


def run(tmp_path: Path, path: Path, model: Any) -> Generated:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    settings = Settings(content=content_root(), database=SecretStr(url))
    store = open_store(url)
    try:
        return asyncio.run(answer_brief(settings, plan_brief(settings, path), store, (model,)))
    finally:
        store.close()


def jobs(tmp_path: Path, *locales: str, **changes: Any) -> list[SlotJob]:
    settings = Settings(content=content_root(), database=SecretStr(f"sqlite:///{tmp_path / 'test.db'}"))
    return list(plan_brief(settings, brief(tmp_path / "brief.yaml", *locales, **changes)).jobs)


def test_a_capable_model_writes_each_target_in_its_own_language(tmp_path: Path) -> None:
    model = from_file(content_root() / "examples" / "scripted.yaml")
    generated = run(tmp_path, brief(tmp_path / "brief.yaml", *LANGUAGES), model)
    heroes = {item.job.target.locale: item.answer for item in generated.settled if item.job.kind.id == "hero"}
    assert heroes.keys() == LANGUAGES.keys()
    for locale, words in (
        ("en-US", "your next walk"),
        ("de-DE", "dein nächster"),
        ("fr-FR", "votre prochaine"),
    ):
        answer = heroes[locale]
        assert answer.decision.outcome in (Outcome.GENERATED, Outcome.REASKED)
        assert {kept.variant.locale for kept in answer.kept} == {locale}
        texts = " ".join(text for kept in answer.kept for text in kept.variant.copy_fields.values())
        assert words in texts.lower()
    assert {request.purpose.language for request in model.requests} == set(LANGUAGES.values())
    refused = {finding.rule for answer in heroes.values() for r in answer.refused for finding in r.findings}
    assert {"voice", "agreement"} <= refused, "the script's lines in the other form of address are refused"


def test_a_model_that_answers_in_english_is_refused_in_other_languages(tmp_path: Path) -> None:
    lines = [
        {
            "headline": "Come in and look around with us",
            "body": "We make packs, boots and tents for the days that you spend outside with your friends.",
        }
    ]
    slots = [{"kind": "hero"}]
    path = brief(tmp_path / "brief.yaml", "de-DE", slots=slots)
    (settled,) = run(tmp_path, path, ScriptedModel(answering({"hero": lines}))).settled
    assert settled.answer.decision.outcome is Outcome.FELL_BACK
    assert "language" in {finding.rule for item in settled.answer.refused for finding in item.findings}
    block = settled.answer.kept[0].variant.block
    assert block is not None
    assert block.startswith("hero_welcome_")
    assert block.endswith("_de")


def test_the_embedded_model_writes_english_only() -> None:
    profile = EmbeddedModel(call_seconds=1).profile
    assert profile.writes("en")
    assert not any(profile.writes(language) for language in ("de", "fr", "es"))


@pytest.mark.parametrize("locale", ["de-DE", "fr-FR"])
def test_what_a_model_does_not_write_falls_back_with_its_reason(tmp_path: Path, locale: str) -> None:
    model = ScriptedModel(answering(), ModelProfile(style="small", languages=frozenset({"en"})))
    generated = run(tmp_path, brief(tmp_path / "brief.yaml", locale), model)
    assert model.requests == [], "nothing is asked of a model that cannot answer"
    for item in generated.settled:
        decision = item.answer.decision
        if item.job.kind.id == "footer":
            assert decision.reason is Reason.APPROVED_ONLY
            continue
        assert decision.reason is Reason.LOCALE_NOT_WRITTEN
        assert traced(item)[0] == ("generated", False, "locale_not_written")
        if item.job.kind.required:
            assert item.answer.kept[0].variant.block is not None
            assert item.answer.kept[0].variant.locale == locale


@pytest.mark.parametrize(
    ("locale", "language", "address"),
    [("de-DE", "German", 'Address the reader as "du"'), ("fr-FR", "French", 'Address the reader as "vous"')],
)
def test_the_prompt_asks_for_the_language_and_its_form_of_address(
    tmp_path: Path, locale: str, language: str, address: str
) -> None:
    job = next(item for item in jobs(tmp_path, locale) if item.kind.id == "hero")
    request = PromptLibrary(content_root() / "prompts").render("capable/request", prompt_context(job, [], 2))
    assert f'of the block "hero" in {language}' in request
    assert address in request


def test_the_english_prompt_says_nothing_of_other_languages(tmp_path: Path) -> None:
    job = next(item for item in jobs(tmp_path, "en-US") if item.kind.id == "hero")
    prompts = PromptLibrary(content_root() / "prompts")
    context = prompt_context(job, [], 2)
    told = prompts.render("capable/system", context) + prompts.render("capable/request", context)
    assert "Address the reader as" not in told
    english = [rule for rule in job.brand.claims if "en" in rule.languages]
    assert set(context.brand.never) <= {rule.message for rule in english}


def test_the_prompt_says_what_is_banned_in_the_market_and_in_this_block(tmp_path: Path) -> None:
    told: dict[tuple[str, str], set[str]] = {}
    for job in jobs(tmp_path, "en-US"):
        for market in ("US", "GB"):
            there = replace(job, context=replace(job.context, market=market))
            told[market, job.kind.id] = set(prompt_context(there, [], 2).brand.never)
    rules = {rule.id: rule.message for rule in job.brand.claims}
    assert rules["core_cure"] in told["US", "hero"] & told["GB", "hero"]
    assert rules["us_opt_out"] in told["US", "hero"] - told["GB", "hero"]
    assert rules["uk_rrp"] in told["GB", "hero"] - told["US", "hero"]
    assert rules["us_cema_end"] in told["US", "subject"] - told["US", "hero"]


def test_examples_are_in_the_language_that_is_asked_for(tmp_path: Path) -> None:
    settings = Settings(content=content_root(), database=SecretStr(f"sqlite:///{tmp_path / 'test.db'}"))
    planned = plan_brief(settings, brief(tmp_path / "brief.yaml", *LANGUAGES))
    for job in planned.jobs:
        for example in examples_for(job, planned.library):
            assert job.target.locale in example.block.locales


def test_words_of_the_brief_in_another_language_bind_no_target(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"must_say 'repair bench' is not in the language of de-DE"):
        jobs(tmp_path, "en-US", "de-DE", must_say=["repair bench"])
    assert all(job.must_say == ("{product.name}",) for job in _with_product(tmp_path, ["{product.name}"]))


def test_a_target_may_say_what_its_own_emails_must_say_and_avoid(tmp_path: Path) -> None:
    own = {"must_say": ["Werkstatt"], "avoid": ["Sommer"]}
    found = _with_product(tmp_path, ["repair bench"], **own)
    assert {job.must_say for job in found} == {("Werkstatt",)}
    assert {job.context.avoid for job in found} == {("Sommer",)}
    with pytest.raises(ContentError, match=r"targets\.0\.must_say\.0: 'Klimaneutral'"):
        _with_product(tmp_path, [], must_say=["Klimaneutral"])


def _with_product(tmp_path: Path, said: list[str], **own: Any) -> list[SlotJob]:
    """The jobs of a German target with a product, and with words of its own."""
    data = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    target = next(item for item in data["targets"] if item["locale"] == "de-DE")
    name = {"kind": "product", "role": "product", "value": "Linnet", "source": "catalog"}
    target |= {"facts": {"product.name": name}, **own}
    path = tmp_path / "brief.yaml"
    dump(path, {**data, "targets": [target], "must_say": said})
    return list(plan_brief(Settings(content=content_root()), path).jobs)

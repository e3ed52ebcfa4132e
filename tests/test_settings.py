"""Settings: read from COPYDESK_* alone, bounded, and never shown with their secrets."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import EMBEDDED, Settings, content_root


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_no_configuration() -> None:
    settings = Settings()
    assert settings.model == EMBEDDED
    assert settings.database == "sqlite:///copydesk.db"
    assert settings.content == content_root()
    assert (settings.content / "brand").is_dir()
    assert settings.second_model == ""


def test_variables_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MODEL", "openai/x")
    monkeypatch.setenv("COPYDESK_SAMPLES", "7")
    monkeypatch.setenv("SAMPLES", "9")
    assert (Settings().model, Settings().samples) == ("openai/x", 7)


def test_a_dotenv_file_under_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("COPYDESK_MODEL=from-file\nCOPYDESK_SAMPLES=9\nOTHER=1\n")
    monkeypatch.setenv("COPYDESK_MODEL", "from-environment")
    assert (Settings().model, Settings().samples) == ("from-environment", 9)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("database", "postgresql://x", "only sqlite:///<file> is supported"),
        ("model_style", "large", "'auto', 'small' or 'capable'"),
        ("model_call_seconds", 0, "greater than 0"),
        ("model_call_seconds", 601, "less than or equal to 600"),
        ("model_parallel", 0, "greater than or equal to 1"),
        ("breaker_seconds", -1, "greater than or equal to 0"),
        ("samples", 1, "greater than or equal to 2"),
        ("samples", 65, "less than or equal to 64"),
    ],
)
def test_values_out_of_bounds(name: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(**{name: value})  # type: ignore[arg-type]


def test_a_key_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MODEL_API_KEY", "sk-very-secret")
    settings = Settings()
    assert settings.model_api_key is not None
    assert settings.model_api_key.get_secret_value() == "sk-very-secret"
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().model = "other"  # type: ignore[misc]


def test_every_setting_says_what_it_is() -> None:
    source = Path(content_root() / "app" / "settings.py").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        _, _, after = source.partition(f"\n    {name}: ")
        assert after.split("\n", 1)[1].lstrip().startswith('"""'), f"{name} has no docstring"

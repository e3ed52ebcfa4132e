"""Settings: read from COPYDESK_* alone, bounded, and never shown with their secrets."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from app.settings import EMBEDDED, Settings, content_root


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"COPYDESK_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_defaults_need_no_configuration() -> None:
    settings = Settings()
    assert settings.model == EMBEDDED
    assert settings.database.get_secret_value() == "sqlite:///copydesk.db"
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
        ("database_pool_size", 0, "greater than or equal to 1"),
        ("database_connect_seconds", 1, "greater than or equal to 2"),
        ("database_statement_seconds", -1, "greater than or equal to 0"),
        ("model_style", "large", "'auto', 'small' or 'capable'"),
        ("model_call_seconds", 0, "greater than 0"),
        ("model_call_seconds", 601, "less than or equal to 600"),
        ("model_parallel", 0, "greater than or equal to 1"),
        ("breaker_seconds", -1, "greater than or equal to 0"),
        ("samples", 1, "greater than or equal to 2"),
        ("samples", 65, "less than or equal to 64"),
        ("judge_seconds", 0, "greater than 0"),
        ("judge_model", "embedded", "too small to judge"),
    ],
)
def test_values_out_of_bounds(name: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Settings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///copydesk.db",
        "sqlite:////var/lib/copydesk/copydesk.db",
        "postgresql://me:secret@db.example:5432/copydesk",
        "postgresql+psycopg://me:s%40cret@db.example/copydesk?sslmode=require",
        "postgresql:///copydesk?host=/run/postgresql",
    ],
)
def test_urls_of_databases(url: str) -> None:
    assert Settings(database=SecretStr(url)).database.get_secret_value() == url


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "sqlite:///<file> and postgresql://"),
        ("copydesk.db", "sqlite:///<file> and postgresql://"),
        ("mysql://me:secret@host/db", "sqlite:///<file> and postgresql://"),
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("postgres://me:secret@host/db", "postgresql:// in place of postgres://"),
        ("postgresql://me:secret@host", "name the database"),
        ("postgresql://me:secret@host/", "name the database"),
        ("postgresql:///copydesk", "name the host"),
        ("postgresql://me:secret@host:many/db", "port has to be a number"),
        ("postgresql://me:sec/ret@host/db", "inside a password as %3A %2F"),
        ("postgresql://me:sec#ret@host/db", "name the database|inside a password"),
        ("postgresql://me:se@cret@host/db", "write an @ inside"),
        ("postgresql://me:secret@host/db/more", "one name may follow the host"),
    ],
)
def test_urls_that_are_refused_are_not_repeated(url: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words) as caught:
        Settings(database=SecretStr(url))
    said = f"{caught.value} {caught.value!r}"
    assert not any(part in said for part in ("secret", "se@", "sec/", "sec#", "ret@"))


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValidationError, match=r"pip install 'copydesk\[postgres\]'"):
        Settings(database=SecretStr("postgresql://me@host/db"))


def test_a_password_of_a_database_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_DATABASE", "postgresql://me:very-secret@host/db")
    settings = Settings()
    assert "very-secret" in settings.database.get_secret_value()
    assert "very-secret" not in f"{settings!r} {settings} {settings.model_dump_json()}"


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

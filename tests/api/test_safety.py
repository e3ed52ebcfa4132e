"""Settings that a service refuses to run with, each in words."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.errors import UsageError
from app.http.safety import check_settings
from app.settings import Settings

UNSAFE: list[tuple[dict[str, Any], str]] = [
    ({"model": "scripted"}, "COPYDESK_MODEL: 'scripted'"),
    ({"second_model": "scripted"}, "COPYDESK_MODEL: 'scripted'"),
    ({"allowed_origins": "*"}, "COPYDESK_ALLOWED_ORIGINS: '*'"),
    ({"log_level": "debug"}, "COPYDESK_LOG_LEVEL"),
    ({"requests_per_minute": 0}, "COPYDESK_REQUESTS_PER_MINUTE"),
    ({"model_requests_per_minute": 0}, "COPYDESK_MODEL_REQUESTS_PER_MINUTE"),
    ({"model_api_base": "http://models.example/v1"}, "COPYDESK_MODEL_API_BASE"),
    ({"judge_model": "scripted"}, "COPYDESK_JUDGE_MODEL: 'scripted'"),
    ({"judge_api_base": "http://models.example/v1"}, "COPYDESK_JUDGE_API_BASE"),
]


def settings(tmp_path: Path, **given: Any) -> Settings:
    return Settings(database=SecretStr(f"sqlite:///{tmp_path}/db"), **given)


@pytest.mark.parametrize(("given", "words"), UNSAFE)
def test_production_refuses_what_development_allows(
    tmp_path: Path, given: dict[str, Any], words: str
) -> None:
    check_settings(settings(tmp_path, **given), "127.0.0.1")
    with pytest.raises(UsageError) as refused:
        check_settings(settings(tmp_path, environment="production", **given), "127.0.0.1")
    assert words in refused.value.message


def test_the_defaults_are_safe(tmp_path: Path) -> None:
    check_settings(settings(tmp_path, environment="production"), "127.0.0.1")
    check_settings(settings(tmp_path, environment="production"), "::1")
    check_settings(
        settings(tmp_path, environment="production", model_api_base="http://[::1]:9/v1"), "localhost"
    )


def test_every_unsafe_setting_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        check_settings(
            settings(tmp_path, environment="production", model="scripted", log_level="debug"), "192.0.2.1"
        )
    assert len(refused.value.message.splitlines()) == 4


def test_a_misspelt_setting_is_named(tmp_path: Path) -> None:
    variables = {"COPYDESK_BODY_BITES": "1", "COPYDESK_BODY_BYTES": "2", "COPYDESK_PERSON": "x", "HOME": "/"}
    with pytest.raises(UsageError) as refused:
        check_settings(settings(tmp_path), "127.0.0.1", variables)
    (_, line) = refused.value.message.splitlines()
    assert line == "  COPYDESK_BODY_BITES: there is no such setting; did you mean COPYDESK_BODY_BYTES?"


def test_beyond_this_machine_only_behind_tls(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unencrypted"):
        check_settings(settings(tmp_path), "10.0.0.1")
    check_settings(settings(tmp_path, behind_tls_proxy=True), "10.0.0.1")

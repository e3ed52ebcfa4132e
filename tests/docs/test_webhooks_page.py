"""docs/webhooks.md: its snippet verifies what is sent, and what it names exists."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.notify.signing import signed_headers
from app.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text(encoding="utf-8")
SECRET = "whsec_c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M="
OTHER = "whsec_b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28="
BODY = b'{"id":"5b0c"}'


@pytest.fixture(scope="module")
def verified() -> Any:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the page's own snippet
    return names["verified"]


def test_the_snippet_verifies_what_is_sent(verified: Any) -> None:
    now = dt.datetime.now(dt.UTC)
    headers = signed_headers("5b0c", now, BODY, [OTHER, SECRET])
    assert verified(SECRET, headers, BODY)
    assert verified(OTHER, headers, BODY)
    assert not verified(SECRET, headers, BODY + b" ")
    assert not verified(SECRET, {**headers, "webhook-id": "other"}, BODY)
    assert not verified(SECRET, signed_headers("5b0c", now, BODY, [OTHER]), BODY)
    old = signed_headers("5b0c", now - dt.timedelta(minutes=6), BODY, [SECRET])
    assert not verified(SECRET, old, BODY)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of Standard Webhooks' own reference libraries."""
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        dt.datetime.fromtimestamp(1614265330, dt.UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_setting_and_command_of_the_page_exists() -> None:
    for name in set(re.findall(r"COPYDESK_([A-Z_]+)", PAGE)):
        assert name.lower() in Settings.model_fields, name
    for group, verb in set(re.findall(r"copydesk (webhooks|outbox|people) ([a-z]+)", PAGE)):
        commands: Any = main.commands[group]
        assert verb in commands.commands, f"{group} {verb}"

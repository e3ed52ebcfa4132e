"""People and keys from the command line, and that such a key opens the API."""

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from app.brand.roles import Scope
from app.cli import main
from app.db.engine import existing_database
from app.db.people import KEY, People
from app.db.sign_in import OutsideRows, PasswordRows
from app.db.store import open_store
from tests.db.history import everything

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def url(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_DATABASE", database)


@pytest.fixture
def run(database: str) -> Run:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return call


@pytest.fixture
def cal(run: Run) -> str:
    """A copywriter of Larkfell."""
    given = (
        "people",
        "add",
        "Cal@Example.com",
        "--name",
        "Cal",
        "--role",
        "copywriter",
        "--brand",
        "larkfell",
    )
    result = run(*given)
    assert result.stdout == "cal@example.com added as copywriter of larkfell\n"
    return "cal@example.com"


def test_a_person_gets_a_link_to_set_a_password(run: Run, cal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("people", "password", cal)
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/account/set-password\?token=[\w-]{43}\n", result.stdout)
    assert "holds once, for 1440 minutes" in result.stderr
    monkeypatch.setenv("COPYDESK_PUBLIC_URL", "https://copydesk.example")
    assert run("people", "password", cal).stdout.startswith("https://copydesk.example/account/")
    assert "no person" in run("people", "password", "nobody@example.com").stderr


def test_a_password_is_set_at_the_terminal(cal: str, database: str) -> None:
    def typed(text: str) -> Result:
        return CliRunner().invoke(main, ["people", "password", cal, "--prompt"], input=f"{text}\n{text}\n")

    weak, good = typed("short"), typed("seven quiet herons wade")
    assert (weak.exit_code, "at least 12" in weak.stderr) == (2, True)
    assert good.stdout.endswith(f"the password of {cal} is set\n")
    assert "herons" not in good.output
    with existing_database(database) as engine:
        known = PasswordRows(engine).find(cal)
    assert known is not None
    assert str(known.hash).startswith("$argon2id$")


def test_an_identity_is_taken_away(run: Run, cal: str, database: str) -> None:
    with existing_database(database) as engine:
        OutsideRows(engine).bind("https://login.example", "1", cal, dt.datetime.now(dt.UTC))
    assert run("people", "unbind", cal).stdout == f"{cal}: 1 identity taken away\n"
    assert run("people", "unbind", cal).stdout == f"{cal}: 0 identities taken away\n"


def test_a_person_gets_and_loses_roles(run: Run, cal: str) -> None:
    granted = run("people", "grant", cal, "brand-reviewer", "--brand", "oatmere").stdout
    assert granted == f"{cal}: copywriter of larkfell; brand reviewer of oatmere\n"
    (person,) = json.loads(run("people", "list", "--json").stdout)
    assert {(role["brand"], role["role"]) for role in person["roles"]} == {
        ("larkfell", "copywriter"),
        ("oatmere", "brand reviewer"),
    }
    assert run("people", "revoke", cal, "--brand", "oatmere").stdout == f"{cal}: copywriter of larkfell\n"
    nothing = run("people", "revoke", cal, "--brand", "oatmere")
    assert (nothing.exit_code, nothing.stderr) == (2, f"copydesk: {cal} has none for brand 'oatmere'\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "cal@example.com", "copywritr", "--brand", "larkfell"), "did you mean 'copywriter'?"),
        (("grant", "cal@example.com", "copywriter", "--brand", "larkfel"), "did you mean 'larkfell'?"),
        (("grant", "call@example.com", "copywriter", "--brand", "*"), "did you mean 'cal@example.com'?"),
        (("add", "cal@example.com", "--name", "Cal"), "there is a person cal@example.com already"),
        (("add", "no address", "--name", "Cal"), "is no email address"),
        (("add", "x@example.com", "--name", " "), "a person needs a name"),
        (("add", "x@example.com", "--name", "X", "--role", "legal"), "--role and --brand belong together"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest(
    run: Run, cal: str, arguments: tuple[str, ...], words: str
) -> None:
    result = run("people", *arguments)
    assert result.exit_code == 2
    assert words in result.stderr


def test_a_key_is_shown_once_and_stored_hashed(run: Run, cal: str, database: str) -> None:
    made = run("keys", "create", cal, "--name", "laptop")
    assert made.exit_code == 0
    key = made.stdout.strip()
    match = KEY.fullmatch(key)
    assert match is not None
    assert "scopes: read, check, write, review, generate, export; it ends on" in made.stderr
    with existing_database(database) as engine:
        stored = json.dumps(everything(engine))
    assert match[1] in stored
    assert match[2] not in stored
    listed = run("keys", "list", cal)
    assert match[1] in listed.stdout
    assert (
        match[2]
        not in listed.stdout + run("keys", "list", "--json").stdout + run("people", "show", cal).stdout
    )


def test_a_key_can_be_narrow_and_endless(run: Run, cal: str) -> None:
    made = json.loads(run("keys", "create", cal, "--scope", "read", "--no-expiry", "--json").stdout)
    assert (made["scopes"], made["expires_at"]) == (["read"], None)
    result = run("keys", "create", cal, "--scope", "reed")
    assert (result.exit_code, "did you mean 'read'?" in result.stderr) == (2, True)
    run("people", "revoke", cal, "--brand", "larkfell")
    assert "has no role yet" in run("keys", "create", cal).stderr


def test_a_key_is_rotated_and_revoked(run: Run, cal: str, database: str) -> None:
    first = json.loads(run("keys", "create", cal, "--name", "ci", "--json").stdout)
    second = json.loads(run("keys", "rotate", first["id"], "--grace-hours", "0", "--json").stdout)
    assert run("keys", "revoke", second["key"]).exit_code == 0
    states = {row["id"]: row["state"].split()[0] for row in json.loads(run("keys", "list", "--json").stdout)}
    assert states == {first["id"]: "expired", second["id"]: "revoked"}
    assert "is revoked" in run("keys", "rotate", second["id"]).stderr
    assert "there is no key 'nothing'" in run("keys", "revoke", "nothing").stderr
    store = open_store(database)
    known = People(store.engine).find_key(second["id"])
    assert known is not None
    assert known.key.scopes == tuple(scope for scope in Scope if scope is not Scope.OPERATE)
    store.close()


def test_a_disabled_person_comes_back(run: Run, cal: str) -> None:
    assert run("people", "disable", cal).stdout == f"{cal} is disabled, with 0 keys\n"
    assert "disabled since" in run("people", "show", cal).stdout
    assert "is disabled" in run("keys", "create", cal).stderr
    run("people", "disable", cal, "--undo")
    assert run("keys", "create", cal).exit_code == 0


def test_it_is_said_when_the_disk_still_holds_who_was_erased(
    run: Run, cal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.erasing.Erasing.empty_log", lambda _: False)
    assert "log of writes (-wal) still holds what was there" in run("people", "erase", cal, "--yes").stdout


def test_a_person_is_erased_after_a_question(run: Run, cal: str, database: str) -> None:
    run("keys", "create", cal, "--name", "laptop")
    asked = run("people", "erase", cal)
    assert (asked.exit_code, "This cannot be undone" in asked.stdout) == (1, True)
    assert cal in run("people", "list").stdout
    erased = run("people", "erase", cal, "--yes")
    assert erased.exit_code == 0
    alias = erased.stdout.split()[1]
    assert alias.startswith("erased-")
    with existing_database(database) as engine:
        assert cal not in str(everything(engine))
    assert alias in run("people", "list").stdout
    assert run("audit", "verify").exit_code == 0
    assert run("people", "erase", cal, "--yes").exit_code == 2

"""`copydesk people`: who may use the service, and what each is for which brand."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.commands.common import as_json, counted, opened_people, print_table, settings_from

if TYPE_CHECKING:
    from app.brand.roles import PersonRole
    from app.db.naming import Mentions
    from app.db.people import Member

JSON = click.option("--json", "in_json", is_flag=True, help="JSON instead of a table.")
DATABASE = click.option("--database", help="Where people are stored; by default COPYDESK_DATABASE.")


@click.group()
def people() -> None:
    """People, and their roles for brands."""


@people.command("add")
@click.argument("email")
@click.option("--name", required=True, help="How the person is called.")
@click.option("--role", "roles", multiple=True, help="A role to begin with; may be given several times.")
@click.option("--brand", help="The brand of those roles; * for all brands.")
@DATABASE
def people_add(
    email: str, name: str, roles: tuple[str, ...], brand: str | None, database: str | None
) -> None:
    """Add a person. EMAIL is how drafts and receipts name them."""
    from app.contents import granting

    if bool(roles) != bool(brand):
        raise click.UsageError("--role and --brand belong together")
    settings = settings_from(database=database)
    chosen = _roles(roles)
    place = _brand(settings, brand) if brand else ""
    with opened_people(settings) as store, granting(settings, store.engine, place, chosen):
        person = store.add(email, name)
        if chosen:
            store.grant(person.email, place, chosen)
    click.echo(f"{person.email} added" + (f" as {', '.join(chosen)} of {_shown(place)}" if chosen else ""))


@people.command("list")
@JSON
@DATABASE
def people_list(in_json: bool, database: str | None) -> None:
    """Everybody with their roles."""
    with opened_people(settings_from(database=database)) as store:
        found = store.everybody()
    if in_json:
        click.echo(as_json([_record(member) for member in found]))
        return
    rows = [(m.person.email, m.person.name, _roles_shown(m), _state(m)) for m in found]
    print_table(("email", "name", "roles", "state"), rows, "there is nobody yet: copydesk people add")


@people.command("show")
@click.argument("email")
@JSON
@DATABASE
def people_show(email: str, in_json: bool, database: str | None) -> None:
    """One person: roles and keys."""
    from app.commands.keys import key_record, key_table

    with opened_people(settings_from(database=database)) as store:
        member = store.get(email)
        keys = store.keys(email)
        mail = store.wants_mail(email)
    if in_json:
        click.echo(as_json({**_record(member), "mail": mail, "keys": [key_record(known) for known in keys]}))
        return
    click.echo(
        f"{member.person.email}: {member.person.name}, {_state(member)}\nroles: {_roles_shown(member)}\n"
        f"mail: {'on' if mail else 'off'}"
    )
    key_table(keys)


@people.command("grant")
@click.argument("email")
@click.argument("role")
@click.option("--brand", required=True, help="The brand; * for all brands.")
@DATABASE
def people_grant(email: str, role: str, brand: str, database: str | None) -> None:
    """Give a person a ROLE for a brand."""
    from app.contents import granting

    settings = settings_from(database=database)
    chosen, place = _roles((role,)), _brand(settings, brand)
    with opened_people(settings) as store, granting(settings, store.engine, place, chosen):
        member = store.grant(email, place, chosen)
    click.echo(f"{member.person.email}: {_roles_shown(member)}")


@people.command("revoke")
@click.argument("email")
@click.argument("role", required=False)
@click.option("--brand", required=True, help="The brand; * for roles that hold for all brands.")
@DATABASE
def people_revoke(email: str, role: str | None, brand: str, database: str | None) -> None:
    """Take a ROLE for a brand away, or all roles for it. Takes effect within seconds."""
    chosen = _roles((role,)) if role else None
    with opened_people(settings_from(database=database)) as store:
        member = store.revoke(email, brand, chosen)
    click.echo(f"{member.person.email}: {_roles_shown(member)}")


@people.command("disable")
@click.argument("email")
@click.option("--undo", is_flag=True, help="Let the person in again.")
@DATABASE
def people_disable(email: str, undo: bool, database: str | None) -> None:
    """Stop all keys of a person from working, within seconds, and end their sessions.

    Nothing that they wrote is touched.
    """
    with opened_people(settings_from(database=database)) as store:
        person = store.disable(email, disabled=not undo)
        keys = len(store.keys(email))
    words = "may come in again with" if undo else "is disabled, with"
    click.echo(f"{person.email} {words} {counted(keys, 'key')}")


@people.command("notify")
@click.argument("email")
@click.option("--on/--off", "wanted", required=True, help="Whether the person gets mail about what happens.")
@DATABASE
def people_notify(email: str, wanted: bool, database: str | None) -> None:
    """Turn mail to a person off, or on again. What waits to be sent to them is not sent then."""
    with opened_people(settings_from(database=database)) as store:
        person = store.want_mail(email, wanted=wanted)
    click.echo(f"{person.email} gets {'mail' if wanted else 'no mail'}")


@people.command("erase")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@DATABASE
def people_erase(email: str, yes: bool, database: str | None) -> None:
    """Put an alias in the place of a person's address and name, everywhere, and end every way in.

    What they did stays, under the alias; it cannot be undone. For who works on this machine: no role of the
    service may do it. Backups, exported files and copy that names the person are not reached. Files of the
    content folder that name them are listed, with what to do.
    """
    from contextlib import closing

    from app.db.erasing import Erasing
    from app.main import open_settings_store

    settings = settings_from(database=database)
    with closing(open_settings_store(settings)) as store:
        erasing = Erasing(store.engine)
        stored = erasing.still_naming(email)
        files = _files_naming(settings.content, erasing.mentions(email))
        if not yes:
            click.confirm(f"erase {email}? This cannot be undone", abort=True)
        erased = erasing.erase(email)
        emptied = erasing.empty_log()
    changed = ", ".join(f"{counted(count, 'row')} of {table}" for table, count in erased.rows.items())
    click.echo(f"erased: {erased.alias} stands in their place" + (f" ({changed})" if changed else ""))
    if not emptied:
        click.echo(
            "the database's log of writes (-wal) still holds what was there: somebody reads it. It is emptied"
            " once all who use the database have ended"
        )
    _say_what_names_them(files, stored, erased.alias)


def _files_naming(root: Path, mentions: "Mentions") -> list[str]:
    """The lines of the content folder that name somebody. Raises UsageError for what cannot be read."""
    from app.errors import UsageError
    from app.manifest import PLACES

    found = []
    for place, endings in PLACES.items():
        for path in sorted((root / place).rglob("*")):
            if path.suffix in endings and path.is_file():
                try:
                    lines = path.read_bytes().splitlines()
                except OSError as error:
                    words = f"{path} cannot be read: {error.strerror}"
                    raise UsageError(words, "nothing was erased: it may name the person") from error
                found += [f"{path}:{n}" for n, line in enumerate(lines, 1) if mentions.stand_in(line)]
    return found


def _say_what_names_them(files: list[str], stored: list[str], alias: str) -> None:
    """What is out of reach, and what to do about it."""
    if files:
        click.echo("files still name them, which are only changed by people (docs/audit.md):")
        for name in files:
            click.echo(f"  {name}")
        click.echo(
            "for an approver: `copydesk blocks approve BLOCK --as YOU` writes the alias, and no new approval"
            f" is needed. Elsewhere: write {alias}, and have a block approved again. Then `copydesk publish`"
        )
    if stored:
        click.echo("stored files that are kept under their hash name them for good (docs/audit.md):")
        for name in stored:
            click.echo(f"  {name}")


@people.command("password")
@click.argument("email")
@click.option("--prompt", is_flag=True, help="Ask for the password here, instead of printing a link.")
@DATABASE
def people_password(email: str, prompt: bool, database: str | None) -> None:
    """Let a person set a password: prints a link that holds once, for COPYDESK_PASSWORD_LINK_MINUTES.

    A new password ends all sessions of the person.
    """
    from app.sign_in.passwords import Passwords, in_words

    settings = settings_from(database=database)
    with opened_people(settings) as store:
        passwords = Passwords.by(settings, store.engine)
        if prompt:
            person = store.get(email).person
            given = click.prompt("New password", hide_input=True, confirmation_prompt="The same again")
            passwords.put(person, given, by="machine")
            click.echo(f"the password of {person.email} is set")
            return
        token = passwords.make_link(email)
    site = settings.public_url or "http://127.0.0.1:8000"
    click.echo(f"{site}/account/set-password?token={token}")
    lasts = in_words(settings.password_link_minutes * 60)
    click.echo(f"holds once, for {lasts}; give it to nobody else", err=True)


@people.command("unbind")
@click.argument("email")
@DATABASE
def people_unbind(email: str, database: str | None) -> None:
    """Forget who a person is at the OpenID Connect provider; the next sign-in there binds them anew."""
    from app.db.sign_in import OutsideRows

    with opened_people(settings_from(database=database)) as store:
        found = OutsideRows(store.engine).unbind(email)
    click.echo(f"{email}: {found} {'identity' if found == 1 else 'identities'} taken away")


def _roles(names: tuple[str, ...]) -> "list[PersonRole]":
    """The roles with these names, `_` and `-` for a space allowed. Raises UsageError with the nearest one."""
    from app.brand.roles import PersonRole
    from app.errors import UsageError
    from app.yaml12 import nearest

    found = []
    for name in names:
        plain = name.strip().lower().replace("_", " ").replace("-", " ")
        if plain not in set(PersonRole):
            raise UsageError(f"there is no role '{name}'", nearest(plain, PersonRole))
        found.append(PersonRole(plain))
    return found


def _brand(settings: Any, name: str) -> str:
    """The brand's id, or `*`. Raises UsageError with the nearest one."""
    from app.brand.roles import EVERY_BRAND
    from app.main import brands_of

    return name if name == EVERY_BRAND else brands_of(settings, name)[0]


def _shown(brand: str) -> str:
    return "all brands" if brand == "*" else brand


def _roles_shown(member: "Member") -> str:
    return "; ".join(f"{grant.role} of {_shown(grant.brand)}" for grant in member.grants) or "none"


def _state(member: "Member") -> str:
    at = member.person.disabled_at
    return f"disabled since {at:%Y-%m-%d}" if at else "active"


def _record(member: "Member") -> dict[str, Any]:
    person = member.person
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "created_at": person.created_at,
        "disabled_at": person.disabled_at,
        "roles": [{"brand": grant.brand, "role": grant.role} for grant in member.grants],
    }

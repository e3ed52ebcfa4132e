"""What several commands share: the Settings with options on top, and words for counts."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.db.people import People
    from app.settings import Settings

INTERRUPTED = 130
PERSON = "COPYDESK_PERSON"
"""The variable that says by email who works at this terminal, for options that ask who does something."""


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it needs one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def settings_from(**overrides: object) -> "Settings":
    """The Settings, with options that were given in place of variables. Raises click.UsageError."""
    from pydantic import ValidationError

    from app.settings import Settings

    try:
        return Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "COPYDESK_" + "_".join(map(str, first["loc"])).upper()
        raise click.UsageError(f"{name}: {first['msg']}") from error


@contextmanager
def opened_people(settings: "Settings") -> "Iterator[People]":
    """People and keys in the settings' database, closed at the end of the block. Raises StorageError."""
    from app.db.people import People
    from app.main import open_settings_store

    store = open_settings_store(settings)
    try:
        yield People(store.engine)
    finally:
        store.close()


def as_json(value: object) -> str:
    """JSON for programs: indented, moments in ISO 8601."""
    import json

    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def print_table(columns: "Sequence[str]", rows: "Sequence[Sequence[str]]", nothing: str) -> None:
    """Print rows under their columns, as wide as they are; `nothing` when there is none."""
    if not rows:
        click.echo(nothing)
        return
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    for row in (columns, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())

"""What several commands share: the Settings with options on top, and words for counts."""

from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.db.people import People
    from app.generation.judging import Asking
    from app.settings import Settings

INTERRUPTED = 130
PERSON = "COPYDESK_PERSON"
"""The variable that says by email who works at this terminal, for options that ask who does something."""


def counted(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it needs one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def settings_from(**overrides: object) -> "Settings":
    """The Settings, with options that were given in place of variables. Raises click.UsageError.

    From here on the command logs as they say, to standard error.
    """
    from pydantic import ValidationError

    from app.http.logs import configure_command_logs
    from app.settings import Settings

    try:
        settings = Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        where = "COPYDESK_" + "_".join(map(str, first["loc"])).upper() + ": " if first["loc"] else ""
        raise click.UsageError(f"{where}{first['msg']}") from error
    configure_command_logs(settings.log_level, json_lines=settings.environment == "production")
    return settings


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


@contextmanager
def judge_in_command(settings: "Settings") -> "Iterator[Asking | None]":
    """The model that judges copy, for the length of a command; None where the settings name none.

    A database that does not exist yet is not made for its answers. Raises UsageError for a model that nobody
    knows, ContentError for prompts that are missing.
    """
    if not settings.judge_model:
        yield None
        return
    from app.db.engine import is_there
    from app.errors import ContentError
    from app.generation.judging import in_command
    from app.language_models import build_judge, check_model_names
    from app.main import open_settings_store
    from app.prompts.library import PromptLibrary

    check_model_names(settings)
    prompts = PromptLibrary(settings.content / "prompts")
    if problems := prompts.judge_problems():
        raise ContentError(problems)
    there = is_there(settings.database.get_secret_value())
    with ExitStack() as stack:
        store = stack.enter_context(closing(open_settings_store(settings))) if there else None
        judge = build_judge(settings, store)
        yield stack.enter_context(in_command(judge, prompts)) if judge is not None else None


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

"""What several commands share: the Settings with options on top, and words for counts."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings

INTERRUPTED = 130


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

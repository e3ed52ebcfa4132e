"""The command `copydesk`. Only the command that runs imports what it needs: help answers at once.

A command is a function in app/commands/ and a name in COMMANDS.
"""

import click

from app.commands.audit import audit
from app.commands.blocks import blocks
from app.commands.brand import brand
from app.commands.brief import brief
from app.commands.check import check
from app.commands.db import db
from app.commands.email import email
from app.commands.export import choose, export, exports, where_used
from app.commands.generate import demo, generate
from app.commands.inventory import inventory
from app.commands.keys import keys
from app.commands.model import model
from app.commands.people import people
from app.commands.publish import publish, rollback, versions
from app.commands.receipt import receipt
from app.commands.review import review
from app.commands.serve import serve
from app.commands.webhooks import outbox, webhooks
from app.commands.weekly import weekly
from app.errors import CopydeskError

COMMANDS = (
    *(generate, check, email, demo, brief, brand, blocks, model, people, keys, db, serve),
    *(review, webhooks, outbox),
    *(inventory, weekly),
    *(publish, versions, rollback, receipt, choose, export, exports, where_used, audit),
)


class _Group(click.Group):
    """Turns our errors into plain words and an exit status; other exceptions are bugs with a trace."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CopydeskError as error:
            click.echo(f"copydesk: {error}", err=True)
            ctx.exit(2)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="copydesk")
def main() -> None:
    """On-brand, grounded, approved email content for every documented segment."""


for command in COMMANDS:
    main.add_command(command)

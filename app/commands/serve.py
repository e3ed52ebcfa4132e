"""`copydesk serve`: the API and the pages over HTTP."""

import click

from app.commands.common import settings_from


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one."
)
@click.option(
    "--workers",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Server processes behind the port. Each has the memory, the limits and the models of one.",
)
@click.option("--model", help="embedded, scripted, or any model name that litellm knows.")
@click.option("--database", help="Where everything is stored; by default COPYDESK_DATABASE.")
def serve(host: str, port: int, workers: int, model: str | None, database: str | None) -> None:
    """Answer requests at /v1, and show the pages at /, until SIGTERM or Ctrl+C.

    Requests in flight are finished first.

    Logs go to standard error. Exit status 0 after an orderly end, 2 when it cannot start.
    """
    import gc

    # What is loaded until it is ready stays: looking for garbage among it costs a tenth of the time.
    gc.disable()
    try:
        from app.server import leave
        from app.server import serve as run

        status = run(settings_from(model=model, database=database), host, port, workers=workers)
    finally:
        gc.enable()
    leave(status)

"""The command line: one module a command, and no logic. Data goes to stdout, messages to stderr."""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from polyleaf.errors import PolyleafError, nearest
from polyleaf.report.terminal import problem_lines

__all__ = ["main"]

_COMMANDS = {
    "build": "build",
    "check": "check",
    "preflight": "preflight",
    "proof": "proof",
    "rule": "rule",
    "review": "review",
    "approve": "approve",
    "init": "init",
    "new": "new",
    "import": "import_",
    "catalog": "catalog",
    "cache": "cache",
}


class _Commands(click.Group):
    """Imports a command when it is asked for, and turns errors into messages and an exit status in one place."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"polyleaf.cli.{_COMMANDS[cmd_name]}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            hint = nearest(args[0], _COMMANDS) if args else ""
            raise click.UsageError(
                f"{error.format_message()} ({hint})" if hint else error.format_message(), ctx
            ) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PolyleafError as error:
            for line in problem_lines(error):
                click.echo(line, err=True)
            ctx.exit(2)
        except OSError as error:
            if error.errno == errno.EPIPE:  # who reads the output has seen enough; click ends quietly
                raise
            click.echo(f"error: {error.filename or ''}: {error.strerror or error}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted; the output folder is as it was", err=True)
            ctx.exit(130)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 fine, 1 an edition failed, 2 wrong usage or a mistake in the project.",
)
@click.option(
    "-C", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The project's folder; else found upwards."
)
@click.version_option(version("polyleaf"), prog_name="polyleaf")
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Render patient leaflets in every language, for every clinic, as HTML and PDF.

    \b
    polyleaf init my-leaflets              begin a project with three example leaflets
    polyleaf -C my-leaflets build          build all of it into my-leaflets/output
    polyleaf build microsclerotherapy -l ar -c lakeside -f a4
    """
    if not __debug__:  # WeasyPrint does some of its work in assertions: sizes of images would be lost
        raise click.UsageError(
            "Python leaves out assertions, and pages would come out wrong: unset PYTHONOPTIMIZE", ctx
        )
    signal.signal(signal.SIGTERM, _end)
    # A large project is hundreds of thousands of objects that live to the end: Python need not look through them often.
    gc.set_threshold(200_000, 20, 100)
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="replace")  # no encoding is so small that a text for people ends the program
    if os.environ.get("NO_COLOR"):
        ctx.color = False
    try:
        ctx.obj = (folder or Path.cwd()).resolve()
    except OSError:
        raise click.UsageError("this folder is gone: change to another one, or name one with -C DIR", ctx) from None
    if folder is not None and not folder.is_dir():
        raise click.BadParameter(f"{folder} is no folder", ctx, param_hint="-C")


def _end(number: int, frame: object) -> None:
    """Leave by way of every clean-up, with the exit status of a process that was told to end."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())

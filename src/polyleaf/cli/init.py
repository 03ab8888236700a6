"""polyleaf init"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from polyleaf.scaffold import init_project


@click.command("init", epilog="Example: polyleaf init my-leaflets")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Begin a project in a new or empty folder, with three leaflets in thirteen languages to start from.

    Without DIR it takes the current folder.
    """
    files = init_project(folder.resolve())
    there = "" if folder == Path() else f" -C {shlex.quote(str(folder))}"
    click.echo(f"{len(files)} files written. Next: polyleaf{there} build", err=True)

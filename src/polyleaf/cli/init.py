"""polyleaf init"""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from polyleaf.scaffold import init_project


@click.command("init", epilog="Example: polyleaf init my-leaflets")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Begin a project in a new or empty folder, with three leaflets in thirteen languages to start from."""
    files = init_project(folder.resolve())
    click.echo(f"{len(files)} files written. Next: polyleaf -C {shlex.quote(str(folder))} build", err=True)

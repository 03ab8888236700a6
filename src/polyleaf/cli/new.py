"""polyleaf new"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from polyleaf.project import find_project
from polyleaf.scaffold import new_leaflet
from polyleaf.sections import KINDS, PURPOSES


@click.command("new", epilog="Example: polyleaf new foam-sclerotherapy --kind procedure --purpose pre-consent")
@click.argument("leaflet", metavar="LEAFLET")
@click.option("--kind", type=click.Choice(KINDS), default="procedure", show_default=True, help="Chooses the sections.")
@click.option(
    "--purpose", type=click.Choice(PURPOSES), default="pre-consent", show_default=True, help="Chooses the rules."
)
@click.pass_obj
def command(start: Path, leaflet: str, kind: str, purpose: str) -> None:
    """Write a leaflet with all the sections that its kind needs, ready to be filled."""
    path = new_leaflet(find_project(start).parent, leaflet, kind, purpose, date.today())
    click.echo(str(path))
    click.echo(f"Next: fill it, then polyleaf build {leaflet} -l en", err=True)

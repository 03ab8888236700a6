"""polyleaf proof"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from polyleaf.build import MANIFEST, Selection
from polyleaf.build.plan import every_edition
from polyleaf.cli.progress import progress
from polyleaf.cli.selection import names_of_editions
from polyleaf.errors import PolyleafError, Problem
from polyleaf.files import write_atomically
from polyleaf.project import Project, find_project, load_project
from polyleaf.proof.gather import gather
from polyleaf.proof.sheet import proof
from polyleaf.report.findings import counted, severities

_NAME = "proof.pdf"


@click.command(
    "proof",
    epilog="""\b
Examples:
  polyleaf proof                                   all that the project builds by default
  polyleaf proof microsclerotherapy -p print       one leaflet, as it goes to the print shop
  polyleaf proof -l ar -c lakeside -o ar.pdf

Exit status: 0 no errors, 1 errors (the proof is written all the same), 2 wrong usage or an edition not built.""",
)
@names_of_editions
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=f"Where to write; else {_NAME} in the project's output folder.",
)
@click.option(
    "--in",
    "built",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where the editions were built; else the project's output folder.",
)
@click.pass_obj
def command(
    start: Path,
    selection: Selection,
    output: Path | None,
    built: Path | None,
) -> None:
    """Write the sheet that somebody signs before editions are printed, as one PDF.

    It shows all pages of each edition as they were built, what the build and preflight find in them, and room to tick,
    to write and to sign. Editions are chosen as for `polyleaf build`; web pages and exports have no pages and are left
    out. What was not built, or is not the file that was built, is never shown.
    """
    project = load_project(find_project(start))
    folder = built or project.output
    target = output or folder / _NAME
    _check_target(project, folder, target)
    with progress("looking at editions") as tick:
        gathered = gather(project, selection, folder, tick)
    write_atomically(target, proof(project, gathered))
    click.echo(str(target))
    if gathered.without_pages:
        left_out = counted(gathered.without_pages, "edition")
        click.echo(f"{left_out} without pages (web pages, exports) left out", err=True)
    click.echo(f"{severities(gathered.findings)} in {counted(len(gathered.editions), 'edition')}", err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in gathered.findings) else 0)


def _check_target(project: Project, folder: Path, target: Path) -> None:
    """Keep a proof apart from editions, so that nobody takes one for the other. Raises `PolyleafError`."""
    hint = f"choose another name with -o FILE: {_NAME}, say"
    if target.is_dir():
        raise PolyleafError(Problem("this is a folder", target, hint=hint))
    taken = {folder / MANIFEST, *(folder / edition.path for edition in every_edition(project))}
    if target.resolve() in {path.resolve() for path in taken}:
        raise PolyleafError(Problem("this is where a build writes", target, hint=hint))

"""polyleaf review"""

from __future__ import annotations

from pathlib import Path

import click

from polyleaf.cli.selection import leaflets_and_locales
from polyleaf.files import write_together
from polyleaf.project import find_project, load_project
from polyleaf.signoff.sheet import as_html, as_pdf, sheet


@click.command("review", epilog="Example: polyleaf review microsclerotherapy -l ar")
@click.argument("leaflets", nargs=-1, required=True, metavar="LEAFLET...")
@click.option(
    "-l", "--locale", "locales", multiple=True, required=True, metavar="LOCALE", help="The language; may be repeated."
)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to; else review/ in the project's output folder.",
)
@click.pass_obj
def command(start: Path, leaflets: tuple[str, ...], locales: tuple[str, ...], output: Path | None) -> None:
    """Write the sheet that a clinician reads before approving, as HTML and as PDF to print.

    Source and translation side by side, values as a patient reads them with what each clinic sets them to, what the
    checks find, what changed since the last approval, and room to write and to sign.
    """
    project = load_project(find_project(start))
    folder = output or project.output / "review"
    for leaflet, locale in leaflets_and_locales(project, leaflets, locales):
        made = sheet(project, leaflet, locale)
        html = as_html(project, made)
        name = folder / f"{leaflet}.{locale}"
        paths = [name.with_name(f"{name.name}{ending}") for ending in (".review.html", ".review.pdf")]
        write_together(dict(zip(paths, (html.encode(), as_pdf(html, project, locale)), strict=True)))
        for path in paths:
            click.echo(str(path))
        errors = sum(finding.severity == "error" for finding in made.findings)
        if errors:
            click.echo(f"{leaflet} in {locale} has {errors} errors, and cannot be approved yet", err=True)

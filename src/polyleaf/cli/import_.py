"""polyleaf import"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from polyleaf.drafting import Order, draft_leaflet
from polyleaf.errors import PolyleafError, Problem
from polyleaf.files import write_atomically
from polyleaf.project import NAME, Project, find_project, load_project
from polyleaf.report.drafts import draft_lines
from polyleaf.sections import KINDS, PURPOSES


@click.command(
    "import",
    epilog="""\b
Examples:
  polyleaf import knee.html -o templates/leaflets/knee.md      a saved web page becomes a leaflet of the project
  polyleaf import old-leaflet.docx --kind aftercare --purpose aftercare > draft.md
  polyleaf import page.txt --encoding windows-1252 > draft.md 2> report.txt

Exit status: 0 a draft was written (what the rules find in it is told), 2 the file cannot be imported.""",
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="LEAFLET.md", type=click.Path(path_type=Path), help="Where to; without it, stdout."
)
@click.option("--force", is_flag=True, help="Replace LEAFLET.md if it is there.")
@click.option("--kind", type=click.Choice(KINDS), default="procedure", show_default=True, help="Chooses the sections.")
@click.option(
    "--purpose", type=click.Choice(PURPOSES), default="pre-consent", show_default=True, help="Chooses the rules."
)
@click.option("--encoding", default="", metavar="NAME", help="Of HTML and text; else it is found out.")
@click.pass_obj
def command(start: Path, file: Path, output: Path | None, force: bool, kind: str, purpose: str, encoding: str) -> None:
    """Draft a leaflet from a page that is there already: HTML, DOCX, Markdown or plain text.

    Its headings say what belongs into which section, and its quantities are proposed as values. The report on stderr
    has every text that was left out, with its line and the reason, and all that a person must look at.
    """
    if output is not None:
        _check_output(output, force)
    order = Order(kind, purpose, date.today(), encoding, _project(start))
    draft = draft_leaflet(file, order)
    if output is not None:
        write_atomically(output, draft.text.encode())
    for line in draft_lines(draft, file, str(output or f"{draft.name}.md")):
        click.echo(line, err=True)
    click.echo(str(output) if output else draft.text.encode(), nl=output is not None)


def _check_output(output: Path, force: bool) -> None:
    """Refuse a place where no leaflet can be written, before anything is read."""
    if output.suffix != ".md" or not NAME.fullmatch(output.stem):
        hint = "use small letters, digits and hyphens, and the ending .md: knee-arthroscopy.md"
        raise PolyleafError(Problem(f"{output.name!r} cannot name a leaflet", output, hint=hint))
    if output.is_dir() or (output.exists() and not force):
        raise PolyleafError(Problem("the file is there already", output, hint="choose another name, or add --force"))


def _project(start: Path) -> Project | None:
    """The project that the command runs in, for its language and settings; a page can be imported without one."""
    try:
        config = find_project(start)
    except PolyleafError:
        return None
    try:
        return load_project(config)
    except PolyleafError:
        click.echo("The project here has mistakes (see polyleaf check): its settings were not used.", err=True)
        return None

"""polyleaf catalog"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from polyleaf import cldr
from polyleaf.catalog.document import read_document
from polyleaf.catalog.status import Status, status
from polyleaf.catalog.update import Typo
from polyleaf.catalog.upkeep import (
    Updated,
    canonical,
    path_of,
    pseudo_catalog,
    save,
    template,
    updated,
    with_suggestions,
)
from polyleaf.cli.exchange import export_command, import_command
from polyleaf.cli.glossary import glossary_command
from polyleaf.cli.selection import chosen, wanted
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.files import write_atomically
from polyleaf.model import Message
from polyleaf.project import THEME_DOMAIN, Project, check_locale, find_project, load_project
from polyleaf.report.terminal import changes_line, status_summary, status_table
from polyleaf.signoff.standing import standing


@click.group("catalog", epilog="Example: polyleaf catalog update")
def command() -> None:
    """Keep the translations: gettext catalogs (PO files), one a leaflet and locale, and one for the theme.

    Any PO editor will do to translate them. What a person wrote into a catalog stays as it is, to the last byte, unless
    its source changed.
    """


command.add_command(glossary_command)
command.add_command(export_command)
command.add_command(import_command)

_LEAFLETS = click.argument("leaflets", nargs=-1, metavar="[LEAFLET]...")
_LOCALES = click.option("-l", "--locale", "locales", multiple=True, metavar="LOCALE", help="May be repeated; else all.")
_CHECK = click.option("--check", is_flag=True, help="Write nothing; exit status 1 if there is something to write.")


@command.command("update", epilog="Example: polyleaf catalog update microsclerotherapy -l ar")
@_LEAFLETS
@_LOCALES
@click.option("--source-typo", is_flag=True, help="Keep translations of a source whose spelling alone was corrected.")
@click.option("--yes", is_flag=True, help="With --source-typo: take every change for such a correction.")
@click.option("--suggest", is_flag=True, help="Offer what was translated elsewhere for like sentences, as fuzzy.")
@_CHECK
@click.pass_obj
def update_command(
    start: Path,
    leaflets: tuple[str, ...],
    locales: tuple[str, ...],
    source_typo: bool,
    yes: bool,
    suggest: bool,
    check: bool,
) -> None:
    """Bring catalogs up to their leaflets and templates.

    A changed message keeps its old translation as a fuzzy suggestion, beside its old source. A message that is gone
    becomes obsolete, and comes back with its source. Nothing else in a file changes.
    """
    if yes and not source_typo:
        raise click.UsageError("--yes goes with --source-typo")
    if source_typo and not yes and not sys.stdin.isatty():
        raise click.UsageError("--source-typo asks for each change: run it on a terminal, or add --yes")
    project = load_project(find_project(start))
    domains = wanted(project, leaflets, locales)
    found = updated(project.locales_folder, domains, _asked(yes) if source_typo else lambda old, new: False)
    if suggest:
        with_suggestions(project.locales_folder, found, project.domains())
    _finish(found, project, check)


@command.command("init", epilog="Example: polyleaf catalog init nl")
@click.argument("locale")
@click.pass_obj
def init_command(start: Path, locale: str) -> None:
    """Begin the catalogs of a locale, with every message of the project."""
    project = load_project(find_project(start))
    check_locale(locale)
    found = updated(project.locales_folder, {locale: project.domains(locale)})
    if not any(catalog.created for catalog in found):
        hint = f"bring them up to the source with: polyleaf catalog update -l {locale}"
        raise PolyleafError(Problem(f"all catalogs of {locale} are there already", hint=hint))
    save(catalog for catalog in found if catalog.created)
    for catalog in found:
        if catalog.created:
            click.echo(catalog.document.path.relative_to(project.root).as_posix())
    if locale not in project.locales:
        click.echo(f'Next: add "{locale}" to locales in {project.config.name}, and translate', err=True)


@command.command("extract", epilog="Example: polyleaf catalog extract -o locales/templates")
@_LEAFLETS
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), help="Where to; else locales/.")
@click.pass_obj
def extract_command(start: Path, leaflets: tuple[str, ...], output: Path | None) -> None:
    """Write the messages as templates (POT), for translation tools that want them."""
    project = load_project(find_project(start))
    folder = output or project.locales_folder
    for domain, messages in chosen(project, project.domains(), leaflets).items():
        path = folder / f"{domain}.pot"
        data = template(path, messages).data()
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data)
        click.echo(str(path))


@command.command("pseudo", epilog="Example: polyleaf catalog pseudo microsclerotherapy -l en_XA -o pseudo")
@_LEAFLETS
@click.option(
    "-l", "--locale", "locales", multiple=True, type=click.Choice(list(cldr.PSEUDO_LOCALES)), help="Which; else both."
)
@click.option(
    "-o", "--output", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Where to; not locales/."
)
@click.pass_obj
def pseudo_command(start: Path, leaflets: tuple[str, ...], locales: tuple[str, ...], output: Path) -> None:
    """Write the texts of pseudo-locales as catalogs, for other tools: builds make them themselves.

    en_XA is English with accents, about 40 % longer and in brackets; ar_XB is English in Arabic letters.
    """
    project = load_project(find_project(start))
    if output.resolve().is_relative_to(project.locales_folder.resolve()):
        hint = "choose a folder elsewhere: what is in locales/ is translated by people"
        raise PolyleafError(Problem("catalogs of pseudo-locales do not go into locales/", output, hint=hint))
    for locale in locales or cldr.PSEUDO_LOCALES:
        for domain, messages in chosen(project, project.domains(), leaflets).items():
            path = path_of(output, locale, domain)
            write_atomically(path, pseudo_catalog(path, messages, locale).data())
            click.echo(str(path))


@command.command("status", epilog="Example: polyleaf catalog status -l ar --output-format json")
@_LEAFLETS
@_LOCALES
@click.option(
    "--output-format", type=click.Choice(["text", "json", "summary"]), default="text", show_default=True, help="How."
)
@click.pass_obj
def status_command(start: Path, leaflets: tuple[str, ...], locales: tuple[str, ...], output_format: str) -> None:
    """Show how far each translation is. `summary` is one line, for a badge."""
    project = load_project(find_project(start))
    rows = [
        _with_approval(project, status(domain, locale, messages, project.catalogs[domain, locale]))
        for locale, domains in wanted(project, leaflets, locales).items()
        for domain, messages in domains.items()
    ]
    if output_format == "json":
        click.echo(json.dumps({"catalogs": [asdict(row) for row in rows]}, indent=1))
    elif output_format == "summary":
        click.echo(status_summary(rows))
    else:
        from rich.console import Console

        Console().print(status_table(rows))


def _with_approval(project: Project, row: Status) -> Status:
    if row.domain == THEME_DOMAIN:  # it is approved with each leaflet
        return row
    known = standing(project, row.domain, row.locale)
    return replace(row, approved=known.holds, stale=known.state == "stale")


@command.command("format", epilog="Example: polyleaf catalog format --check")
@click.argument("files", nargs=-1, metavar="[FILE.po]...", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_CHECK
@click.pass_obj
def format_command(start: Path, files: tuple[Path, ...], check: bool) -> None:
    """Give catalogs their canonical form: no wrapping, no line numbers, in the order of the leaflet.

    Without files it does so for the project; a file may be anyone's, outside a project too.
    """
    changed = 0
    problems = Problems()
    written: list[tuple[Path, bytes]] = []
    for path, messages in _formatted(start, files):
        with problems.collect():
            data = canonical(read_document(path), messages)
            if data != path.read_bytes():
                written.append((path, data))
    problems.raise_if_any()
    for path, data in written:
        changed += 1
        click.echo(f"{path}: {'would be written anew' if check else 'written anew'}", err=True)
        if not check:
            write_atomically(path, data)
    if not changed:
        click.echo("nothing to change", err=True)
    sys.exit(1 if check and changed else 0)


def _formatted(start: Path, files: Sequence[Path]) -> list[tuple[Path, Sequence[Message]]]:
    """The catalogs to look at, each with its messages in order as far as they are known."""
    if files:
        return [(path, ()) for path in files]
    project = load_project(find_project(start))
    return [
        (path, messages)
        for locale, domains in wanted(project, (), ()).items()
        for domain, messages in domains.items()
        if (path := path_of(project.locales_folder, locale, domain)).is_file()
    ]


def _asked(yes: bool) -> Typo:
    """Ask once for each change of a source, whatever the number of locales."""
    answers: dict[tuple[str, str], bool] = {}

    def is_typo(old: str, new: str) -> bool:
        if (old, new) not in answers:
            if not yes:
                click.echo(f"{click.style('-', fg='red')} {old}\n{click.style('+', fg='green')} {new}", err=True)
            answers[old, new] = yes or click.confirm("Do its translations still hold, word for word?", err=True)
        return answers[old, new]

    return is_typo


def _finish(found: Sequence[Updated], project: Project, check: bool) -> None:
    differing = [catalog for catalog in found if catalog.differs]
    if not check:
        save(differing)
    for catalog in differing:
        click.echo(changes_line(catalog, project.root), err=True)
    if not differing:
        click.echo("nothing to change", err=True)
    sys.exit(1 if check and differing else 0)

"""polyleaf catalog export, polyleaf catalog import"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from babel import Locale

from polyleaf.catalog.exchange import (
    FORMATS,
    XLIFF_VERSIONS,
    CatalogPhrases,
    Origin,
    locale_of,
    merge,
    packed,
    parcel,
    read_returned,
)
from polyleaf.catalog.upkeep import Domains, updated
from polyleaf.cli.selection import chosen
from polyleaf.errors import PolyleafError, Problem, nearest
from polyleaf.files import write_atomically, write_together
from polyleaf.project import THEME_DOMAIN, Project, find_project, load_project
from polyleaf.report.terminal import exported_line, merged_line


@click.command("export", epilog="Example: polyleaf catalog export --to xlsx -l ar -o arabic.xlsx microsclerotherapy")
@click.argument("leaflets", nargs=-1, metavar="[LEAFLET]...")
@click.option("--to", "form", type=click.Choice(FORMATS), required=True, help="The kind of file.")
@click.option("--xliff-version", type=click.Choice(XLIFF_VERSIONS), help="2.1 without this option.")
@click.option("-l", "--locale", metavar="LOCALE", required=True, help="The language to translate into.")
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(path_type=Path), required=True, help="Where to; - is stdout."
)
@click.pass_obj
def export_command(
    start: Path, leaflets: tuple[str, ...], form: str, xliff_version: str | None, locale: str, output: Path
) -> None:
    """Write the texts of a locale into one file for translators and their tools.

    Each text goes out with its section, its remarks, and what stands on the page in place of each placeholder. Of all
    leaflets and the theme's own texts (named `polyleaf`), or of those named.

    \b
    xliff   for translation tools (Trados, memoQ, OmegaT, Weblate, ...)
    xlsx    a workbook for people
    csv     the same as plain text
    tmx     the confirmed translations as a memory; it cannot be imported again
    """
    if xliff_version and form != "xliff":
        raise click.UsageError("--xliff-version goes with --to xliff")
    if form == "xlsx" and str(output) == "-":
        raise click.UsageError("a workbook cannot be written to stdout: name a file with -o")
    project = load_project(find_project(start))
    domains = _domains(project, locale, leaflets)
    found = updated(project.locales_folder, {locale: domains})
    glossary = project.glossary(locale)
    parcels = [
        parcel(origin, catalog.document, Locale.parse(locale), glossary.hits if glossary else lambda source: ())
        for origin, catalog in zip(_origins(project, locale, domains), found, strict=True)
    ]
    data = packed(parcels, form, xliff_version or XLIFF_VERSIONS[0])
    if str(output) == "-":
        click.echo(data, nl=False)
    else:
        write_atomically(output, data)
    click.echo(exported_line(str(output), Counter(unit.state for one in parcels for unit in one.units)), err=True)


@click.command("import", epilog="Example: polyleaf catalog import arabic.xlsx")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def import_command(start: Path, file: Path) -> None:
    """Take translations from a file that `export` wrote: XLIFF (1.2, 2.0, 2.1), XLSX or CSV.

    All of the file is checked first, and nothing is written where anything in it is wrong. An empty target says
    nothing. A changed translation counts as confirmed, unless its state says that it needs a review.
    """
    returned = read_returned(file)
    project = load_project(find_project(start))
    locale = locale_of(returned, project.locales)
    domains = _domains(project, locale, ())
    found = updated(project.locales_folder, {locale: domains})
    merged = merge(returned, locale, _origins(project, locale, domains), found)
    differing = [catalog for catalog in merged if catalog.differs]
    write_together({catalog.document.path: catalog.document.data() for catalog in differing})
    for catalog in differing:
        click.echo(merged_line(catalog, project.root), err=True)
    if not differing:
        click.echo("nothing to change", err=True)


def _domains(project: Project, locale: str, leaflets: Sequence[str]) -> Domains:
    if locale not in project.locales:
        raise PolyleafError(Problem(f"unknown locale {locale!r}", hint=nearest(locale, project.locales)))
    domains = chosen(project, project.domains(locale), leaflets)
    if not domains:
        hint = f"{locale} is what they are written in; name another locale with -l"
        raise PolyleafError(Problem(f"there is nothing to translate into {locale}", hint=hint))
    return domains


def _origins(project: Project, locale: str, domains: Domains) -> list[Origin]:
    """The messages of each domain with what their placeholders stand for."""
    theme = project.theme_catalogs(locale)
    return [
        Origin(
            domain,
            "en" if domain == THEME_DOMAIN else project.source_locale,
            messages,
            {} if domain == THEME_DOMAIN else project.leaflets[domain].values,
            CatalogPhrases(project.catalogs[domain, locale], theme),
        )
        for domain, messages in domains.items()
    ]

"""polyleaf catalog glossary"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from babel import Locale

from polyleaf.cli.selection import wanted
from polyleaf.errors import PolyleafError, Problem
from polyleaf.files import write_atomically
from polyleaf.project import find_project, load_project
from polyleaf.report.terminal import glossary_line
from polyleaf.translation.glossary import glossary_of, glossary_path, merged, written
from polyleaf.translation.tbx import read_tbx


@click.command("glossary", epilog="Example: polyleaf catalog glossary terms.tbx -l de")
@click.argument("file", metavar="FILE.tbx", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("-l", "--locale", metavar="LOCALE", required=True, help="The language whose glossary takes the terms.")
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 if there is something to write.")
@click.pass_obj
def glossary_command(start: Path, file: Path, locale: str, check: bool) -> None:
    """Take the terms of a termbase (TBX) into a locale's glossary, locales/LOCALE/glossary.csv.

    Preferred and admitted terms become the translation and its forms, deprecated and superseded ones forbidden words. A
    term that the glossary has keeps its row, and gains forbidden words. Where the two contradict each other, nothing is
    written.
    """
    project = load_project(find_project(start))
    if not wanted(project, (), (locale,)):
        hint = f"{locale} is what the leaflets are written in; name another locale with -l"
        raise PolyleafError(Problem(f"there is nothing to translate into {locale}", hint=hint))
    source, target = Locale.parse(project.source_locale), Locale.parse(locale)
    termbase = read_tbx(file, source, target)
    glossary = glossary_of(project.locales_folder, [locale], target, source)
    old = glossary.terms if glossary else ()
    terms = merged(old, termbase.terms, file)
    path = glossary_path(project.locales_folder, locale)
    if terms != old and not check:
        write_atomically(path, written(terms))
    click.echo(glossary_line(path.relative_to(project.root).as_posix(), old, terms, termbase.skipped), err=True)
    sys.exit(1 if check and terms != old else 0)

"""polyleaf preflight"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from polyleaf.cli.findings import tell, with_output_format
from polyleaf.cli.limits import time_limit
from polyleaf.cli.progress import progress
from polyleaf.errors import PolyleafError, Problems
from polyleaf.finding import Finding
from polyleaf.preflight import FORMATS as SHAPES
from polyleaf.preflight import PROFILES, Expectations, Looked, Profile, by_terms
from polyleaf.preflight.apart import TIME_LIMIT, Apart
from polyleaf.project import find_project, print_terms_of
from polyleaf.report.findings import counted, severities


@click.command(
    "preflight",
    epilog="""\b
Examples:
  polyleaf preflight output/lakeside/ar/*.pdf      what each is made for is found out
  polyleaf preflight leaflet.pdf -p print -f a4    anybody's, before it goes to the print shop
  polyleaf preflight leaflet.pdf --output-format json

Exit status: 0 no errors, 1 errors, 2 wrong usage.""",
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path, readable=False))
@click.option("-p", "--profile", type=click.Choice(PROFILES), help="What it is for; else found out.")
@click.option("-f", "--format", "format_", type=click.Choice([*SHAPES]), help="The size and number of its pages.")
@with_output_format
@time_limit(TIME_LIMIT, "one file")
@click.pass_obj
def command(
    start: Path,
    files: tuple[Path, ...],
    profile: Profile | None,
    format_: str | None,
    output_format: str,
    seconds: float,
) -> None:
    """Say whether a PDF, anybody's, is fit for the screen or for a print shop.

    For the screen it is held to PDF/UA-1, and to PDF/A where it claims that; for print to PDF/X-4 and to what the print
    shop asks for: boxes and bleed, fonts, images, colours, ink and lines. Inside of a project that is what its table
    `print` says, elsewhere what print shops have in common. `polyleaf rule P213` explains a finding.
    """
    _must_be_files(files)
    terms = _terms(start)
    found: list[Finding] = []
    pages = 0
    with Apart(seconds) as apart:
        for path in dict.fromkeys(files):
            with progress(path.name) as tick:
                looked = apart.look_at(path, replace(terms, format=format_ or ""), profile, tick)
            pages += looked.pages
            found += [replace(finding, file=path.as_posix()) for finding in looked.findings]
            click.echo(_held_to(path, looked), err=True)
    tell(found, output_format)
    click.echo(f"{severities(found)} in {counted(pages, 'page')} of {counted(len(set(files)), 'file')}", err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in found) else 0)


def _must_be_files(files: Sequence[Path]) -> None:
    problems = Problems()
    for path in files:
        if path.is_dir():
            problems.add("this is a folder", path, hint=f"name the PDFs in it: {path.as_posix()}/*.pdf")
        elif not path.exists():
            problems.add("there is no such file", path, hint="name a PDF")
        elif not os.access(path, os.R_OK):
            problems.add("this file may not be read", path, hint="ask whoever owns it for the permission to read it")
    problems.raise_if_any()


def _terms(start: Path) -> Expectations:
    """What the project's print shop asks for; outside of a project, what print shops have in common."""
    try:
        config = find_project(start)
    except PolyleafError:
        return Expectations()
    return by_terms(print_terms_of(config))


def _held_to(path: Path, looked: Looked) -> str:
    if looked.profile is None:
        return f"{path}: cannot be looked at"
    because = f", since {looked.because}" if looked.because else ""
    return f"{path}: held to the profile {looked.profile}{because}"

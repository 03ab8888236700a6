"""polyleaf check"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from polyleaf.checks import rules
from polyleaf.checks.contrast import RULES as CLINIC_RULES
from polyleaf.checks.leaflets import RULES as LEAFLET_RULES
from polyleaf.checks.translations import CATALOG_RULES, Checked
from polyleaf.cli.findings import tell, with_output_format
from polyleaf.cli.jobs import Job, jobs_of
from polyleaf.errors import Problems
from polyleaf.preflight import RULES as PREFLIGHT_RULES
from polyleaf.report.findings import summary


@click.command(
    "check",
    epilog="""\b
Examples:
  polyleaf check                                   everything
  polyleaf check microsclerotherapy -l ar          one leaflet in one language
  polyleaf check -c lakeside --select A2           whether one clinic's colours can be read
  polyleaf check --select T105,T11 --ignore T111   numbers and units; a code's beginning stands for all that have it
  polyleaf check django.po -l de                   anybody's catalog, outside a project too
  polyleaf check --output-format sarif > polyleaf.sarif

Exit status: 0 no errors, 1 errors, 2 wrong usage or a mistake in the project.""",
)
@click.argument("names", nargs=-1, metavar="[LEAFLET | FILE.po]...")
@click.option("-l", "--locale", "locales", multiple=True, metavar="LOCALE", help="May be repeated; else all.")
@click.option(
    "-c", "--clinic", "clinics", multiple=True, metavar="CLINIC", help="Whose colours; may be repeated, else all."
)
@click.option("--source", default="", metavar="LOCALE", help="What FILE.po is translated from; else en.")
@click.option("--select", default="", metavar="CODES", help="Only these rules: codes or their beginnings, with commas.")
@click.option("--ignore", default="", metavar="CODES", help="All but these rules.")
@with_output_format
@click.pass_obj
def command(
    start: Path,
    names: tuple[str, ...],
    locales: tuple[str, ...],
    clinics: tuple[str, ...],
    source: str,
    select: str,
    ignore: str,
    output_format: str,
) -> None:
    """Say what a patient must not be given yet.

    Every leaflet is held to what a leaflet has to say, and to plain language. Every translation is held against its
    source: numbers, units, denials, placeholders, terms, script and form. Every clinic's colours are held to the
    contrast that people with low vision need; with LEAFLET or -l they are looked at where -c asks for it.
    `polyleaf rule T105` explains a finding. One that is right as it is can be let stand in the catalog, or above the
    text in the leaflet, with a reason:

    \b
    # polyleaf: allow T112 the verb says it
    <!-- polyleaf: allow L201 what everybody knows -->
    """
    selected, ignored = _codes(select), _codes(ignore)
    jobs = jobs_of(start, names, locales, source, clinics)
    found = [
        job.placed(finding, output_format)
        for job, checked in _with_progress(jobs)
        for finding in checked.findings
        if (not selected or finding.code.startswith(selected)) and not finding.code.startswith(ignored)
    ]
    tell(found, output_format)
    counts = (sum(getattr(job, of) for job in jobs) for of in ("messages", "catalogs", "leaflets"))
    click.echo(summary(found, *counts), err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in found) else 0)


def _codes(given: str) -> tuple[str, ...]:
    """Codes or beginnings of codes, each of a rule about leaflets, catalogs or clinics."""
    codes = tuple(code.strip() for code in given.split(",") if code.strip())
    problems = Problems()
    for code in codes:
        if not any(rule.startswith(code.upper()) for rule in rules()):
            problems.add(f"unknown rule {code!r}", hint="`polyleaf rule` lists them")
        elif not any(rule.code.startswith(code.upper()) for rule in (*CATALOG_RULES, *LEAFLET_RULES, *CLINIC_RULES)):
            meant = {rule for rule in rules().values() if rule.code.startswith(code.upper())}
            by = "preflight" if meant <= set(PREFLIGHT_RULES) else "build"
            problems.add(f"{code} is no rule about leaflets or catalogs", hint=f"`polyleaf {by}` checks finished pages")
    problems.raise_if_any()
    return tuple(code.upper() for code in codes)


def _with_progress(jobs: Sequence[Job]) -> Iterator[tuple[Job, Checked]]:
    """Check one after another; on a terminal a bar says how far it is."""
    every = ((job, checked) for job in jobs for checked in job.checked)
    if not sys.stderr.isatty():
        yield from every
        return
    total = sum(job.messages for job in jobs)
    with click.progressbar(length=total, label="checking", file=sys.stderr, update_min_steps=20) as bar:
        for job, checked in every:
            yield job, checked
            bar.update(checked.messages)

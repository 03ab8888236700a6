"""polyleaf approve"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from polyleaf.checks import rules
from polyleaf.cli.selection import leaflets_and_locales
from polyleaf.project import Project, find_project, load_project
from polyleaf.reading import Reading, changes, parse_record, reading
from polyleaf.report.approvals import change_lines, reading_lines, standing_summary, standing_table
from polyleaf.report.findings import console, show
from polyleaf.signoff.sign import check_signer, sign
from polyleaf.signoff.standing import Standing, errors, standing


@click.command(
    "approve",
    epilog="""\b
Examples:
  polyleaf review microsclerotherapy -l ar       the sheet to read first, as HTML and PDF
  polyleaf approve microsclerotherapy -l ar --by "Dr Amal Haddad" --role "Consultant dermatologist"
  polyleaf approve --status                      who approved what, and whether it still holds

Exit status: 0 approved or listed, 1 refused for what the checks find, or not confirmed, 2 wrong usage or a mistake in
the project.""",
)
@click.argument("leaflets", nargs=-1, metavar="[LEAFLET]")
@click.option("-l", "--locale", "locales", multiple=True, metavar="LOCALE", help="The language that was read.")
@click.option("--by", metavar="NAME", help="Who approves.")
@click.option("--role", metavar="ROLE", help="As what: the profession and post, say.")
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The last day that it is good for.")
@click.option("--yes", is_flag=True, help="Ask nothing: the sheet has been read.")
@click.option("--status", "status", is_flag=True, help="List approvals, and approve nothing.")
@click.option(
    "--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of --status."
)
@click.pass_obj
def command(
    start: Path,
    leaflets: tuple[str, ...],
    locales: tuple[str, ...],
    by: str | None,
    role: str | None,
    expires: datetime | None,
    yes: bool,
    status: bool,
    output_format: str,
) -> None:
    """Record that a clinician has read a leaflet in a locale and lets patients have it.

    What is recorded is who, when, and a hash of exactly what was read: the source, its translation, the values with
    their bounds for clinics, the glossary and the theme's texts. When any of these changes, the approval no longer
    holds. A translation also needs the approval of its source, and another person than its translator.
    """
    if status:
        _list(load_project(find_project(start)), leaflets, locales, output_format)
        return
    if len(leaflets) != 1 or len(locales) != 1 or by is None or role is None:
        raise click.UsageError('name one LEAFLET, one -l LOCALE, --by "NAME" and --role "ROLE"')
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("approving asks first: run it on a terminal, or add --yes")
    project = load_project(find_project(start))
    [(leaflet, locale)] = leaflets_and_locales(project, leaflets, locales)
    until = expires.date() if expires else None
    check_signer(project, leaflet, locale, by, role, until)
    _refuse_errors(project, leaflet, locale)
    read = reading(project, leaflet, locale)
    _show(project, read)
    if not yes and not click.confirm(f"{by} ({role}) approves {leaflet} in {locale} as shown above", err=True):
        click.echo("not approved, and nothing was written", err=True)
        sys.exit(1)
    sign(project, read, by, role, until)
    _tell(project, leaflet, locale, until)


def _refuse_errors(project: Project, leaflet: str, locale: str) -> None:
    found = list(errors(project, leaflet, locale, thorough=True))
    if found:
        show(found, rules(), console(stderr=True))
        click.echo(f"not approved: the checks find {len(found)} errors in {leaflet} in {locale}", err=True)
        sys.exit(1)


def _show(project: Project, read: Reading) -> None:
    """The sheet, and what changed since the last approval."""
    for line in reading_lines(read):
        click.echo(line)
    known = project.approvals.get((read.leaflet, read.locale))
    if known:
        click.echo(f"\nlast approved by {known.by} ({known.role}) on {known.on.isoformat()}, version {known.version}")
        for line in change_lines(list(changes(parse_record(known.record), read))):
            click.echo(line)


def _tell(project: Project, leaflet: str, locale: str, expires: date | None) -> None:
    until = f", until {expires.isoformat()}" if expires else ""
    click.echo(f"approved: {leaflet} in {locale}{until}; commit locales/{locale} to keep it", err=True)
    source = project.source_locale
    if locale != source and not standing(project, leaflet, source).holds:
        click.echo(f"it counts once {leaflet} itself is approved: polyleaf approve {leaflet} -l {source} ...", err=True)


def _list(project: Project, leaflets: Sequence[str], locales: Sequence[str], output_format: str) -> None:
    standings = [standing(project, *each) for each in leaflets_and_locales(project, leaflets, locales)]
    if output_format == "json":
        click.echo(json.dumps({"approvals": [_as_json(known) for known in standings]}, ensure_ascii=False, indent=1))
    else:
        console().print(standing_table(standings))
    click.echo(standing_summary(standings), err=True)


def _as_json(known: Standing) -> dict[str, str | None]:
    said = known.approval
    return {
        "leaflet": known.leaflet,
        "locale": known.locale,
        "state": known.state,
        "reason": known.reason or None,
        "version": said.version if said else None,
        "by": said.by if said else None,
        "role": said.role if said else None,
        "on": said.on.isoformat() if said else None,
        "expires": said.expires.isoformat() if said and said.expires else None,
        "read": said.read if said else None,
    }

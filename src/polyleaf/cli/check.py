"""polyleaf check"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import click
from babel import Locale

from polyleaf.catalog.upkeep import Domains, path_of
from polyleaf.checks import rules
from polyleaf.checks.translations import Checked, check_file, check_project, locale_of, read_any
from polyleaf.cli.selection import wanted
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.finding import Finding
from polyleaf.project import Project, check_locale, find_project, load_project
from polyleaf.report import FORMATS
from polyleaf.report.findings import console, show, summary


@click.command(
    "check",
    epilog="""\b
Examples:
  polyleaf check                                   everything
  polyleaf check microsclerotherapy -l ar          one leaflet in one language
  polyleaf check --select T105,T11 --ignore T111   numbers and units; a code's beginning stands for all that have it
  polyleaf check django.po -l de                   anybody's catalog, outside a project too
  polyleaf check --output-format sarif > polyleaf.sarif

Exit status: 0 no errors, 1 errors, 2 wrong usage or a mistake in the project.""",
)
@click.argument("names", nargs=-1, metavar="[LEAFLET | FILE.po]...")
@click.option("-l", "--locale", "locales", multiple=True, metavar="LOCALE", help="May be repeated; else all.")
@click.option("--source", default="", metavar="LOCALE", help="What FILE.po is translated from; else en.")
@click.option("--select", default="", metavar="CODES", help="Only these rules: codes or their beginnings, with commas.")
@click.option("--ignore", default="", metavar="CODES", help="All but these rules.")
@click.option(
    "--output-format",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="How findings are told.",
)
@click.pass_obj
def command(
    start: Path,
    names: tuple[str, ...],
    locales: tuple[str, ...],
    source: str,
    select: str,
    ignore: str,
    output_format: str,
) -> None:
    """Say what a patient must not be given yet.

    Every translation is held against its source: numbers, units, denials, placeholders, terms, script and form.
    `polyleaf rule T105` explains a finding. One that is right as it is can be let stand in the catalog, with a reason:

    \b
    # polyleaf: allow T112 the verb says it
    """
    chosen = _codes(select), _codes(ignore)
    files = [Path(name) for name in names if name.endswith((".po", ".pot"))]
    leaflets = [name for name in names if not name.endswith((".po", ".pot"))]
    checked: list[tuple[int, Iterator[Checked]]] = []
    root = start
    if leaflets or not files:
        project = load_project(find_project(start))
        root = project.root
        checked.append(_of_project(project, wanted(project, leaflets, locales)))
    checked += [_of_file(start / path, start, locales, source) for path in files]
    findings, messages, places = _run(checked)
    shown = [_relative(finding, root) for finding in findings if _is_chosen(finding, *chosen)]
    _tell(shown, output_format)
    click.echo(summary(shown, messages, f"{places} catalog{'' if places == 1 else 's'}"), err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in shown) else 0)


def _codes(given: str) -> tuple[str, ...]:
    """Codes or beginnings of codes; each has to be one of something."""
    codes = tuple(code.strip().upper() for code in given.split(",") if code.strip())
    problems = Problems()
    for code in codes:
        if not any(known.startswith(code) for known in rules()):
            problems.add(f"unknown rule {code!r}", hint=nearest(code, rules(), "polyleaf rule lists them"))
    problems.raise_if_any()
    return codes


def _is_chosen(finding: Finding, select: tuple[str, ...], ignore: tuple[str, ...]) -> bool:
    return (not select or finding.code.startswith(select)) and not (ignore and finding.code.startswith(ignore))


def _of_project(project: Project, domains: dict[str, Domains]) -> tuple[int, Iterator[Checked]]:
    messages = sum(len(messages) for of_locale in domains.values() for messages in of_locale.values())
    return messages, check_project(project, domains)


def _of_file(path: Path, start: Path, locales: Sequence[str], source: str) -> tuple[int, Iterator[Checked]]:
    """A file of a project's is checked as the project's, with its glossary; any other by itself."""
    if not path.is_file():
        raise PolyleafError(Problem("there is no such file", path, hint="name a PO file, or a leaflet without .po"))
    if found := _in_project(path):
        return _of_project(*found)
    document = read_any(path)
    name = check_locale(locales[0]) if locales else locale_of(document)
    of = Locale.parse(check_locale(source or document.metadata.get("X-Source-Language") or "en"))
    entries = [entry for entry in document.entries if not entry.obsolete]
    return len(entries), check_file(document, Locale.parse(name), of)


def _shown(checked: Iterable[Checked], total: int) -> Iterator[Checked]:
    """The same, with a bar on a terminal that says how far it is."""
    if not sys.stderr.isatty():
        yield from checked
        return
    with click.progressbar(checked, total, "checking", file=sys.stderr, update_min_steps=100) as bar:
        yield from bar


def _in_project(path: Path) -> tuple[Project, dict[str, Domains]] | None:
    """The project that a catalog belongs to, and its messages; None if it is of none."""
    with suppress(PolyleafError):
        config = find_project(path.parent.resolve())
        locale, domain = path.resolve().parents[1].name, path.stem
        if path.resolve() == path_of(config.parent.resolve() / "locales", locale, domain):
            project = load_project(config)
            if locale in project.locales and domain in (domains := project.domains(locale)):
                return project, {locale: {domain: domains[domain]}}
    return None


def _run(checked: Sequence[tuple[int, Iterator[Checked]]]) -> tuple[list[Finding], int, int]:
    """Check all, and show how far it is."""
    total = sum(count for count, _ in checked)
    findings: list[Finding] = []
    places: set[tuple[str, str]] = set()
    for one in _shown(chain.from_iterable(found for _, found in checked), total):
        findings += one.findings
        places.add((one.locale, one.domain))
    return findings, total, len(places)


def _relative(finding: Finding, root: Path) -> Finding:
    path = Path(finding.file)
    return replace(finding, file=path.relative_to(root).as_posix()) if path.is_relative_to(root) else finding


def _tell(findings: Sequence[Finding], output_format: str) -> None:
    if output_format == "text":
        show(findings, rules(), console())
    else:
        click.echo(FORMATS[output_format](findings, rules(), version("polyleaf")), nl=False)

"""polyleaf check"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

import click
from babel import Locale

from polyleaf.catalog.document import PoDocument
from polyleaf.catalog.upkeep import path_of
from polyleaf.checks import rules
from polyleaf.checks.translations import (
    CATALOG_RULES,
    Checked,
    check_file,
    check_project,
    locale_of,
    read_any,
    source_of,
)
from polyleaf.cli.selection import wanted
from polyleaf.errors import PolyleafError, Problems
from polyleaf.finding import Finding
from polyleaf.model import Message
from polyleaf.project import NAME, Project, check_locale, find_project, load_project
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
    selected, ignored = _codes(select), _codes(ignore)
    jobs = list(_jobs(start, names, locales, source))
    found = [
        job.placed(finding, output_format)
        for job, checked in _with_progress(jobs)
        for finding in checked.findings
        if (not selected or finding.code.startswith(selected)) and not finding.code.startswith(ignored)
    ]
    if output_format == "text":
        show(found, rules(), console())
    else:  # as UTF-8, whatever the terminal's encoding is
        click.echo(FORMATS[output_format](found, rules(), version("polyleaf")).encode(), nl=False)
    click.echo(summary(found, sum(job.messages for job in jobs), sum(job.catalogs for job in jobs)), err=True)
    sys.exit(1 if any(finding.severity == "error" for finding in found) else 0)


def _codes(given: str) -> tuple[str, ...]:
    """Codes or beginnings of codes, each of a rule about catalogs."""
    codes = tuple(code.strip() for code in given.split(",") if code.strip())
    problems = Problems()
    for code in codes:
        if not any(rule.startswith(code.upper()) for rule in rules()):
            problems.add(f"unknown rule {code!r}", hint="`polyleaf rule` lists them")
        elif not any(rule.code.startswith(code.upper()) for rule in CATALOG_RULES):
            problems.add(f"{code} is no rule about catalogs", hint="`polyleaf build` checks it on finished pages")
    problems.raise_if_any()
    return tuple(code.upper() for code in codes)


# What is checked -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Job:
    """A project, or one file of anybody's. Files that a person named are told by those names (`named`), by their full
    path, and others by their path below the `root`.
    """

    checked: Iterator[Checked]
    messages: int
    catalogs: int = 1
    root: Path = Path()
    named: Mapping[Path, str] = field(default_factory=dict)

    def placed(self, finding: Finding, output_format: str) -> Finding:
        """The finding with its file as whoever reads it can find it."""
        path, root = Path(finding.file), self.root
        if output_format == "github":  # looks for files from the top of the repository, which can hold a project
            root = Path(os.environ.get("GITHUB_WORKSPACE") or root)
        below = path.relative_to(root).as_posix() if path.is_relative_to(root) else finding.file
        return replace(finding, file=self.named.get(path, below))


@dataclass
class _Asked:
    """What is asked of one project: messages by locale and domain, and the names that were given to its files."""

    project: Project
    domains: dict[str, dict[str, Sequence[Message]]] = field(default_factory=dict)
    named: dict[Path, str] = field(default_factory=dict)

    def job(self) -> _Job:
        messages = [messages for of_locale in self.domains.values() for messages in of_locale.values()]
        checked = check_project(self.project, self.domains)
        return _Job(checked, sum(map(len, messages)), len(messages), self.project.root, self.named)


def _jobs(start: Path, names: Sequence[str], locales: Sequence[str], source: str) -> Iterator[_Job]:
    """All that is to be checked. A file of a project's is checked as the project's, with its glossary; any other by
    itself. Raises `PolyleafError` with every mistake in what was named, before anything is checked.
    """
    leaflets, files = _sorted_out(names)
    asked: dict[Path, _Asked] = {}
    if leaflets or not files:
        config = find_project(start)
        asked[config] = _Asked(load_project(config))
        found = wanted(asked[config].project, leaflets, locales)
        asked[config].domains = {locale: dict(domains) for locale, domains in found.items()}
    others = [path for path in files if not _is_of_project(path, locales, asked)]
    if source and not others:
        raise click.UsageError("--source goes with a FILE.po that is not of a project")
    if others and len(locales) > 1:
        raise click.UsageError("a FILE.po is in one language: give one -l")
    problems = Problems()
    documents = []
    for path in others:
        with problems.collect():
            documents.append(_document(path, locales, source))
    problems.raise_if_any()
    yield from (project.job() for project in asked.values())
    for document, locale, original in documents:
        live = sum(not entry.obsolete for entry in document.entries)
        yield _Job(check_file(document, locale, original), live)


def _sorted_out(names: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Leaflets, and PO files, each once."""
    problems = Problems()
    leaflets: list[str] = []
    files: dict[Path, Path] = {}
    for name in names:
        path = Path(name)
        kind = path.suffix.lower()
        is_path = bool(kind) or len(path.parts) > 1 or (path.exists() and not NAME.fullmatch(name))
        if kind == ".pot":
            problems.add(
                "a template (POT) holds no translations", path, hint="name the PO files that were made from it"
            )
        elif not is_path:
            leaflets.append(name)
        elif path.is_dir():
            problems.add("this is a folder", path, hint="name a leaflet, or PO files")
        elif not path.exists():
            problems.add("there is no such file", path, hint="name a PO file, or a leaflet without .po")
        elif kind != ".po":
            problems.add("this is no PO file", path, hint="name a leaflet, or files that end with .po")
        else:
            files.setdefault(path.resolve(), path)
    problems.raise_if_any()
    return leaflets, list(files.values())


def _is_of_project(path: Path, locales: Sequence[str], asked: dict[Path, _Asked]) -> bool:
    """Whether a catalog is one of a project's; if so it is asked for there. A project is loaded once for all files."""
    at = path.resolve()
    try:
        config = find_project(at.parent)
    except PolyleafError:
        return False
    locale, domain = at.parents[1].name, at.stem
    if at != path_of(config.parent / "locales", locale, domain):
        return False
    of = asked.get(config) or _Asked(load_project(config))
    messages = of.project.domains(locale).get(domain) if locale in of.project.locales else None
    if messages is None:
        return False
    if locales and locale not in locales:
        raise click.UsageError(f"{path} is in {locale}: leave out -l {locales[0]}")
    asked[config] = of
    of.domains.setdefault(locale, {})[domain] = messages
    of.named[at] = path.as_posix()
    return True


def _document(path: Path, locales: Sequence[str], source: str) -> tuple[PoDocument, Locale, Locale]:
    """A file of anybody's, with its locale and that of its source."""
    document = read_any(path)
    locale = Locale.parse(check_locale(locales[0])) if locales else locale_of(document)
    return document, locale, Locale.parse(check_locale(source)) if source else source_of(document)


def _with_progress(jobs: Sequence[_Job]) -> Iterator[tuple[_Job, Checked]]:
    """Check message after message; on a terminal a bar says how far it is."""
    every = ((job, checked) for job in jobs for checked in job.checked)
    if not sys.stderr.isatty():
        yield from every
        return
    total = sum(job.messages for job in jobs)
    with click.progressbar(every, total, "checking", file=sys.stderr, update_min_steps=20) as bar:
        yield from bar

"""polyleaf build"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from polyleaf.build import BuildReport, Mode, Result, Selection, build
from polyleaf.build import Progress as Callback
from polyleaf.project import find_project, load_project
from polyleaf.report.terminal import finding_lines, progress_line


@click.command("build", epilog="Example: polyleaf build microsclerotherapy -l ar -l de -c lakeside -f a4")
@click.argument("leaflets", nargs=-1, metavar="[LEAFLET]...")
@click.option(
    "-l",
    "--locale",
    "locales",
    multiple=True,
    metavar="LOCALE",
    help="A locale such as ar or zh_Hans; may be repeated.",
)
@click.option("-c", "--clinic", "clinics", multiple=True, metavar="CLINIC", help="A clinic; may be repeated.")
@click.option("-f", "--format", "formats", multiple=True, metavar="FORMAT", help="web or a4; may be repeated.")
@click.option("-p", "--profile", "profiles", multiple=True, metavar="PROFILE", help="screen: an accessible PDF.")
@click.option("--draft", is_flag=True, help="Show untranslated text in the source language, marked, under a watermark.")
@click.option("--release", is_flag=True, help="Build approved editions only.")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Where to write; else the project's output folder.",
)
@click.option("-j", "--jobs", metavar="N", type=click.IntRange(1), help="Processes to use; else one a core.")
@click.option("--force", is_flag=True, help="Build what is up to date as well. So far everything always is built.")
@click.pass_obj
def command(
    start: Path,
    leaflets: tuple[str, ...],
    locales: tuple[str, ...],
    clinics: tuple[str, ...],
    formats: tuple[str, ...],
    profiles: tuple[str, ...],
    draft: bool,
    release: bool,
    output: Path | None,
    jobs: int | None,
    force: bool,
) -> None:
    """Build leaflets into the output folder. Without names it builds everything.

    An edition with a missing or unconfirmed translation fails, and the others are built.
    """
    if draft and release:
        raise click.UsageError("--draft and --release exclude each other: choose one")
    mode: Mode = "draft" if draft else "release" if release else "checked"
    project = load_project(find_project(start))
    selection = Selection(leaflets, locales, clinics, formats, profiles)
    with _progress() as progress:
        report = build(project, selection, mode, output, jobs or _cores(), progress)
    _tell(report, output or project.output, mode)
    if report.failed or report.unapproved:
        sys.exit(1)


def _cores() -> int:
    """The cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress() -> Iterator[Callback]:
    """A bar on a terminal, a plain line an edition elsewhere; on stderr."""
    if not sys.stderr.isatty():

        def line(result: Result, number: int, total: int) -> None:
            click.echo(progress_line(result, number, total), err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def step(result: Result, number: int, total: int) -> None:
            bar.update(task, completed=number, total=total, description=result.edition.path)

        yield step


def _tell(report: BuildReport, output: Path, mode: Mode) -> None:
    for line in finding_lines(report.failed):
        click.echo(line, err=True)
    if mode == "release":
        click.echo(f"no edition is approved yet, so none of {report.unapproved} was built", err=True)
        return
    built = len(report.results) - len(report.failed)
    text = f"{built} built, {len(report.failed)} failed, in {output}"
    click.echo(click.style(text, fg="red" if report.failed else "green"), err=True)
    drafts = sum(1 for result in report.results if result.outcome == "built" and result.findings)
    if drafts:
        click.echo(f"{drafts} of them show untranslated text under a watermark: not for patients", err=True)

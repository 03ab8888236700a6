"""polyleaf build"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import click

from polyleaf import cldr
from polyleaf.build import BuildReport, Executor, Inline, Mode, Result, Selection, Workers, build, explain
from polyleaf.build import Progress as Callback
from polyleaf.build.execute import TIME_LIMIT
from polyleaf.build.watch import changes, parts
from polyleaf.cli.limits import time_limit
from polyleaf.cli.selection import names_of_editions
from polyleaf.errors import PolyleafError, Problem
from polyleaf.project import find_project, load_project
from polyleaf.report.approvals import standing_lines
from polyleaf.report.terminal import finding_lines, problem_lines, progress_line, summary_line


@click.command("build", epilog="Example: polyleaf build microsclerotherapy -l ar -l de -c lakeside -f a4")
@names_of_editions
@click.option(
    "--impose",
    is_flag=True,
    help="Make booklets as sheets to be folded and stitched as well: the profile imposed beside those of -p or the "
    "project's.",
)
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
@click.option(
    "--executor",
    type=click.Choice(["local", "dask", "inline"]),
    default="local",
    show_default=True,
    help="Where editions are rendered: in processes of this machine, on a Dask cluster, or in this one process.",
)
@click.option(
    "--dask-address",
    metavar="ADDRESS",
    help="The scheduler of a cluster, such as tcp://10.0.0.5:8786; else one is started on this machine.",
)
@time_limit(TIME_LIMIT, "one edition")
@click.option("--watch", is_flag=True, help="Build again whenever a file of the project is saved, until Ctrl-C.")
@click.option("--force", is_flag=True, help="Build what is up to date as well.")
@click.option("--explain", "explained", metavar="EDITION", help="Say why an edition would be built, and build nothing.")
@click.pass_obj
def command(
    start: Path,
    selection: Selection,
    impose: bool,
    draft: bool,
    release: bool,
    output: Path | None,
    jobs: int | None,
    executor: str,
    dask_address: str | None,
    seconds: float,
    watch: bool,
    force: bool,
    explained: str | None,
) -> None:
    """Build leaflets into the output folder. Without names it builds everything.

    What is up to date stays: an edition is rendered again when something that it shows or is made with has changed.
    An edition with a missing or unconfirmed translation fails, and the others are built.
    """
    if draft and release:
        raise click.UsageError("--draft and --release exclude each other: choose one")
    mode: Mode = "draft" if draft else "release" if release else "checked"
    selection = replace(selection, impose=impose)
    config = find_project(start)
    if watch:
        if executor != "local" or release:
            raise click.UsageError("--watch goes with drafts and checked editions, on this machine")
        with Workers(jobs or _cores(), seconds) as warm:
            _watch(config, selection, mode, output, warm)
        return
    project = load_project(config)
    if explained is not None:
        for line in explain(project, explained, mode, output):
            click.echo(line)
        return
    if dask_address is not None and executor != "dask":
        raise click.UsageError("--dask-address goes with --executor dask")
    with _workers(executor, jobs or _cores(), seconds, dask_address) as workers, _progress() as progress:
        report = build(project, selection, mode, output, workers, progress, force)
    _tell(report, output or project.output, mode)
    if report.failed or report.unapproved:
        sys.exit(1)


def _watch(config: Path, selection: Selection, mode: Mode, output: Path | None, workers: Workers) -> None:
    """Build, and build again after each change. A mistake in the project is told, and mended by the next change."""
    workers.start(sys.maxsize)
    try:
        for saved in changes(config):
            if saved:
                click.echo(f"saved: {', '.join(saved)}", err=True)
            try:
                project = load_project(config)
                for part, executor in parts(project, selection, workers):
                    began = perf_counter()
                    with _progress() as progress:
                        report = build(project, part, mode, output, executor, progress)
                    _tell(report, output or project.output, mode, perf_counter() - began)
            except PolyleafError as error:
                for line in problem_lines(error):
                    click.echo(line, err=True)
    except KeyboardInterrupt:
        click.echo("no longer watching", err=True)


@contextmanager
def _workers(executor: str, jobs: int, time_limit: float, address: str | None) -> Iterator[Executor]:
    if executor == "inline":
        yield Inline()
    elif executor == "dask":
        try:
            from polyleaf.build.distribute import DaskCluster
        except ModuleNotFoundError:
            hint = "install it with: pip install 'polyleaf[dask]'"
            raise PolyleafError(Problem("Dask is not installed", hint=hint)) from None
        with DaskCluster(address, jobs, time_limit) as cluster:
            yield cluster
    else:
        with Workers(jobs, time_limit) as workers:
            yield workers


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


def _tell(report: BuildReport, output: Path, mode: Mode, seconds: float | None = None) -> None:
    for line in finding_lines([*report.failed, *_with_warnings(report)]):
        click.echo(line, err=True)
    for line in standing_lines(report.unapproved):
        click.echo(line, err=True)
    took = "" if seconds is None else f" ({seconds:.2f} s)"
    summary = f"{summary_line(report, output)}{took}"
    click.echo(click.style(summary, fg="red" if report.failed else "green"), err=True)
    if report.cache_fault:
        click.echo(
            f"warning: the cache cannot be used, so all is built again next time: {report.cache_fault}", err=True
        )
    made = [result for result in report.results if result.outcome != "failed"]
    drafts = sum(1 for result in made if any(finding.severity == "error" for finding in result.findings))
    if drafts:
        click.echo(f"{drafts} of them show what is unfinished, under a watermark: not for patients", err=True)
    if pseudo := sum(1 for result in made if result.edition.locale in cldr.PSEUDO_LOCALES):
        click.echo(f"{pseudo} of them are in a pseudo-locale, to test layouts: not for patients", err=True)


def _with_warnings(report: BuildReport) -> Iterator[Result]:
    """The editions that were built, with what is to be told of them all the same."""
    for result in report.results:
        warnings = tuple(finding for finding in result.findings if finding.severity == "warning")
        if result.outcome != "failed" and warnings:
            yield replace(result, findings=warnings)

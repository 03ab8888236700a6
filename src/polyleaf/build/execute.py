"""Runs the rendering of many editions, in this process or in several."""

from __future__ import annotations

import multiprocessing
import signal
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from polyleaf.build.render import Mode, Renderer, Result
from polyleaf.errors import PolyleafError
from polyleaf.finding import Finding
from polyleaf.model import Edition
from polyleaf.project import Project

_worker: tuple[Project, Renderer] | None = None


def render_all(project: Project, editions: Sequence[Edition], mode: Mode, jobs: int) -> Iterator[Result]:
    """Render editions and yield their results in the same order, whatever the number of processes."""
    if jobs == 1 or len(editions) == 1:
        _start(project, mode)
        yield from map(_render, editions)
        return
    strangers = set(multiprocessing.active_children())
    with _pool(project, mode, min(jobs, len(editions))) as pool:
        futures = [pool.submit(_render, edition) for edition in editions]
        try:
            for edition, future in zip(editions, futures, strict=True):
                yield _outcome(future, edition, project, mode)
        except BaseException:  # nobody waits for what is being rendered
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in set(multiprocessing.active_children()) - strangers:
                worker.terminate()
            raise


def _outcome(future: Future[Result], edition: Edition, project: Project, mode: Mode) -> Result:
    """The result of one edition. Where a worker died, it is tried once more by itself, so that it alone can fail."""
    try:
        return future.result()
    except BrokenProcessPool:
        with _pool(project, mode, 1) as alone:
            try:
                return alone.submit(_render, edition).result()
            except BrokenProcessPool:
                return _failure(edition, project, "B101", "its worker process crashed")


def _failure(edition: Edition, project: Project, code: str, reason: str) -> Result:
    placed = Finding(
        code,
        "error",
        reason,
        "this is a defect of the program: report it with the edition's files",
        leaflet=edition.leaflet,
        locale=edition.locale,
        clinic=edition.clinic,
    )
    return Result(edition, "failed", project.leaflets[edition.leaflet].version, (placed,))


def _pool(project: Project, mode: Mode, workers: int) -> ProcessPoolExecutor:
    # A forked process would inherit fontconfig and Pango in an unknown state.
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _start_worker, (project, mode))


def _start_worker(project: Project, mode: Mode) -> None:
    # Ctrl-C reaches the whole group of processes: the first of them decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _start(project, mode)


def _start(project: Project, mode: Mode) -> None:
    global _worker  # noqa: PLW0603  one a process
    _worker = project, Renderer(project, mode)


def _render(edition: Edition) -> Result:
    assert _worker is not None
    project, renderer = _worker
    try:
        return renderer.render(edition)
    except PolyleafError:  # a mistake in the project, which stops the build
        raise
    except Exception as error:  # whatever it is, it must not take the other editions with it
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(at.filename).name}:{at.lineno}"
        return _failure(edition, project, "B102", f"{type(error).__name__} at {where}: {error}")

"""Has many editions rendered: in worker processes, which are watched, or in this process."""

from __future__ import annotations

import multiprocessing
import pickle
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Protocol

from polyleaf.build.decide import Decision, decided_for
from polyleaf.build.fingerprint import Mode
from polyleaf.build.handout import HandOut
from polyleaf.build.render import Renderer, Result
from polyleaf.build.worker import Task, failure, render_safely, serve
from polyleaf.errors import PolyleafError, Problem
from polyleaf.model import Edition
from polyleaf.project import Project

TIME_LIMIT = 120.0
"""Seconds that one edition may take, unless the caller says otherwise."""

_START_LIMIT = 120.0  # seconds that a worker may take to be ready
_TRIES = 2  # a worker may be killed through no fault of its edition


class Executor(Protocol):
    """Whoever renders editions. Results come in the order of the editions, whatever order they are made in."""

    def render_all(self, project: Project, editions: Sequence[Edition], mode: Mode) -> Iterator[Result]:
        """Render editions. Raises `PolyleafError` for a mistake in the project."""
        ...


class Inline:
    """Renders in this process: nothing to start, nothing that could be killed either."""

    def render_all(self, project: Project, editions: Sequence[Edition], mode: Mode) -> Iterator[Result]:
        """Render editions one by one."""
        renderer = Renderer(project, mode)
        for edition in editions:
            yield render_safely(renderer, project, edition)


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    deadline: float
    ready: bool = False
    has: bytes | None = None
    knows: int = 0
    at: int | None = None


class Workers:
    """Worker processes that stay warm from one build to the next. Ends them when the context ends.

    `jobs` is how many there are at most, `time_limit` how many seconds one edition may take.
    """

    def __init__(self, jobs: int, time_limit: float = TIME_LIMIT) -> None:
        self._jobs = jobs
        self._time_limit = time_limit
        self._workers: list[_Worker] = []
        self._decisions: list[Decision] = []
        self._earlier: dict[tuple[str, ...], Decision] = {}
        self._task: Task | None = None
        self._sent = b""

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end(self._workers)

    def start(self, count: int) -> None:
        """Start workers, as far as there are fewer than asked for and allowed."""
        while len(self._workers) < min(count, self._jobs):
            self._workers.append(_started())

    def render_all(
        self, project: Project, editions: Sequence[Edition], mode: Mode, hurry: bool = False
    ) -> Iterator[Result]:
        """Render editions. One that crashes its worker, or takes too long, fails alone.

        In a hurry, the sheets that were chosen earlier are taken over, and results can be provisional.
        """
        if self._task is None or self._task[0] is not project or self._task[1] != mode:
            task: Task = (project, mode)
            self._task, self._sent = task, pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
            self._decisions = []
        waiting = HandOut(editions)
        tries = [0] * len(editions)
        done: dict[int, Result] = {}
        following = 0
        self.start(len(editions))
        try:
            while following < len(editions):
                self.start(min(self._jobs, len(waiting)))
                # Before results are given out: no worker waits for what the caller does with them.
                self._hand_over(project, editions, waiting, tries, hurry)
                while following in done:
                    yield done.pop(following)
                    following += 1
                for at, answer in self._answers(waiting) if following < len(editions) else ():
                    if isinstance(answer, PolyleafError):
                        raise answer
                    if answer == "crashed" and tries[at] < _TRIES:
                        waiting.again(at)
                    elif isinstance(answer, str):
                        done[at] = self._failed(editions[at], project, answer)
                    else:
                        self._decisions += answer.decisions
                        self._earlier.update((decision.of, decision) for decision in answer.decisions)
                        done[at] = answer
        except BaseException:  # nobody waits for what is being rendered
            self._end(self._workers)
            raise

    def _failed(self, edition: Edition, project: Project, what: str) -> Result:
        if what == "crashed":
            return failure(edition, project, "B101", "its worker process crashed, twice")
        hint = "look for a template that does not end, or allow more with --time-limit"
        return failure(edition, project, "B103", f"it took longer than {self._time_limit:g} s", hint)

    def _hand_over(
        self, project: Project, editions: Sequence[Edition], waiting: HandOut, tries: list[int], hurry: bool
    ) -> None:
        """Give an edition to every worker that has none."""
        for worker in self._workers:
            if worker.ready and worker.at is None and (at := waiting.next(worker.process.pid)) is not None:
                with suppress(OSError):  # a dead worker is noticed where answers are awaited
                    if worker.has is not self._sent:
                        worker.connection.send(self._sent)
                        worker.has, worker.knows = self._sent, 0
                    if worker.knows < len(self._decisions):
                        worker.connection.send(self._decisions[worker.knows :])
                        worker.knows = len(self._decisions)
                    assumed = self._earlier.get(decided_for(project, editions[at])) if hurry else None
                    worker.connection.send((editions[at], assumed))
                worker.at, worker.deadline = at, time.monotonic() + self._time_limit
                tries[at] += 1

    def _answers(self, waiting: HandOut) -> Iterator[tuple[int, Result | PolyleafError | str]]:
        """Wait until a worker answers, dies or takes too long, and tell for which edition."""
        soonest = min(worker.deadline for worker in self._workers)
        timeout = None if soonest == float("inf") else max(soonest - time.monotonic(), 0)
        ready = wait([worker.connection for worker in self._workers], timeout)
        for worker in list(self._workers):
            answer: Result | PolyleafError | str | None = None
            if worker.connection in ready:
                try:
                    answer = worker.connection.recv()
                except (EOFError, OSError, pickle.UnpicklingError):
                    answer = "crashed"
            elif worker.deadline <= time.monotonic():
                answer = "too long"
            if answer == "ready":
                worker.ready, worker.deadline = True, float("inf")
            elif answer is not None:
                at, worker.at, worker.deadline = worker.at, None, float("inf")
                if isinstance(answer, str):
                    waiting.leave(worker.process.pid)
                    self._end([worker])
                    if not worker.ready:
                        raise _no_start(worker.process)
                if at is not None:
                    yield at, answer

    def _end(self, workers: Sequence[_Worker]) -> None:
        """End processes at once: what they were making is not wanted, and they hold nothing else."""
        for worker in list(workers):
            worker.process.kill()
            worker.connection.close()
        for worker in list(workers):
            worker.process.join()
            self._workers.remove(worker)


def _no_start(process: SpawnProcess) -> PolyleafError:
    text = f"a worker process could not start, or took longer than {_START_LIMIT:g} s (exit status {process.exitcode})"
    return PolyleafError(Problem(text, hint="its own message is above; --executor inline does without workers"))


def _started() -> _Worker:
    # A forked process would inherit fontconfig and Pango in an unknown state.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    with _ctrl_c_kept():
        process.start()
    theirs.close()
    return _Worker(process, ours, time.monotonic() + _START_LIMIT)


@contextmanager
def _ctrl_c_kept() -> Iterator[None]:
    """Keep Ctrl-C from a process that is being started and cannot answer it yet; this one gets it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # it would be started with the process, and let Ctrl-C through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Renders on a Dask cluster: one of this machine's own, or one that is there already.

The project travels as bytes, to every worker that the cluster has or will have, so nobody needs a shared disk. Each
Dask worker has a process of its own for the rendering, watched as on one machine: an edition that crashes it, takes too
long or too much memory fails alone. Dask itself begins again what was lost with a worker. What comes back is held to
the digest that it was sent off with.
"""

from __future__ import annotations

import hashlib
import logging
import multiprocessing
import pickle
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import dask
from distributed import Client, KilledWorker, LocalCluster, WorkerPlugin, as_completed, get_worker

from polyleaf import fonts
from polyleaf.build.execute import TIME_LIMIT, Workers
from polyleaf.build.fingerprint import Mode, programs
from polyleaf.build.handout import LONGEST, runs
from polyleaf.build.render import Result
from polyleaf.build.worker import Task, failure
from polyleaf.errors import PolyleafError, Problem
from polyleaf.model import Edition
from polyleaf.project import Project

_AHEAD = 3  # tasks that are handed out for every thread of the cluster
_SHARES = 4  # tasks for every thread that a small build is cut into at least
_TRIES = 3  # of an edition that comes back damaged
_CONNECT_S = 30


class DaskCluster:
    """A cluster to render on. `address` names a scheduler; without one a cluster of `jobs` workers is started here.

    It is started or joined when there is something to render.
    """

    def __init__(self, address: str | None, jobs: int, time_limit: float = TIME_LIMIT) -> None:
        self._address = address
        self._jobs = jobs
        self._time_limit = time_limit
        self._client: Any = None
        self._cluster: Any = None

    def __enter__(self) -> DaskCluster:
        return self

    def _join(self) -> None:
        if self._client is not None:
            return
        # What a cluster says while it ends is for those who run it.
        with dask.config.set({"distributed.comm.timeouts.connect": f"{_CONNECT_S}s"}):
            try:
                if self._address is None:
                    self._cluster = LocalCluster(
                        n_workers=self._jobs,
                        threads_per_worker=1,
                        dashboard_address=None,
                        silence_logs=logging.CRITICAL,
                    )
                self._client = Client(self._cluster or self._address, timeout=_CONNECT_S)
            except (OSError, TimeoutError, ValueError) as error:
                text = f"no Dask scheduler answers at {self._address}: {error}"
                raise PolyleafError(Problem(text, hint="name one as tcp://HOST:8786")) from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._client is not None:
            self._client.close()
        if self._cluster is not None:
            self._cluster.close()

    def render_all(self, project: Project, editions: Sequence[Edition], mode: Mode) -> Iterator[Result]:
        """Render editions, in tasks of some that share a layout.

        As many tasks are under way as keep the cluster busy, so that memory does not grow with the work.

        Raises `PolyleafError` where there is no scheduler at the address, or none that answers.
        """
        self._join()
        task: Task = (project, mode)
        sent = pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
        site = f"polyleaf-{hashlib.sha256(sent).hexdigest()[:16]}"
        self._client.register_plugin(_Site(site, sent, programs(), self._time_limit))
        try:
            yield from self._rendered(project, editions, site)
        finally:
            self._client.unregister_worker_plugin(site)

    def _rendered(self, project: Project, editions: Sequence[Edition], site: str) -> Iterator[Result]:
        under_way: dict[Any, Sequence[int]] = {}
        tries = [0] * len(editions)
        done: dict[int, Result] = {}
        following = 0
        arriving = as_completed()

        def submit(run: Sequence[int]) -> None:
            faces = fonts.face_names(editions[run[0]].locale)
            key = f"{site}-{run[0]}-{len(run)}-{tries[run[0]]}"
            future = self._client.submit(_render, [editions[at] for at in run], faces, site, pure=False, key=key)
            under_way[future] = run
            arriving.add(future)
            for at in run:
                tries[at] += 1

        longest = max(min(LONGEST, len(editions) // (_SHARES * self._threads())), 1)
        waiting = deque(runs(editions, longest))
        while following < len(editions):
            while waiting and len(under_way) < _AHEAD * self._threads():
                submit(waiting.popleft())
            future = next(arriving)
            run = under_way.pop(future)
            results = _answer(future)
            if results is None and len(run) > 1:  # perhaps it is one of them that kills workers
                waiting.extendleft([at] for at in reversed(run))
                continue
            for at, result in zip(run, [None] if results is None else results, strict=True):
                if result is None:
                    text = "the Dask workers that it was on were killed, one after the other"
                    done[at] = failure(editions[at], project, "B101", text)
                elif not result.data or hashlib.sha256(result.data).hexdigest() == result.sha256:
                    done[at] = result
                elif tries[at] < _TRIES:
                    waiting.appendleft([at])
                else:
                    text = "it came back damaged from the cluster"
                    done[at] = failure(editions[at], project, "B105", text, "look at its network")
            while following in done:
                yield done.pop(following)
                following += 1

    def _threads(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(threads, 1)


def _answer(future: Any) -> Sequence[Result | None] | None:
    """What a task made; None if it took one worker after another with it."""
    try:
        results: Sequence[Result | None] = future.result()
    except KilledWorker:
        return None
    finally:
        future.release()
    return results


@dataclass
class _Site(WorkerPlugin):  # type: ignore[misc]
    """What a Dask worker keeps of a build: the project, and a process that renders it, started when it is needed."""

    name: str
    sent: bytes
    programs: dict[str, str]
    time_limit: float
    _lock: Any = field(default=None, repr=False)
    _workers: Any = field(default=None, repr=False)

    def setup(self, worker: Any) -> None:
        self._lock = threading.Lock()

    def teardown(self, worker: Any) -> None:
        if self._workers is not None:
            self._workers.__exit__(None, None, None)

    def render(self, editions: Sequence[Edition], faces: Sequence[str]) -> Sequence[Result]:
        self._check(editions[0], faces)
        with self._lock:
            if self._workers is None:
                # Dask's workers are daemons, which Python lets have no children; the child ends with its parent anyway.
                multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
                self._workers = Workers(1, self.time_limit)
                self._project, self._mode = pickle.loads(self.sent)
            return list(self._workers.render_all(self._project, editions, self._mode))

    def _check(self, edition: Edition, faces: Sequence[str]) -> None:
        """Another version of a program may set another page: a build is of one piece, or is none."""
        here = programs()
        other = [
            f"{name} {here.get(name)} instead of {known}"
            for name, known in self.programs.items()
            if here.get(name) != known
        ]
        if list(faces) != fonts.face_names(edition.locale):
            other.append("other fonts")
        if other:
            text = f"a Dask worker has {', '.join(other)}"
            raise PolyleafError(Problem(text, hint="install the same on every worker as here"))


def _render(editions: Sequence[Edition], faces: Sequence[str], site: str) -> Sequence[Result]:
    plugin: _Site = get_worker().plugins[site]
    return plugin.render(editions, faces)

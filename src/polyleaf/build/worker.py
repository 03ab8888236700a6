"""Renders editions one after another, whatever happens to each: in a process of its own, or wherever it is called."""

from __future__ import annotations

import gc
import pickle
import signal
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from polyleaf.build.decide import Decision
from polyleaf.build.fingerprint import Mode
from polyleaf.build.render import Renderer, Result
from polyleaf.errors import PolyleafError
from polyleaf.exporters import package_of
from polyleaf.finding import Finding
from polyleaf.model import Edition
from polyleaf.pdf import warm_up
from polyleaf.processes import end_with_parent, limit_memory
from polyleaf.project import Project

MEMORY_LIMIT = 6 * 1024**3
"""Bytes of address space that a worker may take: an edition that asks for more fails, and the machine goes on."""

_GARBAGE = 5_000
"""New objects until Python looks for cycles. To look as often as it does by itself takes a seventh of the time."""

Task = tuple[Project, Mode]


def render_safely(renderer: Renderer, project: Project, edition: Edition, assumed: Decision | None = None) -> Result:
    """The result of one edition; a defect fails it alone. Raises `PolyleafError` for a mistake in the project."""
    try:
        return renderer.render(edition, assumed)
    except PolyleafError:
        raise
    except MemoryError:
        hint = "look for a template that makes endless text"
        return failure(edition, project, "B104", f"it took more memory than {MEMORY_LIMIT >> 30} GiB", hint)
    except Exception as error:  # whatever it is, it must not take the other editions with it
        at = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(at.filename).name}:{at.lineno}"
        reason = f"{type(error).__name__} at {where}: {error}"
        hint = (
            f"this is a defect of an exporter: report it to {package_of(edition.format)}" if edition.is_export else ""
        )
        return failure(edition, project, "B102", reason, hint)


def failure(edition: Edition, project: Project, code: str, reason: str, hint: str = "") -> Result:
    """The result of an edition that could not be rendered for a reason outside its words."""
    placed = Finding(
        code,
        "error",
        reason,
        hint or "this is a defect of the program: report it with the edition's files",
        leaflet=edition.leaflet,
        locale=edition.locale,
        clinic=edition.clinic,
    )
    return Result(edition, "failed", project.leaflets[edition.leaflet].version, (placed,))


def serve(connection: Connection) -> None:
    """The life of a worker process: says that it is ready, then answers each edition with its result.

    It is sent a pickled `Task` before its first edition, and again when the project has changed; lists of what other
    workers decided; and editions, each with a decision to assume, or None.
    """
    # Ctrl-C reaches the whole group of processes: the first of them decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    limit_memory(MEMORY_LIMIT)
    end_with_parent()
    warm_up()  # so that the first edition does not wait for it
    gc.collect()
    gc.freeze()  # what is there now stays
    gc.set_threshold(_GARBAGE)
    connection.send("ready")
    project: Project
    renderer: Renderer
    with suppress(EOFError, OSError):  # the build is gone
        while True:
            message: Any = connection.recv()
            if isinstance(message, bytes):
                project, mode = pickle.loads(message)
                renderer = Renderer(project, mode)
                continue
            if isinstance(message, list):
                renderer.learn(message)
                continue
            try:
                answer: Result | PolyleafError = render_safely(renderer, project, *message)
            except PolyleafError as error:
                answer = error
            connection.send(answer)

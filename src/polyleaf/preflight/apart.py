"""Looks at files in a process of its own, which is watched: a file can be made to keep or to break what reads it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from polyleaf.finding import Finding
from polyleaf.preflight import BEYOND_LIMITS, JUDGES, Expectations, Looked, Profile, look_at
from polyleaf.processes import end_with_parent, limit_memory

TIME_LIMIT = 300.0
"""Seconds that one file may take, unless the caller says otherwise."""
MEMORY_LIMIT = 4 * 1024**3
"""Bytes of address space that the process may take."""
MOST_BYTES = 1024**3
"""Bytes of the largest file that is looked at."""


@dataclass
class _Watched:
    process: SpawnProcess
    connection: Connection


class Apart:
    """Looks at one file after another. Ends its process when the context ends.

    `look` is how: as `polyleaf.preflight.look_at`.
    """

    def __init__(self, time_limit: float = TIME_LIMIT, look: Callable[..., Looked] = look_at) -> None:
        self._time_limit = time_limit
        self._look = look
        self._watched: _Watched | None = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def look_at(
        self,
        path: Path,
        expectations: Expectations,
        profile: Profile | None = None,
        tick: Callable[[int], None] | None = None,
    ) -> Looked:
        """As `polyleaf.preflight.look_at`, of a file. One that takes too much is a finding.

        Where it is too much for the programs of others, it is looked at again without them. Raises `OSError` where it
        cannot be read.
        """
        with path.open("rb") as file:
            is_large = path.stat().st_size > MOST_BYTES  # of what is no file, such as a pipe, the size is not known
            data = b"" if is_large else file.read(MOST_BYTES + 1)
        if is_large or len(data) > MOST_BYTES:
            return _beyond(f"the file is larger than {MOST_BYTES >> 20:,} MB", "export it with smaller images")
        told = self._told(data, expectations, profile, tick)
        if isinstance(told, Looked):
            return told
        why, check = told
        if check not in JUDGES:
            return self._too_much(f"looking at the file {why}")
        left = self._told(data, replace(expectations, judged=False), profile, None)
        if not isinstance(left, Looked):
            return self._too_much(f"looking at the file {left[0]}")
        lost = self._too_much(f"{check} (another program) {why} and was left out")
        return replace(left, findings=(*left.findings, *lost.findings))

    def _too_much(self, what: str) -> Looked:
        return _beyond(what, "export it anew and simpler, or allow more with --time-limit")

    def _told(self, *question: Any) -> Looked | tuple[str, str]:
        """What comes of it; or why nothing does, with the check that was at work."""
        *asked, tick = question
        deadline = time.monotonic() + self._time_limit
        check = ""
        connection = self._connection()
        try:
            connection.send((self._look, *asked))
            while connection.poll(max(deadline - time.monotonic(), 0)):
                match connection.recv():
                    case Looked() as looked:
                        return looked
                    case int(pages) if tick:
                        tick(pages)
                    case str(code):
                        check = code
                    case MemoryError():
                        return f"takes more memory than {MEMORY_LIMIT >> 30} GiB", check
            why = f"takes longer than {self._time_limit:g} s"
        except (EOFError, OSError):
            why = f"ends the program, or takes more memory than {MEMORY_LIMIT >> 30} GiB"
        self._end()
        return why, check

    def _connection(self) -> Connection:
        if self._watched is None:
            context = multiprocessing.get_context("spawn")  # a forked process would share what is not meant for it
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._watched = _Watched(process, ours)
        return self._watched.connection

    def _end(self) -> None:
        if self._watched:
            self._watched.process.kill()
            self._watched.connection.close()
            self._watched.process.join()
            self._watched = None


def _beyond(what: str, hint: str) -> Looked:
    return Looked((Finding(BEYOND_LIMITS.code, BEYOND_LIMITS.severity, what, hint),))


def _serve(connection: Connection) -> None:
    """The life of the process: answers each question with numbers for progress, checks as they begin, and what came."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process decides what Ctrl-C means
    limit_memory(MEMORY_LIMIT)
    end_with_parent()
    _be_quiet()
    with suppress(EOFError, OSError):
        while True:
            look, *asked = connection.recv()
            try:
                connection.send(look(*asked, connection.send, connection.send))
            except MemoryError as error:
                connection.send(error)


def _be_quiet() -> None:
    """What libraries say while they break is nothing that a person could use."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)

"""What can go wrong, as data: the core says what, where and what to do; the command line decides how it looks."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One mistake in what the project holds, with its place (lines count from 1) and a way out."""

    message: str
    file: Path | None = None
    line: int | None = None
    hint: str | None = None

    @property
    def place(self) -> str:
        """`file:line`, as editors and CI understand it; empty where there is no file."""
        if self.file is None:
            return ""
        return f"{self.file}:{self.line}" if self.line else str(self.file)


class PolyleafError(Exception):
    """The root of this package's errors: one or more problems, all that were found."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type[PolyleafError], tuple[Problem, ...]]:
        return type(self), self.problems


class Problems:
    """Collects problems, so that a person sees all of them at once instead of one a run."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, message: str, file: Path | None = None, line: int | None = None, hint: str | None = None) -> None:
        """Note one problem and go on."""
        self._found.append(Problem(message, file, line, hint))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note problems and go on."""
        self._found.extend(problems)

    @property
    def found(self) -> tuple[Problem, ...]:
        """All that was noted so far."""
        return tuple(self._found)

    @contextmanager
    def collect(self) -> Iterator[None]:
        """Take in the problems of a `PolyleafError` raised inside, and go on after the block."""
        try:
            yield
        except PolyleafError as error:
            self._found.extend(error.problems)

    def raise_if_any(self) -> None:
        """Raise one `PolyleafError` with everything collected, in order of file and line."""
        if self._found:
            unique = dict.fromkeys(self._found)
            raise PolyleafError(*sorted(unique, key=lambda p: (str(p.file or ""), p.line or 0)))


def nearest(word: str, known: Iterable[str], otherwise: str | None = None) -> str:
    """A hint that names the known word closest to a mistyped one, or lists what is known."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return otherwise or f"known are: {', '.join(choices)}"

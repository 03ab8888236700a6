"""What comes back from a translator: the rows of a file, as they stand in it and not yet believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from polyleaf.errors import Problem


@dataclass(frozen=True)
class Row:
    """One translation with its line. What is None, the file does not say.

    `fuzzy` is whether it is to be confirmed; `shown` is what an XLIFF file has as the source, which of a plural is that
    of one form.
    """

    line: int
    id: str
    target: str
    fuzzy: bool | None = None
    exported: str | None = None
    locale: str | None = None
    domain: str | None = None
    section: str | None = None
    source: str | None = None
    plural: str | None = None
    form: str | None = None
    shown: str | None = None


@dataclass(frozen=True)
class Returned:
    """A file from a translator. `locale` is as the file spells it; `problems` are of rows that could not be read."""

    path: Path
    locale: str
    rows: Sequence[Row]
    problems: tuple[Problem, ...] = ()

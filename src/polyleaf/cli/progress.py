"""How far long work is, on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(label: str) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal, else nothing.

    What it yields is called with the number of things to do, and then with 0 after each.
    """
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tick(count: int) -> None:
            if count:
                bar.length = count
            else:
                bar.update(1)

        yield tick

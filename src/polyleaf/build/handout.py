"""Decides which worker renders which edition next."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from itertools import groupby

from polyleaf.model import Edition

LONGEST = 32  # editions in a run: what they share is made once in so many, and what waits for its turn stays small
_WORTH = 2  # editions that a worker must have before it for another to help it out
_WORTH_PAGED = 6  # the same for pages: about the time that it takes to lay the pages out once more


def runs(editions: Sequence[Edition], longest: int = LONGEST) -> Iterator[Sequence[int]]:
    """Cut editions, by their places, into runs of one leaflet, locale and format, whose clinics share a layout."""
    for _, group in groupby(range(len(editions)), key=lambda at: _shared(editions[at])):
        run = list(group)
        yield from (run[at : at + longest] for at in range(0, len(run), longest))


class HandOut:
    """Editions in runs: each worker has one.

    When there is no run left, a worker takes half of what the busiest has before it, if that is worth it. So all are at
    work until the end.
    """

    def __init__(self, editions: Sequence[Edition]) -> None:
        self._editions = editions
        self._held: dict[Hashable, deque[int]] = {}
        self._free = deque(deque(run) for run in runs(editions))

    def __len__(self) -> int:
        """How many editions nobody has begun."""
        return sum(map(len, self._free)) + sum(map(len, self._held.values()))

    def next(self, worker: Hashable) -> int | None:
        """The edition that a worker renders next, by its place among the editions; None if there is none for it."""
        run = self._held.get(worker)
        if not run:
            run = self._held[worker] = self._free.popleft() if self._free else self._half()
        return run.popleft() if run else None

    def again(self, at: int) -> None:
        """Have an edition rendered once more."""
        self._free.appendleft(deque([at]))

    def leave(self, worker: Hashable) -> None:
        """A worker is gone: others take over what it had before it."""
        if run := self._held.pop(worker, None):
            self._free.appendleft(run)

    def _half(self) -> deque[int]:
        longest = max(self._held.values(), key=len, default=None)
        if not longest or len(longest) < (_WORTH_PAGED if self._editions[longest[0]].is_paged else _WORTH):
            return deque()
        keeps = len(longest) - len(longest) // 2
        return deque([longest.pop() for _ in range(len(longest) - keeps)][::-1])


def _shared(edition: Edition) -> tuple[str, ...]:
    return edition.leaflet, edition.locale, edition.format, edition.profile

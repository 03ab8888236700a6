"""For processes that are watched: they end with the one that started them, and keep to their memory."""

from __future__ import annotations

import multiprocessing
import os
import threading
from contextlib import suppress


def end_with_parent() -> None:
    """Do not go on alone when the first process was killed, in work that perhaps never ends."""
    threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def limit_memory(limit: int) -> None:
    """Let this process take so many bytes of address space at most. Windows knows no such limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or hard > limit:
            resource.setrlimit(resource.RLIMIT_AS, (limit, hard))

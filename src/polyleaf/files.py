"""Writing of files so that a reader sees the old one or the new one, and never a part; where the cache is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_cache_path


def cache_root() -> Path:
    """The platform's folder for what can be made again; `POLYLEAF_CACHE_DIR` moves it."""
    override = os.environ.get("POLYLEAF_CACHE_DIR")
    return Path(override) if override else user_cache_path("polyleaf")


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there. The folder is made where it is missing."""
    write_together({path: data})


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none is moved to its place before all are written beside theirs.

    An `OSError` names the file that could not be written.
    """
    written: dict[Path, Path] = {}
    path = Path()
    try:
        for path, data in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
            written[path] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            written[path].chmod(0o644)
        for path, beside in written.items():
            beside.replace(path)
    except BaseException as error:
        if isinstance(error, OSError):
            error.filename = str(path)
        for beside in written.values():
            beside.unlink(missing_ok=True)
        raise

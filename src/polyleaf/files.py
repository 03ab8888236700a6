"""Writing of files so that a reader sees the old one or the new one, and never a part; where the cache is."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from platformdirs import user_cache_path


def cache_root() -> Path:
    """The platform's folder for what can be made again; `POLYLEAF_CACHE_DIR` moves it."""
    override = os.environ.get("POLYLEAF_CACHE_DIR")
    return Path(override) if override else user_cache_path("polyleaf")


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there. The folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise

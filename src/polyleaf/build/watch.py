"""Builds again whenever somebody saves a file of the project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from polyleaf.build.execute import Inline, Workers
from polyleaf.build.plan import Selection
from polyleaf.project import Project

_STEP_MS = 20  # files that are saved together are one change
_LOOK_MS = 500  # how often what cannot be watched is looked at


def parts(project: Project, selection: Selection, workers: Workers) -> Iterator[tuple[Selection, Inline | Workers]]:
    """A selection in the order in which a person waits for it, each part with who renders it.

    Web pages take milliseconds and are made at once, in this process; PDFs follow.
    """
    asked = selection.formats or project.formats
    web = [name for name in asked if name == "web"]
    paged = [name for name in asked if name != "web"]
    here: Inline | Workers = Inline()
    for formats, executor in ((web, here), (paged, workers)):
        if formats:
            yield replace(selection, formats=formats), executor


def changes(config: Path) -> Iterator[Sequence[str]]:
    """Yield the names of files that were saved, relative to the project's folder, each time that some were.

    What was saved since the last time is not missed while the caller builds.
    """
    import watchfiles

    root = config.parent
    folders = [root / name for name in ("templates", "locales") if (root / name).is_dir()]
    before = _content(config)
    for found in watchfiles.watch(
        *folders,
        watch_filter=lambda _, path: not any(part.startswith(".") for part in Path(path).relative_to(root).parts),
        debounce=10 * _STEP_MS,
        step=_STEP_MS,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,
    ):
        names = sorted({Path(path).relative_to(root).as_posix() for _, path in found})
        # Editors put a new file in the place of the old one, which a watched file does not survive.
        content = _content(config)
        if content != before:
            before = content
            names.append(config.name)
        if names:
            yield names


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""

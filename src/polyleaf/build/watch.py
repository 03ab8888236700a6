"""Builds again whenever somebody saves a file of the project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from polyleaf.build.execute import Executor, Inline, Workers
from polyleaf.build.fingerprint import Mode
from polyleaf.build.plan import Selection
from polyleaf.build.render import Result
from polyleaf.model import Edition, is_paged
from polyleaf.project import PROFILES, Project

_STEP_MS = 20  # files that are saved together are one change
_LOOK_MS = 500  # how often what cannot be watched is looked at


@dataclass
class _Hurried:
    """Workers that take sheets over from earlier builds; `owing` says whether what they made is provisional."""

    workers: Workers
    owing: bool = False

    def render_all(self, project: Project, editions: Sequence[Edition], mode: Mode) -> Iterator[Result]:
        for result in self.workers.render_all(project, editions, mode, hurry=True):
            self.owing |= result.provisional
            yield result


def parts(project: Project, selection: Selection, workers: Workers) -> Iterator[tuple[Selection, Executor]]:
    """A selection in the order in which a person waits for it, each part with who renders it.

    Web pages and exports take milliseconds and are made at once, in this process. PDFs follow in the type that they had
    before; what fits best now is chosen afterwards.
    """
    asked = selection.formats or project.formats
    on_screen = PROFILES[0] in (selection.profiles or PROFILES)
    quick = [name for name in asked if not is_paged(name) and on_screen]
    paged = [name for name in asked if is_paged(name)]
    if quick:
        yield replace(selection, formats=quick, impose=False), Inline()
    if paged:
        hurried = _Hurried(workers)
        yield replace(selection, formats=paged), hurried
        if hurried.owing:
            yield replace(selection, formats=paged), workers


def changes(config: Path) -> Iterator[Sequence[str]]:
    """Yield the names of files that were saved, relative to the project's folder, each time that some were.

    The first time it yields none, at once. From then on nothing is missed, whatever the caller does in between.
    """
    from watchfiles._rust_notify import RustNotify  # documented as the "Rust backend"; `watch` would begin too late

    root = config.parent
    folders = [str(root / name) for name in ("templates", "locales") if (root / name).is_dir()]
    before = _content(config)
    with RustNotify(folders, False, False, 300, True, False) as notify:
        yield ()
        while True:
            found = notify.watch(10 * _STEP_MS, _STEP_MS, _LOOK_MS, None)
            if found == "signal":
                raise KeyboardInterrupt
            paths = (Path(path).relative_to(root) for _, path in found) if isinstance(found, set) else ()
            names = sorted({path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)})
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

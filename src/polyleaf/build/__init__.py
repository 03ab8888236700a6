"""The whole line: plans editions, renders them and puts them into the output folder. Alone knows every stage."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from polyleaf.build import manifest
from polyleaf.build.execute import render_all
from polyleaf.build.plan import Selection, planned_editions
from polyleaf.build.render import Mode, Result
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.project import Project

__all__ = ["MANIFEST", "BuildReport", "Mode", "Result", "Selection", "build", "planned_editions"]

MANIFEST = manifest.NAME

Progress = Callable[[Result, int, int], None]
"""Called after every edition with its result, its number and how many there are."""


@dataclass(frozen=True)
class BuildReport:
    """What a build did, without the bytes. `unapproved` counts the editions that a release left out."""

    results: tuple[Result, ...]
    unapproved: int = 0

    @property
    def failed(self) -> tuple[Result, ...]:
        """The editions that could not be built."""
        return tuple(result for result in self.results if result.outcome == "failed")


def build(
    project: Project,
    selection: Selection,
    mode: Mode = "checked",
    output: Path | None = None,
    jobs: int = 1,
    progress: Progress = lambda result, number, total: None,
) -> BuildReport:
    """Build a selection of editions into the output folder, with a manifest.

    Everything is rendered aside first: a mistake in the project leaves the output as it was. Raises `PolyleafError`.
    """
    editions = planned_editions(project, selection)
    if mode == "release":  # there are no approvals yet, so no edition has one
        return BuildReport((), unapproved=len(editions))
    output = output or project.output
    _check_output(project, output)
    results: list[Result] = []
    entries: list[manifest.Entry] = []
    with _staging(output) as staging:
        for number, result in enumerate(render_all(project, editions, mode, jobs), start=1):
            if result.outcome == "built":
                target = staging / result.edition.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(result.data)
            progress(result, number, len(editions))
            entries.append(manifest.entry(result))
            results.append(replace(result, data=b""))
        _publish(staging, output, results)
        manifest.write(output, entries)
    return BuildReport(tuple(results))


def _check_output(project: Project, output: Path) -> None:
    """Keep what is made apart from what it is made of."""
    folder, root = output.resolve(), project.root.resolve()
    hint = "choose another folder: output/ beside templates/, say"
    if root.is_relative_to(folder):
        raise PolyleafError(Problem("the output folder holds the project itself", output, hint=hint))
    for name in ("templates", "locales"):
        if folder.is_relative_to(root / name):
            raise PolyleafError(Problem(f"the output folder lies in the project's {name}/", output, hint=hint))


@contextmanager
def _staging(output: Path) -> Iterator[Path]:
    """A folder beside the output's files, on the same file system, that is gone afterwards."""
    made = not output.exists()
    try:
        output.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=output, prefix=".building-"))
    except (OSError, ValueError) as error:
        text = f"the output folder cannot be written to: {getattr(error, 'strerror', error)}"
        raise PolyleafError(Problem(text, output, hint="choose another folder with -o DIR")) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if made and not any(output.iterdir()):
            output.rmdir()


def _publish(staging: Path, output: Path, results: Sequence[Result]) -> None:
    """Move every file to its place; take away the file of an edition that failed, since it no longer holds."""
    _check_targets(output, results)
    for result in results:
        target = output / result.edition.path
        if result.outcome == "built":
            target.parent.mkdir(parents=True, exist_ok=True)
            (staging / result.edition.path).replace(target)
        else:
            target.unlink(missing_ok=True)


def _check_targets(output: Path, results: Sequence[Result]) -> None:
    """Find what is in the way before anything is moved."""
    problems = Problems()
    for target in (output / manifest.NAME, *(output / result.edition.path for result in results)):
        if target.is_dir():
            problems.add("a folder is where a file goes", target, hint="move it away")
        for folder in target.parents:
            if folder == output:
                break
            if folder.exists() and not folder.is_dir():
                problems.add("a file is where a folder goes", folder, hint="move it away")
    problems.raise_if_any()

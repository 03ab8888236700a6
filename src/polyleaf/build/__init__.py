"""The whole line: plans editions, renders those that changed and puts them into the output folder.

Alone knows every stage.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from polyleaf.build import manifest
from polyleaf.build.cache import Cache, Trace, combined
from polyleaf.build.execute import Executor, Inline, Workers
from polyleaf.build.fingerprint import Facts, FactSet, Mode, told
from polyleaf.build.plan import Selection, every_edition, planned_editions
from polyleaf.build.render import Result
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.files import cache_root
from polyleaf.finding import Finding
from polyleaf.model import Edition
from polyleaf.project import Project
from polyleaf.signoff.standing import Standing

__all__ = [
    "MANIFEST",
    "BuildReport",
    "Cache",
    "Executor",
    "Inline",
    "Mode",
    "Result",
    "Selection",
    "Workers",
    "build",
    "explain",
    "planned_editions",
]

MANIFEST = manifest.NAME

Progress = Callable[[Result, int, int], None]
"""Called after every edition that is rendered, with its result, its number and how many there are."""

_LOCK = ".lock"


@dataclass(frozen=True)
class BuildReport:
    """What a build did, without the bytes.

    `unapproved` is how those stand that a release left out, `restored` counts those that were up to date and whose file
    had to be put back, `pruned` the files that no edition makes any more. `cache_fault` says why nothing is remembered.
    """

    results: tuple[Result, ...]
    unapproved: tuple[Standing, ...] = ()
    restored: int = 0
    pruned: tuple[str, ...] = ()
    cache_fault: str = ""

    @property
    def failed(self) -> tuple[Result, ...]:
        """The editions that could not be built."""
        return tuple(result for result in self.results if result.outcome == "failed")

    def count(self, outcome: str) -> int:
        """How many editions came out in one way."""
        return sum(1 for result in self.results if result.outcome == outcome)


@dataclass(frozen=True)
class _Known:
    """An edition that an earlier build made of the same facts. `is_there` says whether its file is in the output."""

    trace: Trace
    result: Result
    is_there: bool


def build(
    project: Project,
    selection: Selection,
    mode: Mode = "checked",
    output: Path | None = None,
    executor: Executor | None = None,
    progress: Progress = lambda result, number, total: None,
    force: bool = False,
) -> BuildReport:
    """Build a selection of editions into the output folder, with a manifest.

    What earlier builds made of the same facts is not rendered again, unless it is forced. Everything is rendered aside
    first: a mistake in the project leaves the output as it was. Raises `PolyleafError`.
    """
    output = output or project.output
    facts = Facts(project, mode)
    editions, unapproved = _released(planned_editions(project, selection), facts)
    _check_output(project, output)
    if unapproved and not editions:
        return BuildReport((), unapproved)
    cache = Cache()
    known = {} if force else _known(editions, facts, cache, output)
    results = {edition: found.result for edition, found in known.items()}
    with _staging(output) as staging:
        restored = _restore(known, cache, staging)
        todo = [edition for edition in editions if edition not in known]
        made = (executor or Inline()).render_all(project, todo, mode) if todo else iter(())
        try:
            for number, result in enumerate(made, start=1):
                results[result.edition] = _take(result, facts, cache, staging, mode)
                progress(results[result.edition], number, len(todo))
        finally:
            cache.flush()
        ordered = [results[edition] for edition in editions]
        pruned = _publish(project, staging, output, ordered, restored)
    for found in known.values():
        cache.touch(found.trace)
    cache.flush()
    cache.prune_if_large()
    return BuildReport(tuple(ordered), unapproved, len(restored), tuple(pruned), cache.fault)


def _released(editions: Sequence[Edition], facts: Facts) -> tuple[Sequence[Edition], tuple[Standing, ...]]:
    """The editions that may be made in this mode, and how those stand that may not."""
    if facts.mode != "release":
        return editions, ()
    standings = {(each.leaflet, each.locale): facts.standing(each.leaflet, each.locale) for each in editions}
    released = [each for each in editions if standings[each.leaflet, each.locale].holds]
    return released, tuple(known for known in standings.values() if not known.holds)


def explain(project: Project, path: str, mode: Mode = "checked", output: Path | None = None) -> Iterator[str]:
    """Why an edition, named by its path in the output, would be built or not: a line a reason.

    Raises `PolyleafError` where there is no such edition.
    """
    editions = {edition.path: edition for edition in every_edition(project)}
    if path not in editions:
        raise PolyleafError(Problem(f"there is no edition {path!r}", hint=nearest(path, editions, _EXAMPLE)))
    edition = editions[path]
    facts, cache = Facts(project, mode), Cache()
    traces = cache.traces([_identity(edition, mode)])[_identity(edition, mode)]
    found = _known([edition], facts, cache, output or project.output).get(edition)
    if found:
        yield f"{path} is up to date" if found.is_there else f"{path} would be put back: its file is gone or changed"
    elif not traces:
        yield f"{path} would be built: no earlier build of it is in the cache"
    else:
        yield f"{path} would be built, since these changed:"
        for key in _changes(traces[0], facts, cache):
            yield f"  {key}"


_EXAMPLE = "write its path in the output folder, such as lakeside/ar/microsclerotherapy.a4.pdf"


def _changes(trace: Trace, facts: Facts, cache: Cache) -> list[str]:
    sets = [cache.factset(identifier) for identifier in trace.sets]
    return [told(key) for known in sets if known for key in facts.changed(known)] or ["its artifact, which is damaged"]


def _identity(edition: Edition, mode: Mode) -> str:
    """What the cache knows an edition by."""
    return f"{mode}/{edition.path}"


# What is known already -----------------------------------------------------------------------------------------------


def _known(editions: Sequence[Edition], facts: Facts, cache: Cache, output: Path) -> dict[Edition, _Known]:
    """The editions that an earlier build made of what the project holds now, and whose artifact is at hand."""
    found = {}
    for edition, trace in _current(editions, facts, cache).items():
        is_there = _sum(output, edition.path) == trace.sha256
        if is_there or cache.artifact(trace.sha256) is not None:
            found[edition] = _Known(trace, _recalled(edition, trace), is_there)
    return found


def _current(editions: Sequence[Edition], facts: Facts, cache: Cache) -> dict[Edition, Trace]:
    """The editions that were made of facts that still hold."""
    current: dict[Edition, Trace] = {}
    for newest in (True, False):  # mostly what was used last is it, and nobody need look at the others
        left = {_identity(edition, facts.mode): edition for edition in editions if edition not in current}
        for identity, traces in cache.traces(left, newest).items():
            for trace in traces:
                sets = [cache.factset(identifier) for identifier in trace.sets]
                if all(known is not None and facts.hold(known) for known in sets):
                    current[left[identity]] = trace
                    break
    return current


def _sum(folder: Path, path: str) -> str:
    """The SHA-256 of a file, or nothing where it is not there."""
    try:
        with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123  pathlib takes as long as the hashing
            return hashlib.sha256(file.read()).hexdigest()
    except (OSError, ValueError):
        return ""


def _recalled(edition: Edition, trace: Trace) -> Result:
    stored = dict(trace.result)
    findings = tuple(Finding(**finding) for finding in stored.pop("findings"))
    return Result(
        edition, "up-to-date", findings=findings, fingerprint=trace.fingerprint, sha256=trace.sha256, **stored
    )


def _restore(known: dict[Edition, _Known], cache: Cache, staging: Path) -> list[Edition]:
    """Put what is up to date, and whose file is gone or changed, beside what is rendered."""
    restored = []
    for edition, found in list(known.items()):
        if not found.is_there:
            data = cache.artifact(found.trace.sha256)
            if data is None:  # another process pruned it just now
                del known[edition]
                continue
            _stage(staging, edition, data)
            restored.append(edition)
    return restored


def _take(result: Result, facts: Facts, cache: Cache, staging: Path, mode: Mode) -> Result:
    """Lay a rendered edition aside and remember what it was made of; gives back the result without its bytes."""
    if result.outcome != "built":
        return replace(result, reads=(), decisions=())
    _stage(staging, result.edition, result.data)
    if result.provisional:
        return replace(result, data=b"")
    sets = facts.sets(result.reads)
    kept = replace(result, fingerprint=combined([known.id for known in sets]), data=b"", reads=(), decisions=())
    cache.keep(_trace(kept, sets, mode), sets, result.data)
    return kept


def _trace(result: Result, sets: Sequence[FactSet], mode: Mode) -> Trace:
    stored: dict[str, Any] = {
        "version": result.version,
        "findings": [asdict(finding) for finding in result.findings],
        "pages": result.pages,
        "type_size_pt": result.type_size_pt,
        "approved": result.approved,
        "bytes": result.bytes,
    }
    return Trace(_identity(result.edition, mode), tuple(known.id for known in sets), stored, result.sha256)


# The output folder ---------------------------------------------------------------------------------------------------


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
    """A folder beside the output's files, on the same file system, that is gone afterwards.

    It is locked, so that the next build can tell what a killed one left from what another is at.
    """
    made = not output.exists()
    try:
        output.mkdir(parents=True, exist_ok=True)
        with _alone(output):
            _sweep(output)
            folder = Path(tempfile.mkdtemp(dir=output, prefix=".building-"))
            lock = FileLock(folder / _LOCK)
            lock.acquire()
    except (OSError, ValueError) as error:
        text = f"the output folder cannot be written to: {getattr(error, 'strerror', error)}"
        raise PolyleafError(Problem(text, output, hint="choose another folder with -o DIR")) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        if made:
            with suppress(OSError):  # it is not empty
                output.rmdir()


@contextmanager
def _alone(output: Path) -> Iterator[None]:
    """While it lasts, no other build of this machine changes what is in the output folder."""
    name = hashlib.sha256(str(output.resolve()).encode()).hexdigest()[:32]
    lock = FileLock(cache_root() / "locks" / f"{name}.lock")
    with suppress(OSError):  # without a cache there is no lock, and the last build to write its manifest wins
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _sweep(output: Path) -> None:
    """Remove what killed builds left."""
    for folder in output.glob(".building-*"):
        with suppress(Timeout, OSError), FileLock(folder / _LOCK, blocking=False):
            shutil.rmtree(folder, ignore_errors=True)


def _stage(staging: Path, edition: Edition, data: bytes) -> None:
    target = staging / edition.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _publish(
    project: Project, staging: Path, output: Path, results: Sequence[Result], restored: Sequence[Edition]
) -> list[str]:
    """Move every file to its place, write the manifest, and take away what no longer holds; returns what was pruned."""
    again = set(restored)
    # What is up to date and in its place was just read there.
    moved = [result for result in results if result.outcome != "up-to-date" or result.edition in again]
    with _alone(output):
        _check_targets(output, moved)
        for result in moved:
            target = output / result.edition.path
            if result.outcome == "failed":
                target.unlink(missing_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                (staging / result.edition.path).replace(target)
        known = manifest.read(output)
        stale = _stale(project, known)
        for path in stale:
            _prune(output, path)
        manifest.write(output, results, known, stale)
    return stale


def _stale(project: Project, known: Iterable[manifest.Entry]) -> list[str]:
    """The paths that the manifest names and that no edition of the project makes any more."""
    makes = {edition.path for edition in every_edition(project)}
    return [entry["path"] for entry in known if entry["path"] not in makes]


def _prune(output: Path, path: str) -> None:
    """Remove an artifact, and the folders that it leaves empty. No link leads it out of the output folder."""
    target = output / path
    if not target.parent.resolve().is_relative_to(output.resolve()):
        return
    with suppress(OSError):
        target.unlink()
    for folder in target.parents:
        if folder == output:
            break
        with suppress(OSError):  # it is not empty
            folder.rmdir()


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

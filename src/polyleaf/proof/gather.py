"""The editions of a proof, as they lie in the output folder, with all that is known against them."""

from __future__ import annotations

import hashlib
import shlex
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from polyleaf.build import Selection, manifest, planned_editions
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.finding import Finding
from polyleaf.model import Edition
from polyleaf.preflight import Expectations, by_edition
from polyleaf.preflight import findings as preflight_findings
from polyleaf.project import Project
from polyleaf.signoff.standing import standing

Tick = Callable[[int], None]
"""Called with the number of editions, and then with 0 after each."""

_SEVERITIES = ("error", "warning", "note")
_FIELDS = {field.name: type(field.default) for field in fields(Finding) if isinstance(field.default, (str, int))}
_AMISS = {
    "unbuilt": ("not built yet", "build them"),
    "failed": ("could not be built", "see why"),
    "gone": ("built, and not there any more", "put them back"),
    "changed": ("not what was built: the file was changed", "put them back"),
    "withdrawn": ("built as approved, and the approval does not hold any more", "build them again"),
}
"""What keeps an edition off a proof, and the way out."""


@dataclass(frozen=True)
class Proofed:
    """An edition with the bytes of its file, and everything that was found in it, errors first."""

    edition: Edition
    data: bytes
    sha256: str
    version: str
    type_size_pt: float | None
    approved: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Gathered:
    """What goes on a proof, and how many of the editions that were asked for have no pages to show."""

    editions: tuple[Proofed, ...]
    without_pages: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Those of all editions."""
        return tuple(finding for proofed in self.editions for finding in proofed.findings)


def gather(project: Project, selection: Selection, output: Path, tick: Tick = lambda count: None) -> Gathered:
    """The editions of a selection, from the output folder.

    Raises `PolyleafError` with all that are not there as they were built, or where nothing that is asked for has pages.
    """
    planned = planned_editions(project, selection)
    paged = [edition for edition in planned if edition.is_paged]
    if not paged:
        hint = "choose a format on paper: -f a4, say"
        raise PolyleafError(Problem("nothing that was asked for has pages: web pages and exports have none", hint=hint))
    known = {entry["path"]: entry for entry in manifest.read(output)}
    files = {edition: _file(project, output, edition, known.get(edition.path, {})) for edition in paged}
    _refuse(files, selection, output if output != project.output else None)
    tick(len(paged))
    found = []
    for edition, data in files.items():
        assert isinstance(data, bytes)
        found.append(_proofed(edition, data, known[edition.path], by_edition(edition, project.print_terms)))
        tick(0)
    return Gathered(tuple(found), len(planned) - len(paged))


def _file(project: Project, output: Path, edition: Edition, entry: manifest.Entry) -> bytes | str:
    """The file of an edition, or what is amiss: a key of `_AMISS`."""
    if not entry:
        return "unbuilt"
    if entry.get("outcome") == "failed":
        return "failed"
    if entry.get("approved") is True and not standing(project, edition.leaflet, edition.locale).holds:
        return "withdrawn"
    try:
        data = (output / edition.path).read_bytes()
    except OSError:
        return "gone"
    return data if hashlib.sha256(data).hexdigest() == entry.get("sha256") else "changed"


def _refuse(files: dict[Edition, bytes | str], selection: Selection, output: Path | None) -> None:
    """Raise `PolyleafError` for every edition that nobody can vouch for."""
    amiss = defaultdict(list)
    for edition, file in files.items():
        if isinstance(file, str):
            amiss[file].append(edition.path)
    problems = Problems()
    for kind, paths in amiss.items():
        text, way_out = _AMISS[kind]
        hint = f"{way_out}: `{_command(selection, output)}`"
        problems.add(f"{text} ({len(paths)}): {', '.join(paths)}", hint=hint)
    problems.raise_if_any()


def _command(selection: Selection, output: Path | None) -> str:
    """What builds a selection."""
    options = (
        *(("-l", name) for name in selection.locales),
        *(("-c", name) for name in selection.clinics),
        *(("-f", name) for name in selection.formats),
        *(("-p", name) for name in selection.profiles),
        *([("-o", str(output))] if output else []),
    )
    return shlex.join(["polyleaf", "build", *selection.leaflets, *(part for option in options for part in option)])


def _proofed(edition: Edition, data: bytes, entry: manifest.Entry, expectations: Expectations) -> Proofed:
    size = entry.get("type_size_pt")
    return Proofed(
        edition,
        data,
        str(entry["sha256"]),
        str(entry.get("version", "")),
        size if isinstance(size, (int, float)) else None,
        entry.get("approved") is True,
        findings_of(entry, data, expectations),
    )


def findings_of(entry: manifest.Entry, data: bytes, expectations: Expectations) -> tuple[Finding, ...]:
    """What the build and what preflight now find in an edition, errors first; what both find, once.

    The build knows what a text says and how severe it took a finding; preflight looks at the very file, by the terms of
    today.
    """
    told = entry.get("findings")
    built = [_finding(each) for each in (told if isinstance(told, list) else ()) if isinstance(each, dict)]
    once: dict[tuple[str, str, int], Finding] = {}
    for finding in (*built, *preflight_findings(data, expectations)):
        once.setdefault((finding.code, finding.message, finding.page), finding)
    return tuple(sorted(once.values(), key=lambda finding: _SEVERITIES.index(finding.severity)))


def _finding(told: dict[str, Any]) -> Finding:
    """A finding as the manifest has it. What it does not say is empty; of a severity that there is not, an error."""
    said = {name: told[name] for name, kind in _FIELDS.items() if isinstance(told.get(name), kind)}
    severity = told.get("severity")
    return Finding(
        **{"code": str(told.get("code", "")), "message": str(told.get("message", "")), **said},
        severity=severity if severity in _SEVERITIES else "error",
    )

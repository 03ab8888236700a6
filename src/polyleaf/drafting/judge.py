"""Holds a draft against the rules for leaflets, as it would be loaded."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from polyleaf.checks.leaflets import check_leaflets
from polyleaf.errors import PolyleafError, Problem
from polyleaf.finding import Finding
from polyleaf.leaflet import load_leaflet
from polyleaf.model import Leaflet
from polyleaf.project import Project, starter
from polyleaf.sections import required_sections
from polyleaf.theme import load_theme


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a draft: findings, and what keeps it from being loaded; places are lines of the draft."""

    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]


def judge(text: str, name: str, project: Project | None, today: date) -> Verdict:
    """What `polyleaf check` would say of the draft. `project` lends its settings; else they are the usual ones."""
    with tempfile.TemporaryDirectory(prefix="polyleaf-") as folder:
        path = Path(folder, f"{name}.md")
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            leaflet = load_leaflet(path)
        except PolyleafError as error:
            return Verdict((), tuple(replace(problem, file=None) for problem in error.problems))
        alone = _alone(leaflet, project, today)
        found = [finding for checked in check_leaflets(alone, [name]) for finding in checked.findings]
    return Verdict(tuple(replace(finding, file="") for finding in found), ())


def _alone(leaflet: Leaflet, project: Project | None, today: date) -> Project:
    """A project of this leaflet alone."""
    if project is not None:
        return replace(project, leaflets={leaflet.name: leaflet}, today=today)
    root = leaflet.path.parent
    return Project(
        root=root,
        config=root / "polyleaf.toml",
        source_locale="en",
        locales=("en",),
        formats=(),
        theme=load_theme(starter() / "templates/themes/default"),
        locales_folder=root / "locales",
        output=root / "output",
        leaflets={leaflet.name: leaflet},
        clinics={},
        catalogs={},
        today=today,
    )


def missing_sections(present: set[str], kind: str, purpose: str) -> tuple[str, ...]:
    """The sections that a leaflet of this kind and purpose needs and a draft has not."""
    return tuple(key for key in required_sections(kind, purpose) if key not in present)

"""Holds a draft against the rules for leaflets, as it would be loaded."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from polyleaf.checks.leaflets import check_leaflets
from polyleaf.errors import PolyleafError, Problem
from polyleaf.finding import Finding
from polyleaf.leaflet import load_leaflet
from polyleaf.project import CONFIG, Project, load_project, starter
from polyleaf.sections import required_sections


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
        lender = project or _usual_project(Path(folder, "project"), today)
        alone = replace(lender, leaflets={name: leaflet}, today=today)
        found = [finding for checked in check_leaflets(alone, [name]) for finding in checked.findings]
    return Verdict(tuple(replace(finding, file="") for finding in found), ())


def _usual_project(root: Path, today: date) -> Project:
    """The project that everybody begins with, without its translations."""
    shutil.copytree(starter() / "templates", root / "templates", ignore=shutil.ignore_patterns("themes"))
    config = root / CONFIG
    config.write_text('source_locale = "en"\n', encoding="utf-8")
    return load_project(config, today)


def missing_sections(present: set[str], kind: str, purpose: str) -> tuple[str, ...]:
    """The sections that a leaflet of this kind and purpose needs and a draft has not."""
    return tuple(key for key in required_sections(kind, purpose) if key not in present)

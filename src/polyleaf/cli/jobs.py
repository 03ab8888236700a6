"""What `polyleaf check` is asked to look at: a project, leaflets or catalogs of it, or PO files of anybody's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import click
from babel import Locale

from polyleaf.catalog.upkeep import path_of
from polyleaf.checks.contrast import check_clinics
from polyleaf.checks.leaflets import check_leaflets
from polyleaf.checks.translations import Checked, check_file, check_project, locale_of, read_any, source_of
from polyleaf.cli.selection import wanted
from polyleaf.errors import PolyleafError, Problems, nearest
from polyleaf.finding import Finding
from polyleaf.model import Message
from polyleaf.project import NAME, Project, check_locale, find_project, load_project


@dataclass(frozen=True)
class Job:
    """Leaflets and catalogs to be checked, with the number of their messages: some of a project's, or a file of
    anybody's.
    """

    checked: Iterable[Checked]
    messages: int
    catalogs: int = 1
    leaflets: int = 0
    root: Path = Path()
    named: Mapping[Path, str] = field(default_factory=dict)

    def placed(self, finding: Finding, output_format: str) -> Finding:
        """The finding with its file as whoever reads it can find it: as the person named it, else from the root."""
        path, root = Path(finding.file), self.root
        if output_format == "github":  # looks for files from the top of the repository, which can hold a project
            root = Path(os.environ.get("GITHUB_WORKSPACE") or root)
        below = path.relative_to(root).as_posix() if path.is_relative_to(root) else finding.file
        return replace(finding, file=self.named.get(path, below))


def jobs_of(
    start: Path, names: Sequence[str], locales: Sequence[str], source: str = "", clinics: Sequence[str] = ()
) -> list[Job]:
    """All that is to be checked. A file of a project's is checked as the project's, with its glossary.

    Clinics are looked at where they are named, and all of them where nothing is.

    Raises `PolyleafError` with every mistake in what was named, before anything is checked.
    """
    leaflets, files = _sorted_out(names)
    asked: dict[Path, _Asked] = {}
    if leaflets or clinics or not files:
        config = find_project(start)
        asked[config] = _Asked(load_project(config))
        asked[config].clinics = _clinics(asked[config].project, clinics, everything=not (leaflets or locales))
    if leaflets or not files:
        found = wanted(asked[config].project, leaflets, locales)
        asked[config].domains = {locale: dict(domains) for locale, domains in found.items()}
        asked[config].leaflets = _as_written(asked[config].project, leaflets, locales)
    others = []
    for path in files:
        own = _project_of(path)
        if own and own not in asked:
            asked[own] = _Asked(load_project(own))
        if not own or not asked[own].ask_for(path, locales):
            others.append(path)
    if source and not others:
        raise click.UsageError("--source goes with a FILE.po that is not of a project")
    if others and len(locales) > 1:
        raise click.UsageError("a FILE.po is in one language: give one -l")
    problems = Problems()
    jobs = [of.job() for of in asked.values()]
    for path in others:
        with problems.collect():
            jobs.append(_of_file(path, locales, source))
    problems.raise_if_any()
    return jobs


def _sorted_out(names: Sequence[str]) -> tuple[list[str], list[Path]]:
    """Leaflets, and PO files, each once."""
    problems = Problems()
    leaflets: list[str] = []
    files: dict[Path, Path] = {}
    for name in names:
        path = Path(name)
        if wrong := _what_is_wrong(path):
            problems.add(wrong[0], path, hint=wrong[1])
        elif _is_path(path):
            files.setdefault(path.resolve(), path)
        else:
            leaflets.append(name)
    problems.raise_if_any()
    return leaflets, list(files.values())


def _is_path(path: Path) -> bool:
    """Whether a name is meant as a file: no leaflet is called so."""
    return bool(path.suffix) or len(path.parts) > 1 or (path.exists() and not NAME.fullmatch(str(path)))


def _what_is_wrong(path: Path) -> tuple[str, str] | None:
    """Why a name cannot be checked, and what can; None where it can, or where it is meant as a leaflet."""
    if not _is_path(path):
        return None
    kind = path.suffix.lower()
    if kind == ".pot":
        return "a template (POT) holds no translations", "name the PO files that were made from it"
    if path.is_dir():
        return "this is a folder", "name a leaflet, or PO files"
    if not path.exists():
        return "there is no such file", "name a PO file, or a leaflet without .po"
    return None if kind == ".po" else ("this is no PO file", "name a leaflet, or files that end with .po")


# A project -----------------------------------------------------------------------------------------------------------


@dataclass
class _Asked:
    """What is asked of one project: leaflets as they are written, clinics, translations by locale and domain,
    and the names that were given to its files.
    """

    project: Project
    leaflets: Sequence[str] = ()
    clinics: Sequence[str] = ()
    domains: dict[str, dict[str, Sequence[Message]]] = field(default_factory=dict)
    named: dict[Path, str] = field(default_factory=dict)

    def ask_for(self, path: Path, locales: Sequence[str]) -> bool:
        """Ask for a catalog too, if the project has it; says whether it does."""
        at = path.resolve()
        locale = at.parents[1].name
        messages = self.project.domains(locale).get(at.stem) if locale in self.project.locales else None
        if messages is None:
            return False
        if locales and locale not in locales:
            raise click.UsageError(f"{path} is in {locale}: leave out -l {locales[0]}")
        self.domains.setdefault(locale, {})[at.stem] = messages
        self.named[at] = path.as_posix()
        return True

    def job(self) -> Job:
        """All of it."""
        written = [self.project.leaflets[name].messages for name in self.leaflets]
        translated = [messages for of_locale in self.domains.values() for messages in of_locale.values()]
        checked = chain(
            check_clinics(self.project, self.clinics) if self.clinics else (),
            check_leaflets(self.project, self.leaflets),
            check_project(self.project, self.domains),
        )
        messages = sum(map(len, written + translated))
        return Job(checked, messages, len(translated), len(written), self.project.root, self.named)


def _as_written(project: Project, leaflets: Sequence[str], locales: Sequence[str]) -> list[str]:
    """The leaflets that are looked at in the language that they are written in."""
    if locales and project.source_locale not in locales:
        return []
    return [name for name in project.leaflets if not leaflets or name in leaflets]


def _clinics(project: Project, clinics: Sequence[str], everything: bool) -> list[str]:
    """The clinics that are named; all where none is, if all of the project is looked at."""
    problems = Problems()
    for name in clinics:
        if name not in project.clinics:
            problems.add(f"unknown clinic {name!r}", hint=nearest(name, project.clinics))
    problems.raise_if_any()
    return [name for name in project.clinics if name in clinics or (everything and not clinics)]


def _project_of(path: Path) -> Path | None:
    """The configuration of the project whose catalog this is by its place; None where it is in no such place."""
    at = path.resolve()
    with suppress(PolyleafError):
        config = find_project(at.parent)
        if len(at.parents) > 1 and at == path_of(config.parent / "locales", at.parents[1].name, at.stem):
            return config
    return None


# A file of anybody's -------------------------------------------------------------------------------------------------


def _of_file(path: Path, locales: Sequence[str], source: str) -> Job:
    document = read_any(path)
    locale = Locale.parse(check_locale(locales[0])) if locales else locale_of(document)
    original = Locale.parse(check_locale(source)) if source else source_of(document)
    return Job(check_file(document, locale, original), sum(not entry.obsolete for entry in document.entries))

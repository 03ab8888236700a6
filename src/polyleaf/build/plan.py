"""What a build makes: the editions that somebody asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from polyleaf import cldr
from polyleaf.errors import Problems, nearest
from polyleaf.exporters import exporter
from polyleaf.formats import BOOKLET
from polyleaf.model import Edition, is_export, is_paged
from polyleaf.project import IMPOSED, PROFILES, Project, known_formats


@dataclass(frozen=True)
class Selection:
    """Names by which editions are chosen; an empty one takes all that the project has, which no pseudo-locale is.

    `impose` adds the profile `imposed` to those of the booklet.
    """

    leaflets: Sequence[str] = ()
    locales: Sequence[str] = ()
    clinics: Sequence[str] = ()
    formats: Sequence[str] = ()
    profiles: Sequence[str] = ()
    impose: bool = False


def planned_editions(project: Project, selection: Selection) -> tuple[Edition, ...]:
    """The editions of a selection in a steady order.

    Raises `PolyleafError` with every unknown name, every format that the theme has no template for, and every exporter
    that is asked for and cannot be loaded.
    """
    editions = _editions(project, selection)
    problems = Problems()
    for name in dict.fromkeys(edition.format for edition in editions):
        with problems.collect():
            if is_export(name):
                exporter(name)
            elif f"{name}.html" not in project.theme.files:
                hint = "write it, or take that of the default theme; docs/themes.md says what it can use"
                problems.add(
                    f"the theme has no template for the format {name!r}",
                    project.theme.folder / f"{name}.html",
                    hint=hint,
                )
    problems.raise_if_any()
    return editions


def _editions(project: Project, selection: Selection) -> tuple[Edition, ...]:
    problems = Problems()
    leaflets = _chosen("leaflet", selection.leaflets, project.leaflets, project.leaflets, problems)
    locales = _chosen("locale", selection.locales, _locales(project), project.locales, problems)
    clinics = _chosen("clinic", selection.clinics, project.clinics, project.clinics, problems)
    formats = _chosen("format", selection.formats, known_formats(), project.formats, problems)
    profiles = _chosen("profile", selection.profiles, PROFILES, project.profiles, problems)
    if selection.impose:
        profiles = list(dict.fromkeys([*profiles, IMPOSED]))
    made = [(format_, profile) for format_ in formats for profile in _profiles(format_, profiles, selection)]
    in_vain = [IMPOSED] if selection.impose and BOOKLET not in formats else profiles if not made else ()
    if formats and in_vain:
        problems.add(f"{', '.join(formats)}: there is no profile {', '.join(in_vain)} of it", hint=_hint(in_vain))
    problems.raise_if_any()
    return tuple(
        Edition(leaflet, locale, clinic, format_, profile)
        for leaflet in leaflets
        for locale in locales
        for format_, profile in made
        for clinic in clinics
    )


def _profiles(format_: str, profiles: Sequence[str], selection: Selection) -> Sequence[str]:
    """The profiles that a format is made in: what is no PDF has the first alone, unless only others are asked for."""
    if is_paged(format_):
        return [name for name in profiles if name != IMPOSED or format_ == BOOKLET]
    return PROFILES[:1] if not selection.profiles or PROFILES[0] in profiles else ()


def _hint(profiles: Sequence[str]) -> str:
    if IMPOSED in profiles:
        return f"only booklets are imposed: add -f {BOOKLET}"
    return f"only PDFs have it: leave out -p, or choose one of {', '.join(filter(is_paged, known_formats()))}"


def every_edition(project: Project) -> tuple[Edition, ...]:
    """Every edition that could be asked for, whatever formats the project builds by default."""
    return _editions(project, Selection(locales=_locales(project), formats=known_formats(), profiles=PROFILES))


def _locales(project: Project) -> tuple[str, ...]:
    return *project.locales, *cldr.PSEUDO_LOCALES


def _chosen(
    what: str, asked: Sequence[str], known: Collection[str], default: Collection[str], problems: Problems
) -> Sequence[str]:
    for name in asked:
        if name not in known:
            problems.add(f"unknown {what} {name!r}", hint=nearest(name, known))
    return [name for name in known if name in (asked or default)]

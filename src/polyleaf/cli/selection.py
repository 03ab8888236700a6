"""What a command is asked to look at: names on the command line, as messages of the project."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import click

from polyleaf import cldr
from polyleaf.build import Selection
from polyleaf.catalog.upkeep import Domains
from polyleaf.errors import Problems, nearest
from polyleaf.project import Project, check_locale


def names_of_editions(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments and options by which a command is told which editions, names, and none for all.

    The command gets them as one `selection`.
    """

    @wraps(command)
    def with_selection(*args: Any, **options: Any) -> Any:
        named = {name: options.pop(name) for name in ("leaflets", "locales", "clinics", "formats", "profiles")}
        return command(*args, selection=Selection(**named), **options)

    selected: Callable[..., Any] = with_selection
    for option in reversed(_OF_EDITIONS):
        selected = option(selected)
    return selected


_OF_EDITIONS = (
    click.argument("leaflets", nargs=-1, metavar="[LEAFLET]..."),
    click.option(
        "-l",
        "--locale",
        "locales",
        multiple=True,
        metavar="LOCALE",
        help="A locale such as ar or zh_Hans, or a pseudo-locale: en_XA, ar_XB; may be repeated.",
    ),
    click.option("-c", "--clinic", "clinics", multiple=True, metavar="CLINIC", help="A clinic; may be repeated."),
    click.option(
        "-f",
        "--format",
        "formats",
        multiple=True,
        metavar="FORMAT",
        help="web, a4, large-print, a5-booklet, trifold, or that of an exporter, such as fhir.json; may be repeated.",
    ),
    click.option(
        "-p",
        "--profile",
        "profiles",
        multiple=True,
        metavar="PROFILE",
        help="What PDFs are for: screen, print (PDF/X-4 for a print shop), or imposed (the same as sheets of a "
        "booklet, for a5-booklet alone); may be repeated.",
    ),
)


def wanted(project: Project, leaflets: Sequence[str], locales: Sequence[str]) -> dict[str, Domains]:
    """The messages by locale and domain; raises `PolyleafError` for a name that is unknown."""
    problems = Problems()
    for name in locales:
        if name in cldr.PSEUDO_LOCALES:
            with problems.collect():
                check_locale(name)
        elif name not in project.locales:
            problems.add(f"unknown locale {name!r}", hint=nearest(name, project.locales))
    problems.raise_if_any()
    found = {name: chosen(project, project.domains(name), leaflets) for name in locales or project.locales}
    return {name: domains for name, domains in found.items() if domains}


def leaflets_and_locales(project: Project, leaflets: Sequence[str], locales: Sequence[str]) -> list[tuple[str, str]]:
    """Each of these leaflets in each of these locales, all of them where none is named.

    Raises `PolyleafError` for names that are unknown.
    """
    problems = Problems()
    for what, names, known in (("leaflet", leaflets, project.leaflets), ("locale", locales, project.locales)):
        for name in names:
            if name not in known:
                problems.add(f"unknown {what} {name!r}", hint=nearest(name, known))
    problems.raise_if_any()
    return [
        (leaflet, locale)
        for leaflet in project.leaflets
        for locale in project.locales
        if (not leaflets or leaflet in leaflets) and (not locales or locale in locales)
    ]


def chosen(project: Project, domains: Domains, leaflets: Sequence[str]) -> Domains:
    """The domains of these leaflets, or all; raises `PolyleafError` for a name that is unknown."""
    problems = Problems()
    known = {*project.leaflets, *project.domains()}
    for name in leaflets:
        if name not in known:
            problems.add(f"unknown leaflet {name!r}", hint=nearest(name, known))
    problems.raise_if_any()
    return {name: messages for name, messages in domains.items() if not leaflets or name in leaflets}

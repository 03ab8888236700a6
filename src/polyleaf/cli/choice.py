"""What a person chose of a project, by name."""

from __future__ import annotations

from collections.abc import Sequence

from polyleaf.catalog.upkeep import Domains
from polyleaf.errors import Problems, nearest
from polyleaf.project import Project


def chosen(project: Project, domains: Domains, leaflets: Sequence[str]) -> Domains:
    """The domains that were named, or all; raises `PolyleafError` for every name that is unknown."""
    problems = Problems()
    known = {*project.leaflets, *domains}
    for name in leaflets:
        if name not in known:
            problems.add(f"unknown leaflet {name!r}", hint=nearest(name, known))
    problems.raise_if_any()
    return {name: messages for name, messages in domains.items() if not leaflets or name in leaflets}

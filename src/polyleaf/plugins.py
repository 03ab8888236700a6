"""What other packages add to Polyleaf: objects that they offer by entry point, in groups such as `polyleaf.exporters`.

Nothing of theirs is imported, and no mistake of theirs is told, before somebody asks for it by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path

from polyleaf.errors import PolyleafError, Problem, nearest

EXPORTERS = "polyleaf.exporters"
"""The group of those who write a page in a form of their own: `exporters.Exporter`."""


def known(group: str) -> Mapping[str, tuple[EntryPoint, ...]]:
    """The names of a group in a steady order, each with all that is offered by it."""
    found: dict[str, list[EntryPoint]] = {}
    for point in sorted(entry_points(group=group), key=lambda point: (point.name, package_of(point), point.value)):
        offers = found.setdefault(point.name, [])
        if point not in offers:  # an editable installation can be seen twice
            offers.append(point)
    return {name: tuple(offers) for name, offers in found.items()}


def offered(group: str, name: str) -> EntryPoint:
    """The one entry point by a name. Raises `PolyleafError` where there is none, or where packages clash."""
    names = known(group)
    match names.get(name, ()):
        case (point,):
            return point
        case ():
            raise PolyleafError(Problem(f"no package offers {name!r} in {group}", hint=nearest(name, names)))
        case points:
            packages = ", ".join(dict.fromkeys(map(package_of, points)))
            text = f"{name!r} is offered more than once in {group}: by {packages}"
            raise PolyleafError(Problem(text, hint="uninstall all of them but one"))


def load(group: str, name: str) -> object:
    """The object by a name, imported now. Raises `PolyleafError` that names the package where it is broken."""
    point = offered(group, name)
    try:
        return point.load()
    except MemoryError:
        raise
    except Exception as error:  # whatever goes wrong while another's module is imported
        text = f"{name!r} of {group} cannot be loaded ({point.value}): {type(error).__name__}: {error}"
        hint = f"mend or uninstall the package {package_of(point)}"
        raise PolyleafError(Problem(text, hint=hint)) from error


def package_of(point: EntryPoint) -> str:
    """The distribution that an entry point comes with, and its version."""
    return f"{point.dist.name} {point.dist.version}" if point.dist else "an unknown package"


def version_of(group: str, name: str) -> str:
    """What tells whether anything by a name changed: packages, versions and code; nothing is imported."""
    return "; ".join(
        f"{package_of(point)} {point.value} {code_of(point.module.partition('.')[0])}"
        for point in known(group).get(name, ())
    )


@cache
def code_of(package: str) -> str:
    """A digest of a top-level package's or module's files; the same as long as the process lives, as the code is."""
    spec = find_spec(package)
    if spec is None:
        return ""
    digest = hashlib.sha256()
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if _is_code(path, folder)]
    for path in files or ([Path(spec.origin)] if spec.origin and Path(spec.origin).is_file() else []):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _is_code(path: Path, folder: Path) -> bool:
    """Whether a file decides what a package does; the starter project that comes with this one does not."""
    return path.is_file() and path.suffix != ".pyc" and not path.is_relative_to(folder / "starter")

"""Pages in forms that no theme makes. Exporters are found by the entry points of the group `polyleaf.exporters`.

An exporter's name is the ending of its files, with a dot in it: `fhir.json` writes `LEAFLET.fhir.json`.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

from polyleaf import plugins, texts
from polyleaf.errors import PolyleafError, Problem
from polyleaf.page import Page, RichText


class Exporter(Protocol):
    """Writes a page as the bytes of a file.

    The same page gives the same bytes. A text of the theme that it wants is asked of `page.texts`, which notes what is
    not translated. Whoever reads the file must be told what `marks` says.
    """

    def __call__(self, page: Page, /) -> bytes:
        """The page as the bytes of a file."""


@cache
def exporter(name: str) -> Exporter:
    """The exporter by a name. Raises `PolyleafError` that names the package where it cannot be had."""
    found = plugins.load(plugins.EXPORTERS, name)
    if not callable(found):
        hint = f"mend or uninstall the package {package_of(name)}"
        raise PolyleafError(Problem(f"the exporter {name!r} is no function, but {found!r}", hint=hint))
    return cast("Exporter", found)


def package_of(name: str) -> str:
    """The package that offers an exporter. Raises `PolyleafError` where there is none, or more than one."""
    return plugins.package_of(plugins.offered(plugins.EXPORTERS, name))


def export(page: Page) -> bytes:
    """A page in the format of its edition. Raises what the exporter raises, and `TypeError` where it gives no bytes."""
    name = page.edition.format
    data = exporter(name)(page)
    if not isinstance(data, bytes):
        raise TypeError(f"the exporter {name!r} gives {type(data).__name__}, not bytes")
    return data


def marks(page: Page) -> tuple[RichText, ...]:
    """What a reader must be told before anything else; nothing where the page is approved."""
    mark = page.mark()
    machine = page.texts.find(texts.MACHINE_DRAFTED) if page.machine_drafted and not page.approved else None
    return tuple(told for told in (mark, machine) if told)

"""TMX 1.4b: the confirmed translations as a memory for translation tools. It is written and never read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

from polyleaf.catalog.exchange.inline import Numbering
from polyleaf.catalog.exchange.markup import Node, element, written
from polyleaf.catalog.exchange.unit import TRANSLATED, Parcel, Unit


def write(parcels: Sequence[Parcel]) -> bytes:
    """The confirmed translations of all parcels."""
    header = {
        "creationtool": "Polyleaf",
        "creationtoolversion": version("polyleaf"),
        "segtype": "paragraph",
        "o-tmf": "gettext",
        "adminlang": "en",
        "srclang": "*all*",
        "datatype": "plaintext",
    }
    pairs = [_pair(unit, parcel) for parcel in parcels for unit in parcel.units if unit.state == TRANSLATED]
    return written(element("tmx", {"version": "1.4"}, element("header", header), element("body", {}, *pairs)))


def _pair(unit: Unit, parcel: Parcel) -> Node:
    numbering = Numbering()
    source, target = (locale.replace("_", "-") for locale in (parcel.origin.locale, parcel.locale))
    told = {"x-domain": unit.domain, "x-section": unit.section, "x-plural-form": unit.form}
    return element(
        "tu",
        {"tuid": unit.id, "srclang": source},
        *(element("prop", {"type": name}, text) for name, text in told.items() if text),
        element("tuv", {"xml:lang": source}, element("seg", {}, *_inline(unit.shown, numbering))),
        element("tuv", {"xml:lang": target}, element("seg", {}, *_inline(unit.target, numbering))),
    )


def _inline(text: str, numbering: Numbering) -> Iterator[Node | str]:
    for part in numbering.split(text):
        yield part if isinstance(part, str) else element("ph", {"x": str(part.number)}, part.text)

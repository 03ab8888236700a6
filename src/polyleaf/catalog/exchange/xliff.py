"""XLIFF: which version a file is of, and what its versions share.

The standards are OASIS XLIFF 1.2 (2008) and XLIFF 2.1 (2018); 2.0 differs from the latter in nothing that matters here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from polyleaf.catalog.exchange import xliff1, xliff2
from polyleaf.catalog.exchange.markup import read, written
from polyleaf.catalog.exchange.row import Returned
from polyleaf.catalog.exchange.unit import Parcel
from polyleaf.errors import PolyleafError, Problem

_PREFIXES = {xliff1.NAMESPACE: "", xliff2.NAMESPACE: "", xliff2.METADATA: "mda:"}
_MEMORY = (
    "a translation memory (TMX) cannot be imported: it does not say which texts its translations are of",
    "load it into your translation tool, and import the XLIFF, XLSX or CSV file that you get from there",
)


def write(parcels: Sequence[Parcel], version: str) -> bytes:
    """The parcels as a file of version 1.2 or 2.1."""
    return written({"1.2": xliff1.document, "2.1": xliff2.document}[version](parcels))


def read_returned(data: bytes, path: Path) -> Returned:
    """What a file of version 1.2, 2.0 or 2.1 says, whatever tool wrote it. Raises `PolyleafError`."""
    root = read(data, path, _PREFIXES)
    if root.tag == "tmx":
        raise PolyleafError(Problem(_MEMORY[0], path, root.line, _MEMORY[1]))
    version = root.attributes.get("version", "")
    if root.tag != "xliff" or version not in ("1.2", "2.0", "2.1"):
        what = f"XLIFF {version}" if root.tag.endswith("xliff") else f"XML that begins with <{root.tag}>"
        hint = "export again, or save the file as XLIFF 1.2 or 2.1 in your translation tool"
        raise PolyleafError(Problem(f"{what} is not read", path, root.line, hint))
    return xliff1.returned(root, path) if version == "1.2" else xliff2.returned(root, path)

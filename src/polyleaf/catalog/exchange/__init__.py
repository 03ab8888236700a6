"""Exchange of translations with people and tools that do not work in PO files: XLIFF, XLSX, CSV and TMX."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from polyleaf.catalog.exchange.merge import Merged, locale_of, merge
from polyleaf.catalog.exchange.row import Returned, Row
from polyleaf.catalog.exchange.unit import CatalogPhrases, GlossaryHits, Origin, Parcel, Unit, parcel, units
from polyleaf.errors import PolyleafError, Problem

__all__ = [
    "FORMATS",
    "XLIFF_VERSIONS",
    "CatalogPhrases",
    "GlossaryHits",
    "Merged",
    "Origin",
    "Parcel",
    "Returned",
    "Row",
    "Unit",
    "locale_of",
    "merge",
    "packed",
    "parcel",
    "read_returned",
    "units",
]

FORMATS = ("xliff", "xlsx", "csv", "tmx")
XLIFF_VERSIONS = ("2.1", "1.2")
_LARGEST = 200 * 2**20  # bytes


def packed(parcels: Sequence[Parcel], form: str, xliff_version: str = XLIFF_VERSIONS[0]) -> bytes:
    """The bytes of a file with all parcels, in one of `FORMATS`."""
    if form == "xliff":
        from polyleaf.catalog.exchange import xliff

        return xliff.write(parcels, xliff_version)
    from polyleaf.catalog.exchange import csv_file, tmx, xlsx_file

    return {"xlsx": xlsx_file.write, "csv": csv_file.write, "tmx": tmx.write}[form](parcels)


def read_returned(path: Path) -> Returned:
    """Read a file from a translator, whatever its name ends with. Raises `PolyleafError` with all that is wrong."""
    from polyleaf.catalog.exchange import csv_file, xliff, xlsx_file

    if path.stat().st_size > _LARGEST:
        message = f"the file is larger than {_LARGEST >> 20} MB"
        raise PolyleafError(Problem(message, path, hint="import the leaflets in several files"))
    data = path.read_bytes()
    if data.startswith(b"PK"):
        return xlsx_file.read_returned(data, path)
    if data.startswith(b"\xd0\xcf\x11\xe0"):  # the container of old Excel files, and of those with a password
        hint = 'save it as "Excel workbook (.xlsx)" without a password'
        raise PolyleafError(Problem("an old or encrypted Excel file cannot be read", path, hint=hint))
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return xliff.read_returned(data, path)
    return csv_file.read_returned(data, path)

"""CSV as spreadsheets write and read it. No cell is taken for a formula, and every text comes back as it was."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from polyleaf.catalog.exchange import table
from polyleaf.catalog.exchange.row import Returned
from polyleaf.catalog.exchange.unit import Parcel
from polyleaf.errors import PolyleafError, Problem

_BOM = "\ufeff"
# What a spreadsheet may run as a formula, with any number of our own apostrophes before it (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_LONGEST = 2**20  # characters of a cell


def write(parcels: Sequence[Parcel]) -> bytes:
    """The parcels as CSV in UTF-8, with the mark by which Excel knows that."""
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.HEADER)
    writer.writerows([_guarded(cell) for cell in line] for line in table.lines(parcels))
    return (_BOM + text.getvalue()).encode()


def read_returned(data: bytes, path: Path) -> Returned:
    """What a CSV file says, in UTF-8 or Excel's UTF-16, with commas, semicolons or tabs. Raises `PolyleafError`."""
    text = _decoded(data, path)
    usual = csv.field_size_limit(_LONGEST)  # of the whole process
    try:
        first = text.partition("\n")[0]
        separator = max(",;\t", key=lambda char: table.known_columns(next(csv.reader([first], delimiter=char), [])))
        return table.returned(path, _lines(text, separator, path))
    finally:
        csv.field_size_limit(usual)


def _decoded(data: bytes, path: Path) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = 'save it as "CSV UTF-8" in your spreadsheet, or as XLSX'
        raise PolyleafError(Problem("the file is neither UTF-8 nor UTF-16", path, line, hint)) from None


def _lines(text: str, separator: str, path: Path) -> Iterator[table.Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for cells in reader:
            yield before + 1, [_plain(cell) for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        hint = "a quotation mark inside a text is doubled, and every text in quotes ends with one"
        raise PolyleafError(Problem(f"broken CSV: {error}", path, before + 1, hint)) from None


def _guarded(cell: str) -> str:
    """An apostrophe before what could be run, and before what begins as if it had one already."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
